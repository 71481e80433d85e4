//! What this computer remembers: pages open with it at once, and without the server they live from it
//! (semantics 5.2).

use std::sync::Arc;

use baton_locales::t;
use baton_protocol::desktop::{FormUpdate, TopicUpdate, UiEvent};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::entity::Entity;
use baton_protocol::form::EditorSummary;
use baton_protocol::form::FormSnapshot;
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId, Seq, Ticket};
use baton_protocol::message::{Code, Event, GetRows, MAX_ROWS, Problem, Snapshot, Topic};
use baton_protocol::record::RecordRow;
use baton_protocol::rights::Right;
use baton_protocol::time::Timestamp;

use super::open_form::{OpenForm, Source};
use super::steps::Step;
use super::{Core, Effect, Now, Pending, Window};

/// How many rows of a list are remembered: what is older can be seen with the server only.
const MAX_REMEMBERED: usize = 50_000;

/// Something to remember.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CacheWrite {
    /// A form as it is.
    Form(Box<FormSnapshot>),
    /// A list as it is.
    List {
        /// Which.
        topic: Topic,
        /// Everything up to here is in it.
        seq: Seq,
        /// Its state.
        snapshot: Snapshot,
    },
    /// The saves of a form.
    History {
        /// Which form.
        form: FormKey,
        /// Newest first.
        versions: Vec<SavedVersion>,
    },
    /// More rows of a list.
    Rows {
        /// Which.
        topic: Topic,
        /// The rows.
        rows: Vec<RecordRow>,
    },
    /// What happened to a list.
    Events {
        /// Which.
        topic: Topic,
        /// Everything up to here is in it afterwards.
        seq: Seq,
        /// What happened, in order.
        events: Vec<Event>,
    },
}

impl CacheWrite {
    /// The list that it is about, if it is about one.
    #[must_use]
    pub fn topic(&self) -> Option<Topic> {
        match self {
            Self::Form(_) | Self::History { .. } => None,
            Self::List { topic, .. } | Self::Rows { topic, .. } | Self::Events { topic, .. } => Some(*topic),
        }
    }
}

/// A form as it is remembered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedForm {
    /// When it was last the server's.
    pub at: Timestamp,
    /// The picture.
    pub view: FormSnapshot,
}

/// What is remembered about a form that is being opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LoadedForm {
    /// The form, if it was seen before.
    pub seen: Option<Box<CachedForm>>,
    /// The entity's definition, if it was seen.
    pub entity: Option<Arc<Entity>>,
    /// What a list has of it: then it is no new record.
    pub listed: Option<Box<CachedRow>>,
}

/// A record as a list remembers it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedRow {
    /// When the list was last the server's.
    pub at: Timestamp,
    /// The row.
    pub row: RecordRow,
    /// The definition that it obeys.
    pub entity: Entity,
}

/// A list as it is remembered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedList {
    /// When it was last the server's.
    pub at: Timestamp,
    /// Everything up to here is in it.
    pub seq: Seq,
    /// Its state, with the first of its rows.
    pub snapshot: Snapshot,
    /// The oldest of all its rows that are remembered, if the server has older ones.
    pub missing_from: Option<RecordId>,
}

impl Core {
    /// The computer's clock, as far as it is known.
    pub(super) fn wall_clock(&self) -> Timestamp {
        self.wall + self.now
    }

    pub(super) fn cache_form(&mut self, form: FormKey) {
        if let Some(open) = self.forms.get_mut(&form)
            && !open.is_local()
            && let Some(view) = &open.view
            && (view.version.0 > 0 || view.unsaved())
        {
            open.uncached = false;
            self.effects
                .push(Effect::Cache(CacheWrite::Form(Box::new(view.clone()))));
        }
    }

