//! Every event, presence and file by every permission (semantics 7.2). A new kind of event does not compile until it has its
//! row here.

use std::collections::BTreeMap;

use crate::support::everybody::{Everybody, denied};
use crate::support::jobs::csv_import;
use crate::support::requests::Thing;
use crate::support::{Server, new_op, set, set_items};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::file::Source;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{FormKey, JobId, UploadId};
use baton_protocol::job::{Format, Job};
use baton_protocol::message::{
    ChangePerson, CommitUpload, DownloadPart, Event, GetThumbnail, StartJob, ToClient, ToServer, Topic, UploadPart,
};
use baton_protocol::person::PersonChange;
use baton_protocol::rights::Access;
use uuid::Uuid;

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
    all.admin
        .edit(&view, vec![set(&field, &kept.to_string())])
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
            job: Job::Inspect {
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
