//! What takes long and is done in slices, with a hundred thousand records: whoever types meanwhile must not feel it.

use baton_protocol::form::FormCommand;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::definition::key;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::id::{EntityId, FormKey, OpId, UploadId};
use baton_protocol::message::{Answer, CancelJob, CommitUpload, ToServer, UploadPart};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use uuid::Uuid;

use crate::machine::Spans;
use crate::peers::{Ours, answer};
use crate::records::{RECORDS, begin_import, define, import, job_outcome, job_state, save_definition, table, typing};
use crate::say;

/// How many files that no record has.
const FILES: usize = 5000;
/// How long each part may take.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Rolls an import back, makes a field unique, purges everything and removes files, one after the other.
pub(crate) async fn slices(ours: Ours, data: &Path) -> anyhow::Result<Ours> {
    let entity = define(&ours, "Thing").await?;
    let table = table();
    import(&ours, entity, &table).await?;
    say(&format!(
        "slices: {RECORDS} records, {FILES} files; who types meanwhile"
    ));
    let alone = typing(&ours, Duration::from_secs(5), || async { Ok(()) }).await?;
    say(&format!("  nothing else going on: {}", alone.1.text()));
    let show = |what: &str, (took, keys): (Duration, Spans)| {
        say(&format!(
            "  {what}, {:.1} s: {} (p99 <= 50)",
            took.as_secs_f64(),
            keys.text()
        ));
    };
    show(
        "a field becomes unique",
        typing(&ours, Duration::from_secs(1), || unique(&ours, entity)).await?,
    );
    show("an import is rolled back", rolled_back(&ours, entity, &table).await?);
    files(&ours, data).await?;
    delete(&ours, entity).await?;
    let ours = ours.restarted(data, &["--keep-deleted-days", "0"]).await?;
    show(
        "a purge",
        typing(&ours, Duration::ZERO, || {
            gone(data, "SELECT count(*) FROM records WHERE entity_id = ?", entity)
        })
        .await?,
    );
    show(
        "files are removed",
        typing(&ours, Duration::ZERO, || {
            gone(data, "SELECT count(*) FROM files WHERE ? IS NOT NULL", entity)
        })
        .await?,
    );
    Ok(ours)
}

async fn unique(ours: &Ours, entity: EntityId) -> anyhow::Result<()> {
    let mut wire = ours.peer(&ours.admin).await?;
    let form = FormKey::entity(entity);
    let Answer::Joined(view) = answer(&mut wire, ToServer::Join { form, entity: None }).await? else {
        bail!("the definition does not open");
    };
    let changes = vec![Change {
        field: key("code", "unique"),
        edit: Edit::Set(Value::Bool(true)),
    }];
    save_definition(&mut wire, form, (view.fence, view.version), changes).await
}

/// An import that is all or nothing, cancelled shortly before its end.
async fn rolled_back(ours: &Ours, entity: EntityId, table: &str) -> anyhow::Result<(Duration, Spans)> {
    let table = table.replace(",C-", ",D-");
    let mut wire = ours.peer(&ours.editor).await?;
    let job = begin_import(&mut wire, entity, &table, true).await?;
    let (mut tried, mut done) = (false, 0);
    while !tried || done < RECORDS as u64 * 9 / 10 {
        let state = job_state(&mut wire, job).await?;
        ensure!(state.outcome.is_none(), "it ended by itself: {:?}", state.outcome);
        tried |= state.done < done;
        done = state.done;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    typing(ours, Duration::ZERO, || async {
        answer(&mut wire, CancelJob { job }).await?;
        let outcome = job_outcome(&mut wire, job).await?;
        ensure!(
            outcome.cancelled && outcome.records == 0,
            "it was not rolled back: {outcome:?}"
        );
        Ok(())
    })
    .await
}

/// Brings files that no record gets, and makes them old.
async fn files(ours: &Ours, data: &Path) -> anyhow::Result<()> {
    let mut wire = ours.peer(&ours.editor).await?;
    for number in 0..FILES {
        let (upload, op) = (UploadId(Uuid::new_v4()), OpId(Uuid::new_v4()));
        let bytes = STANDARD.encode(format!("file {number}"));
        answer(
            &mut wire,
            UploadPart {
                upload,
                offset: 0,
                data: bytes,
            },
        )
        .await?;
        answer(
            &mut wire,
            CommitUpload {
                op,
                upload,
                name: format!("{number}.txt"),
            },
        )
        .await?;
    }
    let mut directories = vec![data.join("files")];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                directories.push(path);
            } else {
                let old = SystemTime::now() - Duration::from_secs(60 * 60 * 24 * 365);
                std::fs::File::options().write(true).open(path)?.set_modified(old)?;
            }
        }
    }
    Ok(())
}

async fn delete(ours: &Ours, entity: EntityId) -> anyhow::Result<()> {
    let mut wire = ours.peer(&ours.admin).await?;
    let (form, how) = (FormKey::entity(entity), DeletionKind::Deleted);
    answer(
        &mut wire,
        ToServer::Form {
            form,
            command: FormCommand::Delete { kind: how },
        },
    )
    .await?;
    Ok(())
}

/// Waits until the server's database has none of these.
async fn gone(data: &Path, counted: &'static str, entity: EntityId) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new()
        .filename(data.join("baton.db"))
        .read_only(true);
    let database = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    let began = std::time::Instant::now();
    while sqlx::query_scalar::<_, i64>(counted)
        .bind(entity.0)
        .fetch_one(&database)
        .await?
        > 0
    {
        ensure!(began.elapsed() < TIMEOUT, "it takes too long");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    database.close().await;
    Ok(())
}
