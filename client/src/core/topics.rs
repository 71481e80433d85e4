//! Watched topics: asked for while somebody looks, and again after a reconnect.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_locales::t;
use baton_protocol::desktop::{self, TopicUpdate, UiEvent};
use baton_protocol::id::{EntityId, FormKind, RecordId, Seq};
use baton_protocol::live::LiveChange;
use baton_protocol::message::{Code, Event, FormPresence, Problem, Snapshot, ToServer, Topic};
use baton_protocol::person::Person;
use baton_protocol::rights::Right;

use super::cache::CacheWrite;
use super::{Core, Effect, Now, Pending, Reply, Window};

/// How long after many rows changed at once a list is read again, if nothing more changes meanwhile: an
/// import changes many, many times.
const READ_AGAIN: Duration = Duration::from_secs(5);

/// A topic that the UI looks at.
#[derive(Debug)]
pub(super) struct Watched {
    /// How many rows its list shows at most.
    pub(super) rows: u32,
    /// How many places in each window look at it.
    watchers: BTreeMap<Window, usize>,
    /// What was told includes everything up to here. None until a snapshot came.
    pub(super) seq: Option<Seq>,
    /// Whether what is remembered of it is on its way from the disk; then the server is asked.
    pub(super) loading: bool,
    /// The oldest row that came, if older ones are missing.
    pub(super) lowest: Option<RecordId>,
    /// How many rows came to be remembered.
    pub(super) remembered: usize,
    /// How many answers are on their way. Events that come before one are in it.
    pub(super) awaited: usize,
}

impl Watched {
    /// Nothing of it was seen.
    pub(super) fn forget(&mut self) {
        (self.seq, self.lowest, self.remembered) = (None, None, 0);
    }
}

impl Core {
    pub(super) fn watch(&mut self, now: Now, call: &desktop::Watch) -> Result<Reply, Problem> {
        let desktop::Watch { topic, rows } = *call;
        let watched = self.topics.entry(topic).or_insert(Watched {
            rows,
            watchers: BTreeMap::new(),
            seq: None,
            loading: false,
            lowest: None,
            remembered: 0,
            awaited: 0,
        });
        *watched.watchers.entry(self.window).or_default() += 1;
        watched.rows = watched.rows.max(rows);
        if topic == Topic::Live {
            // Nothing of this moment is remembered.
            watched.seq = None;
            self.watch_live(now);
            return Ok(Reply::Done);
        }
        // A new watcher has nothing that could be patched: it gets what is remembered, then the rest.
        watched.loading = true;
        self.effects.push(Effect::LoadList(topic));
        Ok(Reply::Done)
    }

    fn watch_live(&mut self, now: Now) {
        if self.ready() {
            self.ask_for_topic(now, Topic::Live, None);
        } else if self.link.offline() {
            self.cannot_be_shown(Topic::Live);
        }
    }

    /// What happens at this moment is different. Where something is missing between, it is asked for anew.
    pub(super) fn live_changed(&mut self, now: Now, seq: Seq, change: Box<LiveChange>) {
        let Some(watched) = self.topics.get_mut(&Topic::Live).filter(|watched| watched.awaited == 0) else {
            return;
        };
        match watched.seq {
            Some(Seq(last)) if seq.0 == last + 1 => {
                watched.seq = Some(seq);
                self.tell(Topic::Live, TopicUpdate::Live(change));
            }
            Some(Seq(last)) if seq.0 > last => self.ask_for_topic(now, Topic::Live, None),
            Some(_) | None => {}
        }
    }

    pub(super) fn unwatch(&mut self, now: Now, topic: Topic) -> Result<Reply, Problem> {
        if let Some(watched) = self.topics.get_mut(&topic)
            && let Some(watchers) = watched.watchers.get_mut(&self.window)
        {
            *watchers -= 1;
            if *watchers == 0 {
                self.abandon_topic(now, topic);
            }
        }
        Ok(Reply::Done)
    }

    /// Nobody in the window looks at the topic any more.
    pub(super) fn abandon_topic(&mut self, now: Now, topic: Topic) {
        if let Some(watched) = self.topics.get_mut(&topic) {
            watched.watchers.remove(&self.window);
            if watched.watchers.is_empty() {
                self.topics.remove(&topic);
                if self.ready() {
                    self.request(now, ToServer::Unwatch { topic }, Pending::FireAndForget);
                }
            }
        }
    }

    /// Asks for a topic's state, or for what happened since.
    pub(super) fn ask_for_topic(&mut self, now: Now, topic: Topic, since: Option<Seq>) {
        if let Some(watched) = self.topics.get_mut(&topic) {
            watched.awaited += 1;
            let rows = watched.rows;
            self.request(now, ToServer::Watch { topic, rows, since }, Pending::Watch(topic));
        }
    }

    pub(super) fn watching(&mut self, now: Now, topic: Topic, seq: Seq, snapshot: Snapshot) {
        if let Some(watched) = self.topics.get_mut(&topic) {
            watched.awaited = watched.awaited.saturating_sub(1);
            watched.seq = Some(seq);
            watched.lowest = match &snapshot {
                Snapshot::Records { rows, total, .. } if (rows.len() as u64) < *total => rows.last().map(|row| row.id),
                Snapshot::Records { .. }
                | Snapshot::Entities(_)
                | Snapshot::Drafts(_)
                | Snapshot::Bin { .. }
                | Snapshot::Live(_) => None,
            };
            if topic != Topic::Live {
                self.effects.push(Effect::Cache(CacheWrite::List {
                    topic,
                    seq,
                    snapshot: snapshot.clone(),
                }));
            }
            self.tell(topic, TopicUpdate::Snapshot(snapshot));
            self.ask_for_rows(now, topic);
        }
    }

