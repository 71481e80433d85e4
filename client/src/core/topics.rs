//! Watched topics: asked for while somebody looks, and again after a reconnect.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use baton_locales::t;
use baton_protocol::desktop::{self, TopicUpdate, UiEvent};
use baton_protocol::id::{EntityId, FormKind, RecordId, Seq};
use baton_protocol::live::LiveChange;
use baton_protocol::live::Page;
use baton_protocol::message::{Code, Event, FormPresence, GetRows, MAX_ROWS, Problem, Snapshot, ToServer, Topic};
use baton_protocol::record::RecordRow;
use baton_protocol::rights::Right;

use super::cache::{CacheWrite, CachedList};
use super::context::{Context, News};
use super::{Effect, Now, Pending, Window};

/// How long after many rows changed at once a list is read again, if nothing more changes meanwhile: an
/// import changes many, many times.
const READ_AGAIN: Duration = Duration::from_secs(5);

/// How many rows of a list are remembered: what is older can be seen with the server only.
const MAX_REMEMBERED: usize = 50_000;

/// A topic that the UI looks at.
#[derive(Debug)]
struct Watched {
    /// How many rows its list shows at most.
    rows: u32,
    /// How many places in each window look at it.
    watchers: BTreeMap<Window, usize>,
    /// What was told includes everything up to here. None until a snapshot came.
    seq: Option<Seq>,
    /// Whether what is remembered of it is on its way from the disk; then the server is asked.
    loading: bool,
    /// The oldest row that came, if older ones are missing.
    lowest: Option<RecordId>,
    /// How many rows came to be remembered.
    remembered: usize,
    /// How many answers are on their way. Events that come before one are in it.
    awaited: usize,
}

impl Watched {
    /// Nothing of it was seen.
    fn forget(&mut self) {
        (self.seq, self.lowest, self.remembered) = (None, None, 0);
    }
}

/// What the windows look at, besides forms.
#[derive(Default, Debug)]
pub(super) struct Topics {
    watched: BTreeMap<Topic, Watched>,
    /// Lists that are asked for as a whole, and when.
    read_again: BTreeMap<Topic, Now>,
    /// Lists that are on their way from the disk and may hold what their viewer may not see any more.
    outdated: BTreeSet<Topic>,
    /// The page that was shown last, for the statistics of the server's admins.
    page: Option<Page>,
}

impl Topics {
    pub(super) fn watch(&mut self, cx: &mut Context, call: &desktop::Watch) {
        let desktop::Watch { topic, rows } = *call;
        let watched = self.watched.entry(topic).or_insert(Watched {
            rows,
            watchers: BTreeMap::new(),
            seq: None,
            loading: false,
            lowest: None,
            remembered: 0,
            awaited: 0,
        });
        *watched.watchers.entry(cx.window).or_default() += 1;
        watched.rows = watched.rows.max(rows);
        if topic == Topic::Live {
            // Nothing of this moment is remembered.
            watched.seq = None;
            self.watch_live(cx);
            return;
        }
        // A new watcher has nothing that could be patched: it gets what is remembered, then the rest.
        watched.loading = true;
        cx.push(Effect::LoadList(topic));
    }

    fn watch_live(&mut self, cx: &mut Context) {
        if cx.ready() {
            self.ask_for_topic(cx, Topic::Live, None);
        } else if cx.offline() {
            self.cannot_be_shown(cx, Topic::Live);
        }
    }

    /// What happens at this moment is different. Where something is missing between, it is asked for anew.
    pub(super) fn live_changed(&mut self, cx: &mut Context, seq: Seq, change: Box<LiveChange>) {
        let Some(watched) = self
            .watched
            .get_mut(&Topic::Live)
            .filter(|watched| watched.awaited == 0)
        else {
            return;
        };
        match watched.seq {
            Some(Seq(last)) if seq.0 == last + 1 => {
                watched.seq = Some(seq);
                self.emit(cx, Topic::Live, TopicUpdate::Live(change));
            }
            Some(Seq(last)) if seq.0 > last => self.ask_for_topic(cx, Topic::Live, None),
            Some(_) | None => {}
        }
    }

    pub(super) fn unwatch(&mut self, cx: &mut Context, topic: Topic) {
        if let Some(watched) = self.watched.get_mut(&topic)
            && let Some(watchers) = watched.watchers.get_mut(&cx.window)
        {
            *watchers -= 1;
            if *watchers == 0 {
                self.abandon(cx, topic);
            }
        }
    }

    /// Nobody in the window looks at the topic any more.
    pub(super) fn abandon(&mut self, cx: &mut Context, topic: Topic) {
        if let Some(watched) = self.watched.get_mut(&topic) {
            watched.watchers.remove(&cx.window);
            if watched.watchers.is_empty() {
                self.watched.remove(&topic);
                if cx.ready() {
                    cx.request(ToServer::Unwatch { topic }, Pending::FireAndForget);
                }
            }
        }
    }

