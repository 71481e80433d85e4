//! The three-way merge of what was typed without the server (semantics 5.4): what its author began with,
//! what they typed, and what the form says now.

use baton_protocol::desktop::PendingEdit;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::FormKey;

use super::open_form::Step;
use super::{Core, Effect, Now};

/// What becomes of one text.
#[derive(PartialEq, Eq, Debug)]
enum Resolution {
    /// The form says it already.
    AlreadyApplied,
    /// Nobody else changed the field: it goes into the form.
    Apply(Change),
    /// Both changed it, or it fits no more: its author decides.
    Conflict,
}

fn resolve(view: &FormSnapshot, text: &PendingEdit) -> Resolution {
    let Some(field) = view.field(&text.field) else {
        return Resolution::Conflict;
    };
    let theirs = view.value(&text.field);
    if *theirs == text.value {
        return Resolution::AlreadyApplied;
    }
    let untouched = *theirs == text.base || text.sent.as_ref() == Some(theirs);
    let fits = field.check_shape(&text.value).is_ok();
    match Edit::between(&field, theirs, &text.value) {
        Some(edit) if text.auto_merge && untouched && fits => Resolution::Apply(Change {
            field: text.field.clone(),
            edit,
        }),
        Some(_) | None => Resolution::Conflict,
    }
}

impl Core {
    /// Lets what was typed flow into a form that its author may edit, and asks about the rest.
    pub(super) fn merge_pending(&mut self, form: FormKey) {
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        let Some(view) = &mut open.view else {
            return;
        };
        if open.stale || open.local || !view.can_edit() {
            return;
        }
        for mut text in open.pending_edits.take() {
            match resolve(view, &text) {
                Resolution::AlreadyApplied => {}
                Resolution::Apply(change) => {
                    let base: &Value = view.value(&text.field);
                    open.unacknowledged.begin(&text.field, base);
                    let step = Step::Change(change);
                    step.show(view);
                    open.steps.push_back(step);
                }
                Resolution::Conflict => {
                    text.auto_merge = false;
                    open.pending_edits.add(text);
                }
            }
        }
        if std::mem::take(&mut open.save_later) && view.unsaved() {
            let me = view.owner().map(|owner| owner.person.id);
            let all_mine = view.draft.fields.values().all(|field| Some(field.author.id) == me);
            if all_mine && open.pending_edits.is_empty() {
                open.steps.push_back(Step::Save);
            } else {
                self.tell_not_saved(form);
            }
        }
    }

    /// A record that was deleted without the server goes now, unless somebody saved it meanwhile.
    pub(super) fn send_deletion(&mut self, now: Now, form: FormKey) {
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        let (Some((how, version)), Some(view)) = (open.remove_later, &open.view) else {
            return;
        };
        if view.gone.is_some() {
            open.remove_later = None;
        } else if view.version == version {
            self.ask_to_remove(now, form, how);
        } else {
            open.remove_later = None;
            let text = format!(
                "“{}” was not {}: it was saved again after you saw it.",
                view.title(),
                how.done()
            );
            self.effects
                .push(Effect::Emit(baton_protocol::desktop::UiEvent::Toast(text)));
        }
    }
}
