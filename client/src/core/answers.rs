//! What the server says goes to whoever it is for.

use baton_protocol::desktop::{BegunSignIn, UiEvent};
use baton_protocol::message::{Answer, AnyReply, Problem, ToClient};

use super::{Core, Pending, Reply};

impl Core {
    pub(super) fn received(&mut self, message: ToClient) {
        self.connection.heard(self.clock.now);
        match message {
            ToClient::Welcome {
                session,
                heartbeat_ms,
                silence_ms,
                sign_in,
                ..
            } => {
                self.set_sign_in_options(&sign_in);
                self.welcomed(session, heartbeat_ms, silence_ms);
            }
            ToClient::Answer { id, answer } => self.answered(id, answer),
            ToClient::Refused { id, problem } => self.refused(id, problem),
            ToClient::Event { seq, topic, event } => self.on_topics(|topics, cx| topics.event(cx, seq, topic, event)),
            ToClient::Presence { entity, row } => self.on_topics(|topics, cx| topics.editing(cx, entity, row)),
            ToClient::Form { form, notice } => self.on_forms(|forms, cx| forms.notice(cx, form, notice)),
            ToClient::LiveChanged { seq, change } => self.on_topics(|topics, cx| topics.live_changed(cx, seq, change)),
            ToClient::DraftsChanged => self.on_topics(|topics, cx| topics.ask_for_drafts(cx)),
            ToClient::NotificationsChanged => self.emit(UiEvent::NotificationsChanged),
            ToClient::FavouritesChanged => self.emit(UiEvent::FavouritesChanged),
            ToClient::RightsChanged { rights } => self.rights_changed(rights),
            ToClient::Personal(notice) => self.emit(UiEvent::Personal(notice)),
            // That it was heard is all there is to it.
            ToClient::Working => {}
            ToClient::Resync => {
                tracing::info!("too much was missed; asking for everything again");
                self.ask_again();
            }
        }
    }

    fn answered(&mut self, id: u64, answer: Answer) {
        let Some(pending) = self.connection.answered(self.clock.now, id) else {
            return;
        };
        match (pending, answer) {
            (Pending::BeginProviderSignIn(caller), Answer::ProviderSignIn { attempt, address }) => {
                self.reply(caller, Reply::Begun(BegunSignIn { attempt, address }));
            }
            (Pending::SecondFactor(caller), Answer::NewSecondFactor(factor)) => {
                self.reply(caller, Reply::NewSecondFactor(factor));
            }
            (
                Pending::SecondFactor(caller),
                Answer::SecondFactorSet {
                    account,
                    rights,
                    recovery,
                },
            ) => {
                self.signed_in(account, rights);
                self.reply(caller, Reply::RecoveryCodes(recovery));
            }
            (Pending::RevokeToken(token), _) => self.sign_in.token_revoked(&token),
            (Pending::SignOut(caller, token), _) => {
                if let Some(token) = token {
                    self.sign_in.token_revoked(&token);
                }
                self.signed_out(None);
                self.reply(caller, Reply::Done);
            }
            (Pending::Query(caller, query), Answer::Reply(reply)) => self.query_answered(caller, &query, reply),
            (Pending::Query(caller, _), _) => self.refuse(caller, Problem::unexpected_answer()),
            (Pending::Request(caller), _) => self.reply(caller, Reply::Done),
            (Pending::Watch(topic), Answer::Watching { seq, snapshot }) => {
                self.on_topics(|topics, cx| topics.watching(cx, topic, seq, snapshot));
            }
            (Pending::Rows(topic), Answer::Reply(AnyReply::GetRows(rows))) => {
                self.on_topics(|topics, cx| topics.rows(cx, topic, rows));
            }
            (Pending::Comment(form, comment), _) => self.comment_answered(form, comment, None),
            (Pending::DeleteLater(form), _) => self.on_forms(|forms, cx| forms.deletion_answered(cx, form, None)),
            (Pending::Watch(topic), Answer::CaughtUp { seq, events, editing }) => {
                self.on_topics(|topics, cx| topics.caught_up(cx, topic, seq, events, editing));
            }
            (Pending::Join(form), Answer::Joined(view)) => {
                self.on_forms(|forms, cx| forms.joined(cx, form, *view));
            }
            (Pending::Form(form, op), answer) => self.forms.answered(form, op, &answer),
            (
                pending,
                Answer::SignedIn {
                    account,
                    rights,
                    token,
                    lasts,
                },
            ) => self.sign_in_answered(pending, (account, rights), (token, lasts)),
            (pending, _) => tracing::debug!(?pending, "an answer that nothing depends on"),
        }
    }

    fn refused(&mut self, id: Option<u64>, problem: Problem) {
        let now = self.clock.now;
        let Some(pending) = id.and_then(|id| self.connection.answered(now, id)) else {
            tracing::warn!(%problem, "the server refused something that nobody waits for");
            return;
        };
        match pending {
            Pending::Hello => self.greeting_refused(&problem),
            Pending::SignIn { caller, .. }
            | Pending::BeginProviderSignIn(caller)
            | Pending::NewToken(caller)
            | Pending::SecondFactor(caller)
            | Pending::SignOut(caller, _)
            | Pending::Query(caller, _)
            | Pending::Request(caller) => {
                self.refuse(caller, problem);
            }
            Pending::UseToken | Pending::FirstSignIn(_) => self.sign_in_refused(&problem),
            Pending::Watch(topic) => self.on_topics(|topics, cx| topics.watch_refused(cx, topic, problem)),
            Pending::Join(form) => self.on_forms(|forms, cx| forms.join_refused(cx, form, problem)),
            Pending::Form(form, op) => self.on_forms(|forms, cx| forms.refused(cx, form, op, problem)),
            Pending::Control(form) => self.on_forms(|forms, cx| forms.control_refused(cx, form, problem)),
            Pending::Comment(form, comment) => self.comment_answered(form, comment, Some(problem)),
            Pending::DeleteLater(form) => {
                self.on_forms(|forms, cx| forms.deletion_answered(cx, form, Some(problem)));
            }
            Pending::Rows(_) | Pending::RevokeToken(_) | Pending::FireAndForget => tracing::debug!(%problem, "refused"),
        }
    }
}
