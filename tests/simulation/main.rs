//! Randomised simulation: the real server and the real engine's mind, over a simulated network, clock
//! and disk that fail in every way they can (G1 to G6, G8).
//!
//! One seed is one history, and the same seed is the same history again. `cargo xtask simulate` runs
//! more seeds than the tests do, and `--seed N` runs a single one with its whole log.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what was covered is for whoever reads the run"
)]

mod acts;
mod conformance;
mod desktop;
mod disk;
mod memory;
mod network;
mod oracle;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use oracle::Covered;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().expect("a number"))
}

/// Runs one seed; what went wrong, if anything did.
fn run(seed: u64) -> Result<Covered, String> {
    catch_unwind(AssertUnwindSafe(|| world::run(seed))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_default()
    })
}

#[test]
fn whatever_fails_nothing_is_lost_doubled_or_unfair() {
    if let Some(seed) = number("BATON_SEED") {
        tracing_subscriber::fmt()
            .with_env_filter("info,simulation=debug,turmoil=warn")
            .with_ansi(false)
            .with_test_writer()
            .without_time()
            .init();
        match run(seed) {
            Ok(covered) => println!("seed {seed}: {covered}; history {:x}", covered.history),
            Err(broken) => panic!("seed {seed}: {broken}"),
        }
        return;
    }
    let seeds = number("BATON_SEEDS").unwrap_or(40);
    let first = number("BATON_FIRST_SEED").unwrap_or(0);
    let (next, failed) = (AtomicU64::new(first), AtomicBool::new(false));
    let covered = Mutex::new(Covered::default());
    let began = Instant::now();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while !failed.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds {
                        return;
                    }
                    match run(seed) {
                        Ok(one) => covered.lock().unwrap_or_else(PoisonError::into_inner).add(&one),
                        Err(broken) => {
                            failed.store(true, Ordering::Relaxed);
                            eprintln!("seed {seed}: {broken}");
                            eprintln!("once more: cargo xtask simulate --seed {seed}");
                        }
                    }
                }
            });
        }
    });
    let covered = covered.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("{seeds} seeds in {:.0} s: {covered}", began.elapsed().as_secs_f64());
    assert!(!failed.into_inner(), "a history broke a guarantee; its seed is above");
    assert!(covered.accepted > seeds, "something was typed");
    assert!(covered.claims > 0, "something was said of somebody");
}

#[test]
fn the_same_seed_is_the_same_history() {
    let times = number("BATON_TIMES").unwrap_or(3);
    for seed in [7, 33] {
        let first = run(seed).expect("passes").history;
        for _ in 1..times {
            let again = run(seed).expect("passes").history;
            assert_eq!(again, first, "a failure of seed {seed} could not be replayed");
        }
        // Another process must have the same.
        println!("seed {seed}, {times} times: history {first:x}");
    }
    assert_ne!(run(7).expect("passes").history, run(8).expect("passes").history);
}
