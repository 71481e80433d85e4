//! What staff do all day, done with real keys and a real mouse in real windows, and counted.
//!
//! `cargo xtask tasks` runs it: it prints a table, and fails if a task takes more than it may.

mod counted;
mod definitions;
mod everyday;
mod lists;
mod people;
mod records;
mod together;

use anyhow::{Context as _, ensure};

use counted::Counted;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let part = std::env::args().nth(1);
    let wanted = |name: &str| part.as_deref().is_none_or(|part| part == name);
    let mut all = Vec::new();
    if wanted("together") {
        all.extend(together::tasks().await.context("together")?);
    }
    if wanted("definitions") {
        all.extend(definitions::tasks().await.context("definitions")?);
    }
    if wanted("lists") {
        all.extend(lists::tasks().await.context("lists")?);
    }
    if wanted("records") {
        all.extend(records::tasks().await.context("records")?);
    }
    if wanted("people") {
        all.extend(people::tasks().await.context("people")?);
    }
    if wanted("everyday") {
        all.extend(everyday::tasks().await.context("everyday")?);
    }
    print(&all);
    let over: Vec<&str> = all
        .iter()
        .filter(|counted| counted.took > counted.limit)
        .map(|counted| counted.task)
        .collect();
    ensure!(over.is_empty(), "these take more than they may: {over:?}");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what the command is for")]
fn print(all: &[Counted]) {
    let widest = all
        .iter()
        .map(|counted| counted.task.chars().count())
        .max()
        .unwrap_or(0);
    println!(
        "| {:widest$} | took | limit |",
        "task: clicks and keys, without typing the values themselves"
    );
    println!("|{}|------|-------|", "-".repeat(widest + 2));
    for Counted { task, took, limit } in all {
        println!("| {task:widest$} | {took:>4} | {limit:>5} |");
    }
}
