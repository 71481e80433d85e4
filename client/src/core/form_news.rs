//! What the server says about open forms: pictures, notices, answers and refusals.

use std::time::Duration;

use baton_locales::t;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::{Alert, FormUpdate, UiEvent};
use baton_protocol::form::{FormCommand, FormSnapshot, Notice};
use baton_protocol::id::{FormKey, UserId};
use baton_protocol::message::{Answer, Code, Problem, ToServer};
use baton_protocol::rights::Right;

use crate::language::joined;

use super::open_form::{Join, OpenForm, Sent, Source};
use super::steps::Step;
use super::{Core, Effect, Now, Pending};

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

impl Core {
    /// Who is signed in, as far as this computer knows.
    pub(super) fn me(&self) -> Option<UserId> {
        self.account.as_ref().map(|account| account.person.id)
    }

    pub(super) fn control_refused(&mut self, form: FormKey, problem: Problem) {
        self.update(form, &FormUpdate::Refused(problem));
    }

    pub(super) fn joined(&mut self, now: Now, form: FormKey, view: FormSnapshot) {
        let me = self.me();
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        open.join.answered();
        open.rev = view.rev;
        // The answer to the operation under way may have been lost with the connection.
        if let Some(op) = view.last_op {
            open.finish(op);
        }
        let lost = if open.continues(&view) {
            false
        } else {
            open.move_to_pending(true)
        };
        let before = open.view.as_ref().filter(|_| !open.is_local());
        let lost_to = lost_to(before, &view, me);
        open.stale = false;
        open.source = Source::Server;
        open.late.clear();
        open.blocked = view.gone.is_some() || view.me.is_none();
        let can_edit = view.can_edit();
        let before = open.view.replace(view);
        open.replaced(before);
        self.cache_form(form);
        if let Some(open) = self.forms.get_mut(&form) {
            open.reapply();
        }
        self.send_deletion(now, form);
        self.merge_pending(form);
        self.drop_needless_save(form);
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
        if open.pending_edits.is_empty() {
            if lost {
                self.show_pending_edits(form, "");
            }
            return;
        }
        let why = match (can_edit, lost) {
            (true, _) => t::engine::choose_what_stays_after(self.who_changed(form)),
            (false, _) if !open.blocked && open.pending_edits.auto_merge() => t::engine::goes_in_at_your_turn(lost_to),
            (false, true) => t::engine::last_typed_did_not_arrive(lost_to),
            (false, false) => t::engine::what_you_typed_before().into(),
        };
        self.show_pending_edits(form, &why);
    }

    /// A save that waited is not carried out over what somebody else typed.
    pub(super) fn tell_not_saved(&mut self, form: FormKey) {
        let Some(open) = self.forms.get(&form) else {
            return;
        };
        let view = open.view.as_ref();
        let title = view.map_or(t::engine::the_record(), |view| view.title());
        let text = if open.pending_edits.is_empty() {
            let me = self.me();
            let authors = view.map(|view| view.draft.authors()).unwrap_or_default();
            let others: Vec<&str> = authors
                .into_iter()
                .filter(|author| Some(author.id) != me)
                .map(|author| author.name.as_str())
                .collect();
            t::engine::not_saved_changes_of(title, joined(&others))
        } else {
            t::engine::not_saved_differs(title)
        };
        self.effects.push(Effect::Emit(UiEvent::Toast(text)));
    }

    /// Who changed what the viewer's own text is about, as far as it is known.
    fn who_changed(&self, form: FormKey) -> String {
        let me = self.me();
        let open = self.forms.get(&form);
        let view = open.and_then(|open| open.view.as_ref());
        let fields = open.into_iter().flat_map(|open| open.pending_edits.texts());
        let mut authors = fields.filter_map(|text| Some(&view?.draft.fields.get(&text.field)?.author));
        match authors.next() {
            // In another window, or here before the connection broke for the second time.
            Some(author) if Some(author.id) == me => t::engine::you_typed_two_different().into(),
            Some(author) => t::engine::changed_the_same(&author.name),
            None => t::engine::the_form_says_something().into(),
        }
    }

    /// Says again which field the viewer is in, to a server that may have forgotten.
    fn tell_field(&mut self, now: Now, form: FormKey) {
        let field = self.forms.get(&form).and_then(|open| open.field.clone());
        if field.is_some() {
            self.request(
                now,
                ToServer::Form {
                    form,
                    command: FormCommand::Focus { field },
                },
                Pending::FireAndForget,
            );
        }
    }

