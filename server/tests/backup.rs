//! A copy of a server that is made beside it while people type: whole, checked, and a server again.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::program::{run, run_plain, run_with};
use crate::support::{Peer, Server, new_op, new_record, set};
use baton_protocol::file::FileRef;
use baton_protocol::message::CommitUpload;

/// A file that somebody brought.
async fn file(peer: &mut Peer) -> FileRef {
    let upload = peer.bring(b"what it says").await;
    let keep = CommitUpload {
        op: new_op(),
        upload,
        name: "note.txt".into(),
    };
    peer.query(keep).await.expect("not kept")
}

fn file_of(directory: &Path, file: &FileRef) -> PathBuf {
    let hash = file.hash.to_string();
    directory.join("files").join(&hash[..2]).join(hash)
}

#[tokio::test]
async fn a_copy_made_while_people_type_is_a_server_with_everything_acknowledged_before() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let kept = file(&mut anna).await;
    let view = anna.open(new_record(), Some(entity)).await;
    anna.edit(&view, vec![set("title", "Typed before")])
        .await
        .expect("accepted");

    let mut ben = server.peer("ben").await;
    let typing = tokio::spawn(async move {
        let view = ben.open(new_record(), Some(entity)).await;
        for number in 0_u64.. {
            ben.edit(&view, vec![set("title", &format!("Key {number}"))])
                .await
                .expect("accepted");
        }
    });
    let place = tempfile::tempdir().expect("a directory");
    let copy = place.path().join("copy");
    let said = run(server.directory.path(), "backup", &copy).await.expect("copied");
    assert!(said.contains("3 people") && said.contains("1 files"), "{said}");
    assert!(!typing.is_finished(), "typing went on");
    typing.abort();
    assert!(!place.path().join("copy.unfinished").exists());

    let again = tempfile::tempdir().expect("a directory");
    let restored = run(again.path(), "restore", &copy).await.expect("restored");
    assert_eq!(restored, said);
    let passwords = "sample-people.json";
    fs::copy(server.directory.path().join(passwords), again.path().join(passwords)).expect("the passwords");
    let server = Server::on(again).await;
    let mut anna = server.peer("anna").await;
    let found = anna.join(view.form).await;
    assert_eq!(found.title(), "Typed before");
    assert_eq!(
        fs::read(file_of(server.directory.path(), &kept)).expect("it is there"),
        b"what it says"
    );
}

