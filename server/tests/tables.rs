//! Tables as people bring them become records, or say row by row why not: each file of `tests/data/tables` with
//! what it makes of an entity that has a field of every kind.

use std::fmt::Write as _;
use std::path::Path;

use crate::support::{Peer, Server, options, set, set_items, set_yes};
use baton_protocol::definition::key;
use baton_protocol::field::Value;
use baton_protocol::id::{EntityId, FormKey, JobId};
use baton_protocol::job::{Format, Import, Job, JobOutcome};
use baton_protocol::message::{StartJob, ToServer};
use uuid::Uuid;

/// The columns of the tables, and what kind of field each fills.
const FIELDS: [(&str, &str); 12] = [
    ("code", "text"),
    ("qty", "number"),
    ("on_day", "date"),
    ("at", "date_time"),
    ("note", "textarea"),
    ("flag", "boolean"),
    ("kind", "select"),
    ("tags", "checkboxes"),
    ("uniq", "text"),
    ("unum", "number"),
    ("rich", "rich_text"),
    ("uses", "relation"),
];

async fn everything(ada: &mut Peer, number: usize) -> EntityId {
    let entity = EntityId(Uuid::now_v7());
    let view = ada.open(FormKey::entity(entity), None).await;
    let ids: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    let mut changes = vec![
        set("label", &format!("Thing {number}")),
        set("label_plural", &format!("Things {number}")),
        set("status", "published"),
        set_items("fields", &ids),
    ];
    for (name, kind) in FIELDS {
        changes.push(set(&key(name, "label"), name));
        changes.push(set(&key(name, "name"), name));
        changes.push(set(&key(name, "type"), kind));
    }
    changes.extend(options("kind", &["audio", "Video"]));
    changes.extend(options("tags", &["Red", "Green"]));
    changes.push(set(&key("uses", "target"), &entity.to_string()));
    changes.push(set_yes(&key("uses", "many")));
    changes.push(set_yes(&key("uniq", "unique")));
    changes.push(set_yes(&key("unum", "unique")));
    for part in changes.chunks(60) {
        ada.edit(&view, part.to_vec()).await.expect("accepted");
    }
    ada.save(&view).await.expect("saved");
    entity
}

async fn run(peer: &mut Peer, job: Job) -> JobOutcome {
    let id = JobId(Uuid::new_v4());
    peer.ask(StartJob { id, job }).await.expect("it begins");
    peer.job_outcome(id).await
}

/// What the table makes, in lines.
async fn made(peer: &mut Peer, entity: EntityId, file: &Path, sheet: Option<&str>) -> String {
    let mut told = String::new();
    let bytes = std::fs::read(file).expect("a table");
    if bytes.is_empty() {
        return "nothing can be brought\n".into();
    }
    let format = Format::of_name(&file.to_string_lossy()).expect("a table");
    let upload = peer.bring(&bytes).await;
    let sheet = sheet.map(ToOwned::to_owned);
    let look = Job::Inspect {
        upload,
        format,
        sheet: sheet.clone(),
    };
    let head = run(peer, look).await;
    let Some(table) = head.table else {
        return format!("refused: {}\n", head.problem.expect("why"));
    };
    let known = |name: &String| FIELDS.iter().any(|(field, _)| field == name) || name == "title" || name == "status";
    let columns = table
        .columns
        .iter()
        .map(|name| Some(name.clone()).filter(known))
        .collect();
    let import = Import {
        entity,
        upload,
        format,
        sheet,
        columns,
        key: None,
        all_or_nothing: false,
        dry_run: false,
    };
    let outcome = run(peer, Job::Import(import)).await;
    writeln!(told, "{} made, {} left out", outcome.records, outcome.left_out).expect("a text");
    if let Some(problem) = &outcome.problem {
        writeln!(told, "problem {problem}").expect("a text");
    }
    for fault in &outcome.faults {
        writeln!(told, "fault {} {}: {}", fault.row, fault.field, fault.message).expect("a text");
    }
    for note in &outcome.notes {
        writeln!(told, "note {} {}: {}", note.row, note.field, note.message).expect("a text");
    }
    let mut rows = peer.records(entity).await;
    rows.reverse();
    for row in rows {
        let view = peer.join(FormKey::record(row.id)).await;
        write!(told, "{:?}", row.title).expect("a text");
        for (name, _) in FIELDS.iter().chain([&("status", "")]) {
            let value = view.value(name);
            if !value.is_blank() {
                match value {
                    Value::Bool(flag) => write!(told, " {name}={flag}"),
                    value => write!(told, " {name}={:?}", value.items()),
                }
                .expect("a text");
            }
        }
        told.push('\n');
        peer.ask(ToServer::Leave {
            form: FormKey::record(row.id),
        })
        .await
        .expect("left");
    }
    told
}

/// `BATON_KEEP=1` writes what is made anew; look at it before it is kept.
#[tokio::test]
async fn every_table_becomes_what_its_program_shows_or_says_why_not() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut ada = server.peer("ada").await;
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tables");
    let mut files: Vec<_> = std::fs::read_dir(&directory)
        .expect("the tables")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension != "txt" && extension != "made")
        })
        .collect();
    files.sort();
    assert!(files.len() > 40, "the tables are there");
    for (number, file) in files.iter().enumerate() {
        let entity = everything(&mut ada, number).await;
        let sheet = file.to_string_lossy().contains("cover-sheet").then_some("Data");
        let now = made(&mut ada, entity, file, sheet).await;
        let expected = file.with_extension("made");
        if std::env::var_os("BATON_KEEP").is_some() {
            std::fs::write(&expected, &now).expect("written");
        }
        let kept = std::fs::read_to_string(&expected).expect("what is expected");
        assert_eq!(now, kept, "{}", file.display());
    }
}
