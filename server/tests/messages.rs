//! Messages that no honest desktop sends: each gets a typed error; the connection survives what it
//! can, and the server survives all.

use crate::support::{Peer, Server};
use baton_protocol::form::FormCommand;
use baton_protocol::message::{Answer, Code, MAX_MESSAGE_BYTES, PROTOCOL, ToClient, ToServer, Topic};
use tokio_tungstenite::tungstenite::Message;

async fn refusal(peer: &mut Peer) -> Code {
    peer.hear(|message| match message {
        ToClient::Refused { problem, .. } => Some(problem.code),
        _ => None,
    })
    .await
}

async fn still_serves(peer: &mut Peer) {
    assert_eq!(peer.ask(ToServer::Ping).await, Ok(Answer::Done));
}

#[tokio::test]
async fn garbage_is_refused_and_the_connection_lives_on() {
    let mut server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let deep = format!("{{\"id\":1,\"body\":{}", "[".repeat(100_000));
    for text in [
        "",
        "null",
        "{",
        "{\"id\":1}",
        "{\"id\":-1,\"body\":\"ping\"}",
        "{\"id\":1,\"body\":\"no_such_thing\"}",
        "{\"id\":1,\"body\":{\"join\":{\"form\":{\"kind\":\"record\",\"id\":\"not an id\"}}}}",
        &deep,
    ] {
        anna.send(Message::text(text)).await;
        assert_eq!(
            refusal(&mut anna).await,
            Code::Malformed,
            "{}",
            &text[..text.len().min(80)]
        );
        still_serves(&mut anna).await;
    }
    let mut noise: u32 = 1;
    for _ in 0..50 {
        let bytes: Vec<u8> = (0..200)
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                noise.to_le_bytes()[3]
            })
            .collect();
        anna.send(Message::binary(bytes)).await;
        assert_eq!(refusal(&mut anna).await, Code::Malformed);
    }
    still_serves(&mut anna).await;
    assert!(server.is_running());
}

#[tokio::test]
async fn a_refused_request_names_its_number() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    anna.send(Message::text("{\"id\":77,\"body\":\"no_such_thing\"}")).await;
    let id = anna
        .hear(|message| match message {
            ToClient::Refused { id, .. } => Some(*id),
            _ => None,
        })
        .await;
    assert_eq!(id, Some(77));
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_and_a_huge_one_ends_the_connection() {
    let mut server = Server::start().await;
    let mut anna = server.peer("anna").await;
    anna.send(Message::text("x".repeat(MAX_MESSAGE_BYTES + 1))).await;
    assert_eq!(refusal(&mut anna).await, Code::TooLarge);
    still_serves(&mut anna).await;

    // Its sender may see the line end before it has written everything.
    let huge = Message::text("x".repeat(5 * MAX_MESSAGE_BYTES));
    anna.try_send(huge).await;
    let mut last = None;
    while let Some(message) = anna.read().await {
        last = Some(message);
    }
    if let Some(message) = last {
        assert!(
            matches!(&message, ToClient::Refused { problem, .. } if problem.code == Code::TooLarge),
            "{message:?}"
        );
    }
    still_serves(&mut server.peer("anna").await).await;
    assert!(server.is_running());
}

#[tokio::test]
async fn a_wrong_version_gets_a_sentence_that_says_which_side_is_old() {
    let server = Server::start().await;
    for (protocol, old) in [
        (PROTOCOL + 1, "The server is too old"),
        (PROTOCOL - 1, "This program is too old"),
    ] {
        let mut peer = server.stranger().await;
        peer.say(ToServer::Hello {
            protocol,
            client: "test".into(),
            computer: None,
            resume: None,
        })
        .await;
        let problem = peer
            .hear(|message| match message {
                ToClient::Refused { problem, .. } => Some(problem.clone()),
                _ => None,
            })
            .await;
        assert_eq!(problem.code, Code::WrongVersion);
        assert!(problem.message.english().starts_with(old), "{problem}");
        assert_eq!(peer.read().await, None, "and the connection ends");
    }
}

