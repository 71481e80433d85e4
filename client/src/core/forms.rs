//! Open forms: what the viewer sees, and what was typed and is not on the server yet.
//!
//! Steps leave in order, one operation at a time; what is typed while one is under way travels
//! together in the next. So a slow network costs delay, never order.

use baton_protocol::desktop::{self, FormUpdate, UiEvent};
use baton_protocol::draft::{Change, DraftField};
use baton_protocol::form::Notice;
use baton_protocol::id::FormKey;
use baton_protocol::message::{Answer, Code, Problem, ToServer};
use baton_protocol::record;
use baton_protocol::view::FormView;

use super::held::HeldText;
use super::open_form::{OpenForm, Sent, Step};
use super::{Core, Effect, Now, Pending, Reply};

/// How many forms are joined at once that nobody looks at; the server allows 256 in all.
const IN_BACKGROUND: usize = 64;

impl Core {
    pub(super) fn open_form(&mut self, call: &desktop::OpenForm) -> Result<Reply, Problem> {
        let form = call.form;
        let open = self.forms.get_or_open(form, call.entity);
        open.opened_in(self.window);
        if open.view.is_some() {
            self.show_again(form);
            self.to_tell.insert(form);
            self.tell_kept(form);
            return Ok(Reply::Done);
        }
        // It is joined at the end of this call, if there is a connection.
        self.recall_form(form);
        Ok(Reply::Done)
    }

    pub(super) fn close_form(&mut self, now: Now, form: FormKey) -> Result<Reply, Problem> {
        let window = self.window;
        self.open(form)?.closed_in(window, false);
        self.show_again(form);
        self.close_if_done(now, form);
        Ok(Reply::Done)
    }

    fn tell_kept(&mut self, form: FormKey) {
        if self.forms.get(&form).is_some_and(|open| !open.branch.is_empty()) {
            self.tell_branch(form, "What you typed before did not arrive; it is kept here.");
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
            opening.seen = call.number;
        }
        let looks_on = open.writer != Some(window);
        if call.picture != open.picture && open.previous.is_some() {
            self.keep_crossed(call.form, &call.change);
            self.pump(now, call.form);
            return Ok(Reply::Done);
        }
        let Some(view) = &mut open.view else {
            return Err(Problem::new(Code::NotJoined, "This form is not open yet."));
        };
        if open.stale || looks_on || !view.can_edit() {
            // It crossed with the news that somebody else owns the form: kept for its author.
            return self.keep_late(call.form, &call.change);
        }
        open.unacknowledged
            .begin(&call.change.field, view.value(&call.change.field));
        let step = Step::Change(call.change);
        step.show(view);
        open.steps.push_back(step);
        open.unremembered = true;
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
        open.branch.typed_on(&change.field, &before, value);
        self.settle(form);
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
        let base = view.value(&change.field);
        let before = open.branch.newest(&change.field).unwrap_or(base);
        if let Ok(value) = change.edit.apply(before) {
            open.branch.go_on(&change.field, base, value);
        }
        let why = if view.gone.is_some() {
            "The record is gone from its list. What you typed is kept here."
        } else if open.stale {
            "What you typed did not arrive; it is kept here."
        } else {
            "Somebody else is editing now. What you typed is kept here."
        };
        self.tell_branch(form, why);
        Ok(Reply::Done)
    }

