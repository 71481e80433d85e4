//! What a list looks like to this person: kept on the server, so that it follows them.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::id::{EntityId, ViewId};
use baton_protocol::list::{SavedView, View};
use baton_protocol::message::{Answer, ToServer};
use baton_protocol::query::{Query, first_sort};
use gloo_timers::callback::Timeout;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;

/// How long after the last change the look of a list is kept, in milliseconds.
const KEEP_AFTER: u32 = 1000;

type Pending = Rc<RefCell<Option<SavedView>>>;

fn keep(pending: &Pending) {
    if let Some(view) = pending.borrow_mut().take() {
        spawn_local(async move {
            // The look of a list is no loss.
            backend::ask(ToServer::KeepView { view }).await.ok();
        });
    }
}

/// What the list looks like, and the way to change it. It begins as its person left it: with their columns,
/// order and layout, and without a filter that could hide something.
#[hook]
pub(crate) fn use_view(id: EntityId, entity: Option<&Arc<Entity>>) -> (Rc<View>, Callback<View>) {
    let view = use_state_eq(|| Rc::new(View::default()));
    // The unnamed list that holds the look, once it is known.
    let kept = use_mut_ref(|| None::<ViewId>);
    let timer = use_mut_ref(|| None::<Timeout>);
    // What is to be kept, until it is.
    let pending: Pending = use_mut_ref(|| None);
    {
        let pending = Rc::clone(&pending);
        // Whoever leaves the list right after a change has it kept too.
        use_effect_with((), move |()| move || keep(&pending));
    }
    {
        let (set, kept) = (view.setter(), Rc::clone(&kept));
        let known = entity.cloned();
        use_effect_with((id, known.is_some()), move |(id, _)| {
            let entity = *id;
            if let Some(known) = known {
                let first = View {
                    query: Query {
                        sort: first_sort(&known),
                        ..Query::default()
                    },
                    ..View::default()
                };
                set.set(Rc::new(first));
                spawn_local(async move {
                    let Ok(Answer::Views(views)) = backend::ask(ToServer::Views { entity }).await else {
                        return;
                    };
                    if let Some(left) = views.into_iter().find(|view| view.name.is_empty()) {
                        *kept.borrow_mut() = Some(left.id);
                        if left.view.query.check(&known).is_ok() {
                            set.set(Rc::new(left.view));
                        }
                    }
                });
            }
        });
    }
    let change = {
        let set = view.setter();
        Callback::from(move |view: View| {
            let look = View {
                query: Query {
                    sort: view.query.sort.clone(),
                    ..Query::default()
                },
                ..view.clone()
            };
            set.set(Rc::new(view));
            let id_of_view = *kept.borrow_mut().get_or_insert_with(|| ViewId(Uuid::now_v7()));
            let saved = SavedView::to_keep(id_of_view, id, String::new(), false, look);
            *pending.borrow_mut() = Some(saved);
            let pending = Rc::clone(&pending);
            *timer.borrow_mut() = Some(Timeout::new(KEEP_AFTER, move || keep(&pending)));
        })
    };
    (Rc::clone(&view), change)
}
