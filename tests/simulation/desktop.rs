//! A desktop of the simulation: the engine's real mind, a simulated line, and a person who does one
//! thing after another at random.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_client::core::{Call, Core, Effect, Input};
use baton_client::settings::Settings;
use baton_protocol::desktop::{self, CommandForm, EngineCall, FormUpdate, TopicUpdate, UiEvent};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::form::Notice;
use baton_protocol::form::{FormCommand, FormSnapshot, Role};
use baton_protocol::id::{EntityId, FormKey, OpId, RecordId, Version};
use baton_protocol::message::{Answer, Event, Request, Snapshot, ToClient, ToServer};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::time::Instant;

use crate::memory::Disk;
use crate::network::{Line, LineEvent};
use crate::oracle::{Oracle, SharedOracle};

/// What a desktop is told and what it shows: shared with the world, which looks at it.
#[derive(Default, Debug)]
pub(crate) struct Screen {
    pub(crate) forms: BTreeMap<FormKey, OpenForm>,
    pub(crate) rows: Option<BTreeMap<RecordId, Version>>,
    pub(crate) session: Option<String>,
    pub(crate) disk: Disk,
    /// What was typed, by form.
    pub(crate) typed: BTreeMap<FormKey, BTreeSet<String>>,
    /// What of it was handed back to its author.
    pub(crate) branch: BTreeMap<FormKey, String>,
    /// It was told to stop acting and to open everything.
    pub(crate) settle: bool,
    /// The program was quit, and whether the server heard its goodbye.
    pub(crate) quit: bool,
    pub(crate) goodbye: bool,
}

#[derive(Default, Debug)]
pub(crate) struct OpenForm {
    pub(crate) view: Option<FormSnapshot>,
    pub(super) waiting: usize,
    /// The picture changed.
    pub(super) fresh: bool,
    /// It could not be opened.
    pub(super) refused: bool,
    pub(super) changes: u64,
    pub(super) generation: u64,
}

pub(crate) type SharedScreen = Arc<Mutex<Screen>>;

/// Who sits at a desktop, and what there is to edit.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) token: String,
    pub(crate) admin: bool,
    pub(crate) forms: Vec<FormKey>,
    pub(crate) entity: EntityId,
    pub(crate) seed: u64,
}

pub(crate) struct Desktop {
    pub(super) person: Person,
    pub(super) core: Core,
    pub(super) line: Line,
    pub(super) began: Instant,
    pub(super) rng: StdRng,
    pub(super) screen: SharedScreen,
    pub(super) oracle: SharedOracle,
    /// What was typed and has not been sent, in order, with the token that it adds.
    pub(super) unsent: BTreeMap<FormKey, VecDeque<(Change, Option<String>)>>,
    /// What was typed in each operation.
    pub(super) operations: BTreeMap<OpId, Vec<String>>,
    /// The operation that each request carries.
    pub(super) requests: BTreeMap<u64, (FormKey, OpId)>,
    /// A request that was sent once and may come again, late.
    pub(super) old: Option<ToServer>,
    pub(super) tokens: u64,
}

impl Desktop {
    pub(crate) fn new(person: Person, starts: u64, screen: SharedScreen, oracle: SharedOracle) -> Self {
        let seed = person.seed.wrapping_mul(31).wrapping_add(starts);
        let account = {
            let mut screen = screen.lock().unwrap_or_else(PoisonError::into_inner);
            // What is on the screen goes with the program; what is on the disk and what was typed stays.
            let before = std::mem::take(&mut *screen);
            screen.settle = before.settle;
            screen.disk = before.disk;
            screen.typed = before.typed;
            screen.disk.account.clone()
        };
        let kept = Settings {
            server: Some("server:7420".into()),
            account,
            token: Some(person.token.clone()),
            ..Settings::default()
        };
        Self {
            core: Core::new(kept, seed),
            person,
            line: Line::Closed,
            began: Instant::now(),
            rng: StdRng::seed_from_u64(seed),
            screen,
            oracle,
            unsent: BTreeMap::new(),
            operations: BTreeMap::new(),
            requests: BTreeMap::new(),
            old: None,
            tokens: starts * 1000,
        }
    }

    /// Until the world ends, the machine crashes, or the person quits.
    pub(crate) async fn run(mut self) {
        let effects = self.core.begin(self.began.elapsed());
        self.carry_out(effects).await;
        self.call(EngineCall::Start(desktop::Start {})).await;
        let mut next_act = Instant::now();
        loop {
            let deadline = self.core.next_deadline().map(|at| self.began + at);
            let input = tokio::select! {
                biased;
                event = self.line.next() => Some(match event {
                    LineEvent::Opened => Input::Connected,
                    LineEvent::Received(message) => {
                        self.hear(&message);
                        Input::Received(*message)
                    }
                    LineEvent::Closed(why) => Input::Disconnected { why },
                }),
                () = sleep_until(deadline) => Some(Input::Tick),
                () = tokio::time::sleep_until(next_act) => None,
            };
            match input {
                Some(input) => self.handle(input).await,
                None => {
                    next_act = Instant::now() + Duration::from_millis(self.rng.random_range(10..150));
                    self.act().await;
                }
            }
            if self.screen().quit {
                return;
            }
        }
    }

