//! An account's life: made, signed in for the first time, its password and name changed by its person, its sign-ins
//! seen and ended, deactivated and reactivated.

use crate::support::{Peer, Server, new_op};
use baton_protocol::form::FormCommand;
use baton_protocol::id::UserId;
use baton_protocol::message::{
    AddPerson, Answer, ChangePerson, Code, EndSignIn, GetPeople, GetSignIns, PersonalNotice, Problem, RenameMe,
    ToClient, ToServer,
};
use baton_protocol::person::{Account, AccountState, PersonChange, Secret, UserRole};

async fn sign_in(server: &Server, email: &str, password: &str) -> (Peer, Result<Answer, Problem>) {
    let mut peer = server.stranger().await;
    peer.hello(None).await;
    let answer = peer.ask(ToServer::sign_in(email.into(), password.into())).await;
    (peer, answer)
}

fn account(answer: Result<Answer, Problem>) -> (Account, Option<Secret>) {
    let Answer::SignedIn { account, token, .. } = answer.expect("signed in") else {
        panic!("no sign-in");
    };
    (account, token)
}

async fn change_password(peer: &mut Peer, current: &str, new: &str) -> Result<Answer, Problem> {
    peer.ask(ToServer::ChangePassword {
        current: current.into(),
        new: new.into(),
    })
    .await
}

fn change(person: UserId, change: PersonChange) -> ChangePerson {
    ChangePerson {
        op: new_op(),
        person,
        change,
    }
}

#[tokio::test]
async fn a_password_that_was_given_is_changed_before_anything_else() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let cara = AddPerson {
        op: new_op(),
        email: "cara@example.test".into(),
        name: "Cara".into(),
        role: UserRole::Editor,
    };
    let made = ada.query(cara).await.expect("added");
    assert_eq!(made.account.state, AccountState::PasswordGiven);
    let given = made.password.expect("said once").0;

    let (mut cara, answer) = sign_in(&server, "cara@example.test", &given).await;
    let (who, _) = account(answer);
    assert_eq!(who.state, AccountState::PasswordGiven);
    let refused = cara.query(GetSignIns { person: None }).await.expect_err("not yet");
    assert_eq!(refused.code, Code::PasswordNeeded);
    for (current, new, code) in [
        ("wrong", "four brown socks", Code::BadCredentials),
        (given.as_str(), "short", Code::Malformed),
        (given.as_str(), "password123", Code::Malformed),
        (given.as_str(), given.as_str(), Code::Malformed),
    ] {
        let refused = change_password(&mut cara, current, new).await.expect_err("no password");
        assert_eq!(refused.code, code, "{new}");
    }
    let (who, token) = account(change_password(&mut cara, &given, "four brown socks").await);
    assert_eq!(who.state, AccountState::Active);
    cara.query(GetSignIns { person: None }).await.expect("works now");
    // The token that the change gave is the one that lasts.
    let mut again = server.stranger().await;
    again.hello(None).await;
    let token = token.expect("a token");
    again.ask(ToServer::UseToken { token }).await.expect("signs in");
    let (_, answer) = sign_in(&server, "cara@example.test", &given).await;
    assert_eq!(answer.expect_err("the old one").code, Code::BadCredentials);
}

#[tokio::test]
async fn who_changes_their_password_ends_their_other_sign_ins_and_goes_on_here() {
    let server = Server::start().await;
    // The people are there once somebody was let in.
    server.peer("ada").await;
    let password = server.password("anna@example.test").0;
    let (mut here, answer) = sign_in(&server, "anna@example.test", &password).await;
    account(answer);
    let (mut there, answer) = sign_in(&server, "anna@example.test", &password).await;
    let (_, token) = account(answer);
    let form = here.a_product().await;
    here.join(form).await;
    account(change_password(&mut here, &password, "four brown socks").await);
    while there.read().await.is_some() {}
    let mut back = server.stranger().await;
    back.hello(None).await;
    let token = token.expect("a token");
    let refused = back.ask(ToServer::UseToken { token }).await.expect_err("ended");
    assert_eq!(refused.code, Code::BadCredentials);
    // The place in the form is still hers.
    here.give(form, FormCommand::Focus { field: None })
        .await
        .expect("joined still");
}

