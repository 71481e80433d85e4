//! All groups, and changing them, for admins.

use std::rc::Rc;

use baton_protocol::id::OpId;
use baton_protocol::message::{ChangeGroups, GetGroups, Problem};
use baton_protocol::rights::{GroupChange, Groups};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::use_toaster;
use crate::hooks::{use_polled, use_session};

/// How often the server is asked while they are shown, in milliseconds: other admins change groups too.
const AGAIN_MS: u32 = 5000;

/// The groups, and the way to change them.
#[derive(Clone, PartialEq)]
pub(crate) struct GroupsHandle {
    /// The groups as the server told them last; `None` until it did.
    pub(crate) groups: Option<Result<Rc<Groups>, Problem>>,
    /// Changes something of them; what is refused is told in a corner.
    pub(crate) change: Callback<GroupChange>,
}

/// All groups.
#[hook]
pub(crate) fn use_groups() -> GroupsHandle {
    let groups = use_state_eq(|| None::<Result<Rc<Groups>, Problem>>);
    let live = use_session().live();
    let toaster = use_toaster();
    let answer = use_polled(GetGroups {}, live, AGAIN_MS);
    {
        let groups = groups.setter();
        use_effect_with((*answer).clone(), move |answer| {
            if let Some(answer) = answer {
                groups.set(Some(answer.clone()));
            }
        });
    }
    let change = {
        let groups = groups.setter();
        Callback::from(move |change: GroupChange| {
            let (groups, toaster) = (groups.clone(), toaster.clone());
            let op = OpId(Uuid::new_v4());
            spawn_local(async move {
                match (backend::query(ChangeGroups { op, change }).await, toaster) {
                    (Ok(now), _) => groups.set(Some(Ok(Rc::new(now)))),
                    (Err(problem), Some(toaster)) => toaster.failed("groups", problem.message.to_string()),
                    (Err(_), None) => {}
                }
            });
        })
    };
    GroupsHandle {
        groups: (*groups).clone(),
        change,
    }
}
