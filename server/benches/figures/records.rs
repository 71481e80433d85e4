//! A hundred thousand records of twenty fields: importing them while people type, and living with them.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a measurement waits for one answer; every other ends it"
)]

use baton_protocol::form::FormCommand;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::ensure;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::definition::{OPTIONS, key, option_property};
use baton_protocol::draft::{Change, Edit, MAX_CHANGES};
use baton_protocol::field::{Operator, Value};
use baton_protocol::id::{EntityId, Fence, FormKey, JobId, OpId, UploadId, Version};
use baton_protocol::job::{CHUNK, Format, Import, Job, JobOutcome, JobState};
use baton_protocol::list::Page;
use baton_protocol::list_query::{Filter, ListQuery, Sort};
use baton_protocol::message::{GetJobState, GetPage, StartJob, ToServer, UploadPart};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::watch;
use uuid::Uuid;

use crate::machine::{Spans, memory_kib};
use crate::peers::{Ours, answer, ask, change, join, new_form, query};
use crate::wire::Wire;
use crate::{micros, say};

pub(crate) const RECORDS: usize = 100_000;
/// How many people type while records are imported, and how long each waits between two keys.
const TYPISTS: usize = 20;
const BETWEEN: Duration = Duration::from_millis(100);

const TYPES: [(&str, &str); 20] = [
    ("code", "text"),
    ("maker", "text"),
    ("city", "text"),
    ("contact", "text"),
    ("phone", "text"),
    ("place", "text"),
    ("about", "textarea"),
    ("notes", "textarea"),
    ("price", "number"),
    ("weight", "number"),
    ("stock", "number"),
    ("rating", "number"),
    ("bought", "date"),
    ("checked", "date"),
    ("fragile", "boolean"),
    ("sold", "boolean"),
    ("colour", "select"),
    ("size", "select"),
    ("kind", "select"),
    ("shops", "checkboxes"),
];
const CHOICES: &str = "Red\nGreen\nBlue\nSmall\nLarge\nOld\nNew";
const SYLLABLES: [&str; 24] = [
    "ba", "ten", "lo", "mar", "ri", "cu", "sel", "do", "van", "pi", "gre", "tha", "no", "wis", "ka", "ler", "mi",
    "fon", "est", "ur", "bel", "zo", "quin", "ja",
];

pub(crate) async fn records(ours: &Ours) -> anyhow::Result<()> {
    let entity = define(ours, "Thing").await?;
    let table = table();
    say(&format!(
        "records: {RECORDS} of {} fields, a table of {:.1} MB",
        TYPES.len(),
        table.len() as f64 / 1e6
    ));
    let alone = typing(ours, Duration::from_secs(5), || async { Ok(()) }).await?;
    say(&format!(
        "  {TYPISTS} people type with nothing else going on: {}",
        alone.1.text()
    ));
    let (took, meanwhile) = typing(ours, Duration::ZERO, || import(ours, entity, &table)).await?;
    say(&format!(
        "  import of all rows: {:.1} s (<= 60); who types meanwhile: {} (p99 <= 50)",
        took.as_secs_f64(),
        meanwhile.text()
    ));
    let memory = |when: &str| {
        let mib = memory_kib(ours.process.id) / 1024.0;
        say(&format!("  memory of the server {when}: {mib:.0} MiB (< 300)"));
    };
    memory("after the import");
    let mut wire = ours.peer(&ours.editor).await?;
    pages(&mut wire, entity).await?;
    memory("after everything");
    Ok(())
}

/// An admin defines an entity that is called this.
pub(crate) async fn define(ours: &Ours, label: &str) -> anyhow::Result<EntityId> {
    let mut wire = ours.peer(&ours.admin).await?;
    let entity = EntityId(Uuid::now_v7());
    let form = FormKey::entity(entity);
    answer(&mut wire, ToServer::Join { form, entity: None }).await?;
    let set = |field: String, value: Value| Change {
        field,
        edit: Edit::Set(value),
    };
    let text = |field: String, text: &str| set(field, Value::from_text(text));
    let mut changes = vec![
        text("label".into(), label),
        text("label_plural".into(), &format!("{label}s")),
        text("status".into(), "published"),
        set("fields".into(), Value::from_items(TYPES.iter().map(|(name, _)| *name))),
    ];
    for (name, field_type) in TYPES {
        changes.push(text(key(name, "label"), name));
        changes.push(text(key(name, "type"), field_type));
        changes.push(set(key(name, OPTIONS), Value::from_items(CHOICES.lines())));
        changes.extend(
            CHOICES
                .lines()
                .map(|label| text(key(name, &option_property(label)), label)),
        );
    }
    save_definition(&mut wire, form, (Fence(1), Version(0)), changes).await?;
    answer(&mut wire, ToServer::Leave { form }).await?;
    Ok(entity)
}

