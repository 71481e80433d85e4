//! What editors wait for: their keystroke on the disk and at the spectators, and their turn (targets 8
//! and 9, and what a keystroke costs).

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use baton_protocol::form::Form;
use baton_protocol::id::{EntityId, FormKey, RecordId, Version};
use baton_protocol::message::{ToServer, Topic};
use baton_protocol::time::Timestamp;
use baton_protocol::values::Values;
use baton_server::bus::Bus;
use baton_server::store::{FormWrite, SqliteStore, StateWrite, Store as _, WholeState, Write};
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use crate::baseline::Said;
use crate::machine::{Spans, written_to_disk};
use crate::peers::{Ours, Process, ask, change, changes, greeted, insert, join, new_form, request, use_token};
use crate::wire::{Wire, sent_at};
use crate::{micros, now_us, say};

/// How many forms one connection has open; the server allows a few more.
const FORMS_EACH: usize = 125;

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark")]
fn rate(count: usize, span: Duration) -> f64 {
    count as f64 / span.as_secs_f64()
}

/// Target 8: edits on the disk, first by the store alone, then over sockets beside B.
pub(crate) async fn durable(ours: &Ours, baseline: &Process, directory: &std::path::Path) -> anyhow::Result<()> {
    say("durable edits");
    let (edits, spans) = store_alone(directory).await?;
    say(&format!(
        "  the store alone, 2,048 forms at once: {edits:.0} edits/s on the disk; {}",
        spans.text()
    ));
    let (b, b_spans) = by_baseline(baseline).await?;
    say(&format!("  B over 16 sockets: {b:.0} edits/s; {}", b_spans.text()));
    let (edits, spans) = by_owners(ours, None).await?;
    say(&format!(
        "  ours over {OWNERS} sockets, a form each: {edits:.0} edits/s; {}",
        spans.text()
    ));
    let (paced, spans) = by_owners(ours, Some(10_000)).await?;
    say(&format!(
        "  ours at a pace: {paced:.0} edits/s; {} (target 8: p99 <= 5)",
        spans.text()
    ));
    say(&format!(
        "  target 8: >= 25,000 edits/s through sqlx; over sockets {:.0} x B",
        edits / b
    ));
    Ok(())
}