    /// What is remembered of a form came from the disk. It is shown until the server's own picture is
    /// here; without the server it can be worked on.
    pub(super) fn loaded_form(&mut self, form: FormKey, loaded: LoadedForm) {
        let offline = self.link.offline();
        let entity = self.forms.get(&form).and_then(OpenForm::entity);
        let known = loaded.seen.as_ref().map(|seen| seen.view.entity.id);
        let listed = loaded.listed.as_ref().map(|listed| listed.entity.id);
        let defined = loaded.entity.as_ref().map(|entity| entity.id);
        let edits = self.edits(form, entity.or(known).or(listed).or(defined));
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if open.view.is_some() || !open.is_open() {
            return;
        }
        let LoadedForm { seen, entity, listed } = loaded;
        let (at, mut view) = match (seen, listed.map(|listed| *listed), entity) {
            (Some(seen), ..) => (Some(seen.at), seen.view),
            (None, Some(CachedRow { at, row, entity }), _) if offline => {
                (Some(at), FormSnapshot::from_row(Arc::new(entity), &row))
            }
            (None, None, Some(entity)) if edits && offline => (None, FormSnapshot::blank(form, entity)),
            (None, ..) => {
                if offline {
                    let text = t::engine::this_was_never_opened();
                    self.update(form, &FormUpdate::Refused(Problem::new(Code::Offline, text)));
                }
                return;
            }
        };
        view.forget_others();
        if form.kind == FormKind::Record {
            view.read_only = self.rights.permission(view.entity.id).read_only_names(&view.entity);
        }
        open.source = Source::Cache { at };
        open.view = Some(view);
        if offline {
            self.work_locally(form);
        } else {
            self.show_again(form);
        }
        self.tell_kept(form);
    }

    /// Forms that are only remembered can be edited as long as the server cannot be reached.
    pub(super) fn went_offline(&mut self) {
        let forms: Vec<FormKey> = self.forms.keys().copied().collect();
        for form in forms {
            let open = self.forms.get(&form);
            if open.is_some_and(|open| open.uncached) {
                self.cache_form(form);
            }
            if let Some(open) = self.forms.get(&form) {
                if open.is_local() {
                    self.work_locally(form);
                } else if open.view.is_none() && open.is_open() {
                    self.load_form(form);
                }
            }
        }
        let unseen: Vec<Topic> = self
            .topics
            .iter()
            .filter(|(_, watched)| watched.seq.is_none() && !watched.loading)
            .map(|(topic, _)| *topic)
            .collect();
        for topic in unseen {
            self.cannot_be_shown(topic);
        }
    }

    pub(super) fn load_form(&mut self, form: FormKey) {
        let entity = self.forms.get(&form).and_then(|open| open.entity);
        self.effects.push(Effect::LoadForm { form, entity });
    }

    pub(super) fn load_form_again(&mut self, form: FormKey) {
        let open = self.forms.get(&form);
        if open.is_some_and(|open| open.view.is_none() && open.is_open()) {
            self.load_form(form);
        }
    }

    pub(super) fn load_list_again(&mut self, topic: Topic) {
        if self.topics.get(&topic).is_some_and(|watched| watched.loading) {
            self.effects.push(Effect::LoadList(topic));
        }
    }

    /// Whether the person may edit a form: the same rights as the server's (semantics 3.10).
    fn edits(&self, form: FormKey, entity: Option<EntityId>) -> bool {
        let entity = match form.kind {
            FormKind::Record => entity,
            FormKind::Entity => Some(EntityId(form.id)),
        };
        entity.is_some_and(|entity| self.rights.may(Right::to_edit(form, entity)))
    }

    /// The viewer becomes the only editor of this computer's own picture.
    pub(super) fn work_locally(&mut self, form: FormKey) {
        let read_only = self.forms.get(&form).is_some_and(|open| open.read_only);
        let entity = self.forms.get(&form).and_then(OpenForm::entity);
        let me = self
            .account
            .as_ref()
            .filter(|_| self.edits(form, entity) && !read_only)
            .map(|account| account.person.clone());
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        let Some(view) = &mut open.view else {
            return;
        };
        if let Some(person) = me
            && view.me.is_none()
        {
            view.me = Some(Ticket(0));
            view.editors = vec![EditorSummary {
                ticket: Ticket(0),
                person,
                field: None,
                reserved_ms: None,
            }];
            if open.discard_later.is_some() {
                view.discard_own_draft();
            }
            // What was typed before is what its author goes on from.
            for text in open.pending_edits.take() {
                let field = view.field(&text.field);
                let edit = field.and_then(|field| Edit::between(&field, &text.base, &text.value));
                let (Some(edit), true) = (edit, text.auto_merge && !open.unacknowledged.holds(&text.field)) else {
                    open.pending_edits.add(text);
                    continue;
                };
                // What is remembered may have it already, or be older than what its author began with.
                let change = |edit| Change {
                    field: text.field.clone(),
                    edit,
                };
                view.apply_own(&change(Edit::Set(text.base.clone())));
                let step = Step::Change(change(edit));
                step.show(view);
                open.steps.push_back(step);
                open.unacknowledged.resume(text);
            }
            if std::mem::take(&mut open.save_later) {
                open.steps.push_back(Step::Save);
            }
        }
        self.show_again(form);
        self.to_tell.insert(form);
    }

