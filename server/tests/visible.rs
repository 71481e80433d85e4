//! What somebody may not see is not there for them, whatever is asked and however (semantics 6.1).

use crate::support::requests::{Thing, first_page, names, requests};
use crate::support::{Peer, Server, new_op, new_record, set, set_items};
use baton_protocol::definition::key;
use baton_protocol::file::Source;
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{Answer, AnyQuery, CommitUpload, DownloadPart, Snapshot, ToClient, ToServer, Topic};
use uuid::Uuid;

/// An entity that is no draft yet, with a record that holds a file.
async fn secrets(ada: &mut Peer) -> (Thing, FormSnapshot, FormSnapshot, baton_protocol::file::FileRef) {
    let entity = EntityId(Uuid::now_v7());
    let definition = ada.open(FormKey::entity(entity), None).await;
    let changes = vec![
        set("label", "Secret"),
        set("label_plural", "Secrets"),
        set("status", "published"),
        set_items("fields", &["a", "b"]),
        set(&key("a", "label"), "Code"),
        set(&key("a", "type"), "text"),
        set(&key("b", "label"), "Scan"),
        set(&key("b", "type"), "file"),
    ];
    ada.edit(&definition, changes).await.expect("accepted");
    ada.save(&definition).await.expect("saved");
    let upload = ada.bring(b"nobody reads this").await;
    let keep = CommitUpload {
        op: new_op(),
        upload,
        name: "secret.txt".into(),
    };
    let file = ada.query(keep).await.expect("not kept");
    let view = ada.open(new_record(), Some(entity)).await;
    let changes = vec![set("title", "Hidden words"), set("scan", &file.to_string())];
    ada.edit(&view, changes).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    let view = ada.again(view.form).await;
    let record = RecordId(view.form.id);
    (Thing { entity, record }, ada.again(definition.form).await, view, file)
}

/// What an answer tells: the same for what is hidden and for what never was.
async fn describe_answer(peer: &mut Peer, request: ToServer, thing: Thing) -> String {
    let started = match &request {
        ToServer::Query(AnyQuery::StartJob(query)) => Some(query.id),
        _ => None,
    };
    let mut answer = peer.ask(request).await;
    if let (Some(job), Ok(_)) = (started, &answer) {
        let outcome = Some(peer.job_outcome(job).await);
        return format!("{outcome:?}");
    }
    if let Ok(Answer::Watching { seq, .. } | Answer::CaughtUp { seq, .. }) = &mut answer {
        *seq = baton_protocol::id::Seq(0);
    }
    let text = format!("{answer:?}");
    text.replace(&thing.entity.to_string(), "ENTITY")
        .replace(&thing.record.to_string(), "RECORD")
}

/// What happens to it meanwhile is told to admins only.
async fn is_told_to_admins_only(ada: &mut Peer, anna: &mut Peer, view: &FormSnapshot) {
    anna.ask(ToServer::Watch {
        topic: Topic::Drafts,
        rows: 1,
        since: None,
    })
    .await
    .expect("her own");
    let view = ada.again(view.form).await;
    ada.edit(&view, vec![set("title", "Hidden words again")])
        .await
        .expect("accepted");
    ada.save(&view).await.expect("saved");
    anna.ask(ToServer::Ping).await.expect("answered");
    while let Some(message) = anna.heard_already() {
        let message = format!("{message:?}");
        assert!(!message.contains("Hidden words"), "{message}");
    }
}

#[tokio::test]
async fn what_is_hidden_is_answered_like_what_never_was() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let everything = ToServer::Watch {
        topic: Topic::Entities,
        rows: 100,
        since: None,
    };
    let (thing, definition, view, file) = secrets(&mut ada).await;
    anna.ask(everything.clone()).await.expect("watches");
    for form in [view.form, definition.form] {
        ada.ask(ToServer::Leave { form }).await.expect("left");
    }
    let definition = ada.again(definition.form).await;
    ada.edit(&definition, vec![set("status", "draft")])
        .await
        .expect("accepted");
    ada.save(&definition).await.expect("saved");
    // Whoever has seen it hears that it is no more, and nothing of it.
    let gone = anna.hear(|message| match message {
        ToClient::Event { event, .. } => Some(format!("{event:?}")),
        _ => None,
    });
    let gone = gone.await;
    assert!(gone.starts_with("EntityPurged"), "{gone}");

    let upload = anna.bring(b"title\nA\n").await;
    let nothing = Thing {
        entity: EntityId(Uuid::now_v7()),
        record: RecordId(Uuid::now_v7()),
    };
    let (hidden, unknown) = (requests(thing, upload), requests(nothing, upload));
    for (hidden, unknown) in hidden.into_iter().zip(unknown) {
        assert!(names(&hidden));
        let asked = format!("{hidden:.120?}");
        let of_hidden = describe_answer(&mut anna, hidden, thing).await;
        let of_unknown = describe_answer(&mut anna, unknown, nothing).await;
        assert_eq!(of_hidden, of_unknown, "{asked}");
        assert!(
            !of_hidden.contains("Hidden words") && !of_hidden.contains("Secret"),
            "{asked}: {of_hidden}"
        );
    }
    for source in [Source::File(file.hash)] {
        let download = anna.ask(DownloadPart { source, offset: 0 }).await;
        assert!(download.is_err(), "{download:?}");
    }
    let Ok(Answer::Watching {
        snapshot: Snapshot::Entities(rows),
        ..
    }) = anna.ask(everything).await
    else {
        panic!("no entities");
    };
    assert!(rows.iter().all(|row| row.entity.id != thing.entity));

    is_told_to_admins_only(&mut ada, &mut anna, &view).await;
    // For an admin it is there.
    let page = first_page(thing.entity, ListQuery::default(), 10);
    let page = ada.query(page).await.expect("no page");
    assert_eq!(page.total, 1);
}

#[tokio::test]
async fn whoever_looks_at_a_definition_hears_nothing_of_it_once_it_is_a_draft_again() {
    let server = Server::start().await;
    let (mut ada, mut ben) = (server.peer("ada").await, server.peer("ben").await);
    let (thing, view, ..) = secrets(&mut ada).await;
    let form = FormKey::entity(thing.entity);
    ben.ask(ToServer::Join { form, entity: None })
        .await
        .expect("he looks on");
    ben.record();
    ada.edit(&view, vec![set("description", "Giraffe")])
        .await
        .expect("accepted");
    ben.ask(ToServer::Ping).await.expect("served");
    assert!(ben.recorded().contains("Giraffe"), "he sees what is typed");
    ada.edit(&view, vec![set("status", "draft")]).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    let view = ada.again(form).await;
    ada.edit(&view, vec![set("description", "Zebra")])
        .await
        .expect("accepted");
    ben.ask(ToServer::Ping).await.expect("served");
    assert!(
        !ben.recorded().contains("Zebra"),
        "it is there for whoever defines it only"
    );
}