/// Each fault by itself, in a copy of its own.
async fn faults_are_found(place: &Path, copy: &Path, kept: &FileRef) {
    let break_it = |name: &str, spoil: &dyn Fn(&Path)| {
        let broken = place.join(name);
        let files = broken.join("files").join(&kept.hash.to_string()[..2]);
        fs::create_dir_all(files).expect("made");
        for part in ["baton.db", "backup.json"] {
            fs::copy(copy.join(part), broken.join(part)).expect("copied");
        }
        fs::copy(file_of(copy, kept), file_of(&broken, kept)).expect("copied");
        spoil(&broken);
        broken
    };
    let spoil_middle = |file: &Path| {
        let mut bytes = fs::read(file).expect("read");
        let middle = bytes.len() / 2;
        bytes[middle..middle + 2000].fill(0xa5);
        fs::write(file, bytes).expect("written");
    };
    for (name, spoil, says) in [
        (
            "database",
            &(|broken: &Path| spoil_middle(&broken.join("baton.db"))) as &dyn Fn(&Path),
            "damaged",
        ),
        (
            "file",
            &|broken: &Path| fs::write(file_of(broken, kept), "what it sayz").expect("written"),
            "damaged",
        ),
        (
            "missing",
            &|broken: &Path| fs::remove_file(file_of(broken, kept)).expect("gone"),
            "is missing",
        ),
        (
            "manifest",
            &|broken: &Path| fs::remove_file(broken.join("backup.json")).expect("gone"),
            "is no backup",
        ),
        (
            "format",
            &|broken: &Path| fs::write(broken.join("backup.json"), r#"{"format":9,"version":"9"}"#).expect("written"),
            "does not know",
        ),
        (
            "text",
            &|broken: &Path| fs::write(broken.join("baton.db"), "no database").expect("written"),
            "no database",
        ),
    ] {
        let broken = break_it(name, spoil);
        let again = place.join(format!("{name}-again"));
        let refused = run(&again, "restore", &broken).await.expect_err(name);
        assert!(refused.contains(says), "{name}: {refused}");
        assert!(!again.join("baton.db").exists(), "{name}: there is half a server");
        run(&again, "restore", copy).await.expect("the directory can be used");
    }
}

#[tokio::test]
async fn files_of_an_earlier_copy_are_not_copied_again_and_each_copy_is_whole_by_itself() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let kept = file(&mut anna).await;
    let data = server.directory.path();
    let place = tempfile::tempdir().expect("a directory");
    let (first, second, third) = (place.path().join("1"), place.path().join("2"), place.path().join("3"));
    run(data, "backup", &first).await.expect("copied");
    let since = |copy: &Path, earlier: &Path| {
        let (copy, earlier) = (copy.to_owned(), earlier.to_owned());
        async move { run_with(data, "backup", &copy, &["--since", earlier.to_str().expect("text")]).await }
    };
    since(&second, &first).await.expect("copied");
    let same_file = |a: &Path, b: &Path| {
        let inode = |file: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(file).expect("there"));
        inode(&file_of(a, &kept)) == inode(&file_of(b, &kept))
    };
    assert!(same_file(&first, &second), "it is there once");
    // What is damaged in the earlier one is not taken over.
    fs::write(file_of(&second, &kept), "what it sayz").expect("written");
    since(&third, &second).await.expect("copied");
    assert!(!same_file(&second, &third));
    assert_eq!(fs::read(file_of(&third, &kept)).expect("there"), b"what it says");
    fs::remove_dir_all(&first).expect("gone");
    let again = place.path().join("again");
    run(&again, "restore", &third)
        .await
        .expect("it is whole without the others");
    let refused = since(&place.path().join("4"), &again).await.expect_err("no copy");
    assert!(refused.contains("is no backup"), "{refused}");
    assert!(!place.path().join("4").exists());
}

#[tokio::test]
async fn what_is_not_whole_is_no_copy_and_fills_nothing() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let kept = file(&mut anna).await;
    let data = server.directory.path();
    let place = tempfile::tempdir().expect("a directory");
    let copy = place.path().join("copy");
    run(data, "backup", &copy).await.expect("copied");
    let twice = run(data, "backup", &copy).await.expect_err("it is there");
    assert!(twice.contains("is there already"), "{twice}");
    let over = run(data, "restore", &copy).await.expect_err("there is data");
    assert!(over.contains("there is data"), "{over}");

    faults_are_found(place.path(), &copy, &kept).await;
    // A server that lost a file says so, instead of copying what is not whole.
    fs::remove_file(file_of(data, &kept)).expect("gone");
    let other = place.path().join("other");
    let refused = run(data, "backup", &other).await.expect_err("not whole");
    assert!(refused.contains("not whole"), "{refused}");
    assert!(!other.exists() && !place.path().join("other.unfinished").exists());
}

#[tokio::test]
async fn a_database_of_a_newer_server_is_left_as_it_is_with_a_sentence() {
    let mut server = Server::start().await;
    // It has its database when it lets somebody in.
    drop(server.peer("anna").await);
    server.kill().await;
    let file = server.directory.path().join("baton.db");
    let database = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display()))
        .await
        .expect("opened");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'newer', 1, x'00', 0)",
    )
    .execute(&database)
    .await
    .expect("written");
    database.close().await;
    let before = fs::read(&file).expect("there");
    let refused = run(server.directory.path(), "backup", &server.directory.path().join("copy")).await;
    assert!(refused.is_err(), "it was copied");
    let refused = run_plain(server.directory.path()).await;
    assert!(refused.contains("a newer version of Baton"), "{refused}");
    assert_eq!(fs::read(&file).expect("there"), before);
}
