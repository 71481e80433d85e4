//! What the server says about open forms: pictures, notices, answers and refusals.

use std::time::Duration;

use baton_locales::t;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::{Alert, FormUpdate, UiEvent};
use baton_protocol::form::{FormCommand, FormSnapshot, Notice};
use baton_protocol::id::{FormKey, OpId, UserId};
use baton_protocol::message::{Answer, Code, Problem, ToServer};
use baton_protocol::rights::Right;

use super::Forms;
use super::displayed::{Displayed, Source};
use super::open_form::{Join, OpenForm};
use super::steps::Step;
use crate::core::context::Context;
use crate::core::topics::explain_no_access;
use crate::core::{Effect, Pending};

/// After how long forms that nobody looks at are joined again, if the server refused one for now.
const JOINS_AGAIN: Duration = Duration::from_secs(1);

/// What happened to the form while its viewer was away. It names somebody only for what they did.
fn lost_to(before: Option<&FormSnapshot>, now: &FormSnapshot, me: Option<UserId>) -> String {
    match (&now.gone, now.owner()) {
        (Some(gone), _) => {
            let you = if Some(gone.stamp.by.id) == me { "yes" } else { "no" };
            match gone.how {
                DeletionKind::Archived => t::engine::gone_archived(you, &gone.stamp.by.name),
                DeletionKind::Deleted => t::engine::gone_deleted(you, &gone.stamp.by.name),
            }
        }
        (None, Some(owner)) if !now.can_edit() => {
            let had_it = before.is_some_and(FormSnapshot::can_edit);
            match (Some(owner.person.id) == me, owner.reserved_ms) {
                (true, Some(_)) => t::engine::your_earlier_connection_still().into(),
                (true, None) => t::engine::you_are_editing_in().into(),
                (false, _) if had_it => t::engine::took_over_while_away(&owner.person.name),
                (false, _) => t::engine::is_editing(&owner.person.name),
            }
        }
        (None, Some(_) | None) => t::engine::the_form_changed_while().into(),
    }
}

impl Forms {
    /// The server answered the joining of a form.
    pub(in crate::core) fn joined(&mut self, cx: &mut Context, form: FormKey, view: FormSnapshot) {
        if let Some(open) = self.all.get_mut(&form) {
            open.joined(cx, view);
        }
    }

    pub(in crate::core) fn join_refused(&mut self, cx: &mut Context, form: FormKey, problem: Problem) {
        let Some(open) = self.all.get_mut(&form) else {
            return;
        };
        if !open.windows.is_open() && matches!(problem.code, Code::Internal | Code::Busy) {
            // For now only: what waits goes on waiting.
            open.join = Join::NotAsked;
            self.joins_again = Some(cx.clock.now + JOINS_AGAIN);
        } else if open.displayed.is_some() && problem.code == Code::Internal {
            cx.give_up_connection(problem.message.to_string());
        } else {
            open.join_refused(cx, problem);
        }
    }

    pub(in crate::core) fn notice(&mut self, cx: &mut Context, form: FormKey, notice: Notice) {
        if let Some(open) = self.all.get_mut(&form) {
            open.notice(cx, notice);
        }
    }

    /// The server answered an operation of a form.
    pub(in crate::core) fn answered(&mut self, form: FormKey, op: OpId, answer: &Answer) {
        if let Some(open) = self.all.get_mut(&form)
            && open.unsent.finish(op)
        {
            if let (Answer::Accepted { rev }, Some(displayed)) = (answer, &mut open.displayed) {
                displayed.rev = displayed.rev.max(*rev);
            }
            if let Answer::Saved { version } = answer {
                open.saved = open.saved.max(*version);
            }
        }
    }

    pub(in crate::core) fn refused(&mut self, cx: &mut Context, form: FormKey, op: OpId, problem: Problem) {
        if let Some(open) = self.all.get_mut(&form) {
            open.refused(cx, op, problem);
        }
    }

    /// The server refused something that a spectator asked for.
    pub(in crate::core) fn control_refused(&mut self, cx: &mut Context, form: FormKey, problem: Problem) {
        if let Some(open) = self.all.get_mut(&form) {
            open.update(cx, &FormUpdate::Refused(problem));
        }
    }

    /// The server answered the deletion of a record that was deleted without it.
    pub(in crate::core) fn deletion_answered(&mut self, cx: &mut Context, form: FormKey, refused: Option<Problem>) {
        if let Some(open) = self.all.get_mut(&form) {
            open.deletion_answered(cx, refused);
        }
    }
}

