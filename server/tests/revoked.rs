//! A role or a password that changes ends what was under way with the old one, whatever it was.

use std::time::{Duration, Instant};

use crate::support::jobs::csv_import;
use crate::support::requests::first_page;
use crate::support::{Server, TIMEOUT, new_op, set};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::form::Role;
use baton_protocol::id::{JobId, UserId};
use baton_protocol::job::{BulkAction, Job, RecordSelection};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{
    AddPerson, Answer, AnyReply, ChangePerson, Code, Event, GetPeople, StartJob, ToClient, ToServer, Topic,
};
use baton_protocol::person::{PersonChange, UserRole};
use uuid::Uuid;

fn role(person: UserId, role: UserRole) -> ChangePerson {
    ChangePerson {
        op: new_op(),
        person,
        change: PersonChange::Role(role),
    }
}

#[tokio::test]
async fn a_sign_in_that_is_under_way_while_the_role_changes_has_the_new_one() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut ada = server.peer("ada").await;
    let ben = ada.id_of("Ben").await;
    let mut tokens = Vec::new();
    for round in 0..6 {
        ada.ask(role(ben, UserRole::Admin)).await.expect("an admin");
        let mut signing_in = Vec::new();
        for _ in 0..4 {
            let mut peer = server.stranger().await;
            peer.hello(None).await;
            let email = "ben@example.test".to_owned();
            let password = server.password(&email);
            peer.say(ToServer::sign_in(email, password)).await;
            signing_in.push(peer);
        }
        ada.ask(role(ben, UserRole::Viewer)).await.expect("a viewer");
        for mut peer in signing_in {
            let answered = peer
                .hear(|message| match message {
                    ToClient::Answer {
                        answer: Answer::SignedIn { account, token, .. },
                        ..
                    } => Some(Some((account.role, token.clone()))),
                    ToClient::Refused { .. } => Some(None),
                    _ => None,
                })
                .await;
            let answered = answered.map(|(role, token)| {
                tokens.extend(token.filter(|_| role == UserRole::Admin));
                role
            });
            if answered == Some(UserRole::Admin) {
                // It was before the change; then the change ended it.
                let add = AddPerson {
                    op: new_op(),
                    email: format!("x{round}@example.test"),
                    name: "X".into(),
                    role: UserRole::Admin,
                };
                let made = peer.try_ask(add).await;
                assert!(!matches!(made, Some(Ok(_))), "a former admin made an account: {made:?}");
            }
        }
    }
    for token in tokens {
        let mut peer = server.stranger().await;
        peer.hello(None).await;
        let refused = peer.ask(ToServer::UseToken { token }).await;
        assert_eq!(refused.expect_err("of before the change").code, Code::BadCredentials);
    }
    let all = ada.people().await;
    assert!(all.iter().all(|account| !account.email.starts_with('x')), "{all:?}");
}

#[tokio::test]
async fn two_admins_who_demote_each_other_leave_one() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut ada = server.peer("ada").await;
    let (first, second) = (ada.id_of("Ada").await, ada.id_of("Ben").await);
    for _ in 0..10 {
        ada.ask(role(second, UserRole::Admin)).await.expect("another admin");
        let mut ben = server.peer("ben").await;
        ada.say(role(second, UserRole::Editor)).await;
        ben.say(role(first, UserRole::Editor)).await;
        // One of the two is an admin still: whoever it is makes the other one again.
        let begun = Instant::now();
        while let Some(message) = ada.read().await
            && !matches!(message, ToClient::Answer { .. } | ToClient::Refused { .. })
        {
            assert!(begun.elapsed() < TIMEOUT, "no answer");
        }
        drop(ben);
        let (mut one, mut other) = (server.peer("ada").await, server.peer("ben").await);
        let of_one = one.ask(GetPeople {}).await.is_ok();
        let of_other = other.ask(GetPeople {}).await.is_ok();
        assert!(of_one != of_other, "just one is left: {of_one} {of_other}");
        if of_other {
            other.ask(role(first, UserRole::Admin)).await.expect("back again");
        }
        ada = server.peer("ada").await;
    }
}

