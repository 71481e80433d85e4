//! One connection: one task that reads requests, answers them, and passes on what the bus brings.
//!
//! It ends with a [`Reason`], and the reason decides what becomes of the session's places in forms: a
//! clean end gives them up at once, a broken one holds them for the grace period (semantics 3.3, G6).

mod burst;
mod dispatch;
mod form;
mod sign_in;
mod waiting;
mod watch;
mod work_budget;

use baton_locales::say;
use burst::Work;
use sign_in::USED_PRECISION;
use waiting::{heard_meanwhile, measured, next, wait};
use work_budget::WorkBudget;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use baton_protocol::codec;
use baton_protocol::form::Command;
use baton_protocol::id::{EntityId, FormKey, SessionId, SignInId, UserId};
use baton_protocol::message::{CLOSE_RESUMED, Code, MAX_ANSWER_BYTES, MAX_MESSAGE_BYTES, Problem, ToClient, Topic};
use baton_protocol::origin::Origin;
use baton_protocol::person::{Account, UserRole};
use baton_protocol::rights::Rights;
use baton_protocol::time::Timestamp;
use tokio::time::Instant;

use crate::admission::{Permit, Refusal};
use crate::app::App;
use crate::bus::{Incoming, Outgoing};
use crate::second_factor::SecondFactor;
use crate::sessions::{Ended, Registration};
use crate::socket::{Frame, Received, Socket, Unreadable};

/// How long a session that seems silent is listened to once more.
const FINAL_READ_TIMEOUT: Duration = Duration::from_millis(100);
/// How long a peer may take to greet, and then to sign in.
const GREETING_TIMEOUT: Duration = Duration::from_secs(5);
const SIGN_IN_TIMEOUT: Duration = Duration::from_secs(60);
/// The longest message of a peer that has not greeted, and of one that has not signed in, in bytes.
pub(crate) const MAX_BEFORE_GREETING: usize = 4 * 1024;
const MAX_BEFORE_SIGN_IN: usize = 16 * 1024;
/// Past this a message is not even read, and the connection ends after saying so. Messages between
/// [`MAX_MESSAGE_BYTES`] and here are refused, and the connection lives on.
const MAX_READ_BYTES: usize = 4 * MAX_MESSAGE_BYTES;

/// Why a session ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reason {
    /// The desktop said goodbye.
    Closed,
    /// The socket broke.
    Broke,
    /// Nothing was heard for too long.
    Silent,
    /// Nobody greeted, or signed in, in time.
    Late,
    /// It made room for others.
    Evicted,
    /// The person's role or password changed: they sign in again.
    Revoked,
    /// The session was resumed by another connection.
    Resumed,
    /// The peer cannot be served: wrong version, no greeting, too large a message.
    ProtocolError,
    /// The server is stopping.
    Stopping,
}

/// What one connection knows.
pub(crate) struct Session {
    pub(crate) app: App,
    /// There once the greeting was exchanged.
    pub(crate) registration: Option<Registration>,
    /// Whether it goes on with the session of an earlier connection.
    pub(crate) resumed: bool,
    /// Who is signed in, as they are now.
    pub(crate) account: Option<Arc<Account>>,
    /// What they may do, as far as this session knows.
    pub(crate) rights: Arc<Rights>,
    /// What their rights and password were when they signed in.
    pub(crate) epoch: u64,
    pub(crate) permit: Arc<Permit>,
    pub(crate) outgoing: Outgoing,
    /// The token that signed this session in, to be revoked by signing out.
    pub(crate) token: Option<Vec<u8>>,
    /// Whether that was an identity provider's doing.
    pub(crate) by_provider: bool,
    /// The second factor that is being set up, and by whom.
    pub(crate) new_factor: Option<Box<(UserId, SecondFactor)>>,
    /// Which of the person's sign-ins that is.
    pub(crate) sign_in: Option<SignInId>,
    /// When the store heard last that it is used.
    pub(crate) used: Timestamp,
    /// Where the connection comes from.
    pub(crate) origin: Origin,
    pub(crate) topics: BTreeSet<Topic>,
    /// The forms that are open, each with its entity.
    pub(crate) forms: BTreeMap<FormKey, EntityId>,
    heard: Instant,
    /// What arrived, and is the next to be answered.
    unread: Option<Result<Received, Unreadable>>,
    work: WorkBudget,
    /// How many sign-ins over it were refused, one after the other.
    pub(crate) refused_sign_ins: u32,
}

