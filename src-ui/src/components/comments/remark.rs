//! One comment as it is read.

use baton_locales::t;
use baton_protocol::comment::{Comment, Piece, pieces};
use baton_protocol::id::EntityId;
use baton_protocol::rights::Right;
use yew::prelude::*;

use crate::format;
use crate::hooks::use_session;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RemarkProps {
    pub(crate) comment: Comment,
    /// The record's entity.
    pub(crate) entity: EntityId,
    /// Whether the server is reached.
    pub(crate) live: bool,
    pub(crate) on_edit: Callback<()>,
    pub(crate) on_delete: Callback<()>,
}

/// The comment, with what its reader may do with it.
#[component]
pub(crate) fn Remark(props: &RemarkProps) -> Html {
    let comment = &props.comment;
    let session = use_session();
    let me = session
        .state()
        .and_then(|state| Some(state.account.as_ref()?.person.id));
    let own = Some(comment.written.by.id) == me;
    let manages = session.may(Right::Manage(props.entity));
    html! {
        <article class="baton-comment" data-comment={comment.id.to_string()}>
            <span class="baton-avatar" aria-hidden="true">{ format::initials(&comment.written.by.name) }</span>
            <div>
                <p class="baton-comment-head">
                    <strong>{ &comment.written.by.name }</strong>
                    <span class="baton-quiet">
                        { format::moment(comment.written.at) }
                        if comment.edited_at.is_some() {
                            { t::comments::was_changed() }
                        }
                    </span>
                </p>
                <p class="baton-comment-text" dir="auto">{ words(comment) }</p>
                if props.live && (own || manages) {
                    <p class="baton-comment-actions">
                        if own {
                            <button type="button" class="baton-inline-link" onclick={props.on_edit.reform(|_: MouseEvent| ())}>{ t::common::edit() }</button>
                        }
                        <button type="button" class="baton-inline-link" onclick={props.on_delete.reform(|_: MouseEvent| ())}>{ t::common::delete() }</button>
                    </p>
                }
            </div>
        </article>
    }
}

/// The text, with those who are mentioned marked.
fn words(comment: &Comment) -> Html {
    pieces(&comment.text, &comment.mentions)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => html! { { text } },
            Piece::Mention(name) => html! { <span class="baton-mention">{ name }</span> },
        })
        .collect()
}
