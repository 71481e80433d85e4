//! Lists over a raw socket: a snapshot, then every change once, in order, with the row in it.

use crate::support::{Server, new_op, new_record, set};
use baton_protocol::form::{FormCommand, Presence};
use baton_protocol::id::{EntityId, FormKey, Seq};
use baton_protocol::message::{Answer, Code, Event, Snapshot, ToClient, ToServer, Topic};
use uuid::Uuid;

#[tokio::test]
async fn a_save_reaches_every_list_once_with_its_row_and_in_order() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = ben.entity("product").await;
    let topic = Topic::Records(entity);
    let Ok(Answer::Watching { seq: mut last, .. }) = ben
        .ask(ToServer::Watch {
            topic,
            rows: 10,
            since: None,
        })
        .await
    else {
        panic!("the list is watched");
    };
    let form = anna.a_product().await;
    let mut view = anna.join(form).await;
    for number in 1..=5 {
        let title = format!("Title {number}");
        anna.change(form, view.fence, "title", &title).await.expect("accepted");
        let save = ToServer::Form {
            form,
            command: FormCommand::Save {
                fence: view.fence,
                op: new_op(),
                version: view.version,
            },
        };
        anna.ask(save).await.expect("saved");
        view.version = view.version.next();
        let (seq, row) = ben
            .hear(|message| match message {
                ToClient::Event {
                    seq,
                    topic: heard,
                    event: Event::RecordUpdated { row },
                } if *heard == topic => Some((*seq, row.clone())),
                _ => None,
            })
            .await;
        assert!(seq > last, "{seq} after {last}");
        last = seq;
        assert_eq!((row.title, row.version), (title, view.version));
        assert_eq!(row.updated.by.name, "Anna");
    }
}

#[tokio::test]
async fn a_failed_save_tells_no_list() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = ben.entity("product").await;
    ben.records(entity).await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    anna.change(form, view.fence, "title", "")
        .await
        .expect("a draft may be incomplete");
    let save = |op| ToServer::Form {
        form,
        command: FormCommand::Save {
            fence: view.fence,
            op,
            version: view.version,
        },
    };
    assert_eq!(anna.ask(save(new_op())).await.expect_err("refused").code, Code::Invalid);
    anna.change(form, view.fence, "title", "Now good")
        .await
        .expect("accepted");
    anna.ask(save(new_op())).await.expect("saved");
    let first = ben
        .hear(|message| match message {
            ToClient::Event {
                event: Event::RecordUpdated { row },
                ..
            } => Some(row.title.clone()),
            _ => None,
        })
        .await;
    assert_eq!(
        first, "Now good",
        "the first thing that is heard is the save that worked"
    );
}

#[tokio::test]
async fn a_new_record_is_created_in_its_list_and_counted_among_entities() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = ben.entity("staff").await;
    let before = ben.records(entity).await.len();
    let form = new_record();
    let Ok(Answer::Joined(view)) = anna
        .ask(ToServer::Join {
            form,
            entity: Some(entity),
        })
        .await
    else {
        panic!("a new record opens");
    };
    anna.change(form, view.fence, "title", "Nadia Novak")
        .await
        .expect("accepted");
    let save = ToServer::Form {
        form,
        command: FormCommand::Save {
            fence: view.fence,
            op: new_op(),
            version: view.version,
        },
    };
    anna.ask(save).await.expect("saved");
    let created = ben
        .hear(|message| match message {
            ToClient::Event {
                event: Event::RecordCreated { row },
                ..
            } => Some(row.title.clone()),
            _ => None,
        })
        .await;
    assert_eq!(created, "Nadia Novak");
    let count = ben
        .hear(|message| match message {
            ToClient::Event {
                event:
                    Event::RecordCount {
                        entity: counted,
                        records,
                    },
                ..
            } if *counted == entity => Some(*records),
            _ => None,
        })
        .await;
    assert_eq!(count, before as u64 + 1);
}

#[tokio::test]
async fn who_edits_a_row_is_told_and_part_of_the_snapshot() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = ben.entity("product").await;
    ben.records(entity).await;
    let form = anna.a_product().await;
    anna.join(form).await;
    let presence = |message: &ToClient| match message {
        ToClient::Presence { row, .. } => Some(row.presence.clone()),
        _ => None,
    };
    let editing = ben.hear(presence).await;
    assert!(matches!(editing, Some(Presence { owner, others: 0 }) if owner.name == "Anna"));
    let topic = Topic::Records(entity);
    let Ok(Answer::Watching {
        snapshot: Snapshot::Records { editing, .. },
        ..
    }) = ben
        .ask(ToServer::Watch {
            topic,
            rows: 1,
            since: None,
        })
        .await
    else {
        panic!("the list is watched");
    };
    assert_eq!(editing.len(), 1);
    anna.ask(ToServer::Leave { form }).await.expect("leaves");
    assert_eq!(ben.hear(presence).await, None);
}

