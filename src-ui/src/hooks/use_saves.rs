//! The saves of a form, read again whenever somebody saves.

use std::rc::Rc;

use baton_protocol::history::SavedVersion;
use baton_protocol::id::{FormKey, Version};
use baton_protocol::message::{GetHistory, Problem};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::hooks::use_live;

/// The saves, newest first, or why they cannot be read.
pub(crate) type Saves = Result<Rc<Vec<SavedVersion>>, Problem>;

/// The saves of a form that is at this version; `None` until they are read, which is once they are to be shown.
#[hook]
pub(crate) fn use_saves(form: FormKey, version: Version, shown: bool) -> Option<Saves> {
    let saves = use_state(|| None::<Saves>);
    let live = use_live();
    {
        let saves = saves.setter();
        use_effect_with((form, version, shown, live), move |(form, version, shown, _)| {
            let form = *form;
            if !shown {
                return;
            }
            if *version == Version(0) {
                saves.set(Some(Ok(Rc::default())));
                return;
            }
            spawn_local(async move {
                let history = backend::query(GetHistory { form }).await;
                saves.set(Some(history.map(Rc::new)));
            });
        });
    }
    (*saves).clone()
}
