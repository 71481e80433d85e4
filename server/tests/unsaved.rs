//! What was typed and not saved can be found, and whoever is gone is nowhere (semantics 3.3, 3.4, 3.7, 3.11).

use std::time::{Duration, Instant};

use crate::support::{Peer, Server, TIMEOUT, new_op, new_record, set};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::field::Value;
use baton_protocol::form::Role;
use baton_protocol::form::{FormCommand, Notice};
use baton_protocol::id::{FormKey, JobId, RecordId};
use baton_protocol::job::{BulkAction, Job, RecordSelection};
use baton_protocol::message::{
    AddPerson, Answer, Code, DraftRow, GetAllDrafts, Snapshot, StartJob, ToClient, ToServer, Topic,
};
use baton_protocol::person::UserRole;
use uuid::Uuid;

async fn drafts(peer: &mut Peer) -> Vec<DraftRow> {
    let watch = ToServer::Watch {
        topic: Topic::Drafts,
        rows: 100,
        since: None,
    };
    match peer.ask(watch).await {
        Ok(Answer::Watching {
            snapshot: Snapshot::Drafts(rows),
            ..
        }) => rows,
        other => panic!("no drafts: {other:?}"),
    }
}

#[tokio::test]
async fn a_record_that_was_never_saved_is_found_by_its_author_and_nobody_else() {
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    assert_eq!(drafts(&mut anna).await, []);
    let entity = anna.entity("product").await;
    let view = anna.open(new_record(), Some(entity)).await;
    anna.edit(&view, vec![set("title", "Half a record")])
        .await
        .expect("accepted");
    anna.hear(|message| matches!(message, ToClient::DraftsChanged).then_some(()))
        .await;
    let row = drafts(&mut anna).await.remove(0);
    assert_eq!(
        (row.form, row.entity, row.title.as_str(), row.new),
        (view.form, entity, "Half a record", true)
    );
    assert_eq!(drafts(&mut ben).await, [], "it is hers");
    let refused = ben.ask(GetAllDrafts {}).await.expect_err("he is no admin");
    assert_eq!(refused.code, Code::Forbidden);
    let mut ada = server.peer("ada").await;
    let all = ada.query(GetAllDrafts {}).await.expect("an admin finds them");
    let found: Vec<_> = all
        .rows
        .iter()
        .map(|row| (row.form, row.authors[0].name.as_str()))
        .collect();
    assert_eq!(found, [(view.form, "Anna")], "an admin finds it, and whose it is");
    assert_eq!(all.keep_days, 365);
    anna.ask(ToServer::Leave { form: view.form }).await.expect("left");
    anna.close().await;

    server.kill().await;
    server.restart_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let found = drafts(&mut anna).await;
    assert_eq!(found.len(), 1, "also on another desktop, after a crash");
    let view = anna.open(found[0].form, Some(entity)).await;
    assert_eq!(view.title(), "Half a record");
    anna.edit(&view, vec![set("sku", "H-1")]).await.expect("accepted");
    anna.save(&view).await.expect("saved");
    anna.hear(|message| matches!(message, ToClient::DraftsChanged).then_some(()))
        .await;
    assert_eq!(drafts(&mut anna).await, [], "what is saved is no draft");
}

