//! A desktop's engine is killed (SIGKILL) at random moments while somebody types without the server: nothing that it
//! said to be kept on this computer is missing, after any number of kills (semantics 5.3, 5.5). How long that takes is
//! a figure, and depends on the machine.

#![allow(clippy::print_stdout, reason = "what was covered is for whoever reads the run")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use baton_client::core::Scope;
use baton_client::keychain::StoreKey;
use baton_client::settings::SettingsFile;
use baton_client::store::Database;
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_tests::{Server, keystroke, signed_in_desktop};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use uuid::Uuid;

/// What one life of the program typed.
struct Life {
    /// The last keystroke.
    last: Option<u64>,
    /// The keystrokes that the window was told to be kept.
    kept: Vec<u64>,
    /// How long keystrokes took to be on the disk, in microseconds.
    durable: Vec<u64>,
}

#[tokio::test]
async fn no_durable_keystroke_is_lost_by_any_kill() -> anyhow::Result<()> {
    let kills = std::env::var("BATON_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(100);
    let directory = tempfile::tempdir()?;
    let mut server = Server::start(directory.path(), &[]).await?;
    let desktop = directory.path().join("desktop");
    let entity = signed_in_desktop(&server, "anna", &desktop).await?;
    server.kill().await;

    let form = FormKey::record(RecordId(Uuid::now_v7()));
    let mut rng = StdRng::seed_from_u64(7);
    let mut must_be_there = BTreeSet::new();
    let (mut next, mut durable) = (0, Vec::new());
    for kill in 0..kills {
        let after = Duration::from_millis(rng.random_range(250..700));
        let life = live(&desktop, form, entity, next, after).await?;
        must_be_there.extend(life.kept);
        next = life.last.map_or(next, |number| number + 1);
        durable.extend(life.durable);
        let text = on_the_disk(&desktop, form).await?;
        let missing = must_be_there.iter().find(|number| !text.contains(&keystroke(**number)));
        ensure!(
            missing.is_none(),
            "after kill {kill}, keystroke {missing:?} is missing; the disk has {text}"
        );
    }
    durable.sort_unstable();
    let at = |share: usize| durable.get(durable.len() * share / 100).copied().unwrap_or_default();
    println!(
        "{kills} kills, {} keystrokes that had to be there; on the disk after p50 {} us, p99 {} us",
        must_be_there.len(),
        at(50),
        at(99)
    );
    ensure!(must_be_there.len() > kills, "hardly anything was typed");
    Ok(())
}

/// Lets somebody type and kills the program.
async fn live(directory: &Path, form: FormKey, entity: EntityId, first: u64, after: Duration) -> anyhow::Result<Life> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_typist"))
        .arg(directory)
        .arg(serde_json::to_string(&form)?)
        .arg(serde_json::to_string(&entity)?)
        .arg(first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
    let mut life = Life {
        last: None,
        kept: Vec::new(),
        durable: Vec::new(),
    };
    let mut end = None;
    loop {
        let left = end.map_or(Duration::from_secs(30), |end: Instant| {
            end.saturating_duration_since(Instant::now())
        });
        let Ok(line) = tokio::time::timeout(left, lines.next_line()).await else {
            break;
        };
        let line = line?.context("the program ended by itself")?;
        // It counts from the first keystroke: until then it only starts.
        end.get_or_insert_with(|| Instant::now() + after);
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.nth(1)) {
            (Some("typed"), Some(number), _) => life.last = Some(number.parse()?),
            (Some("kept"), Some(number), Some(micros)) => {
                life.kept.push(number.parse()?);
                life.durable.push(micros.parse()?);
            }
            _ => {}
        }
    }
    child.kill().await?;
    Ok(life)
}

/// What the killed program's disk holds of the form.
async fn on_the_disk(directory: &Path, form: FormKey) -> anyhow::Result<String> {
    let kept = SettingsFile::new(directory).read()?;
    let scope = Scope {
        server: baton_client::address::web_socket(&kept.server.context("a server")?, false)
            .map_err(anyhow::Error::msg)?,
        person: kept.account.context("somebody")?.person.id,
    };
    let held = Database::open(directory, &StoreKey::None)
        .await?
        .pending_forms(&scope)
        .await?;
    let texts = held
        .into_iter()
        .filter(|held| held.form == form)
        .flat_map(|held| held.texts);
    Ok(texts.map(|text| text.value.text().to_owned()).collect())
}
