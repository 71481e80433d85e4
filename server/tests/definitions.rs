//! Definitions of entities over a raw socket: forms like every other, and what they do to records.

use crate::support::requests::first_page;
use crate::support::{Peer, Server, new_record, set, set_items, set_yes};
use baton_protocol::definition::key;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::draft::Change;
use baton_protocol::field::{Operator, Value};
use baton_protocol::form::Notice;
use baton_protocol::form::{FormCommand, FormSnapshot, Role};
use baton_protocol::id::{EntityId, FormKey, Version};
use baton_protocol::list_query::{Filter, ListQuery, Sort};
use baton_protocol::message::{
    Answer, AnyReply, Code, Event, GetHistory, GetImpact, GetPage, Snapshot, ToClient, ToServer, Topic,
};
use uuid::Uuid;

/// A definition with a text, a number and a formatted text.
fn definition() -> Vec<Change> {
    vec![
        set("label", "Supplier"),
        set("label_plural", "Suppliers"),
        set("status", "published"),
        set_items("fields", &["a", "b", "c"]),
        set(&key("a", "label"), "Code"),
        set(&key("a", "type"), "text"),
        set(&key("b", "label"), "Rating"),
        set(&key("b", "type"), "number"),
        set(&key("b", "max"), "5"),
        set(&key("c", "label"), "About us"),
        set(&key("c", "type"), "rich_text"),
    ]
}

/// Ada defines suppliers.
async fn suppliers(ada: &mut Peer) -> (EntityId, FormSnapshot) {
    let entity = EntityId(Uuid::now_v7());
    let view = ada.open(FormKey::entity(entity), None).await;
    ada.edit(&view, definition()).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    (entity, ada.again(view.form).await)
}

/// A saved record of them.
async fn supplier(peer: &mut Peer, entity: EntityId, fields: Vec<Change>) -> FormSnapshot {
    let view = peer.open(new_record(), Some(entity)).await;
    peer.edit(&view, fields).await.expect("accepted");
    peer.save(&view).await.expect("saved");
    peer.again(view.form).await
}

#[tokio::test]
async fn a_definition_is_a_form_like_every_other() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let watch = ToServer::Watch {
        topic: Topic::Entities,
        rows: 10,
        since: None,
    };
    anna.ask(watch).await.expect("watches");
    let (entity, view) = suppliers(&mut ada).await;
    let row = anna
        .hear(|message| match message {
            ToClient::Event {
                event: Event::EntitySaved { row },
                ..
            } => Some(row.clone()),
            _ => None,
        })
        .await;
    assert_eq!((row.entity.id, row.entity.name.as_str()), (entity, "supplier"));
    let names: Vec<_> = row.entity.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["code", "rating", "about_us"]);
    assert_eq!(view.version, Version(1));

    // Who may not define entities looks on, and sees each change.
    let seen = anna.open(view.form, None).await;
    assert_eq!((seen.role(), seen.me), (Role::Viewer, None));
    let refused = anna.edit(&seen, vec![set("label", "X")]).await.expect_err("not hers");
    assert_eq!(refused.code, Code::Forbidden);
    ada.edit(&view, vec![set("label", "Vendor")]).await.expect("accepted");
    let changes = anna
        .hear_notice(|notice| match notice {
            Notice::Changed { changes, .. } => Some(changes.clone()),
            _ => None,
        })
        .await;
    assert_eq!(changes, [set("label", "Vendor")]);
    ada.save(&view).await.expect("saved");
    let saves = anna
        .query(GetHistory { form: view.form })
        .await
        .expect("the history of a definition");
    assert_eq!(saves.len(), 2);
    assert_eq!(saves[0].fields[0].field, "label");
}

#[tokio::test]
async fn what_is_wrong_with_a_definition_is_said_at_its_field() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let view = ada.open(FormKey::entity(EntityId(Uuid::now_v7())), None).await;
    let mut changes = definition();
    changes.extend([set("name", "product"), set(&key("b", "min"), "9")]);
    ada.edit(&view, changes).await.expect("accepted");
    let problem = ada
        .save(&view)
        .await
        .expect_err("the largest is less than the smallest");
    assert_eq!(problem.fields[0].field, key("b", "max"));
    ada.edit(&view, vec![set(&key("b", "min"), "0")])
        .await
        .expect("accepted");
    let problem = ada.save(&view).await.expect_err("there are products already");
    assert_eq!(problem.fields[0].field, "name");
    let kept = ada.again(view.form).await;
    assert!(kept.unsaved(), "the draft is kept");
    assert_eq!(kept.version, Version(0));
}

