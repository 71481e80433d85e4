//! Figures of desktops: what waits is flushed, a long list from a cold start, scrolling. `cargo xtask bench`
//! runs it.
#![allow(
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "figures are for whoever reads the run; it waits for one event and passes others over"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use baton_client::core::Control;
use baton_protocol::desktop::{ChangeForm, CloseForm, EngineCall, FormUpdate, Link, OpenForm, Start, UiEvent, Watch};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::list::{PAGE_ROWS, Page};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{GetPage, MAX_ROWS, Topic};
use baton_tests::{World, signed_in_desktop};
use tokio::sync::mpsc;
use uuid::Uuid;

/// How many records the long list has.
const RECORDS: usize = 50_000;
/// How many changes wait.
const CHANGES: usize = 1000;

type Events = mpsc::Receiver<baton_client::WindowEvent>;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let data = world.data_of("long");
    let entity = signed_in_desktop(&*world.server.lock().await, "anna", &data).await?;
    flush(&world, &data, entity).await?;
    long_list(&world, &data, entity).await
}

fn engine(directory: &Path) -> (baton_client::Handle, Events) {
    baton_client::start(baton_client::Config::in_directory(directory.to_owned()))
}

async fn next(events: &mut Events) -> anyhow::Result<UiEvent> {
    let told = tokio::time::timeout(Duration::from_secs(60), events.recv()).await;
    Ok(told.context("the engine is silent")?.context("the engine ended")?.1)
}

/// A thousand new records, made without the server, arrive when it is back.
async fn flush(world: &World, data: &Path, entity: EntityId) -> anyhow::Result<()> {
    world.server.lock().await.kill().await;
    let (handle, mut events) = engine(data);
    handle.call(0, EngineCall::Start(Start {})).await?;
    for number in 0..CHANGES {
        let form = FormKey::record(RecordId(Uuid::now_v7()));
        let open = OpenForm {
            form,
            entity: Some(entity),
        };
        handle.call(0, EngineCall::OpenForm(open)).await?;
        let generation = loop {
            if let UiEvent::Form {
                form: told,
                generation,
                update: FormUpdate::Cached { view, .. },
                ..
            } = next(&mut events).await?
                && told == form
                && view.can_edit()
            {
                break generation;
            }
        };
        let change = Change {
            field: "title".into(),
            edit: Edit::Set(Value::from_text(format!("Made offline {number}"))),
        };
        let change = ChangeForm {
            form,
            number: 1,
            generation,
            change,
        };
        handle.call(0, EngineCall::ChangeForm(change)).await?;
        handle.call(0, EngineCall::CloseForm(CloseForm { form })).await?;
    }
    world.server.lock().await.launch().await?;
    let reachable = Instant::now();
    let (mut live, mut waiting) = (None, CHANGES);
    while waiting > 0 {
        match next(&mut events).await? {
            UiEvent::Link(Link::Live) => live = Some(Instant::now()),
            UiEvent::OutboxChanged { waits: None, .. } => waiting -= 1,
            _ => {}
        }
    }
    let live = live.context("it was live")?;
    println!(
        "{CHANGES} waiting records: live {:.0} ms after the server was reachable (<= 1,000); all on the server {:.0} ms after that (<= 2,000)",
        (live - reachable).as_secs_f64() * 1000.0,
        live.elapsed().as_secs_f64() * 1000.0
    );
    handle.call(0, Control::Quit { anyway: true }).await?;
    Ok(())
}

