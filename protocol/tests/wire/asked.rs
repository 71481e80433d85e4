//! One of each message of a desktop. `cargo xtask tidy` compares their names with the enums.

use baton_protocol::activity::ActivityFilter;
use baton_protocol::audit::{ActKind, AuditFilter};
use baton_protocol::comment::{CommentChange, CommentText};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::file::{FileHash, Source};
use baton_protocol::form::FormCommand;
use baton_protocol::id::{
    CommentId, EntityId, Fence, GroupId, JobId, OpId, RecordId, Rev, Seq, SessionId, SignInId, Ticket, UploadId,
    UserId, Version, ViewId,
};
use baton_protocol::job::{BulkAction, Job, RecordSelection};
use baton_protocol::list_query::Cursor;
use baton_protocol::live::Page;
use baton_protocol::message::{
    AddPerson, AnyQuery, CancelJob, ChangeComment, ChangeGroups, ChangePerson, CommitUpload, CorrectSearch, DeleteView,
    DownloadPart, EndSignIn, FollowRecord, GetActivity, GetAllDrafts, GetAudit, GetColleagues, GetComments,
    GetFavourites, GetGroups, GetHistory, GetImpact, GetJobState, GetMuted, GetNotifications, GetOnline, GetOwners,
    GetPage, GetPeople, GetRows, GetSignIns, GetThumbnail, GetTitles, GetViews, IsFollowed, MessagePerson, MoveRecord,
    Mute, ReadNotifications, ReleasePlace, RemoveSecondFactor, RenameMe, SaveView, SetFavourite, ShowPlace, StartJob,
    ToServer, Topic, UploadPart,
};
use baton_protocol::notification::{NotificationReason, ReadMark};
use baton_protocol::person::{PersonChange, UserRole};
use baton_protocol::rights::{Access, FieldLimit, GroupChange};
use baton_protocol::time::Timestamp;

use super::things::{change, form, id, query, view};

pub(crate) fn form_commands() -> Vec<FormCommand> {
    let (fence, op, rev) = (Fence(3), OpId(id(9)), Some(Rev(4)));
    vec![
        FormCommand::Focus {
            field: Some("title".into()),
        },
        FormCommand::Change {
            fence,
            op,
            rev,
            changes: vec![change()],
        },
        FormCommand::DiscardDraft { fence, op, rev },
        FormCommand::RestoreDraft { fence, op, rev },
        FormCommand::Save {
            fence,
            op,
            version: Version(2),
        },
        FormCommand::RequestEdit,
        FormCommand::DeclineEdit { fence },
        FormCommand::HandOver { fence, to: Ticket(2) },
        FormCommand::TakeOver {
            reason: "It is urgent".into(),
        },
        FormCommand::MoveHere,
        FormCommand::Delete {
            kind: DeletionKind::Deleted,
        },
        FormCommand::Restore,
    ]
}

pub(crate) fn to_server() -> Vec<ToServer> {
    let entity = Some(EntityId(id(2)));
    vec![
        ToServer::Hello {
            protocol: 4,
            client: "0.1.0".into(),
            computer: Some("anna-laptop, Linux".into()),
            resume: Some(SessionId(id(8))),
        },
        ToServer::sign_in("anna@example.org".into(), "secret".into()),
        ToServer::SignIn {
            email: "anna@example.org".into(),
            password: "secret".into(),
            code: Some("123456".into()),
        },
        ToServer::BeginProviderSignIn {
            provider: "company".into(),
            port: 49152,
        },
        ToServer::FinishProviderSignIn {
            attempt: "attempt".into(),
            query: "code=1&state=2".into(),
        },
        ToServer::UseToken { token: "token".into() },
        ToServer::ChangePassword {
            current: "secret".into(),
            new: "four brown socks".into(),
        },
        ToServer::BeginSecondFactor {
            password: "secret".into(),
        },
        ToServer::ConfirmSecondFactor { code: "123456".into() },
        ToServer::SignOut,
        ToServer::Watch {
            topic: Topic::Records(EntityId(id(2))),
            rows: 50,
            since: Some(Seq(7)),
        },
        ToServer::Unwatch { topic: Topic::Drafts },
        ToServer::Unwatch { topic: Topic::Live },
        ToServer::RevokeToken { token: "token".into() },
        ToServer::Join { form: form(), entity },
        ToServer::OpenReadOnly { form: form() },
        ToServer::Leave { form: form() },
        ToServer::Form {
            form: form(),
            command: FormCommand::RequestEdit,
        },
        ToServer::ShowPage {
            page: Page::Records(EntityId(id(2))),
        },
        ToServer::Query(GetPeople {}.into()),
        ToServer::Ping,
    ]
}

pub(crate) fn queries() -> Vec<AnyQuery> {
    let mut queries = queries_of_lists();
    queries.extend(queries_of_the_rest());
    queries.extend(queries_of_people());
    queries.extend(queries_of_the_moment());
    queries.extend(queries_of_the_inbox());
    queries.extend(comment_changes());
    queries
}

fn queries_of_lists() -> Vec<AnyQuery> {
    let (entity, record) = (EntityId(id(2)), RecordId(id(3)));
    vec![
        GetRows {
            entity,
            before: record,
            rows: 50,
        }
        .into(),
        GetPage {
            entity,
            query: query(),
            after: Some(Cursor {
                key: Some("coat".into()),
                num: 5,
            }),
            rows: 50,
            ids: vec![record],
        }
        .into(),
        CorrectSearch {
            entity: Some(entity),
            query: query(),
        }
        .into(),
        GetTitles { records: vec![record] }.into(),
        MoveRecord {
            op: OpId(id(9)),
            record,
            after: None,
        }
        .into(),
        GetViews { entity }.into(),
        SaveView { view: view().into() }.into(),
        DeleteView { view: ViewId(id(4)) }.into(),
    ]
}