impl OpenForm {
    fn joined(&mut self, cx: &mut Context, view: FormSnapshot) {
        self.join.answered();
        // The answer to the operation under way may have been lost with the connection.
        if let Some(op) = view.last_op {
            self.unsent.finish(op);
        }
        let lost = !self.continues(&view) && self.defer_unsent(true);
        let before = self.view().filter(|_| !self.is_local());
        let lost_to = lost_to(before, &view, cx.me());
        self.shown.late.clear();
        self.deferred.blocked = view.gone.is_some() || view.me.is_none();
        let can_edit = view.can_edit();
        let source = Source::Server { uncached: false };
        let before = self.displayed.replace(Displayed::new(view, source));
        self.shown.replaced(before.map(|before| before.view));
        self.cache(cx);
        self.show_unsent();
        self.send_deletion(cx);
        self.merge_pending(cx);
        self.show_again();
        self.emit_outcome(cx, lost, can_edit, &lost_to);
        self.send_focus(cx);
    }

    /// Whether the unacknowledged steps were made for this snapshot: the viewer kept its place, or got
    /// the place back before anybody changed anything (semantics 5.4).
    fn continues(&self, view: &FormSnapshot) -> bool {
        let untouched = |seen: &FormSnapshot| {
            (seen.me == view.me && seen.fence == view.fence) || (seen.rev == view.rev && seen.version == view.version)
        };
        let is_good = |seen: &Displayed| untouched(&seen.view) && !seen.is_stale() && !seen.is_local();
        view.can_edit() && self.displayed.as_ref().is_none_or(is_good)
    }

    /// Shows the viewer's unacknowledged steps on top of what the server knows.
    fn show_unsent(&mut self) {
        if let Some(displayed) = &mut self.displayed {
            self.unsent.show(&mut displayed.view);
        }
    }

    /// Says what became of what was typed and did not arrive.
    fn emit_outcome(&mut self, cx: &mut Context, lost: bool, can_edit: bool, lost_to: &str) {
        if self.deferred.edits.is_empty() {
            if lost {
                self.emit_pending_edits(cx, "");
            }
            return;
        }
        let goes_in_later = !self.deferred.blocked && self.deferred.edits.auto_merge();
        let why = match (can_edit, lost) {
            (true, _) => t::engine::choose_what_stays_after(self.who_changed(cx.me())),
            (false, _) if goes_in_later => t::engine::goes_in_at_your_turn(lost_to),
            (false, true) => t::engine::last_typed_did_not_arrive(lost_to),
            (false, false) => t::engine::what_you_typed_before().into(),
        };
        self.emit_pending_edits(cx, &why);
    }

    /// Says again which field the viewer is in, to a server that may have forgotten.
    fn send_focus(&self, cx: &mut Context) {
        let field = self.windows.field.clone();
        if field.is_some() {
            let (form, command) = (self.key, FormCommand::Focus { field });
            cx.request(ToServer::Form { form, command }, Pending::FireAndForget);
        }
    }

    fn join_refused(&mut self, cx: &mut Context, problem: Problem) {
        let closed = self
            .entity()
            .filter(|entity| problem.code == Code::NotFound && !cx.rights().may(Right::View(*entity)));
        let problem = match closed {
            Some(entity) => explain_no_access(cx, entity, problem),
            None => problem,
        };
        self.join.answered();
        self.make_stale();
        self.deferred.save = false;
        self.deferred.discard = None;
        self.defer_unsent(false);
        self.deferred.edits.stop();
        if self.deferred.remove.take().is_some() {
            cx.emit(UiEvent::Toast(problem.message.to_string()));
        }
        if !self.deferred.edits.is_empty() {
            self.emit_pending_edits(cx, &t::engine::kept_here_after(&problem.message));
        }
        if closed.is_some() {
            self.displayed = None;
            self.update(cx, &FormUpdate::Closed(problem));
        } else {
            self.update(cx, &FormUpdate::Refused(problem));
        }
    }