#[tokio::test]
async fn sign_ins_are_seen_and_ended_by_their_person_and_by_admins_and_by_nobody_else() {
    let server = Server::start().await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let mut second = server.peer("anna").await;
    let mine = anna.query(GetSignIns { person: None }).await.expect("hers");
    assert_eq!(mine.len(), 2);
    assert_eq!(mine.iter().filter(|row| row.own).count(), 1);
    assert!(mine.iter().all(|row| row.online));
    assert_eq!(mine[0].origin.address.as_deref(), Some("127.0.0.1"));
    assert_eq!(mine[0].origin.client.as_deref(), Some("test"));
    assert_eq!(mine[0].origin.computer.as_deref(), Some("a computer, Linux"));
    let other = mine.iter().find(|row| !row.own).expect("the other").id;

    let people = ada.query(GetPeople {}).await.expect("everybody");
    let anna_id = people
        .iter()
        .find(|one| one.person.name == "Anna")
        .expect("her")
        .person
        .id;
    let of_anna = GetSignIns { person: Some(anna_id) };
    let refused = ben.query(of_anna.clone()).await.expect_err("none of his");
    assert_eq!(refused.code, Code::Forbidden);
    let refused = ben.query(EndSignIn { sign_in: other }).await.expect_err("none of his");
    assert_eq!(refused.code, Code::Forbidden);
    assert_eq!(ada.query(of_anna.clone()).await.expect("an admin").len(), 2);

    anna.query(EndSignIn { sign_in: other }).await.expect("hers");
    while second.read().await.is_some() {}
    let rest = anna.query(GetSignIns { person: None }).await.expect("hers");
    assert_eq!(rest.iter().map(|row| row.own).collect::<Vec<_>>(), [true]);
    anna.query(EndSignIn { sign_in: other })
        .await
        .expect("it has ended already");
    ada.query(EndSignIn { sign_in: rest[0].id }).await.expect("an admin");
    while anna.read().await.is_some() {}
}

#[tokio::test]
async fn who_signs_out_is_out_over_every_connection_of_that_sign_in_and_over_no_other() {
    let server = Server::start().await;
    // The people are there once somebody was let in.
    let mut other = server.peer("anna").await;
    let password = server.password("anna@example.test").0;
    let (mut here, answer) = sign_in(&server, "anna@example.test", &password).await;
    let token = account(answer).1.expect("a token");
    let use_token = async |token: &Secret| {
        let mut peer = server.stranger().await;
        peer.hello(None).await;
        let answer = peer.ask(ToServer::UseToken { token: token.clone() }).await;
        (peer, answer)
    };
    let (mut there, answer) = use_token(&token).await;
    answer.expect("the same sign-in");
    here.ask(ToServer::SignOut).await.expect("out");
    while there.read().await.is_some() {}
    let (_, answer) = use_token(&token).await;
    let refused = answer.expect_err("ended");
    assert_eq!(refused.code, Code::BadCredentials);
    assert_eq!(refused.message.english(), "You signed out. Sign in again.");
    other.query(GetSignIns { person: None }).await.expect("goes on");
    here.ask(ToServer::Ping).await.expect("connected still");
}

#[tokio::test]
async fn the_role_that_one_has_ends_no_sign_in() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let people = ada.query(GetPeople {}).await.expect("everybody");
    let her = people.iter().find(|one| one.person.name == "Anna").expect("her");
    ada.query(change(her.person.id, PersonChange::Role(her.role)))
        .await
        .expect("nothing to do");
    anna.query(GetSignIns { person: None }).await.expect("signed in still");
}

