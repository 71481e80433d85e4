//! What others of the machine learn, and whoever reads the log: nothing that is not theirs.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::support::{Server, new_op, program, set};
use baton_protocol::id::{JobId, UploadId};
use baton_protocol::job::{Format, Job, RecordSelection};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{Answer, CommitUpload, StartJob, ToServer};
use baton_protocol::person::Secret;
use uuid::Uuid;

/// Everything in a directory, itself included.
fn everything(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![path.to_owned()];
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a directory") {
            found.extend(everything(&entry.expect("an entry").path()));
        }
    }
    found
}

fn expect_private(directory: &Path) {
    for path in everything(directory) {
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has {mode:o}", path.display());
    }
}

#[tokio::test]
async fn everything_that_a_server_writes_is_its_users_alone() {
    let mut server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    anna.edit(&view, vec![set("title", "Typed")]).await.expect("accepted");
    let upload = anna.bring(b"some words").await;
    let commit = CommitUpload {
        op: new_op(),
        upload,
        name: "words.txt".into(),
    };
    anna.ask(commit).await.expect("kept");
    anna.bring(b"on its way still").await;
    let id = JobId(Uuid::new_v4());
    let export = Job::Export {
        entity: anna.entity("product").await,
        which: RecordSelection::Query(ListQuery::default()),
        columns: vec!["title".into()],
        format: Format::Xlsx,
        upload: UploadId(Uuid::new_v4()),
    };
    anna.ask(StartJob { id, job: export }).await.expect("begun");
    assert_eq!(anna.job_outcome(id).await.problem, None);
    let files = everything(server.directory.path());
    for made in ["baton.db", "baton.db-wal"] {
        assert!(files.iter().any(|path| path.ends_with(made)), "no {made}: {files:?}");
    }
    assert!(files.len() > 6, "uploads, exports, files: {files:?}");
    expect_private(server.directory.path());

    let copy = tempfile::tempdir().expect("a directory");
    let backup = copy.path().join("backup");
    program::run(server.directory.path(), "backup", &backup)
        .await
        .expect("backed up");
    expect_private(&backup);

    // What an older program, or somebody by hand, left open is closed at the next start.
    server.kill().await;
    for path in everything(server.directory.path()) {
        let open = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(&path, Permissions::from_mode(open)).expect("opened");
    }
    server.restart().await;
    // It greets once everything is open.
    server.stranger().await.hello(None).await;
    expect_private(server.directory.path());
}

#[tokio::test]
async fn passwords_and_tokens_are_in_no_log_however_much_is_logged() {
    let loud = "trace,tungstenite::protocol=trace,tokio_tungstenite::compat=trace,hyper::proto=trace,sqlx::query=trace";
    let server = Server::start_logging(loud).await;
    let mut anna = server.stranger().await;
    anna.hello(None).await;
    let email = "anna@example.test".to_owned();
    let password = server.password(&email);
    let signed_in = anna.ask(ToServer::sign_in(email, password.clone())).await;
    let Ok(Answer::SignedIn { token: Some(token), .. }) = signed_in else {
        panic!("not signed in: {signed_in:?}");
    };
    let mut again = server.stranger().await;
    again.hello(None).await;
    again
        .ask(ToServer::UseToken { token: token.clone() })
        .await
        .expect("signed in");
    let form = again.a_product().await;
    again.join(form).await;

    let log = fs::read_to_string(server.directory.path().join("server.log")).expect("a log");
    assert!(log.contains("somebody signed in"), "it logs: {log}");
    for Secret(secret) in [&password, &token] {
        assert!(
            secret.len() > 10 && !log.contains(secret.as_str()),
            "a secret is in the log"
        );
    }
}