#[tokio::test]
async fn a_change_of_type_says_first_what_it_does_and_converts_what_can_be() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, view) = suppliers(&mut ada).await;
    let number = supplier(&mut anna, entity, vec![set("title", "One"), set("code", "12")]).await;
    let words = supplier(&mut anna, entity, vec![set("title", "Two"), set("code", "twelve")]).await;
    anna.edit(&number, vec![set("title", "One and a half")])
        .await
        .expect("accepted");

    let changes = vec![set(&key("a", "type"), "number"), set_items("fields", &["a", "b"])];
    ada.edit(&view, changes).await.expect("accepted");
    let impacts = ada.query(GetImpact { entity }).await.expect("what it does");
    let told: Vec<_> = impacts
        .iter()
        .map(|impact| (impact.field.as_str(), impact.removed, impact.records, impact.lost))
        .collect();
    assert_eq!(told, [("a", false, 2, 1), ("c", true, 0, 0)]);
    assert_eq!(impacts[0].examples, ["twelve"]);
    ada.save(&view).await.expect("saved");

    // Whoever has a record open is told to read it anew, and has their draft still.
    let mut shown = anna.again(number.form).await;
    while shown.entity.version < Version(2) {
        anna.hear_notice(|notice| matches!(notice, Notice::Redefined).then_some(()))
            .await;
        shown = anna.again(number.form).await;
    }
    assert_eq!(shown.value("code"), &Value::from_text("12"), "a number already");
    assert_eq!(shown.title(), "One and a half");
    // A number that was a text before sorts as a number.
    for (title, code) in [("Nine", "9"), ("Hundred", "100")] {
        supplier(&mut anna, entity, vec![set("title", title), set("code", code)]).await;
    }
    let mut converted = anna.again(words.form).await;
    while converted.version < Version(2) {
        anna.hear_notice(|notice| matches!(notice, Notice::Redefined).then_some(()))
            .await;
        converted = anna.again(words.form).await;
    }
    assert_eq!(converted.value("code"), &Value::Empty);
    let saves = anna.query(GetHistory { form: words.form }).await.expect("its history");
    assert_eq!(saves[0].fields[0].old, Value::from_text("twelve"), "nothing is lost");
    assert_eq!(saves[0].saved.by.name, "Ada");
    let by_code = GetPage {
        entity,
        query: ListQuery {
            sort: Some(Sort {
                field: "code".into(),
                descending: false,
            }),
            ..ListQuery::default()
        },
        after: None,
        rows: 10,
        ids: Vec::new(),
    };
    let page = anna.query(by_code).await.expect("a page");
    let titles: Vec<_> = page.rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["Nine", "One", "Hundred", "Two"]);
}

#[tokio::test]
async fn no_two_records_have_the_same_in_a_unique_field() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, view) = suppliers(&mut ada).await;
    let one = supplier(&mut anna, entity, vec![set("title", "One"), set("code", "A1")]).await;
    let two = supplier(&mut anna, entity, vec![set("title", "Two"), set("code", "a1")]).await;
    ada.edit(&view, vec![set_yes(&key("a", "unique"))])
        .await
        .expect("accepted");
    let problem = ada.save(&view).await.expect_err("two have the same");
    assert_eq!(problem.fields[0].field, key("a", "unique"));

    anna.edit(&two, vec![set("code", "B2")]).await.expect("accepted");
    anna.save(&two).await.expect("saved");
    ada.save(&view).await.expect("now they differ");
    let two = anna.again(two.form).await;
    anna.edit(&two, vec![set("code", "A1 ")]).await.expect("accepted");
    let problem = anna.save(&two).await.expect_err("taken");
    assert_eq!(problem.fields[0].field, "code");
    anna.edit(&one, vec![set("code", "C3")]).await.expect("accepted");
    anna.save(&one).await.expect("saved");
    anna.save(&two).await.expect("free now");
}

#[tokio::test]
async fn formatted_text_is_kept_without_what_could_do_harm() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, _) = suppliers(&mut ada).await;
    let bad = "<p onclick=\"x()\">Good</p><script>alert(1)</script><img src=x onerror=y()>";
    let view = supplier(&mut anna, entity, vec![set("title", "One"), set("about_us", bad)]).await;
    assert_eq!(view.value("about_us"), &Value::from_text("<p>Good</p>"));
}

