//! `baton`: what a desktop does with entities and records, by script. Answers are JSON on the standard
//! output, sentences on the other one. It ends with 0; with 1 if the server refused; with 3 if it cannot
//! be reached; with 4 if some records or rows were left out; and with 2 for a command that makes no sense.
#![expect(clippy::print_stdout, reason = "what a script asks for is written there")]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a command waits for one answer; every other is told as a failure"
)]

mod audit;
mod check;
mod connection;
mod define;
mod drafts;
mod filter;
mod import;
mod people;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use baton_locales::t;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::{TopicUpdate, UiEvent};
use baton_protocol::entity::Entity;
use baton_protocol::id::RecordId;
use baton_protocol::job::{BulkAction, Format, Job, JobOutcome, RecordSelection};
use baton_protocol::list_query::{ListQuery, Sort, columns};
use baton_protocol::message::{Code, EntityRow, Problem, Topic};
use baton_protocol::values::Values;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use uuid::Uuid;

use connection::{Connection, Failure, Result, unexpected};

/// Entities and records of a Baton server, by script.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The server: `host:port`, or an address that begins with ws:// or wss://.
    #[arg(long, env = "BATON_SERVER", global = true, default_value = "127.0.0.1:7420")]
    server: String,
    /// Who signs in.
    #[arg(long, env = "BATON_EMAIL", global = true, default_value = "")]
    email: String,
    /// The password; better in the environment than here, where others may read it.
    #[arg(
        long,
        env = "BATON_PASSWORD",
        global = true,
        default_value = "",
        hide_env_values = true
    )]
    password: String,
    /// What the authenticator shows, where the account has a second factor.
    #[arg(long, env = "BATON_CODE", global = true, hide_env_values = true)]
    code: Option<String>,
    /// Reach another machine without encryption, where its address begins with ws:// or http://.
    #[arg(long, env = "BATON_PLAIN", global = true)]
    plain: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the entities
    Entities,
    /// Shows the definition of an entity
    Entity {
        /// Its name in scripts.
        name: String,
    },
    /// Defines an entity as a file says: the JSON that `entity` shows, without ids
    Define {
        /// The file.
        file: PathBuf,
    },
    /// Lists records with all their values
    Records {
        #[command(flatten)]
        list: List,
    },
    /// Gives a field of many records a value, and saves each
    Set {
        #[command(flatten)]
        list: List,
        /// The field's name.
        #[arg(long)]
        field: String,
        /// Its new value; several choices are parted by semicolons.
        #[arg(long)]
        value: String,
    },
    /// Takes records out of their list, or brings them back by their ids
    Move {
        /// Where to.
        to: Place,
        #[command(flatten)]
        list: List,
    },
    /// Makes records of the rows of a table
    Import(import::ImportArgs),
    /// Writes records into a table
    Export {
        #[command(flatten)]
        list: List,
        /// A file that ends in .csv, .xlsx or .json.
        #[arg(long)]
        file: PathBuf,
    },
    /// Checks the way to the server, and whether what one types reaches others; leaves nothing behind
    Check,
    /// What anybody has typed and not saved; for admins
    Drafts,
    /// Makes and changes accounts; for admins
    People {
        #[command(subcommand)]
        what: people::People,
    },
    /// Lists who did what, newest first, a line of JSON each; for admins
    Audit(audit::AuditArgs),
    /// Changes the password of whoever signs in
    Password {
        /// The new one; better in the environment than here, where others may read it.
        #[arg(long, env = "BATON_NEW_PASSWORD", hide_env_values = true)]
        new: String,
    },
    /// Prints what happens, a line of JSON each, until it is stopped
    Events {
        /// Of which entities; none: which entities there are, and how many records they have.
        entities: Vec<String>,
        /// After so many lines it ends by itself.
        #[arg(long)]
        count: Option<usize>,
    },
    /// Prints completions for a shell
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Prints the manual page
    #[command(hide = true)]
    Man,
}