#[tokio::test]
async fn who_edits_a_definition_is_told_to_whoever_sees_the_entity() {
    let server = Server::start().await;
    let (mut ada, mut ben) = (server.peer("ada").await, server.peer("ben").await);
    let entity = ben.entity("product").await;
    let watch = |since| ToServer::Watch {
        topic: Topic::Entities,
        rows: 10,
        since,
    };
    let answer = ben.ask(watch(None)).await;
    let Ok(Answer::Watching { seq, .. }) = answer else {
        panic!("the entities are watched: {answer:?}");
    };
    // A draft of hers is nothing that he sees.
    let hidden = FormKey::entity(EntityId(Uuid::new_v4()));
    let view = ada.open(hidden, None).await;
    let fields = [("label", "Secret"), ("label_plural", "Secrets"), ("status", "draft")];
    let fields = fields.map(|(name, value)| set(name, value)).to_vec();
    ada.edit(&view, fields).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    ada.open(FormKey::entity(entity), None).await;
    let presence = |message: &ToClient| match message {
        ToClient::Presence { row, .. } => Some((row.form, row.presence.clone())),
        _ => None,
    };
    let (form, editing) = ben.hear(presence).await;
    assert_eq!(form, FormKey::entity(entity), "and nothing of the draft entity");
    assert!(matches!(editing, Some(Presence { owner, .. }) if owner.name == "Ada"));
    let Ok(Answer::CaughtUp { editing, .. }) = ben.ask(watch(Some(seq))).await else {
        panic!("he is told what he missed");
    };
    let forms: Vec<FormKey> = editing.iter().map(|row| row.form).collect();
    assert_eq!(forms, [FormKey::entity(entity)]);
    let Ok(Answer::Watching {
        snapshot: Snapshot::Entities(rows),
        ..
    }) = ben.ask(watch(None)).await
    else {
        panic!("the entities are watched");
    };
    let open: Vec<_> = rows.iter().filter(|row| row.editing.is_some()).collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].entity.id, entity);
}

#[tokio::test]
async fn an_unwatched_list_tells_nothing_and_an_unknown_one_is_refused() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = ben.entity("product").await;
    ben.records(entity).await;
    ben.ask(ToServer::Unwatch {
        topic: Topic::Records(entity),
    })
    .await
    .expect("unwatched");
    let form = anna.a_product().await;
    anna.join(form).await;
    anna.ask(ToServer::Leave { form }).await.expect("leaves");
    ben.say(ToServer::Ping).await;
    let heard = ben.read().await;
    assert!(matches!(heard, Some(ToClient::Answer { .. })), "{heard:?}");

    let unknown = Topic::Records(EntityId(Uuid::nil()));
    let refused = ben
        .ask(ToServer::Watch {
            topic: unknown,
            rows: 1,
            since: None,
        })
        .await
        .expect_err("refused");
    assert_eq!(refused.code, Code::NotFound);
}

#[tokio::test]
async fn whoever_was_away_gets_each_missed_change_once_and_in_order_also_after_a_crash() {
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = ben.entity("product").await;
    let topic = Topic::Records(entity);
    let watch = |since| ToServer::Watch { topic, rows: 10, since };
    let Ok(Answer::Watching { seq, .. }) = ben.ask(watch(None)).await else {
        panic!("the list is watched");
    };
    ben.cut();
    let form = anna.a_product().await;
    let mut view = anna.join(form).await;
    for title in ["One", "Two", "Three"] {
        anna.change(form, view.fence, "title", title).await.expect("accepted");
        let save = ToServer::Form {
            form,
            command: FormCommand::Save {
                fence: view.fence,
                op: new_op(),
                version: view.version,
            },
        };
        anna.ask(save).await.expect("saved");
        view.version = view.version.next();
    }
    server.kill_and_restart().await;
    let mut ben = server.peer("ben").await;
    let Ok(Answer::CaughtUp {
        seq: now,
        events,
        editing,
    }) = ben.ask(watch(Some(seq))).await
    else {
        panic!("the log reaches back so far");
    };
    let titles: Vec<_> = events
        .iter()
        .map(|event| match event {
            Event::RecordUpdated { row } => row.title.as_str(),
            other => panic!("{other:?} did not happen"),
        })
        .collect();
    assert_eq!(titles, ["One", "Two", "Three"]);
    assert_eq!(editing.len(), 1, "Anna's place is held");
    let Ok(Answer::CaughtUp { events, .. }) = ben.ask(watch(Some(now))).await else {
        panic!("and there is nothing more");
    };
    assert!(events.is_empty());
    // A number from another database is no number that was seen here.
    let unknown = ben.ask(watch(Some(Seq(now.0 + 1000)))).await;
    assert!(matches!(unknown, Ok(Answer::Watching { .. })), "{unknown:?}");
}

#[tokio::test]
async fn a_log_that_was_pruned_says_so_by_a_snapshot() {
    let mut server = Server::start().await;
    let mut ben = server.peer("ben").await;
    let entity = ben.entity("product").await;
    // The sample data is the log's beginning; a day is not kept here.
    server.kill().await;
    server.restart_with(&["--keep-changes-days", "0"]).await;
    let mut ben = server.peer("ben").await;
    let watch = ToServer::Watch {
        topic: Topic::Records(entity),
        rows: 10,
        since: Some(Seq(1)),
    };
    let begun = std::time::Instant::now();
    loop {
        assert!(begun.elapsed() < crate::support::TIMEOUT, "nothing was pruned");
        // The log is pruned a moment after the start.
        match ben.ask(watch.clone()).await.expect("answered") {
            Answer::Watching {
                snapshot: Snapshot::Records { rows, .. },
                ..
            } => {
                assert_eq!(rows.len(), 10);
                return;
            }
            Answer::CaughtUp { .. } => {}
            other => panic!("{other:?} answers something else"),
        }
    }
}
