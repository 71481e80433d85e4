//! What everybody else feels while one person does what they can to stop them: `cargo xtask attack`. Everything comes
//! from one address, as from one office.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use baton_protocol::definition::key;
use baton_protocol::field::Value;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, Fence, FormKey, JobId, OpId, UploadId};
use baton_protocol::job::{Format, Job, RecordSelection};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{GetJobState, StartJob, ToServer, Topic};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::machine::{Spans, memory_kib};
use crate::peers::{
    Ours, ask, change, changes, greeted, insert, join, new_form, request, save, set, sign_in, use_token,
};
use crate::wire::{Wire, answered};
use crate::{micros, say};

/// How many people type meanwhile, and how often each does.
const TYPISTS: usize = 20;
const A_KEY: Duration = Duration::from_millis(50);
/// How long each attack lasts at least.
const LASTS: Duration = Duration::from_secs(6);
/// How many sign in meanwhile, and who they are.
const SIGN_INS: usize = 10;

/// How much more memory the server may take than before: its settings allow so many connections, each with a bound.
const MEMORY_MIB: f64 = 256.0;

/// Runs every attack after the other.
///
/// # Errors
/// If one of them is felt by others more than it may be.
pub(crate) async fn attack(ours: &Ours) -> anyhow::Result<()> {
    let pages = define_pages(ours).await?;
    let before = honest(ours, LASTS).await?;
    say(&format!(
        "nobody attacks: keys {}; {}",
        before.keys.text(),
        before.sign_ins()
    ));
    let mut bounds = Bounds::new(&before);
    bounds.check(
        &meanwhile(
            ours,
            "four saves of 160 kB of nested tags, again and again",
            nested(ours, pages),
        )
        .await?,
    );
    bounds.check(&meanwhile(ours, "messages of 12,048 splices", splices(ours).await?).await?);
    bounds.check(&meanwhile(ours, "fields of 900 kB to be in", focus(ours).await?).await?);
    bounds.check(&meanwhile(ours, "1,024 sockets that say nothing, 200 half heads", silent(ours)).await?);
    bounds.check(&meanwhile(ours, "40 connections that guess passwords", guesses(ours)).await?);
    bounds.check(&meanwhile(ours, "lists, with 80 drafts of 150 kB open", drafts(ours).await?).await?);
    bounds.check(&meanwhile(ours, "exports one after the other", exports(ours)).await?);
    ensure!(
        bounds.broken.is_empty(),
        "not within the bounds: {}",
        bounds.broken.join("; ")
    );
    Ok(())
}

/// How much others may feel of an attack.
struct Bounds {
    slowest_ms: f64,
    sign_ins: usize,
    /// What was felt more.
    broken: Vec<String>,
}

impl Bounds {
    fn new(before: &Honest) -> Self {
        let bounds = Self {
            slowest_ms: (before.keys.at(0.99) * 3.0).max(50.0),
            sign_ins: (SIGN_INS * 95).div_ceil(100),
            broken: Vec::new(),
        };
        say(&format!(
            "bounds meanwhile: p99 <= {:.0} ms, {} of {SIGN_INS} sign-ins, memory +{MEMORY_MIB} MiB",
            bounds.slowest_ms, bounds.sign_ins
        ));
        bounds
    }

    fn check(&mut self, felt: &Felt) {
        let p99 = felt.honest.keys.at(0.99);
        let within = p99 <= self.slowest_ms && felt.honest.signed_in >= self.sign_ins && felt.grown_mib <= MEMORY_MIB;
        if !within {
            self.broken.push(format!(
                "{}: p99 {p99:.0} ms, {}, memory +{:.0} MiB",
                felt.attack,
                felt.honest.sign_ins(),
                felt.grown_mib
            ));
        }
    }
}

/// What those feel who do their work.
struct Honest {
    keys: Spans,
    signed_in: usize,
    slowest: Duration,
}

impl Honest {
    fn sign_ins(&self) -> String {
        format!(
            "{} of {SIGN_INS} sign-ins, the slowest in {:.2} s",
            self.signed_in,
            self.slowest.as_secs_f64()
        )
    }
}

