//! Requests to what answers them: one line per message, and the rules that hold for all of them.

use std::sync::Arc;

use baton_locales::{Text, say};
use baton_protocol::codec;
use baton_protocol::form::Command;
use baton_protocol::message::{
    Answer, AnyQuery, AnyReply, Code, PROTOCOL, Problem, Purpose, Repeat, Request, ToClient, ToServer, Topic,
};
use baton_protocol::origin::Origin;
use baton_protocol::rights::{Right, Rights};

use tokio::time::Instant;

use super::sign_in::USED_EVERY;
use super::{Reason, Session};
use crate::groups;
use crate::queries::{activity, comments, drafts, favourites, file, form, inbox, job, list, live, people, spelling};
use crate::rights::SignedIn;

/// What came of one request: the message that answers it, and whether the session goes on.
type Step = (ToClient, Result<(), Reason>);

impl Session {
    pub(super) async fn answer(&mut self, Request { id, body }: Request) -> Step {
        if let ToServer::Hello {
            protocol,
            client,
            computer,
            resume,
        } = body
        {
            return self.greet(id, protocol, &client, computer.as_deref(), resume).await;
        }
        if self.registration.is_none() {
            let problem = Problem::new(Code::Greeting, say::server::the_first_message_must());
            return (ToClient::Refused { id: Some(id), problem }, Err(Reason::ProtocolError));
        }
        if let Err(problem) = self.refresh(is_anybodys(&body)).await {
            return (ToClient::Refused { id: Some(id), problem }, Ok(()));
        }
        let began = Instant::now();
        let purpose = body.purpose();
        self.is_active(purpose);
        // In a box: what it may need is not kept for every connection that is idle.
        let mut answer = Box::pin(self.handle(body)).await;
        if purpose == Purpose::Read
            && let Some(rights) = self.new_rights()
        {
            // What was read is perhaps not theirs any more, and what is told from now on is another thing.
            answer = match self.apply_rights(rights).await {
                Ok(()) => Err(Problem::new(Code::Busy, say::server::what_you_may_see())),
                Err(problem) => Err(problem),
            };
        }
        (self.reply_to(id, began, answer), Ok(()))
    }

    /// The message that answers a request which was begun then, and is counted.
    pub(super) fn reply_to(&self, id: u64, began: Instant, answer: Result<Answer, Problem>) -> ToClient {
        match answer {
            Ok(answer) => {
                if matches!(answer, Answer::Accepted { .. }) {
                    self.app.metrics.acknowledged(began.elapsed());
                }
                ToClient::Answer { id, answer }
            }
            Err(problem) => {
                self.app.metrics.refused(problem.code);
                ToClient::Refused { id: Some(id), problem }
            }
        }
    }

    /// Notes that the person does something, if that is what a message is for.
    pub(super) fn is_active(&self, purpose: Purpose) {
        if let Some(registration) = self.registration.as_ref().filter(|_| purpose == Purpose::Act) {
            registration.is_active(self.app.clock.now());
        }
    }