/// Fifty thousand records: seen once, they are a list from the first moment of the next start.
async fn long_list(world: &World, data: &Path, entity: EntityId) -> anyhow::Result<()> {
    fill(world, entity).await?;
    let began = Instant::now();
    let (handle, mut events) = engine(data);
    let rows = remembered(&handle, &mut events, data, entity).await?;
    println!(
        "{rows} rows: read wholly from the server in {:.0} ms",
        began.elapsed().as_secs_f64() * 1000.0
    );
    handle.call(0, Control::Quit { anyway: true }).await?;

    world.server.lock().await.kill().await;
    let began = Instant::now();
    let (handle, _events) = engine(data);
    handle.call(0, EngineCall::Start(Start {})).await?;
    let page = first_page(&handle, entity).await?;
    let seen = usize::try_from(page.total)?;
    println!(
        "without the server: the engine tells the first page of {seen} rows {:.0} ms after its start",
        began.elapsed().as_secs_f64() * 1000.0
    );
    drop(handle);

    let desktop = world.prepared_desktop("anna", "long").await?;
    desktop.expect_waiting(0).await?;
    let (own, all) = desktop.memory_mib()?;
    println!(
        "the program before the list is opened, without its web view: {own} MiB of its own, {all} with shared libraries"
    );
    let shown = Instant::now();
    desktop.open_list("Products").await?;
    desktop.expect_text(".baton-table tbody", "Record").await?;
    let usable = shown.elapsed();
    desktop.expect_rows(seen).await?;
    let (own, all) = desktop.memory_mib()?;
    println!(
        "the window: a usable list {:.0} ms after it was asked for (<= 1,000), all rows after {:.0} ms; the program without its web view has {own} MiB of its own, {all} with shared libraries (<= 150)",
        usable.as_secs_f64() * 1000.0,
        shown.elapsed().as_secs_f64() * 1000.0,
    );
    let (still, _) = desktop.scroll_list(true).await?;
    let (frames, drawn) = desktop.scroll_list(false).await?;
    ensure!(!frames.is_empty() && !still.is_empty(), "nothing was drawn");
    for (what, frames) in [("standing still and drawn anew", still), ("scrolling it", frames)] {
        let at = |share: usize| frames[(frames.len() - 1) * share / 100];
        println!(
            "{what}: frames p50 {:.1} ms, p95 {:.1} ms, longest {:.1} ms (<= 50)",
            at(50),
            at(95),
            at(100)
        );
    }
    println!("at most {drawn} rows are drawn at once (<= 60)");
    Ok(())
}

/// The first page of the list.
async fn first_page(handle: &baton_client::Handle, entity: EntityId) -> anyhow::Result<Page> {
    let page = GetPage {
        entity,
        query: ListQuery::default(),
        after: None,
        rows: PAGE_ROWS,
        ids: Vec::new(),
    };
    Ok(handle.query(0, page).await?)
}

/// Watches until the list is remembered as far as lists are.
async fn remembered(
    handle: &baton_client::Handle,
    events: &mut Events,
    data: &Path,
    entity: EntityId,
) -> anyhow::Result<usize> {
    handle.call(0, EngineCall::Start(Start {})).await?;
    let (topic, rows) = (Topic::Records(entity), MAX_ROWS);
    handle.call(0, EngineCall::Watch(Watch { topic, rows })).await?;
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(baton_client::store::file(data))
        .read_only(true);
    let local = sqlx::SqlitePool::connect_with(options).await?;
    loop {
        // Polls: nothing tells when the last row is on the disk.
        tokio::time::timeout(Duration::from_millis(20), next(events)).await.ok();
        let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM list_rows")
            .fetch_one(&local)
            .await?;
        let rows = usize::try_from(rows)?;
        if rows >= RECORDS {
            return Ok(rows);
        }
    }
}

/// Gives the server's first entity fifty thousand records more.
async fn fill(world: &World, entity: EntityId) -> anyhow::Result<()> {
    let file = world.server.lock().await.database();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(Duration::from_secs(60));
    let database = sqlx::SqlitePool::connect_with(options).await?;
    sqlx::query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?),
              one AS (SELECT * FROM records WHERE entity_id = ? AND gone IS NULL LIMIT 1),
              last AS (SELECT max(num) AS num FROM records)
         INSERT INTO records (id, entity_id, num, position, version, title, slug, status, content,
                              created_by, created_at, updated_by, updated_at)
         SELECT randomblob(16), entity_id, last.num + i, (last.num + i) * 1024, 1, 'Record ' || i, 'record-' || i, status,
                json_set(content, '$.title', 'Record ' || i, '$.slug', 'record-' || i),
                created_by, created_at, updated_by, updated_at
         FROM n, one, last",
    )
    .bind(i64::try_from(RECORDS)?)
    .bind(entity.0)
    .execute(&database)
    .await?;
    for sql in [
        "UPDATE entities SET records = (SELECT count(*) FROM records WHERE entity_id = entities.id AND gone IS NULL)",
        // The server makes the index of an entity that has none when it starts.
        "DELETE FROM cells",
        "DELETE FROM search",
    ] {
        sqlx::query(sql).execute(&database).await?;
    }
    database.close().await;
    let mut server = world.server.lock().await;
    server.kill().await;
    server.launch().await
}