async fn honest(ours: &Ours, lasts: Duration) -> anyhow::Result<Honest> {
    let end = Instant::now() + lasts;
    let mut typists: Vec<JoinHandle<anyhow::Result<Vec<u64>>>> = Vec::new();
    for _ in 0..TYPISTS {
        let mut wire = ours.peer(&ours.editor).await?;
        let form = new_form();
        join(&mut wire, form, ours.entities[0]).await?;
        typists.push(tokio::spawn(async move {
            let mut spans = Vec::new();
            let mut due = Instant::now();
            while due < end {
                tokio::time::sleep_until(due.into()).await;
                // From when the key was due: whoever waits for the one before it waits for this one, too.
                let began = due;
                due += A_KEY;
                wire.send(&request(1, change(form, "title", &Uuid::new_v4().to_string())))
                    .await?;
                wire.answer().await?;
                spans.push(micros(began));
            }
            let command = FormCommand::DiscardDraft {
                fence: Fence(1),
                op: OpId(Uuid::new_v4()),
                rev: None,
            };
            ask(&mut wire, ToServer::Form { form, command }).await?;
            Ok(spans)
        }));
    }
    let (mut signed_in, mut slowest) = (0, Duration::ZERO);
    for number in 0..SIGN_INS {
        tokio::time::sleep(lasts / u32::try_from(SIGN_INS * 2)?).await;
        let (who, password) = &ours.passwords[number % ours.passwords.len()];
        let began = Instant::now();
        let attempt = async {
            let mut wire = greeted(ours.process.port).await?;
            ask(&mut wire, sign_in(who, password)).await
        };
        if matches!(tokio::time::timeout(Duration::from_secs(10), attempt).await, Ok(Ok(()))) {
            signed_in += 1;
            slowest = slowest.max(began.elapsed());
        }
    }
    let mut spans = Vec::new();
    for typist in typists {
        spans.extend(typist.await??);
    }
    Ok(Honest {
        keys: Spans::of(spans),
        signed_in,
        slowest,
    })
}

/// An attack that goes on until it is told to stop, and how often it was refused.
struct Attack {
    stop: Arc<AtomicBool>,
    refused: Arc<AtomicU64>,
    tasks: Vec<JoinHandle<()>>,
}

impl Attack {
    fn new() -> Self {
        Self {
            stop: Arc::default(),
            refused: Arc::default(),
            tasks: Vec::new(),
        }
    }

