//! One of each message of the server. `cargo xtask tidy` compares their names with the enums.

use baton_protocol::activity::ActivityPage;
use baton_protocol::audit::{OwnerChange, OwnerReason};
use baton_protocol::draft::Draft;
use baton_protocol::form::{EditRequestSummary, EditorSummary, Notice, QueueChange, Transfer, TransferReason};
use baton_protocol::id::{EntityId, Fence, RecordId, Rev, Seq, SessionId, Ticket, Version};
use baton_protocol::job::{JobOutcome, JobState};
use baton_protocol::list::{Favourite, Impact, Page};
use baton_protocol::list_query::Cursor;
use baton_protocol::message::{
    AllDrafts, Answer, AnyReply, ChangedAccount, Code, EntityRow, Event, FilePart, PersonalNotice, Problem, Snapshot,
    ToClient, Topic,
};
use baton_protocol::notification::{Notification, NotificationReason};
use baton_protocol::person::{Account, NewSecondFactor, PlaceVisibility, SignInLifetime};
use baton_protocol::provider::{Provider, SignInOptions};
use baton_protocol::record::BinRow;
use baton_protocol::time::Timestamp;
use baton_protocol::values::FieldError;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::things::{
    account, activity, anna, audit, change, comment, draft_row, entity, file, form, gone, groups, id, import_ended,
    live, live_change, notification, online, presence, rights, row, saved_version, sign_in, snapshot, values, view,
};

pub(crate) fn replies_about_what_happened() -> Vec<AnyReply> {
    vec![
        AnyReply::GetComments(vec![comment()]),
        AnyReply::ChangeComment(()),
        AnyReply::GetColleagues(vec![anna()]),
        AnyReply::GetNotifications(vec![Notification {
            id: 7,
            at: Timestamp(3),
            read: false,
            what: notification(),
        }]),
        AnyReply::ReadNotifications(()),
        AnyReply::FollowRecord(()),
        AnyReply::IsFollowed(true),
        AnyReply::SetFavourite(()),
        AnyReply::GetFavourites(vec![Favourite {
            record: RecordId(id(3)),
            entity: EntityId(id(2)),
            title: "Coat".into(),
        }]),
        AnyReply::GetMuted([NotificationReason::Saved].into()),
        AnyReply::Mute(()),
        AnyReply::GetActivity(ActivityPage {
            rows: activity(),
            next: Some(12),
            newest: 41,
        }),
    ]
}

pub(crate) fn replies() -> Vec<AnyReply> {
    let changed = || ChangedAccount {
        account: account(),
        password: Some("secret".into()),
    };
    vec![
        AnyReply::GetRows(vec![row()]),
        AnyReply::GetPage(Page {
            rows: vec![row()],
            next: Some(Cursor { key: None, num: 5 }),
            total: 1,
            remembered: None,
        }),
        AnyReply::CorrectSearch(vec![(EntityId(id(2)), "coat".into())]),
        AnyReply::GetTitles(vec![(RecordId(id(3)), "Coat".into())]),
        AnyReply::MoveRecord(()),
        AnyReply::GetViews(vec![view()]),
        AnyReply::SaveView(()),
        AnyReply::DeleteView(()),
        AnyReply::GetImpact(vec![Impact {
            field: "a".into(),
            label: "Shade".into(),
            removed: false,
            records: 2,
            lost: 1,
            examples: vec!["Old".into()],
        }]),
        AnyReply::StartJob(()),
        AnyReply::GetJobState(JobState {
            done: 1,
            total: 2,
            outcome: Some(JobOutcome::default()),
        }),
        AnyReply::CancelJob(()),
        AnyReply::UploadPart(9),
        AnyReply::DownloadPart(FilePart {
            data: "AAAA".into(),
            size: 3,
        }),
        AnyReply::CommitUpload(file()),
        AnyReply::GetThumbnail(Some("AAAA".into())),
        AnyReply::GetHistory(vec![saved_version()]),
        AnyReply::GetAllDrafts(AllDrafts {
            rows: vec![draft_row()],
            keep_days: 365,
        }),
        AnyReply::GetPeople(vec![account()]),
        AnyReply::AddPerson(changed()),
        AnyReply::ChangePerson(changed()),
        AnyReply::GetGroups(groups()),
        AnyReply::ChangeGroups(groups()),
        AnyReply::RenameMe(account()),
        AnyReply::RemoveSecondFactor(account()),
        AnyReply::ShowPlace(Account {
            place: PlaceVisibility::Hidden,
            second_factor: true,
            ..account()
        }),
        AnyReply::MessagePerson(()),
        AnyReply::ReleasePlace(()),
        AnyReply::GetOwners(vec![OwnerChange {
            at: Timestamp(3),
            from: None,
            to: Some(account().person),
            why: OwnerReason::Opened,
            reason: None,
        }]),
        AnyReply::GetSignIns(vec![sign_in()]),
        AnyReply::EndSignIn(()),
        AnyReply::GetOnline(vec![online()]),
        AnyReply::GetAudit(audit()),
    ]
}

