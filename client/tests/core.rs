//! The engine's mind against a scripted server: order, once, nothing lost, all without a socket.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks for one message and passes the others over"
)]

use std::sync::Arc;
use std::time::Duration;

use baton_client::core::{Call, Core, Effect, Input, Now, Reply};
use baton_client::keep::Kept;
use baton_protocol::desktop::{self, FormUpdate, Link, UiEvent};
use baton_protocol::draft::{Change, Draft, Edit, Splice};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::{EditorView, Notice};
use baton_protocol::id::{EntityId, Fence, FormKey, OpId, RecordId, Rev, SessionId, Ticket, UserId, Version};
use baton_protocol::message::{Answer, Code, Problem, Request, ToClient, ToServer};
use baton_protocol::person::{Account, Person, UserRole};
use baton_protocol::record::Values;
use baton_protocol::view::FormView;
use uuid::Uuid;

/// A core, a clock that is moved by hand, and what it did.
struct Desk {
    core: Core,
    now: Now,
    sent: Vec<Request>,
    told: Vec<UiEvent>,
    replies: Vec<Result<Reply, Problem>>,
    connects: usize,
}

fn form() -> FormKey {
    FormKey::record(RecordId(Uuid::from_u128(7)))
}

fn person(name: &str) -> Person {
    Person {
        id: UserId(Uuid::from_u128(u128::from(name.as_bytes()[0]))),
        name: name.into(),
    }
}

fn editor(ticket: u64, name: &str) -> EditorView {
    EditorView {
        ticket: Ticket(ticket),
        person: person(name),
        field: None,
        held_ms: None,
    }
}

/// The form as the server answers it to Anna, whose ticket is 1.
fn view(text: &str, rev: u64, editors: Vec<EditorView>) -> FormView {
    let entity = Entity {
        id: EntityId(Uuid::nil()),
        name: "thing".into(),
        label: "Thing".into(),
        label_plural: "Things".into(),
        description: String::new(),
        version: Version(1),
        fields: vec![Field::new("note", "Note", FieldType::Textarea)],
    };
    FormView {
        form: form(),
        entity: Arc::new(entity),
        version: Version(1),
        values: Values::from([("note".into(), Value::of_text(text))]),
        draft: Draft::default(),
        discarded: false,
        rev: Rev(rev),
        fence: Fence(1),
        editors,
        me: Some(Ticket(1)),
        last_op: None,
        errors: Vec::new(),
    }
}

