//! Every request that is about an entity, a record or a form.

use baton_protocol::comment::{CommentChange, CommentText};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::field::Value;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{
    CommentId, EntityId, Fence, FormKey, JobId, OpId, RecordId, Ticket, UploadId, Version, ViewId,
};
use baton_protocol::job::{BulkAction, Format, Import, Job, RecordSelection};
use baton_protocol::list::{SavedView, View};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{
    AnyQuery, ChangeComment, CorrectSearch, FollowRecord, GetColleagues, GetComments, GetHistory, GetImpact, GetOwners,
    GetPage, GetRows, GetTitles, GetViews, IsFollowed, MoveRecord, SaveView, SetFavourite, StartJob, ToServer, Topic,
};
use baton_protocol::values::Values;
use uuid::Uuid;

use super::{Peer, new_op, set};

/// What a request may be about.
#[derive(Clone, Copy)]
pub(crate) struct Thing {
    pub(crate) entity: EntityId,
    pub(crate) record: RecordId,
}

/// The first page of what a list query finds.
pub(crate) fn first_page(entity: EntityId, query: ListQuery, rows: u32) -> GetPage {
    GetPage {
        entity,
        query,
        after: None,
        rows,
        ids: Vec::new(),
    }
}

/// A list query of these words.
pub(crate) fn searched(search: &str) -> ListQuery {
    ListQuery {
        search: search.into(),
        ..ListQuery::default()
    }
}

impl Peer {
    /// What may have been meant by a search that finds nothing.
    pub(crate) async fn correction(&mut self, entity: EntityId, query: ListQuery) -> Option<String> {
        let entity = Some(entity);
        let mut found = self.query(CorrectSearch { entity, query }).await.expect("an answer");
        found.pop().map(|(_, search)| search)
    }
}

/// Every request that names an entity, a record or a form, about this thing. A new kind of request does not compile
/// until it is thought about in `names`.
pub(crate) fn requests(Thing { entity, record }: Thing, upload: UploadId) -> Vec<ToServer> {
    let mut all = Vec::new();
    for topic in [Topic::Records(entity), Topic::Bin(entity)] {
        all.push(ToServer::Watch {
            topic,
            rows: 10,
            since: None,
        });
        all.push(ToServer::Watch {
            topic,
            rows: 10,
            since: Some(baton_protocol::id::Seq(0)),
        });
    }
    all.extend([
        GetRows {
            entity,
            before: RecordId(Uuid::max()),
            rows: 10,
        }
        .into(),
        first_page(entity, ListQuery::default(), 10).into(),
        CorrectSearch {
            entity: Some(entity),
            query: ListQuery::default(),
        }
        .into(),
        GetTitles { records: vec![record] }.into(),
        MoveRecord {
            op: new_op(),
            record,
            after: None,
        }
        .into(),
        GetViews { entity }.into(),
        SaveView {
            view: SavedView::storable(ViewId(Uuid::new_v4()), entity, "mine".into(), false, View::default()).into(),
        }
        .into(),
        GetImpact { entity }.into(),
        GetComments { record }.into(),
        FollowRecord { record, follow: true }.into(),
        IsFollowed { record }.into(),
        SetFavourite {
            record,
            favourite: true,
        }
        .into(),
        ChangeComment {
            record,
            comment: CommentId(Uuid::now_v7()),
            change: CommentChange::Add {
                thread: None,
                field: None,
                text: CommentText {
                    text: "Is it there?".into(),
                    mentions: Vec::new(),
                },
            },
        }
        .into(),
        GetColleagues { entity }.into(),
    ]);
    all.extend(jobs(entity, upload));
    for form in [FormKey::record(record), FormKey::entity(entity)] {
        all.extend(requests_of(form, entity));
    }
    all
}

fn jobs(entity: EntityId, upload: UploadId) -> Vec<ToServer> {
    let jobs = [
        Job::Bulk {
            entity,
            which: RecordSelection::Query(ListQuery::default()),
            action: BulkAction::Set(Values::from([("code".into(), Value::from_text("x"))])),
        },
        Job::Bulk {
            entity,
            which: RecordSelection::Records(Vec::new()),
            action: BulkAction::Purge,
        },
        Job::Export {
            entity,
            which: RecordSelection::Query(ListQuery::default()),
            columns: vec!["title".into()],
            format: Format::Csv,
            upload: UploadId(Uuid::new_v4()),
        },
        Job::Import(Import {
            entity,
            upload,
            format: Format::Csv,
            sheet: None,
            columns: vec![Some("title".into())],
            key: None,
            all_or_nothing: false,
            dry_run: false,
        }),
    ];
    let start = |job| {
        let id = JobId(Uuid::new_v4());
        StartJob { id, job }.into()
    };
    jobs.map(start).into()
}

