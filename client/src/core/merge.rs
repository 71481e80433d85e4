//! What was typed without the server goes into the form, or is asked about (semantics 5.4); the rule itself is
//! [`baton_protocol::merge`].

use baton_locales::t;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::PendingEdit;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::FormKey;
use baton_protocol::merge::{self, Resolution};

use super::open_form::OpenForm;
use super::steps::Step;
use super::{Core, Effect, Now};

/// What is done with one pending edit.
enum Outcome {
    /// The form says it already.
    Done,
    /// It goes into the form.
    Apply(Change),
    /// Its author decides: others changed the field too, or the form does not take it any more.
    Ask,
}

fn outcome(view: &FormSnapshot, text: &PendingEdit) -> Outcome {
    let field = view
        .field(&text.field)
        .filter(|_| !view.read_only.contains(&text.field));
    let Some(field) = field else {
        return Outcome::Ask;
    };
    let theirs = view.value(&text.field);
    match merge::resolve(&text.base, text.sent.as_ref(), &text.value, theirs) {
        Resolution::AlreadyApplied => Outcome::Done,
        Resolution::Apply if text.auto_merge && field.check_shape(&text.value).is_ok() => {
            let edit = Edit::between(&field, theirs, &text.value);
            edit.map_or(Outcome::Done, |edit| {
                Outcome::Apply(Change {
                    field: text.field.clone(),
                    edit,
                })
            })
        }
        Resolution::Apply | Resolution::Conflict => Outcome::Ask,
    }
}

impl Core {
    /// Lets what was typed flow into a form that its author may edit, and asks about the rest.
    pub(super) fn merge_pending(&mut self, form: FormKey) {
        let edits = |open: &OpenForm| {
            let view = open.view.as_ref();
            !open.stale && !open.is_local() && view.is_some_and(FormSnapshot::can_edit)
        };
        if !self.forms.get(&form).is_some_and(edits) {
            return;
        }
        self.discard_now(form);
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        let Some(view) = &mut open.view else {
            return;
        };
        for mut text in open.pending_edits.take() {
            match outcome(view, &text) {
                Outcome::Done => {}
                Outcome::Apply(change) => {
                    let base: &Value = view.value(&text.field);
                    open.unacknowledged.begin(&text.field, base);
                    let step = Step::Change(change);
                    step.show(view);
                    open.steps.push_back(step);
                }
                Outcome::Ask => {
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
            let text = match how {
                DeletionKind::Archived => t::engine::not_archived(view.title()),
                DeletionKind::Deleted => t::engine::not_deleted(view.title()),
            };
            self.effects
                .push(Effect::Emit(baton_protocol::desktop::UiEvent::Toast(text)));
        }
    }
}
