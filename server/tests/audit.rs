//! The audit: who did what, when and from where; and that nobody can change it unseen.

use std::path::Path;

use crate::support::program;
use crate::support::{Peer, Server, new_op, set};
use baton_protocol::audit::{AccountChange, Act, ActKind, AuditEntry, AuditFilter, OwnerReason};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::file::Source;
use baton_protocol::form::{FormCommand, TransferReason};
use baton_protocol::id::{JobId, UploadId};
use baton_protocol::job::Job;
use baton_protocol::message::{ChangePerson, Code, DownloadPart, GetAudit, GetPeople, StartJob, ToServer};
use baton_protocol::person::PersonChange;
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;

async fn audit(ada: &mut Peer, filter: AuditFilter) -> Vec<AuditEntry> {
    let query = GetAudit {
        filter,
        before: None,
        rows: 1000,
    };
    let mut entries = ada.query(query).await.expect("an admin");
    entries.reverse();
    entries
}

/// An entry in few words: who, and what.
fn summary(entry: &AuditEntry) -> String {
    let who = entry.by.as_ref().map_or("nobody", |person| person.name.as_str());
    let name = |person: &Option<baton_protocol::person::Person>| {
        person
            .as_ref()
            .map_or_else(|| "nobody".to_owned(), |person| person.name.clone())
    };
    let what = match &entry.act {
        Act::Owner { from, to, why, .. } => format!("{} -> {}: {why:?}", name(from), name(to)),
        Act::Saved(_, version) => format!("saved {version}"),
        Act::Removed(_, kind) => format!("removed {kind:?}"),
        Act::Joined(_) => "joined".into(),
        Act::Left(_) => "left".into(),
        Act::AskedToEdit(_) => "asked".into(),
        Act::Declined(_) => "declined".into(),
        Act::Discarded(_) => "discarded".into(),
        Act::Restored(_) => "restored".into(),
        other => format!("{other:?}"),
    };
    format!("{who}: {what}")
}

#[tokio::test]
async fn who_owned_a_form_when_and_why_is_answered_by_one_query() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let form = anna.a_product().await;
    let view = anna.again(form).await;
    ben.again(form).await;
    ben.give(form, FormCommand::RequestEdit).await.expect("asked");
    anna.give(form, FormCommand::DeclineEdit { fence: view.fence })
        .await
        .expect("declined");
    anna.edit(&view, vec![set("title", "A new title")])
        .await
        .expect("typed");
    let view = anna.again(form).await;
    anna.save(&view).await.expect("saved");
    let to = ben.again(form).await.me.expect("his place");
    anna.give(form, FormCommand::HandOver { fence: view.fence, to })
        .await
        .expect("handed over");
    ada.again(form).await;
    ada.give(form, crate::support::take_over()).await.expect("an admin");
    let delete = FormCommand::Delete {
        kind: DeletionKind::Archived,
    };
    ada.give(form, delete).await.expect("archived");
    ada.give(form, FormCommand::Restore).await.expect("restored");
    ben.ask(ToServer::Leave { form }).await.expect("left");
    ada.ask(ToServer::Leave { form }).await.expect("left");
    anna.ask(ToServer::Leave { form }).await.expect("left");

    let filter = AuditFilter {
        form: Some(form),
        ..AuditFilter::default()
    };
    let entries = audit(&mut ada, filter).await;
    let summaries: Vec<String> = entries.iter().map(summary).collect();
    assert_eq!(
        summaries,
        [
            "Anna: nobody -> Anna: Opened",
            "Ben: joined",
            "Ben: asked",
            "Anna: declined",
            "Anna: saved 2",
            &format!(
                "Anna: Anna -> Ben: {:?}",
                OwnerReason::Transferred(TransferReason::HandedOver)
            ),
            "Ada: joined",
            &format!(
                "Ada: Ben -> Ada: {:?}",
                OwnerReason::Transferred(TransferReason::TakenOver)
            ),
            "Ada: removed Archived",
            "Ada: restored",
            "Ben: left",
            "Ada: Ada -> Anna: Left",
            "Anna: Anna -> nobody: Closed",
        ]
    );
    let first = &entries[0];
    assert_eq!(first.origin.address.as_deref(), Some("127.0.0.1"));
    assert_eq!(first.origin.client.as_deref(), Some("test"));
    let numbers: Vec<u64> = entries.iter().map(|entry| entry.number).collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
}

