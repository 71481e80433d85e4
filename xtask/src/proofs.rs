//! What the tests do, deeper and longer: every interleaving, more histories, more kills.

use clap::Args;

use crate::build::{cargo, step, workspace};

/// How deep to go.
#[derive(Args)]
pub(crate) struct Modelcheck {
    /// Steps of two editors.
    #[arg(long, default_value = "100")]
    two: usize,
    /// Steps of three editors.
    #[arg(long, default_value = "12")]
    three: usize,
}

impl Modelcheck {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        step(
            "explore every interleaving",
            cargo(&[
                "test",
                "--release",
                "--package",
                "baton-protocol",
                "--test",
                "rules",
                "form_states::",
            ])
            .args(["--", "--nocapture", "--test-threads=1"])
            .env("BATON_DEPTH_2", self.two.to_string())
            .env("BATON_DEPTH_3", self.three.to_string()),
        )
    }
}

/// How often to kill.
#[derive(Args)]
pub(crate) struct Crashes {
    /// How many times.
    #[arg(long, default_value = "1000")]
    kills: u64,
    /// The seed of the moments, to play a failure again; printed by every run.
    #[arg(long)]
    seed: Option<u64>,
}

impl Crashes {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let mut command = workspace("test", &["--test", "server", "--", "--nocapture", "crash::"]);
        command.env("BATON_KILLS", self.kills.to_string());
        if let Some(seed) = self.seed {
            command.env("BATON_SEED", seed.to_string());
        }
        step("kill the server again and again", &mut command)
    }
}

/// Which figures.
#[derive(Args)]
pub(crate) struct Bench {
    /// Only those whose name contains this: fan-out, tail, durable, keystroke, bytes, outside, owner, people,
    /// joins, records, slices, idle, restart, sealing, desktop.
    #[arg(long, default_value = "")]
    only: String,
    /// Only a keystroke's whole way, from socket to socket, beside plain sockets.
    #[arg(long, conflicts_with = "only")]
    outside: bool,
}

impl Bench {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        if self.outside {
            return server("outside");
        }
        if !["desktop", "sealing"].contains(&self.only.as_str()) {
            server(&self.only)?;
        }
        if "sealing".contains(&self.only) {
            let mut command = cargo(&["test", "--quiet", "--release", "--package", "baton-client", "--lib"]);
            command.args(["what_sealing_costs", "--", "--ignored", "--nocapture"]);
            step("measure what encrypting the local store costs", &mut command)?;
        }
        if "desktop".contains(&self.only) {
            crate::test::desktop_figures()?;
        }
        Ok(())
    }
}

/// Measures a release server.
fn server(only: &str) -> anyhow::Result<()> {
    let mut command = cargo(&[
        "bench",
        "--quiet",
        "--package",
        "baton-server",
        "--bench",
        "figures",
        "--",
    ]);
    step("measure", command.args(["--only", only]))
}

/// Attacks a release server, and says what everybody else feels meanwhile.
pub(crate) fn attack() -> anyhow::Result<()> {
    server("attack")
}

/// How many histories.
#[derive(Args)]
pub(crate) struct Simulate {
    /// How many seeds, each a history of its own.
    #[arg(long, default_value = "1000")]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value = "0")]
    from: u64,
    /// Only this one, with everything that is said in it: to play a failure again.
    #[arg(long)]
    seed: Option<u64>,
}

impl Simulate {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let mut command = cargo(&["test", "--quiet", "--profile", "simulation", "--package", "baton-tests"]);
        command.args(["--test", "simulation", "--", "--nocapture", "whatever_fails"]);
        match self.seed {
            Some(seed) => command.env("BATON_SEED", seed.to_string()),
            None => command
                .env("BATON_SEEDS", self.seeds.to_string())
                .env("BATON_FIRST_SEED", self.from.to_string()),
        };
        step("live through histories in which everything fails", &mut command)
    }
}

/// How many scripts.
#[derive(Args)]
pub(crate) struct Faults {
    /// How many scripts of faults.
    #[arg(long, default_value = "500")]
    scripts: u64,
    /// Only this one, with its log: to play a failure again.
    #[arg(long)]
    script: Option<u64>,
}

impl Faults {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        step(
            "compile the server",
            &mut workspace("build", &["--quiet", "--bin", "baton-server"]),
        )?;
        let mut command = workspace("test", &["--quiet", "--test", "faults", "--", "--nocapture"]);
        command.env("BATON_SCRIPTS", self.scripts.to_string());
        if let Some(script) = self.script {
            command.env("BATON_SCRIPT", script.to_string());
        }
        step("put desktops through a network that fails", &mut command)
    }
}

/// How often to kill.
#[derive(Args)]
pub(crate) struct Updates {
    /// How many updates are killed, at moments spread over the whole of one.
    #[arg(long, default_value = "50")]
    kills: u64,
}

impl Updates {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        crate::bundle::Bundle::to_check().run()?;
        let mut command = workspace("test", &["--quiet", "--test", "stories", "--", "--nocapture"]);
        command
            .args(["--ignored", "killed_at_any_moment"])
            .env("TAURI_DRIVER", crate::test::driver()?)
            .env("BATON_UPDATE_KILLS", self.kills.to_string());
        step("update desktops, and kill them meanwhile", &mut command)
    }
}
