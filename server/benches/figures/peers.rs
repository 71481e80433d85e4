//! The servers under load, and peers of ours that are signed in.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use baton_protocol::codec;
use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::field::Value;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, Fence, FormKey, OpId, RecordId, Version};
use baton_protocol::message::{Answer, PROTOCOL, Query, Request, Snapshot, ToClient, ToServer, Topic};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use uuid::Uuid;

use crate::wire::Wire;

/// A server process; killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) id: u32,
    pub(crate) port: u16,
}

impl Process {
    async fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let id = child.id().context("it ended at once")?;
        let mut lines = BufReader::new(child.stdout.take().context("its output is read")?).lines();
        let line = lines.next_line().await?.context("it says where it listens")?;
        let port = line.rsplit(':').next().and_then(|port| port.parse().ok());
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            child,
            id,
            port: port.context("it says its port")?,
        })
    }

    /// The naive server.
    pub(crate) async fn baseline(directory: &Path) -> anyhow::Result<Self> {
        let me = std::env::current_exe()?;
        Self::start(Command::new(me).arg("--baseline").arg(directory)).await
    }

    pub(crate) async fn kill(mut self) {
        self.child.kill().await.ok();
    }
}

/// Our server, with what its peers need.
pub(crate) struct Ours {
    pub(crate) process: Process,
    pub(crate) editor: String,
    pub(crate) viewer: String,
    pub(crate) admin: String,
    pub(crate) entities: Vec<EntityId>,
    /// Addresses of people, and their passwords.
    pub(crate) passwords: Vec<(String, String)>,
}

fn server(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton-server"));
    // Peers of a measurement send no heartbeats.
    command
        .args(["--listen", "127.0.0.1:0", "--sample-data"])
        .args([
            "--max-connections",
            "40000",
            "--max-per-address",
            "40000",
            "--max-per-person",
            "40000",
        ])
        .args(["--max-drafts-per-person", "1000000"])
        .args(["--grace-ms", "600000", "--heartbeat-ms", "300000", "--data-dir"])
        .arg(directory)
        .env("RUST_LOG", "error");
    command
}

impl Ours {
    pub(crate) async fn start(directory: &Path) -> anyhow::Result<Self> {
        let process = Process::start(&mut server(directory)).await?;
        let people = std::fs::read_to_string(wait_for_file(&directory.join("sample-people.json")).await?)?;
        let people: std::collections::BTreeMap<String, String> = serde_json::from_str(&people)?;
        let token = async |name: &str, password: &str| {
            let mut wire = greeted(process.port).await?;
            let answer = answer(&mut wire, sign_in(name, password)).await?;
            let Answer::SignedIn { token, .. } = answer else {
                bail!("{answer:?} is no sign-in");
            };
            Ok(token.context("a token")?.0)
        };
        let editor = token("anna@example.test", &people["anna@example.test"]).await?;
        let admin = token("ada@example.test", &people["ada@example.test"]).await?;
        let added = Command::new(env!("CARGO_BIN_EXE_baton-server"))
            .args([
                "add-user",
                "viewer@example.test",
                "Vera",
                "viewer",
                "--keep-password",
                "--data-dir",
            ])
            .arg(directory)
            .output()
            .await?;
        let said = String::from_utf8(added.stdout)?;
        let password = said.split("password ").nth(1).and_then(|rest| rest.split(' ').next());
        let viewer = token("viewer@example.test", password.context("the viewer's password")?).await?;
        let mut ours = Self {
            process,
            editor,
            viewer,
            admin,
            entities: Vec::new(),
            passwords: people.into_iter().collect(),
        };
        let mut wire = ours.peer(&ours.editor).await?;
        let watch = ToServer::Watch {
            topic: Topic::Entities,
            rows: 10,
            since: None,
        };
        let Answer::Watching {
            snapshot: Snapshot::Entities(rows),
            ..
        } = answer(&mut wire, watch).await?
        else {
            bail!("the entities are not listed");
        };
        ours.entities = rows.iter().map(|row| row.entity.id).collect();
        Ok(ours)
    }

    /// Kills it (SIGKILL), starts it again on its data, and says after how long it answers a greeting.
    pub(crate) async fn restart(self, directory: &Path) -> anyhow::Result<Duration> {
        self.process.kill().await;
        let began = Instant::now();
        let process = Process::start(&mut server(directory)).await?;
        greeted(process.port).await?;
        Ok(began.elapsed())
    }

    /// Starts it again on its data, with these arguments besides.
    pub(crate) async fn restarted(self, directory: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        self.process.kill().await;
        let process = Process::start(server(directory).args(arguments)).await?;
        Ok(Self { process, ..self })
    }

