//! What the program does instead of serving.

use std::path::PathBuf;

use clap::Subcommand;

/// What the program does instead of serving.
#[derive(Subcommand, Debug, Clone)]
pub enum Command {
    /// Adds a person and prints their password once.
    AddUser {
        /// Their address, which they sign in with.
        email: String,
        /// The name that others see.
        name: String,
        /// What they may do: none (only what their groups open), viewer, editor or admin.
        #[arg(default_value = "editor")]
        role: String,
        /// They need not choose a password of their own at the first sign-in: for scripts.
        #[arg(long)]
        keep_password: bool,
    },
    /// Makes an account an active admin with a new password, where nobody else can any more.
    RescueAdmin {
        /// Their address.
        email: String,
    },
    /// Proves that no entry of the audit was changed or taken out, and prints its head.
    VerifyAudit {
        /// A head of an earlier day, from a log that is kept elsewhere: proves that it is in the chain.
        #[arg(long)]
        head: Option<String>,
    },
    /// Writes everything that the server keeps into a JSON file, also while it serves. Guard the file as
    /// the server itself: it has everybody's data, and the hashes of their passwords.
    Export {
        /// The file, which must not be there yet; `-` writes to the standard output, for instance into `age` to
        /// encrypt it: `baton-server export - | age -r KEY > baton.json.age`.
        file: PathBuf,
    },
    /// Copies everything into a new directory and reads it through, also while it serves. Guard the copy as the server
    /// itself.
    Backup {
        /// The directory, which must not be there yet.
        directory: PathBuf,
        /// An earlier copy: files that it has are not copied again, if the disk is the same. Both stay whole by
        /// themselves, and either can be deleted.
        #[arg(long)]
        since: Option<PathBuf>,
    },
    /// Fills an empty data directory with such a copy. The server must not be running there.
    Restore {
        /// The directory of the copy.
        directory: PathBuf,
    },
    /// Fills an empty data directory with what such a file has.
    Import {
        /// The file; `-` reads from the standard input.
        file: PathBuf,
    },
    /// Versions of the desktop that this server hands out: desktops that update themselves ask it for them.
    #[command(subcommand)]
    Releases(ReleaseCommand),
    /// Prints completions for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Prints the manual page.
    #[command(hide = true)]
    Man,
}

/// What is done with the versions of the desktop that are handed out.
#[derive(Subcommand, Debug, Clone)]
pub enum ReleaseCommand {
    /// Takes a file, with the signature that lies beside it (FILE.minisig), and hands it out from now on.
    Add {
        /// The file.
        file: PathBuf,
        /// For which desktops.
        #[arg(long, default_value = "stable")]
        channel: String,
    },
    /// Lists them.
    List,
    /// Hands a version out no longer.
    Remove {
        /// Which version.
        version: semver::Version,
    },
}
