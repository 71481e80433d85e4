//! A real server process on a free port, with sample data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::process::Command;

use crate::process::{Family, free_port, program, signal, wait_for};

/// A running server.
#[derive(Debug)]
pub struct Server {
    directory: PathBuf,
    arguments: Vec<String>,
    log: PathBuf,
    port: u16,
    process: Option<Family>,
    starts: u32,
}

impl Server {
    /// Starts one with its data below this directory, and with these arguments beside the usual ones.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn start(directory: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut server = Self {
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            directory: directory.join("server"),
            log: directory.to_path_buf(),
            port: free_port()?,
            process: None,
            starts: 0,
        };
        server.launch().await?;
        Ok(server)
    }

    /// Starts it (again), on the same port and the same data.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn launch(&mut self) -> anyhow::Result<()> {
        self.starts += 1;
        let log = self.log.join(format!("server-{}.log", self.starts));
        let mut command = Command::new(program("baton-server"));
        command
            .args(["--sample-data", "--listen", &self.address(), "--data-dir"])
            .arg(&self.directory)
            .args(&self.arguments)
            .env("NO_COLOR", "1");
        self.process = Some(Family::start(&mut command, &log)?);
        let port = self.port;
        wait_for("the server to answer", async || {
            Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok())
        })
        .await
        .map(drop)
    }

    /// Its database's file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.directory.join("baton.db")
    }

    /// Its data directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Kills it at once (SIGKILL).
    pub async fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill().await;
        }
    }

    /// Stops it where it is (SIGSTOP).
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets it go on (SIGCONT).
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        if let Some(process) = &self.process {
            signal(name, &process.id().to_string());
        }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The sample people's addresses and passwords.
    ///
    /// # Errors
    /// If the server has not made them.
    pub async fn passwords(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let file = self.directory.join("sample-people.json");
        let text = wait_for("the sample people", async || Ok(tokio::fs::read(&file).await.ok())).await?;
        serde_json::from_slice(&text).context("the sample people cannot be read")
    }
}