    pub(super) fn push(&mut self, now: Now, form: FormKey, step: Step) -> Result<Reply, Problem> {
        let open = self.open(form)?;
        let stale = open.stale;
        let Some(view) = open.view.as_mut().filter(|view| view.can_edit() && !stale) else {
            return Err(Problem::new(Code::NotOwner, "Only whoever is editing can do this."));
        };
        let replaces = matches!(step, Step::Discard | Step::Undiscard);
        if replaces && open.steps.contains(&Step::Save) {
            // What is left to discard depends on what comes of the save.
            return Err(Problem::new(
                Code::Busy,
                "Your save is under way. Try again when it is done.",
            ));
        }
        if open.local && step == Step::Save {
            // The server would refuse it later, when its author is elsewhere.
            let checked = record::check(&view.entity, &view.draft.merged(&view.values));
            view.errors = checked.err().unwrap_or_default();
            let fits = view.errors.is_empty();
            self.show_again(form);
            if !fits {
                return Ok(Reply::Done);
            }
        } else {
            let before = view.clone();
            step.show(view);
            if replaces {
                open.picture += 1;
                open.previous = Some(before);
                self.show_again(form);
            }
        }
        let open = self.open(form)?;
        let twice = open.local && step == Step::Save && open.steps.back() == Some(&step);
        if !twice {
            open.steps.push_back(step);
        }
        self.to_tell.insert(form);
        self.pump(now, form);
        Ok(Reply::Done)
    }

    pub(super) fn focus_field(&mut self, now: Now, call: desktop::FocusField) -> Result<Reply, Problem> {
        let open = self.open(call.form)?;
        open.field.clone_from(&call.field);
        let joined = open.view.as_ref().is_some_and(|view| view.me.is_some());
        if joined && self.ready() {
            let body = ToServer::Focus {
                form: call.form,
                field: call.field,
            };
            self.request(now, body, Pending::Plain);
        }
        Ok(Reply::Done)
    }

    /// Asks the server for something that the viewer wishes as it stands, at once.
    pub(super) fn wish(&mut self, now: Now, form: FormKey, body: ToServer) -> Result<Reply, Problem> {
        if !self.ready() {
            return Err(Problem::new(Code::Offline, "There is no connection to the server."));
        }
        self.open(form)?;
        self.request(now, body, Pending::Wish(form));
        Ok(Reply::Done)
    }

    /// Goes on in this window: of this desktop, or of the person's other one.
    pub(super) fn move_here(&mut self, now: Now, form: FormKey) -> Result<Reply, Problem> {
        let window = self.window;
        let open = self.open(form)?;
        if open.writer != Some(window) && open.view.as_ref().is_some_and(FormView::can_edit) {
            open.writer = Some(window);
            self.show_again(form);
            return Ok(Reply::Done);
        }
        self.wish(now, form, ToServer::MoveHere { form })
    }

    pub(super) fn decline(&mut self, now: Now, form: FormKey) -> Result<Reply, Problem> {
        let fence = self
            .open(form)?
            .view
            .as_ref()
            .map_or_else(Default::default, |view| view.fence);
        self.wish(now, form, ToServer::Decline { form, fence })
    }

    pub(super) fn wish_refused(&mut self, form: FormKey, problem: Problem) {
        self.update(form, &FormUpdate::Refused(problem));
    }

    pub(super) fn drop_branch(&mut self, form: FormKey, field: Option<&str>) -> Result<Reply, Problem> {
        self.open(form)?.branch.drop(field);
        self.tell_branch(form, "");
        Ok(Reply::Done)
    }

    /// Joins every form that somebody looks at, and some of those that only have something to send: the
    /// others follow when these are done.
    pub(super) fn join_in_use(&mut self, now: Now) {
        if !self.ready() {
            return;
        }
        let mut room = IN_BACKGROUND.saturating_sub(
            self.forms
                .values()
                .filter(|open| open.joined && !open.is_open())
                .count(),
        );
        let mut next = Vec::new();
        for (form, open) in self.forms.iter() {
            if open.joined || !open.in_use() {
                continue;
            }
            if !open.is_open() {
                if room == 0 {
                    continue;
                }
                room -= 1;
            }
            next.push(*form);
        }
        for form in next {
            self.ask_to_join(now, form);
        }
    }

    pub(super) fn ask_to_join(&mut self, now: Now, form: FormKey) {
        if let Some(open) = self.forms.get_mut(&form) {
            open.sent = false;
            open.joined = true;
            open.joining = true;
            let body = ToServer::Join {
                form,
                entity: open.entity,
            };
            self.request(now, body, Pending::Join(form));
        }
    }

