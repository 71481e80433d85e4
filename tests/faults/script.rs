//! What happens in one script, made from its number, and what must be true at its end.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use baton_protocol::desktop::OutboxEntry;
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::{FormKey, RecordId};
use baton_tests::{Flow, Network};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use uuid::Uuid;

use crate::Place;
use crate::person::{Person, TEXT};

/// How long both sides may take to be equal once everything passes again.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the scripts went through, and what came of what was typed.
#[derive(Default)]
pub(crate) struct Covered {
    pub(crate) scripts: u64,
    pub(crate) arrived: u64,
    waiting: u64,
    faults: BTreeMap<&'static str, u64>,
}

impl Covered {
    pub(crate) fn add(&mut self, other: &Self) {
        self.scripts += other.scripts;
        self.arrived += other.arrived;
        self.waiting += other.waiting;
        for (fault, count) in &other.faults {
            *self.faults.entry(fault).or_default() += count;
        }
    }

    fn count(&mut self, fault: &'static str) {
        *self.faults.entry(fault).or_default() += 1;
    }
}

impl fmt::Display for Covered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} texts arrived, {} wait for their author; {:?}",
            self.arrived, self.waiting, self.faults
        )
    }
}

/// Runs one script.
pub(crate) async fn run(number: u64, place: &Place, directory: &Path) -> anyhow::Result<Covered> {
    let mut rng = StdRng::seed_from_u64(number);
    let mut covered = Covered {
        scripts: 1,
        ..Covered::default()
    };
    let form = FormKey::record(RecordId(Uuid::now_v7()));
    let mut people = Vec::new();
    for name in ["anna", "ben"] {
        let kept = place.kept.get(name).context("somebody who is signed in")?;
        let person = Person::new(name, kept, directory, &place.address, form, place.entity);
        people.push(person.await?);
        // Whoever is first at the form begins it.
        pause(&mut rng, 10, 60).await;
    }
    for _ in 0..rng.random_range(10..30) {
        let who = rng.random_range(0..people.len());
        let person = &mut people[who];
        match rng.random_range(0..100) {
            0..55 => drop(person.type_token(&mut rng).await),
            55..62 => person.save(&mut rng).await,
            62..94 => fault(person, &mut rng, &mut covered),
            94..97 => {
                covered.count("program killed");
                person.kill();
                pause(&mut rng, 0, 300).await;
                person.start().await?;
            }
            _ => pause(&mut rng, 500, 900).await,
        }
        pause(&mut rng, 0, 60).await;
    }
    for person in &mut people {
        person.proxy.heal();
        person.start().await?;
    }
    settled(&people).await?;
    judge(&people, &mut covered)?;
    for person in &mut people {
        person.kill();
    }
    tokio::fs::remove_dir_all(directory).await.ok();
    Ok(covered)
}

async fn pause(rng: &mut StdRng, from: u64, to: u64) {
    // The script's own pace, not a wait for something.
    tokio::time::sleep(Duration::from_millis(rng.random_range(from..to))).await;
}

/// Something happens to a person's network.
fn fault(person: &Person, rng: &mut StdRng, covered: &mut Covered) {
    let some = |up: bool, flow: Flow| {
        let (up, down) = if up { (flow, Flow::Pass) } else { (Flow::Pass, flow) };
        Network { up, down, cut: false }
    };
    let up = rng.random_bool(0.5);
    match rng.random_range(0..10) {
        0..3 => {
            covered.count("all passes again");
            person.proxy.heal();
        }
        3..5 => {
            covered.count("cut");
            person.proxy.cut();
        }
        5..8 => {
            covered.count("broken within a message");
            let after = rng.random_range(0..600);
            person.proxy.set(some(up, Flow::BreakAfter(after)));
        }
        8 => {
            covered.count("half open");
            person.proxy.set(some(up, Flow::Stall));
        }
        _ => {
            covered.count("slow");
            let span = Duration::from_millis(rng.random_range(5..80));
            person.proxy.set(some(up, Flow::Delay(span)));
        }
    }
}

/// Waits until both show the server's picture, and whoever may write has written everything.
async fn settled(people: &[Person]) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let Err(why) = equal(people) else {
            return Ok(());
        };
        if began.elapsed() > TIMEOUT {
            bail!("both sides are not equal after {TIMEOUT:?}: {why}");
        }
        // Polls: screens tell nothing by themselves.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn equal(people: &[Person]) -> anyhow::Result<()> {
    let mut pictures = Vec::new();
    for person in people {
        let (name, screen) = (person.name, person.screen());
        ensure!(screen.live, "{name} has no connection");
        ensure!(!screen.remembered, "{name} sees what is remembered");
        let view = screen.view().with_context(|| format!("{name} sees nothing"))?;
        ensure!(
            screen.steps == 0,
            "{name} has {} steps that are not acknowledged",
            screen.steps
        );
        let auto_merge = screen.texts.iter().any(|text| text.auto_merge);
        ensure!(
            !(auto_merge && view.can_edit()),
            "{name} owns the form and has text that merges by itself"
        );
        // A save waits for its author's turn while something of theirs is unsaved.
        let own = |waiting: &OutboxEntry| waiting.save && !view.can_edit() && has_unsaved(&view);
        ensure!(
            (screen.outbox.iter()).all(|waiting| waiting.decide || auto_merge || own(waiting)),
            "{name} has {:?} in the outbox",
            screen.outbox
        );
        pictures.push((view.rev, view.version, view.value(TEXT).clone(), view.editors.len()));
    }
    ensure!(pictures[0] == pictures[1], "they see {pictures:?}");
    ensure!(pictures[0].3 == people.len(), "somebody else is there still");
    Ok(())
}

/// Whether something of the viewer's own is unsaved.
fn has_unsaved(view: &FormSnapshot) -> bool {
    let me = view.editors.iter().find(|editor| view.me == Some(editor.ticket));
    me.is_some_and(|me| view.has_unsaved_by(me.person.id))
}

/// Everything that was said to be kept is in the text once, or waits for its author.
fn judge(people: &[Person], covered: &mut Covered) -> anyhow::Result<()> {
    for person in people {
        let screen = person.screen();
        let view = screen.view().context("a picture")?;
        let text = view.value(TEXT).text();
        for token in &screen.kept {
            let times = text.matches(token.as_str()).count();
            ensure!(times <= 1, "{token} is there {times} times: {text}");
            let waits = screen
                .texts
                .iter()
                .any(|kept| kept.field == TEXT && kept.value.text().contains(token.as_str()));
            ensure!(
                times == 1 || waits,
                "{token} of {} is nowhere; the text is {text}, kept is {:?}",
                person.name,
                screen.texts
            );
            if times == 1 {
                covered.arrived += 1;
            } else {
                covered.waiting += 1;
            }
        }
    }
    Ok(())
}
