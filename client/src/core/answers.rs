//! What the server says goes to whoever it is for.

use std::time::Duration;

use baton_protocol::desktop::{self, BegunSignIn, UiEvent};
use baton_protocol::id::SessionId;
use baton_protocol::message::{Answer, AnyReply, Problem, ToClient, ToServer};
use baton_protocol::person::{Account, Secret, SignInLifetime};
use baton_protocol::rights::Rights;

use super::link::LinkState;
use super::{Core, Effect, Now, Pending, Reply};

impl Core {
    pub(super) fn received(&mut self, now: Now, message: ToClient) {
        self.link.heard(now);
        match message {
            ToClient::Welcome {
                session,
                heartbeat_ms,
                silence_ms,
                sign_in,
                ..
            } => {
                self.set_sign_in_options(sign_in);
                self.welcomed(now, session, heartbeat_ms, silence_ms);
            }
            ToClient::Answer { id, answer } => self.answered(now, id, answer),
            ToClient::Refused { id, problem } => self.refused(now, id, problem),
            ToClient::Event { seq, topic, event } => self.event(now, seq, topic, event),
            ToClient::Presence { entity, row } => self.editing(entity, row),
            ToClient::Form { form, notice } => self.notice(now, form, notice),
            ToClient::LiveChanged { seq, change } => self.live_changed(now, seq, change),
            ToClient::DraftsChanged => self.ask_for_drafts(now),
            ToClient::NotificationsChanged => self.effects.push(Effect::Emit(UiEvent::NotificationsChanged)),
            ToClient::RightsChanged { rights } => self.rights_changed(now, rights),
            ToClient::Personal(notice) => self.effects.push(Effect::Emit(UiEvent::Personal(notice))),
            // That it was heard is all there is to it.
            ToClient::Working => {}
            ToClient::Resync => self.resync(now),
        }
    }

    fn welcomed(&mut self, now: Now, session: SessionId, heartbeat_ms: u64, silence_ms: u64) {
        self.pending.retain(|_, pending| !matches!(pending, Pending::Hello));
        self.session = Some(session);
        if self.kept.session != self.session {
            self.kept.session = self.session;
            self.keep();
        }
        let heartbeat = Duration::from_millis(heartbeat_ms);
        self.link = LinkState::live(now, heartbeat, Duration::from_millis(silence_ms));
        self.emit_link(now);
        self.send_revocations(now);
        match self.kept.token.clone() {
            Some(token) => {
                let token = token.into();
                self.request(now, ToServer::UseToken { token }, Pending::UseToken);
            }
            None => match self.first_sign_in.clone() {
                Some(desktop::SignIn { email, password, .. }) => {
                    let pending = Pending::FirstSignIn(email.clone());
                    self.request(now, ToServer::sign_in(email, password.into()), pending);
                }
                None => self.set_account(None, None),
            },
        }
    }

    fn answered(&mut self, now: Now, id: u64, answer: Answer) {
        let Some(pending) = self.pending.remove(&id) else {
            return;
        };
        self.time_answer(now, id);
        match (pending, answer) {
            (Pending::BeginProviderSignIn(caller), Answer::ProviderSignIn { attempt, address }) => {
                let begun = BegunSignIn { attempt, address };
                self.effects.push(Effect::Reply(caller, Ok(Reply::Begun(begun))));
            }
            (Pending::SecondFactor(caller), Answer::NewSecondFactor(factor)) => {
                self.effects
                    .push(Effect::Reply(caller, Ok(Reply::NewSecondFactor(factor))));
            }
            (
                Pending::SecondFactor(caller),
                Answer::SecondFactorSet {
                    account,
                    rights,
                    recovery,
                },
            ) => {
                self.signed_in(now, account, rights);
                self.effects
                    .push(Effect::Reply(caller, Ok(Reply::RecoveryCodes(recovery))));
            }
            (Pending::RevokeToken(token), _) => self.token_revoked(&token),
            (Pending::SignOut(caller, token), _) => {
                if let Some(token) = token {
                    self.token_revoked(&token);
                }
                self.signed_out();
                self.effects.push(Effect::Reply(caller, Ok(Reply::Done)));
            }
            (Pending::Query(caller, query), Answer::Reply(reply)) => self.query_answered(caller, &query, reply),
            (Pending::Query(caller, _), _) => self.refuse(caller, Problem::unexpected_answer()),
            (Pending::Request(caller), _) => self.effects.push(Effect::Reply(caller, Ok(Reply::Done))),
            (Pending::Watch(topic), Answer::Watching { seq, snapshot }) => self.watching(now, topic, seq, snapshot),
            (Pending::Rows(topic), Answer::Reply(AnyReply::GetRows(rows))) => self.rows(now, topic, rows),
            (Pending::RemoveLater(form), _) => self.removed_later(now, form, None),
            (Pending::Watch(topic), Answer::CaughtUp { seq, events, editing }) => {
                self.caught_up(now, topic, seq, events, editing);
            }
            (Pending::Join(form), Answer::Joined(view)) => self.joined(now, form, *view),
            (Pending::Form(form, sent), answer) => self.form_answered(now, form, sent, &answer),
            (
                pending,
                Answer::SignedIn {
                    account,
                    rights,
                    token,
                    lasts,
                },
            ) => self.sign_in_answered(now, pending, (account, rights), (token, lasts)),
            (pending, _) => tracing::debug!(?pending, "an answer that nothing depends on"),
        }
    }