    /// Shows the form's picture, to each window what it may do with it.
    pub(super) fn show_again(&mut self, form: FormKey) {
        if let Some(open) = self.forms.get_mut(&form) {
            open.forget_late();
        }
        self.show_in(form, |_| true);
    }

    /// Shows it to the windows that only look on while another one edits.
    pub(super) fn show_to_others(&mut self, form: FormKey) {
        let writer = self.forms.get(&form).and_then(|open| open.writer);
        self.show_in(form, |window| Some(window) != writer);
    }

    fn show_in(&mut self, form: FormKey, wanted: impl Fn(Window) -> bool) {
        let Some(open) = self.forms.get(&form) else {
            return;
        };
        for (window, opening) in open.windows.iter().filter(|(window, _)| wanted(**window)) {
            let Some(view) = open.view_in(*window).map(Box::new) else {
                return;
            };
            let update = match open.source {
                Source::Cache { at } => FormUpdate::Cached { at, view },
                Source::Server => FormUpdate::Opened(view),
            };
            let event = UiEvent::Form {
                form,
                seen: opening.seen,
                picture: open.picture,
                update,
            };
            self.effects.push(Effect::EmitTo(*window, event));
        }
    }

    /// What is remembered of a list came from the disk; now the server is asked what happened since.
    pub(super) fn loaded_list(&mut self, now: Now, topic: Topic, list: Option<CachedList>) {
        let offline = self.link.offline();
        let Some(watched) = self.topics.get_mut(&topic) else {
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
                self.tell(topic, TopicUpdate::Cached { at, snapshot });
            }
            None if offline => self.cannot_be_shown(topic),
            None => {}
        }
        if self.ready() {
            self.ask_for_topic(now, topic, seq);
        }
    }

    pub(super) fn cannot_be_shown(&mut self, topic: Topic) {
        let text = match topic {
            Topic::Live => t::engine::the_server_cannot_be(),
            Topic::Entities | Topic::Records(_) | Topic::Bin(_) | Topic::Drafts | Topic::Form(_) => {
                t::engine::this_list_was_never()
            }
        };
        self.tell(topic, TopicUpdate::Refused(Problem::new(Code::Offline, text)));
    }

    /// Asks for more rows to remember, until the list is remembered as far as it is to be.
    pub(super) fn ask_for_rows(&mut self, now: Now, topic: Topic) {
        let Some(watched) = self.topics.get(&topic) else {
            return;
        };
        if let (Topic::Records(entity), Some(before)) = (topic, watched.lowest)
            && watched.rows >= MAX_ROWS
            && watched.remembered < MAX_REMEMBERED
        {
            let rows = MAX_ROWS;
            self.request(now, GetRows { entity, before, rows }.into(), Pending::Rows(topic));
        }
    }

    pub(super) fn rows(&mut self, now: Now, topic: Topic, rows: Vec<RecordRow>) {
        let Some(watched) = self.topics.get_mut(&topic) else {
            return;
        };
        watched.remembered += rows.len();
        // An answer carries as many as fit; the last one is empty.
        watched.lowest = rows.last().map(|row| row.id);
        if !rows.is_empty() {
            self.effects.push(Effect::Cache(CacheWrite::Rows { topic, rows }));
        }
        self.ask_for_rows(now, topic);
    }
}
