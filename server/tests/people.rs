//! Accounts over a raw socket: only admins change them, and a change reaches whoever is connected.

use crate::support::{Server, new_op};
use baton_protocol::form::FormCommand;
use baton_protocol::message::{AddPerson, AnyQuery, ChangePerson, Code, GetPeople, ToServer};
use baton_protocol::person::{PersonChange, UserRole};

#[tokio::test]
async fn who_may_less_is_sent_away_and_signs_in_again() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    for body in [
        AnyQuery::from(GetPeople {}),
        AnyQuery::from(AddPerson {
            op: new_op(),
            email: "x@example.test".into(),
            name: "X".into(),
            role: UserRole::Admin,
        }),
    ] {
        assert_eq!(
            anna.ask(ToServer::Query(body)).await.expect_err("no admin").code,
            Code::Forbidden
        );
    }
    let found = ada.people().await;
    let of = |name: &str| {
        found
            .iter()
            .find(|one| one.person.name == name)
            .expect("there")
            .person
            .id
    };
    let change = |name, change| ChangePerson {
        op: new_op(),
        person: of(name),
        change,
    };
    let form = anna.a_product().await;
    anna.join(form).await;
    ada.ask(change("Anna", PersonChange::Role(UserRole::Viewer)))
        .await
        .expect("changed");
    // Her line ends; what comes after it is another session.
    while anna.read().await.is_some() {}
    let mut anna = server.peer("anna").await;
    anna.join(form).await;
    let refused = anna
        .give(form, FormCommand::RequestEdit)
        .await
        .expect_err("a viewer now");
    assert_eq!(refused.code, Code::Forbidden);

    let last = ada.ask(change("Ada", PersonChange::Role(UserRole::Editor))).await;
    assert_eq!(last.expect_err("somebody must be one").code, Code::Forbidden);
    ada.ask(change("Ben", PersonChange::Role(UserRole::Admin)))
        .await
        .expect("two admins");
    ada.ask(change("Ben", PersonChange::Name("Ben\u{7}".into())))
        .await
        .expect_err("no name");
}
