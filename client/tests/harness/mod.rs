//! A core, a clock that is moved by hand, and a server that says what the test wants.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baton_client::core::{
    CacheWrite, CachedForm, CachedRow, Call, Core, Effect, Input, LoadedForm, Now, PendingForm, Reply, Scope,
};
use baton_client::settings::Settings;
use baton_protocol::desktop::{self, CommandForm, EngineCall, FormUpdate, OutboxEntry, UiEvent};
use baton_protocol::draft::{Change, Draft, DraftField, Edit, Splice};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::FormSnapshot;
use baton_protocol::form::{EditorSummary, FormCommand, Notice, QueueChange};
use baton_protocol::id::{EntityId, Fence, FormKey, OpId, RecordId, Rev, SessionId, Ticket, UserId, Version};
use baton_protocol::message::{Answer, Code, Problem, Request, ToClient, ToServer};
use baton_protocol::person::{Account, Person, SignInLifetime, UserRole};
use baton_protocol::rights::Rights;
use baton_protocol::time::Timestamp;
use baton_protocol::values::Values;
use uuid::Uuid;

/// A core, a clock that is moved by hand, and what it did.
pub(crate) struct Harness {
    pub(crate) core: Core,
    pub(crate) now: Now,
    pub(crate) sent: Vec<Request>,
    pub(crate) told: Vec<UiEvent>,
    /// What the second window was told.
    pub(crate) told_second: Vec<UiEvent>,
    pub(crate) replies: Vec<Result<Reply, Problem>>,
    pub(crate) connects: usize,
    pub(crate) disk: Disk,
}

/// How long a sign-in lasts: a day without being used, and a month in all.
pub(crate) const SPAN: SignInLifetime = SignInLifetime {
    left_s: 30 * 86_400,
    idle_s: 86_400,
};

/// What the harness's disk has.
#[derive(Default)]
pub(crate) struct Disk {
    pub(crate) held: BTreeMap<FormKey, PendingForm>,
    pub(crate) forms: BTreeMap<FormKey, FormSnapshot>,
    pub(crate) kept: Option<Settings>,
    pub(crate) scope: Option<Scope>,
    /// Whether it does not say that it has something.
    pub(crate) slow: bool,
    /// What a list has of the form.
    pub(crate) listed: Option<Box<CachedRow>>,
}

pub(crate) fn form() -> FormKey {
    FormKey::record(RecordId(Uuid::from_u128(7)))
}

pub(crate) fn person(name: &str) -> Person {
    Person {
        id: UserId(Uuid::from_u128(u128::from(name.as_bytes()[0]))),
        name: name.into(),
    }
}

pub(crate) fn editor(ticket: u64, name: &str) -> EditorSummary {
    EditorSummary {
        ticket: Ticket(ticket),
        person: person(name),
        field: None,
        reserved_ms: None,
    }
}

/// The notice that these are the editors now.
pub(crate) fn queue_is(editors: Vec<EditorSummary>, fence: u64) -> Notice {
    Notice::Editors {
        change: QueueChange::Whole(editors),
        fence: Fence(fence),
        draft_since: None,
        changed_at: BTreeMap::new(),
    }
}

/// The form as the server answers it to Anna, whose ticket is 1.
pub(crate) fn view(text: &str, rev: u64, editors: Vec<EditorSummary>) -> FormSnapshot {
    let entity = Entity::new(
        EntityId(Uuid::nil()),
        "thing",
        "Thing",
        "Things",
        vec![Field::new("note", "Note", FieldType::Textarea)],
    );
    FormSnapshot {
        version: Version(1),
        values: Values::from([("note".into(), Value::from_text(text))]),
        rev: Rev(rev),
        fence: Fence(1),
        editors,
        me: Some(Ticket(1)),
        ..FormSnapshot::blank(form(), Arc::new(entity))
    }
}

pub(crate) fn append(text: &str, at: usize) -> Change {
    let splice = Splice {
        at,
        delete: 0,
        insert: text.into(),
    };
    Change {
        field: "note".into(),
        edit: Edit::Splice(splice),
    }
}

impl Harness {
    /// Signed in as Anna, and connected.
    pub(crate) fn signed_in() -> Self {
        let kept = Settings {
            server: Some("127.0.0.1:7420".into()),
            token: Some("token".into()),
            ..Settings::default()
        };
        let mut harness = Self::begin(Core::new(kept, 1));
        harness.connect();
        harness
    }