pub(crate) fn answers() -> Vec<Answer> {
    vec![
        Answer::Done,
        Answer::SignedIn {
            account: account(),
            rights: rights(),
            token: Some("token".into()),
            lasts: SignInLifetime {
                left_s: 86_400,
                idle_s: 3_600,
            },
        },
        Answer::Watching {
            seq: Seq(3),
            snapshot: Snapshot::Live(Box::new(live())),
        },
        Answer::Watching {
            seq: Seq(7),
            snapshot: Snapshot::Records {
                entity: Box::new(entity()),
                rows: vec![row()],
                total: 1,
                editing: vec![presence()],
            },
        },
        Answer::CaughtUp {
            seq: Seq(8),
            events: vec![Event::RecordCreated { row: row() }],
            editing: vec![presence()],
        },
        Answer::NewSecondFactor(NewSecondFactor {
            key: "JBSWY3DPEHPK3PXP".into(),
            image: "AAAA".into(),
        }),
        Answer::SecondFactorSet {
            account: account(),
            rights: rights(),
            recovery: vec!["abcd-efgh-jkmn-pqrs".into()],
        },
        Answer::ProviderSignIn {
            attempt: "attempt".into(),
            address: "https://login.example.org/".into(),
        },
        Answer::Reply(AnyReply::GetPeople(Vec::new())),
        Answer::Joined(Box::new(snapshot())),
        Answer::Accepted { rev: Rev(4) },
        Answer::Saved { version: Version(2) },
    ]
}

pub(crate) fn to_client() -> Vec<ToClient> {
    vec![
        ToClient::Welcome {
            protocol: 4,
            server: "0.1.0".into(),
            session: SessionId(id(8)),
            heartbeat_ms: 1000,
            silence_ms: 5000,
            sign_in: SignInOptions {
                providers: vec![Provider {
                    id: "company".into(),
                    name: "Company".into(),
                }],
                help: Some("Call 1234.".into()),
            },
        },
        ToClient::Answer {
            id: 7,
            answer: Answer::Done,
        },
        ToClient::Refused {
            id: Some(7),
            problem: Problem::new(Code::NotFound, "There is no such thing."),
        },
        ToClient::Event {
            seq: Seq(8),
            topic: Topic::Entities,
            event: Event::RecordsChanged { records: 2 },
        },
        ToClient::Presence {
            entity: EntityId(id(2)),
            row: presence(),
        },
        ToClient::LiveChanged {
            seq: Seq(4),
            change: Box::new(live_change()),
        },
        ToClient::Form {
            form: form(),
            notice: Notice::Redefined,
        },
        ToClient::DraftsChanged,
        ToClient::NotificationsChanged,
        ToClient::FavouritesChanged,
        ToClient::Personal(PersonalNotice::Notification(notification())),
        ToClient::Personal(PersonalNotice::Notification(import_ended())),
        ToClient::Working,
        ToClient::Personal(PersonalNotice::Message {
            from: account().person,
            text: "The server restarts at six.".into(),
        }),
        ToClient::Personal(PersonalNotice::SignInsPaused {
            email: "anna@example.org".into(),
            seconds: 900,
        }),
        ToClient::RightsChanged { rights: rights() },
        ToClient::Resync,
    ]
}

pub(crate) fn events() -> Vec<Event> {
    let (entity_id, record) = (EntityId(id(2)), RecordId(id(3)));
    vec![
        Event::EntitySaved {
            row: EntityRow::new(Arc::new(entity()), 1),
        },
        Event::EntityPurged { entity: entity_id },
        Event::Redefined {
            entity: Arc::new(entity()),
        },
        Event::RecordsChanged { records: 2 },
        Event::RecordCreated { row: row() },
        Event::RecordUpdated { row: row() },
        Event::RecordRemoved { record },
        Event::RecordRestored { row: row() },
        Event::BinAdded(Box::new(BinRow {
            row: row(),
            gone: gone(),
        })),
        Event::BinRemoved { record },
        Event::Renamed { person: anna() },
        Event::RecordCount {
            entity: entity_id,
            records: 2,
        },
    ]
}

fn editor() -> EditorSummary {
    EditorSummary {
        ticket: Ticket(1),
        person: anna(),
        field: Some("title".into()),
        reserved_ms: Some(5000),
    }
}

pub(crate) fn notices() -> Vec<Notice> {
    vec![
        Notice::Editors {
            change: QueueChange::Whole(vec![editor()]),
            fence: Fence(3),
            draft_since: Some(Timestamp(1_764_000_000_000)),
            changed_at: [("title".to_owned(), Timestamp(1_764_000_000_000))].into(),
        },
        Notice::Editors {
            change: QueueChange::Part {
                left: vec![Ticket(1)],
                reserved: vec![(Ticket(2), Some(5000)), (Ticket(3), None)],
                joined: vec![editor()],
            },
            fence: Fence(4),
            draft_since: None,
            changed_at: BTreeMap::new(),
        },
        Notice::Viewers { viewers: vec![anna()] },
        Notice::Commented,
        Notice::Asked {
            ask: Some(EditRequestSummary {
                by: Ticket(2),
                person: anna(),
                passes_in_ms: 60_000,
            }),
            declined: false,
        },
        Notice::OwnershipTransferred(Transfer {
            from: anna(),
            to: anna(),
            how: TransferReason::HandedOver,
            reason: Some("It is urgent".into()),
        }),
        Notice::Focus {
            ticket: Ticket(1),
            field: None,
        },
        Notice::Changed {
            rev: Rev(4),
            by: Ticket(1),
            author: anna(),
            changes: vec![change()],
        },
        Notice::Replaced {
            rev: Rev(5),
            by: anna(),
            draft: Draft::default(),
            discarded: None,
        },
        Notice::Saved {
            version: Version(2),
            by: anna(),
            changed: values(),
        },
        Notice::Removed {
            gone: Some(gone()),
            by: anna(),
        },
        Notice::Redefined,
        Notice::Invalid {
            errors: vec![FieldError {
                field: "title".into(),
                message: "Title is needed.".into(),
            }],
        },
    ]
}