    async fn handle(&mut self, input: Input) {
        let effects = self.core.handle(self.began.elapsed(), input);
        self.carry_out(effects).await;
    }

    pub(super) async fn give(&mut self, form: FormKey, command: FormCommand) {
        self.call(CommandForm { form, command }).await;
    }

    pub(super) async fn call(&mut self, call: impl Into<Call>) {
        let (caller, window, call) = (0, 0, call.into());
        self.handle(Input::Call { caller, window, call }).await;
    }

    async fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut answers = Vec::new();
        for effect in effects {
            match effect {
                Effect::Connect(_) => self.line = Line::open(),
                Effect::Disconnect => self.line = Line::Closed,
                Effect::Send(request) => self.send(request).await,
                Effect::Emit(event) | Effect::EmitTo(_, event) => self.show(event),
                Effect::Goodbye(_) => {
                    let heard = self.line.close().await;
                    let mut screen = self.screen();
                    screen.quit = true;
                    screen.goodbye = heard;
                }
                Effect::SaveSettings(kept) => self.screen().disk.account = kept.account,
                Effect::Reply(..) | Effect::Check { .. } => {}
                store @ (Effect::OpenStore(_)
                | Effect::Persist { .. }
                | Effect::Cache(_)
                | Effect::LoadForm { .. }
                | Effect::LoadList(_)
                | Effect::ForgetCache(_)
                | Effect::LoadHistory { .. }
                | Effect::LoadPage { .. }) => {
                    let answer = self.screen().disk.take(store);
                    answers.extend(answer);
                }
            }
        }
        self.compare();
        for answer in answers {
            Box::pin(self.handle(answer)).await;
        }
    }

    /// Pictures that have just changed and have nothing of this person's own in them are everybody's.
    fn compare(&self) {
        let mut pictures = Vec::new();
        for (form, open) in &mut self.screen().forms {
            if let (true, Some(view)) = (std::mem::take(&mut open.fresh), &open.view)
                && open.waiting == 0
                && view.role() != Role::Owner
            {
                pictures.push((*form, view.rev.0, view.value("text").text().to_owned()));
            }
        }
        for (form, rev, text) in pictures {
            self.oracle().shown(self.person.name, form, rev, &text);
        }
    }

    /// Sends; now and then twice, and now and then something old once more, as retries and slow
    /// networks do.
    async fn send(&mut self, request: Request) {
        if let ToServer::Form {
            form,
            command: FormCommand::Change { op, changes, .. },
        } = &request.body
        {
            self.requests.insert(request.id, (*form, *op));
            if !self.operations.contains_key(op) {
                let typed = changes
                    .iter()
                    .flat_map(|change| self.tokens_of(*form, change))
                    .collect();
                self.operations.insert(*op, typed);
            }
        }
        tracing::debug!(who = self.person.name, id = request.id, body = ?request.body, "asks");
        self.line.send(&request).await;
        if self.rng.random_bool(0.05) {
            self.line.send(&request).await;
        }
        if let Some(body) = self.old.take_if(|_| self.rng.random_bool(0.1)) {
            self.line.send(&Request { id: 0, body }).await;
        }
        let keep = matches!(
            request.body,
            ToServer::Form {
                command: FormCommand::Change { .. },
                ..
            } | ToServer::Form {
                command: FormCommand::DiscardDraft { .. },
                ..
            } | ToServer::Form {
                command: FormCommand::RestoreDraft { .. },
                ..
            } | ToServer::Form {
                command: FormCommand::Save { .. },
                ..
            }
        );
        if keep && self.rng.random_bool(0.1) {
            self.old = Some(request.body);
        }
    }

    /// The tokens that a change adds: of one that was typed, or that the engine made when it merged.
    pub(super) fn tokens_of(&mut self, form: FormKey, change: &Change) -> Vec<String> {
        let unsent = self.unsent.entry(form).or_default();
        // Changes leave in the order in which they were typed; those in between were given up.
        if let Some(place) = unsent.iter().position(|(typed, _)| typed == change) {
            let typed = unsent.drain(..=place).next_back();
            return typed.and_then(|(_, token)| token).into_iter().collect();
        }
        let added = match &change.edit {
            Edit::Splice(splice) => splice.insert.clone(),
            Edit::Set(value) => value.text().to_owned(),
        };
        // Whole tokens, but turned: the smallest change may begin in the middle of one.
        let twice = added.repeat(2);
        let whole = twice.match_indices('<').filter_map(|(at, _)| {
            let rest = &twice[at..];
            Some(rest[..=rest.find('>')?].to_owned())
        });
        let typed = self.screen().typed.get(&form).cloned().unwrap_or_default();
        whole.filter(|token| typed.contains(token)).collect()
    }

    fn hear(&mut self, message: &ToClient) {
        tracing::debug!(who = self.person.name, ?message, "hears");
        match message {
            ToClient::Welcome { session, .. } => self.screen().session = Some(session.to_string()),
            ToClient::Answer { id, answer } => {
                if let (Some((form, op)), Answer::Accepted { .. }) = (self.requests.remove(id), answer) {
                    let typed = self.operations.get(&op).cloned().unwrap_or_default();
                    self.oracle().acknowledged(form, typed);
                }
            }
            ToClient::Refused { .. }
            | ToClient::Event { .. }
            | ToClient::Presence { .. }
            | ToClient::Form { .. }
            | ToClient::LiveChanged { .. }
            | ToClient::DraftsChanged
            | ToClient::NotificationsChanged
            | ToClient::FavouritesChanged
            | ToClient::RightsChanged { .. }
            | ToClient::Personal(_)
            | ToClient::Working
            | ToClient::Resync => {}
        }
    }

    /// What the UI would show.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others tell of nothing typed")]
    fn show(&mut self, event: UiEvent) {
        match event {
            UiEvent::Form {
                form,
                update,
                generation,
                ..
            } => {
                if let Some(open) = self.screen().forms.get_mut(&form) {
                    open.generation = generation;
                }
                self.show_form(form, update);
            }
            UiEvent::Topic { update, .. } => self.show_rows(update),
            UiEvent::Link(link) => tracing::debug!(who = self.person.name, ?link, "shows"),
            UiEvent::Toast(text) => self.oracle().claimed_unsaved(self.person.name, &text),
            other => tracing::trace!(?other, "nothing of it is shown here"),
        }
    }

    fn show_form(&self, form: FormKey, update: FormUpdate) {
        tracing::debug!(who = self.person.name, %form, ?update, "shows");
        let mut screen = self.screen();
        if let FormUpdate::PendingEdits { why, texts } = &update {
            self.oracle().claimed(self.person.name, form, why);
            let texts = texts.iter().filter(|kept| kept.field == "text");
            let kept = texts.map(|kept| kept.value.text()).collect();
            screen.branch.insert(form, kept);
        }
        // The page may be closed by now.
        let Some(open) = screen.forms.get_mut(&form) else {
            return;
        };
        match update {
            FormUpdate::Opened(view) => {
                open.view = Some(*view);
                open.fresh = true;
            }
            FormUpdate::Cached { view, .. } => {
                open.view = Some(*view);
                open.fresh = false;
            }
            FormUpdate::Notice(notice) => {
                if let Some(view) = &mut open.view {
                    view.apply(&notice)
                        .expect("G5: the engine let a notice through that does not follow");
                    open.fresh |= matches!(notice, Notice::Changed { .. } | Notice::Replaced { .. });
                }
            }
            FormUpdate::Unacknowledged { steps, .. } => open.waiting = steps,
            FormUpdate::PendingEdits { .. } => {}
            FormUpdate::Refused(_) => open.refused = open.view.is_none(),
            FormUpdate::Closed(_) => (open.view, open.refused) = (None, true),
        }
    }

    fn show_rows(&self, update: TopicUpdate) {
        let mut screen = self.screen();
        match update {
            TopicUpdate::Snapshot(Snapshot::Records { rows, .. })
            | TopicUpdate::Cached {
                snapshot: Snapshot::Records { rows, .. },
                ..
            } => {
                screen.rows = Some(rows.iter().map(|row| (row.id, row.version)).collect());
            }
            TopicUpdate::Event(Event::RecordCreated { row } | Event::RecordUpdated { row }) => {
                let rows = screen.rows.as_mut().expect("an event comes after a picture");
                let before = rows.insert(row.id, row.version).unwrap_or_default();
                assert_eq!(
                    row.version,
                    before.next(),
                    "G5: {} missed a save, or saw one twice",
                    self.person.name
                );
            }
            TopicUpdate::Event(Event::RecordRemoved { record }) => {
                let rows = screen.rows.as_mut().expect("an event comes after a picture");
                assert!(
                    rows.remove(&record).is_some(),
                    "G5: {} saw a record go twice",
                    self.person.name
                );
            }
            TopicUpdate::Event(Event::RecordRestored { row }) => {
                let rows = screen.rows.as_mut().expect("an event comes after a picture");
                let before = rows.insert(row.id, row.version);
                assert_eq!(before, None, "G5: {} saw a record come back twice", self.person.name);
            }
            TopicUpdate::Snapshot(
                Snapshot::Entities(_) | Snapshot::Bin { .. } | Snapshot::Drafts(_) | Snapshot::Live(_),
            )
            | TopicUpdate::Cached { .. }
            | TopicUpdate::Current
            | TopicUpdate::Event(
                Event::EntitySaved { .. }
                | Event::EntityPurged { .. }
                | Event::Redefined { .. }
                | Event::RecordsChanged { .. }
                | Event::RecordCount { .. }
                | Event::Renamed { .. }
                | Event::BinAdded(_)
                | Event::BinRemoved { .. },
            )
            | TopicUpdate::Presence(_)
            | TopicUpdate::AllPresence(_)
            | TopicUpdate::Live(_)
            | TopicUpdate::Refused(_) => {}
        }
    }

    pub(super) fn screen(&self) -> MutexGuard<'_, Screen> {
        self.screen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn oracle(&self) -> MutexGuard<'_, Oracle> {
        self.oracle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