#[tokio::test]
async fn accounts_and_sign_ins_are_in_it_and_no_word_that_is_secret() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let people = ada.query(GetPeople {}).await.expect("everybody");
    let anna = people
        .iter()
        .find(|one| one.person.name == "Anna")
        .expect("her")
        .person
        .id;
    let reset = ChangePerson {
        op: new_op(),
        person: anna,
        change: PersonChange::NewPassword,
    };
    let password = ada.query(reset).await.expect("reset").password.expect("said once").0;
    let mut stranger = server.stranger().await;
    stranger.hello(None).await;
    let guess = ToServer::sign_in("anna@example.test".into(), "a guess at it".into());
    stranger.ask(guess).await.expect_err("a guess");
    let mut ben = server.peer("ben").await;
    let refused = ben.query(GetAudit {
        filter: AuditFilter::default(),
        before: None,
        rows: 10,
    });
    assert_eq!(refused.await.expect_err("no admin").code, Code::Forbidden);

    let of_anna = AuditFilter {
        person: Some(anna),
        ..AuditFilter::default()
    };
    let acts: Vec<Act> = audit(&mut ada, of_anna)
        .await
        .into_iter()
        .map(|entry| entry.act)
        .collect();
    assert!(
        acts.iter()
            .any(|act| matches!(act, Act::Account(_, AccountChange::PasswordReset))),
        "{acts:?}"
    );
    let refused = AuditFilter {
        kind: Some(ActKind::RefusedSignIns),
        ..AuditFilter::default()
    };
    let refused = audit(&mut ada, refused).await;
    assert!(
        matches!(&refused[..], [one] if one.act == Act::SignInRefused("anna@example.test".into())),
        "{refused:?}"
    );
    let everything = format!("{:?}", audit(&mut ada, AuditFilter::default()).await);
    assert!(!everything.contains(&password) && !everything.contains("a guess at it"));
}

async fn verify(server: &Server, arguments: &[&str]) -> Result<String, String> {
    let done = tokio::process::Command::new(env!("CARGO_BIN_EXE_baton-server"))
        .args(["verify-audit", "--data-dir"])
        .arg(server.directory.path())
        .args(arguments)
        .output()
        .await
        .expect("it runs");
    let (said, wrong) = (
        String::from_utf8_lossy(&done.stdout).into_owned(),
        String::from_utf8_lossy(&done.stderr).into_owned(),
    );
    if done.status.success() { Ok(said) } else { Err(wrong) }
}

#[tokio::test]
async fn an_entry_that_is_changed_removed_swapped_or_forged_is_found() {
    let server = Server::start().await;
    for name in ["ada", "anna", "ben"] {
        server.peer(name).await.close().await;
    }
    let whole = verify(&server, &[]).await.expect("nobody touched it");
    assert!(whole.contains("as they were written"), "{whole}");
    let file = format!("sqlite:{}", server.directory.path().join("baton.db").display());
    let mut database = SqliteConnection::connect(&file).await.expect("the database");
    for (what, fault) in [
        (
            "changed",
            "UPDATE audit_log SET entry = replace(entry, 'signed_in', 'signed_out') WHERE number = 4",
        ),
        (
            "its column changed",
            "UPDATE audit_log SET person = NULL WHERE number = 4",
        ),
        ("its time changed", "UPDATE audit_log SET at = at + 1 WHERE number = 2"),
        ("removed", "DELETE FROM audit_log WHERE number = 3"),
        ("the first removed", "DELETE FROM audit_log WHERE number = 1"),
        (
            "swapped",
            "UPDATE audit_log SET entry = (SELECT kept.entry FROM kept WHERE kept.number = 9 - audit_log.number)
             WHERE number IN (4, 5)",
        ),
        (
            "forged",
            "INSERT INTO audit_log (number, at, person, subject, kind, entry, hash)
             SELECT number + 1, at, person, subject, kind, entry, hash FROM audit_log ORDER BY number DESC LIMIT 1",
        ),
    ] {
        let mut transaction = database.begin().await.expect("begun");
        sqlx::query("CREATE TABLE kept AS SELECT * FROM audit_log")
            .execute(&mut *transaction)
            .await
            .expect("kept");
        let done = sqlx::query(fault).execute(&mut *transaction).await.expect(what);
        assert!(done.rows_affected() > 0, "{what}");
        transaction.commit().await.expect("committed");
        let found = verify(&server, &[]).await.expect_err(what);
        assert!(found.contains("was changed at entry"), "{what}: {found}");
        for sql in [
            "DELETE FROM audit_log",
            "INSERT INTO audit_log SELECT * FROM kept",
            "DROP TABLE kept",
        ] {
            sqlx::query(sql).execute(&mut database).await.expect("put back");
        }
        verify(&server, &[]).await.expect("whole again");
    }
}

