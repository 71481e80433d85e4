//! A whole server as one file: what is written, read and written again is the same byte for byte, and the
//! copy is a server like the one that it was made of.

use std::path::PathBuf;

use crate::support::program::run;
use crate::support::{Peer, Server, new_op, new_record, set};
use baton_protocol::comment::{CommentChange, CommentText};
use baton_protocol::definition::key;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::field::Value;
use baton_protocol::file::{FileRef, Source};
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{CommentId, EntityId, FormKey, RecordId, UserId, ViewId};
use baton_protocol::list::{SavedView, View};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{
    Answer, ChangeComment, CommitUpload, GetComments, GetHistory, GetPage, MoveRecord, SaveView, Snapshot, ToServer,
    Topic, UploadPart,
};
use tempfile::TempDir;
use uuid::Uuid;

fn put(field: &str, value: Value) -> Change {
    Change {
        field: field.into(),
        edit: Edit::Set(value),
    }
}

/// What a person does in a server, a little of everything.
struct Lived {
    papers: EntityId,
    paper: FormKey,
    draft: FormKey,
    file: FileRef,
}

async fn live(server: &Server) -> Lived {
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let papers = EntityId(Uuid::now_v7());
    let definition = ada.open(FormKey::entity(papers), None).await;
    let changes = vec![
        set("label", "Paper"),
        set("label_plural", "Papers"),
        set("status", "published"),
        put("fields", Value::from_items(["a", "b"])),
        set(&key("a", "label"), "Scan"),
        set(&key("a", "type"), "file"),
        set(&key("b", "label"), "Number"),
        set(&key("b", "type"), "text"),
        put(&key("b", "unique"), Value::Bool(true)),
    ];
    ada.edit(&definition, changes).await.expect("accepted");
    ada.save(&definition).await.expect("saved");

    let mut files = two_files(&mut anna).await;
    // Only the history has the first file.
    let view = anna.open(new_record(), Some(papers)).await;
    let text = "Tab\there, \"quoted\", \\ and \u{1f600} </script>\u{2028}";
    let changes = vec![
        set("title", text),
        set("number", "P-1"),
        set("scan", &files[0].to_string()),
    ];
    anna.edit(&view, changes).await.expect("accepted");
    anna.save(&view).await.expect("saved");
    let view = anna.again(view.form).await;
    anna.edit(&view, vec![set("scan", &files[1].to_string())])
        .await
        .expect("accepted");
    anna.save(&view).await.expect("saved");
    let paper = view.form;

    // One is in the bin, one is archived; one has unsaved text, and somebody in it.
    let product = anna.entity("product").await;
    let rows = anna.records(product).await;
    for (row, how) in rows.iter().zip([DeletionKind::Deleted, DeletionKind::Archived]) {
        let form = FormKey::record(row.id);
        anna.give(form, FormCommand::Delete { kind: how })
            .await
            .expect("removed");
    }
    let draft = FormKey::record(rows[2].id);
    type_into_log(&mut anna, draft).await;
    let take = MoveRecord {
        op: new_op(),
        record: rows[3].id,
        after: None,
    };
    anna.ask(take).await.expect("moved");
    let list = SavedView::storable(ViewId(Uuid::now_v7()), product, "Mine".into(), true, View::default());
    anna.ask(SaveView { view: list.into() }).await.expect("kept");
    talk(&mut ada, &mut anna, RecordId(draft.id)).await;
    // What an admin takes over is audited.
    ada.open(draft, None).await;
    ada.give(draft, crate::support::take_over()).await.expect("taken over");
    Lived {
        papers,
        paper,
        draft,
        file: files.swap_remove(0),
    }
}