    /// What was missed while there was no connection.
    pub(super) fn caught_up(
        &mut self,
        now: Now,
        topic: Topic,
        seq: Seq,
        events: Vec<Event>,
        editing: Vec<FormPresence>,
    ) {
        let Some(watched) = self.topics.get_mut(&topic) else {
            return;
        };
        watched.awaited = watched.awaited.saturating_sub(1);
        watched.seq = Some(seq);
        self.effects.push(Effect::Cache(CacheWrite::Events {
            topic,
            seq,
            events: events.clone(),
        }));
        for event in events {
            self.apply_event(topic, event, now);
        }
        self.tell(topic, TopicUpdate::AllPresence(editing));
        self.tell(topic, TopicUpdate::Current);
        self.ask_for_rows(now, topic);
    }

    pub(super) fn watch_refused(&mut self, now: Now, topic: Topic, problem: Problem) {
        let seen = self.topics.get(&topic).is_some_and(|watched| watched.seq.is_some());
        if seen && problem.code == Code::Internal {
            self.disconnected(now, problem.message.to_string());
            return;
        }
        if let Some(watched) = self.topics.get_mut(&topic) {
            watched.awaited = watched.awaited.saturating_sub(1);
        }
        let problem = match topic {
            Topic::Records(entity) | Topic::Bin(entity) => self.explain_no_access(entity, problem),
            Topic::Entities | Topic::Drafts | Topic::Live | Topic::Form(_) => problem,
        };
        self.tell(topic, TopicUpdate::Refused(problem));
    }

    /// Why there is nothing to see, where somebody sees nothing of the entity.
    pub(super) fn explain_no_access(&self, entity: EntityId, problem: Problem) -> Problem {
        if problem.code == Code::NotFound && !self.rights.may(Right::View(entity)) {
            let why = t::engine::you_may_not_see();
            return Problem::new(Code::NotFound, why);
        }
        problem
    }

    pub(super) fn event(&mut self, now: Now, seq: Seq, topic: Topic, event: Event) {
        // Without a snapshot there is nothing to patch, and what the snapshot includes is not news.
        let news = self
            .topics
            .get_mut(&topic)
            .filter(|watched| watched.awaited == 0)
            .and_then(|watched| watched.seq.as_mut())
            .is_some_and(|last| {
                let news = seq > *last;
                *last = seq.max(*last);
                news
            });
        if news {
            self.effects.push(Effect::Cache(CacheWrite::Events {
                topic,
                seq,
                events: vec![event.clone()],
            }));
            self.apply_event(topic, event, now + READ_AGAIN);
        }
    }

    /// Applies an event and passes it to the windows. A list of which many rows changed is read again at `read_at`.
    fn apply_event(&mut self, topic: Topic, event: Event, read_at: Now) {
        match &event {
            Event::RecordsChanged { .. } => drop(self.read_again.insert(topic, read_at)),
            Event::Renamed { person } => self.renamed(person),
            Event::EntitySaved { .. }
            | Event::EntityPurged { .. }
            | Event::Redefined { .. }
            | Event::RecordCreated { .. }
            | Event::RecordUpdated { .. }
            | Event::RecordRemoved { .. }
            | Event::RecordRestored { .. }
            | Event::BinAdded(_)
            | Event::BinRemoved { .. }
            | Event::RecordCount { .. } => {}
        }
        self.tell(topic, TopicUpdate::Event(event));
    }

    /// A person has another name: open forms show it (semantics 6.2). Lists are told with everything else.
    fn renamed(&mut self, person: &Person) {
        for form in self.forms.keys().copied().collect::<Vec<_>>() {
            let view = self.forms.get_mut(&form).and_then(|open| open.view.as_mut());
            if view.is_some_and(|view| view.rename(person)) {
                self.show_again(form);
            }
        }
        if let Some(account) = self.account.as_mut().filter(|account| account.person.id == person.id) {
            account.person.name.clone_from(&person.name);
            let account = Some(account.clone());
            self.set_account(account, None);
        }
    }

    /// What the person has not saved is elsewhere than before.
    pub(super) fn ask_for_drafts(&mut self, now: Now) {
        if self.ready() {
            self.ask_for_topic(now, Topic::Drafts, None);
        }
    }

    /// Lists of which many rows changed are asked for as a whole, a while after the first change.
    pub(super) fn read_lists_again(&mut self, now: Now) {
        let due: Vec<Topic> = self
            .read_again
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(topic, _)| *topic)
            .collect();
        for topic in due {
            self.read_again.remove(&topic);
            if self.ready() {
                self.ask_for_topic(now, topic, None);
            }
        }
    }

    pub(super) fn editing(&mut self, entity: EntityId, row: FormPresence) {
        let topic = match row.form.kind {
            FormKind::Record => Topic::Records(entity),
            FormKind::Entity => Topic::Entities,
        };
        if self.topics.contains_key(&topic) {
            self.tell(topic, TopicUpdate::Presence(row));
        }
    }

    pub(super) fn tell(&mut self, topic: Topic, update: TopicUpdate) {
        self.effects.push(Effect::Emit(UiEvent::Topic { topic, update }));
    }
}