/// Changes a definition and saves it.
pub(crate) async fn save_definition(
    wire: &mut Wire,
    form: FormKey,
    (fence, version): (Fence, Version),
    changes: Vec<Change>,
) -> anyhow::Result<()> {
    let op = || OpId(Uuid::new_v4());
    for changes in changes.chunks(MAX_CHANGES) {
        let command = FormCommand::Change {
            fence,
            op: op(),
            rev: None,
            changes: changes.to_vec(),
        };
        answer(wire, ToServer::Form { form, command }).await?;
    }
    let save = ToServer::Form {
        form,
        command: FormCommand::Save {
            fence,
            op: op(),
            version,
        },
    };
    answer(wire, save).await?;
    // What somebody has open is not purged.
    answer(wire, ToServer::Leave { form }).await?;
    Ok(())
}

fn word(rng: &mut StdRng) -> String {
    let syllables = rng.random_range(1..4);
    (0..=syllables)
        .map(|_| *SYLLABLES.choose(rng).unwrap_or(&"a"))
        .collect()
}

fn words(rng: &mut StdRng, count: usize) -> String {
    (0..count).map(|_| word(rng)).collect::<Vec<_>>().join(" ")
}

pub(crate) fn table() -> String {
    let mut rng = StdRng::seed_from_u64(1);
    let mut table = String::from("title");
    for (name, _) in TYPES {
        table.push(',');
        table.push_str(name);
    }
    table.push('\n');
    let choices: Vec<&str> = CHOICES.lines().collect();
    for number in 0..RECORDS {
        table.push_str(&words(&mut rng, 3));
        for (name, field_type) in TYPES {
            let cell = match field_type {
                "text" if name == "code" => format!("C-{number:06}"),
                "text" => words(&mut rng, 2),
                "textarea" => words(&mut rng, 14),
                "number" => format!("{}.{:02}", rng.random_range(0..10_000), rng.random_range(0..100)),
                "date" => format!(
                    "20{:02}-{:02}-{:02}",
                    rng.random_range(10..26),
                    rng.random_range(1..13),
                    rng.random_range(1..29)
                ),
                "boolean" => if rng.random_bool(0.5) { "yes" } else { "no" }.to_owned(),
                "checkboxes" => format!("{}; Old", choices[rng.random_range(0..5)]),
                _ => choices[rng.random_range(0..choices.len())].to_owned(),
            };
            // Writing to a string cannot fail.
            write!(table, ",{cell}").ok();
        }
        table.push('\n');
    }
    table
}

/// People type until the work is done and this time is over; how long the work took, and each key.
pub(crate) async fn typing<F>(
    ours: &Ours,
    at_least: Duration,
    work: impl FnOnce() -> F,
) -> anyhow::Result<(Duration, Spans)>
where
    F: Future<Output = anyhow::Result<()>>,
{
    let (stop, stopped) = watch::channel(false);
    let mut typists = tokio::task::JoinSet::new();
    for number in 0..TYPISTS {
        let mut wire = ours.peer(&ours.editor).await?;
        let (form, entity, stopped) = (new_form(), ours.entities[0], stopped.clone());
        typists.spawn(async move {
            join(&mut wire, form, entity).await?;
            let mut spans = Vec::new();
            let mut keys = tokio::time::interval(BETWEEN);
            while !*stopped.borrow() {
                keys.tick().await;
                let began = Instant::now();
                ask(
                    &mut wire,
                    change(form, "title", &format!("typed {number} {}", spans.len())),
                )
                .await?;
                spans.push(micros(began));
            }
            anyhow::Ok(spans)
        });
    }
    let began = Instant::now();
    work().await?;
    let took = began.elapsed();
    tokio::time::sleep(at_least.saturating_sub(took)).await;
    stop.send_replace(true);
    let mut spans = Vec::new();
    while let Some(typed) = typists.join_next().await {
        spans.extend(typed??);
    }
    Ok((took, Spans::of(spans)))
}

/// Makes records of all rows, and waits for the end.
pub(crate) async fn import(ours: &Ours, entity: EntityId, table: &str) -> anyhow::Result<()> {
    let mut wire = ours.peer(&ours.editor).await?;
    let job = begin_import(&mut wire, entity, table, false).await?;
    let outcome = job_outcome(&mut wire, job).await?;
    ensure!(outcome.problem.is_none(), "{:?}", outcome.problem);
    ensure!(outcome.records == RECORDS as u64, "{:?}", outcome.faults.first());
    Ok(())
}

/// Brings the table and begins to make records of it.
pub(crate) async fn begin_import(
    wire: &mut Wire,
    entity: EntityId,
    table: &str,
    all_or_nothing: bool,
) -> anyhow::Result<JobId> {
    let upload = UploadId(Uuid::new_v4());
    let mut offset = 0;
    for part in table.as_bytes().chunks(CHUNK) {
        let data = STANDARD.encode(part);
        answer(wire, UploadPart { upload, offset, data }).await?;
        offset += part.len() as u64;
    }
    let columns = std::iter::once("title").chain(TYPES.iter().map(|(name, _)| *name));
    let job = Job::Import(Import {
        sheet: None,
        entity,
        upload,
        format: Format::Csv,
        columns: columns.map(|name| Some(name.to_owned())).collect(),
        key: None,
        all_or_nothing,
        dry_run: false,
    });
    let id = JobId(Uuid::new_v4());
    query(wire, StartJob { id, job }).await?;
    Ok(id)
}