fn requests_of(form: FormKey, entity: EntityId) -> Vec<ToServer> {
    let (fence, op) = (Fence(1), OpId(Uuid::new_v4()));
    vec![
        ToServer::Join {
            form,
            entity: Some(entity),
        },
        ToServer::OpenReadOnly { form },
        ToServer::Form {
            form,
            command: FormCommand::Focus { field: None },
        },
        ToServer::Form {
            form,
            command: FormCommand::Change {
                fence,
                op,
                rev: None,
                changes: vec![set("title", "x")],
            },
        },
        ToServer::Form {
            form,
            command: FormCommand::Save {
                fence,
                op,
                version: Version(1),
            },
        },
        ToServer::Form {
            form,
            command: FormCommand::DiscardDraft { fence, op, rev: None },
        },
        ToServer::Form {
            form,
            command: FormCommand::RestoreDraft { fence, op, rev: None },
        },
        GetHistory { form }.into(),
        GetOwners { form }.into(),
        ToServer::Form {
            form,
            command: FormCommand::RequestEdit,
        },
        ToServer::Form {
            form,
            command: FormCommand::DeclineEdit { fence },
        },
        ToServer::Form {
            form,
            command: FormCommand::HandOver { fence, to: Ticket(1) },
        },
        ToServer::Form {
            form,
            command: FormCommand::TakeOver {
                reason: "It is urgent".into(),
            },
        },
        ToServer::Form {
            form,
            command: FormCommand::MoveHere,
        },
        ToServer::Form {
            form,
            command: FormCommand::Delete {
                kind: DeletionKind::Archived,
            },
        },
        ToServer::Form {
            form,
            command: FormCommand::Restore,
        },
    ]
}

/// Whether a request names an entity, a record or a form: each kind is asked about, or has nothing to do with one.
pub(crate) fn names(request: &ToServer) -> bool {
    match request {
        ToServer::Watch { .. } | ToServer::Join { .. } | ToServer::OpenReadOnly { .. } | ToServer::Form { .. } => true,
        ToServer::Query(query) => match query {
            AnyQuery::GetRows(_)
            | AnyQuery::GetPage(_)
            | AnyQuery::CorrectSearch(_)
            | AnyQuery::GetTitles(_)
            | AnyQuery::MoveRecord(_)
            | AnyQuery::GetViews(_)
            | AnyQuery::SaveView(_)
            | AnyQuery::GetImpact(_)
            | AnyQuery::StartJob(_)
            | AnyQuery::GetHistory(_)
            | AnyQuery::GetOwners(_)
            | AnyQuery::GetComments(_)
            | AnyQuery::FollowRecord(_)
            | AnyQuery::IsFollowed(_)
            | AnyQuery::SetFavourite(_)
            | AnyQuery::ChangeComment(_)
            | AnyQuery::GetColleagues(_) => true,
            // Only what is one's own already, or nothing of an entity.
            AnyQuery::DeleteView(_)
            | AnyQuery::GetJobState(_)
            | AnyQuery::CancelJob(_)
            | AnyQuery::UploadPart(_)
            | AnyQuery::DownloadPart(_)
            | AnyQuery::CommitUpload(_)
            | AnyQuery::GetThumbnail(_)
            | AnyQuery::GetAllDrafts(_)
            | AnyQuery::GetPeople(_)
            | AnyQuery::AddPerson(_)
            | AnyQuery::ChangePerson(_)
            | AnyQuery::GetGroups(_)
            | AnyQuery::ChangeGroups(_)
            | AnyQuery::RenameMe(_)
            | AnyQuery::RemoveSecondFactor(_)
            | AnyQuery::ShowPlace(_)
            | AnyQuery::MessagePerson(_)
            // Only admins, who see every form.
            | AnyQuery::ReleasePlace(_)
            | AnyQuery::GetSignIns(_)
            | AnyQuery::EndSignIn(_)
            | AnyQuery::GetOnline(_)
            // What of them is whose to see, `comments` and `activity` try.
            | AnyQuery::GetNotifications(_)
            | AnyQuery::ReadNotifications(_)
            | AnyQuery::GetFavourites(_)
            | AnyQuery::GetMuted(_)
            | AnyQuery::Mute(_)
            | AnyQuery::GetActivity(_)
            | AnyQuery::GetAudit(_) => false,
        },
        // The same.
        ToServer::Hello { .. }
        | ToServer::SignIn { .. }
        | ToServer::BeginProviderSignIn { .. }
        | ToServer::FinishProviderSignIn { .. }
        | ToServer::UseToken { .. }
        | ToServer::ChangePassword { .. }
        | ToServer::BeginSecondFactor { .. }
        | ToServer::ConfirmSecondFactor { .. }
        | ToServer::SignOut
        | ToServer::RevokeToken { .. }
        | ToServer::ShowPage { .. }
        | ToServer::Unwatch { .. }
        | ToServer::Leave { .. }
        | ToServer::Ping => false,
    }
}
