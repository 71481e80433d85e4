//! The one strip on top of a form, in words (semantics 3.7): who edits, what you see, what comes next.

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
        let kept = if view.me.is_none() {
            "You see it as it was."
        } else if view.unsaved() {
            "Its unsaved text is kept: restore it to go on, or copy what you need."
        } else {
            "Restore it to edit it again."
        };
        return Strip {
            headline: format!("{} {} this", gone.stamp.by.name, gone.how.done()),
            detail: kept.into(),
        };
    }
    let Some(owner) = view.owner() else {
        return Strip {
            headline: "Nobody is editing".into(),
            detail: "You see the form as it was left.".into(),
        };
    };
    let name = &owner.person.name;
    match view.role() {
        Role::Owner => Strip {
            headline: "You are editing".into(),
            detail: audience(view),
        },
        Role::Spectator if view.mine_elsewhere() => Strip {
            headline: "You are editing in another window".into(),
            detail: "You see your typing here, read-only.".into(),
        },
        Role::Spectator | Role::Viewer => {
            let sight = match reserved_seconds(owner, elapsed_ms) {
                Some(seconds) => format!("Their connection broke; their place is kept for {seconds} s."),
                None => "You see their typing.".into(),
            };
            let next = match view.place() {
                None => "You watch only.".into(),
                Some(1) => "You are next in line.".into(),
                Some(place) => format!("You are number {place} in line."),
            };
            Strip {
                headline: format!("{name} is editing"),
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
        (Role::Owner, true) => "What you type is kept on this computer and goes to the server when it is reached.",
        (Role::Owner, false) => {
            "Go on typing: it is kept on this computer. Others see it when the server is reached again."
        }
        (Role::Spectator, _) => "You see the form as it was when the connection broke.",
        (Role::Viewer, _) => "You see the form as this computer remembers it.",
    };
    Strip {
        headline: match &view.gone {
            Some(gone) => format!("{} {} this", gone.stamp.by.name, gone.how.done()),
            None => "You are offline".into(),
        },
        detail: detail.into(),
    }
}

/// Says who set a setting of the desktop.
#[must_use]
pub fn setting_origin(origin: &SettingOrigin) -> String {
    match origin {
        SettingOrigin::Administrator(place) => format!("Your administrator, in {place}"),
        SettingOrigin::Start => "How Baton was started".into(),
        SettingOrigin::Person => "You".into(),
        SettingOrigin::Default => "Default".into(),
    }
}

/// Says how a step of the connection check ended.
#[must_use]
pub fn check_outcome(outcome: Checked) -> &'static str {
    match outcome {
        Checked::Passed => "Works",
        Checked::Failed => "Fails",
        Checked::Skipped => "Not tried",
    }
}

/// How many seconds a broken editor's place is kept; at least 1 while it is kept at all.
#[must_use]
pub fn reserved_seconds(editor: &EditorSummary, elapsed_ms: u64) -> Option<u64> {
    editor
        .reserved_ms
        .map(|held| held.saturating_sub(elapsed_ms).div_ceil(1000).max(1))
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
        [one] => Some(format!("{one} is watching.")),
        [one, other] => Some(format!("{one} and {other} are watching.")),
        [one, rest @ ..] => Some(format!("{one} and {} others are watching.", rest.len())),
    };
    let queue = match others.as_slice() {
        [] if watching.is_some() => return watching.unwrap_or_default(),
        [] => "Nobody else is here.".into(),
        [one] => format!("{one} sees your typing and is next in line."),
        [next, rest @ ..] => {
            let watchers = match rest.len() {
                1 => "1 other person sees".into(),
                more => format!("{more} other people see"),
            };
            format!("{next} is next in line; {watchers} your typing too.")
        }
    };
    match watching {
        Some(watching) => format!("{queue} {watching}"),
        None => queue,
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
        [one] => Some(format!("{one} left unsaved changes here.")),
        [one, other] => Some(format!("{one} and {other} left unsaved changes here.")),
        [one, rest @ ..] => Some(format!("{one} and {} others left unsaved changes here.", rest.len())),
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