    /// Started with a sign-in, greeted, and waiting for its answer.
    pub(crate) fn started_with(sign_in: desktop::SignIn) -> Self {
        let kept = Settings {
            server: Some("127.0.0.1:7420".into()),
            ..Settings::default()
        };
        let mut harness = Self::begin(Core::new(kept, 1).with_sign_in(Some(sign_in)));
        harness.greet();
        harness
    }

    fn begin(core: Core) -> Self {
        Self::begin_with(core, Disk::default())
    }

    pub(crate) fn begin_with(core: Core, disk: Disk) -> Self {
        let mut harness = Self {
            core,
            now: Duration::ZERO,
            sent: Vec::new(),
            told: Vec::new(),
            told_second: Vec::new(),
            replies: Vec::new(),
            connects: 0,
            disk,
        };
        let effects = harness.core.begin(harness.now);
        harness.note(effects);
        harness
    }

    pub(crate) fn connect(&mut self) {
        self.greet();
        assert!(matches!(
            self.sent.last().expect("a request").body,
            ToServer::UseToken { .. }
        ));
        self.signed_in_as("Anna", None);
    }

    /// The server says whom it knows, in answer to what was sent last.
    pub(crate) fn signed_in_as(&mut self, name: &str, token: Option<&str>) {
        self.signed_in_by(name, UserRole::Editor, token);
    }

    /// The same person, with this role.
    pub(crate) fn signed_in_with(&mut self, role: UserRole) {
        self.cut();
        self.wait();
        self.greet();
        self.signed_in_by("Anna", role, None);
    }

    fn signed_in_by(&mut self, name: &str, role: UserRole, token: Option<&str>) {
        let email = format!("{}@example.test", name.to_lowercase());
        self.answer(Answer::SignedIn {
            account: Account::new(person(name), email, role),
            rights: Rights::of_role(role),
            token: token.map(|token| token.to_owned().into()),
            lasts: SPAN,
        });
    }

    pub(crate) fn greet(&mut self) {
        self.input(Input::Connected);
        let resume = match &self.sent.last().expect("a greeting").body {
            ToServer::Hello { resume, .. } => *resume,
            other => panic!("{other:?} is no greeting"),
        };
        let session = resume.unwrap_or(SessionId(Uuid::from_u128(99)));
        self.input(Input::Received(ToClient::Welcome {
            protocol: 1,
            server: "test".into(),
            session,
            heartbeat_ms: 1000,
            silence_ms: 5000,
            sign_in: Default::default(),
        }));
    }

    pub(crate) fn open(&mut self, view: FormSnapshot) {
        self.call(EngineCall::OpenForm(desktop::OpenForm {
            form: form(),
            entity: None,
        }));
        self.answer_join(view);
    }

    pub(crate) fn answer_join(&mut self, view: FormSnapshot) {
        let id = self.request(|body| matches!(body, ToServer::Join { .. })).id;
        self.input(Input::Received(ToClient::Answer {
            id,
            answer: Answer::Joined(Box::new(view)),
        }));
    }

    pub(crate) fn input(&mut self, input: Input) {
        let effects = self.core.handle(self.now, input);
        self.note(effects);
    }

