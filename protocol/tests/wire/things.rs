//! What the examples are made of.

use baton_locales::Text;
use baton_protocol::activity::{Activity, ActivityKind};
use baton_protocol::audit::{AccountChange, Act, AuditEntry, AuditedForm, AuditedJob, OwnerReason};
use baton_protocol::comment::Comment;
use baton_protocol::deletion::{Deletion, DeletionKind, Stamp};
use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::entity::Entity;
use baton_protocol::field::{ChoiceOption, Field, FieldType, Operator, Value};
use baton_protocol::file::{FileHash, FileRef};
use baton_protocol::form::{FieldHistory, FormSnapshot, Presence, TransferReason};
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{CommentId, EntityId, FormKey, GroupId, JobId, RecordId, SignInId, UserId, Version, ViewId};
use baton_protocol::list::{SavedView, View};
use baton_protocol::list_query::{Filter, ListQuery, Sort};
use baton_protocol::live::{
    ConnectionId, Live, LiveChange, LiveSession, OnlineForm, OnlinePerson, OpenForm, Page, Sample,
};
use baton_protocol::message::{DraftRow, FormPresence};
use baton_protocol::notification::{NotificationBody, NotificationReason, NotificationSubject};
use baton_protocol::origin::Origin;
use baton_protocol::person::{Account, AccountState, Person, PlaceVisibility, SignInRow, UserRole};
use baton_protocol::record::{Record, RecordRow};
use baton_protocol::rights::{Access, FieldLimit, Grant, Group, GroupChange, Groups, Rights};
use baton_protocol::time::Timestamp;
use baton_protocol::values::Values;
use std::sync::Arc;
use uuid::Uuid;

pub(super) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(super) fn anna() -> Person {
    Person {
        id: UserId(id(1)),
        name: "Anna".into(),
    }
}

pub(super) fn grant() -> Grant {
    Grant {
        access: Access::View,
        fields: [("f1".to_owned(), FieldLimit::Hidden)].into(),
    }
}

pub(super) fn groups() -> Groups {
    Groups {
        groups: vec![Group {
            id: GroupId(id(14)),
            name: "Sales".into(),
            members: [UserId(id(1))].into(),
            grants: [(EntityId(id(2)), grant())].into(),
        }],
        closed: [EntityId(id(2))].into(),
    }
}

/// As the server says them: the stamp is whatever it makes of them.
pub(super) fn rights() -> Rights {
    let text = format!(
        r#"{{"role":"editor","entities":{{"{}":{{"access":"view","read_only":["f2"]}}}},"stamp":7}}"#,
        id(2)
    );
    serde_json::from_str(&text).expect("rights")
}

pub(super) fn account() -> Account {
    Account {
        person: anna(),
        email: "anna@example.org".into(),
        role: UserRole::Editor,
        state: AccountState::PasswordGiven,
        second_factor: false,
        place: PlaceVisibility::Shown,
    }
}

pub(super) fn origin() -> Origin {
    Origin {
        computer: Some("anna-laptop, Linux".into()),
        address: Some("192.0.2.7".into()),
        client: Some("0.1.0".into()),
    }
}

pub(super) fn sign_in() -> SignInRow {
    SignInRow {
        id: SignInId(id(12)),
        origin: origin(),
        since: Timestamp(1_700_000_000_000),
        used: Timestamp(1_700_000_000_000),
        online: true,
        own: false,
    }
}

pub(super) fn online() -> OnlinePerson {
    OnlinePerson {
        idle_seconds: Some(360),
        person: anna(),
        own: false,
        forms: vec![OnlineForm {
            form: form(),
            entity: EntityId(id(2)),
            title: "Coat".into(),
            edits: true,
        }],
        lists: vec![EntityId(id(2))],
    }
}