/// Which records.
#[derive(Args)]
struct List {
    /// The entity's name.
    entity: String,
    /// Only these.
    #[arg(long = "id")]
    ids: Vec<Uuid>,
    /// Words that the records have.
    #[arg(long, default_value = "")]
    search: String,
    /// What holds of them, as FIELD=VALUE, FIELD>=VALUE, FIELD<=VALUE, FIELD!=VALUE or FIELD~WORDS; with || between
    /// them, it is enough if one does.
    #[arg(long = "where")]
    filters: Vec<String>,
    /// By which field they are sorted; with a minus before it, the greatest first.
    #[arg(long, allow_hyphen_values = true)]
    sort: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Place {
    /// Out of the list, for as long as nobody wants them back.
    Archive,
    /// Into the bin.
    Bin,
    /// Back.
    List,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing_level())
        .init();
    baton_locales::set_language(baton_client::language::of_system());
    let arguments = Arguments::parse();
    let done = match about_itself(&arguments.command) {
        Some(printed) => printed.map_err(|error| Failure::Other(error.into())),
        None => run(arguments).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(failure),
    }
}

/// Prints what the program knows of itself, without a server.
fn about_itself(command: &Command) -> Option<std::io::Result<()>> {
    let (mut arguments, mut out) = (Arguments::command(), std::io::stdout());
    match command {
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut arguments, env!("CARGO_BIN_NAME"), &mut out);
            Some(Ok(()))
        }
        Command::Man => Some(clap_mangen::Man::new(arguments).render(&mut out)),
        _ => None,
    }
}

fn tracing_level() -> tracing_subscriber::filter::LevelFilter {
    tracing_subscriber::filter::LevelFilter::ERROR
}

fn report(failure: Failure) -> ExitCode {
    let (words, code) = match failure {
        Failure::Unreachable(why) => (why, 3),
        Failure::Refused(problem) if problem.code == Code::Invalid => (problem.message.to_string(), 4),
        Failure::Refused(problem) => (problem.message.to_string(), 1),
        Failure::Other(error) => (format!("{error:#}"), 1),
    };
    // Nobody reads it if it cannot be written.
    writeln!(std::io::stderr(), "{words}").ok();
    ExitCode::from(code)
}

async fn run(arguments: Arguments) -> Result<()> {
    let Arguments {
        code,
        server,
        email,
        password,
        plain,
        command,
    } = arguments;
    let mut connection = Connection::open(server, plain, email, password, code).await?;
    let done = match &command {
        Command::Password { .. } => carry_out(&mut connection, command).await,
        _ => match connection.check_password() {
            Ok(()) => carry_out(&mut connection, command).await,
            Err(failure) => Err(failure),
        },
    };
    connection.close().await;
    done
}

async fn carry_out(connection: &mut Connection, command: Command) -> Result<()> {
    match command {
        // It is printed already.
        Command::Completions { .. } | Command::Man => Ok(()),
        Command::Check => check::check(connection).await,
        Command::Entities => {
            let rows = connection.entities().await?;
            let summary = |row: &EntityRow| {
                serde_json::json!({
                    "name": row.entity.name, "label": row.entity.label_plural, "status": row.entity.status,
                    "fields": row.entity.fields.len(), "records": row.records, "id": row.entity.id,
                })
            };
            print(&rows.iter().map(summary).collect::<Vec<_>>())
        }
        Command::Entity { name } => {
            let row = connection.entity(&name).await?;
            print(&*row.entity)
        }
        Command::Define { file } => {
            let version = define::define(connection, &file).await?;
            print(&serde_json::json!({ "version": version }))
        }
        Command::Records { list } => {
            let (entity, which) = list.which(connection).await?;
            let names = column_names(&entity);
            let (table, _) = connection.table(entity.id, which, names, Format::Json).await?;
            write(&table)
        }
        Command::Set { list, field, value } => {
            let (entity, which) = list.which(connection).await?;
            let known = entity
                .form_field(&field)
                .with_context(|| format!("there is no field “{field}”"))?;
            let value = known.parse(&value);
            bulk(
                connection,
                &entity,
                which,
                BulkAction::Set(Values::from([(field, value)])),
            )
            .await
        }
        Command::Move { to, list } => {
            let (entity, which) = list.which(connection).await?;
            let action = match to {
                Place::Archive => BulkAction::Remove(DeletionKind::Archived),
                Place::Bin => BulkAction::Remove(DeletionKind::Deleted),
                Place::List => BulkAction::Restore,
            };
            bulk(connection, &entity, which, action).await
        }
        Command::Import(what) => import::import(connection, what).await,
        Command::Export { list, file } => {
            let (entity, which) = list.which(connection).await?;
            let format = format_of(&file)?;
            let (table, outcome) = connection
                .table(entity.id, which, column_names(&entity), format)
                .await?;
            std::fs::write(&file, table).with_context(|| format!("cannot write {}", file.display()))?;
            if outcome.left_out > 0 { over(&outcome) } else { Ok(()) }
        }
        Command::Drafts => print(&drafts::list(connection).await?),
        Command::People { what } => print(&people::carry_out(connection, what).await?),
        Command::Audit(which) => {
            for entry in audit::list(connection, which).await? {
                println!("{entry}");
            }
            Ok(())
        }
        Command::Password { new } => connection.change_password(new).await,
        Command::Events { entities, count } => events(connection, entities, count).await,
    }
}

