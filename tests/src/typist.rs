//! Somebody who types into one form of a desktop that cannot reach its server, in a process of its own, to
//! be killed at any moment.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use baton_protocol::desktop::{ChangeForm, EngineCall, FormUpdate, OpenForm, Start, UiEvent};
use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::{EntityId, FormKey};
use tokio::sync::mpsc;

/// The field that is typed into.
pub const FIELD: &str = "description";

/// What is typed with a number.
#[must_use]
pub fn keystroke(number: u64) -> String {
    format!("<{number}>")
}

/// Types for ever, from this number on. Says `typed N` for each keystroke, and `kept N after T us` when the
/// window was told that this computer keeps it.
///
/// # Errors
/// If the form does not open.
#[expect(clippy::print_stdout, reason = "whoever kills it reads what it did")]
pub async fn type_for_ever(
    directory: &std::path::Path,
    form: FormKey,
    entity: EntityId,
    first: u64,
) -> anyhow::Result<()> {
    let (handle, mut events) = baton_client::start(baton_client::Config::in_directory(directory.to_owned()));
    handle.call(0, EngineCall::Start(Start {})).await?;
    let entity = Some(entity);
    handle.call(0, EngineCall::OpenForm(OpenForm { form, entity })).await?;
    let (view, generation) = editable(&mut events).await?;
    let mut length = view.value(FIELD).text().chars().count();
    let mut number = 0;
    let mut typed_at: Vec<Instant> = Vec::new();
    let mut kept = 0;
    let mut beat = tokio::time::interval(Duration::from_millis(4));
    loop {
        tokio::select! {
            told = events.recv() => {
                let (_, event) = told.context("the engine ended")?;
                if let UiEvent::Form { seen, update: FormUpdate::Unacknowledged { kept: true, .. }, .. } = event {
                    for typed in kept..seen {
                        let index = usize::try_from(typed)?;
                        println!("kept {} after {} us", first + typed, typed_at[index].elapsed().as_micros());
                    }
                    kept = seen;
                }
            }
            _ = beat.tick() => {
                let insert = keystroke(first + number);
                let added = insert.chars().count();
                let edit = Edit::Splice(Splice { at: length, delete: 0, insert });
                let change = Change { field: FIELD.into(), edit };
                length += added;
                number += 1;
                typed_at.push(Instant::now());
                handle.call(0, EngineCall::ChangeForm(ChangeForm { form, number, generation, change })).await?;
                println!("typed {}", first + number - 1);
            }
        }
    }
}

async fn editable(events: &mut mpsc::Receiver<baton_client::WindowEvent>) -> anyhow::Result<(FormSnapshot, u64)> {
    let began = Instant::now();
    loop {
        ensure!(began.elapsed() < Duration::from_secs(30), "the form does not open");
        let told = tokio::time::timeout(Duration::from_secs(30), events.recv()).await?;
        let (_, event) = told.context("the engine ended")?;
        if let UiEvent::Form {
            generation,
            update: FormUpdate::Cached { view, .. },
            ..
        } = event
            && view.can_edit()
        {
            return Ok((*view, generation));
        }
    }
}
