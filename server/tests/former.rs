//! Another address for a person, and the end of a name: what was done by whoever left is a former colleague's.

use std::time::Duration;

use crate::support::program::run;
use crate::support::{Peer, Server, new_op, new_record, set};
use baton_protocol::audit::{AccountChange, Act, AuditFilter};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, FormKey, UserId};
use baton_protocol::message::{
    Answer, ChangePerson, ChangedAccount, Code, GetAudit, GetHistory, GetPeople, Problem, ToServer,
};
use baton_protocol::person::{AccountState, FORMER_NAME, PersonChange, UserRole};

async fn change(ada: &mut Peer, person: UserId, change: PersonChange) -> Result<ChangedAccount, Problem> {
    let op = new_op();
    ada.query(ChangePerson { op, person, change }).await
}

/// Who deleted what is in the bin.
async fn deleted_by(peer: &mut Peer, entity: EntityId) -> Vec<String> {
    let rows = peer.bin(entity).await;
    rows.into_iter().map(|row| row.gone.stamp.by.name).collect()
}

async fn sign_in(server: &Server, email: &str, password: &str) -> Result<Answer, Problem> {
    let mut peer = server.stranger().await;
    peer.hello(None).await;
    peer.ask(ToServer::sign_in(email.into(), password.into())).await
}

#[tokio::test]
async fn whoever_gets_another_address_signs_in_with_that_and_is_not_interrupted() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let id = ada.id_of("Anna").await;
    let email = "anna.berg@example.test";
    let done = change(&mut ada, id, PersonChange::Email(format!(" {email} ")))
        .await
        .expect("changed");
    assert_eq!(done.account.email, email);
    anna.ask(ToServer::Ping).await.expect("she is still there");
    anna.entity("product").await;
    let password = server.password("anna@example.test").0;
    sign_in(&server, email, &password).await.expect("the new one");
    let refused = sign_in(&server, "anna@example.test", &password).await;
    assert_eq!(refused.expect_err("the old one").code, Code::BadCredentials);
    for bad in ["ben@example.test", "no address", "", "a b@c", "x@\ny"] {
        let refused = change(&mut ada, id, PersonChange::Email(bad.into()))
            .await
            .expect_err(bad);
        assert_eq!(refused.code, Code::Malformed, "{bad}: {refused}");
    }
    let entries = ada
        .query(GetAudit {
            filter: AuditFilter {
                person: Some(id),
                ..AuditFilter::default()
            },
            before: None,
            rows: 100,
        })
        .await
        .expect("an admin");
    let before = entries.iter().find_map(|entry| match &entry.act {
        Act::Account(_, AccountChange::Email(before)) => Some(before.clone()),
        _ => None,
    });
    assert_eq!(before.as_deref(), Some("anna@example.test"));
}

/// The whole-server export without the audit log, which keeps every name: it would prove nothing if it could be changed.
async fn export_but_audit(server: &Server) -> String {
    let copy = server.directory.path().join("copy.json");
    run(server.directory.path(), "export", &copy).await.expect("exported");
    let text = std::fs::read_to_string(&copy).expect("it is there");
    std::fs::remove_file(copy).expect("it is ours");
    let mut archive: serde_json::Value = serde_json::from_str(&text).expect("readable");
    let audit = archive
        .as_object_mut()
        .and_then(|sections| sections.remove("audit_log"));
    assert!(audit.is_some(), "it has one");
    archive.to_string()
}

/// Waits until the export does not contain a name any more, and returns it: records are rewritten in slices.
async fn export_without(server: &Server, name: &str) -> String {
    let forgotten = async {
        loop {
            let export = export_but_audit(server).await;
            if !export.contains(name) {
                return export;
            }
        }
    };
    let forgotten = tokio::time::timeout(Duration::from_secs(60), forgotten).await;
    forgotten.expect("no name is left")
}

/// What a colleague leaves: the drafts of a new record and of a saved one, which it returns, what was discarded in
/// another, and a record in the bin.
async fn leave_work(cara: &mut Peer, entity: EntityId) -> [FormKey; 2] {
    let unsaved = cara.open(new_record(), Some(entity)).await;
    cara.edit(&unsaved, vec![set("title", "Half of it")])
        .await
        .expect("typed");
    let left = cara.saved_record(entity, "Coat").await;
    let draft = cara.join(left).await;
    cara.edit(&draft, vec![set("title", "Changed, and not saved")])
        .await
        .expect("typed");
    for form in [unsaved.form, left] {
        cara.ask(ToServer::Leave { form }).await.expect("left");
    }
    let discarded = cara.saved_record(entity, "Coat").await;
    let draft = cara.join(discarded).await;
    cara.edit(&draft, vec![set("title", "Discarded")]).await.expect("typed");
    let discard = FormCommand::DiscardDraft {
        fence: draft.fence,
        op: new_op(),
        rev: None,
    };
    cara.give(discarded, discard).await.expect("discarded");
    cara.ask(ToServer::Leave { form: discarded }).await.expect("left");
    let deleted = cara.saved_record(entity, "Coat").await;
    let kind = DeletionKind::Deleted;
    cara.give(deleted, FormCommand::Delete { kind }).await.expect("deleted");
    [unsaved.form, left]
}

