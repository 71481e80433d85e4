//! A signed-in engine without a window, and what is asked of it.

use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_client::core::{Call, Control, Reply};
use baton_client::{Config, Handle, Server, WindowEvent};
use baton_locales::t;
use baton_protocol::desktop::{self, EngineCall, Link, SignIn, TopicUpdate, UiEvent};
use baton_protocol::file::Source;
use baton_protocol::id::{EntityId, JobId, UploadId};
use baton_protocol::job::{Job, JobOutcome, RecordSelection, SENT_PART};
use baton_protocol::message::{
    Code, DownloadPart, EntityRow, FilePart, GetJobState, Problem, Query, Snapshot, StartJob, Topic, UploadPart,
};
use baton_protocol::person::{Account, AccountState};
use tempfile::TempDir;
use tokio::sync::mpsc;
use uuid::Uuid;

/// How long the server may take to be reached.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long between two questions about a job.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// Why a command ends early: what a script decides by.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The server cannot be reached.
    Unreachable(String),
    /// The server refused.
    Refused(Problem),
    /// Something here failed.
    Other(anyhow::Error),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        match problem.code {
            Code::Offline => Self::Unreachable(problem.message.to_string()),
            _ => Self::Refused(problem),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

pub(crate) fn unexpected() -> Failure {
    Failure::Other(anyhow::anyhow!("the server gave an unexpected answer"))
}

/// The connection of one command.
pub(crate) struct Connection {
    /// Where.
    server: String,
    handle: Handle,
    events: mpsc::Receiver<WindowEvent>,
    /// Who signed in.
    signed_in: Option<Account>,
    /// With what.
    password: String,
    // Nothing of a script's is kept on this computer.
    _directory: TempDir,
}

impl Connection {
    /// Signs in.
    pub(crate) async fn open(
        server: String,
        plain: bool,
        email: String,
        password: String,
        code: Option<String>,
    ) -> Result<Self> {
        let directory = tempfile::tempdir().context("cannot make a temporary directory")?;
        let (handle, events) = baton_client::start(Config {
            server: Server::Given(server.clone()),
            plain,
            ..Config::in_directory(directory.path().to_owned())
        });
        let mut connection = Self {
            server,
            handle,
            events,
            signed_in: None,
            password: password.clone(),
            _directory: directory,
        };
        match tokio::time::timeout(TIMEOUT, connection.live()).await {
            Ok(live) => live?,
            Err(_) => return Err(Failure::Unreachable(t::engine::the_server_does_not().into())),
        }
        match connection
            .call(EngineCall::SignIn(SignIn { email, password, code }))
            .await?
        {
            Reply::Account(account) => connection.signed_in = Some(account),
            _ => return Err(unexpected()),
        }
        Ok(connection)
    }

    /// Checks that whoever signed in has a password of their own: the server answers nothing else before.
    pub(crate) fn check_password(&self) -> Result<()> {
        match &self.signed_in {
            Some(account) if account.state == AccountState::PasswordGiven => {
                let why = t::cli::password_was_given();
                Err(Problem::new(Code::PasswordNeeded, why).into())
            }
            Some(account) if account.state == AccountState::SecondFactorMissing => {
                let why = t::cli::set_up_a_factor_first();
                Err(Problem::new(Code::SecondFactorMissing, why).into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The server's address, as it was given.
    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// Changes the password of whoever signed in.
    pub(crate) async fn change_password(&self, new: String) -> Result<()> {
        let current = self.password.clone();
        let change = desktop::ChangePassword { current, new };
        self.call(EngineCall::ChangePassword(change)).await.map(drop)
    }

    async fn live(&mut self) -> Result<()> {
        self.call(EngineCall::Start(desktop::Start {})).await?;
        loop {
            match self.next().await? {
                UiEvent::Link(Link::Live) => return Ok(()),
                UiEvent::Link(Link::Waiting { why, .. } | Link::WrongVersion { why }) => {
                    return Err(Failure::Unreachable(why));
                }
                _ => {}
            }
        }
    }

    /// Asks the engine.
    pub(crate) async fn call(&self, call: impl Into<Call>) -> Result<Reply> {
        Ok(self.handle.call(0, call).await?)
    }

    /// The next event, whatever it is about.
    pub(crate) async fn next(&mut self) -> Result<UiEvent> {
        let told = self.events.recv().await.context("the engine ended")?;
        Ok(told.1)
    }

    /// Sends a query to the server.
    pub(crate) async fn query<Q: Query>(&self, query: Q) -> Result<Q::Reply> {
        Ok(self.handle.query(0, query).await?)
    }

    /// Watches a topic from now on.
    pub(crate) async fn watch(&self, topic: Topic) -> Result<()> {
        let rows = 1;
        self.call(EngineCall::Watch(desktop::Watch { topic, rows }))
            .await
            .map(drop)
    }

    /// Every entity.
    pub(crate) async fn entities(&mut self) -> Result<Vec<EntityRow>> {
        let topic = Topic::Entities;
        self.watch(topic).await?;
        loop {
            if let UiEvent::Topic {
                topic: Topic::Entities,
                update: TopicUpdate::Snapshot(Snapshot::Entities(rows)),
            } = self.next().await?
            {
                self.call(EngineCall::Unwatch(desktop::Unwatch { topic })).await?;
                // What was deleted can only come back in a window.
                return Ok(rows.into_iter().filter(|row| row.entity.gone.is_none()).collect());
            }
        }
    }

    /// The entity of this name.
    pub(crate) async fn entity(&mut self, name: &str) -> Result<EntityRow> {
        let rows = self.entities().await?;
        let row = rows.into_iter().find(|row| row.entity.name == name);
        row.ok_or_else(|| Problem::new(Code::NotFound, t::cli::no_such_collection(name)).into())
    }

    /// Begins a job and waits until it is over; tells how far it is meanwhile.
    pub(crate) async fn run(&self, job: Job, mut told: impl FnMut(u64, u64)) -> Result<JobOutcome> {
        let id = JobId(Uuid::now_v7());
        self.query(StartJob { id, job }).await?;
        loop {
            let state = self.query(GetJobState { job: id }).await?;
            told(state.done, state.total);
            if let Some(outcome) = state.outcome {
                return Ok(outcome);
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }

    /// Brings a file to the server.
    pub(crate) async fn bring(&self, bytes: &[u8]) -> Result<UploadId> {
        let upload = UploadId(Uuid::new_v4());
        let mut offset = 0;
        for part in bytes.chunks(SENT_PART) {
            let data = STANDARD.encode(part);
            self.query(UploadPart { upload, offset, data }).await?;
            offset += part.len() as u64;
        }
        Ok(upload)
    }

    /// Fetches a table of records.
    pub(crate) async fn table(
        &self,
        entity: EntityId,
        which: RecordSelection,
        columns: Vec<String>,
        format: baton_protocol::job::Format,
    ) -> Result<(Vec<u8>, JobOutcome)> {
        let upload = UploadId(Uuid::new_v4());
        let job = Job::Export {
            entity,
            which,
            columns,
            format,
            upload,
        };
        let outcome = self.run(job, |_, _| {}).await?;
        if let Some(problem) = &outcome.problem {
            return Err(Problem::new(Code::Internal, problem.clone()).into());
        }
        let mut file = Vec::new();
        loop {
            let offset = file.len() as u64;
            let source = Source::Upload(upload);
            let FilePart { data, size } = self.query(DownloadPart { source, offset }).await?;
            let part = STANDARD.decode(data).context("a part of the file cannot be read")?;
            file.extend(&part);
            if file.len() as u64 >= size || part.is_empty() {
                return Ok((file, outcome));
            }
        }
    }

    /// Ends in order.
    pub(crate) async fn close(self) {
        // There is nothing unsent.
        self.call(Control::Quit { anyway: true }).await.ok();
    }
}
