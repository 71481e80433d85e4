//! Every request, topic, event and job by every permission (semantics 7.2). A new kind of message does not compile
//! until it has its row here.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a peer waits for one message and passes the others over"
)]

mod support;

use std::collections::BTreeMap;

use baton_protocol::activity::ActivityFilter;
use baton_protocol::audit::AuditFilter;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::file::Source;
use baton_protocol::form::{CommandClass, FormCommand};
use baton_protocol::id::{EntityId, FormKey, FormKind, JobId, RecordId, UploadId, UserId};
use baton_protocol::job::{BulkAction, Format, Job};
use baton_protocol::message::{
    AddPerson, AnyQuery, ChangeGroups, ChangePerson, Code, CommitUpload, DownloadPart, Event, GetActivity,
    GetAllDrafts, GetAudit, GetGroups, GetMuted, GetNotifications, GetPeople, GetSignIns, GetThumbnail, MessagePerson,
    Mute, Problem, ReadNotifications, ReleasePlace, StartJob, ToClient, ToServer, Topic, UploadPart,
};
use baton_protocol::notification::ReadMark;
use baton_protocol::person::{PersonChange, UserRole};
use baton_protocol::rights::{Access, GroupChange};
use support::jobs::csv_import;
use support::requests::{Thing, requests};
use support::{Peer, Server, new_op, new_record, set, set_items};
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
        | AnyQuery::GetTitles(_)
        | AnyQuery::GetViews(_)
        | AnyQuery::SaveView(_)
        | AnyQuery::GetHistory(_)
        | AnyQuery::GetComments(_)
        | AnyQuery::FollowRecord(_)
        | AnyQuery::IsFollowed(_)
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
            Job::Bulk { .. } | Job::Import(_) | Job::Look { .. } | Job::Undo { .. } => Access::Edit,
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

/// Whether an answer is a refusal for want of a right. What is not there for somebody is not found by them.
fn denied<T>(answer: &Result<T, Problem>) -> bool {
    let denials = [Code::NotFound, Code::Forbidden, Code::NotJoined];
    answer.as_ref().is_err_and(|problem| denials.contains(&problem.code))
}

/// One person of each permission, none of them an admin, and an admin.
struct Everybody {
    admin: Peer,
    people: BTreeMap<Access, Peer>,
    groups: BTreeMap<Access, baton_protocol::id::GroupId>,
}

impl Everybody {
    async fn of(server: &Server) -> Self {
        let mut admin = server.peer("ada").await;
        let (mut people, mut groups) = (BTreeMap::new(), BTreeMap::new());
        for level in Access::ALL {
            let name = format!("{level:?}");
            let (peer, id) = server.newcomer(&mut admin, &name, UserRole::None).await;
            groups.insert(level, admin.make_group(&name, &[id], &[]).await);
            people.insert(level, peer);
        }
        Self { admin, people, groups }
    }

    /// An entity with a record, of which each has their permission.
    async fn thing(&mut self) -> Thing {
        let entity = EntityId(Uuid::now_v7());
        let definition = self.admin.open(FormKey::entity(entity), None).await;
        let name = format!("n{}", entity.0.simple());
        let changes = vec![
            set("label", &name),
            set("label_plural", &name),
            set("status", "published"),
            set_items("fields", &["a"]),
            set("f:a:label", "Code"),
            set("f:a:type", "text"),
        ];
        self.admin.edit(&definition, changes).await.expect("accepted");
        self.admin.save(&definition).await.expect("saved");
        let form = definition.form;
        self.admin.ask(ToServer::Leave { form }).await.expect("left");
        for (level, group) in &self.groups {
            let change = GroupChange::Grant(*group, entity, Some(*level));
            self.admin.change_groups(change).await.expect("granted");
        }
        let record = self.record(entity).await;
        Thing { entity, record }
    }

