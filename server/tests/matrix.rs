//! Every request, topic and job by every permission (semantics 7.2). A new kind of message does not compile
//! until it has its row here.

use crate::support::everybody::{Everybody, denied};
use crate::support::requests::requests;
use crate::support::{Peer, Server, new_op};
use baton_protocol::activity::ActivityFilter;
use baton_protocol::audit::AuditFilter;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::form::{CommandClass, FormCommand};
use baton_protocol::id::{EntityId, FormKey, FormKind, JobId, RecordId, UploadId, UserId};
use baton_protocol::job::{BulkAction, Job};
use baton_protocol::message::{
    AddPerson, AnyQuery, ChangeGroups, ChangePerson, Code, GetActivity, GetAllDrafts, GetAudit, GetGroups, GetMuted,
    GetNotifications, GetPeople, GetSignIns, MessagePerson, Mute, ReadNotifications, ReleasePlace, StartJob, ToServer,
    Topic,
};
use baton_protocol::notification::ReadMark;
use baton_protocol::person::{PersonChange, UserRole};
use baton_protocol::rights::{Access, GroupChange};
use uuid::Uuid;

/// What somebody needs for a request about a thing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Needed {
    /// This much of the thing's entity.
    Access(Access),
    /// What nobody may do: an entity is put away by its status.
    More,
    /// To be an admin.
    Admin,
    /// Nothing of a thing: it is about whoever asks alone.
    Nothing,
}

fn command_needs(form: FormKey, command: &FormCommand) -> Needed {
    let edits = match form.kind {
        FormKind::Record => Access::Edit,
        FormKind::Entity => Access::Manage,
    };
    let archived = DeletionKind::Archived;
    if form.kind == FormKind::Entity && *command == (FormCommand::Delete { kind: archived }) {
        return Needed::More;
    }
    Needed::Access(match command {
        FormCommand::TakeOver { .. } => Access::Manage,
        FormCommand::Focus { .. }
        | FormCommand::Change { .. }
        | FormCommand::DiscardDraft { .. }
        | FormCommand::RestoreDraft { .. }
        | FormCommand::Save { .. }
        | FormCommand::RequestEdit
        | FormCommand::DeclineEdit { .. }
        | FormCommand::HandOver { .. }
        | FormCommand::MoveHere
        | FormCommand::Delete { .. }
        | FormCommand::Restore => edits,
    })
}

fn query_needs(query: &AnyQuery) -> Needed {
    match query {
        AnyQuery::GetRows(_)
        | AnyQuery::GetPage(_)
        | AnyQuery::CorrectSearch(_)
        | AnyQuery::GetTitles(_)
        | AnyQuery::GetViews(_)
        | AnyQuery::SaveView(_)
        | AnyQuery::GetHistory(_)
        | AnyQuery::GetComments(_)
        | AnyQuery::FollowRecord(_)
        | AnyQuery::IsFollowed(_)
        | AnyQuery::SetFavourite(_)
        | AnyQuery::ChangeComment(_)
        | AnyQuery::GetColleagues(_)
        | AnyQuery::GetOwners(_) => Needed::Access(Access::View),
        AnyQuery::MoveRecord(_) => Needed::Access(Access::Edit),
        AnyQuery::GetImpact(_) => Needed::Access(Access::Manage),
        AnyQuery::StartJob(StartJob { job, .. }) => Needed::Access(match job {
            Job::Export { .. } => Access::View,
            // What is in the bin, and a whole entity, `purge` tries.
            Job::Bulk {
                action: BulkAction::Purge,
                ..
            }
            | Job::PurgeEntity { .. } => Access::Manage,
            // Whose work it was is asked as well: `import_key` tries it.
            Job::Bulk { .. } | Job::Import(_) | Job::Inspect { .. } | Job::Undo { .. } => Access::Edit,
            Job::ExportAudit { .. } => return Needed::Admin,
        }),
        // A file is there for whoever sees a field that has it.
        AnyQuery::DownloadPart(_) | AnyQuery::GetThumbnail(_) => Needed::Access(Access::View),
        AnyQuery::UploadPart(_) | AnyQuery::CommitUpload(_) => Needed::Access(Access::Edit),
        AnyQuery::GetAllDrafts(_)
        | AnyQuery::GetPeople(_)
        | AnyQuery::AddPerson(_)
        | AnyQuery::ChangePerson(_)
        | AnyQuery::GetGroups(_)
        | AnyQuery::ChangeGroups(_)
        | AnyQuery::MessagePerson(_)
        | AnyQuery::ReleasePlace(_)
        | AnyQuery::GetAudit(_) => Needed::Admin,
        // What of them is whose to see, `live`, `comments` and `activity` try.
        AnyQuery::GetOnline(_)
        | AnyQuery::GetNotifications(_)
        | AnyQuery::ReadNotifications(_)
        | AnyQuery::GetFavourites(_)
        | AnyQuery::GetMuted(_)
        | AnyQuery::Mute(_)
        | AnyQuery::GetActivity(_)
        | AnyQuery::DeleteView(_)
        | AnyQuery::GetJobState(_)
        | AnyQuery::CancelJob(_)
        | AnyQuery::RenameMe(_)
        | AnyQuery::RemoveSecondFactor(_)
        | AnyQuery::ShowPlace(_)
        | AnyQuery::GetSignIns(_)
        | AnyQuery::EndSignIn(_) => Needed::Nothing,
    }
}

