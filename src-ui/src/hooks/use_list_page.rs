//! What a list looks like to this person: saved on the server, so that it follows them.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::id::EntityId;
use baton_protocol::list::{SavedView, View};
use baton_protocol::message::{GetViews, SaveView};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::hooks::use_session;
use crate::state::list_page::{ListPage, ListPageAction, look_to_save};
use crate::state::selection::Selection;

/// How long after its last change the look of a list is saved, in milliseconds.
const SAVE_DELAY_MS: u32 = 1000;

#[derive(PartialEq)]
struct Store(ListPage);

impl Reducible for Store {
    type Action = ListPageAction;

    fn reduce(self: Rc<Self>, action: ListPageAction) -> Rc<Self> {
        let after = self.0.clone().after(action);
        if after == self.0 { self } else { Rc::new(Self(after)) }
    }
}

/// The page, and the ways to change it.
#[derive(Clone, PartialEq)]
pub(crate) struct ListPageHandle {
    store: UseReducerHandle<Store>,
    pub(crate) on_view: Callback<View>,
    pub(crate) on_selection: Callback<Selection>,
}

impl ListPageHandle {
    pub(crate) fn page(&self) -> &ListPage {
        &self.store.0
    }
}

/// A look that is to be saved, until it is.
type Unsaved = Rc<RefCell<Option<SavedView>>>;

fn save(unsaved: &Unsaved) {
    if let Some(view) = unsaved.borrow_mut().take() {
        spawn_local(async move {
            // The look of a list is no loss.
            backend::query(SaveView { view: view.into() }).await.ok();
        });
    }
}

/// The page of a collection's list. It begins as its person left it; whoever comes back finds it as it was `before`.
#[hook]
pub(crate) fn use_list_page(
    id: EntityId,
    entity: Option<&Arc<Entity>>,
    before: impl FnOnce() -> Option<ListPage>,
) -> ListPageHandle {
    let session = use_session();
    let me = session
        .state()
        .and_then(|state| Some(state.account.as_ref()?.person.id));
    let store = use_reducer(|| Store(before().unwrap_or_default()));
    let timer = use_mut_ref(|| None::<Timeout>);
    let unsaved: Unsaved = use_mut_ref(|| None);
    {
        let unsaved = Rc::clone(&unsaved);
        // Whoever leaves the list right after a change has it saved too.
        use_effect_with((), move |()| move || save(&unsaved));
    }
    {
        let (dispatcher, known) = (store.dispatcher(), entity.cloned());
        let asks = session.live() && !store.0.is_settled();
        use_effect_with((known.is_some(), asks), move |&(_, asks)| {
            let Some(entity) = known else { return };
            dispatcher.dispatch(ListPageAction::Defined(Arc::clone(&entity)));
            if asks {
                spawn_local(async move {
                    if let Ok(views) = backend::query(GetViews { entity: id }).await {
                        dispatcher.dispatch(ListPageAction::Found { entity, me, views });
                    }
                });
            }
        });
    }
    let on_view = {
        let dispatcher = store.dispatcher();
        Callback::from(move |view: View| {
            if let Some(me) = me {
                *unsaved.borrow_mut() = Some(look_to_save(me, id, &view));
                let unsaved = Rc::clone(&unsaved);
                *timer.borrow_mut() = Some(Timeout::new(SAVE_DELAY_MS, move || save(&unsaved)));
            }
            dispatcher.dispatch(ListPageAction::Changed(view));
        })
    };
    let on_selection = {
        let dispatcher = store.dispatcher();
        Callback::from(move |selection| dispatcher.dispatch(ListPageAction::Selected(selection)))
    };
    ListPageHandle {
        store,
        on_view,
        on_selection,
    }
}
