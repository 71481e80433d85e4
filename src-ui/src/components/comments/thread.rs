//! A comment, its answers, and what can be done with them.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::comment::{Comment, CommentChange, CommentText};
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::CommentId;
use baton_protocol::message::Problem;
use baton_protocol::person::Person;
use yew::prelude::*;

use super::remark::Remark;
use super::{Composer, Sending, subject};
use crate::components::use_toaster;
use crate::format;
use crate::hooks::{CommentsHandle, on_show_field};
use crate::state::comments::Thread;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ThreadViewProps {
    pub(crate) thread: Thread,
    pub(crate) comments: CommentsHandle,
    pub(crate) view: Rc<FormSnapshot>,
    pub(crate) colleagues: Rc<Vec<Person>>,
    pub(crate) live: bool,
    /// Whether an answer can be written: with the server, or to wait for it.
    pub(crate) writes: bool,
}

/// What is being written at the thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    Nothing,
    Answer,
    Edit(CommentId),
}

/// The thread.
#[component]
pub(crate) fn ThreadView(props: &ThreadViewProps) -> Html {
    let ThreadViewProps {
        thread,
        comments,
        view,
        colleagues,
        live,
        writes: _,
    } = props;
    let live = *live;
    let writing = use_state_eq(|| Writing::Nothing);
    let act = use_act(comments);
    let writes = |what: Writing| {
        let writing = writing.setter();
        Callback::from(move |()| writing.set(what))
    };
    let one = |comment: &Comment| {
        let id = comment.id;
        if *writing == Writing::Edit(id) {
            let edit = sends(comments, &writing, move |_, text| (id, CommentChange::Edit(text)));
            return html! {
                <Composer key={id.to_string()} id={format!("edit-{id}")} subject={format!("edit-{id}")}
                    colleagues={colleagues.clone()} {live} focus={Some(1)} text={comment.text.clone()}
                    on_send={edit} on_cancel={writes(Writing::Nothing)} hint={t::comments::change_the_comment()} label={t::common::save()} />
            };
        }
        let on_delete = act.reform(move |()| (id, CommentChange::Delete));
        html! {
            <Remark key={id.to_string()} comment={comment.clone()} entity={comments.entity} {live}
                on_edit={writes(Writing::Edit(id))} {on_delete} />
        }
    };
    let first = thread.first.id;
    let resolve = thread.is_open();
    let on_resolve = act.reform(move |_: MouseEvent| (first, CommentChange::Resolve(resolve)));
    let answer = sends(comments, &writing, move |new, text| {
        let (thread, field) = (Some(first), None);
        (new, CommentChange::Add { thread, field, text })
    });
    html! {
        <div class={classes!("baton-thread", (!thread.is_open()).then_some("baton-resolved"))} data-thread={first.to_string()}>
            if let Some((label, name)) = thread.first.field.as_ref().and_then(|id| subject(view, id)) {
                <button type="button" class="baton-inline-link baton-about" onclick={on_show_field(&name)}>{ label }</button>
            }
            <div class="baton-remarks">{ for std::iter::once(&thread.first).chain(&thread.answers).map(one) }</div>
            if let Some(resolved) = &thread.first.resolved {
                <p class="baton-quiet">{ t::comments::resolved_by(&resolved.by.name, format::moment(resolved.at)) }</p>
            }
            if *writing == Writing::Answer {
                <Composer id={format!("answer-{first}")} subject={format!("answer-{first}")}
                    colleagues={colleagues.clone()} live={props.writes} focus={Some(1)} on_send={answer}
                    on_cancel={writes(Writing::Nothing)} hint={t::comments::answer()} label={t::comments::answer()} />
            } else if props.writes {
                <p class="baton-thread-actions">
                    <button type="button" class="baton-inline-link" data-act="answer"
                        onclick={writes(Writing::Answer).reform(|_: MouseEvent| ())}>{ t::comments::answer() }</button>
                    if live {
                        <button type="button" class="baton-inline-link" data-act="resolve" onclick={on_resolve}>
                            { if thread.is_open() { t::comments::resolve() } else { t::comments::open_again() } }
                        </button>
                    }
                </p>
            }
        </div>
    }
}

/// Does something with a comment; a refusal is told in a corner.
#[hook]
fn use_act(comments: &CommentsHandle) -> Callback<(CommentId, CommentChange)> {
    let (comments, toaster) = (comments.clone(), use_toaster());
    Callback::from(move |(comment, change)| {
        let toaster = toaster.clone();
        let done = Callback::from(move |outcome: Result<(), Problem>| {
            if let (Err(problem), Some(toaster)) = (outcome, &toaster) {
                toaster.failed("comment", problem.message.to_string());
            }
        });
        comments.change(comment, change, done);
    })
}

/// Sends a text as what `change` makes of it and of a new comment's id; nothing is being written any more once it is
/// taken.
fn sends(
    comments: &CommentsHandle,
    writing: &UseStateHandle<Writing>,
    change: impl Fn(CommentId, CommentText) -> (CommentId, CommentChange) + 'static,
) -> Callback<Sending> {
    let (comments, writing) = (comments.clone(), writing.setter());
    Callback::from(move |Sending { comment, text, done }: Sending| {
        let writing = writing.clone();
        let done = Callback::from(move |outcome: Result<(), Problem>| {
            let is_taken = outcome.is_ok();
            done.emit(outcome);
            if is_taken {
                writing.set(Writing::Nothing);
            }
        });
        let (comment, change) = change(comment, text);
        comments.change(comment, change, done);
    })
}
