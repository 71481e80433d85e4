//! The local store's task: it writes what the core holds as soon as the disk takes it, the newest state
//! of a form at a time, and reads what is remembered. The engine never waits for the disk.

mod cipher;
mod database;
mod error;
mod pages;
mod stems;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use baton_protocol::form::FormSnapshot;
use baton_protocol::id::{EntityId, FormKey};
use baton_protocol::message::{GetPage, Topic};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::core::{CacheWrite, CachedList, Caller, Input, LoadedForm, PendingForm, Scope};
use crate::keychain::StoreKey;
pub use database::Database;
pub use error::StoreError;

/// How long the picture of a form may wait to be written: it changes with every keystroke, and is no
/// loss.
const PICTURES: Duration = Duration::from_secs(10);
/// How long after a failure the disk is tried again.
const RETRY_DELAY: Duration = Duration::from_millis(500);

/// The store's file below a data directory.
#[must_use]
pub fn file(directory: &Path) -> PathBuf {
    directory.join("local.db")
}

/// What the store is asked for.
pub(crate) enum StoreCommand {
    Open(Scope),
    Persist {
        number: u64,
        form: FormKey,
        pending: Option<Box<PendingForm>>,
    },
    Cache(CacheWrite),
    LoadForm {
        form: FormKey,
        entity: Option<EntityId>,
    },
    LoadList(Topic),
    ForgetCache(Scope),
    LoadHistory {
        caller: Caller,
        form: FormKey,
    },
    LoadPage {
        caller: Caller,
        page: Box<GetPage>,
    },
    /// Answers when everything before it is on the disk, or cannot be.
    Flush(oneshot::Sender<()>),
}

/// The engine's end of the store.
pub(crate) struct Store {
    commands: mpsc::UnboundedSender<StoreCommand>,
    inputs: mpsc::UnboundedReceiver<Input>,
}

impl Store {
    /// Opens the store below this directory. What was seen is forgotten when it is older than `max_age`.
    pub(crate) fn open(directory: PathBuf, key: StoreKey, max_age: Option<Duration>) -> Self {
        let (commands, received) = mpsc::unbounded_channel();
        let (answers, inputs) = mpsc::unbounded_channel();
        tokio::spawn(StoreTask::new(answers).run(directory, key, max_age, received));
        Self { commands, inputs }
    }

    /// Queues; the answer, if there is one, comes as an input of the core.
    pub(crate) fn send(&self, command: StoreCommand) {
        // The task ends only with this end.
        self.commands.send(command).ok();
    }

    pub(crate) async fn next(&mut self) -> Input {
        match self.inputs.recv().await {
            Some(input) => input,
            None => std::future::pending().await,
        }
    }

    /// Waits until everything is on the disk, or cannot be.
    pub(crate) async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        self.send(StoreCommand::Flush(done));
        flushed.await.ok();
    }
}

/// What is held of forms, newest state only.
type UnwrittenForms = BTreeMap<FormKey, Option<Box<PendingForm>>>;

/// The task: what waits to be written.
struct StoreTask {
    answers: mpsc::UnboundedSender<Input>,
    /// Whose things are asked for and remembered now.
    scope: Option<Scope>,
    /// Whether what was held of it was told; until then it is tried again.
    opened: bool,
    /// What waits, by whose it is: it is never written as somebody else's.
    unwritten: Vec<(Scope, UnwrittenForms)>,
    /// The number of the newest of them.
    number: u64,
    memories: Vec<CacheWrite>,
    /// Lists that lack something: they are forgotten before anything else is remembered.
    broken: BTreeSet<Topic>,
    pictures: BTreeMap<FormKey, Box<FormSnapshot>>,
    pictures_due: Option<Instant>,
    /// When the disk is tried again after a failure.
    again: Option<Instant>,
}

impl StoreTask {
    fn new(answers: mpsc::UnboundedSender<Input>) -> Self {
        Self {
            answers,
            scope: None,
            opened: true,
            unwritten: Vec::new(),
            number: 0,
            memories: Vec::new(),
            broken: BTreeSet::new(),
            pictures: BTreeMap::new(),
            pictures_due: None,
            again: None,
        }
    }