#[tokio::test]
async fn a_record_that_nobody_saves_ends_after_the_time_that_is_set_and_not_while_somebody_has_it_open() {
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let mut forms = Vec::new();
    for title in ["Left", "Open"] {
        let view = anna.open(new_record(), Some(entity)).await;
        anna.edit(&view, vec![set("title", title)]).await.expect("accepted");
        forms.push(view.form);
    }
    // A draft of a record that was saved has no end.
    let saved = FormKey::record(anna.records(entity).await[0].id);
    let view = anna.join(saved).await;
    anna.edit(&view, vec![set("title", "Stays")]).await.expect("accepted");
    for form in [forms[0], saved] {
        anna.ask(ToServer::Leave { form }).await.expect("left");
    }
    server.kill().await;
    server
        .restart_with(&["--grace-ms", "60000", "--keep-drafts-days", "0"])
        .await;
    let mut anna = server.peer("anna").await;
    // Polls: the house is kept beside the serving.
    let begun = Instant::now();
    let mut left = drafts(&mut anna).await;
    while left.len() == 3 {
        assert!(begun.elapsed() < TIMEOUT, "it is long enough ago");
        tokio::time::sleep(Duration::from_millis(20)).await;
        left = drafts(&mut anna).await;
    }
    let mut titles: Vec<&str> = left.iter().map(|row| row.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Open", "Stays"]);
}

#[tokio::test]
async fn a_row_says_whose_unsaved_changes_it_has_and_the_form_since_when() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = anna.entity("product").await;
    let form = FormKey::record(ben.records(entity).await[0].id);
    let view = anna.join(form).await;
    anna.edit(&view, vec![set("title", "Left behind")])
        .await
        .expect("accepted");
    anna.ask(ToServer::Leave { form }).await.expect("left");
    let told = ben.hear(|message| match message {
        ToClient::Presence { row, .. } if row.presence.is_none() => row.draft.clone(),
        _ => None,
    });
    assert_eq!(told.await.name, "Anna");
    let view = ben.join(form).await;
    assert!(view.draft_since.is_some(), "since when");
    assert_eq!(
        view.unsaved_of("title").map(|author| author.name.as_str()),
        Some("Anna")
    );
    let says = baton_protocol::status_text::left_unsaved(&view);
    assert_eq!(says.as_deref(), Some("Anna left unsaved changes here."));
}