/// What wakes the task.
enum Event {
    Received(Result<Received, Unreadable>),
    Published(Vec<Frame>),
    Silence,
    Ended(Ended),
    Late,
    Evicted,
    Stopping,
}

/// Serves one connection until it ends.
pub(crate) async fn run(mut socket: Socket, app: App, permit: Arc<Permit>) {
    let (outgoing, mut incoming) = app.bus.connect();
    let mut session = Session {
        app,
        registration: None,
        resumed: false,
        account: None,
        rights: Arc::new(Rights::of_role(UserRole::None)),
        epoch: 0,
        permit,
        outgoing,
        token: None,
        by_provider: false,
        new_factor: None,
        sign_in: None,
        used: Timestamp::default(),
        origin: Origin::default(),
        topics: BTreeSet::new(),
        forms: BTreeMap::new(),
        heard: Instant::now(),
        unread: None,
        work: WorkBudget::new(Instant::now()),
        refused_sign_ins: 0,
    };
    let reason = session.serve(&mut socket, &mut incoming).await;
    Box::pin(session.end(reason)).await;
    if reason != Reason::Broke {
        Box::pin(say_goodbye(socket, reason)).await;
    }
}

impl Session {
    async fn serve(&mut self, socket: &mut Socket, incoming: &mut Incoming) -> Reason {
        let silence = self.app.config.limits.grace;
        let mut stopping = self.app.stopping.clone();
        // These wait across all rounds: to begin each anew for every message would cost more than the
        // message.
        let mut stopped = std::pin::pin!(async move { drop(stopping.wait_for(|stopping| *stopping).await) });
        let mut silent = std::pin::pin!(tokio::time::sleep_until(self.heard + silence));
        let began = self.heard;
        // There while nobody has signed in: whoever does waits for nothing of it.
        let permit = Arc::clone(&self.permit);
        let mut evicted: Option<std::pin::Pin<Box<_>>> = Some(Box::pin(async move { permit.evicted().await }));
        let mut late = Some(Box::pin(tokio::time::sleep_until(began + GREETING_TIMEOUT)));
        let mut ended = None;
        loop {
            let event = tokio::select! {
                // In this order: silence counts only when there is nothing left to hear, or a server
                // that stood still for a while would take everyone for gone.
                biased;
                () = &mut stopped => Event::Stopping,
                how = wait(&mut ended) => Event::Ended(how),
                () = wait(&mut evicted) => Event::Evicted,
                received = next(&mut self.unread, socket) => Event::Received(received),
                frames = incoming.take() => Event::Published(frames),
                () = &mut silent => Event::Silence,
                () = wait(&mut late) => Event::Late,
            };
            let step = match event {
                Event::Published(frames) => self.pass_on(socket, incoming, frames).await,
                // In a box: a connection that waits must not hold room for all that a request may need.
                Event::Received(received) => Box::pin(self.received(socket, incoming, received)).await,
                Event::Silence if Instant::now() < self.heard + silence => {
                    silent.as_mut().reset(self.heard + silence);
                    Ok(())
                }
                Event::Silence => Box::pin(self.silent(socket, incoming)).await,
                Event::Ended(Ended::Resumed) => Err(Reason::Resumed),
                Event::Ended(Ended::Revoked(why)) => {
                    if let Some(token) = self.token.take() {
                        self.app.sessions.note_end(token, why);
                    }
                    Err(Reason::Revoked)
                }
                Event::Late => Err(Reason::Late),
                Event::Evicted => Err(Reason::Evicted),
                Event::Stopping => Err(Reason::Stopping),
            };
            if let Err(reason) = step {
                return reason;
            }
            if let (None, Some(registration)) = (&ended, &self.registration) {
                ended = Some(Box::pin(registration.ended()));
                socket.set_limit(MAX_BEFORE_SIGN_IN);
                late = Some(Box::pin(tokio::time::sleep_until(began + SIGN_IN_TIMEOUT)));
            }
            if self.account.is_some() && late.is_some() {
                (late, evicted) = (None, None);
                socket.set_limit(MAX_READ_BYTES);
            }
        }
    }

