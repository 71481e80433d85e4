//! One person does not stop all others: bounds on connections, messages, work and quotas, against a real server.

use baton_protocol::form::FormCommand;
use std::time::{Duration, Instant};

use crate::support::{Server, TIMEOUT, new_op, new_record, set, set_items};
use baton_protocol::definition::key;
use baton_protocol::draft::{Change, Edit, MAX_CHANGES, Splice};
use baton_protocol::id::{EntityId, FormKey, JobId, UploadId};
use baton_protocol::job::{Format, Job, RecordSelection};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{Answer, Code, CommitUpload, StartJob, ToServer, UploadPart};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use uuid::Uuid;

/// Waits until the server has ended a line, and says how long that took.
async fn ended(line: &mut TcpStream) -> Duration {
    let begun = Instant::now();
    let mut rest = Vec::new();
    // A reset is an end as well.
    tokio::time::timeout(TIMEOUT * 4, line.read_to_end(&mut rest))
        .await
        .expect("it ends")
        .ok();
    begun.elapsed()
}

#[tokio::test]
async fn silent_connections_end_and_block_nobody() {
    let server = Server::start_with(&["--max-anonymous", "8", "--grace-ms", "60000"]).await;
    let address = ("127.0.0.1", server.port);
    let mut half = TcpStream::connect(address).await.expect("a line");
    half.write_all(b"GET /ws HTTP/1.1\r\nHost: x\r\n")
        .await
        .expect("half a head");
    let mut silent = server.stranger().await;
    // Far more than are allowed: the oldest make room, and who means it gets in.
    let mut flood = Vec::new();
    for _ in 0..40 {
        flood.push(TcpStream::connect(address).await.expect("a line"));
    }
    let mut anna = server.peer("anna").await;
    anna.ask(ToServer::Ping).await.expect("served");
    assert!(ended(&mut half).await < Duration::from_secs(30));
    assert!(silent.read().await.is_none(), "nobody greeted over it");
    anna.ask(ToServer::Ping).await.expect("served still");
}

#[tokio::test]
async fn slow_request_heads_greetings_and_messages_time_out() {
    let server = Server::start().await;
    let mut half = TcpStream::connect(("127.0.0.1", server.port)).await.expect("a line");
    half.write_all(b"GET /ws HTTP/1.1\r\nHost: x\r\n")
        .await
        .expect("half a head");
    assert!(ended(&mut half).await < TIMEOUT);
    // It shows all the while that it lives.
    let mut silent = server.stranger().await;
    assert!(silent.read().await.is_none(), "nobody greeted over it");
    let mut anna = server.peer("anna").await;
    let part = Frame::message("{\"id\":".as_bytes(), OpCode::Data(Data::Text), false);
    anna.send(Message::Frame(part)).await;
    assert!(anna.read().await.is_none(), "a message that begins is to end");
}

#[tokio::test]
async fn before_a_sign_in_a_message_is_small() {
    let server = Server::start().await;
    let mut stranger = server.stranger().await;
    let long = format!(
        r#"{{"id":1,"body":{{"hello":{{"protocol":2,"client":"{}","resume":null}}}}}}"#,
        "x".repeat(5000)
    );
    stranger.try_send(Message::text(long)).await;
    while stranger.read().await.is_some() {}
    let mut greeted = server.stranger().await;
    greeted.hello(None).await;
    let password = "x".repeat(20_000).into();
    let email = "anna@example.test".to_owned();
    greeted.say(ToServer::sign_in(email, password)).await;
    while greeted.read().await.is_some() {}
}

#[tokio::test]
async fn a_message_has_a_bounded_number_of_changes_and_a_field_a_bounded_name() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    let splice = Change {
        field: "description".into(),
        edit: Edit::Splice(Splice {
            at: 0,
            delete: 0,
            insert: "x".into(),
        }),
    };
    let refused = anna.edit(&view, vec![splice.clone(); MAX_CHANGES + 1]).await;
    assert_eq!(refused.expect_err("too many").code, Code::TooLarge);
    anna.edit(&view, vec![splice; MAX_CHANGES])
        .await
        .expect("as many as fit");
    let field = Some("f".repeat(900_000));
    let refused = anna.give(form, FormCommand::Focus { field }).await;
    assert_eq!(refused.expect_err("no field of the form").code, Code::BadChange);
}

