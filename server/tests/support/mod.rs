//! A real server process, and peers that speak to it over a raw socket.

mod bursts;
mod database;
pub(crate) mod everybody;
pub(crate) mod forms;
pub(crate) mod groups;
pub(crate) mod harm;
pub(crate) mod jobs;
pub(crate) mod live;
pub(crate) mod program;
pub(crate) mod requests;
pub(crate) mod tables;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, LazyLock, Weak};
use std::time::Duration;

use baton_protocol::codec;
use baton_protocol::definition;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::FormCommand;
use baton_protocol::form::Notice;
use baton_protocol::id::{FormKey, OpId, RecordId, SessionId};
use baton_protocol::message::{Answer, PROTOCOL, Problem, Query, Request, ToClient, ToServer};
use baton_protocol::person::Secret;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::runtime::{self, Runtime};
use tokio::task::AbortHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use uuid::Uuid;

/// How long anything may take on a busy machine.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// How often a peer that waits shows that it lives.
const HEARTBEAT: Duration = Duration::from_millis(300);

/// A running server with sample data, a short grace period, and a directory of its own.
pub(crate) struct Server {
    pub(crate) directory: TempDir,
    pub(crate) port: u16,
    process: Child,
    /// What it was started with, and is started again with.
    settings: Vec<String>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// One with other settings.
    pub(crate) async fn start_with(settings: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        Self::launched(directory, settings, "warn", Stdio::inherit()).await
    }

    /// One that logs so much, into `server.log` beside its data.
    pub(crate) async fn start_logging(level: &str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let log = std::fs::File::create(directory.path().join("server.log")).expect("a log");
        Self::launched(directory, &[], level, log.into()).await
    }

    /// One on data that somebody else made.
    pub(crate) async fn on(directory: TempDir) -> Self {
        Self::launched(directory, &[], "warn", Stdio::inherit()).await
    }

    async fn launched(directory: TempDir, settings: &[&str], level: &str, log: Stdio) -> Self {
        let (process, port) = launch_logging(directory.path(), 0, settings, level, log).await;
        Self {
            directory,
            port,
            process,
            settings: settings.iter().map(ToString::to_string).collect(),
        }
    }

    /// Kills it (SIGKILL).
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.expect("the server was running");
    }

    /// Kills it (SIGKILL) and starts it again on the same data and port.
    pub(crate) async fn kill_and_restart(&mut self) {
        self.kill().await;
        self.restart().await;
    }

    /// Starts it again on the same data and port.
    pub(crate) async fn restart(&mut self) {
        let settings = self.settings.clone();
        self.restart_with(&settings.iter().map(String::as_str).collect::<Vec<_>>())
            .await;
    }

    /// The same with other settings.
    pub(crate) async fn restart_with(&mut self, settings: &[&str]) {
        let (process, port) = launch(self.directory.path(), self.port, settings).await;
        (self.process, self.port) = (process, port);
    }

    /// Asks it to stop (SIGTERM).
    pub(crate) fn stop(&mut self) {
        let told = std::process::Command::new("kill").arg(self.id().to_string()).status();
        assert!(told.is_ok_and(|status| status.success()), "it could not be asked");
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id().expect("it runs")
    }

    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    pub(crate) fn password(&self, email: &str) -> Secret {
        let text = std::fs::read_to_string(self.directory.path().join("sample-people.json")).expect("sample people");
        let people: BTreeMap<String, String> = serde_json::from_str(&text).expect("readable");
        people[email].clone().into()
    }

    /// A peer that has not even said hello.
    pub(crate) async fn stranger(&self) -> Peer {
        Peer::connect(self.port).await
    }

    /// One that a proxy says to come from this address.
    pub(crate) async fn stranger_from(&self, address: &str) -> Peer {
        let mut request = format!("ws://127.0.0.1:{}/ws", self.port)
            .into_client_request()
            .expect("an address");
        let address = address.parse().expect("a header");
        request.headers_mut().insert("x-forwarded-for", address);
        let connect = tokio_tungstenite::connect_async(request);
        let (socket, _) = tokio::time::timeout(TIMEOUT, connect)
            .await
            .expect("in time")
            .expect("connects");
        Peer::on(socket)
    }

    /// A peer that is signed in as one of the sample people.
    pub(crate) async fn peer(&self, name: &str) -> Peer {
        let mut peer = self.stranger().await;
        peer.hello(None).await;
        let email = format!("{name}@example.test");
        let password = self.password(&email);
        peer.ask(ToServer::sign_in(email, password)).await.expect("signs in");
        peer
    }
}

async fn launch(directory: &Path, port: u16, settings: &[&str]) -> (Child, u16) {
    launch_logging(directory, port, settings, "warn", Stdio::inherit()).await
}

