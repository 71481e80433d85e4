//! How the desktop is started.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use baton_client::Handle;
use baton_client::core::Call;
use baton_protocol::desktop::SignIn;
use baton_protocol::message::Code;
use clap::Parser;

/// Edit structured records together, live.
#[derive(Parser, Debug, Clone)]
#[command(version, about)]
pub(crate) struct Arguments {
    /// The server's address, instead of the one that is remembered.
    #[arg(long, env = "BATON_SERVER")]
    pub(crate) server: Option<String>,
    /// Directory of everything that is remembered [default: baton/desktop in the user's data directory].
    #[arg(long, env = "BATON_DESKTOP_DIR")]
    data_dir: Option<PathBuf>,
    /// Sign in with this address at the start, and the password in `BATON_PASSWORD`.
    #[arg(long, env = "BATON_EMAIL")]
    email: Option<String>,
    /// The password that goes with it; taken from the environment, where other users cannot see it.
    #[arg(skip = std::env::var("BATON_PASSWORD").ok())]
    password: Option<String>,
}

impl Arguments {
    pub(crate) fn directory(&self) -> anyhow::Result<PathBuf> {
        match &self.data_dir {
            Some(directory) => Ok(directory.clone()),
            None => Ok(dirs::data_dir()
                .context("this system names no data directory for you; give one with --data-dir")?
                .join("baton/desktop")),
        }
    }

    pub(crate) fn sign_in(&self) -> Option<SignIn> {
        Some(SignIn {
            email: self.email.clone()?,
            password: self.password.clone()?,
        })
    }
}

/// Signs in as soon as the server is reached. Ends when that worked, or cannot work.
pub(crate) async fn sign_in_when_reached(handle: Handle, sign_in: SignIn) {
    const ATTEMPTS: u32 = 150;
    for _ in 0..ATTEMPTS {
        match handle.call(Call::SignIn(sign_in.clone())).await {
            Ok(_) => return,
            Err(problem) if matches!(problem.code, Code::Offline | Code::Busy) => {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Err(problem) => {
                tracing::warn!(%problem, "the sign-in at the start was refused");
                return;
            }
        }
    }
}
