//! Every interleaving: all that two and three editors can do, in every order, to a stated depth.
//!
//! `cargo xtask modelcheck` goes deeper than the test run does. Each state is checked by the model;
//! states that can only go on alike are visited once.
#![allow(clippy::print_stdout, reason = "what was covered is for whoever reads the run")]

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::model::{Act, World};

/// What was covered.
struct Covered {
    states: usize,
    steps: usize,
    depth: usize,
    /// Whether no state was left to go on from.
    all: bool,
}

fn explore(people: u8, depth: usize) -> Covered {
    let hasher = RandomState::new();
    let world = World::new(people);
    let mut seen = HashSet::from([hasher.hash_one(world.fingerprint())]);
    let mut layer: Vec<(World, Vec<Act>)> = vec![(world, Vec::new())];
    let (mut steps, mut reached) = (0, 0);
    while !layer.is_empty() && reached < depth {
        let mut next_layer = Vec::new();
        for (world, path) in &layer {
            for act in world.next_acts() {
                steps += 1;
                let mut next = world.clone();
                let step = catch_unwind(AssertUnwindSafe(|| next.act(act.clone())));
                if let Err(broken) = step {
                    eprintln!("this history breaks a guarantee: {path:?} then {act:?}");
                    resume_unwind(broken);
                }
                if seen.insert(hasher.hash_one(next.fingerprint())) {
                    let path = path.iter().cloned().chain([act]).collect();
                    next_layer.push((next, path));
                }
            }
        }
        layer = next_layer;
        reached += 1;
    }
    Covered {
        states: seen.len(),
        steps,
        depth: reached,
        all: layer.is_empty(),
    }
}

fn check(people: u8, variable: &str, default: usize) {
    let depth = std::env::var(variable).map_or(default, |depth| depth.parse().expect("a depth"));
    let covered = explore(people, depth);
    let Covered {
        states,
        steps,
        depth,
        all,
    } = covered;
    let extent = if all { "all there are" } else { "to that depth" };
    println!("{people} editors: {states} states ({extent}), {steps} steps, depth {depth}: G1, G2 and G4 hold in each");
    assert!(states > 100, "something was explored");
}

#[test]
fn two_editors_keep_the_guarantees_in_every_order() {
    check(2, "BATON_DEPTH_2", 100);
}

#[test]
fn three_editors_keep_the_guarantees_in_every_order() {
    check(3, "BATON_DEPTH_3", 6);
}