    async fn record(&mut self, entity: EntityId) -> RecordId {
        let view = self.admin.open(new_record(), Some(entity)).await;
        self.admin
            .edit(&view, vec![set("title", "Coat")])
            .await
            .expect("accepted");
        self.admin.save(&view).await.expect("saved");
        self.admin.ask(ToServer::Leave { form: view.form }).await.expect("left");
        RecordId(view.form.id)
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

#[tokio::test]
async fn files_are_brought_by_who_edits_anything_and_read_by_who_sees_a_field_that_has_them() {
    let server = Server::start().await;
    let mut all = Everybody::of(&server).await;
    let thing = all.thing().await;
    // A field that holds a file, and a record that has one.
    let definition = all.admin.open(FormKey::entity(thing.entity), None).await;
    let changes = vec![
        set_items("fields", &["a", "b"]),
        set("f:b:label", "Sheet"),
        set("f:b:type", "file"),
    ];
    all.admin.edit(&definition, changes).await.expect("accepted");
    all.admin.save(&definition).await.expect("saved");
    let upload = all.admin.bring(b"what it says").await;
    let name = "sheet.txt".to_owned();
    let commit = |upload| CommitUpload {
        op: new_op(),
        upload,
        name: name.clone(),
    };
    let kept = all.admin.query(commit(upload)).await.expect("stored");
    let view = all.admin.open(FormKey::record(thing.record), None).await;
    let sheet = all.admin.again(FormKey::entity(thing.entity)).await;
    let field = sheet.value("f:b:name").text().to_owned();
    let value = serde_json::to_string(&kept).expect("encoded");
    all.admin
        .edit(&view, vec![set(&field, &value)])
        .await
        .expect("accepted");
    all.admin.save(&view).await.expect("saved");

    for (level, peer) in &mut all.people {
        let upload = UploadId(Uuid::new_v4());
        let part = UploadPart {
            upload,
            offset: 0,
            data: "QQ==".into(),
        };
        let look = StartJob {
            id: JobId(Uuid::new_v4()),
            job: Job::Look {
                upload,
                format: Format::Csv,
                sheet: None,
            },
        };
        let edits = *level >= Access::Edit;
        assert_eq!(!denied(&peer.ask(part).await), edits, "{level:?} brings a file");
        assert_eq!(!denied(&peer.ask(look).await), edits, "{level:?} looks at a table");
        assert_eq!(!denied(&peer.ask(commit(upload)).await), edits, "{level:?} stores it");
        let download = DownloadPart {
            source: Source::File(kept.hash),
            offset: 0,
        };
        let sees = *level >= Access::View;
        assert_eq!(peer.ask(download).await.is_ok(), sees, "{level:?} reads a file");
        let thumbnail = GetThumbnail { file: kept.hash };
        assert_eq!(peer.ask(thumbnail).await.is_ok(), sees, "{level:?} looks at it");
    }
}

/// What somebody needs to be told of an event; nothing: everybody is.
fn event_needs(event: &Event) -> Access {
    match event {
        Event::Renamed { .. } => Access::None,
        Event::EntitySaved { .. }
        | Event::EntityPurged { .. }
        | Event::Redefined { .. }
        | Event::RecordsChanged { .. }
        | Event::RecordCreated { .. }
        | Event::RecordUpdated { .. }
        | Event::RecordRemoved { .. }
        | Event::RecordRestored { .. }
        | Event::BinAdded(_)
        | Event::BinRemoved { .. }
        | Event::RecordCount { .. } => Access::View,
    }
}

/// What an event is called on the wire.
fn event_name(event: &Event) -> String {
    let value = serde_json::to_value(event).expect("encoded");
    let object = value.as_object().expect("an object");
    object.keys().next().expect("its name").clone()
}

/// Everything that can happen to an entity and its records, but for the end of the time that what is deleted is kept.
async fn everything_happens(all: &mut Everybody, thing: Thing) {
    let Thing { entity, record } = thing;
    let another = all.record(entity).await;
    let admin = &mut all.admin;
    let view = admin.again(FormKey::record(record)).await;
    admin
        .edit(&view, vec![set("title", "Coat of wool")])
        .await
        .expect("accepted");
    admin.save(&view).await.expect("saved");
    for command in [
        FormCommand::Delete {
            kind: DeletionKind::Archived,
        },
        FormCommand::Restore,
    ] {
        admin.give(FormKey::record(another), command).await.expect("done");
    }
    let upload = admin.bring(b"title\nA\nB\n").await;
    let (id, job) = (
        baton_protocol::id::JobId(Uuid::new_v4()),
        csv_import(entity, upload, &["title"], false),
    );
    admin.query(StartJob { id, job }).await.expect("started");
    assert_eq!(admin.job_outcome(id).await.records, 2);
    let definition = admin.again(FormKey::entity(entity)).await;
    admin
        .edit(&definition, vec![set("description", "Warm things")])
        .await
        .expect("accepted");
    admin.save(&definition).await.expect("saved");
    let rename = ChangePerson {
        op: new_op(),
        person: admin.people().await[0].person.id,
        change: PersonChange::Name("Another name".into()),
    };
    admin.query(rename).await.expect("renamed");
}

#[tokio::test]
async fn every_event_and_presence_reaches_exactly_those_who_may_see_it() {
    let server = Server::start_with(&["--grace-ms", "60000", "--heartbeat-ms", "15000"]).await;
    let mut all = Everybody::of(&server).await;
    let thing = all.thing().await;
    for (level, peer) in &mut all.people {
        // What was told until now.
        peer.ask(ToServer::Ping).await.expect("answered");
        while peer.heard_already().is_some() {}
        for topic in [Topic::Entities, Topic::Records(thing.entity), Topic::Bin(thing.entity)] {
            let watch = ToServer::Watch {
                topic,
                rows: 10,
                since: None,
            };
            let answer = peer.ask(watch).await;
            let sees = topic == Topic::Entities || *level >= Access::View;
            assert_eq!(answer.is_ok(), sees, "{level:?} {topic:?}");
        }
        let form = FormKey::record(thing.record);
        let opened = peer.ask(ToServer::OpenReadOnly { form }).await;
        assert_eq!(opened.is_ok(), *level >= Access::View);
    }
    everything_happens(&mut all, thing).await;
    let mut told: BTreeMap<Access, Vec<String>> = BTreeMap::new();
    for (level, peer) in &mut all.people {
        peer.ask(ToServer::Ping).await.expect("answered");
        let names = told.entry(*level).or_default();
        while let Some(message) = peer.heard_already() {
            match message {
                ToClient::Event { event, .. } => {
                    assert!(*level >= event_needs(&event), "{level:?} was told {event:?}");
                    names.push(event_name(&event));
                }
                ToClient::Presence { .. } => names.push("presence".into()),
                ToClient::Form { .. } => names.push("notice".into()),
                other => panic!("{level:?} was told {other:?}"),
            }
        }
        names.sort();
        names.dedup();
    }
    assert_eq!(told[&Access::None], ["renamed"]);
    let all_of_it = [
        "bin_added",
        "bin_removed",
        "entity_saved",
        "notice",
        "presence",
        "record_count",
        "record_created",
        "record_removed",
        "record_restored",
        "record_updated",
        "records_changed",
        "redefined",
        "renamed",
    ];
    for level in [Access::View, Access::Edit, Access::Manage] {
        assert_eq!(told[&level], all_of_it, "{level:?}");
    }
}