    /// A connection that is signed in by this token.
    pub(crate) async fn peer(&self, token: &str) -> anyhow::Result<Wire> {
        let mut wire = greeted(self.process.port).await?;
        ask(&mut wire, use_token(token)).await?;
        Ok(wire)
    }
}

async fn wait_for_file(file: &Path) -> anyhow::Result<&Path> {
    let began = Instant::now();
    while !file.is_file() {
        ensure!(
            began.elapsed() < Duration::from_secs(20),
            "{} does not appear",
            file.display()
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(file)
}

/// The greeting of every peer.
pub(crate) fn hello() -> ToServer {
    ToServer::Hello {
        protocol: PROTOCOL,
        client: "bench".into(),
        computer: None,
        resume: None,
    }
}

pub(crate) async fn greeted(port: u16) -> anyhow::Result<Wire> {
    let mut wire = Wire::open(port).await?;
    ask(&mut wire, hello()).await?;
    Ok(wire)
}

pub(crate) fn sign_in(email: &str, password: &str) -> ToServer {
    ToServer::sign_in(email.into(), password.to_owned().into())
}

pub(crate) fn use_token(token: &str) -> ToServer {
    let token = token.to_owned().into();
    ToServer::UseToken { token }
}

/// Asks and waits until it was answered.
pub(crate) async fn ask(wire: &mut Wire, body: impl Into<ToServer>) -> anyhow::Result<()> {
    wire.send(&request(7, body)).await?;
    wire.answer().await
}

/// Asks and reads the answer, whatever else comes.
pub(crate) async fn answer(wire: &mut Wire, body: impl Into<ToServer>) -> anyhow::Result<Answer> {
    wire.send(&request(9, body)).await?;
    wire.wait_for(|message| {
        let text = std::str::from_utf8(message).ok()?;
        match serde_json::from_str(text).ok()? {
            ToClient::Answer { id: 9, answer } => Some(Ok(answer)),
            ToClient::Refused { problem, .. } => Some(Err(anyhow::anyhow!("refused: {problem}"))),
            ToClient::Welcome { .. }
            | ToClient::Answer { .. }
            | ToClient::Event { .. }
            | ToClient::Presence { .. }
            | ToClient::Form { .. }
            | ToClient::LiveChanged { .. }
            | ToClient::DraftsChanged
            | ToClient::NotificationsChanged
            | ToClient::FavouritesChanged
            | ToClient::RightsChanged { .. }
            | ToClient::Personal(_)
            | ToClient::Working
            | ToClient::Resync => None,
        }
    })
    .await?
}

/// Sends a query and waits for its reply.
pub(crate) async fn query<Q: Query>(wire: &mut Wire, query: Q) -> anyhow::Result<Q::Reply> {
    let answer = answer(wire, query).await?;
    let Answer::Reply(reply) = answer else {
        bail!("{answer:?} is no reply");
    };
    Q::reply(reply).context("the reply to another query")
}

/// A form that nobody has opened yet.
pub(crate) fn new_form() -> FormKey {
    FormKey::record(RecordId(Uuid::now_v7()))
}

/// Opens a form.
pub(crate) async fn join(wire: &mut Wire, form: FormKey, entity: EntityId) -> anyhow::Result<()> {
    let entity = Some(entity);
    ask(wire, ToServer::Join { form, entity }).await
}

/// Changes of a form's only owner, who has the first fence.
pub(crate) fn changes(form: FormKey, changes: Vec<Change>) -> ToServer {
    let command = FormCommand::Change {
        fence: Fence(1),
        op: OpId(Uuid::new_v4()),
        rev: None,
        changes,
    };
    ToServer::Form { form, command }
}

/// A change that sets a field.
pub(crate) fn change(form: FormKey, field: &str, text: &str) -> ToServer {
    changes(form, vec![set(field, Value::from_text(text))])
}

pub(crate) fn set(field: &str, value: Value) -> Change {
    Change {
        field: field.into(),
        edit: Edit::Set(value),
    }
}

/// A text that comes into a longer one.
pub(crate) fn insert(field: &str, at: usize, text: &str) -> Change {
    Change {
        field: field.into(),
        edit: Edit::Splice(Splice {
            at,
            delete: 0,
            insert: text.into(),
        }),
    }
}

/// The first save of a form's only owner.
pub(crate) fn save(form: FormKey) -> ToServer {
    let command = FormCommand::Save {
        fence: Fence(1),
        op: OpId(Uuid::new_v4()),
        version: Version(0),
    };
    ToServer::Form { form, command }
}

/// A request with its number.
pub(crate) fn request(id: u64, body: impl Into<ToServer>) -> String {
    codec::encode(&Request { id, body: body.into() })
}