async fn launch_logging(directory: &Path, port: u16, settings: &[&str], level: &str, log: Stdio) -> (Child, u16) {
    let usual: &[&str] = if settings.contains(&"--grace-ms") {
        &[]
    } else {
        &["--grace-ms", "1000", "--heartbeat-ms", "300"]
    };
    let mut process = Command::new(env!("CARGO_BIN_EXE_baton-server"))
        .arg("--sample-data")
        .args(usual)
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .args(settings)
        .arg("--data-dir")
        .arg(directory)
        .env("RUST_LOG", level)
        .stderr(log)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the server starts");
    let mut lines = BufReader::new(process.stdout.take().expect("its output is read")).lines();
    let line = lines
        .next_line()
        .await
        .expect("it says something")
        .expect("it says where it listens");
    let port = line
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("the port");
    // The rest of what it says is read, so that it never waits for a reader.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (process, port)
}

type Line = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Sink = tokio::sync::Mutex<SplitSink<Line, Message>>;

/// Where the peers' heartbeats run: a test that computes does not hold them up.
static BEATS: LazyLock<Runtime> = LazyLock::new(|| {
    runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
});

/// One end of a raw socket. It is heard in time, whatever its test does meanwhile.
pub(crate) struct Peer {
    sink: Arc<Sink>,
    stream: SplitStream<Line>,
    beat: AbortHandle,
    next: u64,
    heard: VecDeque<ToClient>,
    /// Every text that came, where a test wants to know.
    recorded: Option<String>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.beat.abort();
    }
}

/// Does not keep the line: it ends with its peer.
async fn beat(sink: Weak<Sink>) {
    let mut beat = tokio::time::interval(HEARTBEAT);
    loop {
        beat.tick().await;
        let Some(sink) = sink.upgrade() else { return };
        if sink.lock().await.send(Message::Ping(Vec::new().into())).await.is_err() {
            return;
        }
    }
}

impl Peer {
    pub(crate) async fn connect(port: u16) -> Self {
        let connect = tokio_tungstenite::connect_async(format!("ws://127.0.0.1:{port}/ws"));
        let (socket, _) = tokio::time::timeout(TIMEOUT, connect)
            .await
            .expect("in time")
            .expect("connects");
        Self::on(socket)
    }

    fn on(line: Line) -> Self {
        let (sink, stream) = line.split();
        let sink = Arc::new(Sink::new(sink));
        let beat = BEATS.spawn(beat(Arc::downgrade(&sink))).abort_handle();
        Self {
            sink,
            stream,
            beat,
            next: 1,
            heard: VecDeque::new(),
            recorded: None,
        }
    }

    /// From now on every text that comes is recorded.
    pub(crate) fn record(&mut self) {
        self.recorded = Some(String::new());
    }

    /// Everything that came since then.
    pub(crate) fn recorded(&self) -> &str {
        self.recorded.as_deref().expect("it records")
    }

    /// Is not heard any more, while the line stands.
    pub(crate) fn fall_silent(&self) {
        self.beat.abort();
    }

    /// The same where the server may be killed at any moment.
    pub(crate) async fn try_connect(port: u16) -> Option<Self> {
        let connect = tokio_tungstenite::connect_async(format!("ws://127.0.0.1:{port}/ws"));
        let (socket, _) = tokio::time::timeout(TIMEOUT, connect).await.expect("in time").ok()?;
        Some(Self::on(socket))
    }

    /// The greeting where the server may be killed at any moment.
    pub(crate) async fn try_hello(&mut self, resume: SessionId) -> Option<SessionId> {
        let hello = ToServer::Hello {
            protocol: PROTOCOL,
            client: "test".into(),
            computer: Some("a computer, Linux".into()),
            resume: Some(resume),
        };
        let request = codec::encode(&Request { id: 0, body: hello });
        self.sink.lock().await.send(Message::text(request)).await.ok()?;
        match self.read().await? {
            ToClient::Welcome { session, .. } => Some(session),
            other => panic!("{other:?} is no welcome"),
        }
    }

    pub(crate) async fn hello(&mut self, resume: Option<SessionId>) -> SessionId {
        let hello = ToServer::Hello {
            protocol: PROTOCOL,
            client: "test".into(),
            computer: Some("a computer, Linux".into()),
            resume,
        };
        let id = self.say(hello).await;
        match self.read().await {
            Some(ToClient::Welcome { session, .. }) => session,
            other => panic!("request {id}: {other:?} is no welcome"),
        }
    }

    /// Sends a request without waiting for its answer.
    pub(crate) async fn say(&mut self, body: impl Into<ToServer>) -> u64 {
        let id = self.next;
        self.next += 1;
        self.send(Message::text(codec::encode(&Request { id, body: body.into() })))
            .await;
        id
    }

    pub(crate) async fn send(&mut self, message: Message) {
        self.sink.lock().await.send(message).await.expect("the line stands");
    }

    /// Sends what the server may refuse to read.
    pub(crate) async fn try_send(&mut self, message: Message) {
        self.sink.lock().await.send(message).await.ok();
    }

    /// Does something with a form.
    pub(crate) async fn give(&mut self, form: FormKey, command: FormCommand) -> Result<Answer, Problem> {
        self.ask(ToServer::Form { form, command }).await
    }

