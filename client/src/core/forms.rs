//! Open forms: what their viewer does, and what was typed and is not on the server yet.
//!
//! Steps leave in order, one operation at a time; what is typed while one is under way travels
//! together in the next. So a slow network costs delay, never order.

use baton_locales::t;
use baton_protocol::desktop::{self, FormUpdate, UiEvent};
use baton_protocol::draft::{Change, DraftField, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::{CommandClass, FormCommand, FormSnapshot};
use baton_protocol::id::FormKey;
use baton_protocol::message::{Code, Problem, ToServer};
use baton_protocol::{rich_text, schema};

use super::open_form::{OpenForm, Source};
use super::steps::Step;
use super::{Caller, Core, Effect, Now, Pending, Reply};

impl Core {
    pub(super) fn open_form(&mut self, now: Now, call: &desktop::OpenForm) -> Result<Reply, Problem> {
        let form = call.form;
        let open = self.forms.get_or_open(form, call.entity);
        open.opened_in(self.window);
        let was_read_only = open.read_only;
        if was_read_only {
            self.edit_form(now, form)?;
        }
        self.show_or_recall(form)
    }

    /// Opens a form read-only, as a link does: it takes no place in the queue.
    pub(super) fn open_read_only(&mut self, call: &desktop::OpenReadOnly) -> Result<Reply, Problem> {
        let form = call.form;
        let in_use = self.forms.get(&form).is_some_and(OpenForm::in_use);
        let open = self.forms.get_or_open(form, Some(call.entity));
        open.read_only |= !in_use;
        open.opened_in(self.window);
        self.show_or_recall(form)
    }

    /// Joins the queue of a form that was opened read-only.
    pub(super) fn edit_form(&mut self, now: Now, form: FormKey) -> Result<Reply, Problem> {
        let (ready, at) = (self.ready(), self.wall_clock());
        let open = self.open(form)?;
        if !std::mem::take(&mut open.read_only) {
            return Ok(Reply::Done);
        }
        if ready {
            self.ask_to_join(now, form);
            return Ok(Reply::Done);
        }
        // From now on the picture is this computer's own.
        if let Some(view) = open.view.as_mut().filter(|_| open.source == Source::Server) {
            view.forget_others();
            open.source = Source::Cache { at: Some(at) };
        }
        if open.view.is_some() {
            self.work_locally(form);
        }
        Ok(Reply::Done)
    }

    fn show_or_recall(&mut self, form: FormKey) -> Result<Reply, Problem> {
        let open = self.open(form)?;
        if open.view.is_some() {
            self.show_again(form);
            self.to_tell.insert(form);
            self.tell_kept(form);
            return Ok(Reply::Done);
        }
        // It is joined at the end of this call, if there is a connection.
        self.load_form(form);
        Ok(Reply::Done)
    }

    pub(super) fn close_form(&mut self, now: Now, form: FormKey) -> Result<Reply, Problem> {
        let window = self.window;
        self.open(form)?.closed_in(window, false);
        self.show_again(form);
        self.close_if_done(now, form);
        Ok(Reply::Done)
    }

    pub(super) fn tell_kept(&mut self, form: FormKey) {
        if self.forms.get(&form).is_some_and(|open| !open.pending_edits.is_empty()) {
            self.show_pending_edits(form, t::engine::what_you_typed_before());
        }
    }

    /// Nobody in the window looks at the form any more.
    pub(super) fn abandon_form(&mut self, now: Now, form: FormKey) {
        if let Some(open) = self.forms.get_mut(&form) {
            open.closed_in(self.window, true);
            self.show_again(form);
        }
        self.close_if_done(now, form);
    }

    pub(super) fn change_form(&mut self, now: Now, call: desktop::ChangeForm) -> Result<Reply, Problem> {
        let window = self.window;
        let open = self.open(call.form)?;
        if let Some(opening) = open.windows.get_mut(&window) {
            if call.number <= opening.seen {
                // It came a second time: the page did not get the answer to the first.
                return Ok(Reply::Done);
            }
            opening.seen = call.number;
        }
        let looks_on = open.writer != Some(window);
        if call.picture != open.picture && open.previous.is_some() {
            self.keep_crossed(call.form, &call.change);
            self.pump(now, call.form);
            return Ok(Reply::Done);
        }
        let Some(view) = &mut open.view else {
            return Err(Problem::new(Code::NotJoined, t::engine::this_form_is_not()));
        };
        if view.partial.contains(&call.change.field) {
            return Err(Problem::new(Code::Offline, t::engine::the_whole_text_is()));
        }
        if view.read_only.contains(&call.change.field) {
            return Err(Problem::new(Code::Forbidden, t::engine::you_may_look_at()));
        }
        if open.stale || looks_on || !view.can_edit() {
            // It crossed with the news that somebody else owns the form: kept for its author.
            return self.keep_late(call.form, &call.change);
        }
        open.unacknowledged
            .begin(&call.change.field, view.value(&call.change.field));
        let step = Step::Change(call.change);
        step.show(view);
        open.steps.push_back(step);
        open.uncached = true;
        self.to_tell.insert(call.form);
        self.show_to_others(call.form);
        self.pump(now, call.form);
        Ok(Reply::Done)
    }

    /// It was typed into the picture before this one: its author's own text, which goes into the form if
    /// nobody else changed the field.
    fn keep_crossed(&mut self, form: FormKey, change: &Change) {
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        let Some(previous) = &mut open.previous else {
            return;
        };
        let before = previous.value(&change.field).clone();
        let Ok(value) = change.edit.apply(&before) else {
            return;
        };
        let author = previous.owner().map(|owner| owner.person.clone());
        if let Some(author) = author {
            let field = DraftField {
                value: value.clone(),
                author,
            };
            previous.draft.fields.insert(change.field.clone(), field);
        }
        open.pending_edits.typed_on(&change.field, &before, value);
        self.merge_pending(form);
        self.show_again(form);
        self.to_tell.insert(form);
        self.tell_kept(form);
    }

    fn keep_late(&mut self, form: FormKey, change: &Change) -> Result<Reply, Problem> {
        let open = self.open(form)?;
        let Some(view) = &mut open.view else {
            return Ok(Reply::Done);
        };
        if !open.steps.is_empty() {
            // What came before it is about to be kept as a whole; it belongs there.
            open.unacknowledged.begin(&change.field, view.value(&change.field));
            view.apply_own(change);
            open.steps.push_back(Step::Change(change.clone()));
            return Ok(Reply::Done);
        }
        let before = open
            .late
            .get(&change.field)
            .unwrap_or_else(|| view.value(&change.field));
        let before = before.clone();
        if let Ok(value) = change.edit.apply(&before) {
            open.late.insert(change.field.clone(), value.clone());
            open.pending_edits.typed_on(&change.field, &before, value);
        }
        let why = if view.gone.is_some() {
            t::engine::the_record_is_gone().into()
        } else if open.stale {
            t::engine::what_you_typed_did().into()
        } else {
            t::engine::kept_here_after(who_edits(view))
        };
        self.show_pending_edits(form, &why);
        Ok(Reply::Done)
    }

    pub(super) fn push(&mut self, now: Now, form: FormKey, step: Step) -> Result<Reply, Problem> {
        let connected = self.ready();
        let open = self.open(form)?;
        let (stale, local) = (open.stale, open.is_local());
        // What was typed since a discard that waits is of no text that the server has.
        let discards_already = open.discards().is_some();
        let Some(view) = open.view.as_mut().filter(|view| view.can_edit() && !stale) else {
            return Err(Problem::new(Code::NotOwner, t::engine::only_whoever_is_editing()));
        };
        let replaces = matches!(step, Step::Discard | Step::RestoreDraft);
        if step == Step::Discard && local {
            return self.discard_later(form);
        }
        if step == Step::RestoreDraft && open.discard_later.is_some() {
            return self.undo_discard(form);
        }
        if replaces && open.steps.contains(&Step::Save) {
            // What is left to discard depends on what comes of the save.
            return Err(Problem::new(Code::Busy, t::engine::your_save_is_under()));
        }
        if step == Step::Discard && (!connected || discards_already) {
            return self.discard_later(form);
        }
        if (replaces || matches!(step, Step::HandOver(_))) && !connected {
            return Err(Problem::new(Code::Offline, t::engine::this_needs_the_server()));
        }
        if local && step == Step::Save {
            // The server would refuse it later, when its author is elsewhere.
            let values = view.draft.merged(&view.values);
            let checked = schema::checked(
                form.kind,
                &view.entity,
                values,
                &|html| rich_text::normalized(html),
                None,
            );
            view.errors = checked.err().unwrap_or_default();
            let fits = view.errors.is_empty();
            self.show_again(form);
            if !fits {
                return Ok(Reply::Done);
            }
        } else {
            let before = replaces.then(|| view.clone());
            step.show(view);
            if replaces {
                open.replaced(before);
                self.show_again(form);
            }
        }
        let open = self.open(form)?;
        let twice = open.is_local() && step == Step::Save && open.steps.back() == Some(&step);
        if !twice {
            open.steps.push_back(step);
        }
        self.to_tell.insert(form);
        self.pump(now, form);
        Ok(Reply::Done)
    }

    /// What somebody does with a form: what is about the draft waits for what was typed before, the rest is sent at
    /// once. A record can also be deleted without the server.
    pub(super) fn command_form(&mut self, now: Now, caller: Caller, call: desktop::CommandForm) {
        let desktop::CommandForm { form, command } = call;
        let result = match command.class() {
            CommandClass::Draft => match Step::from_command(&command) {
                Some(step) => self.push(now, form, step),
                None => Err(Problem::new(Code::Malformed, t::engine::what_is_typed_is())),
            },
            CommandClass::Place => self.command_place(now, form, command),
            CommandClass::Record if self.ready() => {
                return self.forward(now, caller, ToServer::Form { form, command });
            }
            CommandClass::Record => {
                if let FormCommand::Delete { kind } = command {
                    self.remove_later(form, kind)
                } else {
                    Err(Problem::new(Code::Offline, t::engine::there_is_no_connection()))
                }
            }
        };
        self.effects.push(Effect::Reply(caller, result));
    }

    fn command_place(&mut self, now: Now, form: FormKey, mut command: FormCommand) -> Result<Reply, Problem> {
        let (window, ready) = (self.window, self.ready());
        let open = self.open(form)?;
        if let FormCommand::Focus { field } = &command {
            open.field.clone_from(field);
            let joined = open.view.as_ref().is_some_and(|view| view.me.is_some());
            if joined && ready {
                self.request(now, ToServer::Form { form, command }, Pending::FireAndForget);
            }
            return Ok(Reply::Done);
        }
        let owns = open.view.as_ref().is_some_and(FormSnapshot::can_edit);
        if command == FormCommand::MoveHere && open.writer != Some(window) && owns {
            // Only from another window of this desktop.
            open.writer = Some(window);
            self.show_again(form);
            return Ok(Reply::Done);
        }
        if let FormCommand::DeclineEdit { fence } = &mut command {
            *fence = open.view.as_ref().map_or_else(Default::default, |view| view.fence);
        }
        if !ready {
            return Err(Problem::new(Code::Offline, t::engine::there_is_no_connection()));
        }
        self.request(now, ToServer::Form { form, command }, Pending::Control(form));
        Ok(Reply::Done)
    }

    /// The author decides about one of their own texts.
    pub(super) fn decide(&mut self, now: Now, call: desktop::Decide) -> Result<Reply, Problem> {
        let desktop::Decide {
            form,
            field,
            text,
            take,
        } = call;
        let open = self.open(form)?;
        if let Some(value) = take {
            take_value(open, &field, &value)?;
        }
        open.pending_edits.drop(&field, &text);
        self.decided(now, form);
        self.close_if_done(now, form);
        Ok(Reply::Done)
    }

    /// The author takes a decision back.
    pub(super) fn undo_decision(&mut self, now: Now, call: desktop::UndoDecision) -> Result<Reply, Problem> {
        let desktop::UndoDecision { form, mut edit, taken } = call;
        let open = self.open(form)?;
        if let Some((before, after)) = taken {
            let says = open.view.as_ref().map(|view| view.value(&edit.field));
            if says == Some(&after) {
                take_value(open, &edit.field, &before)?;
            }
        }
        edit.auto_merge = false;
        open.pending_edits.add(edit);
        self.decided(now, form);
        Ok(Reply::Done)
    }

    /// Shows and sends what a decision, or taking one back, changed.
    fn decided(&mut self, now: Now, form: FormKey) {
        self.show_again(form);
        self.show_pending_edits(form, t::engine::choose_what_stays());
        self.to_tell.insert(form);
        self.pump(now, form);
    }

    /// The name of a form that the viewer edits and has not saved.
    pub(super) fn unsaved_title(&self) -> Option<String> {
        let view = self.forms.values().find_map(|open| {
            let view = open.view.as_ref()?;
            let unsaved = view.can_edit() && view.unsaved() && !open.stale && view.version >= open.saved;
            unsaved.then_some(view)
        })?;
        Some(match view.title().trim() {
            "" => t::engine::a_new_record().into(),
            title => format!("“{title}”"),
        })
    }

    pub(super) fn open(&mut self, form: FormKey) -> Result<&mut OpenForm, Problem> {
        self.forms
            .get_mut(&form)
            .ok_or_else(|| Problem::new(Code::NotJoined, t::engine::this_form_is_not_open()))
    }

    pub(super) fn show_pending_edits(&mut self, form: FormKey, why: &str) {
        if let Some(open) = self.forms.get_mut(&form) {
            open.edits_shown = !open.pending_edits.is_empty();
            let texts = open.pending_edits.texts().to_vec();
            let why = why.into();
            self.update(form, &FormUpdate::PendingEdits { why, texts });
        }
    }

    /// Tells every window that has the form open.
    pub(super) fn update(&mut self, form: FormKey, update: &FormUpdate) {
        let Some(open) = self.forms.get(&form) else {
            return;
        };
        for (window, opening) in &open.windows {
            let event = UiEvent::Form {
                form,
                seen: opening.seen,
                picture: open.picture,
                update: update.clone(),
            };
            self.effects.push(Effect::EmitTo(*window, event));
        }
        if matches!(update, FormUpdate::Notice(_)) {
            // What a notice says of who edits is not what these windows see.
            self.show_to_others(form);
        }
    }
}

/// Replaces the value of a field, as if its author had typed it.
fn take_value(open: &mut OpenForm, field: &str, value: &Value) -> Result<(), Problem> {
    let stale = open.stale;
    let Some(view) = open.view.as_mut().filter(|view| view.can_edit() && !stale) else {
        let who = open.view.as_ref().map_or_else(String::new, who_edits);
        let why = t::engine::text_is_still_kept(&who);
        return Err(Problem::new(Code::NotOwner, why.trim_start()));
    };
    let known = view.field(field);
    let known = known.ok_or_else(|| Problem::new(Code::BadChange, t::engine::the_form_has_no()))?;
    known
        .check_shape(value)
        .map_err(|why| Problem::new(Code::BadChange, why))?;
    if let Some(edit) = Edit::between(&known, view.value(field), value) {
        let before = view.clone();
        open.unacknowledged.begin(field, view.value(field));
        let step = Step::Change(Change {
            field: field.to_owned(),
            edit,
        });
        step.show(view);
        open.steps.push_back(step);
        open.replaced(Some(before));
    }
    Ok(())
}

/// Who edits the form, for somebody who does not.
fn who_edits(view: &FormSnapshot) -> String {
    match view.owner() {
        // Also a window that looks on while another one of the same desktop edits.
        Some(_) if view.can_edit() || view.mine_elsewhere() => t::engine::you_are_editing_this().into(),
        Some(owner) => t::engine::is_editing_now(&owner.person.name),
        None => t::engine::you_are_not_editing().into(),
    }
}