#[tokio::test]
async fn whoever_is_deactivated_is_out_at_once_and_in_again_when_reactivated() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let people = ada.query(GetPeople {}).await.expect("everybody");
    let of = |name: &str| {
        people
            .iter()
            .find(|one| one.person.name == name)
            .expect("there")
            .person
            .id
    };
    let form = anna.a_product().await;
    anna.join(form).await;
    ben.join(form).await;
    let done = ada
        .query(change(of("Anna"), PersonChange::Deactivate))
        .await
        .expect("done");
    assert_eq!(done.account.state, AccountState::Deactivated);
    while anna.read().await.is_some() {}
    // Ben follows at once, and not after the minute that a place is held.
    ben.hear_promotion(form).await;
    let password = server.password("anna@example.test").0;
    let (_, answer) = sign_in(&server, "anna@example.test", &password).await;
    let refused = answer.expect_err("deactivated");
    assert_eq!(refused.code, Code::BadCredentials);
    assert!(refused.message.english().contains("deactivated"), "{refused}");
    let (_, answer) = sign_in(&server, "anna@example.test", "wrong").await;
    let refused = answer.expect_err("a guess");
    assert!(
        !refused.message.english().contains("deactivated"),
        "a guess learns nothing: {refused}"
    );

    let last = ada.query(change(of("Ada"), PersonChange::Deactivate)).await;
    assert_eq!(last.expect_err("the only admin").code, Code::Forbidden);
    ada.query(change(of("Anna"), PersonChange::Reactivate))
        .await
        .expect("done");
    let (_, answer) = sign_in(&server, "anna@example.test", &password).await;
    account(answer);
}

#[tokio::test]
async fn who_renames_themselves_is_read_by_that_name_everywhere() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = anna.a_product().await;
    anna.join(form).await;
    ben.join(form).await;
    let rename = RenameMe {
        op: new_op(),
        name: " Anna Berg ".into(),
    };
    let renamed = anna.query(rename).await.expect("renamed");
    assert_eq!(renamed.person.name, "Anna Berg");
    let editors = ben.again(form).await.editors;
    assert_eq!(editors[0].person.name, "Anna Berg");
    let blank = RenameMe {
        op: new_op(),
        name: " ".into(),
    };
    assert_eq!(anna.query(blank).await.expect_err("no name").code, Code::Malformed);
}

#[tokio::test]
async fn whoever_runs_the_server_lets_an_admin_in_again() {
    let server = Server::start().await;
    server.peer("ada").await;
    let rescued = tokio::process::Command::new(env!("CARGO_BIN_EXE_baton-server"))
        .args(["rescue-admin", "anna@example.test", "--data-dir"])
        .arg(server.directory.path())
        .output()
        .await
        .expect("it runs");
    let said = String::from_utf8(rescued.stdout).expect("text");
    let password = said.split("password ").nth(1).and_then(|rest| rest.split(' ').next());
    let (mut anna, answer) = sign_in(&server, "anna@example.test", password.expect("a password")).await;
    let (who, _) = account(answer);
    assert_eq!((who.role, who.state), (UserRole::Admin, AccountState::PasswordGiven));
    account(change_password(&mut anna, password.expect("a password"), "four brown socks").await);
    anna.query(GetPeople {}).await.expect("an admin");
}

#[tokio::test]
async fn a_place_that_is_held_ends_with_the_right_to_edit() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let form = anna.a_product().await;
    anna.join(form).await;
    ben.join(form).await;
    anna.cut();
    ben.hear_reserved().await;
    let people = ada.query(GetPeople {}).await.expect("everybody");
    let anna = people.iter().find(|one| one.person.name == "Anna").expect("her");
    let to_viewer = change(anna.person.id, PersonChange::Role(UserRole::Viewer));
    ada.query(to_viewer).await.expect("done");
    ben.hear_promotion(form).await;
}

#[tokio::test]
async fn a_password_that_was_given_works_for_a_limited_time() {
    let mut server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let eve = AddPerson {
        op: new_op(),
        email: "eve@example.test".into(),
        name: "Eve".into(),
        role: UserRole::Editor,
    };
    let made = ada.query(eve).await.expect("added");
    let given = made.password.expect("said once").0;
    let a_month_ago =
        "UPDATE users SET password_until = password_until - 30 * 86400000 WHERE email = 'eve@example.test'";
    server.while_it_rests(&[], a_month_ago).await;
    let (_, answer) = sign_in(&server, "eve@example.test", &given).await;
    let refused = answer.expect_err("too late");
    assert!(
        refused.code == Code::BadCredentials && refused.message.english().contains("limited time"),
        "{refused:?}"
    );
    let (_, answer) = sign_in(&server, "eve@example.test", "a guess").await;
    assert!(
        !answer.expect_err("wrong").message.english().contains("limited time"),
        "a guesser learns nothing"
    );
    let mut ada = server.peer("ada").await;
    let again = change(made.account.person.id, PersonChange::NewPassword);
    let given = ada
        .query(again)
        .await
        .expect("another one")
        .password
        .expect("said once")
        .0;
    account(sign_in(&server, "eve@example.test", &given).await.1);
}

