//! A real server on a real file, killed at random moments while people type: nothing acknowledged is
//! lost, nothing happens twice, the owner and the order are the same (G3, G8).
//!
//! `cargo xtask crashes --kills 1000` goes on for longer.

#![allow(
    clippy::print_stdout,
    reason = "the seed and what was covered are for whoever reads the run"
)]

use std::time::{Duration, Instant};

use crate::support::{Peer, Server, new_op};
use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::form::{FormCommand, FormSnapshot, Role};
use baton_protocol::id::{FormKey, OpId, SessionId};
use baton_protocol::message::{Answer, ToServer};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sqlx::Connection as _;
use tokio::task::JoinSet;

/// How many people type at once, each in a form of their own.
const TYPISTS: usize = 4;

/// One person who types numbers, one after the other, and remembers what was acknowledged.
struct Typist {
    form: FormKey,
    session: SessionId,
    sign_in: ToServer,
    /// The last number that was acknowledged.
    acknowledged: u64,
    /// The operation that was under way when the line broke.
    unanswered: Option<ToServer>,
}

/// The text after `count` numbers.
fn text(count: u64) -> String {
    (1..=count).map(|number| format!("{number};")).collect()
}

impl Typist {
    /// Types the next number behind the others.
    fn next_change(&self, view: &FormSnapshot) -> ToServer {
        let next = self.acknowledged + 1;
        let splice = Splice {
            at: text(self.acknowledged).chars().count(),
            delete: 0,
            insert: format!("{next};"),
        };
        let changes = vec![Change {
            field: "description".into(),
            edit: Edit::Splice(splice),
        }];
        let op: OpId = new_op();
        ToServer::Form {
            form: self.form,
            command: FormCommand::Change {
                fence: view.fence,
                op,
                rev: None,
                changes,
            },
        }
    }

    /// Comes back, checks that the server kept its word, and types until the line breaks.
    async fn work(mut self, port: u16) -> Self {
        let Some(mut peer) = Peer::try_connect(port).await else {
            return self;
        };
        match peer.try_hello(self.session).await {
            None => return self,
            Some(session) => assert_eq!(session, self.session),
        }
        if peer.try_ask(self.sign_in.clone()).await.is_none() {
            return self;
        }
        let Some(joined) = peer
            .try_ask(ToServer::Join {
                form: self.form,
                entity: None,
            })
            .await
        else {
            return self;
        };
        let Ok(Answer::Joined(view)) = joined else {
            panic!("{joined:?} is no form");
        };
        assert_eq!(view.role(), Role::Owner, "the owner is the same after the crash");
        let kept = view.value("description").text().to_owned();
        let sent = self.acknowledged + u64::from(self.unanswered.is_some());
        assert!(
            kept == text(self.acknowledged) || kept == text(sent),
            "acknowledged {}, sent {sent}, kept {kept}",
            self.acknowledged
        );
        if let Some(change) = self.unanswered.take() {
            // Whether or not it had its effect before the crash, it has it once now.
            self.unanswered = Some(change.clone());
            match peer.try_ask(change).await {
                None => return self,
                Some(answer) => assert!(matches!(answer, Ok(Answer::Accepted { .. })), "{answer:?}"),
            }
            self.unanswered = None;
            self.acknowledged += 1;
        }
        let Some(Ok(Answer::Joined(view))) = peer
            .try_ask(ToServer::Join {
                form: self.form,
                entity: None,
            })
            .await
        else {
            return self;
        };
        assert_eq!(
            view.value("description").text(),
            text(self.acknowledged),
            "each number once"
        );
        loop {
            let next = self.acknowledged + 1;
            let change = self.next_change(&view);
            self.unanswered = Some(change.clone());
            match peer.try_ask(change).await {
                None => return self,
                Some(answer) => assert!(matches!(answer, Ok(Answer::Accepted { .. })), "{answer:?}"),
            }
            self.unanswered = None;
            self.acknowledged = next;
        }
    }
}

async fn begin(server: &Server) -> Vec<Typist> {
    let mut typists = Vec::new();
    for number in 0..TYPISTS {
        let mut peer = server.stranger().await;
        let session = peer.hello(None).await;
        let email = "anna@example.test".to_owned();
        let password = server.password(&email);
        let Ok(Answer::SignedIn { token: Some(token), .. }) = peer.ask(ToServer::sign_in(email, password)).await else {
            panic!("the password signs in");
        };
        let sign_in = ToServer::UseToken { token };
        let entity = peer.entity("product").await;
        let form = FormKey::record(peer.records(entity).await[number].id);
        let view = peer.join(form).await;
        peer.change(form, view.fence, "description", "")
            .await
            .expect("the text is emptied");
        typists.push(Typist {
            form,
            session,
            sign_in,
            acknowledged: 0,
            unanswered: None,
        });
        peer.cut();
    }
    typists
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed_at_random_moments() {
    let kills: u64 = std::env::var("BATON_KILLS").map_or(100, |kills| kills.parse().expect("a number"));
    let seed: u64 = std::env::var("BATON_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().expect("a number"));
    println!("{kills} kills, seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut typists = begin(&server).await;
    let mut slowest = Duration::ZERO;
    for _ in 0..kills {
        let mut working = JoinSet::new();
        for typist in typists.drain(..) {
            working.spawn(typist.work(server.port));
        }
        let moment = Duration::from_millis(rng.random_range(60..400));
        // Polls: the kill must come at a moment that nothing announces.
        tokio::time::sleep(moment).await;
        server.kill().await;
        typists = working.join_all().await;
        let stopped = Instant::now();
        server.restart().await;
        slowest = slowest.max(stopped.elapsed());
    }
    let acknowledged: u64 = typists.iter().map(|typist| typist.acknowledged).sum();
    println!("{acknowledged} acknowledged changes, 0 lost, 0 twice; listening again after {slowest:?} at most");
    assert!(acknowledged > kills, "something was typed between the kills");
    server.kill().await;
    let file = server.directory.path().join("baton.db");
    let mut database = sqlx::SqliteConnection::connect_with(&sqlx::sqlite::SqliteConnectOptions::new().filename(file))
        .await
        .expect("the file can be opened");
    let integrity: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut database)
        .await
        .expect("the file can be checked");
    assert_eq!(integrity, "ok");
}