pub(crate) async fn job_state(wire: &mut Wire, job: JobId) -> anyhow::Result<JobState> {
    query(wire, GetJobState { job }).await
}

/// Waits for the end of a job.
pub(crate) async fn job_outcome(wire: &mut Wire, job: JobId) -> anyhow::Result<JobOutcome> {
    loop {
        if let Some(outcome) = job_state(wire, job).await?.outcome {
            return Ok(outcome);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn page(wire: &mut Wire, entity: EntityId, asked: ListQuery) -> anyhow::Result<(u64, Page)> {
    let began = Instant::now();
    let body = GetPage {
        entity,
        query: asked,
        after: None,
        rows: 100,
        ids: Vec::new(),
    };
    let page = query(wire, body).await?;
    Ok((micros(began), page))
}

async fn pages(wire: &mut Wire, entity: EntityId) -> anyhow::Result<()> {
    let mut rng = StdRng::seed_from_u64(2);
    let first: Vec<u64> = {
        let mut spans = Vec::new();
        for _ in 0..50 {
            spans.push(page(wire, entity, ListQuery::default()).await?.0);
        }
        spans
    };
    say(&format!("  first page: {} (<= 50)", p95(first)));
    let (mut searches, mut found) = (Vec::new(), 0);
    for _ in 0..60 {
        // As it is typed: letter by letter, one word and then a second one.
        let typed = words(&mut rng, 2);
        for end in 1..=typed.len() {
            let query = ListQuery {
                search: typed[..end].into(),
                ..ListQuery::default()
            };
            let (took, page) = page(wire, entity, query).await?;
            searches.push(took);
            found += page.rows.len();
        }
    }
    ensure!(found > 0, "nothing was found");
    say(&format!("  search as it is typed: {} (p95 <= 50)", p95(searches)));
    let mut sorts = Vec::new();
    for _ in 0..5 {
        for (name, field_type) in TYPES.iter().filter(|(_, field_type)| *field_type != "checkboxes") {
            for descending in [false, true] {
                let query = ListQuery {
                    sort: Some(Sort {
                        field: (*name).into(),
                        descending,
                    }),
                    ..ListQuery::default()
                };
                let (took, page) = page(wire, entity, query).await?;
                ensure!(page.rows.len() == 100, "{field_type}");
                sorts.push(took);
            }
        }
    }
    say(&format!("  sorted by any column: {} (p95 <= 100)", p95(sorts)));
    filtered_pages(wire, entity, &mut rng).await
}

fn filter(field: &str, operator: Operator, text: &str) -> Filter {
    Filter::new(field, operator, Value::from_text(text))
}

async fn filtered_pages(wire: &mut Wire, entity: EntityId, rng: &mut StdRng) -> anyhow::Result<()> {
    let mut filters = Vec::new();
    for number in 0..200 {
        let one = match number % 5 {
            0 => filter("colour", Operator::Is, "Red"),
            1 => filter("price", Operator::AtLeast, &rng.random_range(0..10_000).to_string()),
            2 => filter("maker", Operator::Contains, &word(rng)[..2]),
            3 => filter(
                "bought",
                Operator::AtMost,
                &format!("20{}-06-01", rng.random_range(10..26)),
            ),
            _ => filter("shops", Operator::Is, "Old"),
        };
        let mut query = ListQuery {
            filters: vec![one],
            ..ListQuery::default()
        };
        if number % 2 == 0 {
            query.filters.push(filter("stock", Operator::AtMost, "5000"));
            query.sort = Some(Sort {
                field: "weight".into(),
                descending: number % 4 == 0,
            });
        }
        filters.push(page(wire, entity, query).await?.0);
    }
    say(&format!(
        "  filtered, half of them by two columns and sorted by a third: {} (p95 <= 100)",
        p95(filters)
    ));
    let mut both = Vec::new();
    for _ in 0..50 {
        let query = ListQuery {
            search: word(rng)[..2].into(),
            filters: vec![filter("colour", Operator::Is, "Red")],
            sort: Some(Sort {
                field: "price".into(),
                descending: false,
            }),
        };
        both.push(page(wire, entity, query).await?.0);
    }
    say(&format!("  two letters searched, filtered and sorted: {}", p95(both)));
    Ok(())
}

fn p95(micros: Vec<u64>) -> String {
    let samples = micros.len();
    let spans = Spans::of(micros);
    format!(
        "p50 {:.1} ms, p95 {:.1} ms, worst {:.1} ms ({samples} samples)",
        spans.at(0.5),
        spans.at(0.95),
        spans.at(1.0)
    )
}