#[tokio::test]
async fn a_new_name_undoes_no_new_role() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut again) = (server.peer("ada").await, server.peer("ada").await);
    let ben = ada.id_of("Ben").await;
    for number in 0..40 {
        ada.ask(role(ben, UserRole::Editor)).await.expect("an editor");
        let rename = ChangePerson {
            op: new_op(),
            person: ben,
            change: PersonChange::Name(format!("Ben {number}")),
        };
        again.say(rename).await;
        ada.ask(role(ben, UserRole::Viewer)).await.expect("a viewer");
        again.ask(ToServer::Ping).await.expect("answered");
        let all = ada.people().await;
        let now = all.iter().find(|account| account.person.id == ben).expect("Ben");
        assert_eq!(
            (now.role, &now.person.name),
            (UserRole::Viewer, &format!("Ben {number}"))
        );
    }
}

#[tokio::test]
async fn what_an_editor_began_ends_when_they_are_none_any_more() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, person) = (anna.entity("product").await, ada.id_of("Anna").await);
    let mut table = String::from("title,sku,price\n");
    for number in 0..20_000 {
        table.push_str(&format!("Row {number},R-{number},1\n"));
    }
    let upload = anna.bring(table.as_bytes()).await;
    let job = csv_import(entity, upload, &["title", "sku", "price"], false);
    let id = JobId(Uuid::new_v4());
    anna.ask(StartJob { id, job }).await.expect("it begins");
    let page = first_page(entity, ListQuery::default(), 1);
    let total = |answer| match answer {
        Ok(Answer::Reply(AnyReply::GetPage(page))) => page.total,
        other => panic!("no page: {other:?}"),
    };
    let before = total(ada.ask(page.clone()).await);
    // Polls: until some of it is made.
    let begun = Instant::now();
    while total(ada.ask(page.clone()).await) == before {
        assert!(begun.elapsed() < TIMEOUT, "nothing is made");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    ada.ask(role(person, UserRole::Viewer)).await.expect("a viewer now");
    let mut anna = server.peer("anna").await;
    let outcome = anna.job_outcome(id).await;
    assert!(outcome.problem.is_some(), "it went on: {outcome:?}");
    assert!(outcome.records < 20_000, "it was over before; take more rows");
    let after = total(ada.ask(page.clone()).await);
    assert_eq!(after, before + outcome.records, "and what it made is told");
    let bulk = Job::Bulk {
        entity,
        which: RecordSelection::Query(ListQuery::default()),
        action: BulkAction::Remove(DeletionKind::Archived),
    };
    let id = JobId(Uuid::new_v4());
    let refused = anna.ask(StartJob { id, job: bulk }).await;
    assert_eq!(refused.expect_err("a viewer").code, Code::Forbidden);
}

#[tokio::test]
async fn an_editor_who_is_made_a_viewer_is_in_no_queue_any_more() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let person = ada.id_of("Anna").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    anna.edit(&view, vec![set("title", "Anna's words")])
        .await
        .expect("accepted");
    ben.join(form).await;
    ada.ask(role(person, UserRole::Viewer)).await.expect("a viewer now");
    let begun = Instant::now();
    loop {
        let view = ben.join(form).await;
        if view.role() == Role::Owner {
            assert_eq!(view.title(), "Anna's words", "with the draft");
            assert_eq!(view.editors.len(), 1, "she is nowhere in the queue");
            break;
        }
        assert!(begun.elapsed() < TIMEOUT, "a place of a viewer");
    }
    // It lasts over a restart of the server, too.
    let mut anna = server.peer("anna").await;
    assert_eq!(anna.join(form).await.role(), Role::Viewer);
}

#[tokio::test]
async fn a_new_name_reaches_lists_and_forms_that_are_open() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    anna.edit(&view, vec![set("title", "Words")]).await.expect("accepted");
    ben.join(form).await;
    ben.ask(ToServer::Watch {
        topic: Topic::Entities,
        rows: 10,
        since: None,
    })
    .await
    .expect("watches");
    let person = ada.id_of("Anna").await;
    ada.ask(ChangePerson {
        op: new_op(),
        person,
        change: PersonChange::Name("Anna Berg".into()),
    })
    .await
    .expect("renamed");
    let told = ben.hear(|message| match message {
        ToClient::Event {
            event: Event::Renamed { person },
            ..
        } => Some(person.name.clone()),
        _ => None,
    });
    assert_eq!(told.await, "Anna Berg");
    let begun = Instant::now();
    loop {
        let view = ben.join(form).await;
        let author = view.draft.fields["title"].author.name.clone();
        if view.editors[0].person.name == "Anna Berg" && author == "Anna Berg" {
            break;
        }
        assert!(begun.elapsed() < TIMEOUT, "{:?} {author}", view.editors);
    }
}
