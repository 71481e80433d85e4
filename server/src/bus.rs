//! The bus: who is told what. It carries only what the store has committed.
//!
//! A message is encoded once and shared by everyone it goes to. A session that cannot keep up is
//! marked, not waited for: it is told to resync, and nobody else notices (semantics 6.3).

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::task::{Poll, Waker};

use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::form::Notice;
use baton_protocol::id::{FormKey, FormKind, Seq, UserId};
use baton_protocol::live::LiveChange;
use baton_protocol::message::{Event, FormPresence, PersonalNotice, ToClient, Topic};
use baton_protocol::notification::NotificationBody;
use baton_protocol::rights::{Right, Rights};

use crate::definitions::Definitions;
use crate::rights::{Seen, event_for};
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
    definitions: Definitions,
    next: Arc<AtomicU64>,
}

/// Who is subscribed to a topic, and what they may do.
type Subscribers = BTreeMap<u64, (Arc<Rights>, Outgoing)>;

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

    /// The definitions as they were told last.
    #[must_use]
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// From now on the session gets what is published on the topic, as far as it is for somebody with these rights.
    /// Doing it twice changes nothing. Returns whether it was not subscribed before.
    pub fn subscribe(&self, topic: Topic, rights: &Arc<Rights>, session: &Outgoing) -> bool {
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        let subscribers = topics.entry(topic).or_default();
        let subscriber = (Arc::clone(rights), session.clone());
        subscribers.insert(session.id, subscriber).is_none()
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

    /// Notifies a person on all their desktops of what was just added to what they are told of.
    pub fn publish_notification(&self, person: UserId, what: NotificationBody) {
        self.publish_to_person(person, &ToClient::NotificationsChanged);
        let notice = PersonalNotice::Notification(what);
        self.publish_to_person(person, &ToClient::Personal(notice));
    }

    /// These people may do something else from now on: their sessions hear nothing more of any topic, and are told to
    /// ask again.
    pub fn rights_changed(&self, changed: &BTreeMap<UserId, Arc<Rights>>) {
        let sessions: BTreeSet<u64> = {
            let people = self.people.read().unwrap_or_else(PoisonError::into_inner);
            let theirs = changed.keys().filter_map(|person| people.get(person));
            theirs.flat_map(BTreeMap::keys).copied().collect()
        };
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        topics.retain(|_, subscribers| {
            subscribers.retain(|session, _| !sessions.contains(session));
            !subscribers.is_empty()
        });
        drop(topics);
        for (person, rights) in changed {
            let rights = Rights::clone(rights);
            self.publish_to_person(*person, &ToClient::RightsChanged { rights });
        }
    }

    /// Publishes who has a form open, to those who watch its list and see the entity.
    pub fn publish_presence(&self, entity: &Entity, row: FormPresence) {
        let topic = match row.form.kind {
            FormKind::Record => Topic::Records(entity.id),
            FormKind::Entity => Topic::Entities,
        };
        let message = ToClient::Presence { entity: entity.id, row };
        self.deliver(topic, &message, |rights| Seen::whole_if(rights.sees(entity)));
    }

    /// Publishes what happened to a form, to those who have it open and see it. Of a record whose entity was deleted
    /// everybody who had it open hears on.
    pub fn publish_notice(&self, entity: &Entity, form: FormKey, notice: Notice) {
        let message = ToClient::Form { form, notice };
        let ToClient::Form { notice, .. } = &message else {
            return;
        };
        let definitions = &self.definitions;
        self.deliver(Topic::Form(form), &message, |rights| {
            if entity.gone.is_none() && !rights.sees(entity) {
                return Seen::Nothing;
            }
            if form.kind == FormKind::Entity {
                return Seen::Whole;
            }
            match definitions.projection(rights.permission(entity.id), entity.id) {
                Some(projection) => {
                    let notice = projection.notice(notice);
                    Seen::Instead(ToClient::Form { form, notice })
                }
                None => Seen::Whole,
            }
        });
    }

    /// Publishes what is different at this moment, to the admins who watch it.
    pub fn publish_live(&self, seq: Seq, change: LiveChange) {
        let change = Box::new(change);
        let message = ToClient::LiveChanged { seq, change };
        self.deliver(Topic::Live, &message, |rights| {
            Seen::whole_if(rights.may(Right::ManagePeople))
        });
    }

    /// Publishes a committed event, to everybody what they may see of it.
    pub fn publish_event(&self, seq: Seq, topic: Topic, event: Event) {
        match &event {
            Event::EntitySaved { row } => self.definitions.note(&row.entity),
            Event::EntityPurged { entity } => self.definitions.forget(*entity),
            Event::Redefined { .. }
            | Event::RecordsChanged { .. }
            | Event::RecordCreated { .. }
            | Event::RecordUpdated { .. }
            | Event::RecordRemoved { .. }
            | Event::RecordRestored { .. }
            | Event::BinAdded(_)
            | Event::BinRemoved { .. }
            | Event::Renamed { .. }
            | Event::RecordCount { .. } => {}
        }
        let message = ToClient::Event { seq, topic, event };
        let ToClient::Event { event, .. } = &message else {
            return;
        };
        self.deliver(topic, &message, |rights| {
            event_for(rights, &self.definitions, topic, event).map(|event| ToClient::Event { seq, topic, event })
        });
    }

    /// Sends a message to the subscribers of a topic, encoded once for all who see the same of it.
    fn deliver(&self, topic: Topic, message: &ToClient, seen: impl Fn(&Rights) -> Seen<ToClient>) {
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        let Some(sessions) = topics.get(&topic) else {
            return;
        };
        let encoded = |message: &ToClient| Frame::text(&codec::encode(message));
        let mut whole: Option<Frame> = None;
        // Whoever may do the same shares their rights: there are few kinds among many sessions.
        let mut kinds: Vec<(&Arc<Rights>, Option<Frame>)> = Vec::new();
        for (rights, session) in sessions.values() {
            let known = kinds.iter().position(|(kind, _)| Arc::ptr_eq(kind, rights));
            let kind = known.unwrap_or_else(|| {
                let frame = match seen(rights) {
                    Seen::Whole => Some(whole.get_or_insert_with(|| encoded(message)).clone()),
                    Seen::Instead(message) => Some(encoded(&message)),
                    Seen::Nothing => None,
                };
                kinds.push((rights, frame));
                kinds.len() - 1
            });
            if let Some((_, Some(frame))) = kinds.get(kind) {
                session.push(frame);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::id::EntityId;
    use baton_protocol::person::UserRole;
    use uuid::Uuid;

    use super::*;

    fn rights() -> Arc<Rights> {
        Arc::new(Rights::of_role(UserRole::Viewer))
    }

    fn publish(bus: &Bus) {
        let entity = EntityId(Uuid::nil());
        bus.publish_event(Seq(1), Topic::Entities, Event::RecordCount { entity, records: 1 });
    }

    #[tokio::test]
    async fn a_full_queue_is_marked_and_the_others_get_everything() {
        let bus = Bus::default();
        let (slow, slow_end) = bus.connect();
        let (quick, mut quick_end) = bus.connect();
        bus.subscribe(Topic::Entities, &rights(), &slow);
        bus.subscribe(Topic::Entities, &rights(), &quick);
        let mut got = Vec::new();
        for _ in 0..=QUEUE {
            publish(&bus);
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
        assert!(bus.subscribe(Topic::Entities, &rights(), &session));
        assert!(!bus.subscribe(Topic::Entities, &rights(), &session), "it was already");
        publish(&bus);
        assert_eq!(end.take_ready().len(), 1);
        bus.unsubscribe(Topic::Entities, &session);
        publish(&bus);
        assert_eq!(end.take_ready().len(), 0);
    }
}