#[tokio::test]
async fn a_desktop_older_than_the_server_wants_is_told_which_version_it_needs() {
    let server = Server::start_with(&["--minimum-desktop", "0.2.0"]).await;
    for (client, let_in) in [("0.1.9", false), ("0.2.0", true), ("0.10.0", true), ("test", false)] {
        let mut peer = server.stranger().await;
        let hello = ToServer::Hello {
            protocol: PROTOCOL,
            client: client.into(),
            computer: None,
            resume: None,
        };
        peer.say(hello).await;
        match peer.read().await {
            Some(ToClient::Welcome { .. }) => assert!(let_in, "{client}"),
            Some(ToClient::Refused { problem, .. }) => {
                assert!(!let_in, "{client}");
                assert_eq!(problem.code, Code::WrongVersion);
                assert!(problem.message.english().contains("Baton 0.2.0 or newer"), "{problem}");
            }
            other => panic!("{client}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn nothing_is_answered_before_the_greeting_and_it_is_said_once() {
    let server = Server::start().await;
    let mut rude = server.stranger().await;
    rude.say(ToServer::Watch {
        topic: Topic::Entities,
        rows: 1,
        since: None,
    })
    .await;
    assert_eq!(refusal(&mut rude).await, Code::Greeting);
    assert_eq!(rude.read().await, None);

    let mut twice = server.peer("anna").await;
    twice
        .say(ToServer::Hello {
            protocol: PROTOCOL,
            client: "test".into(),
            computer: None,
            resume: None,
        })
        .await;
    assert_eq!(refusal(&mut twice).await, Code::Greeting);
}

#[tokio::test]
async fn whoever_is_not_signed_in_sees_nothing() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let mut stranger = server.stranger().await;
    stranger.hello(None).await;
    for request in [
        ToServer::Watch {
            topic: Topic::Entities,
            rows: 1,
            since: None,
        },
        ToServer::Join { form, entity: None },
        ToServer::OpenReadOnly { form },
        ToServer::Form {
            form,
            command: FormCommand::Focus { field: None },
        },
    ] {
        let refused = stranger.ask(request).await.expect_err("refused");
        assert_eq!(refused.code, Code::SignInNeeded);
    }
}

#[tokio::test]
async fn wrong_passwords_and_revoked_tokens_are_refused_alike() {
    let server = Server::start().await;
    let mut peer = server.stranger().await;
    peer.hello(None).await;
    for (email, password) in [
        ("anna@example.test", "wrong"),
        ("nobody@example.test", "wrong"),
        ("' OR 1=1 --", "x"),
        ("", ""),
    ] {
        let sign_in = ToServer::sign_in(email.into(), password.into());
        assert_eq!(peer.ask(sign_in).await.expect_err("refused").code, Code::BadCredentials);
    }
    let token = ToServer::UseToken {
        token: "made up".into(),
    };
    assert_eq!(peer.ask(token).await.expect_err("refused").code, Code::BadCredentials);

    let email = "anna@example.test".to_owned();
    let password = server.password(&email);
    let Ok(Answer::SignedIn { token: Some(token), .. }) = peer.ask(ToServer::sign_in(email, password)).await else {
        panic!("the right password signs in");
    };
    let mut second = server.stranger().await;
    second.hello(None).await;
    second
        .ask(ToServer::UseToken { token: token.clone() })
        .await
        .expect("the token signs in");
    peer.ask(ToServer::UseToken { token: token.clone() })
        .await
        .expect("and again");
    peer.ask(ToServer::SignOut).await.expect("signs out");
    while second.read().await.is_some() {}
    let mut third = server.stranger().await;
    third.hello(None).await;
    let refused = third
        .ask(ToServer::UseToken { token })
        .await
        .expect_err("it is revoked");
    assert_eq!(refused.code, Code::BadCredentials);
}