    async fn run(
        mut self,
        directory: PathBuf,
        key: StoreKey,
        max_age: Option<Duration>,
        mut commands: mpsc::UnboundedReceiver<StoreCommand>,
    ) {
        let database = match Database::open(&directory, &key).await {
            Ok(database) => database,
            Err(error) => return self.without(&error.to_string(), commands).await,
        };
        if let Some(max_age) = max_age {
            database.forget_older_than(max_age).await.inspect_err(forgotten).ok();
        }
        loop {
            let wait = self.wait();
            let mut next = tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => Some(command),
                    None => break,
                },
                () = sleep_until(wait) => None,
            };
            while let Some(command) = next {
                self.take(&database, command).await;
                next = commands.try_recv().ok();
            }
            if self.again.is_none_or(|again| again <= Instant::now()) {
                self.again = None;
                self.catch_up(&database).await;
            }
        }
        self.write_pending(&database).await;
        self.write_cache(&database).await;
    }

    /// When something has to be done although nothing is asked.
    fn wait(&self) -> Option<Instant> {
        let waits = !self.unwritten.is_empty() || !self.memories.is_empty() || !self.opened;
        match self.again {
            Some(again) if waits || self.pictures_due.is_some() => Some(again),
            Some(_) => None,
            None if waits => Some(Instant::now()),
            None => self.pictures_due,
        }
    }

    async fn take(&mut self, database: &Database, command: StoreCommand) {
        match command {
            StoreCommand::Persist { number, form, pending } => self.persist(number, form, pending),
            StoreCommand::Cache(CacheWrite::Form(view)) => {
                self.pictures.insert(view.form, view);
                self.pictures_due.get_or_insert_with(|| Instant::now() + PICTURES);
            }
            StoreCommand::Cache(memory) => self.memories.push(memory),
            StoreCommand::Open(scope) => {
                self.write_pending(database).await;
                self.write_cache(database).await;
                self.broken.clear();
                self.scope = Some(scope);
                self.opened = false;
                // Before anything that is asked for next, and before anything new is held in its place.
                self.open(database).await;
            }
            StoreCommand::LoadForm { form, entity } => {
                self.write_cache(database).await;
                let recalled = match &self.scope {
                    Some(scope) => database.form(scope, form, entity).await,
                    None => Ok(LoadedForm::default()),
                };
                let recalled = recalled.unwrap_or_else(|error| {
                    forgotten(&error);
                    LoadedForm::default()
                });
                self.say(Input::LoadedForm(self.scope.clone(), form, recalled));
            }
            StoreCommand::LoadList(topic) => {
                self.write_cache(database).await;
                let list = self.list(database, topic).await;
                self.say(Input::LoadedList(self.scope.clone(), topic, list));
            }
            StoreCommand::ForgetCache(scope) => {
                self.write_pending(database).await;
                self.memories.clear();
                self.pictures.clear();
                if let Err(error) = database.forget(&scope).await {
                    tracing::error!(%error, "what is remembered could not be forgotten");
                }
            }
            StoreCommand::LoadHistory { caller, form } => {
                self.write_cache(database).await;
                let found = match &self.scope {
                    Some(scope) => database.history(scope, form).await,
                    None => Ok(None),
                };
                let found = found.inspect_err(forgotten).ok().flatten();
                self.say(Input::LoadedHistory(self.scope.clone(), caller, found));
            }
            StoreCommand::LoadPage { caller, page } => {
                self.write_cache(database).await;
                let found = match self
                    .scope
                    .as_ref()
                    .filter(|_| !self.broken.contains(&Topic::Records(page.entity)))
                {
                    Some(scope) => pages::page(database, scope, &page).await,
                    None => Ok(None),
                };
                let found = found.inspect_err(forgotten).ok().flatten();
                self.say(Input::LoadedPage(self.scope.clone(), caller, found));
            }
            StoreCommand::Flush(done) => {
                self.catch_up(database).await;
                self.write_cache(database).await;
                done.send(()).ok();
            }
        }
    }

    fn persist(&mut self, number: u64, form: FormKey, pending: Option<Box<PendingForm>>) {
        self.number = number;
        let Some(scope) = &self.scope else {
            return;
        };
        match self.unwritten.iter_mut().find(|(whose, _)| whose == scope) {
            Some((_, forms)) => drop(forms.insert(form, pending)),
            None => self
                .unwritten
                .push((scope.clone(), UnwrittenForms::from([(form, pending)]))),
        }
    }

    async fn list(&self, database: &Database, topic: Topic) -> Option<CachedList> {
        let scope = self.scope.as_ref().filter(|_| !self.broken.contains(&topic))?;
        let list = database.list(scope, topic).await;
        list.inspect_err(forgotten).ok().flatten()
    }

    /// Does what is due: held first, which alone must not be lost.
    async fn catch_up(&mut self, database: &Database) {
        if !self.write_pending(database).await {
            return;
        }
        let due = self.pictures_due.is_some_and(|due| due <= Instant::now());
        if due || !self.memories.is_empty() {
            self.write_cache(database).await;
        }
    }

    /// Tells what is held already.
    async fn open(&mut self, database: &Database) {
        if let (Some(scope), false) = (&self.scope, self.opened) {
            match database.pending_forms(scope).await {
                Ok(mut loaded) => {
                    // What could not be written yet is newer.
                    let waiting = self.unwritten.iter().filter(|(whose, _)| whose == scope);
                    for (form, newer) in waiting.flat_map(|(_, forms)| forms) {
                        loaded.retain(|pending| pending.form != *form);
                        loaded.extend(newer.as_deref().cloned());
                    }
                    self.opened = true;
                    self.say(Input::LoadedPending(Some(scope.clone()), loaded));
                }
                Err(error) => self.failed(&error),
            }
        }
    }

    /// Whether nothing that is held waits any more. What is held already must be known before something
    /// else takes its place.
    async fn write_pending(&mut self, database: &Database) -> bool {
        self.open(database).await;
        if !self.opened {
            return false;
        }
        if self.unwritten.is_empty() {
            return true;
        }
        match database.persist(&self.unwritten).await {
            Ok(()) => {
                self.unwritten.clear();
                self.say(Input::Stored(self.number));
                true
            }
            Err(error) => {
                self.failed(&error);
                false
            }
        }
    }

    /// What cannot be remembered is forgotten; a list that lacks something is forgotten wholly.
    async fn write_cache(&mut self, database: &Database) {
        self.pictures_due = None;
        let views = std::mem::take(&mut self.pictures);
        let memories = std::mem::take(&mut self.memories);
        let Some(scope) = &self.scope else {
            return;
        };
        if views.is_empty() && memories.is_empty() {
            return;
        }
        match database.remember(scope, &self.broken, &memories, &views).await {
            Ok(()) => self.broken.clear(),
            Err(error) => {
                forgotten(&error);
                self.broken.extend(memories.iter().filter_map(CacheWrite::topic));
            }
        }
    }

    /// Nothing can be kept: everything is answered as if nothing were remembered.
    async fn without(mut self, why: &str, mut commands: mpsc::UnboundedReceiver<StoreCommand>) {
        tracing::error!(why, "the local store cannot be opened");
        self.say(Input::StoreFailed(why.to_owned()));
        while let Some(command) = commands.recv().await {
            let scope = self.scope.clone();
            match command {
                StoreCommand::Open(scope) => {
                    self.scope = Some(scope.clone());
                    self.say(Input::LoadedPending(Some(scope), Vec::new()));
                }
                StoreCommand::LoadForm { form, .. } => self.say(Input::LoadedForm(scope, form, LoadedForm::default())),
                StoreCommand::LoadList(topic) => self.say(Input::LoadedList(scope, topic, None)),
                StoreCommand::LoadPage { caller, .. } => self.say(Input::LoadedPage(scope, caller, None)),
                StoreCommand::LoadHistory { caller, .. } => self.say(Input::LoadedHistory(scope, caller, None)),
                StoreCommand::Flush(done) => drop(done.send(())),
                StoreCommand::Persist { .. } | StoreCommand::Cache(_) | StoreCommand::ForgetCache(_) => {}
            }
        }
    }

    /// What is held is not on the disk; it is tried again soon.
    fn failed(&mut self, error: &StoreError) {
        tracing::error!(%error, "the local store");
        self.again = Some(Instant::now() + RETRY_DELAY);
        self.say(Input::StoreFailed(error.to_string()));
    }

    fn say(&self, input: Input) {
        // The engine may have ended.
        self.answers.send(input).ok();
    }
}

/// What is only remembered may be lost.
fn forgotten(error: &StoreError) {
    tracing::warn!(%error, "something is not remembered");
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod sealed;
#[cfg(test)]
mod tests;
