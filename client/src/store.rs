//! The local store's task: it writes what the core holds as soon as the disk takes it, the newest state
//! of a form at a time, and reads what is remembered. The engine never waits for the disk.

mod database;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::time::Duration;

use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::message::{Snapshot, Topic};
use baton_protocol::view::FormView;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::core::{Held, Input, Memory, RecalledForm, Scope};
use database::FIRST_ROWS;
pub use database::{Database, StoreError};

/// How long the picture of a form may wait to be written: it changes with every keystroke, and is no
/// loss.
const PICTURES: Duration = Duration::from_millis(500);
/// How many rows of a long list follow at once.
const MORE_ROWS: u32 = 1000;
/// How long after a failure the disk is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// The store's file below a data directory.
#[must_use]
pub fn file(directory: &Path) -> PathBuf {
    directory.join("local.db")
}

/// What the store is asked for.
pub(crate) enum Ask {
    Open(Scope),
    Hold {
        number: u64,
        form: FormKey,
        held: Option<Box<Held>>,
    },
    Remember(Memory),
    RecallForm {
        form: FormKey,
        entity: Option<EntityId>,
    },
    RecallList(Topic),
    /// Answers when everything before it is on the disk, or cannot be.
    Flush(oneshot::Sender<()>),
}

/// The engine's end of the store.
pub(crate) struct Store {
    asks: mpsc::UnboundedSender<Ask>,
    told: mpsc::UnboundedReceiver<Input>,
}

impl Store {
    /// Opens the store below this directory.
    pub(crate) fn open(directory: PathBuf) -> Self {
        let (asks, asked) = mpsc::unbounded_channel();
        let (tell, told) = mpsc::unbounded_channel();
        tokio::spawn(Keeper::new(tell).run(directory, asked));
        Self { asks, told }
    }

    /// Queues; the answer, if there is one, comes as an input of the core.
    pub(crate) fn ask(&self, ask: Ask) {
        // The task ends only with this end.
        self.asks.send(ask).ok();
    }

    pub(crate) async fn next(&mut self) -> Input {
        match self.told.recv().await {
            Some(input) => input,
            None => std::future::pending().await,
        }
    }

    /// Waits until everything is on the disk, or cannot be.
    pub(crate) async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        self.ask(Ask::Flush(done));
        flushed.await.ok();
    }
}

/// The task: what waits to be written, newest state only.
struct Keeper {
    tell: mpsc::UnboundedSender<Input>,
    held: BTreeMap<FormKey, Option<Box<Held>>>,
    /// The number of the newest of them.
    number: u64,
    memories: Vec<Memory>,
    pictures: BTreeMap<FormKey, Box<FormView>>,
    pictures_due: Option<Instant>,
    /// Long lists that are being read, and up to which row.
    recalling: VecDeque<(Topic, RecordId)>,
    /// Until when the disk is left alone after a failure.
    pause: Option<Instant>,
}

impl Keeper {
    fn new(tell: mpsc::UnboundedSender<Input>) -> Self {
        Self {
            tell,
            held: BTreeMap::new(),
            number: 0,
            memories: Vec::new(),
            pictures: BTreeMap::new(),
            pictures_due: None,
            recalling: VecDeque::new(),
            pause: None,
        }
    }

    async fn run(mut self, directory: PathBuf, mut asked: mpsc::UnboundedReceiver<Ask>) {
        let mut database = match Database::open(&directory).await {
            Ok(database) => database,
            Err(error) => return self.without(error, asked).await,
        };
        loop {
            let wait = self.wait();
            let first = tokio::select! {
                ask = asked.recv() => match ask {
                    Some(ask) => Some(ask),
                    None => break,
                },
                () = sleep_until(wait) => None,
            };
            let mut next = first;
            while let Some(ask) = next {
                self.take(&mut database, ask).await;
                next = asked.try_recv().ok();
            }
            self.write(&mut database, false).await;
            self.recall_more(&mut database).await;
        }
        self.write(&mut database, true).await;
    }

    /// When something has to be done although nothing is asked.
    fn wait(&self) -> Option<Instant> {
        if !self.recalling.is_empty() {
            return Some(Instant::now());
        }
        let waits = !self.held.is_empty() || !self.memories.is_empty();
        match self.pause {
            Some(pause) => (waits || !self.pictures.is_empty()).then_some(pause),
            None if waits => Some(Instant::now()),
            None => self.pictures_due,
        }
    }

