//! Who has the form open, in order.

use baton_locales::t;
use baton_protocol::form::EditorSummary;
use baton_protocol::id::Ticket;
use yew::prelude::*;

use crate::format;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RosterProps {
    /// In order; the first is the owner.
    pub(crate) editors: Vec<EditorSummary>,
    /// The viewer's own ticket.
    pub(crate) me: Option<Ticket>,
}

/// So many are shown; the others stand beside the form.
const SHOWN: usize = 4;

/// Who is in a field, in their colour.
pub(crate) fn here_badge(editor: &EditorSummary) -> Html {
    html! { <span class={classes!("baton-here-name", format::hue(editor.ticket))}>{ &editor.person.name }</span> }
}

/// The editors as a row of badges.
#[component]
pub(crate) fn Roster(props: &RosterProps) -> Html {
    html! {
        <ol class="baton-roster" aria-label={t::form::who_has_it_open()}>
            { for props.editors.iter().enumerate().take(SHOWN).map(|(place, editor)| {
                let name = &editor.person.name;
                let you = if props.me == Some(editor.ticket) { format!(" {}", t::common::you_in_brackets()) } else { String::new() };
                let what = if place == 0 { t::form::roster_editing().into() } else { t::form::roster_number_in_line(place) };
                let gone = if editor.reserved_ms.is_some() { t::form::roster_connection_broken() } else { "" };
                let class = classes!(
                    "baton-avatar",
                    format::hue(editor.ticket),
                    (place == 0).then_some("baton-first"),
                    editor.reserved_ms.is_some().then_some("baton-gone"),
                );
                html! {
                    <li key={editor.ticket.0} {class} title={format!("{name}{you}: {what}{gone}")} data-editor={name.clone()}>
                        { format::initials(name) }
                    </li>
                }
            }) }
            if let Some(more) = props.editors.len().checked_sub(SHOWN).filter(|more| *more > 0) {
                <li class="baton-quiet">{ format!("+{more}") }</li>
            }
        </ol>
    }
}