fn queries_of_the_rest() -> Vec<AnyQuery> {
    let (entity, op) = (EntityId(id(2)), OpId(id(9)));
    let (job, upload) = (JobId(id(5)), UploadId(id(6)));
    vec![
        GetImpact { entity }.into(),
        StartJob {
            id: job,
            job: Job::Bulk {
                entity,
                which: RecordSelection::Query(query()),
                action: BulkAction::Remove(DeletionKind::Archived),
            },
        }
        .into(),
        GetJobState { job }.into(),
        CancelJob { job }.into(),
        UploadPart {
            upload,
            offset: 0,
            data: "AAAA".into(),
        }
        .into(),
        DownloadPart {
            source: Source::Upload(upload),
            offset: 0,
        }
        .into(),
        CommitUpload {
            op,
            upload,
            name: "a.txt".into(),
        }
        .into(),
        GetThumbnail {
            file: FileHash([7; 32]),
        }
        .into(),
        GetHistory { form: form() }.into(),
        GetAllDrafts {}.into(),
    ]
}

fn queries_of_people() -> Vec<AnyQuery> {
    let op = OpId(id(9));
    vec![
        GetPeople {}.into(),
        AddPerson {
            op,
            email: "ben@example.org".into(),
            name: "Ben".into(),
            role: UserRole::Viewer,
        }
        .into(),
        ChangePerson {
            op,
            person: UserId(id(1)),
            change: PersonChange::NewPassword,
        }
        .into(),
        ChangePerson {
            op,
            person: UserId(id(1)),
            change: PersonChange::RemoveSecondFactor,
        }
        .into(),
        GetGroups {}.into(),
        ChangeGroups {
            op,
            change: GroupChange::Grant(GroupId(id(14)), EntityId(id(2)), Some(Access::View)),
        }
        .into(),
        ChangeGroups {
            op,
            change: GroupChange::Limit(GroupId(id(14)), EntityId(id(2)), "f1".into(), Some(FieldLimit::Hidden)),
        }
        .into(),
        ChangeGroups {
            op,
            change: GroupChange::AddMember(GroupId(id(14)), UserId(id(1))),
        }
        .into(),
        ChangeGroups {
            op,
            change: GroupChange::Close(EntityId(id(2)), true),
        }
        .into(),
        RenameMe {
            op,
            name: "Anna".into(),
        }
        .into(),
        GetSignIns {
            person: Some(UserId(id(1))),
        }
        .into(),
        EndSignIn {
            sign_in: SignInId(id(12)),
        }
        .into(),
    ]
}

fn comment_changes() -> Vec<AnyQuery> {
    let text = || CommentText {
        text: "@Anna, is it there?".into(),
        mentions: vec![UserId(id(1))],
    };
    let changes = [
        CommentChange::Add {
            thread: None,
            field: Some("price".into()),
            text: text(),
        },
        CommentChange::Add {
            thread: Some(CommentId(id(8))),
            field: None,
            text: text(),
        },
        CommentChange::Edit(text()),
        CommentChange::Delete,
        CommentChange::Resolve(true),
    ];
    let change = |change| {
        ChangeComment {
            record: RecordId(id(3)),
            comment: CommentId(id(7)),
            change,
        }
        .into()
    };
    changes.map(change).into()
}

fn queries_of_the_inbox() -> Vec<AnyQuery> {
    vec![
        GetNotifications {}.into(),
        ReadNotifications {
            read: ReadMark::UpTo(7),
        }
        .into(),
        ReadNotifications { read: ReadMark::One(7) }.into(),
        ReadNotifications {
            read: ReadMark::Record(RecordId(id(3))),
        }
        .into(),
        FollowRecord {
            record: RecordId(id(3)),
            follow: true,
        }
        .into(),
        IsFollowed {
            record: RecordId(id(3)),
        }
        .into(),
        SetFavourite {
            record: RecordId(id(3)),
            favourite: true,
        }
        .into(),
        GetFavourites {}.into(),
        GetMuted {}.into(),
        Mute {
            muted: NotificationReason::ALL.into(),
        }
        .into(),
    ]
}

fn queries_of_the_moment() -> Vec<AnyQuery> {
    let op = OpId(id(9));
    vec![
        RemoveSecondFactor {
            op,
            password: "secret".into(),
        }
        .into(),
        ShowPlace { op, shown: false }.into(),
        MessagePerson {
            op,
            person: UserId(id(1)),
            text: "The server restarts at six.".into(),
        }
        .into(),
        ReleasePlace {
            form: form(),
            person: UserId(id(1)),
        }
        .into(),
        GetOwners { form: form() }.into(),
        GetComments {
            record: RecordId(id(3)),
        }
        .into(),
        GetColleagues {
            entity: EntityId(id(2)),
        }
        .into(),
        GetActivity {
            filter: ActivityFilter {
                entity: Some(EntityId(id(2))),
                person: Some(UserId(id(1))),
            },
            before: Some(40),
            after: Some(20),
            rows: 50,
        }
        .into(),
        GetOnline {}.into(),
        GetAudit {
            filter: AuditFilter {
                person: Some(UserId(id(1))),
                kind: Some(ActKind::Ownership),
                form: Some(form()),
                from: Some(Timestamp(1)),
                until: Some(Timestamp(2)),
            },
            before: Some(40),
            rows: 50,
        }
        .into(),
    ]
}