#[tokio::test]
async fn two_records_of_one_title_have_two_slugs() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, _) = suppliers(&mut ada).await;
    let mut slugs = Vec::new();
    for _ in 0..3 {
        let view = supplier(&mut anna, entity, vec![set("title", "The same")]).await;
        slugs.push(view.value("slug").text().to_owned());
    }
    assert_eq!(slugs, ["the-same", "the-same-2", "the-same-3"]);
}

#[tokio::test]
async fn a_link_points_to_what_is_there_and_may_refuse_to_lose_it() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let product = anna.a_product().await;
    let products = anna.entity("product").await;
    let (entity, view) = suppliers(&mut ada).await;
    let link = vec![
        set_items("fields", &["a", "b", "c", "d"]),
        set(&key("d", "label"), "Main product"),
        set(&key("d", "type"), "relation"),
        set(&key("d", "target"), &products.to_string()),
        set(&key("d", "on_delete"), "refuse"),
    ];
    ada.edit(&view, link).await.expect("accepted");
    ada.save(&view).await.expect("saved");

    let view = anna.open(new_record(), Some(entity)).await;
    let nobody = Uuid::now_v7().to_string();
    let changes = vec![set("title", "One"), set_items("main_product", &[&nobody])];
    anna.edit(&view, changes).await.expect("accepted");
    let problem = anna.save(&view).await.expect_err("nothing is there");
    assert_eq!(problem.fields[0].field, "main_product");
    anna.edit(&view, vec![set_items("main_product", &[&product.id.to_string()])])
        .await
        .expect("accepted");
    anna.save(&view).await.expect("saved");

    let remove = |how| ToServer::Form {
        form: product,
        command: FormCommand::Delete { kind: how },
    };
    let problem = anna.ask(remove(DeletionKind::Deleted)).await.expect_err("it is needed");
    assert_eq!(
        problem.message.english(),
        "“One” of Suppliers links to this record and needs it. Take the link away first."
    );
    let all = ToServer::Form {
        form: FormKey::entity(products),
        command: FormCommand::Delete {
            kind: DeletionKind::Deleted,
        },
    };
    let problem = ada.ask(all).await.expect_err("one of them is needed");
    assert!(problem.message.english().starts_with("“One” of Suppliers"), "{problem}");
    anna.ask(remove(DeletionKind::Archived))
        .await
        .expect("it is there still");
    anna.edit(&view, vec![set_items("main_product", &[])])
        .await
        .expect("accepted");
    let view = anna.again(view.form).await;
    anna.save(&view).await.expect("saved");
    anna.ask(remove(DeletionKind::Deleted))
        .await
        .expect("nothing needs it any more");
}

fn watch(topic: Topic) -> ToServer {
    ToServer::Watch {
        topic,
        rows: 10,
        since: None,
    }
}

/// Whoever looks at its list is told; nobody writes into it any more, and nobody opens anything of it.
async fn nobody_works_in_it(ada: &mut Peer, anna: &mut Peer, ben: &mut Peer, entity: EntityId, one: &FormSnapshot) {
    let told = ben.hear(|message| match message {
        ToClient::Event {
            topic: Topic::Records(_),
            event: Event::Redefined { entity },
            ..
        } => entity.deletion_message().map(|why| why.to_string()),
        _ => None,
    });
    assert_eq!(told.await, "Ada deleted Suppliers, with all records.");
    let page = first_page(entity, ListQuery::default(), 10);
    for body in [page.into(), watch(Topic::Records(entity)), watch(Topic::Bin(entity))] {
        let problem = ben.ask(body).await.expect_err("it is not there");
        assert_eq!(problem.code, Code::NotFound);
        assert!(
            problem.message.english().starts_with("Ada deleted Suppliers"),
            "{problem}"
        );
    }
    let told = anna.hear_notice(|notice| match notice {
        Notice::Removed { gone, by } => Some((gone.is_some(), by.name.clone())),
        _ => None,
    });
    assert_eq!(told.await, (true, "Ada".into()));
    let problem = anna
        .edit(one, vec![set("code", "more")])
        .await
        .expect_err("its form is gone too");
    assert_eq!(problem.code, Code::Gone);
    let opened = ben.ask(ToServer::Join {
        form: one.form,
        entity: None,
    });
    assert_eq!(
        opened.await.expect_err("it exists for admins only").code,
        Code::NotFound
    );
    assert!(
        ada.open(one.form, None).await.gone.is_some(),
        "whoever can bring it back can look at it"
    );
}