fn append(text: &str, at: usize) -> Change {
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

impl Desk {
    /// Signed in as Anna, and connected.
    fn signed_in() -> Self {
        let kept = Kept {
            server: Some("127.0.0.1:7420".into()),
            token: Some("token".into()),
            ..Kept::default()
        };
        let mut desk = Self {
            core: Core::new(kept, 1),
            now: Duration::ZERO,
            sent: Vec::new(),
            told: Vec::new(),
            replies: Vec::new(),
            connects: 0,
        };
        let effects = desk.core.begin(desk.now);
        desk.note(effects);
        desk.connect();
        desk
    }

    fn connect(&mut self) {
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
        }));
        let account = Account {
            person: person("Anna"),
            email: "anna@example.test".into(),
            role: UserRole::Editor,
        };
        assert!(matches!(
            self.sent.last().expect("a request").body,
            ToServer::UseToken { .. }
        ));
        self.answer(Answer::SignedIn { account, token: None });
    }

    fn open(&mut self, view: FormView) {
        self.call(Call::OpenForm(desktop::OpenForm {
            form: form(),
            entity: None,
        }));
        self.answer_join(view);
    }

    fn answer_join(&mut self, view: FormView) {
        let id = self.request(|body| matches!(body, ToServer::Join { .. })).id;
        self.input(Input::Received(ToClient::Answer {
            id,
            answer: Answer::Joined(Box::new(view)),
        }));
    }

    fn input(&mut self, input: Input) {
        let effects = self.core.handle(self.now, input);
        self.note(effects);
    }

    fn note(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(request) => self.sent.push(request),
                Effect::Emit(event) => self.told.push(event),
                Effect::Reply(_, reply) => self.replies.push(reply),
                Effect::Connect(_) => self.connects += 1,
                Effect::Goodbye(_) => self.replies.push(Ok(Reply::Done)),
                Effect::Disconnect | Effect::Keep(_) => {}
            }
        }
    }

    fn call(&mut self, call: Call) {
        self.input(Input::Call(1, call));
    }

    fn answer(&mut self, answer: Answer) {
        let id = self.sent.last().expect("a request").id;
        self.input(Input::Received(ToClient::Answer { id, answer }));
    }

    fn type_text(&mut self, number: u64, text: &str, at: usize) {
        let change = append(text, at);
        self.call(Call::ChangeForm(desktop::ChangeForm {
            form: form(),
            number,
            change,
        }));
    }

    /// The last request of this kind.
    fn request(&self, wanted: impl Fn(&ToServer) -> bool) -> Request {
        let found = self.sent.iter().rev().find(|request| wanted(&request.body));
        found.expect("it was sent").clone()
    }

    /// Every change that was sent: its request, its operation and its text.
    fn changes(&self) -> Vec<(u64, OpId, String)> {
        let of = |request: &Request| match &request.body {
            ToServer::Change { op, changes, .. } => {
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

    fn accept(&mut self, id: u64, rev: u64) {
        let answer = Answer::Accepted { rev: Rev(rev) };
        self.input(Input::Received(ToClient::Answer { id, answer }));
    }

    fn notice(&mut self, notice: Notice) {
        self.input(Input::Received(ToClient::Form { form: form(), notice }));
    }

    /// What the UI was last told that the form shows.
    fn shown(&self) -> String {
        let of = |event: &UiEvent| match event {
            UiEvent::Form {
                update: FormUpdate::Opened(view),
                ..
            } => Some(view.value("note").text().to_owned()),
            _ => None,
        };
        self.told.iter().rev().find_map(of).expect("the form was shown")
    }

    fn branch(&self) -> Option<String> {
        self.told.iter().rev().find_map(|event| match event {
            UiEvent::Form {
                update: FormUpdate::Branch { values, .. },
                ..
            } => Some(values.get("note").map_or("", Value::text).to_owned()),
            _ => None,
        })
    }

    fn waiting(&self) -> usize {
        let of = |event: &UiEvent| match event {
            UiEvent::Form {
                update: FormUpdate::Waiting(waiting),
                ..
            } => Some(*waiting),
            _ => None,
        };
        self.told.iter().rev().find_map(of).expect("it was told")
    }

    fn cut(&mut self) {
        self.input(Input::Disconnected { why: "cut".into() });
    }

    /// Lets the time pass until the core wants to act.
    fn wait(&mut self) {
        self.now = self.core.next_deadline().expect("something is due");
        self.input(Input::Tick);
    }

    fn reconnect(&mut self) {
        let before = self.connects;
        self.wait();
        assert_eq!(self.connects, before + 1);
        self.connect();
    }
}

#[test]
fn what_is_typed_while_an_operation_is_under_way_travels_together_in_the_next() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "a", 0);
    desk.type_text(2, "b", 1);
    desk.type_text(3, "c", 2);
    let sent = desk.changes();
    assert_eq!(sent.len(), 1, "one operation is under way");
    assert_eq!(desk.waiting(), 3);
    desk.accept(sent[0].0, 1);
    let sent = desk.changes();
    assert_eq!(sent[1].2, "bc");
    desk.accept(sent[1].0, 2);
    assert_eq!(desk.waiting(), 0);
}

#[test]
fn a_save_waits_for_what_was_typed_before_and_not_for_what_comes_after() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "a", 0);
    desk.call(Call::SaveForm(desktop::SaveForm { form: form() }));
    desk.type_text(2, "b", 1);
    desk.accept(desk.changes()[0].0, 1);
    let save = desk.request(|body| matches!(body, ToServer::Save { .. }));
    assert_eq!(desk.changes().len(), 1);
    // The notice comes before the answer; what was typed since stays on top of it.
    desk.notice(Notice::Saved {
        version: Version(2),
        by: person("Anna"),
        changed: Values::from([("note".into(), Value::of_text("a"))]),
    });
    assert_eq!(desk.shown(), "ab");
    let answer = Answer::Saved { version: Version(2) };
    desk.input(Input::Received(ToClient::Answer { id: save.id, answer }));
    let sent = desk.changes();
    assert_eq!(sent.len(), 2, "and then it leaves, once");
    assert_eq!(sent[1].2, "b");
}