    pub(super) fn joined(&mut self, now: Now, form: FormKey, view: FormView) {
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        open.joining = false;
        open.rev = view.rev;
        // The answer to the operation under way may have been lost with the connection.
        if let Some(op) = view.last_op {
            open.finish(op);
        }
        let lost = if open.continues(&view) {
            false
        } else {
            open.keep_branch(true)
        };
        open.stale = false;
        open.local = false;
        open.blocked = view.gone.is_some() || view.me.is_none();
        let lost_to = match (&view.gone, view.owner()) {
            (Some(gone), _) => format!("{} {} this.", gone.stamp.by.name, gone.how.done()),
            (None, Some(owner)) if !view.can_edit() => {
                format!("{} took over while you were away.", owner.person.name)
            }
            (None, Some(_) | None) => "Somebody else was editing while you were away.".into(),
        };
        let can_edit = view.can_edit();
        open.replace(view);
        self.remember_form(form);
        if let Some(open) = self.forms.get_mut(&form) {
            open.reapply();
        }
        self.settle_removal(now, form);
        self.settle(form);
        self.show_again(form);
        self.to_tell.insert(form);
        self.tell_outcome(form, lost, can_edit, &lost_to);
        self.tell_field(now, form);
        self.pump(now, form);
        self.close_if_done(now, form);
    }

    /// Says what became of what was typed and did not arrive.
    fn tell_outcome(&mut self, form: FormKey, lost: bool, can_edit: bool, lost_to: &str) {
        let Some(open) = self.forms.get(&form) else {
            return;
        };
        if open.branch.is_empty() {
            if lost {
                self.tell_branch(form, "");
            }
            return;
        }
        let why = match (can_edit, lost) {
            (true, _) => "Somebody else changed the same while you were away. Choose what stays.".into(),
            (false, _) if !open.blocked && open.branch.flows() => {
                format!("{lost_to} What you typed goes into the form when it is your turn, unless the same is changed.")
            }
            (false, true) => format!("{lost_to} What you typed last did not arrive; it is kept here."),
            (false, false) => "What you typed before did not arrive; it is kept here.".into(),
        };
        self.tell_branch(form, &why);
    }

    /// Says again which field the viewer is in, to a server that may have forgotten.
    fn tell_field(&mut self, now: Now, form: FormKey) {
        let field = self.forms.get(&form).and_then(|open| open.field.clone());
        if field.is_some() {
            self.request(now, ToServer::Focus { form, field }, Pending::Plain);
        }
    }

    pub(super) fn join_refused(&mut self, now: Now, form: FormKey, problem: Problem) {
        let seen = self.forms.get(&form).is_some_and(|open| open.view.is_some());
        if seen && problem.code == Code::Internal {
            // Its picture would go stale in silence; a new connection asks for everything again.
            self.disconnected(now, problem.message);
            return;
        }
        if let Some(open) = self.forms.get_mut(&form) {
            open.joining = false;
            open.stale |= open.view.is_some();
            open.remove_later = None;
            let lost = open.keep_branch(false);
            open.branch.stop();
            if lost {
                self.tell_branch(form, &format!("{} What you typed is kept here.", problem.message));
            }
        }
        self.update(form, &FormUpdate::Refused(problem));
        self.close_if_done(now, form);
    }

