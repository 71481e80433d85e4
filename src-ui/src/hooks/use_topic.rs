//! Watched topics. Declaring one is all that a page does.

use std::rc::Rc;

use baton_protocol::desktop::{TopicUpdate, UiEvent, Unwatch, Watch};
use baton_protocol::id::EntityId;
use baton_protocol::message::{Event, MAX_ROWS, Topic};
use yew::prelude::*;

use crate::backend;
use crate::state::bin::Bin;
use crate::state::drafts::Drafts;
use crate::state::entities::Entities;
use crate::state::live::LiveState;

/// A list that a topic's updates patch.
trait Watched: Default + Clone + PartialEq + 'static {
    fn after(self, update: TopicUpdate) -> Self;
}

impl Watched for Entities {
    fn after(self, update: TopicUpdate) -> Self {
        Self::after(self, update)
    }
}

impl Watched for Drafts {
    fn after(self, update: TopicUpdate) -> Self {
        Self::after(self, update)
    }
}

impl Watched for LiveState {
    fn after(self, update: TopicUpdate) -> Self {
        Self::after(self, update)
    }
}

impl Watched for Bin {
    fn after(self, update: TopicUpdate) -> Self {
        Self::after(self, update)
    }
}

#[derive(Clone, PartialEq, Default)]
struct Store<L: Watched>(Rc<L>);

/// What a list is told: its topic's updates, or that it is now about another topic.
enum Action {
    Update(Box<TopicUpdate>),
    Forget,
}

impl<L: Watched> Reducible for Store<L> {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let after = match action {
            Action::Update(update) => (*self.0).clone().after(*update),
            Action::Forget => L::default(),
        };
        if after == *self.0 {
            self
        } else {
            Rc::new(Self(Rc::new(after)))
        }
    }
}

/// All entities, live.
#[hook]
pub(crate) fn use_entities() -> Rc<Entities> {
    use_list::<Entities>(Topic::Entities)
}

/// What the reader has typed and not saved, live.
#[hook]
pub(crate) fn use_drafts() -> Rc<Drafts> {
    use_list::<Drafts>(Topic::Drafts)
}

/// What happens at this moment, live; for admins.
#[hook]
pub(crate) fn use_live_state() -> Rc<LiveState> {
    use_list::<LiveState>(Topic::Live)
}

/// The records out of the list of an entity, live.
#[hook]
pub(crate) fn use_bin(entity: EntityId) -> Rc<Bin> {
    use_list::<Bin>(Topic::Bin(entity))
}

#[hook]
fn use_list<L: Watched>(topic: Topic) -> Rc<L> {
    let store = use_reducer(Store::<L>::default);
    let dispatcher = store.dispatcher();
    use_effect_with(topic, move |topic| {
        dispatcher.dispatch(Action::Forget);
        watch(*topic, move |update| dispatcher.dispatch(Action::Update(update)))
    });
    Rc::clone(&store.0)
}

/// Watches a topic until what this gives is called. That a person has another name is told about every topic
/// (semantics 6.2).
pub(super) fn watch(topic: Topic, on_update: impl Fn(Box<TopicUpdate>) + 'static) -> impl FnOnce() + 'static {
    let subscription = backend::listen(Callback::from(move |event: Rc<UiEvent>| {
        if let UiEvent::Topic { topic: of, update } = &*event
            && (*of == topic || matches!(update, TopicUpdate::Event(Event::Renamed { .. })))
        {
            on_update(Box::new(update.clone()));
        }
    }));
    backend::send_quietly(Watch { topic, rows: MAX_ROWS });
    move || {
        drop(subscription);
        backend::send_quietly(Unwatch { topic });
    }
}
