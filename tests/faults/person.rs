//! One person at a desktop: the real engine with its own store, and what a window would show of one form.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use baton_client::Handle;
use baton_client::core::Call;
use baton_client::settings::{Settings, SettingsFile};
use baton_protocol::desktop::{self, CommandForm, EngineCall, FormUpdate, Link, OutboxEntry, PendingEdit, UiEvent};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey};
use baton_tests::Proxy;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use tokio::runtime::Runtime;

/// The field that everybody types into.
pub(crate) const TEXT: &str = "description";

/// What the window shows.
#[derive(Default)]
pub(crate) struct Screen {
    base: Option<FormSnapshot>,
    /// What was typed and the engine did not take yet.
    pending: VecDeque<(u64, Change)>,
    generation: u64,
    pub(crate) remembered: bool,
    pub(crate) steps: usize,
    pub(crate) texts: Vec<PendingEdit>,
    pub(crate) live: bool,
    pub(crate) outbox: Vec<OutboxEntry>,
    /// What was typed, by the number of its change.
    typed: BTreeMap<u64, String>,
    /// What the person was told is kept or arrived.
    pub(crate) kept: BTreeSet<String>,
}

impl Screen {
    pub(crate) fn view(&self) -> Option<FormSnapshot> {
        let mut view = self.base.clone()?;
        for (_, change) in &self.pending {
            view.apply_own(change);
        }
        Some(view)
    }

    fn told(&mut self, event: UiEvent, form: FormKey) {
        match event {
            UiEvent::Link(link) => self.live = link == Link::Live,
            UiEvent::Outbox(outbox) => self.outbox = outbox,
            UiEvent::OutboxChanged { form, waits } => {
                self.outbox.retain(|waiting| waiting.form != form);
                self.outbox.extend(waits);
            }
            UiEvent::Form {
                form: told,
                seen,
                generation,
                update,
            } if told == form => {
                self.generation = generation;
                self.pending.retain(|(number, change)| {
                    let taken = *number <= seen;
                    if taken && let Some(base) = &mut self.base {
                        base.apply_own(change);
                    }
                    !taken
                });
                self.form_told(seen, update);
            }
            UiEvent::Form { .. }
            | UiEvent::Account { .. }
            | UiEvent::Topic { .. }
            | UiEvent::Toast(_)
            | UiEvent::Personal(_)
            | UiEvent::SignInOptions(_)
            | UiEvent::Alert(_)
            | UiEvent::Invitation(_)
            | UiEvent::NotificationsChanged
            | UiEvent::FavouritesChanged
            | UiEvent::Navigate(_)
            | UiEvent::Update(_)
            | UiEvent::Closing
            | UiEvent::CloseAsked { .. } => {}
        }
    }

    fn form_told(&mut self, seen: u64, update: FormUpdate) {
        match update {
            FormUpdate::Opened(view) => {
                self.base = Some(*view);
                self.remembered = false;
            }
            FormUpdate::Cached { view, .. } => {
                self.base = Some(*view);
                self.remembered = true;
            }
            FormUpdate::Notice(notice) => {
                if let Some(base) = &mut self.base {
                    base.apply(&notice).ok();
                }
            }
            FormUpdate::Unacknowledged { steps, kept } => {
                self.steps = steps;
                if kept {
                    let safe = self.typed.range(..=seen).map(|(_, token)| token.clone());
                    self.kept.extend(safe);
                }
            }
            FormUpdate::PendingEdits { texts, .. } => self.texts = texts,
            FormUpdate::Refused(_) | FormUpdate::Closed(_) => {}
        }
    }
}

/// A person.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    directory: PathBuf,
    pub(crate) proxy: Proxy,
    form: FormKey,
    entity: EntityId,
    program: Option<(Runtime, Handle)>,
    screen: Arc<Mutex<Screen>>,
    number: u64,
    tokens: u64,
}

impl Drop for Person {
    fn drop(&mut self) {
        // A program may not be waited for where others run.
        self.kill();
    }
}