#[tokio::test]
async fn whoever_watches_is_named_to_whoever_edits() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let add = AddPerson {
        op: new_op(),
        email: "vera@example.test".into(),
        name: "Vera".into(),
        role: UserRole::Viewer,
    };
    let added = ada.query(add).await.expect("an account");
    let (account, password) = (added.account, added.password.expect("a password"));
    let mut vera = server.stranger().await;
    vera.hello(None).await;
    let email = account.email;
    let current = password.clone();
    vera.ask(ToServer::sign_in(email, password)).await.expect("signs in");
    let new = "four brown socks".into();
    vera.ask(ToServer::ChangePassword { current, new })
        .await
        .expect("her own");
    let form = anna.a_product().await;
    anna.join(form).await;
    assert_eq!(vera.join(form).await.role(), Role::Viewer);
    let told = anna.hear_notice(|notice| match notice {
        Notice::Viewers { viewers } => Some(viewers.iter().map(|one| one.name.clone()).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(told.await, ["Vera"]);
    vera.close().await;
    let told = anna.hear_notice(|notice| match notice {
        Notice::Viewers { viewers } => Some(viewers.len()),
        _ => None,
    });
    assert_eq!(told.await, 0);
}

#[tokio::test]
async fn a_lone_owner_whose_line_broke_is_gone_after_the_grace_period_and_blocks_nothing() {
    let mut server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = ben.entity("product").await;
    let record = ben.records(entity).await[0].id;
    let form = FormKey::record(record);
    let view = anna.join(form).await;
    anna.edit(&view, vec![set("title", "Kept")]).await.expect("accepted");
    anna.cut();
    let told = ben.hear(|message| match message {
        ToClient::Presence { row, .. } if row.form == FormKey::record(record) && row.presence.is_none() => Some(()),
        _ => None,
    });
    told.await;
    archived(&mut ben, entity, record).await;
    let restored = ToServer::Form {
        form,
        command: FormCommand::Restore,
    };
    ben.ask(restored).await.expect("restored");
    let view = ben.join(form).await;
    assert_eq!((view.title(), view.role()), ("Kept", Role::Owner), "with the draft");

    // The same for a place that a killed server had.
    server.kill_and_restart().await;
    let mut ada = server.peer("ada").await;
    let begun = Instant::now();
    // Polls: a list is asked again until the reserved place has ended.
    while let Some(row) = editing(&mut ada, entity, record).await {
        assert!(begun.elapsed() < TIMEOUT, "a ghost: {row:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn editing(
    peer: &mut Peer,
    entity: baton_protocol::id::EntityId,
    record: RecordId,
) -> Option<baton_protocol::form::Presence> {
    let watch = ToServer::Watch {
        topic: Topic::Records(entity),
        rows: 1,
        since: None,
    };
    match peer.ask(watch).await {
        Ok(Answer::Watching {
            snapshot: Snapshot::Records { editing, .. },
            ..
        }) => {
            editing
                .into_iter()
                .find(|row| row.form == FormKey::record(record))?
                .presence
        }
        other => panic!("no list: {other:?}"),
    }
}

async fn archived(peer: &mut Peer, entity: baton_protocol::id::EntityId, record: RecordId) {
    let job = Job::Bulk {
        entity,
        which: RecordSelection::Records(vec![record]),
        action: BulkAction::Remove(DeletionKind::Archived),
    };
    let id = JobId(Uuid::new_v4());
    peer.ask(StartJob { id, job }).await.expect("it begins");
    let outcome = peer.job_outcome(id).await;
    assert_eq!((outcome.records, outcome.left_out), (1, 0), "{outcome:?}");
}

#[tokio::test]
async fn two_records_of_one_title_saved_at_once_are_both_saved() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = anna.entity("product").await;
    for round in 0..10 {
        let (hers, his) = (
            anna.open(new_record(), Some(entity)).await,
            ben.open(new_record(), Some(entity)).await,
        );
        let title = format!("The same {round}");
        let changes = |sku: String| vec![set("title", &title), set("sku", &sku)];
        anna.edit(&hers, changes(format!("A-{round}"))).await.expect("accepted");
        ben.edit(&his, changes(format!("B-{round}"))).await.expect("accepted");
        let (one, other) = tokio::join!(anna.save(&hers), ben.save(&his));
        one.expect("saved");
        other.expect("saved");
    }
    let rows = anna.records(entity).await;
    let slugs: Vec<&str> = rows
        .iter()
        .map(|row| row.slug.as_str())
        .filter(|slug| slug.starts_with("the-same-3"))
        .collect();
    assert_eq!(slugs.len(), 2, "{slugs:?}");
}

#[tokio::test]
async fn a_line_break_never_gets_into_a_field_of_one_line() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    let refused = anna.edit(&view, vec![set("sku", "one\r\ntwo")]).await;
    let why = refused.expect_err("one line").message;
    assert!(why.english().contains("one line"), "{why}");
    assert_ne!(anna.again(form).await.value("sku"), &Value::from_text("one\r\ntwo"));
}

#[tokio::test]
async fn everybody_who_is_connected_is_told_when_the_server_stops() {
    let settings = ["--grace-ms", "60000", "--max-per-person", "2000"];
    let mut server = Server::start_with(&settings).await;
    let mut anna = server.stranger().await;
    anna.hello(None).await;
    let email = "anna@example.test".to_owned();
    let password = server.password(&email);
    let Ok(Answer::SignedIn { token: Some(token), .. }) = anna.ask(ToServer::sign_in(email, password)).await else {
        panic!("no sign-in");
    };
    let mut peers = vec![anna];
    for _ in 1..2000 {
        let mut peer = server.stranger().await;
        peer.hello(None).await;
        let token = token.clone();
        peer.ask(ToServer::UseToken { token }).await.expect("the token is hers");
        peers.push(peer);
    }
    server.stop();
    for (number, peer) in peers.iter_mut().enumerate() {
        assert_eq!(peer.goodbye().await, Some(1012), "the {number}th");
    }
}