pub(super) fn live() -> Live {
    let now = Sample {
        at: Timestamp(1_700_000_000_000),
        connected: 2,
        signed_in: 1,
    };
    Live {
        now,
        people: 1,
        pages: vec![(Page::Collections, 1)],
        sessions: vec![LiveSession {
            id: ConnectionId(4),
            person: Some(anna()),
            sign_in: Some(SignInId(id(12))),
            origin: origin(),
            since: Timestamp(1_700_000_000_000),
            page: Some(Page::Record(EntityId(id(2)))),
            active: Timestamp(1_700_000_001_000),
        }],
        open_forms: 1,
        forms: vec![OpenForm {
            form: form(),
            entity: EntityId(id(2)),
            title: "Coat".into(),
            editors: Vec::new(),
            places: 0,
            viewers: 1,
            authors: vec![anna()],
            draft_since: Some(Timestamp(1_700_000_000_500)),
        }],
        hour: vec![now],
        own: Some(ConnectionId(4)),
    }
}

pub(super) fn live_change() -> LiveChange {
    let before = Live {
        sessions: Vec::new(),
        forms: Vec::new(),
        hour: Vec::new(),
        ..live()
    };
    let change = before.change_to(&live()).expect("it differs");
    LiveChange {
        gone: vec![ConnectionId(3)],
        closed: vec![form()],
        ..change
    }
}

/// One entry of each act.
pub(super) fn audit() -> Vec<AuditEntry> {
    let form = || AuditedForm {
        form: form(),
        entity: EntityId(id(2)),
        title: "Coat".into(),
    };
    let acts = vec![
        Act::SignedIn,
        Act::SignInRefused("ben@example.org".into()),
        Act::SignedOut,
        Act::SignInEnded(anna()),
        Act::Account(anna(), AccountChange::Added(UserRole::Editor)),
        Act::Account(anna(), AccountChange::Renamed("Anne".into())),
        Act::Account(anna(), AccountChange::Deactivated),
        Act::Account(anna(), AccountChange::Email("anne@example.org".into())),
        Act::Account(anna(), AccountChange::Forgotten),
        Act::Group {
            group: Some("Sales".into()),
            change: GroupChange::Grant(GroupId(id(14)), EntityId(id(2)), Some(Access::View)),
            about: Some("Products".into()),
        },
        Act::Owner {
            form: form(),
            from: None,
            to: Some(anna()),
            why: OwnerReason::Transferred(TransferReason::TakenOver),
            reason: Some("It is urgent".into()),
        },
        Act::Joined(form()),
        Act::Left(form()),
        Act::PlaceReleased(form(), anna()),
        Act::AskedToEdit(form()),
        Act::Declined(form()),
        Act::Saved(form(), Version(2)),
        Act::Discarded(form()),
        Act::Removed(form(), DeletionKind::Archived),
        Act::Restored(form()),
        Act::Purged(form()),
        Act::Job(JobId(id(5)), AuditedJob::Export, EntityId(id(2))),
        Act::AuditExported,
        Act::BackedUp,
        Act::BackupRestored,
    ];
    let entry = |(number, act)| AuditEntry {
        number,
        at: Timestamp(1_700_000_000_000),
        by: Some(anna()),
        origin: origin(),
        act,
    };
    (1..).zip(acts).map(entry).collect()
}

pub(super) fn stamp() -> Stamp {
    Stamp {
        by: anna(),
        at: Timestamp(1_700_000_000_000),
    }
}

pub(super) fn gone() -> Deletion {
    Deletion {
        how: DeletionKind::Archived,
        stamp: stamp(),
    }
}

pub(super) fn entity() -> Entity {
    let mut shade = Field::new("shade", "Shade", FieldType::Select);
    shade.options = vec![
        ChoiceOption::new("7f", "Red"),
        ChoiceOption {
            retired: true,
            ..ChoiceOption::new("8a", "Old")
        },
    ];
    Entity::new(EntityId(id(2)), "paint", "Paint", "Paints", vec![shade])
}

pub(super) fn values() -> Values {
    [
        ("title", "Coat"),
        ("status", "published"),
        ("slug", "coat"),
        ("shade", "7f"),
    ]
    .map(|(name, text)| (name.to_owned(), Value::from_text(text)))
    .into()
}

pub(super) fn row() -> RecordRow {
    let mut record = Record::new(RecordId(id(3)), EntityId(id(2)), values(), stamp());
    record.num = 5;
    record.row(&entity())
}