#[tokio::test]
async fn an_end_that_is_cut_off_is_found_by_a_head_that_was_logged() {
    let server = Server::start().await;
    server.peer("ada").await.close().await;
    let head = |said: String| said.trim().rsplit(' ').next().expect("a head").to_owned();
    let first = head(verify(&server, &[]).await.expect("whole"));
    server.peer("anna").await.close().await;
    let second = head(verify(&server, &["--head", &first]).await.expect("it is in the chain"));
    assert_ne!(first, second);

    let file = format!("sqlite:{}", server.directory.path().join("baton.db").display());
    let mut database = SqliteConnection::connect(&file).await.expect("the database");
    sqlx::query("DELETE FROM audit_log WHERE number = (SELECT max(number) FROM audit_log)")
        .execute(&mut database)
        .await
        .expect("cut off");
    verify(&server, &[]).await.expect("what is left is whole");
    verify(&server, &["--head", &first]).await.expect("it is there still");
    let found = verify(&server, &["--head", &second])
        .await
        .expect_err("its entry is gone");
    assert!(found.contains("is not in the audit"), "{found}");
}

#[tokio::test]
async fn who_hashes_a_changed_entry_anew_is_found_at_the_next_one() {
    let server = Server::start().await;
    for name in ["ada", "anna", "ben"] {
        server.peer(name).await.close().await;
    }
    let file = format!("sqlite:{}", server.directory.path().join("baton.db").display());
    let mut database = SqliteConnection::connect(&file).await.expect("the database");
    let (before, entry): (Vec<u8>, String) =
        sqlx::query_as("SELECT (SELECT hash FROM audit_log WHERE number = 3), entry FROM audit_log WHERE number = 4")
            .fetch_one(&mut database)
            .await
            .expect("there");
    let forged = entry.replace("127.0.0.1", "127.0.0.9");
    assert_ne!(forged, entry);
    let hash = Sha256::new()
        .chain_update(&before)
        .chain_update(&forged)
        .finalize()
        .to_vec();
    sqlx::query("UPDATE audit_log SET entry = ?, hash = ? WHERE number = 4")
        .bind(forged)
        .bind(hash)
        .execute(&mut database)
        .await
        .expect("forged");
    let found = verify(&server, &[]).await.expect_err("the next one holds on to it");
    assert!(found.contains("at entry 5"), "{found}");
}

#[tokio::test]
async fn old_entries_are_forgotten_and_the_rest_is_proven_still() {
    let mut server = Server::start().await;
    for name in ["ada", "anna", "ben"] {
        server.peer(name).await.close().await;
    }
    server.kill().await;
    server.restart_with(&["--keep-audit-days", "0"]).await;
    let mut ada = server.peer("ada").await;
    let forgotten = async {
        loop {
            let entries = audit(&mut ada, AuditFilter::default()).await;
            match entries.first().map(|first| first.number) {
                Some(1) => {}
                first => return first,
            }
        }
    };
    let first = tokio::time::timeout(crate::support::TIMEOUT, forgotten)
        .await
        .expect("in time");
    let whole = verify(&server, &[]).await.expect("the rest");
    if let Some(first) = first {
        assert!(whole.contains(&format!("entries {first} to")), "{whole}");
    }
}