#[tokio::test]
async fn a_forgotten_name_is_a_former_colleagues_everywhere_and_for_good() {
    let server = Server::start().await;
    let (mut ada, mut ben) = (server.peer("ada").await, server.peer("ben").await);
    let (mut cara, id) = server.newcomer(&mut ada, "Cara", UserRole::Editor).await;
    let form = cara.a_product().await;
    let view = cara.join(form).await;
    cara.edit(&view, vec![set("title", "Of hers")]).await.expect("typed");
    cara.save(&view).await.expect("saved");
    let [unsaved, left] = leave_work(&mut cara, view.entity.id).await;

    let refused = change(&mut ada, id, PersonChange::Forget)
        .await
        .expect_err("she works here");
    assert_eq!(refused.code, Code::Forbidden);
    change(&mut ada, id, PersonChange::Deactivate)
        .await
        .expect("deactivated");
    let done = change(&mut ada, id, PersonChange::Forget).await.expect("forgotten");
    assert_eq!(done.account.person.name, FORMER_NAME);
    assert_eq!(
        (done.account.email.as_str(), done.account.state),
        ("", AccountState::Former)
    );

    let export = export_without(&server, "Cara").await;
    for kept in ["Changed, and not saved", "Discarded", FORMER_NAME] {
        assert!(export.contains(kept), "{kept}");
    }
    let saves = ben.query(GetHistory { form }).await.expect("he sees it");
    assert_eq!(saves[0].saved.by.name, FORMER_NAME);
    for form in [unsaved, left] {
        let draft = ben.open(form, None).await.draft;
        let authors: Vec<_> = draft.authors().into_iter().map(|author| author.name.as_str()).collect();
        assert_eq!(authors, [FORMER_NAME], "{form}");
        ben.ask(ToServer::Leave { form }).await.expect("left");
    }
    assert_eq!(deleted_by(&mut ben, view.entity.id).await, [FORMER_NAME]);
    for again in [
        PersonChange::Reactivate,
        PersonChange::Name("Cara".into()),
        PersonChange::Email("cara@new.test".into()),
        PersonChange::NewPassword,
        PersonChange::Role(UserRole::Admin),
        PersonChange::Forget,
    ] {
        let refused = change(&mut ada, id, again.clone()).await.expect_err("for good");
        assert_eq!(refused.code, Code::Forbidden, "{again:?}");
    }
    let refused = sign_in(&server, "cara@new.test", "four brown socks").await;
    assert_eq!(refused.expect_err("nobody").code, Code::BadCredentials);
    // The address is free, and two people can be forgotten.
    let (_, second) = server.newcomer(&mut ada, "Cara", UserRole::Editor).await;
    change(&mut ada, second, PersonChange::Deactivate)
        .await
        .expect("deactivated");
    change(&mut ada, second, PersonChange::Forget).await.expect("forgotten");
    let people = ada.query(GetPeople {}).await.expect("everybody");
    assert_eq!(people.iter().filter(|one| one.state == AccountState::Former).count(), 2);
}

#[tokio::test]
async fn a_name_that_was_being_forgotten_when_the_server_died_is_forgotten_after_its_next_start() {
    let mut server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let (mut cara, id) = server.newcomer(&mut ada, "Cara", UserRole::Editor).await;
    let form = cara.a_product().await;
    let view = cara.join(form).await;
    leave_work(&mut cara, view.entity.id).await;
    change(&mut ada, id, PersonChange::Deactivate)
        .await
        .expect("deactivated");
    assert!(export_but_audit(&server).await.contains("Cara"));
    let committed =
        "UPDATE users SET former = 1, name = 'Former colleague', email = lower(hex(id)), password_hash = '',
             name_spreads = 1
         WHERE name = 'Cara'";
    server.while_it_rests(&[], committed).await;
    let export = export_without(&server, "Cara").await;
    assert!(export.contains("Changed, and not saved"));
}
