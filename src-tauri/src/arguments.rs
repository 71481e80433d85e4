//! How the desktop is started.

use std::path::PathBuf;

use anyhow::Context as _;
use baton_protocol::desktop::SignIn;
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
    /// Keep the sign-in in a file that only you can read, not in the system's keychain.
    #[arg(long, env = "BATON_NO_KEYCHAIN")]
    pub(crate) no_keychain: bool,
    /// Reach another machine without encryption, where its address begins with ws:// or http://.
    #[arg(long, env = "BATON_PLAIN")]
    pub(crate) plain: bool,
    /// Sign in with this address and the password in `BATON_PASSWORD`, where no sign-in is remembered.
    #[arg(long, env = "BATON_EMAIL")]
    email: Option<String>,
    /// Start without a window, in the tray; with one, where there is no tray.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// A link to a record, which is shown: `baton://record/…`; or an invitation: `baton://invitation/…`.
    pub(crate) link: Option<String>,
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
            code: None,
        })
    }
}