    pub(super) fn notice(&mut self, now: Now, form: FormKey, notice: Notice) {
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if open.local {
            // The server's picture is on its way, with everything in it.
            return;
        }
        let Some(view) = &mut open.view else {
            return;
        };
        let drafts = matches!(
            notice,
            Notice::Changed { .. } | Notice::Replaced { .. } | Notice::Saved { .. } | Notice::Invalid { .. }
        );
        if open.joining && drafts {
            // It is in the picture that comes; the one that is shown is behind from now on, unless it
            // shows this already.
            let shown = match &notice {
                Notice::Changed { rev, by, .. } => view.me == Some(*by) && *rev <= open.rev,
                Notice::Invalid { .. } => true,
                Notice::Editors { .. }
                | Notice::Asked { .. }
                | Notice::Passed(_)
                | Notice::Focus { .. }
                | Notice::Replaced { .. }
                | Notice::Saved { .. }
                | Notice::Removed { .. } => false,
            };
            open.stale |= !shown;
            return;
        }
        let could_edit = view.can_edit();
        let before = view.clone();
        let replaces = matches!(notice, Notice::Saved { .. } | Notice::Replaced { .. });
        // An own change comes back after its answer; one that was never answered is not shown here.
        let unknown = matches!(&notice, Notice::Changed { rev, by, .. } if view.me == Some(*by) && *rev > open.rev);
        if unknown || view.apply(&notice).is_err() {
            tracing::warn!(%form, "a notice was missed; asking for the whole form");
            open.stale |= unknown;
            self.ask_to_join(now, form);
            return;
        }
        open.rev = open.rev.max(view.rev);
        open.unremembered |= drafts;
        open.blocked = view.gone.is_some() || view.me.is_none();
        let can_edit = view.can_edit();
        if could_edit && !can_edit {
            // The new owner's picture is the server's, without what is unaccepted here.
            self.update(form, &FormUpdate::Notice(notice));
            self.ask_to_join(now, form);
            return;
        }
        if replaces {
            // What is not answered yet is not in it: an answer comes before its notice.
            open.reapply();
            open.picture += 1;
            open.previous = Some(before);
            self.show_again(form);
            self.remember_form(form);
        }
        self.update(form, &FormUpdate::Notice(notice));
        if can_edit && !could_edit {
            self.take_turn(form);
        }
        self.pump(now, form);
    }

    /// The viewer may edit now: what they typed before goes into the form.
    fn take_turn(&mut self, form: FormKey) {
        if self.forms.get(&form).is_none_or(|open| open.branch.is_empty()) {
            return;
        }
        self.settle(form);
        self.show_again(form);
        self.to_tell.insert(form);
        let left = self.forms.get(&form).is_some_and(|open| !open.branch.is_empty());
        let why = if left {
            "Somebody else changed the same meanwhile. Choose what stays."
        } else {
            ""
        };
        self.tell_branch(form, why);
    }

    pub(super) fn form_answered(&mut self, now: Now, form: FormKey, Sent(op): Sent, answer: &Answer) {
        if let Some(open) = self.forms.get_mut(&form)
            && open.finish(op)
        {
            if let Answer::Accepted { rev } = answer {
                open.rev = open.rev.max(*rev);
            }
            if let Answer::Saved { version } = answer {
                open.saved = open.saved.max(*version);
            }
            self.to_tell.insert(form);
            self.pump(now, form);
            self.close_if_done(now, form);
        }
    }

