//! The servers under load, and peers of ours that are signed in.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use uuid::Uuid;

use crate::wire::{Wire, answered, word};

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
    pub(crate) entities: Vec<String>,
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
            let sign_in = serde_json::json!({ "sign_in": { "email": name, "password": password } });
            wire.send(&serde_json::json!({ "id": 2, "body": sign_in }).to_string())
                .await?;
            wire.wait_for(|message| {
                answered(message)
                    .ok()?
                    .then(|| word(message, r#""token":""#).map(str::to_owned))
            })
            .await?
        };
        let editor = token("anna@example.test", &people["anna@example.test"]).await?;
        let admin = token("ada@example.test", &people["ada@example.test"]).await?;
        let added = Command::new(env!("CARGO_BIN_EXE_baton-server"))
            .args(["add-user", "viewer@example.test", "Vera", "viewer", "--data-dir"])
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
        wire.send(r#"{"id":3,"body":{"watch":{"topic":"entities","rows":10}}}"#)
            .await?;
        let listed = wire
            .wait_for(|message| {
                answered(message)
                    .ok()?
                    .then(|| String::from_utf8_lossy(message).into_owned())
            })
            .await?;
        let listed: serde_json::Value = serde_json::from_str(&listed)?;
        let rows = listed
            .pointer("/answer/answer/watching/snapshot/entities")
            .and_then(|rows| rows.as_array());
        for row in rows.context("entities")? {
            let id = row.pointer("/entity/id").and_then(|id| id.as_str());
            ours.entities.push(id.context("an id")?.to_owned());
        }
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
        ask(&mut wire, &format!(r#"{{"use_token":{{"token":"{token}"}}}}"#)).await?;
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

pub(crate) async fn greeted(port: u16) -> anyhow::Result<Wire> {
    let mut wire = Wire::open(port).await?;
    let hello = r#"{"id":1,"body":{"hello":{"protocol":2,"client":"bench","resume":null}}}"#;
    wire.send(hello).await?;
    wire.answer().await?;
    Ok(wire)
}

/// Asks and waits for the answer.
pub(crate) async fn ask(wire: &mut Wire, body: &str) -> anyhow::Result<()> {
    wire.send(&format!(r#"{{"id":7,"body":{body}}}"#)).await?;
    wire.answer().await
}

/// A form that nobody has opened yet.
pub(crate) fn new_form() -> String {
    format!(r#"{{"kind":"record","id":"{}"}}"#, Uuid::now_v7())
}

/// Opens a form.
pub(crate) async fn join(wire: &mut Wire, form: &str, entity: &str) -> anyhow::Result<()> {
    ask(wire, &format!(r#"{{"join":{{"form":{form},"entity":"{entity}"}}}}"#)).await
}

/// A change that sets a field; the form's only owner has the first fence.
pub(crate) fn change(form: &str, field: &str, text: &str) -> String {
    let op = Uuid::new_v4();
    format!(
        r#"{{"change":{{"form":{form},"fence":1,"op":"{op}","changes":[{{"field":"{field}","edit":{{"set":"{text}"}}}}]}}}}"#
    )
}

/// A request with its number.
pub(crate) fn request(id: u64, body: &str) -> String {
    format!(r#"{{"id":{id},"body":{body}}}"#)
}
