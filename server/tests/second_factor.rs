//! The second factor of a sign-in: set up, asked for, lost, required, removed (semantics 7.1).

use std::time::Instant;

use crate::support::{Peer, Server, new_op};
use baton_protocol::audit::{AccountChange, Act, AuditFilter};
use baton_protocol::message::{
    Answer, ChangePerson, Code, GetAudit, GetPeople, GetSignIns, Problem, RemoveSecondFactor, ToServer,
};
use baton_protocol::person::{Account, AccountState, PersonChange, Secret};
use totp_rs::{Builder, Totp};

/// An authenticator, as on a phone: it has seen the key, and nothing else.
struct Authenticator(Totp);

impl Authenticator {
    fn new(key: &Secret) -> Self {
        let key = totp_rs::Secret::try_from_base32(&key.0).expect("base 32");
        Self(Builder::new().with_secret(key).build().expect("a key of enough bytes"))
    }

    /// What it shows now, or so many seconds from now.
    fn shows_in(&self, seconds: u64) -> Secret {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.expect("after 1970").as_secs();
        Secret(self.0.generate(now + seconds).to_string())
    }

    /// A code that the server takes after the one of now was taken.
    fn next(&self) -> Secret {
        self.shows_in(30)
    }
}

async fn sign_in(server: &Server, email: &str, password: &Secret, code: Option<Secret>) -> Result<Account, Problem> {
    let (_, answer) = sign_in_at(server, email, password, code).await;
    answer
}

async fn sign_in_at(
    server: &Server,
    email: &str,
    password: &Secret,
    code: Option<Secret>,
) -> (Peer, Result<Account, Problem>) {
    let mut peer = server.stranger().await;
    peer.hello(None).await;
    let (email, password) = (email.to_owned(), password.clone());
    let answer = peer.ask(ToServer::SignIn { email, password, code }).await;
    let account = answer.map(|answer| match answer {
        Answer::SignedIn { account, .. } => account,
        other => panic!("{other:?} is no sign-in"),
    });
    (peer, account)
}

/// Sets one up; the authenticator and the recovery codes.
async fn set_up(peer: &mut Peer, password: &Secret) -> (Authenticator, Vec<Secret>) {
    let password = password.clone();
    let answer = peer.ask(ToServer::BeginSecondFactor { password }).await;
    let Ok(Answer::NewSecondFactor(factor)) = answer else {
        panic!("{answer:?} has no key");
    };
    assert!(factor.image.0.len() > 100, "a picture to scan");
    let authenticator = Authenticator::new(&factor.key);
    let wrong = ToServer::ConfirmSecondFactor { code: "000 000".into() };
    assert_eq!(peer.ask(wrong).await.expect_err("wrong").code, Code::BadCredentials);
    let code = authenticator.shows_in(0);
    let answer = peer.ask(ToServer::ConfirmSecondFactor { code }).await;
    let Ok(Answer::SecondFactorSet { account, recovery, .. }) = answer else {
        panic!("{answer:?}: it is not set");
    };
    assert!(account.second_factor && account.state == AccountState::Active);
    (authenticator, recovery)
}

#[tokio::test]
async fn a_password_alone_signs_nobody_in_who_has_a_second_factor() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let (email, password) = ("anna@example.test", server.password("anna@example.test"));
    let begin = ToServer::BeginSecondFactor {
        password: "wrong".into(),
    };
    assert_eq!(anna.ask(begin).await.expect_err("wrong").code, Code::BadCredentials);
    let (authenticator, recovery) = set_up(&mut anna, &password).await;

    let refused = sign_in(&server, email, &password, None).await.expect_err("no code");
    assert_eq!(refused.code, Code::SecondFactorNeeded);
    let guess = Some(Secret("123456".into()));
    let refused = sign_in(&server, email, &"wrong".into(), guess.clone()).await;
    let refused = refused.expect_err("a wrong password is told before any code");
    assert_eq!(refused.code, Code::BadCredentials);
    let refused = sign_in(&server, email, &password, guess).await.expect_err("guessed");
    assert_eq!(refused.code, Code::SecondFactorNeeded);

    let code = authenticator.next();
    let account = sign_in(&server, email, &password, Some(code.clone()))
        .await
        .expect("right");
    assert!(account.second_factor);
    let refused = sign_in(&server, email, &password, Some(code))
        .await
        .expect_err("seen by somebody else");
    assert_eq!(refused.code, Code::SecondFactorNeeded, "no code is taken twice");

    let spare = recovery[3].clone();
    sign_in(&server, email, &password, Some(spare.clone()))
        .await
        .expect("the phone is lost");
    let refused = sign_in(&server, email, &password, Some(spare)).await.expect_err("once");
    assert_eq!(refused.code, Code::SecondFactorNeeded);
}

#[tokio::test]
async fn a_key_is_its_persons_who_began_with_it_and_nobody_elses_over_the_same_line() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let password = server.password("anna@example.test");
    let answer = anna.ask(ToServer::BeginSecondFactor { password }).await;
    let Ok(Answer::NewSecondFactor(factor)) = answer else {
        panic!("{answer:?} has no key");
    };
    // Whoever has a token of Ben's, but not his password.
    let (email, password) = ("ben@example.test".to_owned(), server.password("ben@example.test"));
    anna.ask(ToServer::sign_in(email.clone(), password.clone()))
        .await
        .expect("signs in");
    let code = Authenticator::new(&factor.key).shows_in(0);
    let refused = anna
        .ask(ToServer::ConfirmSecondFactor { code })
        .await
        .expect_err("not his");
    assert_eq!(refused.code, Code::NotFound);
    sign_in(&server, &email, &password, None)
        .await
        .expect("his password alone, as before");
}

