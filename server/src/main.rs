//! The Baton server: arguments, log, signals.

mod log;

use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use baton_protocol::person::{AccountState, UserRole};
use baton_server::app::App;
use baton_server::archive;
use baton_server::audit::{self, Proof};
use baton_server::backup;
use baton_server::config::{Arguments, Command, Config, ReleaseCommand};
use baton_server::people;
use baton_server::private;
use baton_server::releases::Releases;
use clap::{CommandFactory as _, Parser as _};
use tokio::net::TcpListener;
use tokio::sync::watch;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match arguments.command {
        Some(Command::Completions { shell }) => {
            let name = env!("CARGO_BIN_NAME");
            clap_complete::generate(shell, &mut Arguments::command(), name, &mut std::io::stdout());
            return Ok(());
        }
        Some(Command::Man) => return Ok(clap_mangen::Man::new(Arguments::command()).render(&mut std::io::stdout())?),
        Some(_) | None => {}
    }
    let config = Config::of(arguments.settings, arguments.config.as_deref())?;
    log::start(config.log_json);
    private::make_files_private();
    match arguments.command {
        None => serve(config).await,
        Some(Command::AddUser {
            email,
            name,
            role,
            keep_password,
        }) => {
            let state = if keep_password {
                AccountState::Active
            } else {
                AccountState::PasswordGiven
            };
            add_user(config, &email, &name, &role, state).await
        }
        Some(Command::RescueAdmin { email }) => rescue_admin(config, &email).await,
        Some(Command::VerifyAudit { head }) => verify_audit(&config, head.as_deref()).await,
        // What is printed may be the archive itself.
        Some(Command::Export { file }) => report(&archive::export(&config, &file).await?, std::io::stderr()),
        Some(Command::Backup { directory, since }) => {
            let counts = backup::backup(&config, &directory, since.as_deref()).await?;
            report(&counts, std::io::stdout())
        }
        Some(Command::Restore { directory }) => report(&backup::restore(&config, &directory).await?, std::io::stdout()),
        Some(Command::Import { file }) => report(&archive::import(&config, &file).await?, std::io::stdout()),
        Some(Command::Releases(command)) => releases(&config, command),
        // It is printed already.
        Some(Command::Completions { .. } | Command::Man) => Ok(()),
    }
}

#[expect(clippy::print_stdout, reason = "whoever started the server reads its address here")]
async fn serve(config: Config) -> anyhow::Result<()> {
    raise_descriptors(config.admission.all);
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}; is a server running already?", config.listen))?;
    println!("listening on {}", listener.local_addr()?);
    // Without this a keystroke waits for the answer to the one before it.
    let listener = listener.tap_io(|socket| {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "a connection cannot be made prompt");
        }
    });
    let (stop, stopping) = watch::channel(false);
    let app = App::open(config, stopping).await?;
    let mut server = std::pin::pin!(baton_server::run(listener, app));
    tokio::select! {
        result = &mut server => return result,
        () = stop_signal() => {}
    }
    tracing::info!("stopping");
    stop.send_replace(true);
    server.await
}

#[expect(clippy::print_stdout, reason = "the password is shown once and is not for the log")]
async fn add_user(config: Config, email: &str, name: &str, role: &str, state: AccountState) -> anyhow::Result<()> {
    let role = UserRole::parse(role)
        .with_context(|| format!("“{role}” is not a role; the roles are none, viewer, editor and admin"))?;
    let (_stop, stopping) = watch::channel(false);
    let app = App::open(config, stopping).await?;
    let (account, password) = people::add_as_operator(&app, email, name, role, state).await?;
    println!(
        "{} signs in as {} with the password {password} (shown only now).",
        account.person.name, account.email
    );
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the password is shown once and is not for the log")]
async fn rescue_admin(config: Config, email: &str) -> anyhow::Result<()> {
    let (_stop, stopping) = watch::channel(false);
    let app = App::open(config, stopping).await?;
    let password = people::rescue(&app, email).await?;
    println!("{email} is an active admin with the password {password} (shown only now).");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what was found is for whoever asked for it")]
async fn verify_audit(config: &Config, noted: Option<&str>) -> anyhow::Result<()> {
    match audit::verify(&config.database(), noted).await? {
        Proof::Whole { entries: None, .. } => println!("The audit has no entry."),
        Proof::Whole {
            entries: Some((first, last)),
            head,
        } => println!("The entries {first} to {last} are as they were written. Head: {head}"),
        Proof::Other(head) => {
            anyhow::bail!("the head {head} is not in the audit: it is another one, or its end was cut off")
        }
        Proof::Broken(number) => {
            anyhow::bail!(
                "the audit was changed at entry {number}: it is not what was written, or one before it is missing"
            )
        }
    }
    Ok(())
}

/// Says what was done: how many of each.
fn report(counts: &archive::Counts, mut out: impl std::io::Write) -> anyhow::Result<()> {
    let counts: Vec<String> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
    Ok(writeln!(out, "{}", counts.join(", "))?)
}

#[expect(clippy::print_stdout, reason = "what was done is for whoever asked for it")]
fn releases(config: &Config, command: ReleaseCommand) -> anyhow::Result<()> {
    let releases = Releases::new(&config.data_dir);
    match command {
        ReleaseCommand::Add { file, channel } => {
            let entry = releases.add(config, &file, &channel)?;
            println!("{} {} for {}", entry.version, entry.target, entry.channel);
        }
        ReleaseCommand::List => {
            for entry in releases.all()? {
                println!(
                    "{} {} for {}, {} bytes",
                    entry.version, entry.target, entry.channel, entry.size
                );
            }
        }
        ReleaseCommand::Remove { version } => println!("{} removed", releases.remove(&version)?),
    }
    Ok(())
}

/// As many connections as the settings allow need as many descriptors; a system begins with few.
fn raise_descriptors(connections: usize) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let wanted = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(256);
        let most = limit.maximum.unwrap_or(u64::MAX);
        let raised = Rlimit {
            current: Some(wanted.min(most)),
            ..limit
        };
        if limit.current.is_some_and(|current| current < wanted)
            && let Err(error) = setrlimit(Resource::Nofile, raised)
        {
            tracing::warn!(%error, "the number of open files cannot be raised");
        }
        if most < wanted {
            tracing::warn!(
                most,
                wanted,
                "the system allows fewer open files than max-connections needs; raise its limit or lower the setting"
            );
        }
    }
    #[cfg(not(unix))]
    let _ = connections;
}

async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            tokio::signal::ctrl_c().await.ok();
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.ok();
}