    async fn greet(
        &mut self,
        id: u64,
        protocol: u32,
        client: &str,
        computer: Option<&str>,
        resume: Option<baton_protocol::id::SessionId>,
    ) -> Step {
        let refuse = |code, message: Text| {
            let problem = Problem::new(code, message);
            (ToClient::Refused { id: Some(id), problem }, Err(Reason::ProtocolError))
        };
        if self.registration.is_some() {
            return refuse(Code::Greeting, say::server::the_greeting_was_exchanged());
        }
        if protocol != PROTOCOL {
            let old = if protocol < PROTOCOL {
                "This program is"
            } else {
                "The server is"
            };
            let message = format!(
                "{old} too old: it speaks version {} of the protocol, the other side version {}. Please update it.",
                protocol.min(PROTOCOL),
                protocol.max(PROTOCOL)
            );
            // Another version may know no messages: it reads plain words.
            return refuse(Code::WrongVersion, message.into());
        }
        if let Some(minimum) = &self.app.config.minimum_desktop
            && !semver::Version::parse(client).is_ok_and(|version| version >= *minimum)
        {
            let message = format!(
                "This server asks for Baton {minimum} or newer, and this is an older one. It updates itself where it \
                 can; otherwise install the new version."
            );
            // Another version may know no messages: it reads plain words.
            return refuse(Code::WrongVersion, message.into());
        }
        // Only what is somebody's place, or a connection that still hangs about, can be gone on with.
        let resume = match resume {
            Some(session) if self.app.sessions.is_live(session) => Some(session),
            Some(session) if self.app.forms.has_place(session).await => Some(session),
            Some(_) | None => None,
        };
        let short = |text: &str| -> String { text.chars().filter(|c| !c.is_control()).take(80).collect() };
        let client = short(client);
        self.origin = Origin {
            address: self.permit.address().map(|address| address.to_string()),
            client: Some(client.clone()),
            computer: computer.map(short),
        };
        let registration = self
            .app
            .sessions
            .register(resume, &self.origin, self.app.clock.now())
            .await;
        tracing::info!(client, resumed = resume.is_some(), address = ?self.permit.address(), "a session began");
        let config = &self.app.config;
        let welcome = ToClient::Welcome {
            protocol: PROTOCOL,
            server: env!("CARGO_PKG_VERSION").into(),
            session: registration.session,
            heartbeat_ms: u64::try_from(config.heartbeat.as_millis()).unwrap_or(u64::MAX),
            silence_ms: u64::try_from(config.limits.grace.as_millis()).unwrap_or(u64::MAX),
            sign_in: self.app.providers.options(config.sign_in_help.clone()),
        };
        self.resumed = resume.is_some();
        self.registration = Some(registration);
        (welcome, Ok(()))
    }

    /// Has the account as it is now. Whose role or password changed since signs in again, for all but what is anybody's
    /// to ask.
    pub(super) async fn refresh(&mut self, is_anybodys: bool) -> Result<(), Problem> {
        let Some(account) = &self.account else {
            return Ok(());
        };
        let current = self.app.accounts.current(account.person.id);
        match current.filter(|current| current.epoch == self.epoch) {
            Some(current) => {
                self.account = Some(self.as_here(current.account));
                self.used_until_now(USED_EVERY).await?;
                if current.rights == self.rights {
                    return Ok(());
                }
                self.apply_rights(current.rights).await
            }
            None => {
                self.release_everything().await?;
                if is_anybodys {
                    return Ok(());
                }
                let why = say::server::your_sign_in_has();
                Err(Problem::new(Code::SignInNeeded, why))
            }
        }
    }

    /// What whoever is signed in may do now, if it is something else than this session knows.
    fn new_rights(&self) -> Option<Arc<Rights>> {
        let person = self.account.as_ref()?.person.id;
        let rights = self.app.accounts.rights(person);
        (rights != self.rights).then_some(rights)
    }

    /// Replaces the session's rights: ends every subscription, because the desktop asks for everything again, and
    /// closes the forms that they do not give any more.
    async fn apply_rights(&mut self, rights: Arc<Rights>) -> Result<(), Problem> {
        for topic in std::mem::take(&mut self.topics) {
            self.app.bus.unsubscribe(topic, &self.outgoing);
        }
        for (form, entity) in self.forms.clone() {
            self.app.bus.unsubscribe(Topic::Form(form), &self.outgoing);
            if !rights.may(Right::View(entity)) {
                self.close_form(form).await?;
            } else if !rights.may(Right::to_edit(form, entity)) {
                self.app.forms.execute(form, self.id()?, Command::Leave).await?;
            }
        }
        self.rights = rights;
        Ok(())
    }

    pub(super) fn viewer(&self) -> Result<SignedIn, Problem> {
        SignedIn::new(
            self.account.as_ref(),
            &self.rights,
            (self.id()?, self.sign_in),
            &self.origin,
        )
    }