    /// Sends a request and waits for its answer; what is told meanwhile is kept.
    pub(crate) async fn ask(&mut self, body: impl Into<ToServer>) -> Result<Answer, Problem> {
        let wanted = self.say(body).await;
        loop {
            match self.read().await.expect("the line stands") {
                ToClient::Answer { id, answer } if id == wanted => return Ok(answer),
                ToClient::Refused { id: Some(id), problem } if id == wanted => return Err(problem),
                other => self.heard.push_back(other),
            }
        }
    }

    /// Sends a query and waits for its reply.
    pub(crate) async fn query<Q: Query>(&mut self, query: Q) -> Result<Q::Reply, Problem> {
        match self.ask(query).await? {
            Answer::Reply(reply) => Ok(Q::reply(reply).expect("the reply to this query")),
            other => panic!("no reply: {other:?}"),
        }
    }

    /// The same over a line that may break at any moment: nothing then.
    pub(crate) async fn try_ask(&mut self, body: impl Into<ToServer>) -> Option<Result<Answer, Problem>> {
        let wanted = self.next;
        self.next += 1;
        let body = body.into();
        let request = codec::encode(&Request { id: wanted, body });
        self.sink.lock().await.send(Message::text(request)).await.ok()?;
        loop {
            match self.read().await? {
                ToClient::Answer { id, answer } if id == wanted => return Some(Ok(answer)),
                ToClient::Refused { id: Some(id), problem } if id == wanted => return Some(Err(problem)),
                _ => {}
            }
        }
    }

    /// The next message, whatever it is; none when the server has closed the line.
    pub(crate) async fn read(&mut self) -> Option<ToClient> {
        let deadline = tokio::time::Instant::now() + TIMEOUT;
        loop {
            match tokio::time::timeout_at(deadline, self.stream.next())
                .await
                .expect("in time")
            {
                Some(Ok(Message::Text(text))) => {
                    if let Some(recorded) = &mut self.recorded {
                        recorded.push_str(&text);
                    }
                    return Some(codec::decode_large(&text, usize::MAX).expect("readable"));
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The code that the server ends the line with; none if it breaks.
    pub(crate) async fn goodbye(&mut self) -> Option<u16> {
        let deadline = tokio::time::Instant::now() + TIMEOUT;
        loop {
            match tokio::time::timeout_at(deadline, self.stream.next())
                .await
                .expect("in time")
            {
                Some(Ok(Message::Close(Some(frame)))) => return Some(frame.code.into()),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next message that `wanted` makes something of; others are passed over.
    pub(crate) async fn hear<T>(&mut self, mut wanted: impl FnMut(&ToClient) -> Option<T>) -> T {
        while let Some(message) = self.heard.pop_front() {
            if let Some(found) = wanted(&message) {
                return found;
            }
        }
        let deadline = tokio::time::Instant::now() + TIMEOUT;
        loop {
            let message = tokio::time::timeout_at(deadline, self.read()).await.expect("in time");
            if let Some(found) = wanted(&message.expect("the line stands")) {
                return found;
            }
        }
    }

    /// What was told before something else was answered.
    pub(crate) fn heard_already(&mut self) -> Option<ToClient> {
        self.heard.pop_front()
    }

    pub(crate) async fn hear_notice<T>(&mut self, mut wanted: impl FnMut(&Notice) -> Option<T>) -> T {
        self.hear(|message| match message {
            ToClient::Form { notice, .. } => wanted(notice),
            _ => None,
        })
        .await
    }

    /// Breaks the line without a goodbye, as a power cut would.
    pub(crate) fn cut(self) {
        drop(self);
    }

    pub(crate) async fn close(mut self) {
        self.sink.lock().await.close().await.expect("the line stands");
        while let Some(Ok(_)) = self.stream.next().await {}
    }
}

pub(crate) fn new_op() -> OpId {
    OpId(Uuid::new_v4())
}

/// A take-over, with the reason that it needs.
pub(crate) fn take_over() -> FormCommand {
    FormCommand::TakeOver {
        reason: "It is urgent".into(),
    }
}

pub(crate) fn new_record() -> FormKey {
    FormKey::record(RecordId(Uuid::now_v7()))
}

pub(crate) fn set(field: &str, text: &str) -> Change {
    Change {
        field: field.into(),
        edit: Edit::Set(Value::from_text(text)),
    }
}

/// Several choices, or links.
pub(crate) fn set_items(field: &str, items: &[&str]) -> Change {
    Change {
        field: field.into(),
        edit: Edit::Set(Value::from_items(items.iter().copied())),
    }
}

/// Options of a field of a definition, whose ids are their labels.
pub(crate) fn options(field: &str, labels: &[&str]) -> Vec<Change> {
    let label = |label: &&str| set(&definition::key(field, &definition::option_property(label)), label);
    let list = set_items(&definition::key(field, definition::OPTIONS), labels);
    std::iter::once(list).chain(labels.iter().map(label)).collect()
}

/// A flag that is set.
pub(crate) fn set_yes(field: &str) -> Change {
    Change {
        field: field.into(),
        edit: Edit::Set(Value::Bool(true)),
    }
}