/// A thread about a field, answered and settled.
async fn talk(ada: &mut Peer, anna: &mut Peer, record: RecordId) {
    let thread = CommentId(Uuid::now_v7());
    let says = |thread: Option<CommentId>, field: Option<&str>, text: &str, mentions: Vec<UserId>| {
        let (field, text) = (field.map(ToOwned::to_owned), text.to_owned());
        let text = CommentText { text, mentions };
        CommentChange::Add { thread, field, text }
    };
    let query = |comment, change| ChangeComment {
        record,
        comment,
        change,
    };
    let anna_id = ada
        .people()
        .await
        .iter()
        .find(|one| one.person.name == "Anna")
        .expect("her")
        .person
        .id;
    let first = says(None, Some("price"), "@Anna, \"right\"?\n\u{1f600}", vec![anna_id]);
    ada.query(query(thread, first)).await.expect("written");
    let answer = says(Some(thread), None, "Yes", Vec::new());
    anna.query(query(CommentId(Uuid::now_v7()), answer))
        .await
        .expect("written");
    let resolve = CommentChange::Resolve(true);
    ada.query(query(thread, resolve)).await.expect("settled");
}

struct Copied {
    _directory: TempDir,
    first: PathBuf,
    copy: TempDir,
}

/// A large file and one without a byte.
async fn two_files(anna: &mut Peer) -> Vec<FileRef> {
    let large: Vec<u8> = (0..700_000u32).map(|number| number.to_le_bytes()[1]).collect();
    let (upload, empty) = (anna.bring(&large).await, anna.bring(b"").await);
    let nothing = UploadPart {
        upload: empty,
        offset: 0,
        data: String::new(),
    };
    anna.ask(nothing).await.expect("a file without bytes");
    let mut files = Vec::new();
    for (upload, name) in [(upload, "Größe “eins”.dat"), (empty, "nothing.txt")] {
        let keep = CommitUpload {
            op: new_op(),
            upload,
            name: name.into(),
        };
        files.push(anna.query(keep).await.expect("kept"));
    }
    files
}

/// Types what is in the form's draft, and then a keystroke that is in its log only.
async fn type_into_log(anna: &mut Peer, draft: FormKey) {
    let view = anna.open(draft, None).await;
    anna.edit(&view, vec![set("sku", "unsave")]).await.expect("accepted");
    let view = anna.again(draft).await;
    let splice = Splice {
        at: 6,
        delete: 0,
        insert: "d".into(),
    };
    let typed = Change {
        field: "sku".into(),
        edit: Edit::Splice(splice),
    };
    anna.edit(&view, vec![typed]).await.expect("accepted");
}

/// A server that lived a little, its archive, and a directory that was filled from it.
async fn copied(server: &Server) -> Copied {
    let directory = tempfile::tempdir().expect("a directory");
    let (first, second) = (
        directory.path().join("first.json"),
        directory.path().join("second.json"),
    );
    let copy = tempfile::tempdir().expect("a directory");
    run(server.directory.path(), "export", &first)
        .await
        .expect("exported while it serves");
    run(copy.path(), "import", &first).await.expect("imported");
    run(copy.path(), "export", &second).await.expect("exported again");
    let (one, two) = (
        std::fs::read(&first).expect("there"),
        std::fs::read(&second).expect("there"),
    );
    assert!(one == two, "byte for byte");
    serde_json::from_slice::<serde_json::Value>(&one).expect("JSON");
    Copied {
        _directory: directory,
        first,
        copy,
    }
}

async fn form(peer: &mut Peer, key: FormKey) -> FormSnapshot {
    peer.open(key, None).await
}

fn is_the_same(now: &FormSnapshot, before: &FormSnapshot) {
    assert_eq!(
        (now.version, &now.values, &now.draft),
        (before.version, &before.values, &before.draft)
    );
    assert!(
        now.fence >= before.fence,
        "nobody who was there before is taken for the owner"
    );
}

/// What was not in the archive is made again: the search, and what no two records may have.
async fn is_made_again(ben: &mut Peer, lived: &Lived) {
    let page = GetPage {
        entity: lived.papers,
        query: ListQuery {
            search: "quoted nothing".into(),
            ..ListQuery::default()
        },
        after: None,
        rows: 10,
        ids: Vec::new(),
    };
    let page = ben.query(page).await.expect("a page");
    assert_eq!(
        page.rows.iter().map(|row| row.id).collect::<Vec<_>>(),
        [RecordId(lived.paper.id)]
    );
    let view = ben.open(new_record(), Some(lived.papers)).await;
    ben.edit(&view, vec![set("title", "Twin"), set("number", "p-1")])
        .await
        .expect("accepted");
    let problem = ben.save(&view).await.expect_err("taken");
    assert_eq!(problem.fields[0].field, "number");
}