impl Person {
    pub(crate) async fn new(
        name: &'static str,
        kept: &Settings,
        directory: &Path,
        target: &str,
        form: FormKey,
        entity: EntityId,
    ) -> anyhow::Result<Self> {
        let proxy = Proxy::start(target.into()).await?;
        let directory = directory.join(name);
        let kept = Settings {
            server: Some(proxy.address()),
            ..kept.clone()
        };
        SettingsFile::new(&directory).write(&kept)?;
        let mut person = Self {
            name,
            directory,
            proxy,
            form,
            entity,
            program: None,
            screen: Arc::default(),
            number: 0,
            tokens: 0,
        };
        person.start().await?;
        Ok(person)
    }

    pub(crate) fn screen(&self) -> MutexGuard<'_, Screen> {
        self.screen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the program if it does not run, and opens the form.
    pub(crate) async fn start(&mut self) -> anyhow::Result<()> {
        if self.program.is_some() {
            return Ok(());
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let kept = std::mem::take(&mut self.screen().kept);
        let screen = Arc::new(Mutex::new(Screen {
            kept,
            ..Screen::default()
        }));
        self.screen = Arc::clone(&screen);
        self.number = 0;
        let handle = {
            let _inside = runtime.enter();
            let (handle, mut events) = baton_client::start(baton_client::Config::in_directory(self.directory.clone()));
            let form = self.form;
            runtime.spawn(async move {
                while let Some((_, event)) = events.recv().await {
                    screen.lock().unwrap_or_else(PoisonError::into_inner).told(event, form);
                }
            });
            handle
        };
        self.program = Some((runtime, handle));
        self.call(EngineCall::Start(desktop::Start {})).await;
        self.open().await;
        Ok(())
    }

    pub(crate) async fn open(&mut self) {
        let (form, entity) = (self.form, Some(self.entity));
        self.call(EngineCall::OpenForm(desktop::OpenForm { form, entity }))
            .await;
    }

    /// Kills the program where it stands: nothing is said to the server or to the disk.
    pub(crate) fn kill(&mut self) {
        if let Some((runtime, _)) = self.program.take() {
            runtime.shutdown_background();
        }
    }

    async fn give(&self, form: FormKey, command: FormCommand) {
        self.call(CommandForm { form, command }).await;
    }

    async fn call(&self, call: impl Into<Call>) {
        if let Some((_, handle)) = &self.program {
            handle.call(0, call).await.ok();
        }
    }

    /// Types a token somewhere between those that are there.
    pub(crate) async fn type_token(&mut self, rng: &mut StdRng) -> bool {
        let Some(view) = self.screen().view().filter(FormSnapshot::can_edit) else {
            return false;
        };
        self.tokens += 1;
        let token = format!("<{}{}>", self.name, self.tokens);
        let text = view.value(TEXT).text().to_owned();
        let mut places: Vec<usize> = text.match_indices('>').map(|(at, _)| at + 1).collect();
        places.push(0);
        let at = places.choose(rng).copied().unwrap_or_default();
        let new = format!("{}{token}{}", &text[..at], &text[at..]);
        let Some(field) = view.field(TEXT) else {
            return false;
        };
        let Some(edit) = Edit::between(&field, view.value(TEXT), &Value::from_text(new)) else {
            return false;
        };
        self.change(TEXT, edit, Some(token)).await;
        true
    }

    async fn change(&mut self, field: &str, edit: Edit, token: Option<String>) {
        self.number += 1;
        let number = self.number;
        let change = Change {
            field: field.into(),
            edit,
        };
        let generation = {
            let mut screen = self.screen();
            screen.pending.push_back((number, change.clone()));
            screen.typed.extend(token.map(|token| (number, token)));
            screen.generation
        };
        let form = self.form;
        self.call(EngineCall::ChangeForm(desktop::ChangeForm {
            form,
            number,
            generation,
            change,
        }))
        .await;
    }

    /// Gives the record a title if it has none, and saves.
    pub(crate) async fn save(&mut self, rng: &mut StdRng) {
        let Some(view) = self.screen().view().filter(FormSnapshot::can_edit) else {
            return;
        };
        if view.title().is_empty() {
            let title = format!("Title {}", rng.random::<u32>());
            self.change("title", Edit::Set(Value::from_text(title)), None).await;
        }
        let form = self.form;
        self.give(form, FormCommand::save()).await;
    }
}