    fn notice(&mut self, cx: &mut Context, notice: Notice) {
        // Instead of this computer's own snapshot the server's is on its way, with everything in it.
        let Some(displayed) = self.displayed.as_mut().filter(|displayed| !displayed.is_local()) else {
            return;
        };
        let Displayed { view, rev, .. } = displayed;
        let is_of_draft = matches!(
            notice,
            Notice::Changed { .. } | Notice::Replaced { .. } | Notice::Saved { .. } | Notice::Invalid { .. }
        );
        if self.join == Join::Asked && is_of_draft {
            // It is in the snapshot that comes; the one that is shown is behind from now on, unless it
            // shows this already.
            let is_shown = match &notice {
                Notice::Changed { rev: changed, by, .. } => view.me == Some(*by) && changed <= rev,
                Notice::Invalid { .. } => true,
                Notice::Editors { .. }
                | Notice::Commented
                | Notice::Viewers { .. }
                | Notice::Asked { .. }
                | Notice::OwnershipTransferred(_)
                | Notice::Focus { .. }
                | Notice::Replaced { .. }
                | Notice::Saved { .. }
                | Notice::Redefined
                | Notice::Removed { .. } => false,
            };
            if !is_shown {
                self.make_stale();
            }
            return;
        }
        let could_edit = view.can_edit();
        let replaces = matches!(notice, Notice::Saved { .. } | Notice::Replaced { .. });
        let before = replaces.then(|| view.clone());
        // An own change comes back after its answer; one that was never answered is not shown here.
        let is_unknown = matches!(
            &notice,
            Notice::Changed { rev: changed, by, .. } if view.me == Some(*by) && changed > rev
        );
        if is_unknown || view.apply(&notice).is_err() {
            tracing::warn!(form = %self.key, "a notice was missed; asking for the whole form");
            if is_unknown {
                self.make_stale();
            }
            return self.ask_to_join(cx);
        }
        *rev = (*rev).max(view.rev);
        self.deferred.blocked = view.gone.is_some() || view.me.is_none();
        let can_edit = view.can_edit();
        if is_of_draft {
            self.set_uncached(true);
        }
        if could_edit && !can_edit {
            // The new owner's snapshot is the server's, without what is unaccepted here.
            self.update(cx, &FormUpdate::Notice(notice));
            return self.ask_to_join(cx);
        }
        if replaces {
            // What is not answered yet is not in it: an answer comes before its notice.
            self.show_unsent();
            self.shown.replaced(before);
            self.show_again();
            self.cache(cx);
        }
        self.alert(cx, &notice, could_edit);
        self.update(cx, &FormUpdate::Notice(notice));
        if can_edit && !could_edit {
            self.shown.late.clear();
            self.take_turn(cx);
        }
    }

    /// What its person should notice also where the form is not before their eyes.
    fn alert(&self, cx: &mut Context, notice: &Notice, could_edit: bool) {
        let view = self.view().filter(|view| view.can_edit());
        let (Some(window), Some(view)) = (self.windows.writer(), view) else {
            return;
        };
        let (form, title) = (self.key, view.title().to_owned());
        let alert = if let Notice::Asked { ask: Some(ask), .. } = notice {
            let by = ask.person.name.clone();
            Alert::Asked { form, title, by }
        } else if !could_edit {
            Alert::Promoted { form, title }
        } else {
            return;
        };
        cx.push(Effect::EmitTo(window, UiEvent::Alert(alert)));
    }

    /// The viewer may edit now: what they typed before goes into the form.
    fn take_turn(&mut self, cx: &mut Context) {
        let deferred = &self.deferred;
        if deferred.edits.is_empty() && !deferred.save && deferred.discard.is_none() {
            return;
        }
        self.merge_pending(cx);
        self.show_again();
        let why = if self.deferred.edits.is_empty() {
            String::new()
        } else {
            t::engine::choose_what_stays_after(self.who_changed(cx.me()))
        };
        self.emit_pending_edits(cx, &why);
    }

    /// The server refused an operation.
    fn refused(&mut self, cx: &mut Context, op: OpId, problem: Problem) {
        if self
            .unsent
            .operation()
            .under_way()
            .is_none_or(|(under_way, _)| under_way != op)
        {
            // A late answer to an operation that was sent again and answered since.
            return;
        }
        tracing::info!(form = %self.key, %problem, "the server refused an operation");
        match problem.code {
            // What is shown already must come true: the next connection asks for it once more.
            Code::Internal if self.unsent.steps().front().is_some_and(Step::is_shown) => {
                cx.give_up_connection(problem.message.to_string());
            }
            Code::Invalid | Code::StaleVersion | Code::NotHere | Code::Internal => {
                self.unsent.finish(op);
                let look_again = problem.code == Code::StaleVersion;
                self.update(cx, &FormUpdate::Refused(problem));
                if look_again {
                    self.ask_to_join(cx);
                }
            }
            // Not the owner, or another snapshot than the server's: keep the text, look again.
            Code::NotOwner
            | Code::NotJoined
            | Code::StaleFence
            | Code::StaleRev
            | Code::Gone
            | Code::BadChange
            | Code::NotFound
            | Code::Forbidden
            | Code::SignInNeeded
            | Code::PasswordNeeded
            | Code::SecondFactorMissing
            | Code::SecondFactorNeeded
            | Code::Cancelled
            | Code::AskedAlready
            | Code::Malformed
            | Code::TooLarge
            | Code::WrongVersion
            | Code::Greeting
            | Code::BadCredentials
            | Code::Busy
            | Code::Offline
            | Code::Unsaved => {
                // Also what comes after the refused step will not be sent.
                if self.unsent.is_shown() {
                    self.make_stale();
                }
                let again = matches!(
                    problem.code,
                    Code::NotOwner | Code::NotJoined | Code::StaleFence | Code::StaleRev | Code::SignInNeeded
                );
                if self.defer_unsent(again) {
                    self.emit_pending_edits(cx, &t::engine::kept_here_after(&problem.message));
                }
                self.update(cx, &FormUpdate::Refused(problem));
                self.ask_to_join(cx);
            }
        }
    }
}
