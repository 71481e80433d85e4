//! Data that the version before left behind is carried over; its desktops are asked to update.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::support::{Peer, Server, new_op};
use baton_protocol::audit::{Act, AuditFilter, OwnerReason};
use baton_protocol::draft::Draft;
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, Role, TransferReason};
use baton_protocol::id::{FormKey, RecordId};
use baton_protocol::message::{Answer, Code, GetAudit, Snapshot, ToServer, Topic};
use baton_protocol::person::Person;
use baton_protocol::record::RecordRow;
use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

/// Of the only account in the files.
const PASSWORD: &str = "atwr-yh4b-gmn2-2unz";

fn files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/protocol-2")
}

async fn admin(server: &Server) -> Peer {
    let mut admin = server.stranger().await;
    admin.hello(None).await;
    let signed_in = admin
        .ask(ToServer::sign_in("admin@localhost".into(), PASSWORD.to_owned().into()))
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

/// A data directory as the version before left it.
fn unpacked() -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let zip = File::open(files().join("baton.db.zip")).expect("it is in the repository");
    let mut zip = zip::ZipArchive::new(zip).expect("an archive");
    zip.extract(directory.path()).expect("unpacked");
    directory
}

#[tokio::test]
async fn a_take_over_that_the_version_before_kept_is_in_the_chain_of_the_audit() {
    let directory = unpacked();
    let file = format!("sqlite:{}", directory.path().join("baton.db").display());
    let mut database = SqliteConnection::connect(&file).await.expect("the database");
    // As that version wrote it.
    let written = sqlx::query(
        "INSERT INTO audit (at, kind, form_id, passing)
         SELECT (unixepoch() - 86400) * 1000, 'record', id, json_object('from', json_object('id', ?1, 'name', 'Ben'),
             'to', json_object('id', ?1, 'name', 'Admin'), 'how', 'taken_over')
         FROM records WHERE title = 'Hammer'",
    )
    .bind(uuid::Uuid::nil().to_string())
    .execute(&mut database)
    .await
    .expect("written");
    assert_eq!(written.rows_affected(), 1);
    database.close().await.expect("closed");

    let server = Server::on(directory).await;
    let mut admin = admin(&server).await;
    let form = FormKey::record(titled(&tools(&mut admin).await, "Hammer"));
    let query = GetAudit {
        filter: AuditFilter {
            form: Some(form),
            ..AuditFilter::default()
        },
        before: None,
        rows: 10,
    };
    let entries = admin.query(query).await.expect("an admin");
    let kept = entries.last().expect("it is there");
    assert_eq!(kept.number, 1, "before everything of this version");
    let Act::Owner {
        form, from, to, why, ..
    } = &kept.act
    else {
        panic!("{kept:?} is no change of owners");
    };
    assert_eq!(form.title, "Hammer");
    let name = |person: &Option<Person>| person.as_ref().map(|person| person.name.clone());
    assert_eq!((name(from), name(to)), (Some("Ben".into()), Some("Admin".into())));
    assert_eq!(*why, OwnerReason::Transferred(TransferReason::TakenOver));
}

#[tokio::test]
async fn a_database_of_the_version_before_is_read_with_its_draft_and_reserved_place() {
    let server = Server::on(unpacked()).await;
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
        computer: None,
        resume: None,
    };
    let refused = old.ask(hello).await.expect_err("refused");
    assert_eq!(refused.code, Code::WrongVersion);
    assert!(refused.message.english().contains("too old"), "{}", refused.message);
}