    async fn handle(&mut self, body: ToServer) -> Result<Answer, Problem> {
        match body {
            ToServer::Hello { .. } => Err(Problem::new(Code::Greeting, say::server::the_greeting_was_exchanged())),
            ToServer::SignIn { email, password, code } => {
                self.sign_in(email, password.0, code.map(|code| code.0)).await
            }
            ToServer::BeginProviderSignIn { provider, port } => self.begin_provider_sign_in(&provider, port).await,
            ToServer::FinishProviderSignIn { attempt, query } => {
                self.finish_provider_sign_in(&attempt.0, &query.0).await
            }
            ToServer::UseToken { token } => self.use_token(&token.0).await,
            ToServer::ChangePassword { current, new } => self.change_password(current.0, new.0).await,
            ToServer::BeginSecondFactor { password } => self.begin_second_factor(password.0).await,
            ToServer::ConfirmSecondFactor { code } => self.confirm_second_factor(&code.0).await,
            ToServer::SignOut => self.sign_out().await,
            ToServer::RevokeToken { token } => self.revoke_token(&token.0).await,
            ToServer::Watch { topic, rows, since } => self.watch(&self.viewer()?, topic, rows, since).await,
            ToServer::Unwatch { topic } => Ok(self.unwatch(topic)),
            ToServer::Join { form, entity } => self.join(&self.viewer()?, form, entity).await,
            ToServer::OpenReadOnly { form } => self.open_read_only(&self.viewer()?, form).await,
            ToServer::Leave { form } => self.leave(&self.viewer()?, form).await,
            ToServer::Form { form, command } => self.form_command(&self.viewer()?, form, command).await,
            ToServer::Query(query) => {
                let viewer = self.viewer()?;
                let reply = match query.repeat() {
                    Repeat::Operation(op) => {
                        let work = Box::pin(self.query(&viewer, query));
                        self.app.operations.once(viewer.id(), op, work).await
                    }
                    Repeat::Read | Repeat::Idempotent => self.query(&viewer, query).await,
                };
                reply.map(Answer::Reply)
            }
            ToServer::ShowPage { page } => {
                if let Some(registration) = &self.registration {
                    self.app.sessions.shows(registration.session, page);
                }
                Ok(Answer::Done)
            }
            ToServer::Ping => Ok(Answer::Done),
        }
    }

