//! What was typed without the server goes into the form, or is asked about (semantics 5.4); the rule itself is
//! [`baton_protocol::merge`].

use baton_locales::t;
use baton_protocol::desktop::{PendingEdit, UiEvent};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::UserId;
use baton_protocol::merge::{self, Resolution};

use super::displayed::Displayed;
use super::open_form::OpenForm;
use super::steps::Step;
use crate::core::context::Context;
use crate::language::joined;

/// What is done with one pending edit.
enum Outcome {
    /// The form says it already.
    Done,
    /// It goes into the form.
    Apply(Change),
    /// Its author decides: others changed the field too, or the form does not take it any more.
    Conflict,
}

fn outcome(view: &FormSnapshot, text: &PendingEdit) -> Outcome {
    let field = view
        .field(&text.field)
        .filter(|_| !view.read_only.contains(&text.field));
    let Some(field) = field else {
        return Outcome::Conflict;
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
        Resolution::Apply | Resolution::Conflict => Outcome::Conflict,
    }
}

impl OpenForm {
    /// Lets what was typed flow into a form that its author may edit, and asks about the rest.
    pub(super) fn merge_pending(&mut self, cx: &mut Context) {
        let editable = |displayed: &Displayed| displayed.can_edit() && !displayed.is_local();
        if !self.displayed.as_ref().is_some_and(editable) {
            return;
        }
        self.discard_now(cx);
        let Some(Displayed { view, .. }) = &mut self.displayed else {
            return;
        };
        for mut text in self.deferred.edits.take() {
            match outcome(view, &text) {
                Outcome::Done => {}
                Outcome::Apply(change) => self.unsent.change(view, change),
                Outcome::Conflict => {
                    text.auto_merge = false;
                    self.deferred.edits.add(text);
                }
            }
        }
        if std::mem::take(&mut self.deferred.save) && view.unsaved() {
            let me = view.owner().map(|owner| owner.person.id);
            let all_mine = view.draft.fields.values().all(|field| Some(field.author.id) == me);
            if all_mine && self.deferred.edits.is_empty() {
                self.unsent.push(view, Step::Save);
            } else {
                self.emit_not_saved(cx);
            }
        }
    }

    /// A save that waited is not carried out over what somebody else typed.
    fn emit_not_saved(&self, cx: &mut Context) {
        let view = self.view();
        let title = view.map_or(t::engine::the_record(), |view| view.title());
        let text = if self.deferred.edits.is_empty() {
            let others = view.map(|view| others_in(view, cx.me())).unwrap_or_default();
            t::engine::not_saved_changes_of(title, joined(&others))
        } else {
            t::engine::not_saved_differs(title)
        };
        cx.emit(UiEvent::Toast(text));
    }

    /// Who changed what the viewer's own text is about, as far as it is known.
    pub(super) fn who_changed(&self, me: Option<UserId>) -> String {
        let drafts = self.view().map(|view| &view.draft.fields);
        let texts = self.deferred.edits.texts().iter();
        let mut authors = texts.filter_map(|text| Some(&drafts?.get(&text.field)?.author));
        match authors.next() {
            // In another window, or here before the connection broke for the second time.
            Some(author) if Some(author.id) == me => t::engine::you_typed_two_different().into(),
            Some(author) => t::engine::changed_the_same(&author.name),
            None => t::engine::the_form_says_something().into(),
        }
    }
}

/// The names of the others whose text is in the draft.
pub(super) fn others_in(view: &FormSnapshot, me: Option<UserId>) -> Vec<&str> {
    let authors = view.draft.authors().into_iter();
    let others = authors.filter(|author| Some(author.id) != me);
    others.map(|author| author.name.as_str()).collect()
}