    /// One more who does this again and again; whoever is thrown out comes back.
    fn with<F>(mut self, mut act: impl FnMut(Arc<AtomicU64>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = anyhow::Result<()>> + Send,
    {
        let (stop, refused) = (Arc::clone(&self.stop), Arc::clone(&self.refused));
        self.tasks.push(tokio::spawn(async move {
            // Bounded, whatever happens to who stops it.
            for _ in 0..100_000 {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                if act(Arc::clone(&refused)).await.is_err() {
                    refused.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }));
        self
    }
}

/// What an attack did to everybody else, and to the machine.
struct Felt {
    attack: &'static str,
    honest: Honest,
    grown_mib: f64,
}

async fn meanwhile(ours: &Ours, name: &'static str, attack: Attack) -> anyhow::Result<Felt> {
    let (memory, files) = (memory_kib(ours.process.id), descriptors(ours.process.id));
    let most = Arc::new(AtomicU64::new(0));
    let looks = {
        let (stop, most, id) = (Arc::clone(&attack.stop), Arc::clone(&most), ours.process.id);
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "KiB of a process"
                )]
                most.fetch_max(memory_kib(id) as u64, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
    };
    let felt = honest(ours, LASTS).await?;
    let open = descriptors(ours.process.id);
    attack.stop.store(true, Ordering::Relaxed);
    looks.await?;
    for task in attack.tasks {
        task.abort();
        task.await.ok();
    }
    #[expect(clippy::cast_precision_loss, reason = "KiB of a process")]
    let most = most.load(Ordering::Relaxed) as f64;
    say(&format!(
        "{name}\n  keys {}; {}\n  memory {:.0} -> at most {:.0} MiB, descriptors {files} -> {open}, refused or ended {} times",
        felt.keys.text(),
        felt.sign_ins(),
        memory / 1024.0,
        most / 1024.0,
        attack.refused.load(Ordering::Relaxed),
    ));
    Ok(Felt {
        attack: name,
        honest: felt,
        grown_mib: (most - memory) / 1024.0,
    })
}

fn descriptors(process: u32) -> usize {
    std::fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count)
}

/// Sends and waits for whatever is answered; counts a refusal.
async fn try_ask(wire: &mut Wire, body: impl Into<ToServer>, refused: &AtomicU64) -> anyhow::Result<()> {
    wire.send(&request(7, body)).await?;
    let ok = wire
        .wait_for(|message| match answered(message) {
            Ok(false) => None,
            Ok(true) => Some(true),
            Err(_) => Some(false),
        })
        .await?;
    if !ok {
        refused.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// An entity with a formatted text.
async fn define_pages(ours: &Ours) -> anyhow::Result<EntityId> {
    let entity = EntityId(Uuid::now_v7());
    let mut wire = ours.peer(&ours.admin).await?;
    let form = FormKey::entity(entity);
    ask(&mut wire, ToServer::Join { form, entity: None }).await?;
    let text = |field: &str, text: &str| set(field, Value::from_text(text));
    let definition = vec![
        text("label", "Page"),
        text("label_plural", "Pages"),
        text("status", "published"),
        set("fields", Value::from_items(["a"])),
        text(&key("a", "label"), "Words"),
        text(&key("a", "type"), "rich_text"),
    ];
    ask(&mut wire, changes(form, definition)).await?;
    ask(&mut wire, save(form))
        .await
        .context("the entity with formatted text")?;
    Ok(entity)
}

fn nested(ours: &Ours, entity: EntityId) -> Attack {
    let (port, token) = (ours.process.port, ours.editor.clone());
    Attack::new().with(move |refused| {
        let token = token.clone();
        async move {
            let mut wire = signed_in(port, &token).await?;
            for _ in 0..4 {
                let form = new_form();
                join(&mut wire, form, entity).await?;
                let text = "<div>".repeat(160 * 1024 / 5);
                try_ask(&mut wire, change(form, "title", "nested"), &refused).await?;
                try_ask(&mut wire, change(form, "words", &text), &refused).await?;
                try_ask(&mut wire, save(form), &refused).await?;
            }
            Ok(())
        }
    })
}

async fn signed_in(port: u16, token: &str) -> anyhow::Result<Wire> {
    let mut wire = greeted(port).await?;
    ask(&mut wire, use_token(token)).await?;
    Ok(wire)
}

/// Somebody with a form of their own who sends these again and again.
async fn owner(ours: &Ours, field: &str, body: impl Fn(FormKey) -> ToServer) -> anyhow::Result<Attack> {
    let form = new_form();
    let mut wire = ours.peer(&ours.editor).await?;
    join(&mut wire, form, ours.entities[0]).await?;
    ask(&mut wire, change(form, field, "x")).await?;
    let body = body(form);
    let (port, token, entity) = (ours.process.port, ours.editor.clone(), ours.entities[0]);
    Ok(Attack::new().with(move |refused| {
        let (token, body) = (token.clone(), body.clone());
        async move {
            let mut wire = signed_in(port, &token).await?;
            join(&mut wire, form, entity).await?;
            for _ in 0..100 {
                try_ask(&mut wire, body.clone(), &refused).await?;
            }
            Ok(())
        }
    }))
}

async fn splices(ours: &Ours) -> anyhow::Result<Attack> {
    let all = vec![insert("description", 0, "x"); 12_048];
    owner(ours, "description", |form| changes(form, all.clone())).await
}

async fn focus(ours: &Ours) -> anyhow::Result<Attack> {
    let field = Some("f".repeat(900 * 1024));
    owner(ours, "title", |form| {
        let command = FormCommand::Focus { field: field.clone() };
        ToServer::Form { form, command }
    })
    .await
}

fn silent(ours: &Ours) -> Attack {
    let port = ours.process.port;
    Attack::new().with(move |_| async move {
        let mut open = Vec::new();
        for number in 0..1224 {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
            if number < 200 {
                stream.write_all(b"GET /ws HTTP/1.1\r\nHost: x\r\n").await?;
            } else {
                open.push(Wire::upgrade(stream).await);
                continue;
            }
            open.push(Err(anyhow::anyhow!("half a head")));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        Ok(())
    })
}

fn guesses(ours: &Ours) -> Attack {
    let port = ours.process.port;
    let mut attack = Attack::new();
    for number in 0..40 {
        attack = attack.with(move |refused| async move {
            let mut wire = greeted(port).await?;
            for round in 0..10 {
                let who = format!("guess{number}-{round}@example.test");
                try_ask(&mut wire, sign_in(&who, "guess"), &refused).await?;
            }
            Ok(())
        });
    }
    attack
}

async fn drafts(ours: &Ours) -> anyhow::Result<Attack> {
    let text = "x".repeat(150 * 1024);
    let mut wire = ours.peer(&ours.editor).await?;
    for _ in 0..80 {
        let form = new_form();
        join(&mut wire, form, ours.entities[0]).await?;
        ask(&mut wire, change(form, "description", &text)).await?;
    }
    let (port, token, entity) = (ours.process.port, ours.viewer.clone(), ours.entities[0]);
    let held = Arc::new(wire);
    Ok(Attack::new().with(move |refused| {
        let (token, held) = (token.clone(), Arc::clone(&held));
        async move {
            let mut wire = signed_in(port, &token).await?;
            for _ in 0..100 {
                let watch = ToServer::Watch {
                    topic: Topic::Records(entity),
                    rows: 100,
                    since: None,
                };
                try_ask(&mut wire, watch, &refused).await?;
            }
            drop(held);
            Ok(())
        }
    }))
}

fn exports(ours: &Ours) -> Attack {
    let (port, token, entity) = (ours.process.port, ours.editor.clone(), ours.entities[0]);
    Attack::new().with(move |refused| {
        let token = token.clone();
        async move {
            let mut wire = signed_in(port, &token).await?;
            let job = JobId(Uuid::new_v4());
            let export = Job::Export {
                entity,
                which: RecordSelection::Query(ListQuery::default()),
                columns: vec!["title".into()],
                format: Format::Csv,
                upload: UploadId(Uuid::new_v4()),
            };
            try_ask(&mut wire, StartJob { id: job, job: export }, &refused).await?;
            for _ in 0..20 {
                try_ask(&mut wire, GetJobState { job }, &refused).await?;
            }
            Ok(())
        }
    })
}