    pub(crate) fn note(&mut self, effects: Vec<Effect>) {
        let mut answers = Vec::new();
        for effect in effects {
            match effect {
                Effect::OpenStore(scope) => {
                    self.disk.scope = Some(scope);
                    let held = self.disk.held.values().cloned().collect();
                    answers.push(Input::LoadedPending(self.disk.scope.clone(), held));
                }
                Effect::Persist { number, form, pending } => {
                    match pending {
                        Some(pending) => self.disk.held.insert(form, *pending),
                        None => self.disk.held.remove(&form),
                    };
                    if !self.disk.slow {
                        answers.push(Input::Stored(number));
                    }
                }
                Effect::Cache(CacheWrite::Form(view)) => drop(self.disk.forms.insert(view.form, *view)),
                Effect::Cache(_) => {}
                Effect::LoadForm { form, .. } => {
                    let seen = self.disk.forms.get(&form).cloned();
                    let seen = seen.map(|view| Box::new(CachedForm { at: Timestamp(1), view }));
                    let recalled = LoadedForm {
                        listed: self.disk.listed.clone().filter(|_| seen.is_none()),
                        entity: Some(view("", 0, Vec::new()).entity),
                        seen,
                    };
                    answers.push(Input::LoadedForm(self.disk.scope.clone(), form, recalled));
                }
                Effect::LoadList(topic) => answers.push(Input::LoadedList(self.disk.scope.clone(), topic, None)),
                Effect::Send(request) => self.sent.push(request),
                Effect::Emit(event) | Effect::EmitTo(0, event) => self.told.push(event),
                Effect::EmitTo(_, event) => self.told_second.push(event),
                Effect::Reply(_, reply) => self.replies.push(reply),
                Effect::Connect(_) => self.connects += 1,
                Effect::Goodbye(_) => self.replies.push(Ok(Reply::Done)),
                Effect::SaveSettings(kept) => self.disk.kept = Some(kept),
                Effect::LoadPage { caller, .. } => {
                    answers.push(Input::LoadedPage(self.disk.scope.clone(), caller, None));
                }
                Effect::LoadHistory { caller, .. } => {
                    answers.push(Input::LoadedHistory(self.disk.scope.clone(), caller, None));
                }
                Effect::ForgetCache(_) => self.disk.forms.clear(),
                Effect::Disconnect | Effect::Check { .. } => {}
            }
        }
        for answer in answers {
            self.input(answer);
        }
    }

    /// The program is killed and started again: only what is on the disk is left.
    pub(crate) fn killed_and_started_again(self) -> Self {
        let kept = self.disk.kept.clone().expect("it was signed in once");
        Self::begin_with(Core::new(kept, 2), self.disk)
    }

    pub(crate) fn call(&mut self, call: impl Into<Call>) {
        self.call_in(0, call);
    }

    pub(crate) fn give(&mut self, form: FormKey, command: FormCommand) {
        self.call(CommandForm { form, command });
    }

    pub(crate) fn call_in(&mut self, window: u32, call: impl Into<Call>) {
        self.input(Input::Call {
            caller: 1,
            window,
            call: call.into(),
        });
    }

    pub(crate) fn answer(&mut self, answer: Answer) {
        let id = self.sent.last().expect("a request").id;
        self.input(Input::Received(ToClient::Answer { id, answer }));
    }

    pub(crate) fn type_text(&mut self, number: u64, text: &str, at: usize) {
        let generation = self.generation();
        self.type_into(generation, number, text, at);
    }

    /// The number of the picture that the UI was shown last.
    pub(crate) fn generation(&self) -> u64 {
        let of = |event: &UiEvent| match event {
            UiEvent::Form { generation, .. } => Some(*generation),
            _ => None,
        };
        self.told.iter().rev().find_map(of).unwrap_or_default()
    }

    pub(crate) fn type_into(&mut self, generation: u64, number: u64, text: &str, at: usize) {
        let change = append(text, at);
        self.call(EngineCall::ChangeForm(desktop::ChangeForm {
            form: form(),
            number,
            generation,
            change,
        }));
    }

    /// The last request of this kind.
    pub(crate) fn request(&self, wanted: impl Fn(&ToServer) -> bool) -> Request {
        let found = self.sent.iter().rev().find(|request| wanted(&request.body));
        found.expect("it was sent").clone()
    }

    /// The last request that was sent with a command like this.
    pub(crate) fn form_request(&self, wanted: impl Fn(&FormCommand) -> bool) -> Request {
        self.request(|body| matches!(body, ToServer::Form { command, .. } if wanted(command)))
    }

    /// Whether a command like this was sent.
    pub(crate) fn sent_command(&self, wanted: impl Fn(&FormCommand) -> bool) -> bool {
        let is_wanted = |request: &Request| matches!(&request.body, ToServer::Form { command, .. } if wanted(command));
        self.sent.iter().any(is_wanted)
    }

    /// Every change that was sent: its request, its operation and its text.
    pub(crate) fn changes(&self) -> Vec<(u64, OpId, String)> {
        let of = |request: &Request| match &request.body {
            ToServer::Form {
                command: FormCommand::Change { op, changes, .. },
                ..
            } => {
                let text = changes
                    .iter()
                    .map(|change| match &change.edit {
                        Edit::Splice(splice) => splice.insert.clone(),
                        Edit::Set(_) => String::new(),
                    })
                    .collect();
                Some((request.id, *op, text))
            }
            _ => None,
        };
        self.sent.iter().filter_map(of).collect()
    }

