//! What is said about a record, read again whenever somebody says something.

use std::rc::Rc;

use baton_protocol::comment::{Comment, CommentChange};
use baton_protocol::id::{CommentId, EntityId, RecordId};
use baton_protocol::message::{ChangeComment, GetComments, Problem};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::hooks::use_live;
use crate::state::comments::open_of_field;

/// The comments of a record, and the way to say something.
#[derive(Clone, PartialEq)]
pub(crate) struct CommentsHandle {
    /// On which record.
    pub(crate) record: RecordId,
    /// Of which entity.
    pub(crate) entity: EntityId,
    /// Oldest first, as they were read last.
    pub(crate) all: Rc<Vec<Comment>>,
    /// Why they cannot be read.
    pub(crate) problem: Option<Problem>,
    /// The id of the field that the next thread is about, and which press on it that was; `None`: the record.
    pub(crate) about: UseStateHandle<Option<(u64, String)>>,
}

impl CommentsHandle {
    /// How many open threads are about the field with this id.
    pub(crate) fn open_of(&self, field: &str) -> usize {
        open_of_field(&self.all, field)
    }

    /// Begins to say something about the field with an id.
    pub(crate) fn begin(&self) -> Callback<String> {
        let about = self.about.clone();
        Callback::from(move |field: String| {
            let number = about.as_ref().map_or(1, |(number, _)| number + 1);
            about.set(Some((number, field)));
        })
    }

    /// Does something with a comment, and says why not if it was refused.
    pub(crate) fn change(&self, comment: CommentId, change: CommentChange, done: Callback<Result<(), Problem>>) {
        let query = ChangeComment {
            record: self.record,
            comment,
            change,
        };
        spawn_local(async move { done.emit(backend::query(query).await) });
    }
}

/// The comments of a record; `changes` grows whenever they are other ones. None of a record that was never saved.
#[hook]
pub(crate) fn use_comments(record: RecordId, entity: EntityId, changes: u64, is_saved: bool) -> CommentsHandle {
    let all = use_state_eq(|| (record, Rc::<Vec<Comment>>::default()));
    let problem = use_state_eq(|| None);
    let about = use_state_eq(|| None);
    let live = use_live();
    {
        let (all, problem) = (all.setter(), problem.setter());
        use_effect_with((record, changes, is_saved, live), move |(record, _, is_saved, _)| {
            let record = *record;
            if *is_saved {
                spawn_local(async move {
                    match backend::query(GetComments { record }).await {
                        Ok(comments) => {
                            all.set((record, Rc::new(comments)));
                            problem.set(None);
                        }
                        // What was read stays.
                        Err(why) => problem.set(Some(why)),
                    }
                });
            }
        });
    }
    let (of, read) = (*all).clone();
    CommentsHandle {
        record,
        entity,
        // Those of another record are not this one's.
        all: if of == record { read } else { Rc::default() },
        problem: (*problem).clone(),
        about,
    }
}