#[tokio::test]
async fn a_server_is_its_archive_byte_for_byte_and_lives_on_from_it() {
    // No place ends between the archive and what it is compared with.
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let lived = Box::pin(live(&server)).await;
    let copied = copied(&server).await;
    let mut here = server.peer("ben").await;
    let views = [form(&mut here, lived.paper).await, form(&mut here, lived.draft).await];
    let product = here.entity("product").await;
    let rows = here.records(product).await;
    let watch = ToServer::Watch {
        topic: Topic::Bin(product),
        rows: 10,
        since: None,
    };
    let bin = here.ask(watch.clone()).await;
    let history = here.ask(GetHistory { form: lived.paper }).await;
    let record = RecordId(lived.draft.id);
    let comments = here.query(GetComments { record }).await.expect("said");
    assert_eq!(comments.len(), 2);
    server.kill().await;

    // The copy takes the place of the server, with the people's passwords.
    let people = std::fs::read(server.directory.path().join("sample-people.json")).expect("there");
    std::fs::write(copied.copy.path().join("sample-people.json"), people).expect("written");
    let mut server = Server::on(copied.copy).await;
    let mut ben = server.peer("ben").await;
    assert_eq!(views[1].value("sku"), &Value::from_text("unsaved"));
    for (key, before) in [lived.paper, lived.draft].into_iter().zip(views) {
        is_the_same(&form(&mut ben, key).await, &before);
    }
    assert_eq!(ben.records(product).await, rows);
    let rows_of = |answer| match answer {
        Ok(Answer::Watching {
            snapshot: Snapshot::Bin { rows, .. },
            ..
        }) => rows,
        other => panic!("no bin: {other:?}"),
    };
    assert_eq!(rows_of(ben.ask(watch).await), rows_of(bin));
    assert_eq!(ben.ask(GetHistory { form: lived.paper }).await, history);
    assert_eq!(ben.query(GetComments { record }).await, Ok(comments));
    assert_eq!(ben.fetch(Source::File(lived.file.hash)).await.len(), 700_000);

    is_made_again(&mut ben, &lived).await;
    assert!(server.is_running());
    let refused = run(server.directory.path(), "import", &copied.first)
        .await
        .expect_err("there is data");
    assert!(refused.contains("there is data"), "{refused}");
}

#[tokio::test]
async fn a_damaged_archive_leaves_nothing() {
    let server = Server::start().await;
    Box::pin(live(&server)).await;
    let directory = tempfile::tempdir().expect("a directory");
    let whole = directory.path().join("whole.json");
    run(server.directory.path(), "export", &whole).await.expect("exported");
    let text = std::fs::read_to_string(&whole).expect("text");
    let half = text.chars().take(text.chars().count() / 2).collect::<String>();
    for (number, (broken, says)) in [
        (half, "no whole archive"),
        (text.replace("\"baton\":2,", "\"baton\":3,"), "another version"),
        (text.replace("\"baton\":2,", ""), "another version"),
        (
            text.replacen("\"version\":1,\"values\":{", "\"version\":1,\"values\":{\"x\":{},", 1),
            "cannot be read",
        ),
        (text.replacen("\"entity\":\"", "\"entity\":\"00", 1), "does not fit"),
        (text.replacen("\"data\":\"", "\"data\":\"AAAA", 1), "damaged"),
        (text.replace("\"purged\"", "\"strange\""), "no section"),
        ("[]".into(), "no whole archive"),
        ("{}".into(), "no archive"),
    ]
    .into_iter()
    .enumerate()
    {
        let (file, data) = (
            directory.path().join("broken.json"),
            directory.path().join(number.to_string()),
        );
        std::fs::write(&file, broken).expect("written");
        let refused = run(&data, "import", &file).await.expect_err(says);
        assert!(refused.contains(says), "{says}: {refused}");
        let again = run(&data, "import", &whole).await;
        again.expect("the directory is as empty as before");
    }
    let twice = run(server.directory.path(), "export", &whole)
        .await
        .expect_err("it is there");
    assert!(twice.contains("cannot make"), "{twice}");
}
