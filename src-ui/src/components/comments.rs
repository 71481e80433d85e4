//! What people say about a record and its fields, in threads.

mod composer;
mod names;
mod remark;
mod thread;

use baton_locales::t;
use baton_protocol::comment::CommentChange;
use baton_protocol::desktop::DiscardComment;
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::EntityId;
use baton_protocol::message::{GetColleagues, Problem};
use baton_protocol::person::Person;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::hooks::{CommentsHandle, use_session};
use crate::state::comments::{Thread, threads};

use composer::{Composer, Sending};
use thread::ThreadView;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct CommentsProps {
    pub(crate) comments: CommentsHandle,
    pub(crate) view: Rc<FormSnapshot>,
}

/// The threads, and a field for a new one.
#[component]
pub(crate) fn Comments(props: &CommentsProps) -> Html {
    let CommentsProps { comments, view } = props;
    let session = use_session();
    let live = session.live();
    // What is written without the server waits on this computer.
    let writes = live || session.offline();
    let colleagues = use_colleagues(comments.entity, live);
    let show_resolved = use_state_eq(|| false);
    let threads: Vec<Thread> = threads(&comments.all);
    let open = threads.iter().filter(|thread| thread.is_open()).count();
    let shown = if *show_resolved { threads.len() } else { open };
    let toggle = {
        let show_resolved = show_resolved.clone();
        Callback::from(move |_: MouseEvent| show_resolved.set(!*show_resolved))
    };
    let say = {
        let comments = comments.clone();
        Callback::from(move |Sending { comment, text, done }: Sending| {
            let field = comments.about.as_ref().map(|(_, field)| field.clone());
            let about = comments.about.setter();
            let done = Callback::from(move |outcome: Result<(), Problem>| {
                if outcome.is_ok() {
                    about.set(None);
                }
                done.emit(outcome);
            });
            let add = CommentChange::Add {
                thread: None,
                field,
                text,
            };
            comments.change(comment, add, done);
        })
    };
    let about = (*comments.about).clone();
    let forget = about.as_ref().map(|_| {
        let about = comments.about.setter();
        Callback::from(move |()| about.set(None))
    });
    html! {
        <section class="baton-comments" id="comments">
            <h2>
                { t::comments::comments() }
                if open > 0 {
                    <span class="baton-quiet">{ " " }{ t::comments::open(open) }</span>
                }
            </h2>
            if let Some(problem) = &comments.problem {
                <p class="baton-quiet">{ problem.message.to_string() }</p>
            }
            <div class="baton-threads">
                { for threads.iter().take(shown).map(|thread| html! {
                    <ThreadView key={thread.first.id.to_string()} thread={thread.clone()} comments={comments.clone()} view={view.clone()}
                        colleagues={colleagues.clone()} {live} {writes} />
                }) }
            </div>
            <Waiting view={view.clone()} {live} />
            if threads.len() > open {
                <button type="button" class="baton-inline-link" id="show-resolved" aria-expanded={show_resolved.to_string()} onclick={toggle}>
                    { if *show_resolved { t::comments::hide_resolved().to_owned() } else { t::comments::show_resolved(threads.len() - open) } }
                </button>
            }
            if let Some((_, field)) = &about {
                <p class="baton-about">{ subject(view, field).map(|(label, _)| t::comments::about(&label)) }</p>
            }
            <Composer key={comments.record.to_string()} id="new-comment" subject={comments.record.to_string()} {colleagues} live={writes}
                focus={about.map(|(number, _)| number)} on_send={say} on_cancel={forget}
                hint={t::comments::write_a_comment()} label={t::comments::comment()} />
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WaitingProps {
    view: Rc<FormSnapshot>,
    live: bool,
}

/// What was written here and is not on the server.
#[component]
fn Waiting(props: &WaitingProps) -> Html {
    let session = use_session();
    let form = props.view.form;
    let waiting = session
        .state()
        .and_then(|state| state.outbox.iter().find(|waiting| waiting.form == form));
    let comments = waiting.map(|waiting| waiting.comments.clone()).unwrap_or_default();
    if comments.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="baton-waiting-comments" aria-label={t::comments::not_sent_yet()}>
            { for comments.iter().map(|waiting| {
                let comment = waiting.query.comment;
                let discard = Callback::from(move |_: MouseEvent| backend::send_quietly(DiscardComment { form, comment }));
                let why = match &waiting.refused {
                    Some(why) => t::comments::not_taken(why),
                    None if props.live => t::comments::being_sent().to_owned(),
                    None => t::comments::sent_when_the_server_is_back().to_owned(),
                };
                html! {
                    <li key={comment.to_string()} data-waiting-comment={comment.to_string()}>
                        <p dir="auto">{ waiting.text().to_owned() }</p>
                        <p class={if waiting.refused.is_some() { "baton-error" } else { "baton-quiet" }}>
                            { why }
                            <button type="button" class="baton-inline-link" data-act="discard" onclick={discard}>{ t::comments::discard() }</button>
                        </p>
                    </li>
                }
            }) }
        </ul>
    }
}

/// What a thread is about, in words, and the name of its field; nothing if there is no such field any more.
fn subject(view: &FormSnapshot, id: &str) -> Option<(String, String)> {
    let field = view.fields().into_iter().find(|field| field.id == id)?;
    Some((field.label, field.name))
}

/// Who can be mentioned.
#[hook]
fn use_colleagues(entity: EntityId, live: bool) -> Rc<Vec<Person>> {
    let colleagues = use_state_eq(Rc::<Vec<Person>>::default);
    {
        let colleagues = colleagues.setter();
        use_effect_with((entity, live), move |(entity, live)| {
            let entity = *entity;
            if *live {
                spawn_local(async move {
                    // Without them a comment mentions nobody.
                    if let Ok(people) = backend::query(GetColleagues { entity }).await {
                        colleagues.set(Rc::new(people));
                    }
                });
            }
        });
    }
    (*colleagues).clone()
}