fn needs(request: &ToServer) -> Needed {
    match request {
        ToServer::Watch { topic: Topic::Live, .. } => Needed::Admin,
        ToServer::Watch { .. } | ToServer::OpenReadOnly { .. } | ToServer::Join { .. } => Needed::Access(Access::View),
        ToServer::Form { form, command } => command_needs(*form, command),
        ToServer::Query(query) => query_needs(query),
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
        | ToServer::Unwatch { .. }
        | ToServer::Leave { .. }
        | ToServer::ShowPage { .. }
        | ToServer::Ping => Needed::Nothing,
    }
}

/// Asks, with the form open where that is what the request is about; whether it was denied.
async fn is_denied(peer: &mut Peer, request: ToServer, entity: EntityId) -> bool {
    let (form, opens) = match &request {
        ToServer::Form { form, command } => (Some(*form), command.class() != CommandClass::Record),
        _ => (None, false),
    };
    if let (Some(form), true) = (form, opens) {
        let entity = Some(entity);
        if denied(&peer.ask(ToServer::Join { form, entity }).await) {
            return true;
        }
    }
    let job = match &request {
        ToServer::Query(AnyQuery::StartJob(query)) => Some(query.id),
        _ => None,
    };
    let titles = matches!(&request, ToServer::Query(AnyQuery::GetTitles(_)));
    let answer = peer.ask(request).await;
    if let (Some(job), Ok(_)) = (job, &answer) {
        assert_eq!(peer.job_outcome(job).await.problem, None);
    }
    if let Some(form) = form {
        peer.ask(ToServer::Leave { form }).await.ok();
    }
    // Titles that are not there for somebody are left out.
    denied(&answer) || titles && format!("{answer:?}").contains("GetTitles([])")
}

#[tokio::test]
async fn every_request_is_denied_to_whoever_has_less_than_it_needs_and_to_nobody_else() {
    let server = Server::start_with(&["--grace-ms", "60000", "--heartbeat-ms", "15000"]).await;
    let mut all = Everybody::of(&server).await;
    let count = {
        let thing = all.thing().await;
        requests(thing, UploadId(Uuid::nil())).len()
    };
    for number in 0..count {
        // Whatever the ones before did to it, the next one asks about a fresh one.
        for level in Access::ALL {
            let thing = all.thing().await;
            let upload = if level >= Access::Edit {
                all.people.get_mut(&level).expect("somebody").bring(b"title\nA\n").await
            } else {
                UploadId(Uuid::new_v4())
            };
            let request = requests(thing, upload).swap_remove(number);
            let needed = needs(&request);
            let asked = format!("{level:?} asks {request:.200?}");
            let denied = is_denied(all.people.get_mut(&level).expect("somebody"), request, thing.entity).await;
            let expected = match needed {
                Needed::Access(needed) => level < needed,
                Needed::More => true,
                Needed::Admin | Needed::Nothing => panic!("{asked}: it is about a thing"),
            };
            assert_eq!(denied, expected, "{asked}");
        }
    }
}

/// What only admins do, to this person or to nobody.
fn what_is_an_admins(person: UserId) -> Vec<ToServer> {
    let (op, name) = (new_op(), "X".to_owned());
    let add = AddPerson {
        op,
        email: "x@example.test".into(),
        name,
        role: UserRole::Admin,
    };
    let change = ChangePerson {
        op: new_op(),
        person,
        change: PersonChange::Role(UserRole::Admin),
    };
    let close = ChangeGroups {
        op: new_op(),
        change: GroupChange::Close(EntityId(Uuid::nil()), true),
    };
    let (filter, before, rows) = (AuditFilter::default(), None, 10);
    vec![
        GetAllDrafts {}.into(),
        GetPeople {}.into(),
        add.into(),
        change.into(),
        GetGroups {}.into(),
        close.into(),
        ToServer::Watch {
            topic: Topic::Live,
            rows: 0,
            since: None,
        },
        StartJob {
            id: JobId(Uuid::new_v4()),
            job: Job::ExportAudit {
                filter: AuditFilter::default(),
                upload: UploadId(Uuid::new_v4()),
            },
        }
        .into(),
        MessagePerson {
            op: new_op(),
            person,
            text: "Hello".into(),
        }
        .into(),
        ReleasePlace {
            form: FormKey::record(RecordId(Uuid::new_v4())),
            person,
        }
        .into(),
        GetAudit { filter, before, rows }.into(),
        GetSignIns { person: Some(person) }.into(),
    ]
}

#[tokio::test]
async fn what_is_an_admins_is_denied_to_everybody_else_and_what_is_ones_own_to_nobody() {
    let server = Server::start().await;
    let mut all = Everybody::of(&server).await;
    let person = all.admin.people().await[0].person.id;
    for level in Access::ALL {
        for request in what_is_an_admins(person) {
            let asked = format!("{level:?} asks {request:.200?}");
            let peer = all.people.get_mut(&level).expect("somebody");
            assert_eq!(
                peer.ask(request).await.expect_err(&asked).code,
                Code::Forbidden,
                "{asked}"
            );
        }
        let peer = all.people.get_mut(&level).expect("somebody");
        for own in [
            GetSignIns { person: None }.into(),
            GetNotifications {}.into(),
            ReadNotifications {
                read: ReadMark::UpTo(1),
            }
            .into(),
            GetMuted {}.into(),
            Mute { muted: [].into() }.into(),
            GetActivity {
                filter: ActivityFilter::default(),
                before: None,
                after: None,
                rows: 10,
            }
            .into(),
            ToServer::Watch {
                topic: Topic::Drafts,
                rows: 10,
                since: None,
            },
            ToServer::Watch {
                topic: Topic::Entities,
                rows: 10,
                since: None,
            },
        ] {
            peer.ask(own).await.expect("one's own");
        }
    }
}