#[test]
fn after_a_lost_answer_the_operation_is_sent_again_with_its_id_if_the_server_has_not_seen_it() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "a", 0);
    let op = desk.changes()[0].1;
    desk.cut();
    desk.type_text(2, "b", 1);
    desk.reconnect();
    desk.answer_join(view("", 0, vec![editor(1, "Anna")]));
    assert_eq!(desk.shown(), "ab");
    let sent = desk.changes();
    assert_eq!((sent[1].1, sent[1].2.as_str()), (op, "a"), "the very same operation");
    desk.accept(sent[1].0, 1);
    assert_eq!(desk.changes()[2].2, "b");
}

#[test]
fn after_a_lost_answer_nothing_is_doubled_if_the_server_has_seen_it() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "a", 0);
    let op = desk.changes()[0].1;
    desk.cut();
    desk.type_text(2, "b", 1);
    desk.reconnect();
    let mut seen = view("", 1, vec![editor(1, "Anna")]);
    seen.draft.fields.insert(
        "note".into(),
        baton_protocol::draft::DraftField {
            value: Value::of_text("a"),
            author: person("Anna"),
        },
    );
    seen.last_op = Some(op);
    desk.answer_join(seen);
    assert_eq!(desk.shown(), "ab");
    let sent = desk.changes();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[1].2, "b");
}

#[test]
fn text_that_can_no_longer_be_accepted_is_kept_for_its_author() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.cut();
    desk.type_text(1, "mine", 0);
    desk.reconnect();
    let mut after = view("", 5, vec![editor(2, "Ben"), editor(3, "Anna")]);
    after.me = Some(Ticket(3));
    desk.answer_join(after);
    assert_eq!(desk.branch().as_deref(), Some("mine"));
    assert_eq!(desk.waiting(), 0);
    assert!(desk.changes().is_empty(), "nothing of it is sent");
    desk.call(Call::DropBranch(desktop::DropBranch { form: form() }));
    assert_eq!(desk.branch().as_deref(), Some(""));
}

#[test]
fn a_place_that_was_lost_and_won_again_does_not_send_text_made_for_another_picture() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.cut();
    desk.type_text(1, "mine", 0);
    desk.reconnect();
    let mut after = view("Ben was here", 3, vec![editor(4, "Anna")]);
    after.me = Some(Ticket(4));
    desk.answer_join(after);
    assert_eq!(desk.branch().as_deref(), Some("mine"));
    assert!(desk.changes().is_empty());
}

#[test]
fn a_place_that_was_lost_and_won_again_untouched_sends_it() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.cut();
    desk.type_text(1, "mine", 0);
    desk.reconnect();
    let mut after = view("", 0, vec![editor(4, "Anna")]);
    after.me = Some(Ticket(4));
    desk.answer_join(after);
    assert_eq!(desk.branch(), None);
    assert_eq!(desk.changes()[0].2, "mine");
}

#[test]
fn a_keystroke_that_crosses_the_loss_of_ownership_is_kept() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.notice(Notice::Editors {
        editors: vec![editor(2, "Ben"), editor(1, "Anna")],
        fence: Fence(2),
    });
    desk.type_text(1, "late", 0);
    assert_eq!(desk.branch().as_deref(), Some("late"));
    assert!(desk.changes().is_empty());
}

#[test]
fn a_refused_change_is_kept_and_the_form_is_asked_for_again() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "x", 0);
    let id = desk.changes()[0].0;
    let joins = desk.sent.len();
    let problem = Problem::new(Code::StaleFence, "Ownership changed.");
    desk.input(Input::Received(ToClient::Refused { id: Some(id), problem }));
    assert_eq!(desk.branch().as_deref(), Some("x"));
    assert!(matches!(desk.sent[joins].body, ToServer::Join { .. }));
}

#[test]
fn a_missed_notice_makes_the_form_be_asked_for_again() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(2, "Ben"), editor(1, "Anna")]));
    let before = desk.sent.len();
    desk.notice(Notice::Changed {
        rev: Rev(2),
        by: Ticket(2),
        author: person("Ben"),
        changes: vec![append("x", 0)],
    });
    assert!(matches!(desk.sent[before].body, ToServer::Join { .. }));
}