#[tokio::test]
async fn formatted_text_that_is_slow_to_clean_does_not_hold_a_colleague_up() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let entity = EntityId(Uuid::now_v7());
    let definition = ada.open(FormKey::entity(entity), None).await;
    let defined = vec![
        set("label", "Page"),
        set("label_plural", "Pages"),
        set("status", "published"),
        set_items("fields", &["a"]),
        set(&key("a", "label"), "Words"),
        set(&key("a", "type"), "rich_text"),
    ];
    ada.edit(&definition, defined).await.expect("accepted");
    ada.save(&definition).await.expect("saved");
    let view = ben.open(new_record(), Some(entity)).await;
    let rich = anna.open(new_record(), Some(entity)).await;
    let nested = "<div>".repeat(160 * 1024 / 5);
    for _ in 0..4 {
        let changes = vec![set("title", "Nested"), set("words", &nested)];
        anna.edit(&rich, changes).await.expect("accepted");
        let save = ToServer::Form {
            form: rich.form,
            command: FormCommand::Save {
                fence: rich.fence,
                op: new_op(),
                version: rich.version,
            },
        };
        anna.say(save).await;
    }
    let begun = Instant::now();
    ben.edit(&view, vec![set("title", "quick")]).await.expect("accepted");
    // It took 29 s once; a machine that does other things may take seconds.
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn quotas_count_what_is_there_and_say_so() {
    let server = Server::start_with(&["--max-drafts-per-person", "3", "--max-file-mb-per-person", "1"]).await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let mut forms = Vec::new();
    for _ in 0..3 {
        let view = anna.open(new_record(), Some(entity)).await;
        anna.edit(&view, vec![set("title", "begun")]).await.expect("accepted");
        forms.push(view);
    }
    let one_more = ToServer::Join {
        form: new_record(),
        entity: Some(entity),
    };
    let refused = anna.ask(one_more.clone()).await.expect_err("too many");
    assert_eq!(refused.code, Code::Busy);
    assert!(refused.message.english().contains("never saved"), "{refused}");
    anna.edit(&forms[0], vec![set("sku", "S-1")]).await.expect("accepted");
    anna.save(&forms[0]).await.expect("saved");
    // Opened while there was room, and typed into when there is none any more.
    let last = anna.open(new_record(), Some(entity)).await;
    let too_many = anna.open(new_record(), Some(entity)).await;
    anna.edit(&last, vec![set("title", "begun")]).await.expect("accepted");
    anna.edit(&last, vec![set("sku", "S-2")]).await.expect("it goes on");
    let refused = anna
        .edit(&too_many, vec![set("title", "begun")])
        .await
        .expect_err("too many");
    assert_eq!(refused.code, Code::Busy);
    anna.ask(one_more).await.expect_err("too many again");

    let bytes = vec![b'x'; 700 * 1024];
    let keep = |upload, name: &str| CommitUpload {
        op: new_op(),
        upload,
        name: name.into(),
    };
    let first = anna.bring(&bytes).await;
    anna.ask(keep(first, "one.txt")).await.expect("kept");
    let mut other = bytes.clone();
    other[0] = b'y';
    let second = anna.bring(&other).await;
    let refused = anna.ask(keep(second, "two.txt")).await.expect_err("full");
    assert_eq!(refused.code, Code::TooLarge);
}

#[tokio::test]
async fn work_that_is_done_counts_for_nothing() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    // One export after the other, as a script does all day.
    for number in 0..80 {
        let upload = UploadId(Uuid::new_v4());
        let job = Job::Export {
            entity,
            which: RecordSelection::Query(ListQuery {
                search: "nothing has this word".into(),
                ..ListQuery::default()
            }),
            columns: vec!["title".into()],
            format: Format::Csv,
            upload,
        };
        let id = JobId(Uuid::new_v4());
        let started = anna.query(StartJob { id, job }).await;
        started.unwrap_or_else(|problem| panic!("the {number}th: {problem}"));
        assert_eq!(anna.job_outcome(id).await.problem, None, "the {number}th");
    }
    anna.bring(b"and she can still bring a file").await;
    // A file without a byte is one, too.
    let mut taken = 0;
    while taken < 200 {
        let nothing = UploadPart {
            upload: UploadId(Uuid::new_v4()),
            offset: 0,
            data: String::new(),
        };
        match anna.ask(nothing).await {
            Ok(_) => taken += 1,
            Err(problem) => {
                assert_eq!(problem.code, Code::TooLarge);
                break;
            }
        }
    }
    assert!((1..64).contains(&taken), "{taken} files of nothing were taken");
}