    pub(super) fn join_refused(&mut self, now: Now, form: FormKey, problem: Problem) {
        let in_background = self.forms.get(&form).is_some_and(|open| !open.is_open());
        if in_background && matches!(problem.code, Code::Internal | Code::Busy) {
            // For now only: what waits goes on waiting.
            if let Some(open) = self.forms.get_mut(&form) {
                open.join = Join::NotAsked;
            }
            self.joins_again = Some(now + JOINS_AGAIN);
            return;
        }
        let seen = self.forms.get(&form).is_some_and(|open| open.view.is_some());
        if seen && problem.code == Code::Internal {
            // Its picture would go stale in silence; a new connection asks for everything again.
            self.disconnected(now, problem.message.to_string());
            return;
        }
        let entity = self.forms.get(&form).and_then(OpenForm::entity);
        let closed = entity.filter(|entity| problem.code == Code::NotFound && !self.rights.may(Right::View(*entity)));
        let problem = match closed {
            Some(entity) => self.explain_no_access(entity, problem),
            None => problem,
        };
        if let Some(open) = self.forms.get_mut(&form) {
            open.join.answered();
            open.stale |= open.view.is_some();
            let removal = open.remove_later.take();
            open.save_later = false;
            open.discard_later = None;
            open.move_to_pending(false);
            open.pending_edits.stop();
            let keeps = !open.pending_edits.is_empty();
            if removal.is_some() {
                let told = UiEvent::Toast(problem.message.to_string());
                self.effects.push(Effect::Emit(told));
            }
            if keeps {
                self.show_pending_edits(form, &t::engine::kept_here_after(&problem.message));
            }
        }
        if closed.is_some() {
            if let Some(open) = self.forms.get_mut(&form) {
                open.view = None;
            }
            self.update(form, &FormUpdate::Closed(problem));
        } else {
            self.update(form, &FormUpdate::Refused(problem));
        }
        self.close_if_done(now, form);
    }

    pub(super) fn notice(&mut self, now: Now, form: FormKey, notice: Notice) {
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if open.is_local() {
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
        if open.join == Join::Asked && drafts {
            // It is in the picture that comes; the one that is shown is behind from now on, unless it
            // shows this already.
            let shown = match &notice {
                Notice::Changed { rev, by, .. } => view.me == Some(*by) && *rev <= open.rev,
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
            open.stale |= !shown;
            return;
        }
        let could_edit = view.can_edit();
        let replaces = matches!(notice, Notice::Saved { .. } | Notice::Replaced { .. });
        let before = replaces.then(|| view.clone());
        // An own change comes back after its answer; one that was never answered is not shown here.
        let unknown = matches!(&notice, Notice::Changed { rev, by, .. } if view.me == Some(*by) && *rev > open.rev);
        if unknown || view.apply(&notice).is_err() {
            tracing::warn!(%form, "a notice was missed; asking for the whole form");
            open.stale |= unknown;
            self.ask_to_join(now, form);
            return;
        }
        open.rev = open.rev.max(view.rev);
        open.uncached |= drafts;
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
            open.replaced(before);
            self.show_again(form);
            self.cache_form(form);
        }
        self.alert(form, &notice, could_edit);
        self.update(form, &FormUpdate::Notice(notice));
        if can_edit && !could_edit {
            if let Some(open) = self.forms.get_mut(&form) {
                open.late.clear();
            }
            self.take_turn(form);
        }
        self.drop_needless_save(form);
        self.pump(now, form);
    }

    /// What its person should notice also where the form is not before their eyes.
    fn alert(&mut self, form: FormKey, notice: &Notice, could_edit: bool) {
        let Some(open) = self.forms.get(&form) else {
            return;
        };
        let (Some(window), Some(view)) = (open.writer, open.view.as_ref().filter(|view| view.can_edit())) else {
            return;
        };
        let title = view.title().to_owned();
        let alert = if let Notice::Asked { ask: Some(ask), .. } = notice {
            let by = ask.person.name.clone();
            Alert::Asked { form, title, by }
        } else if !could_edit {
            Alert::Promoted { form, title }
        } else {
            return;
        };
        self.effects.push(Effect::EmitTo(window, UiEvent::Alert(alert)));
    }

    fn drop_needless_save(&mut self, form: FormKey) {
        let me = self.me();
        if let Some(open) = self.forms.get_mut(&form) {
            open.drop_needless_save(me);
        }
    }

    /// The viewer may edit now: what they typed before goes into the form.
    fn take_turn(&mut self, form: FormKey) {
        let waits = |open: &OpenForm| !open.pending_edits.is_empty() || open.save_later || open.discard_later.is_some();
        if !self.forms.get(&form).is_some_and(waits) {
            return;
        }
        self.merge_pending(form);
        self.show_again(form);
        self.to_tell.insert(form);
        let left = self.forms.get(&form).is_some_and(|open| !open.pending_edits.is_empty());
        let why = if left {
            t::engine::choose_what_stays_after(self.who_changed(form))
        } else {
            String::new()
        };
        self.show_pending_edits(form, &why);
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
        if open.operation.under_way().is_none_or(|(under_way, _)| under_way != op) {
            // A late answer to an operation that was sent again and answered since.
            return;
        }
        tracing::info!(%form, %problem, "the server refused an operation");
        match problem.code {
            // What is shown already must come true: the next connection asks for it once more.
            Code::Internal if open.steps.front().is_some_and(Step::is_shown) => {
                self.disconnected(now, problem.message.to_string())
            }
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
                open.stale |= open.steps.iter().any(Step::is_shown);
                let again = matches!(
                    problem.code,
                    Code::NotOwner | Code::NotJoined | Code::StaleFence | Code::StaleRev | Code::SignInNeeded
                );
                if open.move_to_pending(again) {
                    self.show_pending_edits(form, &t::engine::kept_here_after(&problem.message));
                }
                self.update(form, &FormUpdate::Refused(problem));
                self.to_tell.insert(form);
                self.ask_to_join(now, form);
            }
        }
    }
}
