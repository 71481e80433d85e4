//! What the statistics of sessions cost others, and what a crowd costs that joins one form.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use baton_protocol::id::EntityId;
use baton_protocol::live::Page;
use baton_protocol::message::{Answer, GetOnline, ToServer, Topic};
use tokio::task::JoinSet;

use crate::machine::Spans;
use crate::peers::{Ours, answer, ask, greeted, join, new_form, query, use_token};
use crate::records::typing;
use crate::wire::Wire;
use crate::{micros, say};

/// How long typing is measured, each time.
const SPAN: Duration = Duration::from_secs(5);
/// How often each kind is measured: one after the other, so that what else this machine does meets all of them.
const ROUNDS: u64 = 4;
/// How often a second somebody comes, goes or changes the page.
const EVENTS_A_SECOND: u64 = 500;
/// How many of those tasks share the connections.
const PARTS: usize = 8;
/// How many join one form in a second.
const JOINS: usize = 1000;

/// What happens while others type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stir {
    /// Connections change page.
    Pages,
    /// Connections come and go.
    Comes,
    /// An admin looks at Live, and a colleague at who is online.
    Looks,
    /// All of that.
    All,
}

/// Connections of one task, all signed in.
struct Crowd {
    port: u16,
    token: String,
    entities: Vec<EntityId>,
    wires: Vec<Wire>,
}

impl Crowd {
    async fn come(&mut self) -> anyhow::Result<()> {
        let mut wire = greeted(self.port).await?;
        ask(&mut wire, use_token(&self.token)).await?;
        wire.forget();
        self.wires.push(wire);
        Ok(())
    }

    /// One shows another page, or one goes and another comes; of four, where all of it happens, three do the first.
    async fn stir(&mut self, what: Stir, number: usize) -> anyhow::Result<()> {
        let at = number * 7919 % self.wires.len();
        let comes = match what {
            Stir::Pages | Stir::Looks => false,
            Stir::Comes => true,
            Stir::All => number.is_multiple_of(4),
        };
        if comes {
            drop(self.wires.swap_remove(at));
            return self.come().await;
        }
        let page = Page::Records(self.entities[number % self.entities.len()]);
        ask(&mut self.wires[at], ToServer::ShowPage { page }).await
    }
}

/// All of them, an equal part for each task.
async fn crowds(ours: &Ours, connections: usize) -> anyhow::Result<Vec<Crowd>> {
    let mut tasks = JoinSet::new();
    for part in 0..PARTS {
        let mut crowd = Crowd {
            port: ours.process.port,
            token: ours.viewer.clone(),
            entities: ours.entities.clone(),
            wires: Vec::new(),
        };
        tasks.spawn(async move {
            for _ in (part..connections).step_by(PARTS) {
                crowd.come().await?;
            }
            anyhow::Ok(crowd)
        });
    }
    let mut crowds = Vec::new();
    while let Some(crowd) = tasks.join_next().await {
        crowds.push(crowd??);
    }
    Ok(crowds)
}

fn watch_live() -> ToServer {
    ToServer::Watch {
        topic: Topic::Live,
        rows: 0,
        since: None,
    }
}

