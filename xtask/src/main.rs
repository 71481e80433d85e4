//! Every developer command: `cargo xtask --help`.

mod build;
mod bundle;
mod dev;
mod mutants;
mod parts;
mod proofs;
mod public_tables;
mod test;
mod tidy;
mod tools;
mod ui;
mod wasm;

use clap::{Parser, Subcommand};

/// Builds, runs and checks Baton.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts a server with sample data and a desktop. Ctrl-C stops everything it started.
    Run(dev::Run),
    /// Runs every test: format, lints, tidiness, unit tests, server tests, windows.
    Test(test::Test),
    /// Builds the UI into `src-ui/dist`.
    Ui,
    /// Takes a picture of every page, in light and dark, into `docs/screenshots`.
    Screenshots {
        /// Only one part: pages, lists, dates, providers, second-factor, moment, together, updates, tray (needs the package xfce4-panel); or everywhere: every
        /// page in every language and at every width, into `target/everywhere`.
        #[arg(long)]
        only: Option<String>,
    },
    /// Does what staff do all day in real windows, counts clicks and keys, and fails if something takes more than it may.
    Tasks {
        /// Only one part: together, definitions, lists, records, people, everyday.
        #[arg(long)]
        only: Option<String>,
    },
    /// Explores every interleaving of what editors of one form can do, deeper than the tests do.
    Modelcheck(proofs::Modelcheck),
    /// Kills a server at random moments while people type, more often than the tests do.
    Crashes(proofs::Crashes),
    /// Lives through histories in which network, disk, server and desktops fail at random, more than
    /// the tests do.
    Simulate(proofs::Simulate),
    /// Puts real desktops' engines through a network that fails in every way, more often than the tests do.
    Faults(proofs::Faults),
    /// Updates a desktop, and kills it at every moment of that; measures how long one takes
    Updates(proofs::Updates),
    /// Measures the server beside a naive one, and prints figures.
    Bench(proofs::Bench),
    /// Attacks a server in every way that one person has, and prints what everybody else feels meanwhile.
    Attack,
    /// Seeds bugs one by one and shows which test catches each.
    Mutants(mutants::Mutants),
    /// Makes the packages that staff and administrators install.
    Bundle(bundle::Bundle),
    /// Checks what no compiler checks: arrows between crates, sizes of files, documents that must
    /// keep up.
    Tidy,
    /// Reads tables that others made public, and compares each cell with what another program reads
    Tables,
}

fn main() -> anyhow::Result<()> {
    std::env::set_current_dir(build::root())?;
    match Arguments::parse().command {
        Command::Run(run) => run.run(),
        Command::Test(test) => test.run(),
        Command::Ui => ui::build(),
        Command::Screenshots { only } => test::screenshots(only.as_deref()),
        Command::Tasks { only } => test::tasks(only.as_deref()),
        Command::Modelcheck(check) => check.run(),
        Command::Crashes(crashes) => crashes.run(),
        Command::Simulate(simulate) => simulate.run(),
        Command::Faults(faults) => faults.run(),
        Command::Updates(updates) => updates.run(),
        Command::Bench(bench) => bench.run(),
        Command::Attack => proofs::attack(),
        Command::Mutants(mutants) => mutants.run(),
        Command::Bundle(bundle) => bundle.run(),
        Command::Tidy => tidy::check(),
        Command::Tables => public_tables::check(),
    }
}