    async fn received(
        &mut self,
        socket: &mut Socket,
        incoming: &mut Incoming,
        received: Result<Received, Unreadable>,
    ) -> Result<(), Reason> {
        // Signs of life within a message do not make it arrive.
        if !socket.is_within_message() {
            self.heard = Instant::now();
        }
        match received {
            Ok(Received::Text(text)) => {
                // What was published before the request is told before its answer.
                let frames = incoming.take_ready();
                self.pass_on(socket, incoming, frames).await?;
                let heartbeat = self.app.config.heartbeat;
                let began = Instant::now();
                let request = match dispatch::parse(&text) {
                    Ok(request) => self.gather(socket, request),
                    Err(refused) => Work::Refused(refused),
                };
                let reading = began.elapsed();
                let (work, (replies, then)) = {
                    let answer = std::pin::pin!(measured(self.answer_work(request)));
                    heard_meanwhile(socket, heartbeat, answer).await?
                };
                let frames: Vec<Frame> = replies
                    .iter()
                    .map(|reply| Frame::text(&encode_bounded(reply)))
                    .collect();
                self.send(socket, &frames).await?;
                let work = work + reading;
                let pause = self.work.spend(work, Instant::now()).max(self.refusal_delay());
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
                then
            }
            Ok(Received::Binary) => {
                let problem = Problem::new(Code::Malformed, say::server::messages_are_text_not());
                self.say(socket, &ToClient::Refused { id: None, problem }).await
            }
            Ok(Received::Ping(pong)) => self.send(socket, &[pong]).await,
            Ok(Received::Pong) => Ok(()),
            Ok(Received::Close) => Err(Reason::Closed),
            Ok(Received::End) | Err(Unreadable::Io(_)) => Err(Reason::Broke),
            Err(error @ Unreadable::TooLarge(_)) => self.unreadable(socket, Code::TooLarge, &error).await,
            Err(error @ Unreadable::Malformed(_)) => self.unreadable(socket, Code::Malformed, &error).await,
        }
    }

    /// How long the next message waits after refused sign-ins: a guesser slows down its own connection.
    fn refusal_delay(&self) -> Duration {
        match self.refused_sign_ins {
            0 => Duration::ZERO,
            refused => (Duration::from_millis(50) * (1 << refused.min(5))).min(Duration::from_secs(1)),
        }
    }

    /// Nothing was heard for too long; unless it was this server that stood still: then what was said
    /// meanwhile is still unread, and one last look finds it.
    async fn silent(&mut self, socket: &mut Socket, incoming: &mut Incoming) -> Result<(), Reason> {
        match tokio::time::timeout(FINAL_READ_TIMEOUT, socket.receive()).await {
            Ok(received) => self.received(socket, incoming, received).await,
            Err(_) => Err(Reason::Silent),
        }
    }

    /// A message that could not be read to its end: says so if the line still stands.
    async fn unreadable(&self, socket: &mut Socket, code: Code, error: &Unreadable) -> Result<(), Reason> {
        tracing::debug!(%error, "a connection could not be read");
        let problem = Problem::new(code, say::refusals::message_unreadable(error));
        self.say(socket, &ToClient::Refused { id: None, problem }).await?;
        Err(Reason::ProtocolError)
    }

    /// Passes on what the bus brought; or says that too much was missed (semantics 6.3).
    async fn pass_on(&self, socket: &mut Socket, incoming: &mut Incoming, frames: Vec<Frame>) -> Result<(), Reason> {
        if incoming.missed() {
            drop(incoming.take_ready());
            if let Some(account) = &self.account {
                // It may be among what was missed.
                let rights = Rights::clone(&self.app.accounts.rights(account.person.id));
                self.say(socket, &ToClient::RightsChanged { rights }).await?;
            }
            return self.say(socket, &ToClient::Resync).await;
        }
        self.send(socket, &frames).await
    }

    async fn say(&self, socket: &mut Socket, message: &ToClient) -> Result<(), Reason> {
        self.send(socket, &[Frame::text(&codec::encode(message))]).await
    }