#[tokio::test]
async fn a_sign_in_that_is_not_used_ends_and_a_token_is_replaced_without_losing_anybody() {
    const IDLE: &[&str] = &["--sign-in-idle-days", "5"];
    let mut server = Server::start_with(IDLE).await;
    let mut ada = server.peer("ada").await;
    ada.query(GetPeople {}).await.expect("the people are there");
    let password = server.password("anna@example.test").0;
    let (_, token) = account(sign_in(&server, "anna@example.test", &password).await.1);
    let first = token.expect("a token");
    let use_token = async |server: &Server, token: &Secret| {
        let mut peer = server.stranger().await;
        peer.hello(None).await;
        let token = token.clone();
        peer.ask(ToServer::UseToken { token })
            .await
            .map(|answer| account(Ok(answer)).1)
    };
    assert_eq!(use_token(&server, &first).await.expect("lasts"), None, "it is new");
    let two_days = "UPDATE tokens SET renewed_at = renewed_at - 2 * 86400000, used_at = used_at - 2 * 86400000";
    server.while_it_rests(IDLE, two_days).await;
    let second = use_token(&server, &first).await.expect("lasts").expect("a new one");
    // The answer may have been lost: the old one works until the new one was used.
    let third = use_token(&server, &first).await.expect("lasts");
    let second = third.unwrap_or(second);
    use_token(&server, &second).await.expect("lasts");
    let refused = use_token(&server, &first).await.expect_err("replaced");
    assert_eq!(refused.code, Code::BadCredentials);
    use_token(&server, &second).await.expect("and the new one goes on");
    let six_days = "UPDATE tokens SET used_at = used_at - 6 * 86400000";
    server.while_it_rests(IDLE, six_days).await;
    let refused = use_token(&server, &second).await.expect_err("not used for too long");
    assert_eq!(refused.code, Code::BadCredentials);
}

#[tokio::test]
async fn after_ten_failures_an_account_waits_admins_are_notified_and_a_new_password_ends_it() {
    let server = Server::start_with(&["--trusted-proxy", "127.0.0.1"]).await;
    let mut ada = server.peer("ada").await;
    let people = ada.query(GetPeople {}).await.expect("everybody");
    let ben = people.iter().find(|one| one.person.name == "Ben").expect("he is there");
    let password = server.password("ben@example.test");
    let sign_in_from = async |address: &str, password: Secret| {
        let mut peer = server.stranger_from(address).await;
        peer.hello(None).await;
        peer.ask(ToServer::sign_in("ben@example.test".into(), password)).await
    };
    sign_in_from("10.0.0.1", password.clone())
        .await
        .expect("his own computer");
    for last in 2..12 {
        let guessed = sign_in_from(&format!("10.0.0.{last}"), "a guess".into()).await;
        assert_eq!(guessed.expect_err("wrong").code, Code::BadCredentials, "{last}");
    }
    let told = ada.hear(|message| match message {
        ToClient::Personal(PersonalNotice::SignInsPaused { email, seconds }) => Some((email.clone(), *seconds)),
        _ => None,
    });
    assert_eq!(told.await, ("ben@example.test".to_owned(), 900));
    let refused = sign_in_from("10.0.0.99", password.clone()).await.expect_err("it waits");
    assert_eq!(refused.code, Code::Busy);
    sign_in_from("10.0.0.1", password)
        .await
        .expect("no stranger keeps him out of his own computer");
    for last in 12..22 {
        let guessed = sign_in_from(&format!("10.0.0.{last}"), "a guess".into()).await;
        assert_eq!(guessed.expect_err("wrong").code, Code::BadCredentials, "{last}");
    }
    let elsewhere = sign_in_from("10.0.0.99", "a guess".into()).await;
    assert_eq!(elsewhere.expect_err("it waits again").code, Code::Busy);
    let again = change(ben.person.id, PersonChange::NewPassword);
    let given = ada
        .query(again)
        .await
        .expect("another one")
        .password
        .expect("said once")
        .0;
    account(sign_in_from("10.0.0.99", given.into()).await);
}
