//! Data that the version before left behind is carried over; its desktops are asked to update.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a peer waits for one message and passes the others over"
)]

mod support;

use std::fs::File;
use std::path::{Path, PathBuf};

use baton_protocol::draft::Draft;
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, Role};
use baton_protocol::id::{FormKey, RecordId};
use baton_protocol::message::{Answer, Code, Snapshot, ToServer, Topic};
use baton_protocol::record::RecordRow;
use support::{Peer, Server, new_op};

/// Of the only account in the files.
const PASSWORD: &str = "atwr-yh4b-gmn2-2unz";

fn files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/protocol-2")
}

async fn admin(server: &Server) -> Peer {
    let mut admin = server.stranger().await;
    admin.hello(None).await;
    let signed_in = admin
        .ask(ToServer::SignIn {
            email: "admin@localhost".into(),
            password: PASSWORD.to_owned().into(),
        })
        .await;
    signed_in.expect("the account is there");
    admin
}

async fn tools(peer: &mut Peer) -> Vec<RecordRow> {
    let topic = Topic::Records(peer.entity("tool").await);
    let watched = peer.ask(ToServer::Watch {
        topic,
        rows: 10,
        since: None,
    });
    match watched.await {
        Ok(Answer::Watching {
            snapshot: Snapshot::Records { rows, .. },
            ..
        }) => rows.into_iter().collect(),
        other => panic!("{other:?} is no list"),
    }
}

fn titled(rows: &[RecordRow], title: &str) -> RecordId {
    let row = rows.iter().find(|row| row.title == title);
    row.expect("it is in the list").id
}

#[tokio::test]
async fn a_database_of_the_version_before_is_read_with_its_draft_and_reserved_place() {
    let directory = tempfile::tempdir().expect("a directory");
    let zip = File::open(files().join("baton.db.zip")).expect("it is in the repository");
    let mut zip = zip::ZipArchive::new(zip).expect("an archive");
    zip.extract(directory.path()).expect("unpacked");
    let server = Server::on(directory).await;
    let mut admin = admin(&server).await;
    let rows = tools(&mut admin).await;
    assert_eq!(rows.len(), 2);

    let form = FormKey::record(titled(&rows, "Hammer"));
    let mut view = admin.join(form).await;
    assert_eq!(view.value("note"), &Value::from_text("unsaved words"));
    assert_eq!(view.value("size"), &Value::from_text("Small"));
    // The place that was reserved ends after its grace period, like every other.
    while view.role() != Role::Owner {
        let notice = admin.hear_notice(|notice| Some(notice.clone())).await;
        view.apply(&notice).expect("in order");
    }
    let command = FormCommand::Save {
        fence: view.fence,
        op: new_op(),
        version: view.version,
    };
    admin.give(form, command).await.expect("saved");
    let view = admin.join(form).await;
    assert_eq!((view.version.0, &view.draft), (2, &Draft::default()));
}

#[tokio::test]
async fn an_archive_of_the_version_before_is_imported() {
    let directory = tempfile::tempdir().expect("a directory");
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_baton-server"))
        .arg("import")
        .arg(files().join("archive.json"))
        .arg("--data-dir")
        .arg(directory.path())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "it is taken");
    let server = Server::on(directory).await;
    let mut admin = admin(&server).await;
    let rows = tools(&mut admin).await;
    let view = admin.join(FormKey::record(titled(&rows, "Hammer"))).await;
    assert_eq!(view.value("note"), &Value::from_text("unsaved words"));
}

#[tokio::test]
async fn a_desktop_of_the_version_before_is_refused_and_asked_to_update() {
    let server = Server::start().await;
    let mut old = server.stranger().await;
    let hello = ToServer::Hello {
        protocol: 2,
        client: "0.1.0".into(),
        resume: None,
    };
    let refused = old.ask(hello).await.expect_err("refused");
    assert_eq!(refused.code, Code::WrongVersion);
    assert!(refused.message.contains("too old"), "{}", refused.message);
}