    /// A peer that does not read for too long is gone.
    async fn send(&self, socket: &mut Socket, frames: &[Frame]) -> Result<(), Reason> {
        match tokio::time::timeout(self.app.config.limits.grace, socket.send(frames)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Reason::Broke),
            Err(_) => Err(Reason::Silent),
        }
    }

    /// Lets go of everything; what becomes of the places in forms depends on the reason.
    async fn end(&mut self, reason: Reason) {
        for topic in std::mem::take(&mut self.topics) {
            self.app.bus.unsubscribe(topic, &self.outgoing);
        }
        let mut forms: BTreeSet<FormKey> = std::mem::take(&mut self.forms).into_keys().collect();
        for form in &forms {
            self.app.bus.unsubscribe(Topic::Form(*form), &self.outgoing);
        }
        if let Some(account) = self.account.take() {
            self.app.bus.left(account.person.id, &self.outgoing);
        }
        if matches!(reason, Reason::Late) {
            self.permit.refused(Refusal::Slow);
        }
        let Some(registration) = self.registration.take() else {
            return;
        };
        tracing::info!(?reason, forms = forms.len(), "a session ended");
        if reason == Reason::Stopping {
            // Places are stored as they are: the next start holds every one for its grace period.
            self.used_until_now(USED_PRECISION).await.ok();
            return;
        }
        let command = match reason {
            // Whoever may not go on, or signs in anew, gives up every place (semantics 7.3).
            Reason::Closed | Reason::ProtocolError | Reason::Late | Reason::Evicted | Reason::Revoked => Command::Leave,
            Reason::Broke | Reason::Silent | Reason::Resumed | Reason::Stopping => Command::Disconnected {
                since: self.app.clock.now() - self.silent_for(reason),
            },
        };
        if self.resumed && command == Command::Leave {
            // Places may be held for it that this connection did not come to join again.
            forms.extend(self.app.forms.in_memory());
        }
        for form in forms {
            // Whoever watches has no place to be held: they are told again when they come back.
            self.app.forms.stop_watching(form, registration.session).await;
            self.release_place(form, registration.session, &command).await;
        }
        // It may have ended with the connection.
        self.used_until_now(USED_PRECISION).await.ok();
    }

    /// A place that stayed would be a ghost's: while the store fails, it is tried again.
    async fn release_place(&self, form: FormKey, session: SessionId, command: &Command) {
        let mut pause = Duration::from_millis(50);
        while let Err(problem) = self.app.forms.execute(form, session, command.clone()).await {
            // Anything else means that there is no place any more; a server that stops keeps it for
            // the next start.
            if problem.code != Code::Internal || *self.app.stopping.borrow() {
                return;
            }
            tracing::warn!(%form, %problem, "a session's place could not be let go; trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    /// How long the grace period of a broken connection has been running: since it was last heard,
    /// if that is how it was noticed.
    fn silent_for(&self, reason: Reason) -> Duration {
        match reason {
            Reason::Silent => self.heard.elapsed(),
            Reason::Closed
            | Reason::Broke
            | Reason::Late
            | Reason::Evicted
            | Reason::Revoked
            | Reason::Resumed
            | Reason::ProtocolError
            | Reason::Stopping => Duration::ZERO,
        }
    }
}

/// Encodes an answer; one that is more than a desktop reads is refused instead.
fn encode_bounded(reply: &ToClient) -> String {
    let text = codec::encode(reply);
    let (ToClient::Answer { id, .. }, true) = (reply, text.len() > MAX_ANSWER_BYTES) else {
        return text;
    };
    tracing::warn!(bytes = text.len(), "an answer is larger than a desktop reads");
    let problem = Problem::new(Code::TooLarge, say::server::this_is_too_much());
    codec::encode(&ToClient::Refused { id: Some(*id), problem })
}

/// Tells the peer why the connection ends, if it listens. The codes are those of RFC 6455, 7.4.1.
async fn say_goodbye(socket: Socket, reason: Reason) {
    let (code, reason) = match reason {
        Reason::Closed | Reason::Broke => (1000, ""),
        Reason::Silent => (1008, "nothing was heard of you"),
        Reason::Late => (1008, "nobody signed in in time"),
        Reason::Evicted => (1013, "too many connections; try again later"),
        Reason::Revoked => (1008, "sign in again"),
        Reason::Resumed => (CLOSE_RESUMED, "this session goes on over another connection"),
        Reason::ProtocolError => (1002, "see the last message"),
        Reason::Stopping => (1012, "the server is restarting"),
    };
    let goodbye = socket.close(code, reason);
    tokio::time::timeout(Duration::from_secs(1), goodbye).await.ok();
}

#[cfg(test)]
mod tests {
    use baton_protocol::message::Answer;

    use super::*;

    fn answer(bytes: usize) -> ToClient {
        let answer = Answer::ProviderSignIn {
            attempt: String::new().into(),
            address: "x".repeat(bytes),
        };
        ToClient::Answer { id: 7, answer }
    }

    #[test]
    fn an_answer_is_never_more_than_a_desktop_reads() {
        let fits = answer(MAX_ANSWER_BYTES - 1000);
        assert_eq!(encode_bounded(&fits), codec::encode(&fits));
        let text = encode_bounded(&answer(MAX_ANSWER_BYTES));
        let refused: ToClient = codec::decode(&text).expect("readable");
        let ToClient::Refused { id, problem } = refused else {
            panic!("it is sent: {} bytes", text.len());
        };
        assert_eq!((id, problem.code), (Some(7), Code::TooLarge));
    }
}