async fn store_alone(directory: &std::path::Path) -> anyhow::Result<(f64, Spans)> {
    let store = Arc::new(SqliteStore::open(&directory.join("store.db"), Bus::default()).await?);
    let (began, end) = (Instant::now(), Instant::now() + Duration::from_secs(5));
    let mut writers = Vec::new();
    for _ in 0..2048 {
        let store = Arc::clone(&store);
        writers.push(tokio::spawn(async move {
            let key = FormKey::record(RecordId(Uuid::now_v7()));
            let form = Form::new(key, EntityId(Uuid::nil()), Version::default(), Values::new());
            let whole = StateWrite::Whole(Box::new(WholeState::new(&form, Timestamp(0))));
            store
                .write(Write::Form(Box::new(FormWrite::new(key, 1, whole))))
                .await?;
            let (mut rev, mut spans) = (form.rev, Vec::new());
            while Instant::now() < end {
                rev = rev.next();
                let appended = StateWrite::Appended {
                    entries: vec![(rev, format!(r#"{{"rev":{},"entry":"{}"}}"#, rev.0, "x".repeat(250)))],
                    title: None,
                    at: Timestamp(0),
                };
                let began = Instant::now();
                store
                    .write(Write::Form(Box::new(FormWrite::new(key, rev.0 + 1, appended))))
                    .await?;
                spans.push(micros(began));
            }
            anyhow::Ok(spans)
        }));
    }
    gathered(writers, began).await
}

/// How many edits a second the tasks made together, and how long each took.
async fn gathered(
    tasks: Vec<tokio::task::JoinHandle<anyhow::Result<Vec<u64>>>>,
    began: Instant,
) -> anyhow::Result<(f64, Spans)> {
    let mut spans = Vec::new();
    for task in tasks {
        spans.extend(task.await??);
    }
    Ok((rate(spans.len(), began.elapsed()), Spans::of(spans)))
}

async fn by_baseline(baseline: &Process) -> anyhow::Result<(f64, Spans)> {
    let (began, end) = (Instant::now(), Instant::now() + Duration::from_secs(5));
    let mut owners = Vec::new();
    for _ in 0..16 {
        let mut wire = Wire::open(baseline.port).await?;
        owners.push(tokio::spawn(async move {
            let (form, mut spans) = (Uuid::now_v7().to_string(), Vec::new());
            while Instant::now() < end {
                let said = Said {
                    form: form.clone(),
                    field: "title".into(),
                    text: format!("@{}", now_us()),
                    durable: true,
                };
                let began = Instant::now();
                wire.send(&serde_json::to_string(&said)?).await?;
                wire.wait_for(|message| (message == b"done").then_some(())).await?;
                spans.push(micros(began));
            }
            anyhow::Ok(spans)
        }));
    }
    gathered(owners, began).await
}

/// How many owners type, a form each.
const OWNERS: u32 = 512;

/// Every owner has one change under way at most. With a pace (so many edits a second of them all), a
/// change counts from when it was due; without, it follows the last one's answer.
async fn by_owners(ours: &Ours, pace: Option<u32>) -> anyhow::Result<(f64, Spans)> {
    let mut wires = Vec::new();
    for _ in 0..OWNERS {
        let (mut wire, form) = (ours.peer(&ours.editor).await?, new_form());
        join(&mut wire, form, ours.entities[0]).await?;
        wires.push((wire, form));
    }
    let (began, end) = (Instant::now(), Instant::now() + Duration::from_secs(5));
    let mut owners = Vec::new();
    for (number, (mut wire, form)) in (0..).zip(wires) {
        let every = pace.map(|pace| Duration::from_secs(1) * OWNERS / pace);
        owners.push(tokio::spawn(async move {
            let mut spans = Vec::new();
            let mut due = began + every.unwrap_or_default() * number / OWNERS;
            while Instant::now() < end {
                match every {
                    Some(every) => {
                        tokio::time::sleep_until(due.into()).await;
                        due += every;
                    }
                    None => due = Instant::now(),
                }
                let began = due - every.unwrap_or_default();
                let text = format!("@{}", now_us());
                wire.send(&request(1, change(form, "title", &text))).await?;
                wire.answer().await?;
                spans.push(micros(began));
            }
            anyhow::Ok(spans)
        }));
    }
    gathered(owners, began).await
}

/// Two connections with the same forms open: the first owns them all, the second watches and waits.
struct Pair {
    owner: Wire,
    next: Wire,
    forms: Vec<FormKey>,
}

async fn pairs(ours: &Ours, forms: usize) -> anyhow::Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for _ in 0..forms.div_ceil(FORMS_EACH) {
        let mut pair = Pair {
            owner: ours.peer(&ours.editor).await?,
            next: ours.peer(&ours.admin).await?,
            forms: (0..FORMS_EACH).map(|_| new_form()).collect(),
        };
        for &form in &pair.forms {
            join(&mut pair.owner, form, ours.entities[0]).await?;
            join(&mut pair.next, form, ours.entities[0]).await?;
        }
        pairs.push(pair);
    }
    Ok(pairs)
}

/// From a keystroke to the spectator's notice, with the disk in between.
pub(crate) async fn keystrokes(ours: &Ours) -> anyhow::Result<()> {
    const FORMS: usize = 500;
    const A_SECOND: usize = 1000;
    let pairs = pairs(ours, FORMS).await?;
    let each = Duration::from_secs(1) * u32::try_from(pairs.len())? / u32::try_from(A_SECOND)?;
    let end = Instant::now() + Duration::from_secs(10);
    let (told, mut spans) = mpsc::unbounded_channel();
    let mut tasks = Vec::new();
    for Pair {
        mut owner,
        mut next,
        forms,
    } in pairs
    {
        let told = told.clone();
        tasks.push(tokio::spawn(async move {
            let mut beat = tokio::time::interval(each);
            let mut sent = 0;
            for &form in forms.iter().cycle() {
                beat.tick().await;
                if Instant::now() > end {
                    break;
                }
                // The editor's own echo is read with the answer.
                owner
                    .send(&request(9, change(form, "title", &format!("@{}", now_us()))))
                    .await?;
                owner.answer().await?;
                sent += 1;
            }
            anyhow::Ok(sent)
        }));
        tokio::spawn(async move {
            while let Ok(message) = next.next().await {
                if let Some(sent) = sent_at(message) {
                    told.send(now_us().saturating_sub(sent)).ok();
                }
            }
        });
    }
    drop(told);
    let mut sent = 0;
    for task in tasks {
        sent += task.await??;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut all = Vec::new();
    while let Ok(span) = spans.try_recv() {
        all.push(span);
    }
    let spans = Spans::of(all);
    say(&format!(
        "keystroke to spectator, durable, {} changes/s over {FORMS} forms",
        sent / 10
    ));
    say(&format!("  {}; p99 <= 15 ms", spans.text()));
    Ok(())
}

/// Target 9: from a clean leave to the next owner's notice.
pub(crate) async fn next_owner(ours: &Ours) -> anyhow::Result<()> {
    const FORMS: usize = 1000;
    let pairs = pairs(ours, FORMS).await?;
    let mut spans = Vec::new();
    for mut pair in pairs {
        for &form in &pair.forms {
            let id = form.id.to_string();
            let began = Instant::now();
            pair.owner.send(&request(9, ToServer::Leave { form })).await?;
            pair.next
                .wait_for(|message| {
                    let text = std::str::from_utf8(message).ok()?;
                    // The order with nobody but the next one in it.
                    (text.contains(&id) && text.contains(r#""editors""#) && text.contains(r#""fence":2"#)).then_some(())
                })
                .await?;
            spans.push(micros(began));
            pair.owner.answer().await?;
        }
    }
    say(&format!("clean leave to the next owner's notice, {FORMS} forms open"));
    say(&format!("  {}; target 9: p99 <= 10 ms", Spans::of(spans).text()));
    Ok(())
}

/// What a keystroke in a long text costs on a spectator's line.
pub(crate) async fn bytes(ours: &Ours) -> anyhow::Result<()> {
    for size in [1_000, 100_000] {
        bytes_in(ours, size).await?;
    }
    Ok(())
}

async fn bytes_in(ours: &Ours, size: usize) -> anyhow::Result<()> {
    // More than once until the log of a form's changes is folded into its state.
    const KEYS: usize = 1000;
    let (mut owner, mut spectator) = (ours.peer(&ours.editor).await?, ours.peer(&ours.admin).await?);
    let form = new_form();
    join(&mut owner, form, ours.entities[0]).await?;
    join(&mut spectator, form, ours.entities[0]).await?;
    ask(&mut owner, change(form, "description", &"x".repeat(size))).await?;
    let changed = |message: &[u8]| String::from_utf8_lossy(message).contains(r#""changed""#).then_some(());
    spectator.wait_for(changed).await?;
    let (received, written) = (spectator.received, written_to_disk(ours.process.id));
    let began = Instant::now();
    for key in 0..KEYS {
        let key = insert("description", size / 2 + key, "k");
        ask(&mut owner, changes(form, vec![key])).await?;
        spectator.wait_for(changed).await?;
    }
    let ms = began.elapsed().as_secs_f64() * 1000.0 / KEYS as f64;
    let each = (spectator.received - received) / KEYS as u64;
    let disk = (written_to_disk(ours.process.id) - written) / KEYS as f64;
    say(&format!(
        "a keystroke in a text of {} kB: {each} bytes to a spectator (< 300), {disk:.0} bytes written to the disk, {ms:.1} ms from key to key",
        size / 1000
    ));
    Ok(())
}

/// Target 10: back after a SIGKILL with a million entries in the log.
pub(crate) async fn restart(ours: Ours, directory: &std::path::Path) -> anyhow::Result<()> {
    let file = directory.join("baton.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&file)
        .busy_timeout(Duration::from_secs(60));
    let database = sqlx::SqlitePool::connect_with(options).await?;
    sqlx::query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
         INSERT INTO changes (at, topic, event) SELECT 2000000000000, '\"entities\"', '{}' FROM n",
    )
    .execute(&database)
    .await
    .context("a million entries")?;
    database.close().await;
    let span = ours.restart(directory).await?;
    say(&format!(
        "killed (SIGKILL) and started again with a million entries in the log: a greeting is answered after {:.0} ms (target 10: <= 1000)",
        span.as_secs_f64() * 1000.0
    ));
    Ok(())
}

/// What an idle connection costs: signed in, three topics, one form (target 4).
pub(crate) async fn idle(ours: &Ours, sockets: usize) -> anyhow::Result<()> {
    let form = new_form();
    let mut owner = ours.peer(&ours.editor).await?;
    join(&mut owner, form, ours.entities[0]).await?;
    let before = crate::machine::memory_kib(ours.process.id);
    let open = Arc::new(Mutex::new(Vec::with_capacity(sockets)));
    let mut openers = Vec::new();
    for part in 0..8 {
        let lists = ours.entities.iter().take(2).map(|entity| Topic::Records(*entity));
        let topics: Vec<Topic> = [Topic::Entities].into_iter().chain(lists).collect();
        let (open, entity) = (Arc::clone(&open), ours.entities[0]);
        let (port, token) = (ours.process.port, ours.viewer.clone());
        openers.push(tokio::spawn(async move {
            for _ in (part..sockets).step_by(8) {
                let mut wire = greeted(port).await?;
                ask(&mut wire, use_token(&token)).await?;
                for &topic in &topics {
                    let (rows, since) = (1, None);
                    ask(&mut wire, ToServer::Watch { topic, rows, since }).await?;
                }
                join(&mut wire, form, entity).await?;
                wire.forget();
                open.lock().await.push(wire);
            }
            anyhow::Ok(())
        }));
    }
    for opener in openers {
        opener.await??;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand sockets")]
    let each = (crate::machine::memory_kib(ours.process.id) - before) / sockets as f64;
    say(&format!(
        "idle: {sockets} connections, signed in, three topics, one form: {each:.2} KiB each (target 4: <= 4.5)"
    ));
    Ok(())
}
