//! What a list looks like to this person: kept on the server, so that it follows them.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::id::{EntityId, UserId, ViewId};
use baton_protocol::list::{SavedView, View};
use baton_protocol::list_query::{ListQuery, first_sort};
use baton_protocol::message::{GetViews, SaveView};
use gloo_timers::callback::Timeout;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::hooks::use_session;

/// How long after the last change the look of a list is kept, in milliseconds.
const KEEP_AFTER: u32 = 1000;

type Pending = Rc<RefCell<Option<SavedView>>>;

fn save(pending: &Pending) {
    if let Some(view) = pending.borrow_mut().take() {
        spawn_local(async move {
            // The look of a list is no loss.
            backend::query(SaveView { view: view.into() }).await.ok();
        });
    }
}

/// The id of the unnamed list that holds how a person left this one: one a person and entity.
fn id_of_look(person: UserId, entity: EntityId) -> ViewId {
    ViewId(Uuid::new_v5(&person.0, entity.0.as_bytes()))
}

/// What the list looks like, and the way to change it. It begins as its person left it: with their columns,
/// order and layout, and without a filter that could hide something; whoever comes back finds it as it was `before`.
#[hook]
pub(crate) fn use_view(
    id: EntityId,
    entity: Option<&Arc<Entity>>,
    before: Option<&Rc<View>>,
) -> (Rc<View>, Callback<View>) {
    let session = use_session();
    let me = session
        .state()
        .and_then(|state| Some(state.account.as_ref()?.person.id));
    let live = session.live();
    let view = use_state_eq(|| before.cloned().unwrap_or_default());
    // Whether the look is known, or was changed here: what comes then is too late.
    let settled = use_mut_ref(|| before.map(|_| id));
    let timer = use_mut_ref(|| None::<Timeout>);
    // What is to be kept, until it is.
    let pending: Pending = use_mut_ref(|| None);
    {
        let pending = Rc::clone(&pending);
        // Whoever leaves the list right after a change has it kept too.
        use_effect_with((), move |()| move || save(&pending));
    }
    {
        let set = view.setter();
        let known = entity.cloned();
        let is_settled = settled.borrow().is_some();
        use_effect_with((id, known.is_some()), move |_| {
            if let Some(known) = known.filter(|_| !is_settled) {
                let first = View {
                    query: ListQuery {
                        sort: first_sort(&known),
                        ..ListQuery::default()
                    },
                    ..View::default()
                };
                set.set(Rc::new(first));
            }
        });
    }
    use_look(id, entity, me, live, &view, &settled);
    let change = {
        let set = view.setter();
        Callback::from(move |view: View| {
            let look = View {
                query: ListQuery {
                    sort: view.query.sort.clone(),
                    ..ListQuery::default()
                },
                ..view.clone()
            };
            set.set(Rc::new(view));
            *settled.borrow_mut() = Some(id);
            if let Some(me) = me {
                let saved = SavedView::storable(id_of_look(me, id), id, String::new(), false, look);
                *pending.borrow_mut() = Some(saved);
                let pending = Rc::clone(&pending);
                *timer.borrow_mut() = Some(Timeout::new(KEEP_AFTER, move || save(&pending)));
            }
        })
    };
    (Rc::clone(&view), change)
}

/// Shows the list as its person left it, once the server said how.
#[hook]
fn use_look(
    id: EntityId,
    entity: Option<&Arc<Entity>>,
    me: Option<UserId>,
    live: bool,
    view: &UseStateHandle<Rc<View>>,
    settled: &Rc<RefCell<Option<EntityId>>>,
) {
    let (set, settled) = (view.setter(), Rc::clone(settled));
    let known = entity.cloned();
    use_effect_with((id, known.is_some(), live), move |(id, _, live)| {
        let entity = *id;
        let Some(known) = known.filter(|_| *live && *settled.borrow() != Some(entity)) else {
            return;
        };
        spawn_local(async move {
            let Ok(views) = backend::query(GetViews { entity }).await else {
                return;
            };
            if *settled.borrow() == Some(entity) {
                return;
            }
            *settled.borrow_mut() = Some(entity);
            let own = me.map(|me| id_of_look(me, entity));
            let mut looks = views.into_iter().filter(|view| view.name.is_empty());
            let first = looks.next();
            let left = looks.find(|view| Some(view.id) == own).or(first);
            if let Some(left) = left.filter(|left| left.view.query.check(&known).is_ok()) {
                set.set(Rc::new(left.view));
            }
        });
    });
}
