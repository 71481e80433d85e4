//! The bus: who is told what. It carries only what the store has committed.
//!
//! A message is encoded once and shared by everyone it goes to. A session that cannot keep up is
//! marked, not waited for: it is told to resync, and nobody else notices (semantics 6.3).

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::task::{Poll, Waker};

use baton_protocol::codec;
use baton_protocol::id::{Seq, UserId};
use baton_protocol::message::{Event, ToClient, Topic};

use crate::rights::{Audience, for_staff};
pub use crate::socket::Frame;

/// How many messages wait for one session at most.
const QUEUE: usize = 256;

/// The bus; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct Bus {
    // In the order in which sessions came: the same history gives the same deliveries.
    topics: Arc<RwLock<BTreeMap<Topic, Subscribers>>>,
    /// The sessions of each person who is signed in.
    people: Arc<RwLock<BTreeMap<UserId, BTreeMap<u64, Outgoing>>>>,
    next: Arc<AtomicU64>,
}

/// Who is subscribed to a topic, and what they may be told.
type Subscribers = BTreeMap<u64, (Audience, Outgoing)>;

/// What waits for one session. Empty, it holds no memory: most sessions are idle most of the time.
#[derive(Default, Debug)]
struct Queue {
    frames: Vec<Frame>,
    /// Whether more came than there was room for.
    missed: bool,
    waker: Option<Waker>,
}

/// The bus's end of one session's queue.
#[derive(Clone, Debug)]
pub struct Outgoing {
    id: u64,
    queue: Arc<Mutex<Queue>>,
}

impl Outgoing {
    fn push(&self, frame: &Frame) {
        let mut queue = lock(&self.queue);
        if queue.frames.len() < QUEUE {
            queue.frames.push(frame.clone());
        } else {
            queue.missed = true;
        }
        let waker = queue.waker.take();
        drop(queue);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// The session's end of its queue.
#[derive(Debug)]
pub struct Incoming(Arc<Mutex<Queue>>);

impl Incoming {
    /// Waits for messages and takes all that are there.
    pub async fn take(&mut self) -> Vec<Frame> {
        poll_fn(|context| {
            let mut queue = lock(&self.0);
            if queue.frames.is_empty() {
                queue.waker = Some(context.waker().clone());
                Poll::Pending
            } else {
                Poll::Ready(std::mem::take(&mut queue.frames))
            }
        })
        .await
    }

    /// Takes what is there without waiting.
    pub fn take_ready(&mut self) -> Vec<Frame> {
        std::mem::take(&mut lock(&self.0).frames)
    }

    /// Whether messages were missed since this was asked last.
    #[must_use]
    pub fn missed(&self) -> bool {
        std::mem::take(&mut lock(&self.0).missed)
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Bus {
    /// A queue for a new session.
    #[must_use]
    pub fn connect(&self) -> (Outgoing, Incoming) {
        let queue = Arc::default();
        let outgoing = Outgoing {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            queue: Arc::clone(&queue),
        };
        (outgoing, Incoming(queue))
    }

    /// From now on the session gets what is published on the topic, as far as it is for this audience. Doing it
    /// twice changes nothing. Returns whether it was not subscribed before.
    pub fn subscribe(&self, topic: Topic, audience: Audience, session: &Outgoing) -> bool {
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        let subscribers = topics.entry(topic).or_default();
        subscribers.insert(session.id, (audience, session.clone())).is_none()
    }

    /// The session gets nothing more of the topic.
    pub fn unsubscribe(&self, topic: Topic, session: &Outgoing) {
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(sessions) = topics.get_mut(&topic) {
            sessions.remove(&session.id);
            if sessions.is_empty() {
                topics.remove(&topic);
            }
        }
    }

    /// How many sessions are subscribed to a topic.
    #[must_use]
    pub fn subscribers(&self, topic: Topic) -> usize {
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        topics.get(&topic).map_or(0, BTreeMap::len)
    }

    /// From now on the session gets what is for this person alone.
    pub fn belongs(&self, person: UserId, session: &Outgoing) {
        let mut people = self.people.write().unwrap_or_else(PoisonError::into_inner);
        people.entry(person).or_default().insert(session.id, session.clone());
    }

    /// The session is this person's no more.
    pub fn left(&self, person: UserId, session: &Outgoing) {
        let mut people = self.people.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(sessions) = people.get_mut(&person) {
            sessions.remove(&session.id);
            if sessions.is_empty() {
                people.remove(&person);
            }
        }
    }

    /// Sends a message to every session of a person.
    pub fn publish_to_person(&self, person: UserId, message: &ToClient) {
        let people = self.people.read().unwrap_or_else(PoisonError::into_inner);
        let Some(sessions) = people.get(&person) else {
            return;
        };
        let frame = Frame::text(&codec::encode(message));
        for session in sessions.values() {
            session.push(&frame);
        }
    }

    /// Publishes a message to the subscribers of a topic that are of this audience.
    pub fn publish(&self, topic: Topic, audience: Audience, message: &ToClient) {
        self.publish_to(topic, message, |may| may >= audience);
    }

    /// Publishes a committed event, to each audience what it may see of it.
    pub fn publish_event(&self, seq: Seq, topic: Topic, audience: Audience, event: Event) {
        let staff = (audience == Audience::Everyone).then(|| for_staff(&event)).flatten();
        if let Some(staff) = staff {
            let message = ToClient::Event {
                seq,
                topic,
                event: staff,
            };
            self.publish_to(topic, &message, |may| may < Audience::Admins);
            return self.publish(topic, Audience::Admins, &ToClient::Event { seq, topic, event });
        }
        self.publish(topic, audience, &ToClient::Event { seq, topic, event });
    }

    fn publish_to(&self, topic: Topic, message: &ToClient, whom: impl Fn(Audience) -> bool) {
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        let Some(sessions) = topics.get(&topic) else {
            return;
        };
        let frame = Frame::text(&codec::encode(message));
        for (_, session) in sessions.values().filter(|(may, _)| whom(*may)) {
            session.push(&frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_is_marked_and_the_others_get_everything() {
        let bus = Bus::default();
        let (slow, slow_end) = bus.connect();
        let (quick, mut quick_end) = bus.connect();
        bus.subscribe(Topic::Entities, Audience::Everyone, &slow);
        bus.subscribe(Topic::Entities, Audience::Everyone, &quick);
        let mut got = Vec::new();
        for _ in 0..=QUEUE {
            bus.publish(Topic::Entities, Audience::Everyone, &ToClient::Resync);
            got.extend(quick_end.take().await);
        }
        assert_eq!(got.len(), QUEUE + 1);
        assert!(!quick_end.missed());
        assert!(slow_end.missed());
        assert!(!slow_end.missed(), "it is told once");
    }

    #[tokio::test]
    async fn subscribing_twice_delivers_once() {
        let bus = Bus::default();
        let (session, mut end) = bus.connect();
        assert!(bus.subscribe(Topic::Entities, Audience::Everyone, &session));
        assert!(
            !bus.subscribe(Topic::Entities, Audience::Everyone, &session),
            "it was already"
        );
        bus.publish(Topic::Entities, Audience::Everyone, &ToClient::Resync);
        assert_eq!(end.take_ready().len(), 1);
        bus.unsubscribe(Topic::Entities, &session);
        bus.publish(Topic::Entities, Audience::Everyone, &ToClient::Resync);
        assert_eq!(end.take_ready().len(), 0);
    }
}