    pub(super) fn form_refused(&mut self, now: Now, form: FormKey, Sent(op): Sent, problem: Problem) {
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if open.under_way.is_none_or(|(under_way, _)| under_way != op) {
            // A late answer to an operation that was sent again and answered since.
            return;
        }
        tracing::info!(%form, %problem, "the server refused an operation");
        let shown_already = matches!(
            open.steps.front(),
            Some(Step::Change(_) | Step::Discard | Step::Undiscard)
        );
        match problem.code {
            // What is shown already must come true: the next connection asks for it once more.
            Code::Internal if shown_already => self.disconnected(now, problem.message),
            Code::Invalid | Code::StaleVersion | Code::NotHere | Code::Internal => {
                open.finish(op);
                let look_again = problem.code == Code::StaleVersion;
                self.update(form, &FormUpdate::Refused(problem));
                self.to_tell.insert(form);
                if look_again {
                    self.ask_to_join(now, form);
                }
                self.pump(now, form);
                self.close_if_done(now, form);
            }
            // Not the owner, or another picture than the server's: keep the text, look again.
            Code::NotOwner
            | Code::NotJoined
            | Code::StaleFence
            | Code::StaleRev
            | Code::Gone
            | Code::BadChange
            | Code::NotFound
            | Code::Forbidden
            | Code::SignInNeeded
            | Code::AskedAlready
            | Code::Malformed
            | Code::TooLarge
            | Code::WrongVersion
            | Code::Greeting
            | Code::BadCredentials
            | Code::Busy
            | Code::Offline
            | Code::Unsaved => {
                open.stale |= shown_already;
                let again = matches!(
                    problem.code,
                    Code::NotOwner | Code::NotJoined | Code::StaleFence | Code::StaleRev | Code::SignInNeeded
                );
                if open.keep_branch(again) {
                    self.tell_branch(form, &format!("{} What you typed is kept here.", problem.message));
                }
                self.update(form, &FormUpdate::Refused(problem));
                self.to_tell.insert(form);
                self.ask_to_join(now, form);
            }
        }
    }

    /// The name of a form that the viewer edits and has not saved.
    pub(super) fn unsaved_title(&self) -> Option<String> {
        let view = self.forms.values().find_map(|open| {
            let view = open.view.as_ref()?;
            let unsaved = view.can_edit() && view.unsaved() && !open.stale && view.version >= open.saved;
            unsaved.then_some(view)
        })?;
        Some(match view.title().trim() {
            "" => "A new record".into(),
            title => format!("“{title}”"),
        })
    }

    /// Whether something typed is not on the server yet.
    pub(super) fn unsent(&self) -> bool {
        self.forms.values().any(|open| !open.steps.is_empty())
    }

    /// Sends the next operation, if none is under way; sends one again that a lost connection took.
    fn pump(&mut self, now: Now, form: FormKey) {
        if !self.ready() {
            return;
        }
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if open.sent || open.joining || !open.view.as_ref().is_some_and(FormView::can_edit) {
            return;
        }
        let (op, count) = match open.under_way {
            Some(under_way) => under_way,
            None => {
                let count = open.next_count();
                if count == 0 {
                    return;
                }
                (self.new_op(), count)
            }
        };
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if let Some(body) = open.body(form, op, count) {
            open.send(op, count);
            self.request(now, body, Pending::Form(form, Sent(op)));
        }
    }

    /// A form that nobody looks at any more is left when everything typed is on the server.
    pub(super) fn close_if_done(&mut self, now: Now, form: FormKey) {
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if open.in_use() {
            return;
        }
        if open.unremembered {
            self.remember_form(form);
        }
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        open.local = false;
        let joined = std::mem::take(&mut open.joined);
        if open.branch.is_empty() {
            self.forms.remove(&form);
        } else {
            // The author's own text stays until they come back for it.
            open.view = None;
        }
        if !joined && self.ready() {
            return;
        }
        if self.ready() {
            self.request(now, ToServer::Leave { form }, Pending::Plain);
        } else {
            self.to_leave.insert(form);
        }
    }

    /// Leaves the forms that were closed while there was no connection.
    pub(super) fn leave_closed(&mut self, now: Now) {
        for form in std::mem::take(&mut self.to_leave) {
            if !self.forms.get(&form).is_some_and(OpenForm::in_use) {
                self.request(now, ToServer::Leave { form }, Pending::Plain);
            }
        }
    }

    pub(super) fn open(&mut self, form: FormKey) -> Result<&mut OpenForm, Problem> {
        self.forms
            .get_mut(&form)
            .ok_or_else(|| Problem::new(Code::NotJoined, "This form is not open."))
    }

    fn tell_branch(&mut self, form: FormKey, why: &str) {
        if let Some(open) = self.forms.get(&form) {
            let texts = open.branch.texts().iter().map(HeldText::shown).collect();
            let why = why.into();
            self.update(form, &FormUpdate::Branch { why, texts });
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