    /// Somebody is signed in, in whatever way that was asked for.
    fn sign_in_answered(
        &mut self,
        now: Now,
        pending: Pending,
        (account, rights): (Account, Rights),
        (token, lasts): (Option<Secret>, SignInLifetime),
    ) {
        let caller = match pending {
            Pending::SignIn { caller, email } => {
                self.store_sign_in(email, token, lasts);
                Some(caller)
            }
            Pending::NewToken(caller) => {
                self.store_sign_in(account.email.clone(), token, lasts);
                Some(caller)
            }
            Pending::FirstSignIn(email) => {
                self.first_sign_in = None;
                self.store_sign_in(email, token, lasts);
                None
            }
            Pending::UseToken => {
                self.first_sign_in = None;
                let token = token.or_else(|| self.kept.token.clone().map(Secret));
                // An admin may have given them another address since.
                self.store_sign_in(account.email.clone(), token, lasts);
                None
            }
            other @ (Pending::Hello
            | Pending::BeginProviderSignIn(_)
            | Pending::SecondFactor(_)
            | Pending::SignOut(..)
            | Pending::RevokeToken(_)
            | Pending::Query(..)
            | Pending::Request(_)
            | Pending::Watch(_)
            | Pending::Rows(_)
            | Pending::RemoveLater(_)
            | Pending::Join(_)
            | Pending::Form(..)
            | Pending::Control(_)
            | Pending::FireAndForget) => return tracing::debug!(?other, "a sign-in that nobody asked for"),
        };
        self.signed_in(now, account.clone(), rights);
        let reply = |caller| Effect::Reply(caller, Ok(Reply::Account(account)));
        self.effects.extend(caller.map(reply));
    }

    fn refused(&mut self, now: Now, id: Option<u64>, problem: Problem) {
        if let Some(id) = id {
            self.time_answer(now, id);
        }
        let Some(pending) = id.and_then(|id| self.pending.remove(&id)) else {
            tracing::warn!(%problem, "the server refused something that nobody waits for");
            return;
        };
        match pending {
            Pending::Hello => self.greeting_refused(now, &problem),
            Pending::SignIn { caller, .. }
            | Pending::BeginProviderSignIn(caller)
            | Pending::NewToken(caller)
            | Pending::SecondFactor(caller)
            | Pending::SignOut(caller, _)
            | Pending::Query(caller, _)
            | Pending::Request(caller) => {
                self.refuse(caller, problem);
            }
            Pending::UseToken | Pending::FirstSignIn(_) => self.sign_in_refused(now, &problem),
            Pending::Watch(topic) => self.watch_refused(now, topic, problem),
            Pending::Join(form) => self.join_refused(now, form, problem),
            Pending::Form(form, sent) => self.form_refused(now, form, sent, problem),
            Pending::Control(form) => self.control_refused(form, problem),
            Pending::RemoveLater(form) => self.removed_later(now, form, Some(problem)),
            Pending::Rows(_) | Pending::RevokeToken(_) | Pending::FireAndForget => tracing::debug!(%problem, "refused"),
        }
    }
}