/// Polls: the house is kept beside the serving.
async fn is_purged(ada: &mut Peer, entity: EntityId) {
    let begun = std::time::Instant::now();
    loop {
        match ada.ask(watch(Topic::Entities)).await {
            Ok(Answer::Watching {
                snapshot: Snapshot::Entities(rows),
                ..
            }) if rows.iter().all(|row| row.entity.id != entity) => break,
            other => assert!(begun.elapsed() < crate::support::TIMEOUT, "still there: {other:?}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_deleted_entity_takes_its_records_along_and_brings_them_back() {
    let mut server = Server::start().await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let (entity, definition) = suppliers(&mut ada).await;
    let one = supplier(&mut anna, entity, vec![set("title", "One"), set("code", "A")]).await;
    anna.edit(&one, vec![set("code", "half typed")])
        .await
        .expect("accepted");
    ben.ask(watch(Topic::Records(entity))).await.expect("watches");
    let remove = ToServer::Form {
        form: definition.form,
        command: FormCommand::Delete {
            kind: DeletionKind::Deleted,
        },
    };
    let restore = ToServer::Form {
        form: definition.form,
        command: FormCommand::Restore,
    };
    assert_eq!(
        anna.ask(remove.clone()).await.expect_err("no admin").code,
        Code::Forbidden
    );
    let archive = ToServer::Form {
        form: definition.form,
        command: FormCommand::Delete {
            kind: DeletionKind::Archived,
        },
    };
    assert_eq!(ada.ask(archive).await.expect_err("by its status").code, Code::Forbidden);
    ada.ask(remove.clone()).await.expect("deleted");

    nobody_works_in_it(&mut ada, &mut anna, &mut ben, entity, &one).await;
    let alone = anna.give(one.form, FormCommand::Restore).await;
    assert_eq!(alone.expect_err("with its entity").code, Code::NotFound);
    ada.ask(ToServer::Leave { form: one.form }).await.expect("left");
    assert_eq!(
        anna.ask(restore.clone()).await.expect_err("no admin").code,
        Code::Forbidden
    );

    anna.ask(ToServer::Leave { form: one.form }).await.expect("left");
    let form = definition.form;
    ada.ask(ToServer::Leave { form }).await.expect("left");
    server.kill_and_restart().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    ada.ask(restore).await.expect("it comes back");
    assert_eq!(anna.records(entity).await.len(), 1);
    let one = anna.again(one.form).await;
    assert_eq!(
        one.value("code"),
        &Value::from_text("half typed"),
        "with what was unsaved"
    );

    // After a while it goes for ever.
    anna.ask(ToServer::Leave { form: one.form }).await.expect("left");
    ada.ask(remove).await.expect("deleted");
    server.kill().await;
    server.restart_with(&["--keep-deleted-days", "0"]).await;
    let mut ada = server.peer("ada").await;
    is_purged(&mut ada, entity).await;
    let (again, _) = suppliers(&mut ada).await;
    assert_eq!(ada.records(again).await.len(), 0, "its name is free again");
}

#[tokio::test]
async fn a_conversion_that_a_killed_server_left_goes_on_at_the_next_start() {
    let mut server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let product = ada.entity("product").await;
    let listed = |word: &str| GetPage {
        entity: product,
        query: ListQuery {
            filters: vec![Filter::new(
                "in_stock",
                Operator::Is,
                match word {
                    "" => Value::Bool(true),
                    word => Value::from_text(word),
                },
            )],
            ..ListQuery::default()
        },
        after: None,
        rows: 1,
        ids: Vec::new(),
    };
    let total = |answer| match answer {
        Ok(Answer::Reply(AnyReply::GetPage(page))) => page.total,
        other => panic!("no page: {other:?}"),
    };
    let before = total(ada.ask(listed("")).await);
    assert!(before > 50, "enough to be killed in the middle of");
    let view = ada.open(FormKey::entity(product), None).await;
    let as_text = vec![set(&key("in_stock", "type"), "text")];
    ada.edit(&view, as_text).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    server.kill_and_restart().await;
    let mut ada = server.peer("ada").await;
    let known = |value: Option<&Value>| value.is_none_or(|value| ["yes", "no"].contains(&value.text()));
    // Polls: records are converted beside the serving, in no order that is told.
    let begun = std::time::Instant::now();
    loop {
        let rows = ada.records(product).await;
        if rows.iter().all(|row| known(row.cells.get("in_stock"))) {
            break;
        }
        assert!(begun.elapsed() < crate::support::TIMEOUT, "some are left");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(total(ada.ask(listed("yes")).await), before);
}