/// Stirs all crowds until the span is over; how many events there were, how long Live took, and the crowds.
async fn stir(ours: &Ours, what: Stir, crowds: Vec<Crowd>) -> anyhow::Result<(u64, Spans, Vec<Crowd>)> {
    let events = Arc::new(AtomicU64::new(0));
    let end = Instant::now() + SPAN;
    let mut tasks = JoinSet::new();
    for mut crowd in crowds {
        let events = Arc::clone(&events);
        tasks.spawn(async move {
            let mut beat =
                tokio::time::interval(Duration::from_secs(1) * u32::try_from(PARTS)? / u32::try_from(EVENTS_A_SECOND)?);
            let mut number = 0;
            while Instant::now() < end {
                beat.tick().await;
                if what == Stir::Looks {
                    continue;
                }
                crowd.stir(what, number).await?;
                number += 1;
                events.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(crowd)
        });
    }
    let (mut admin, mut colleague) = (ours.peer(&ours.admin).await?, ours.peer(&ours.editor).await?);
    let mut live = Vec::new();
    // As often as Who is online asks. Live is watched; each time it is asked for anew is one more than a page does.
    let mut seconds = tokio::time::interval(Duration::from_secs(2));
    while Instant::now() < end {
        seconds.tick().await;
        if what == Stir::Pages || what == Stir::Comes {
            continue;
        }
        let began = Instant::now();
        answer(&mut admin, watch_live()).await?;
        live.push(micros(began));
        query(&mut colleague, GetOnline {}).await?;
    }
    let mut crowds = Vec::new();
    while let Some(crowd) = tasks.join_next().await {
        crowds.push(crowd??);
    }
    Ok((events.load(Ordering::Relaxed), Spans::of(live), crowds))
}

/// Others type while connections come, go and change page, beside the same without that.
pub(crate) async fn statistics(ours: &Ours, connections: usize) -> anyhow::Result<()> {
    say(&format!("\nStatistics: {connections} connections, all signed in"));
    let mut crowds = crowds(ours, connections).await?;
    let quiet = async || {
        tokio::time::sleep(SPAN).await;
        anyhow::Ok(())
    };
    let mut before = Spans::default();
    let mut kinds = [
        (Stir::Pages, "while they change page"),
        (Stir::Looks, "while Live and Who is online are shown"),
        (Stir::Comes, "while they come and go"),
        (Stir::All, "while all of that happens"),
    ]
    .map(|(what, words)| (what, words, Spans::default(), 0, Spans::default()));
    for _ in 0..ROUNDS {
        before.extend(typing(ours, SPAN, quiet).await?.1);
        for (what, _, meanwhile, events, live) in &mut kinds {
            let mut stirred = None;
            let (_, typed) = typing(ours, SPAN, async || {
                stirred = Some(stir(ours, *what, std::mem::take(&mut crowds)).await?);
                Ok(())
            })
            .await?;
            let (more, answered, back) = stirred.context("they were stirred")?;
            crowds = back;
            meanwhile.extend(typed);
            live.extend(answered);
            *events += more;
        }
    }
    say(&format!("  others' keystrokes while they are still: {}", before.text()));
    for (_, words, meanwhile, events, live) in kinds {
        say(&format!("  {words}: {}", meanwhile.text()));
        say(&format!(
            "    p99 meanwhile / before: {:.2} (wanted: <= 1.2), {} events/s; Live answered: {}",
            meanwhile.at(0.99) / before.at(0.99),
            events / (SPAN.as_secs() * ROUNDS),
            live.text()
        ));
    }
    Ok(())
}

/// One of a crowd that joins: what it received, and when it heard of the last one.
async fn hear(mut wire: Wire, last: &'static [u8]) -> anyhow::Result<(u64, Instant)> {
    wire.wait_for(|message| message.windows(last.len()).any(|part| part == last).then_some(()))
        .await?;
    Ok((wire.received, Instant::now()))
}

/// Many join one form in a second: bytes in all, beside whole rosters for each, and when everybody knows of the last.
pub(crate) async fn joins(ours: &Ours) -> anyhow::Result<()> {
    say("\nPresence");
    join_at_once(ours, JOINS).await
}

/// So many join one form in a second.
pub(crate) async fn join_at_once(ours: &Ours, joins: usize) -> anyhow::Result<()> {
    let (form, entity) = (new_form(), ours.entities[0]);
    let mut owner = ours.peer(&ours.editor).await?;
    join(&mut owner, form, entity).await?;
    let mut wires = Vec::with_capacity(joins);
    for _ in 0..joins {
        let mut wire = ours.peer(&ours.editor).await?;
        wire.received = 0;
        wires.push(wire);
    }
    // The owner has the first ticket, and the last one to join this one.
    let last: &'static [u8] = Box::leak(format!("\"ticket\":{}", joins + 1).into_bytes().into_boxed_slice());
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    let mut roster = 0.0;
    for (number, mut wire) in wires.into_iter().enumerate() {
        tokio::time::sleep_until(
            (began + Duration::from_secs(1) / u32::try_from(joins)? * u32::try_from(number)?).into(),
        )
        .await;
        if number + 1 == joins {
            let entity = Some(entity);
            let Answer::Joined(snapshot) = answer(&mut wire, ToServer::Join { form, entity }).await? else {
                anyhow::bail!("it is not open");
            };
            let text = baton_protocol::codec::encode(&snapshot.editors);
            #[expect(clippy::cast_precision_loss, reason = "kilobytes")]
            let each = text.len() as f64 / (joins + 1) as f64;
            roster = each;
            continue;
        }
        // Each on its own: a crowd does not wait for each other's answers.
        tasks.spawn(async move {
            let entity = Some(entity);
            wire.send(&crate::peers::request(7, ToServer::Join { form, entity }))
                .await?;
            hear(wire, last).await
        });
    }
    let answered = Instant::now();
    let (mut bytes, mut late) = (0, Vec::new());
    while let Some(heard) = tasks.join_next().await {
        let (received, at) = heard??;
        bytes += received;
        late.push(u64::try_from(at.saturating_duration_since(answered).as_micros()).unwrap_or(u64::MAX));
    }
    let late = Spans::of(late);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand joins")]
    let whole: f64 = (1..=joins).map(|joined| (joined * (joined + 1)) as f64 * roster).sum();
    #[expect(clippy::cast_precision_loss, reason = "some gigabytes")]
    let bytes = bytes as f64;
    say(&format!(
        "  {joins} join one form in a second: {:.1} MB in all; whole rosters for each would be {:.0} MB: 1/{:.0} (wanted: <= 1/20)",
        bytes / 1e6,
        whole / 1e6,
        whole / bytes
    ));
    say(&format!(
        "  joins took {:.2} s; the last one known to everybody after {} (wanted: p99 <= 100 ms)",
        (answered - began).as_secs_f64(),
        late.text()
    ));
    Ok(())
}