    /// A line a query: who may ask it stands in what its handler takes.
    async fn query(&self, viewer: &SignedIn, query: AnyQuery) -> Result<AnyReply, Problem> {
        use AnyReply as Reply;
        let app = &self.app;
        let manager = || viewer.admin(Right::ManagePeople);
        Ok(match query {
            AnyQuery::GetRows(query) => Reply::GetRows(list::rows(app, viewer, query).await?),
            AnyQuery::GetPage(query) => Reply::GetPage(list::page(app, viewer, query).await?),
            AnyQuery::CorrectSearch(query) => Reply::CorrectSearch(spelling::correct(app, viewer, query).await?),
            AnyQuery::GetTitles(query) => Reply::GetTitles(list::titles(app, viewer, query).await?),
            AnyQuery::MoveRecord(query) => Reply::MoveRecord(list::move_record(app, viewer, query).await?),
            AnyQuery::GetViews(query) => Reply::GetViews(list::views(app, viewer, query).await?),
            AnyQuery::SaveView(query) => Reply::SaveView(list::save_view(app, viewer, query).await?),
            AnyQuery::DeleteView(query) => Reply::DeleteView(list::delete_view(app, viewer, query).await?),
            AnyQuery::GetImpact(query) => Reply::GetImpact(form::impact(app, viewer, query).await?),
            AnyQuery::GetHistory(query) => {
                let is_open = self.forms.contains_key(&query.form);
                Reply::GetHistory(form::history(app, viewer, query, is_open).await?)
            }
            AnyQuery::StartJob(query) => Reply::StartJob(job::start(app, viewer, query).await?),
            AnyQuery::GetJobState(query) => Reply::GetJobState(job::state(app, viewer, &query)?),
            AnyQuery::CancelJob(query) => Reply::CancelJob(job::cancel(app, viewer, &query)?),
            AnyQuery::UploadPart(query) => Reply::UploadPart(file::upload(app, &viewer.uploader()?, query).await?),
            AnyQuery::DownloadPart(query) => Reply::DownloadPart(file::download(app, viewer, query).await?),
            AnyQuery::CommitUpload(query) => Reply::CommitUpload(file::commit(app, &viewer.uploader()?, query).await?),
            AnyQuery::GetThumbnail(query) => Reply::GetThumbnail(file::thumbnail(app, viewer, query).await?),
            AnyQuery::GetAllDrafts(_) => {
                Reply::GetAllDrafts(drafts::all(app, &viewer.admin(Right::SeeAllDrafts)?).await?)
            }
            AnyQuery::GetPeople(_) => Reply::GetPeople(people::all(app, &manager()?).await?),
            AnyQuery::AddPerson(query) => Reply::AddPerson(people::add(app, &manager()?, query).await?),
            AnyQuery::ChangePerson(query) => Reply::ChangePerson(people::change(app, &manager()?, query).await?),
            AnyQuery::GetGroups(_) => Reply::GetGroups(people::groups(app, &manager()?).await?),
            AnyQuery::ChangeGroups(query) => Reply::ChangeGroups(groups::change(app, &manager()?, query.change).await?),
            AnyQuery::RenameMe(query) => Reply::RenameMe(people::rename_me(app, viewer, query).await?),
            AnyQuery::RemoveSecondFactor(query) => {
                let from = self.permit.address();
                Reply::RemoveSecondFactor(people::remove_second_factor(app, viewer, from, query).await?)
            }
            AnyQuery::ShowPlace(query) => Reply::ShowPlace(people::show_place(app, viewer, query.shown).await?),
            AnyQuery::GetSignIns(query) => Reply::GetSignIns(people::sign_ins(app, viewer, query).await?),
            AnyQuery::EndSignIn(query) => Reply::EndSignIn(people::end_sign_in(app, viewer, query).await?),
            AnyQuery::MessagePerson(query) => Reply::MessagePerson(live::message(app, &manager()?, query).await?),
            AnyQuery::ReleasePlace(query) => Reply::ReleasePlace(live::release_place(app, &manager()?, &query).await?),
            AnyQuery::GetOwners(query) => {
                let is_open = self.forms.contains_key(&query.form);
                Reply::GetOwners(form::owners(app, viewer, query.form, is_open).await?)
            }
            AnyQuery::GetComments(query) => Reply::GetComments(comments::all(app, viewer, query.record).await?),
            AnyQuery::ChangeComment(query) => Reply::ChangeComment(comments::change(app, viewer, query).await?),
            AnyQuery::GetColleagues(query) => {
                Reply::GetColleagues(comments::colleagues(app, viewer, query.entity).await?)
            }
            AnyQuery::GetNotifications(_) => Reply::GetNotifications(inbox::all(app, viewer).await?),
            AnyQuery::ReadNotifications(query) => Reply::ReadNotifications(inbox::read(app, viewer, query).await?),
            AnyQuery::FollowRecord(query) => Reply::FollowRecord(inbox::follow(app, viewer, query).await?),
            AnyQuery::IsFollowed(query) => Reply::IsFollowed(inbox::is_followed(app, viewer, query.record).await?),
            AnyQuery::SetFavourite(query) => Reply::SetFavourite(favourites::set(app, viewer, query).await?),
            AnyQuery::GetFavourites(_) => Reply::GetFavourites(favourites::all(app, viewer).await?),
            AnyQuery::GetMuted(_) => Reply::GetMuted(inbox::muted(app, viewer).await?),
            AnyQuery::Mute(query) => Reply::Mute(inbox::mute(app, viewer, query).await?),
            AnyQuery::GetActivity(query) => Reply::GetActivity(activity::page(app, viewer, query).await?),
            AnyQuery::GetOnline(_) => Reply::GetOnline(live::online(app, viewer).await),
            AnyQuery::GetAudit(query) => {
                Reply::GetAudit(people::audit(app, &viewer.admin(Right::ReadAudit)?, query).await?)
            }
        })
    }
}

/// Whether a request needs nobody who is signed in.
fn is_anybodys(body: &ToServer) -> bool {
    matches!(
        body,
        ToServer::SignIn { .. }
            | ToServer::BeginProviderSignIn { .. }
            | ToServer::FinishProviderSignIn { .. }
            | ToServer::UseToken { .. }
            | ToServer::RevokeToken { .. }
            | ToServer::SignOut
            | ToServer::Ping
    )
}

/// Reads a request; gives the refusal of one that cannot be read.
pub(super) fn parse(text: &str) -> Result<Request, Box<ToClient>> {
    codec::decode(text).map_err(|problem| {
        let id = request_id(text);
        Box::new(ToClient::Refused { id, problem })
    })
}

/// The number of a request whose body could not be read, so that its sender learns which it was.
fn request_id(text: &str) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Id {
        id: u64,
    }
    codec::decode_large::<Id>(text, usize::MAX)
        .ok()
        .map(|request| request.id)
}