#[test]
fn a_silent_server_is_left_and_tried_again_with_growing_waits() {
    let mut desk = Desk::signed_in();
    desk.told.clear();
    let quiet_since = desk.now;
    while !desk
        .told
        .iter()
        .any(|event| matches!(event, UiEvent::Link(Link::Waiting { .. })))
    {
        desk.wait();
    }
    assert!(
        desk.now - quiet_since <= Duration::from_secs(5),
        "noticed within the silence"
    );
    let pings = desk
        .sent
        .iter()
        .filter(|request| request.body == ToServer::Ping)
        .count();
    assert!(pings >= 4, "it spoke meanwhile, {pings} times");
    let mut waits = Vec::new();
    for _ in 0..12 {
        let from = desk.now;
        desk.wait();
        waits.push(desk.now - from);
        desk.cut();
    }
    assert!(waits[0] <= Duration::from_millis(250), "{waits:?}");
    assert!(
        waits[11] >= Duration::from_secs(4) && waits[11] <= Duration::from_secs(8),
        "{waits:?}"
    );
}

#[test]
fn closing_a_form_sends_what_was_typed_first() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "a", 0);
    desk.call(Call::CloseForm(desktop::CloseForm { form: form() }));
    assert!(
        !desk
            .sent
            .iter()
            .any(|request| matches!(request.body, ToServer::Leave { .. }))
    );
    desk.accept(desk.changes()[0].0, 1);
    assert!(matches!(
        desk.sent.last().expect("a request").body,
        ToServer::Leave { .. }
    ));
}

#[test]
fn quitting_with_unsent_text_and_no_connection_is_refused_once_asked() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.cut();
    desk.type_text(1, "a", 0);
    desk.call(Call::Quit { anyway: false });
    let refused = desk.replies.last().expect("answered").clone().expect_err("refused");
    assert_eq!(refused.code, Code::Offline);
    desk.call(Call::Quit { anyway: true });
    assert_eq!(desk.replies.last(), Some(&Ok(Reply::Done)));
}

#[test]
fn quitting_sends_everything_leaves_every_form_and_then_says_goodbye() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "a", 0);
    let answered = desk.replies.len();
    desk.call(Call::Quit { anyway: false });
    assert_eq!(desk.replies.len(), answered, "not before the text is on the server");
    desk.accept(desk.changes()[0].0, 1);
    assert!(matches!(
        desk.sent.last().expect("a request").body,
        ToServer::Leave { .. }
    ));
    assert_eq!(desk.replies.len(), answered + 1);
}

#[test]
fn a_server_of_another_version_is_not_tried_again() {
    let mut desk = Desk::signed_in();
    desk.cut();
    desk.wait();
    desk.input(Input::Connected);
    let id = desk.sent.last().expect("a greeting").id;
    let problem = Problem::new(Code::WrongVersion, "The server is too old.");
    desk.input(Input::Received(ToClient::Refused { id: Some(id), problem }));
    desk.cut();
    assert_eq!(desk.core.next_deadline(), None);
    assert!(matches!(
        desk.told.last(),
        Some(UiEvent::Link(Link::WrongVersion { .. }))
    ));
}

#[test]
fn an_ended_sign_in_keeps_what_was_typed_until_the_same_person_is_back() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.cut();
    desk.type_text(1, "mine", 0);
    desk.wait();
    desk.input(Input::Connected);
    desk.input(Input::Received(ToClient::Welcome {
        protocol: 1,
        server: "test".into(),
        session: SessionId(Uuid::from_u128(99)),
        heartbeat_ms: 1000,
        silence_ms: 5000,
    }));
    let id = desk.sent.last().expect("a request").id;
    let problem = Problem::new(Code::BadCredentials, "Your sign-in has ended.");
    desk.input(Input::Received(ToClient::Refused { id: Some(id), problem }));
    assert!(matches!(
        desk.told.last(),
        Some(UiEvent::Account {
            account: None,
            why: Some(_)
        })
    ));
    desk.call(Call::SignIn(desktop::SignIn {
        email: "anna@example.test".into(),
        password: "x".into(),
    }));
    let account = Account {
        person: person("Anna"),
        email: "anna@example.test".into(),
        role: UserRole::Editor,
    };
    desk.answer(Answer::SignedIn {
        account,
        token: Some("new".into()),
    });
    desk.answer_join(view("", 0, vec![editor(1, "Anna")]));
    assert_eq!(desk.changes()[0].2, "mine");
}