fn format_of(file: &std::path::Path) -> Result<Format> {
    let format = Format::of_name(&file.to_string_lossy());
    Ok(format.context("the file must end in .csv, .xlsx or .json")?)
}

fn column_names(entity: &Entity) -> Vec<String> {
    columns(entity).into_iter().map(|field| field.name).collect()
}

async fn bulk(connection: &Connection, entity: &Entity, which: RecordSelection, action: BulkAction) -> Result<()> {
    let job = Job::Bulk {
        entity: entity.id,
        which,
        action,
    };
    over(&connection.run(job, |_, _| {}).await?)
}

/// Says what came of a job; some that was left out is a failure of its own kind.
fn over(outcome: &JobOutcome) -> Result<()> {
    print(outcome)?;
    match &outcome.problem {
        Some(problem) => Err(Problem::new(Code::Malformed, problem.clone()).into()),
        None if outcome.left_out > 0 => {
            let words = t::cli::records_left_out(outcome.left_out);
            Err(Problem::new(Code::Invalid, words).into())
        }
        None => Ok(()),
    }
}

async fn events(connection: &mut Connection, entities: Vec<String>, count: Option<usize>) -> Result<()> {
    let mut topics = vec![Topic::Entities];
    if !entities.is_empty() {
        topics.clear();
        for name in entities {
            topics.push(Topic::Records(connection.entity(&name).await?.entity.id));
        }
    }
    for topic in topics {
        connection.watch(topic).await?;
    }
    let mut left = count.unwrap_or(usize::MAX);
    while left > 0 {
        if let UiEvent::Topic {
            topic,
            update: TopicUpdate::Event(event),
        } = connection.next().await?
        {
            let line = serde_json::json!({ "topic": topic, "event": event });
            println!("{line}");
            left -= 1;
        }
    }
    Ok(())
}

impl List {
    async fn which(&self, connection: &mut Connection) -> Result<(std::sync::Arc<Entity>, RecordSelection)> {
        let entity = connection.entity(&self.entity).await?.entity;
        if !self.ids.is_empty() {
            let records = self.ids.iter().copied().map(RecordId).collect();
            return Ok((entity, RecordSelection::Records(records)));
        }
        let filters = self.filters.iter().map(|text| filter::parse(&entity, text));
        let sort = self.sort.as_deref().map(|field| Sort {
            field: field.trim_start_matches('-').into(),
            descending: field.starts_with('-'),
        });
        let query = ListQuery {
            search: self.search.clone(),
            filters: filters.collect::<Result<_>>()?,
            sort,
        };
        Ok((entity, RecordSelection::Query(query)))
    }
}

fn print<T: serde::Serialize>(value: &T) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|_| unexpected())?;
    println!("{text}");
    Ok(())
}

fn write(bytes: &[u8]) -> Result<()> {
    std::io::stdout().write_all(bytes).context("cannot write")?;
    Ok(())
}
