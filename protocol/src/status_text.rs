//! The one strip on top of a form, in words (semantics 3.7): who edits, what you see, what comes next.

use baton_locales::t;

use crate::deletion::{Deletion, DeletionKind};
use crate::desktop::{Checked, SettingOrigin};
use crate::form::EditorSummary;
use crate::form::{FormSnapshot, Role};

/// What the strip says: a heading, and a sentence that goes on from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Strip {
    /// "You are editing", "Anna is editing".
    pub headline: String,
    /// What that means for the reader.
    pub detail: String,
}

/// Says where the viewer of this form stands. `elapsed_ms` is how long ago the editors were last
/// told, so that a held place counts down.
#[must_use]
pub fn strip(view: &FormSnapshot, elapsed_ms: u64) -> Strip {
    if let Some(gone) = &view.gone {
        let detail = if view.me.is_none() {
            t::strip::as_it_was()
        } else if view.unsaved() {
            t::strip::unsaved_is_kept()
        } else {
            t::strip::restore_to_edit()
        };
        return Strip {
            headline: gone_text(gone),
            detail: detail.into(),
        };
    }
    let Some(owner) = view.owner() else {
        return Strip {
            headline: t::strip::nobody_is_editing().into(),
            detail: t::strip::as_it_was_left().into(),
        };
    };
    let name = &owner.person.name;
    match view.role() {
        Role::Owner => Strip {
            headline: t::strip::you_are_editing().into(),
            detail: audience(view),
        },
        Role::Spectator if view.mine_elsewhere() => Strip {
            headline: t::strip::you_are_editing_elsewhere().into(),
            detail: t::strip::your_typing_read_only().into(),
        },
        Role::Spectator | Role::Viewer => {
            let sight = match reserved_seconds(owner, elapsed_ms) {
                Some(seconds) => t::strip::place_is_kept_for(seconds),
                None => t::strip::you_see_their_typing().into(),
            };
            let next = match view.place() {
                None => t::strip::you_watch_only().into(),
                Some(1) => t::strip::you_are_next().into(),
                Some(place) => t::strip::you_are_number(place),
            };
            Strip {
                headline: t::strip::somebody_is_editing(name),
                detail: format!("{sight} {next}"),
            }
        }
    }
}

/// The same while the server cannot be reached. With `remembered`, the picture is this computer's own, and
/// its viewer may go on in it; otherwise it was live when the connection broke.
#[must_use]
pub fn strip_offline(view: &FormSnapshot, remembered: bool) -> Strip {
    let detail = match (view.role(), remembered) {
        (Role::Owner, true) => t::strip::kept_until_reached(),
        (Role::Owner, false) => t::strip::go_on_typing(),
        (Role::Spectator, _) => t::strip::as_when_it_broke(),
        (Role::Viewer, _) => t::strip::as_remembered(),
    };
    Strip {
        headline: match &view.gone {
            Some(gone) => gone_text(gone),
            None => t::strip::you_are_offline().into(),
        },
        detail: detail.into(),
    }
}

/// Says who set a setting of the desktop.
#[must_use]
pub fn setting_origin(origin: &SettingOrigin) -> String {
    match origin {
        SettingOrigin::Administrator(place) => t::strip::set_by_administrator(place),
        SettingOrigin::Start => t::strip::set_by_start().into(),
        SettingOrigin::Person => t::strip::set_by_you().into(),
        SettingOrigin::Default => t::strip::set_by_default().into(),
    }
}

/// Says how a step of the connection check ended.
#[must_use]
pub fn check_outcome(outcome: Checked) -> &'static str {
    match outcome {
        Checked::Passed => t::strip::check_works(),
        Checked::Failed => t::strip::check_fails(),
        Checked::Skipped => t::strip::check_skipped(),
    }
}

/// How many seconds a broken editor's place is kept; at least 1 while it is kept at all.
#[must_use]
pub fn reserved_seconds(editor: &EditorSummary, elapsed_ms: u64) -> Option<u64> {
    editor
        .reserved_ms
        .map(|reserved| reserved.saturating_sub(elapsed_ms).div_ceil(1000).max(1))
}

fn audience(view: &FormSnapshot) -> String {
    let others: Vec<&str> = view
        .editors
        .iter()
        .skip(1)
        .map(|editor| editor.person.name.as_str())
        .collect();
    let watching: Vec<&str> = view.viewers.iter().map(|person| person.name.as_str()).collect();
    let watching = match watching.as_slice() {
        [] => None,
        [one] => Some(t::strip::one_watches(*one)),
        [one, other] => Some(t::strip::two_watch(*one, *other)),
        [one, rest @ ..] => Some(t::strip::many_watch(*one, rest.len())),
    };
    let queue = match others.as_slice() {
        [] if watching.is_some() => return watching.unwrap_or_default(),
        [] => t::strip::nobody_else_is_here().into(),
        [next] => t::strip::next_sees_your_typing(*next),
        [next, rest @ ..] => t::strip::next_and_others_see(*next, rest.len()),
    };
    match watching {
        Some(watching) => format!("{queue} {watching}"),
        None => queue,
    }
}