    async fn take(&mut self, database: &mut Database, ask: Ask) {
        match ask {
            Ask::Hold { number, form, held } => {
                self.number = number;
                self.held.insert(form, held);
            }
            Ask::Remember(Memory::Form(view)) => {
                self.pictures.insert(view.form, view);
                self.pictures_due.get_or_insert_with(|| Instant::now() + PICTURES);
            }
            Ask::Remember(memory) => self.memories.push(memory),
            Ask::Open(scope) => {
                self.write(database, true).await;
                let held = match database.open_scope(&scope).await {
                    Ok(()) => database.held().await,
                    Err(error) => Err(error),
                };
                match held {
                    Ok(held) => self.say(Input::Held(held)),
                    Err(error) => self.failed(&error),
                }
            }
            Ask::RecallForm { form, entity } => {
                self.write(database, true).await;
                let recalled = database.form(form, entity).await;
                let recalled = recalled.unwrap_or_else(|error| {
                    self.failed(&error);
                    RecalledForm::default()
                });
                self.say(Input::RecalledForm(form, recalled));
            }
            Ask::RecallList(topic) => {
                self.write(database, false).await;
                let list = database.list(topic).await.unwrap_or_else(|error| {
                    self.failed(&error);
                    None
                });
                let first = list.as_ref().map(|list| &list.snapshot);
                let last = match first {
                    Some(Snapshot::Records { rows, .. }) if rows.len() >= FIRST_ROWS as usize => rows.last(),
                    Some(_) | None => None,
                };
                let last = last.map(|row| row.id);
                self.say(Input::RecalledList(topic, list));
                self.recalling.extend(last.map(|last| (topic, last)));
            }
            Ask::Flush(done) => {
                self.pause = None;
                self.write(database, true).await;
                done.send(()).ok();
            }
        }
    }

    /// One more piece of a long list; whatever else is asked goes first.
    async fn recall_more(&mut self, database: &mut Database) {
        let Some((topic, last)) = self.recalling.pop_front() else {
            return;
        };
        match database.rows(topic, Some(last), MORE_ROWS).await {
            Ok(rows) => {
                let oldest = rows.last().map(|row| row.id);
                self.recalling.extend(oldest.map(|oldest| (topic, oldest)));
                if !rows.is_empty() {
                    self.say(Input::RecalledRows(topic, rows));
                }
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Writes what waits, in one transaction; pictures when they are due, or all of them.
    async fn write(&mut self, database: &mut Database, pictures: bool) {
        if self.pause.is_some_and(|pause| Instant::now() < pause) {
            return;
        }
        let due = pictures || self.pictures_due.is_some_and(|due| due <= Instant::now());
        let views = if due {
            std::mem::take(&mut self.pictures)
        } else {
            BTreeMap::new()
        };
        if due {
            self.pictures_due = None;
        }
        if self.held.is_empty() && self.memories.is_empty() && views.is_empty() {
            return;
        }
        match database.write(&self.held, &self.memories, &views).await {
            Ok(()) => {
                self.pause = None;
                self.memories.clear();
                if !self.held.is_empty() {
                    self.held.clear();
                    self.say(Input::Stored(self.number));
                }
            }
            Err(error) => {
                for (form, view) in views {
                    self.pictures.entry(form).or_insert(view);
                }
                self.pause = Some(Instant::now() + AGAIN);
                self.failed(&error);
            }
        }
    }

    /// Nothing can be kept: everything is answered as if nothing were remembered.
    async fn without(self, error: StoreError, mut asked: mpsc::UnboundedReceiver<Ask>) {
        self.failed(&error);
        while let Some(ask) = asked.recv().await {
            match ask {
                Ask::Open(_) => self.say(Input::Held(Vec::new())),
                Ask::RecallForm { form, .. } => self.say(Input::RecalledForm(form, RecalledForm::default())),
                Ask::RecallList(topic) => self.say(Input::RecalledList(topic, None)),
                Ask::Flush(done) => drop(done.send(())),
                Ask::Hold { .. } | Ask::Remember(_) => {}
            }
        }
    }

    fn failed(&self, error: &StoreError) {
        tracing::error!(%error, "the local store");
        self.say(Input::StoreFailed(error.to_string()));
    }

    fn say(&self, input: Input) {
        // The engine may have ended.
        self.tell.send(input).ok();
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
