//! A company's identity provider, and what a person does in a browser: both real programs of others, with a few lines
//! around them (`data/provider.mjs`, `data/browser.mjs`).

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// What the provider knows the server by.
const SECRET: &str = "a secret of two";

/// An identity provider that serves until it is dropped.
#[derive(Debug)]
pub struct Provider {
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    issuer: String,
    directory: PathBuf,
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

impl Provider {
    /// Starts one whose clock is ahead by so many seconds; it serves once it knows the server.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn start(directory: &Path, clock: i64) -> anyhow::Result<Self> {
        Self::start_as(directory, &[("CLOCK", &clock.to_string())]).await
    }

    /// Starts one with this wrong with it; see `data/provider.mjs`.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn lying(directory: &Path, lie: &str) -> anyhow::Result<Self> {
        Self::start_as(directory, &[("LIE", lie)]).await
    }

    async fn start_as(directory: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let log = fs::File::create(directory.join("provider.log"))?;
        let mut process = Command::new("node")
            .arg(data("provider.mjs"))
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the identity provider; is Node.js installed?")?;
        let output = process.stdout.take().context("it has an output")?;
        let mut output = BufReader::new(output).lines();
        let issuer = output
            .next_line()
            .await?
            .context("the identity provider did not start")?;
        fs::write(directory.join("secret"), SECRET)?;
        Ok(Self {
            input: process.stdin.take().context("it has an input")?,
            process,
            output,
            issuer,
            directory: directory.into(),
        })
    }

    /// Lets this server sign people in with it.
    ///
    /// # Errors
    /// If it ended.
    pub async fn serve(&mut self, server: &str) -> anyhow::Result<()> {
        self.input.write_all(format!("http://{server}\n").as_bytes()).await?;
        let ready = self.output.next_line().await?;
        ensure!(
            ready.as_deref() == Some("ready"),
            "the identity provider said {ready:?}"
        );
        Ok(())
    }

    /// What a server's settings say of it, under an id; with more lines of the same.
    #[must_use]
    pub fn settings(&self, id: &str, more: &str) -> String {
        format!(
            "[[providers]]\nid = \"{id}\"\nname = \"Company\"\nissuer = \"{}\"\nclient-id = \"baton\"\n\
             client-secret-file = \"{}\"\nscopes = [\"email\", \"profile\", \"groups\"]\n{more}\n",
            self.issuer,
            self.directory.join("secret").display()
        )
    }

    /// It is down from now on.
    ///
    /// # Errors
    /// If it cannot be ended.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        Ok(self.process.kill().await?)
    }

    /// A browser of this person's, who is signed out.
    #[must_use]
    pub fn browser(&self, person: &str) -> Browser {
        Browser {
            person: person.into(),
            cookies: self.directory.join(format!("{person}-cookies.json")),
            issuer: self.issuer.clone(),
        }
    }
}

/// A person with a browser.
#[derive(Debug)]
pub struct Browser {
    person: String,
    cookies: PathBuf,
    issuer: String,
}

impl Browser {
    /// Makes a directory in which it is the system's browser.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn install(&self, directory: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(directory)?;
        let opener = directory.join("xdg-open");
        let script = format!(
            "#!/bin/sh\nPERSON='{}' COOKIES='{}' exec node '{}' sign-in \"$1\"\n",
            self.person,
            self.cookies.display(),
            data("browser.mjs").display()
        );
        fs::write(&opener, script)?;
        Ok(fs::set_permissions(&opener, fs::Permissions::from_mode(0o755))?)
    }

    /// Signs in at a page, and gives the query that the person comes back to this port with.
    ///
    /// # Errors
    /// If they do not come back.
    pub async fn sign_in(&self, address: &str, back: &TcpListener) -> anyhow::Result<String> {
        let returned = async {
            let (mut stream, _) = back.accept().await?;
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                ensure!(stream.read_buf(&mut head).await? > 0, "the browser left");
            }
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .await?;
            let head = String::from_utf8(head)?;
            let query = head.split(' ').nth(1).and_then(|target| target.strip_prefix("/?"));
            Ok(query.context("no query")?.to_owned())
        };
        let steps = ["sign-in", address];
        let (done, query) = tokio::join!(self.run(&steps), returned);
        done?;
        query
    }

    /// Signs out at the provider.
    ///
    /// # Errors
    /// If it does not let them.
    pub async fn sign_out(&self) -> anyhow::Result<()> {
        self.run(&["sign-out", &self.issuer]).await
    }

    async fn run(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let output = Command::new("node")
            .arg(data("browser.mjs"))
            .args(arguments)
            .env("PERSON", &self.person)
            .env("COOKIES", &self.cookies)
            .kill_on_drop(true)
            .output()
            .await?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "the browser failed: {said}");
        Ok(())
    }
}
