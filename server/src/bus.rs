//! The bus: who is told what. It carries only what the store has committed.
//!
//! A message is encoded once and shared by everyone it goes to. A session that cannot keep up is
//! marked, not waited for: it is told to resync, and nobody else notices (semantics 6.3).

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::ws::Utf8Bytes;
use baton_protocol::codec;
use baton_protocol::message::{ToClient, Topic};
use tokio::sync::mpsc;

/// How many messages wait for one session at most.
const QUEUE: usize = 256;

/// The bus; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct Bus {
    // In the order in which sessions came: the same history gives the same deliveries.
    topics: Arc<RwLock<HashMap<Topic, BTreeMap<u64, Outgoing>>>>,
    next: Arc<AtomicU64>,
}

/// The bus's end of one session's queue.
#[derive(Clone, Debug)]
pub struct Outgoing {
    id: u64,
    frames: mpsc::Sender<Utf8Bytes>,
    missed: Arc<AtomicBool>,
}

/// The session's end of its queue.
#[derive(Debug)]
pub struct Incoming {
    frames: mpsc::Receiver<Utf8Bytes>,
    missed: Arc<AtomicBool>,
}

impl Incoming {
    /// Waits for messages and takes all that are there, at most `limit`.
    pub async fn take(&mut self, frames: &mut Vec<Utf8Bytes>, limit: usize) {
        self.frames.recv_many(frames, limit).await;
    }

    /// Takes what is there without waiting.
    pub fn take_ready(&mut self, frames: &mut Vec<Utf8Bytes>) {
        while let Ok(frame) = self.frames.try_recv() {
            frames.push(frame);
        }
    }

    /// Whether messages were missed since this was asked last.
    #[must_use]
    pub fn missed(&self) -> bool {
        self.missed.swap(false, Ordering::AcqRel)
    }
}

impl Bus {
    /// A queue for a new session.
    #[must_use]
    pub fn connect(&self) -> (Outgoing, Incoming) {
        let (sender, frames) = mpsc::channel(QUEUE);
        let missed = Arc::new(AtomicBool::new(false));
        let outgoing = Outgoing {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            frames: sender,
            missed: Arc::clone(&missed),
        };
        (outgoing, Incoming { frames, missed })
    }

    /// From now on the session gets what is published on the topic. Doing it twice changes nothing.
    pub fn subscribe(&self, topic: Topic, session: &Outgoing) {
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        topics.entry(topic).or_default().insert(session.id, session.clone());
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

    /// Tells everyone who is subscribed to the topic.
    pub fn publish(&self, topic: Topic, message: &ToClient) {
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        let Some(sessions) = topics.get(&topic) else {
            return;
        };
        let frame = Utf8Bytes::from(codec::encode(message));
        for session in sessions.values() {
            match session.frames.try_send(frame.clone()) {
                // A closed queue belongs to a session that is ending and unsubscribes itself.
                Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
                Err(mpsc::error::TrySendError::Full(_)) => session.missed.store(true, Ordering::Release),
            }
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
        bus.subscribe(Topic::Entities, &slow);
        bus.subscribe(Topic::Entities, &quick);
        let mut got = Vec::new();
        for _ in 0..=QUEUE {
            bus.publish(Topic::Entities, &ToClient::Resync);
            quick_end.take(&mut got, QUEUE).await;
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
        bus.subscribe(Topic::Entities, &session);
        bus.subscribe(Topic::Entities, &session);
        bus.publish(Topic::Entities, &ToClient::Resync);
        let mut got = Vec::new();
        end.take_ready(&mut got);
        assert_eq!(got.len(), 1);
        bus.unsubscribe(Topic::Entities, &session);
        bus.publish(Topic::Entities, &ToClient::Resync);
        end.take_ready(&mut got);
        assert_eq!(got.len(), 1);
    }
}
