//! What is done with a form besides typing: what is about the draft waits for what was typed before, the rest is sent
//! at once.

use baton_locales::t;
use baton_protocol::desktop;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::{CommandClass, FormCommand, FormSnapshot};
use baton_protocol::message::{Code, Problem, ToServer};
use baton_protocol::{rich_text, schema};

use super::Forms;
use super::displayed::Displayed;
use super::open_form::OpenForm;
use super::steps::Step;
use crate::core::context::Context;
use crate::core::{Caller, Effect, Pending, Reply};

impl Forms {
    /// Carries out a command; its caller hears at once what came of it, or with the server's answer. A record can also
    /// be deleted without the server.
    pub(in crate::core) fn command(&mut self, cx: &mut Context, caller: Caller, call: desktop::CommandForm) {
        let desktop::CommandForm { form, command } = call;
        let offline = || Problem::new(Code::Offline, t::engine::there_is_no_connection());
        let result = match (command.class(), command) {
            (CommandClass::Draft, command) => match Step::from_command(&command) {
                Some(step) => self.get(form).and_then(|open| open.push(cx, step)),
                None => Err(Problem::new(Code::Malformed, t::engine::what_is_typed_is())),
            },
            (CommandClass::Place, command) => self.get(form).and_then(|open| open.command_place(cx, command)),
            (CommandClass::Record, command) if cx.ready() => {
                return cx.request(ToServer::Form { form, command }, Pending::Request(caller));
            }
            (CommandClass::Record, FormCommand::Delete { kind }) => {
                self.get(form).map(|open| open.delete_later(cx, kind))
            }
            (CommandClass::Record, _) => Err(offline()),
        };
        cx.push(Effect::Reply(caller, result.map(|()| Reply::Done)));
    }
}

impl OpenForm {
    /// Does something with the draft, as soon as what was typed before is on the server.
    fn push(&mut self, cx: &mut Context, step: Step) -> Result<(), Problem> {
        let is_connected = cx.ready();
        let form = self.key;
        let Some(displayed) = self.displayed.as_mut().filter(|displayed| displayed.can_edit()) else {
            return Err(Problem::new(Code::NotOwner, t::engine::only_whoever_is_editing()));
        };
        let is_local = displayed.is_local();
        let replaces = matches!(step, Step::Discard | Step::RestoreDraft);
        if step == Step::RestoreDraft && self.deferred.discard.is_some() {
            self.undo_discard();
            return Ok(());
        }
        let is_local_discard = step == Step::Discard && is_local;
        if replaces && !is_local_discard && self.unsent.steps().contains(&Step::Save) {
            // What is left to discard depends on what comes of the save.
            return Err(Problem::new(Code::Busy, t::engine::your_save_is_under()));
        }
        // What was typed since a discard that waits is of no text that the server has.
        let waits = !is_connected || self.deferred.discards().is_some();
        if is_local_discard || (step == Step::Discard && waits) {
            self.discard_later();
            return Ok(());
        }
        if (replaces || matches!(step, Step::HandOver(_))) && !is_connected {
            return Err(Problem::new(Code::Offline, t::engine::this_needs_the_server()));
        }
        let view = &mut displayed.view;
        if is_local && step == Step::Save {
            // The server would refuse it later, when its author is elsewhere.
            let values = view.draft.merged(&view.values);
            let normalized = |html: &str| rich_text::normalized(html);
            let checked = schema::checked(form.kind, &view.entity, values, &normalized, None);
            view.errors = checked.err().unwrap_or_default();
            if view.errors.is_empty() && self.unsent.steps().back() != Some(&step) {
                self.unsent.push(view, step);
            }
            self.show_again();
            return Ok(());
        }
        let before = replaces.then(|| view.clone());
        self.unsent.push(view, step);
        if replaces {
            self.shown.replaced(before);
            self.show_again();
        }
        Ok(())
    }

    fn command_place(&mut self, cx: &mut Context, mut command: FormCommand) -> Result<(), Problem> {
        let form = self.key;
        if let FormCommand::Focus { field } = &command {
            self.windows.field.clone_from(field);
            let joined = self.view().is_some_and(|view| view.me.is_some());
            if joined && cx.ready() {
                cx.request(ToServer::Form { form, command }, Pending::FireAndForget);
            }
            return Ok(());
        }
        let owns = self.view().is_some_and(FormSnapshot::can_edit);
        if command == FormCommand::MoveHere && self.windows.writer() != Some(cx.window) && owns {
            // Only from another window of this desktop.
            self.windows.set_writer(cx.window);
            self.show_again();
            return Ok(());
        }
        if let FormCommand::DeclineEdit { fence } = &mut command {
            *fence = self.view().map_or_else(Default::default, |view| view.fence);
        }
        if !cx.ready() {
            return Err(Problem::new(Code::Offline, t::engine::there_is_no_connection()));
        }
        cx.request(ToServer::Form { form, command }, Pending::Control(form));
        Ok(())
    }

    /// The author decides about one of their own texts.
    pub(super) fn decide(&mut self, cx: &mut Context, call: &desktop::Decide) -> Result<(), Problem> {
        if let Some(value) = &call.take {
            self.take_value(&call.field, value)?;
        }
        self.deferred.edits.drop(&call.field, &call.text);
        self.decided(cx);
        Ok(())
    }

    /// The author takes a decision back.
    pub(super) fn undo_decision(&mut self, cx: &mut Context, call: desktop::UndoDecision) -> Result<(), Problem> {
        let desktop::UndoDecision { mut edit, taken, .. } = call;
        if let Some((before, after)) = taken
            && self.view().map(|view| view.value(&edit.field)) == Some(&after)
        {
            self.take_value(&edit.field, &before)?;
        }
        edit.auto_merge = false;
        self.deferred.edits.add(edit);
        self.decided(cx);
        Ok(())
    }

    fn decided(&mut self, cx: &mut Context) {
        self.show_again();
        self.emit_pending_edits(cx, t::engine::choose_what_stays());
    }

    /// Replaces the value of a field, as if its author had typed it.
    fn take_value(&mut self, field: &str, value: &Value) -> Result<(), Problem> {
        let Some(displayed) = self.displayed.as_mut().filter(|displayed| displayed.can_edit()) else {
            let who = self.view().map_or_else(String::new, who_edits);
            let why = t::engine::text_is_still_kept(&who);
            return Err(Problem::new(Code::NotOwner, why.trim_start()));
        };
        let Displayed { view, .. } = displayed;
        let known = view.field(field);
        let known = known.ok_or_else(|| Problem::new(Code::BadChange, t::engine::the_form_has_no()))?;
        known
            .check_shape(value)
            .map_err(|why| Problem::new(Code::BadChange, why))?;
        if let Some(edit) = Edit::between(&known, view.value(field), value) {
            let before = view.clone();
            let field = field.to_owned();
            self.unsent.change(view, Change { field, edit });
            self.shown.replaced(Some(before));
        }
        Ok(())
    }
}

/// Who edits the form, for somebody who does not.
pub(super) fn who_edits(view: &FormSnapshot) -> String {
    match view.owner() {
        // Also a window that looks on while another one of the same desktop edits.
        Some(_) if view.can_edit() || view.mine_elsewhere() => t::engine::you_are_editing_this().into(),
        Some(owner) => t::engine::is_editing_now(&owner.person.name),
        None => t::engine::you_are_not_editing().into(),
    }
}