/// That somebody deleted or archived it.
fn gone_text(gone: &Deletion) -> String {
    let name = &gone.stamp.by.name;
    match gone.how {
        DeletionKind::Archived => t::strip::somebody_archived_this(name),
        DeletionKind::Deleted => t::strip::somebody_deleted_this(name),
    }
}

/// Says whose unsaved changes the form has, if they are not the viewer's own: “Anna left unsaved changes”.
#[must_use]
pub fn left_unsaved(view: &FormSnapshot) -> Option<String> {
    let me = view
        .me
        .and_then(|me| view.editors.iter().find(|editor| editor.ticket == me));
    let owner = view.owner().map(|owner| owner.person.id);
    let others = view.draft.authors().into_iter().filter(|author| {
        let is_me = me.is_some_and(|me| me.person.id == author.id);
        // Whoever is typing is named by the strip already.
        !is_me && owner != Some(author.id)
    });
    let names: Vec<&str> = others.map(|author| author.name.as_str()).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(t::strip::one_left_unsaved(*one)),
        [one, other] => Some(t::strip::two_left_unsaved(*one, *other)),
        [one, rest @ ..] => Some(t::strip::many_left_unsaved(*one, rest.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::entity::Entity;
    use crate::id::{EntityId, Fence, FormKey, RecordId, Ticket, UserId, Version};
    use crate::person::Person;

    use std::sync::Arc;
    use uuid::Uuid;

    fn view(names: &[&str], me: Option<u64>) -> FormSnapshot {
        let entity = Entity::new(EntityId(Uuid::nil()), "product", "Product", "Products", Vec::new());
        FormSnapshot {
            version: Version(1),
            fence: Fence(1),
            editors: (1..)
                .zip(names)
                .map(|(ticket, name)| EditorSummary {
                    ticket: Ticket(ticket),
                    person: Person {
                        id: UserId(Uuid::from_u128(
                            name.len() as u128 * 256 + u128::from(name.as_bytes()[0]),
                        )),
                        name: (*name).into(),
                    },
                    field: None,
                    reserved_ms: None,
                })
                .collect(),
            me: me.map(Ticket),
            ..FormSnapshot::blank(FormKey::record(RecordId(Uuid::nil())), Arc::new(entity))
        }
    }

    fn says(view: &FormSnapshot, elapsed: u64) -> String {
        let Strip { headline, detail } = strip(view, elapsed);
        format!("{headline}. {detail}")
    }

    #[test]
    fn the_strip_says_where_one_stands() {
        for (names, me, expected) in [
            (&["Anna"][..], Some(1), "You are editing. Nobody else is here."),
            (
                &["Anna", "Ben"],
                Some(1),
                "You are editing. Ben sees your typing and is next in line.",
            ),
            (
                &["Anna", "Ben"],
                Some(2),
                "Anna is editing. You see their typing. You are next in line.",
            ),
            (
                &["Anna", "Ben", "Cem"],
                Some(3),
                "Anna is editing. You see their typing. You are number 2 in line.",
            ),
            (
                &["Anna", "Ben", "Cem"],
                Some(1),
                "You are editing. Ben is next in line; 1 other person sees your typing too.",
            ),
            (
                &["Anna", "Ben", "Cem", "Dan"],
                Some(1),
                "You are editing. Ben is next in line; 2 other people see your typing too.",
            ),
            (
                &["Anna"],
                None,
                "Anna is editing. You see their typing. You watch only.",
            ),
            (
                &["Anna", "Ben", "Anna"],
                Some(3),
                "You are editing in another window. You see your typing here, read-only.",
            ),
            (&[], None, "Nobody is editing. You see the form as it was left."),
        ] {
            assert_eq!(says(&view(names, me), 0), expected);
        }
    }

    #[test]
    fn a_broken_owner_counts_down() {
        let mut form = view(&["Anna", "Ben"], Some(2));
        form.editors[0].reserved_ms = Some(5000);
        assert!(says(&form, 0).contains("kept for 5 s."));
        assert!(says(&form, 1200).contains("kept for 4 s."));
        assert!(says(&form, 9000).contains("kept for 1 s."));
    }
}