#[tokio::test]
async fn guesses_wait_longer_and_longer_and_the_rightful_owner_gets_in() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut guessers = Vec::new();
    for _ in 0..40 {
        let mut guesser = server.stranger().await;
        guesser.hello(None).await;
        for _ in 0..5 {
            let guess = ToServer::sign_in("ben@example.test".into(), "guess".to_owned().into());
            guesser.say(guess).await;
        }
        guessers.push(guesser);
    }
    let begun = Instant::now();
    let mut anna = server.peer("anna").await;
    anna.ask(ToServer::Ping).await.expect("served");
    assert!(begun.elapsed() < TIMEOUT, "{:?}", begun.elapsed());
    // Everybody is answered with a sentence, or waits; nobody is let in.
    for guesser in &mut guessers[..4] {
        let told = guesser.hear(|message| match message {
            baton_protocol::message::ToClient::Refused { problem, .. } => Some(problem.code),
            _ => None,
        });
        let code = told.await;
        assert!(matches!(code, Code::BadCredentials | Code::Busy), "{code:?}");
    }
}

#[tokio::test]
async fn a_guess_is_answered_alike_whether_there_is_such_an_account_or_not() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let guess = |email: String| ToServer::sign_in(email, "guess".to_owned().into());
    for number in 0..8 {
        let mut guesser = server.stranger().await;
        guesser.hello(None).await;
        for attempt in 0..4 {
            let refused = guesser
                .ask(guess(format!("nobody{number}{attempt}@example.test")))
                .await;
            assert_eq!(refused.expect_err("no such account").code, Code::BadCredentials);
        }
    }
    let mut answers = Vec::new();
    for email in ["ben@example.test", "somebody@example.test"] {
        let mut guesser = server.stranger().await;
        guesser.hello(None).await;
        answers.push(guesser.ask(guess(email.to_owned())).await.expect_err("a guess"));
    }
    assert_eq!(answers[0], answers[1], "after many guesses from here");
}

#[cfg(unix)]
#[tokio::test]
async fn as_many_files_may_be_open_as_connections_are_allowed() {
    let directory = tempfile::tempdir().expect("a directory");
    // A system that begins with few, as most do.
    let mut server = tokio::process::Command::new("sh")
        .args(["-c", "ulimit -Sn 64 && exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_baton-server"))
        .args(["--listen", "127.0.0.1:0", "--max-connections", "300", "--data-dir"])
        .arg(directory.path())
        .stdout(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("it starts");
    let mut lines = tokio::io::BufReader::new(server.stdout.take().expect("its output")).lines();
    while let Some(line) = lines.next_line().await.expect("its output") {
        if line.contains("127.0.0.1:") {
            break;
        }
    }
    let id = server.id().expect("it runs");
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).expect("its limits");
    let open = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .expect("of files");
    let soft: u64 = open
        .split_whitespace()
        .nth(3)
        .and_then(|soft| soft.parse().ok())
        .expect("a number");
    assert_eq!(soft, 300 + 256);
}

#[tokio::test]
async fn one_person_is_signed_in_at_fifty_places_at_most_and_the_oldest_ends() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (email, mut tokens) = ("anna@example.test".to_owned(), Vec::new());
    // Once it greets, its people are there.
    server.stranger().await.hello(None).await;
    let password = server.password(&email);
    for _ in 0..52 {
        let mut peer = server.stranger().await;
        peer.hello(None).await;
        match peer.ask(ToServer::sign_in(email.clone(), password.clone())).await {
            Ok(Answer::SignedIn { token: Some(token), .. }) => tokens.push(token),
            other => panic!("not signed in: {other:?}"),
        }
    }
    let mut peer = server.stranger().await;
    peer.hello(None).await;
    for ended in [0, 1] {
        let token = tokens[ended].clone();
        let refused = peer.ask(ToServer::UseToken { token }).await;
        assert_eq!(refused.expect_err("it made room").code, Code::BadCredentials, "{ended}");
    }
    for lasts in [2, 51] {
        let mut peer = server.stranger().await;
        peer.hello(None).await;
        let token = tokens[lasts].clone();
        peer.ask(ToServer::UseToken { token }).await.expect("it lasts");
    }
}