    /// Asks for a topic's state, or for what happened since.
    pub(super) fn ask_for_topic(&mut self, cx: &mut Context, topic: Topic, since: Option<Seq>) {
        if let Some(watched) = self.watched.get_mut(&topic) {
            watched.awaited += 1;
            let rows = watched.rows;
            cx.request(ToServer::Watch { topic, rows, since }, Pending::Watch(topic));
        }
    }

    pub(super) fn watching(&mut self, cx: &mut Context, topic: Topic, seq: Seq, snapshot: Snapshot) {
        if let Some(watched) = self.watched.get_mut(&topic) {
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
                cx.push(Effect::Cache(CacheWrite::List {
                    topic,
                    seq,
                    snapshot: snapshot.clone(),
                }));
            }
            self.emit(cx, topic, TopicUpdate::Snapshot(snapshot));
            self.ask_for_rows(cx, topic);
        }
    }

    /// What was missed while there was no connection.
    pub(super) fn caught_up(
        &mut self,
        cx: &mut Context,
        topic: Topic,
        seq: Seq,
        events: Vec<Event>,
        editing: Vec<FormPresence>,
    ) {
        let Some(watched) = self.watched.get_mut(&topic) else {
            return;
        };
        watched.awaited = watched.awaited.saturating_sub(1);
        watched.seq = Some(seq);
        cx.push(Effect::Cache(CacheWrite::Events {
            topic,
            seq,
            events: events.clone(),
        }));
        for event in events {
            self.apply_event(cx, topic, event, cx.clock.now);
        }
        self.emit(cx, topic, TopicUpdate::AllPresence(editing));
        self.emit(cx, topic, TopicUpdate::Current);
        self.ask_for_rows(cx, topic);
    }

    pub(super) fn watch_refused(&mut self, cx: &mut Context, topic: Topic, problem: Problem) {
        let seen = self.watched.get(&topic).is_some_and(|watched| watched.seq.is_some());
        if seen && problem.code == Code::Internal {
            cx.give_up_connection(problem.message.to_string());
            return;
        }
        if let Some(watched) = self.watched.get_mut(&topic) {
            watched.awaited = watched.awaited.saturating_sub(1);
        }
        let problem = match topic {
            Topic::Records(entity) | Topic::Bin(entity) => explain_no_access(cx, entity, problem),
            Topic::Entities | Topic::Drafts | Topic::Live | Topic::Form(_) => problem,
        };
        self.emit(cx, topic, TopicUpdate::Refused(problem));
    }

    pub(super) fn event(&mut self, cx: &mut Context, seq: Seq, topic: Topic, event: Event) {
        // Without a snapshot there is nothing to patch, and what the snapshot includes is not news.
        let news = self
            .watched
            .get_mut(&topic)
            .filter(|watched| watched.awaited == 0)
            .and_then(|watched| watched.seq.as_mut())
            .is_some_and(|last| {
                let news = seq > *last;
                *last = seq.max(*last);
                news
            });
        if news {
            cx.push(Effect::Cache(CacheWrite::Events {
                topic,
                seq,
                events: vec![event.clone()],
            }));
            self.apply_event(cx, topic, event, cx.clock.now + READ_AGAIN);
        }
    }

    /// Applies an event and passes it to the windows. A list of which many rows changed is read again at `read_at`.
    fn apply_event(&mut self, cx: &mut Context, topic: Topic, event: Event, read_at: Now) {
        match &event {
            Event::RecordsChanged { .. } => drop(self.read_again.insert(topic, read_at)),
            Event::Renamed { person } => cx.news.push(News::Renamed(person.clone())),
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
        self.emit(cx, topic, TopicUpdate::Event(event));
    }

    /// What the person has not saved is elsewhere than before.
    pub(super) fn ask_for_drafts(&mut self, cx: &mut Context) {
        if cx.ready() {
            self.ask_for_topic(cx, Topic::Drafts, None);
        }
    }

    /// Lists of which many rows changed are asked for as a whole, a while after the first change.
    pub(super) fn read_again(&mut self, cx: &mut Context) {
        let due: Vec<Topic> = self
            .read_again
            .iter()
            .filter(|(_, at)| **at <= cx.clock.now)
            .map(|(topic, _)| *topic)
            .collect();
        for topic in due {
            self.read_again.remove(&topic);
            if cx.ready() {
                self.ask_for_topic(cx, topic, None);
            }
        }
    }

    pub(super) fn editing(&self, cx: &mut Context, entity: EntityId, row: FormPresence) {
        let topic = match row.form.kind {
            FormKind::Record => Topic::Records(entity),
            FormKind::Entity => Topic::Entities,
        };
        if self.watched.contains_key(&topic) {
            self.emit(cx, topic, TopicUpdate::Presence(row));
        }
    }

    pub(super) fn emit(&self, cx: &mut Context, topic: Topic, update: TopicUpdate) {
        cx.emit(UiEvent::Topic { topic, update });
    }

    /// What is remembered of a list came from the disk; now the server is asked what happened since.
    pub(super) fn loaded_list(&mut self, cx: &mut Context, topic: Topic, list: Option<CachedList>) {
        let offline = cx.offline();
        let Some(watched) = self.watched.get_mut(&topic) else {
            return;
        };
        watched.loading = false;
        let list = list.filter(|_| !self.outdated.remove(&topic));
        let seq = list.as_ref().map(|list| list.seq);
        match list {
            Some(CachedList {
                at,
                seq,
                snapshot,
                missing_from,
            }) => {
                watched.seq = Some(seq);
                watched.lowest = missing_from;
                self.emit(cx, topic, TopicUpdate::Cached { at, snapshot });
            }
            None if offline => self.cannot_be_shown(cx, topic),
            None => {}
        }
        if cx.ready() {
            self.ask_for_topic(cx, topic, seq);
        }
    }

    pub(super) fn cannot_be_shown(&self, cx: &mut Context, topic: Topic) {
        let text = match topic {
            Topic::Live => t::engine::the_server_cannot_be(),
            Topic::Entities | Topic::Records(_) | Topic::Bin(_) | Topic::Drafts | Topic::Form(_) => {
                t::engine::this_list_was_never()
            }
        };
        self.emit(cx, topic, TopicUpdate::Refused(Problem::new(Code::Offline, text)));
    }

    /// Asks for more rows to remember, until the list is remembered as far as it is to be.
    pub(super) fn ask_for_rows(&mut self, cx: &mut Context, topic: Topic) {
        let Some(watched) = self.watched.get(&topic) else {
            return;
        };
        if let (Topic::Records(entity), Some(before)) = (topic, watched.lowest)
            && watched.rows >= MAX_ROWS
            && watched.remembered < MAX_REMEMBERED
        {
            let rows = MAX_ROWS;
            cx.request(GetRows { entity, before, rows }.into(), Pending::Rows(topic));
        }
    }

    pub(super) fn rows(&mut self, cx: &mut Context, topic: Topic, rows: Vec<RecordRow>) {
        let Some(watched) = self.watched.get_mut(&topic) else {
            return;
        };
        watched.remembered += rows.len();
        // An answer carries as many as fit; the last one is empty.
        watched.lowest = rows.last().map(|row| row.id);
        if !rows.is_empty() {
            cx.push(Effect::Cache(CacheWrite::Rows { topic, rows }));
        }
        self.ask_for_rows(cx, topic);
    }

    /// The list is still on its way from another person's part of the disk: it is loaded anew.
    pub(super) fn load_again(&self, cx: &mut Context, topic: Topic) {
        if self.watched.get(&topic).is_some_and(|watched| watched.loading) {
            cx.push(Effect::LoadList(topic));
        }
    }

    /// The connection is gone: no answer comes over it.
    pub(super) fn disconnected(&mut self) {
        for watched in self.watched.values_mut() {
            watched.awaited = 0;
        }
    }

    /// The server cannot be reached: what never came does not come.
    pub(super) fn went_offline(&self, cx: &mut Context) {
        for (topic, watched) in &self.watched {
            if watched.seq.is_none() && !watched.loading {
                self.cannot_be_shown(cx, *topic);
            }
        }
    }

    /// Asks again for everything that is watched: after a reconnect, or when something was missed.
    pub(super) fn ask_again(&mut self, cx: &mut Context) {
        let loaded = self.watched.iter().filter(|(_, watched)| !watched.loading);
        let topics: Vec<_> = loaded.map(|(topic, watched)| (*topic, watched.seq)).collect();
        for (topic, since) in topics {
            self.ask_for_topic(cx, topic, since);
        }
    }

    /// Nobody in the window looks at anything any more.
    pub(super) fn window_closed(&mut self, cx: &mut Context) {
        for topic in self.watched.keys().copied().collect::<Vec<_>>() {
            self.abandon(cx, topic);
        }
    }

    /// What was seen with other rights is read anew, all of it.
    pub(super) fn forget_what_was_seen(&mut self) {
        for (topic, watched) in &mut self.watched {
            watched.forget();
            if watched.loading {
                self.outdated.insert(*topic);
            }
        }
    }

    /// Nothing is watched any more.
    pub(super) fn clear(&mut self) {
        self.watched.clear();
    }

    pub(super) fn show_page(&mut self, cx: &mut Context, page: Page) {
        self.page = Some(page);
        self.send_page(cx);
    }

    /// The server hears which page is shown, as soon as somebody is signed in.
    pub(super) fn send_page(&self, cx: &mut Context) {
        if let (Some(page), true) = (self.page, cx.ready()) {
            cx.request(ToServer::ShowPage { page }, Pending::FireAndForget);
        }
    }

    /// When a list is read again.
    pub(super) fn next_deadline(&self) -> Option<Now> {
        self.read_again.values().min().copied()
    }
}

/// Why there is nothing to see, where somebody sees nothing of the entity.
pub(super) fn explain_no_access(cx: &Context, entity: EntityId, problem: Problem) -> Problem {
    if problem.code == Code::NotFound && !cx.rights().may(Right::View(entity)) {
        let why = t::engine::you_may_not_see();
        return Problem::new(Code::NotFound, why);
    }
    problem
}