/// The last entry of what the server itself did.
async fn of_the_server(ada: &mut Peer) -> Option<Act> {
    let filter = AuditFilter {
        kind: Some(ActKind::Server),
        ..AuditFilter::default()
    };
    audit(ada, filter).await.into_iter().last().map(|entry| entry.act)
}

#[tokio::test]
async fn a_start_with_other_settings_and_an_export_of_everything_are_in_it() {
    let mut server = Server::start().await;
    let mut ada = server.peer("ada").await;
    assert_eq!(of_the_server(&mut ada).await, None, "the first start is no change");
    // From now on the port is a chosen one.
    server.kill_and_restart().await;
    let mut ada = server.peer("ada").await;
    let before = of_the_server(&mut ada).await;
    server.kill_and_restart().await;
    let mut ada = server.peer("ada").await;
    assert_eq!(of_the_server(&mut ada).await, before, "nothing is another setting");
    server.kill().await;
    server.restart_with(&["--sign-in-days", "7"]).await;
    let mut ada = server.peer("ada").await;
    let Some(Act::SettingsChanged(changes)) = of_the_server(&mut ada).await else {
        panic!("it is not told");
    };
    let days = changes
        .iter()
        .find(|change| change.name == "sign-in-days")
        .expect("it is named");
    assert_eq!((days.from.as_deref(), days.to.as_deref()), (None, Some("7")));

    let written = program::run(server.directory.path(), "export", Path::new("-")).await;
    let written = written.expect("into a pipe, while the server serves");
    let archive: serde_json::Value = serde_json::from_str(&written).expect("nothing else is in the pipe");
    assert!(archive["people"].as_array().is_some_and(|people| people.len() >= 3));
    assert_eq!(of_the_server(&mut ada).await, Some(Act::Exported));
    verify(&server, &[])
        .await
        .expect("one chain, though two programs wrote it");
    let copies = tempfile::tempdir().expect("a directory");
    let copy = copies.path().join("copy");
    program::run(server.directory.path(), "backup", &copy)
        .await
        .expect("copied");
    assert_eq!(of_the_server(&mut ada).await, Some(Act::BackedUp));

    // What is there stays there.
    let file = server.directory.path().join("yesterday.json");
    std::fs::write(&file, "of yesterday").expect("written");
    program::run(server.directory.path(), "export", &file)
        .await
        .expect_err("it is there already");
    assert_eq!(
        std::fs::read_to_string(&file).expect("it is there still"),
        "of yesterday"
    );
}

#[tokio::test]
async fn it_is_exported_by_an_admin_line_by_line_and_that_is_in_it() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let all = AuditFilter::default();
    let before = audit(&mut ada, all.clone()).await;
    let (id, upload) = (JobId(Uuid::new_v4()), UploadId(Uuid::new_v4()));
    let job = Job::ExportAudit { filter: all, upload };
    let refused = anna
        .query(StartJob { id, job: job.clone() })
        .await
        .expect_err("no admin");
    assert_eq!(refused.code, Code::Forbidden);
    ada.query(StartJob { id, job }).await.expect("started");
    let outcome = ada.job_outcome(id).await;
    assert_eq!(outcome.problem, None);
    let text = String::from_utf8(ada.fetch(Source::Upload(upload)).await).expect("text");
    let lines: Vec<AuditEntry> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("an entry a line"))
        .collect();
    assert_eq!(lines.len() as u64, outcome.records);
    assert_eq!(lines[0].act, Act::AuditExported, "it was noted before it was written");
    let mut rest: Vec<_> = lines[1..].to_vec();
    rest.reverse();
    assert_eq!(rest, before);
    let refused = anna
        .query(DownloadPart {
            source: Source::Upload(upload),
            offset: 0,
        })
        .await;
    assert_eq!(refused.expect_err("not hers").code, Code::NotFound);
}