    pub(crate) fn refuse(&mut self, id: u64, code: Code, why: &str) {
        let problem = Problem::new(code, why);
        self.input(Input::Received(ToClient::Refused { id: Some(id), problem }));
    }

    pub(crate) fn accept(&mut self, id: u64, rev: u64) {
        let answer = Answer::Accepted { rev: Rev(rev) };
        self.input(Input::Received(ToClient::Answer { id, answer }));
    }

    pub(crate) fn notice(&mut self, notice: Notice) {
        self.input(Input::Received(ToClient::Form { form: form(), notice }));
    }

    /// What the UI was last told that the form shows.
    pub(crate) fn shown(&self) -> String {
        let of = |event: &UiEvent| match event {
            UiEvent::Form {
                update: FormUpdate::Opened(view) | FormUpdate::Cached { view, .. },
                ..
            } => Some(view.value("note").text().to_owned()),
            _ => None,
        };
        self.told.iter().rev().find_map(of).expect("the form was shown")
    }

    pub(crate) fn branch(&self) -> Option<String> {
        self.told.iter().rev().find_map(|event| match event {
            UiEvent::Form {
                update: FormUpdate::PendingEdits { texts, .. },
                ..
            } => Some(texts.iter().map(|kept| kept.value.text()).collect::<Vec<_>>().join("|")),
            _ => None,
        })
    }

    pub(crate) fn waiting(&self) -> usize {
        let of = |event: &UiEvent| match event {
            UiEvent::Form {
                update: FormUpdate::Unacknowledged { steps, .. },
                ..
            } => Some(*steps),
            _ => None,
        };
        self.told.iter().rev().find_map(of).expect("it was told")
    }

    pub(crate) fn cut(&mut self) {
        self.input(Input::Disconnected { why: "cut".into() });
    }

    /// Lets the time pass until the core wants to act.
    pub(crate) fn wait(&mut self) {
        self.now = self.core.next_deadline().expect("something is due");
        self.input(Input::Tick);
    }

    pub(crate) fn reconnect(&mut self) {
        let before = self.connects;
        self.wait();
        assert_eq!(self.connects, before + 1);
        self.connect();
    }
}

/// The form as it is after Ben typed this.
pub(crate) fn with_draft(text: &str, rev: u64, fence: u64, me: u64, editors: &[(u64, &str)]) -> FormSnapshot {
    let editors = editors.iter().map(|(ticket, name)| editor(*ticket, name)).collect();
    let mut view = view("said", rev, editors);
    let field = DraftField {
        value: Value::from_text(text),
        author: person("Ben"),
    };
    view.draft = Draft {
        base: Version(1),
        fields: [("note".to_owned(), field)].into(),
    };
    view.fence = Fence(fence);
    view.me = Some(Ticket(me));
    view
}

pub(crate) fn mine(rev: u64, fence: u64, me: u64) -> FormSnapshot {
    let mut view = view("said", rev, vec![editor(me, "Anna")]);
    view.fence = Fence(fence);
    view.me = Some(Ticket(me));
    view
}

pub(crate) fn outbox(harness: &Harness) -> Vec<OutboxEntry> {
    let mut outbox = Vec::new();
    for event in &harness.told {
        match event {
            UiEvent::Outbox(waiting) => outbox.clone_from(waiting),
            UiEvent::OutboxChanged { form, waits } => {
                outbox.retain(|waiting: &OutboxEntry| waiting.form != *form);
                outbox.extend(waits.clone());
            }
            _ => {}
        }
    }
    outbox
}

pub(crate) fn open_form() -> EngineCall {
    EngineCall::OpenForm(desktop::OpenForm {
        form: form(),
        entity: None,
    })
}

/// Anna saw the form, went offline, typed, and her program was killed.
pub(crate) fn killed_while_offline() -> Harness {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.cut();
    harness.type_text(1, " more", 4);
    let harness = harness.killed_and_started_again();
    assert_eq!(outbox(&harness).len(), 1);
    harness
}