#[tokio::test]
async fn few_codes_can_be_guessed() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let (email, password) = ("anna@example.test", server.password("anna@example.test"));
    let (authenticator, _) = set_up(&mut anna, &password).await;
    let guess = async |number: u32| {
        let guess = Some(Secret(format!("{number:06}")));
        let refused = sign_in(&server, email, &password, guess).await;
        refused.expect_err("guessed").code
    };
    let began = Instant::now();
    let mut looked_at = 0;
    for number in 0..20 {
        looked_at += u32::from(guess(number).await != Code::Busy);
    }
    // Five at once; then one after a second, after two more, after four more.
    let more = (began.elapsed().as_secs() + 1).ilog2();
    assert!(looked_at <= 5 + more, "{looked_at} in {:?}", began.elapsed());
    // The right one waits as well, unless the time is over by then.
    for number in 20..40 {
        if guess(number).await != Code::Busy {
            continue;
        }
        match sign_in(&server, email, &password, Some(authenticator.next())).await {
            Err(refused) => return assert_eq!(refused.code, Code::Busy),
            Ok(_) => continue,
        }
    }
    panic!("the right one never waited");
}

#[tokio::test]
async fn an_admin_helps_whoever_lost_everything_and_the_audit_has_it_in_order() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (email, password) = ("anna@example.test", server.password("anna@example.test"));
    let (_, recovery) = set_up(&mut anna, &password).await;
    sign_in(&server, email, &password, Some(recovery[0].clone()))
        .await
        .expect("in");
    let people = ada.query(GetPeople {}).await.expect("an admin");
    let of_anna = people.iter().find(|one| one.email == email).expect("she is there");
    assert!(of_anna.second_factor);
    let person = of_anna.person.id;
    let change = PersonChange::RemoveSecondFactor;
    let op = new_op();
    let done = ada.query(ChangePerson { op, person, change }).await.expect("removed");
    assert!(!done.account.second_factor);
    sign_in(&server, email, &password, None)
        .await
        .expect("by password alone");
    anna.query(GetSignIns { person: None })
        .await
        .expect("she was not signed out");

    let filter = AuditFilter {
        person: Some(person),
        ..AuditFilter::default()
    };
    let (before, rows) = (None, 20);
    let mut entries = ada.query(GetAudit { filter, before, rows }).await.expect("an admin");
    entries.reverse();
    let changes: Vec<_> = entries
        .iter()
        .filter_map(|entry| match &entry.act {
            Act::Account(_, change) => Some((entry.by.as_ref()?.name.as_str(), change.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(
        changes,
        [
            ("Anna", AccountChange::SecondFactorSet),
            ("Anna", AccountChange::RecoveryCodeUsed(recovery.len() - 1)),
            ("Ada", AccountChange::SecondFactorRemoved),
        ]
    );
}

#[tokio::test]
async fn where_it_is_required_nothing_else_is_answered_before_and_it_cannot_be_removed() {
    let mut server = Server::start().await;
    // The people are there once somebody was let in.
    let mut ada = server.peer("ada").await;
    let (email, password) = ("ada@example.test", server.password("ada@example.test"));
    ada.query(GetPeople {}).await.expect("not required yet");
    server.kill().await;
    server.restart_with(&["--second-factor", "admins"]).await;
    server
        .peer("anna")
        .await
        .query(GetSignIns { person: None })
        .await
        .expect("no admin");
    let (mut ada, account) = sign_in_at(&server, email, &password, None).await;
    assert_eq!(account.expect("so far").state, AccountState::SecondFactorMissing);
    let refused = ada.query(GetPeople {}).await.expect_err("not before");
    assert_eq!(refused.code, Code::SecondFactorMissing);
    let (authenticator, _) = set_up(&mut ada, &password).await;
    ada.query(GetPeople {}).await.expect("now");
    let remove = RemoveSecondFactor {
        op: new_op(),
        password: password.clone(),
    };
    let refused = ada.query(remove.clone()).await.expect_err("required");
    assert_eq!(refused.code, Code::Forbidden);

    // It lasts, and where nobody asks for it any more its person removes it.
    server.kill().await;
    server.restart_with(&[]).await;
    let refused = sign_in(&server, email, &password, None).await.expect_err("no code");
    assert_eq!(refused.code, Code::SecondFactorNeeded);
    let (mut ada, account) = sign_in_at(&server, email, &password, Some(authenticator.next())).await;
    account.expect("in");
    let wrong = RemoveSecondFactor {
        op: new_op(),
        password: "wrong".into(),
    };
    assert_eq!(ada.query(wrong).await.expect_err("wrong").code, Code::BadCredentials);
    assert!(!ada.query(remove).await.expect("removed").second_factor);
    sign_in(&server, email, &password, None)
        .await
        .expect("by password alone");
}