pub(super) fn form() -> FormKey {
    FormKey::record(RecordId(id(3)))
}

pub(super) fn change() -> Change {
    Change {
        field: "title".into(),
        edit: Edit::Splice(Splice {
            at: 1,
            delete: 2,
            insert: "x".into(),
        }),
    }
}

pub(super) fn query() -> ListQuery {
    ListQuery {
        search: "coat".into(),
        filters: vec![Filter {
            or: vec![Filter::new("day", Operator::Within, Value::from_text("today"))],
            ..Filter::new("shade", Operator::Is, Value::from_text("7f"))
        }],
        sort: Some(Sort {
            field: "title".into(),
            descending: true,
        }),
    }
}

pub(super) fn view() -> SavedView {
    let view = View {
        query: query(),
        ..View::default()
    };
    SavedView {
        owner: anna(),
        ..SavedView::storable(ViewId(id(4)), EntityId(id(2)), "Mine".into(), true, view)
    }
}

pub(super) fn file() -> FileRef {
    FileRef {
        hash: FileHash([7; 32]),
        size: 9,
        media: "text/plain".into(),
        name: "a.txt".into(),
    }
}

pub(super) fn saved_version() -> SavedVersion {
    SavedVersion {
        version: Version(2),
        saved: stamp(),
        fields: vec![FieldHistory {
            field: "title".into(),
            old: Value::Empty,
            new: Value::from_text("Coat"),
            author: anna(),
        }],
    }
}

pub(super) fn draft_row() -> DraftRow {
    DraftRow {
        form: form(),
        entity: EntityId(id(2)),
        title: "Coat".into(),
        new: true,
        at: Timestamp(1_700_000_000_000),
        authors: vec![anna()],
    }
}

pub(super) fn presence() -> FormPresence {
    FormPresence {
        form: form(),
        presence: Some(Presence {
            owner: anna(),
            others: 1,
        }),
        draft: Some(anna()),
    }
}

pub(super) fn snapshot() -> FormSnapshot {
    FormSnapshot::blank(form(), Arc::new(entity()))
}

pub(crate) fn comment() -> Comment {
    Comment {
        id: CommentId(id(7)),
        record: RecordId(id(3)),
        thread: Some(CommentId(id(8))),
        field: Some("price".into()),
        written: Stamp {
            by: anna(),
            at: Timestamp(3),
        },
        edited_at: Some(Timestamp(4)),
        text: "@Anna, is it there?".into(),
        mentions: vec![anna()],
        resolved: Some(Stamp {
            by: anna(),
            at: Timestamp(5),
        }),
    }
}

pub(crate) fn notification() -> NotificationBody {
    NotificationBody {
        by: anna(),
        about: NotificationSubject::Record {
            record: RecordId(id(3)),
            entity: EntityId(id(2)),
            field: Some("price".into()),
        },
        title: "Coat".into(),
        text: "@Anna, is it there?".into(),
        why: NotificationReason::Mentioned,
    }
}

pub(crate) fn import_ended() -> NotificationBody {
    NotificationBody {
        by: anna(),
        about: NotificationSubject::Import {
            job: JobId(id(4)),
            entity: EntityId(id(2)),
            records: 198,
            left_out: 2,
            problem: Some(Text::verbatim("cancelled")),
        },
        title: "Coats".into(),
        text: String::new(),
        why: NotificationReason::ImportEnded,
    }
}

pub(crate) fn activity() -> Vec<Activity> {
    let saved = ActivityKind::Saved {
        version: Version(2),
        fields: vec!["title".into()],
    };
    let removed = ActivityKind::Removed(DeletionKind::Archived);
    let row = |what| Activity {
        number: 40,
        at: Timestamp(3),
        by: anna(),
        form: form(),
        entity: EntityId(id(2)),
        title: "Coat".into(),
        what,
    };
    let work = ActivityKind::Job {
        job: JobId(id(5)),
        what: AuditedJob::Import,
        undoable: 2,
    };
    [saved, removed, ActivityKind::Restored, work].map(row).into()
}
