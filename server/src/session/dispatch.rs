//! Requests to handlers: one line per message, and the rules that hold for all of them.

use baton_protocol::codec;
use baton_protocol::message::{Answer, Code, PROTOCOL, Problem, Request, ToClient, ToServer};

use super::{Reason, Session};

/// What came of one request: the message that answers it, and whether the session goes on.
type Step = (ToClient, Result<(), Reason>);

impl Session {
    pub(super) async fn answer(&mut self, text: &str) -> Step {
        let request: Request = match codec::decode(text) {
            Ok(request) => request,
            Err(problem) => {
                let id = request_id(text);
                return (ToClient::Refused { id, problem }, Ok(()));
            }
        };
        let Request { id, body } = request;
        if let ToServer::Hello {
            protocol,
            client,
            resume,
        } = body
        {
            return self.greet(id, protocol, &client, resume).await;
        }
        if self.registration.is_none() {
            let problem = Problem::new(Code::Greeting, "The first message must be the greeting.");
            return (ToClient::Refused { id: Some(id), problem }, Err(Reason::ProtocolError));
        }
        if let Err(problem) = self.refresh(&body).await {
            return (ToClient::Refused { id: Some(id), problem }, Ok(()));
        }
        // In a box: what it may need is not kept for every connection that is idle.
        match Box::pin(self.handle(body)).await {
            Ok(answer) => (ToClient::Answer { id, answer }, Ok(())),
            Err(problem) => (ToClient::Refused { id: Some(id), problem }, Ok(())),
        }
    }

    async fn greet(
        &mut self,
        id: u64,
        protocol: u32,
        client: &str,
        resume: Option<baton_protocol::id::SessionId>,
    ) -> Step {
        let refuse = |code, message: String| {
            let problem = Problem::new(code, message);
            (ToClient::Refused { id: Some(id), problem }, Err(Reason::ProtocolError))
        };
        if self.registration.is_some() {
            return refuse(Code::Greeting, "The greeting was exchanged already.".into());
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
            return refuse(Code::WrongVersion, message);
        }
        if let Some(minimum) = &self.app.config.minimum_desktop
            && !semver::Version::parse(client).is_ok_and(|version| version >= *minimum)
        {
            let message = format!(
                "This server asks for Baton {minimum} or newer, and this is an older one. It updates itself where it \
                 can; otherwise install the new version."
            );
            return refuse(Code::WrongVersion, message);
        }
        // Only what is somebody's place, or a connection that still hangs about, can be gone on with.
        let resume = resume.filter(|session| self.app.sessions.is_live(*session) || self.app.forms.has_place(*session));
        let registration = self.app.sessions.register(resume).await;
        let client: String = client.chars().filter(|c| !c.is_control()).take(80).collect();
        tracing::info!(client, resumed = resume.is_some(), address = ?self.permit.address(), "a session began");
        let config = &self.app.config;
        let welcome = ToClient::Welcome {
            protocol: PROTOCOL,
            server: env!("CARGO_PKG_VERSION").into(),
            session: registration.session,
            heartbeat_ms: u64::try_from(config.heartbeat.as_millis()).unwrap_or(u64::MAX),
            silence_ms: u64::try_from(config.limits.grace.as_millis()).unwrap_or(u64::MAX),
        };
        self.resumed = resume.is_some();
        self.registration = Some(registration);
        (welcome, Ok(()))
    }

    /// Has the account as it is now. Whose role or password changed since signs in again.
    async fn refresh(&mut self, body: &ToServer) -> Result<(), Problem> {
        let Some(account) = &self.account else {
            return Ok(());
        };
        let current = self.app.accounts.current(account.person.id);
        match current.filter(|current| current.epoch == self.epoch) {
            Some(current) => {
                self.account = Some(current.account);
                Ok(())
            }
            None => {
                self.release_everything().await?;
                let anybody = matches!(
                    body,
                    ToServer::SignIn { .. } | ToServer::UseToken { .. } | ToServer::SignOut | ToServer::Ping
                );
                if anybody {
                    return Ok(());
                }
                let why = "Your sign-in has ended. Sign in again.";
                Err(Problem::new(Code::SignInNeeded, why))
            }
        }
    }

    async fn handle(&mut self, body: ToServer) -> Result<Answer, Problem> {
        match body {
            ToServer::Hello { .. } => Err(Problem::new(Code::Greeting, "The greeting was exchanged already.")),
            ToServer::SignIn { email, password } => self.sign_in(email, password.0).await,
            ToServer::UseToken { token } => self.use_token(&token.0).await,
            ToServer::SignOut => self.sign_out().await,
            ToServer::Watch { topic, rows, since } => self.watch(topic, rows, since).await,
            ToServer::Unwatch { topic } => Ok(self.unwatch(topic)),
            ToServer::Rows { entity, before, rows } => self.rows(entity, before, rows).await,
            ToServer::Page {
                entity,
                query,
                after,
                rows,
                only,
            } => self.page(entity, &query, after.as_ref(), rows, &only).await,
            ToServer::Titles { records } => self.titles(&records).await,
            ToServer::Move { op, record, after } => self.once(op, self.move_record(record, after)).await,
            ToServer::Views { entity } => self.views(entity).await,
            ToServer::SaveView { view } => self.save_view(view).await,
            ToServer::DeleteView { view } => self.delete_view(view).await,
            ToServer::Impact { entity } => self.impact(entity).await,
            ToServer::StartJob { id, job } => self.begin(id, job).await,
            ToServer::JobState { job } => self.job_state(job),
            ToServer::Cancel { job } => self.cancel(job),
            ToServer::Upload { upload, offset, data } => self.upload(upload, offset, &data).await,
            ToServer::Download { source, offset } => self.download(source, offset).await,
            ToServer::CommitUpload { op, upload, name } => self.once(op, self.keep(upload, &name)).await,
            ToServer::Thumbnail { file } => self.thumbnail(file).await,
            ToServer::AllDrafts => self.all_drafts().await,
            ToServer::People => self.people().await,
            ToServer::AddPerson { op, email, name, role } => self.once(op, self.add_person(&email, &name, role)).await,
            ToServer::ChangePerson { op, person, change } => {
                Box::pin(self.once(op, self.change_person(person, change))).await
            }
            ToServer::Join { form, entity } => self.join(form, entity).await,
            ToServer::OpenReadOnly { form } => self.open_read_only(form).await,
            ToServer::Leave { form } => self.leave(form).await,
            ToServer::Form { form, command } => self.form_command(form, command).await,
            ToServer::History { form } => self.history(form).await,
            ToServer::Ping => Ok(Answer::Done),
        }
    }
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
