//! The self-check of collaboration, against a real server and through lines that hold something back.

use std::process::Stdio;

use anyhow::{Context as _, ensure};
use baton_tests::{Server, program};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio_tungstenite::tungstenite::Message;

/// Runs `baton check` as a sample person: what it prints, and what it says where it fails.
async fn check(server: &Server, at: &str, person: &str) -> anyhow::Result<(String, String)> {
    let email = format!("{person}@example.test");
    let passwords = server.passwords().await?;
    let output = Command::new(program("baton"))
        .args(["--server", at, "--email", &email, "check"])
        .env("BATON_PASSWORD", &passwords[&email])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((text(&output.stdout), text(&output.stderr)))
}

/// What a line does to what the server says over it.
type Change = fn(&str) -> Option<String>;

/// A line that passes on HTTP as it is, and of WebSockets what `change` leaves of each message.
async fn line(target: String, change: Change) -> anyhow::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let target = target.clone();
            tokio::spawn(async move { pass(stream, &target, change).await.ok() });
        }
    });
    Ok(address)
}

async fn pass(mut stream: TcpStream, target: &str, change: Change) -> anyhow::Result<()> {
    let mut head = [0; 16];
    while stream.peek(&mut head).await? < head.len() {
        tokio::task::yield_now().await;
    }
    if !head.starts_with(b"GET /ws") {
        let mut server = TcpStream::connect(target).await?;
        tokio::io::copy_bidirectional(&mut stream, &mut server).await?;
        return Ok(());
    }
    let (server, _) = tokio_tungstenite::connect_async(format!("ws://{target}/ws")).await?;
    let desktop = tokio_tungstenite::accept_async(stream).await?;
    let (mut to_server, mut from_server) = server.split();
    let (mut to_desktop, mut from_desktop) = desktop.split();
    loop {
        tokio::select! {
            said = from_desktop.next() => to_server.send(said.context("gone")??).await?,
            said = from_server.next() => {
                let said = said.context("gone")??;
                let left = if let Message::Text(text) = &said {
                    change(text).map(Message::text)
                } else {
                    Some(said)
                };
                if let Some(left) = left {
                    to_desktop.send(left).await?;
                }
            }
        }
    }
}

#[tokio::test]
async fn the_way_and_the_collaboration_over_it_are_checked_and_nothing_of_it_stays() -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let server = Server::start(directory.path(), &[]).await?;
    let (said, failed) = check(&server, &server.address(), "anna").await?;
    ensure!(failed.is_empty(), "{failed}{said}");
    for step in ["Sign-in", "Open a form", "Type", "Deliver", "Reload", "Hand over"] {
        let line = said.lines().find(|line| line.contains(step)).context("the step")?;
        ensure!(line.starts_with("ok"), "{line}");
    }
    let passwords = server.passwords().await?;
    let drafts = Command::new(program("baton"))
        .args(["--server", &server.address(), "--email", "ada@example.test", "drafts"])
        .env("BATON_PASSWORD", &passwords["ada@example.test"])
        .output()
        .await?;
    let drafts = String::from_utf8_lossy(&drafts.stdout);
    ensure!(
        !drafts.contains("Check of collaboration"),
        "it left something: {drafts}"
    );
    Ok(())
}

#[tokio::test]
async fn the_broken_link_is_named() -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let server = Server::start(directory.path(), &[]).await?;
    let lines: [(Change, &str); 4] = [
        // What the server sends by itself is held back.
        (
            |text| (!text.starts_with("{\"form\":")).then(|| text.to_owned()),
            "does not reach others",
        ),
        // One change of several is lost.
        (|text| Some(text.replace("\"rev\":1,", "\"rev\":2,")), "cannot show it"),
        // What is typed is refused.
        (
            |text| {
                let accepted = text.contains("\"accepted\"");
                let id = text.split("\"id\":").nth(1).and_then(|rest| rest.split(',').next());
                Some(match (accepted, id) {
                    (true, Some(id)) => format!(
                        "{{\"refused\":{{\"id\":{id},\"problem\":{{\"code\":\"not_owner\",\"message\":\"Another one edits.\"}}}}}}"
                    ),
                    _ => text.to_owned(),
                })
            },
            "not accepted. Another one edits.",
        ),
        // Who comes and goes is not told.
        (
            |text| (!(text.starts_with("{\"form\":") && text.contains("\"editors\""))).then(|| text.to_owned()),
            "does not hear of it",
        ),
    ];
    for (change, sentence) in lines {
        let at = line(server.address(), change).await?;
        let (said, failed) = check(&server, &at, "ben").await?;
        ensure!(failed.contains(sentence), "“{sentence}” in: {failed}\n{said}");
    }
    Ok(())
}
