//! The topic `live`, as the server sends it.

use std::rc::Rc;

use baton_protocol::desktop::TopicUpdate;
use baton_protocol::live::Live;
use baton_protocol::message::{Problem, Snapshot};

/// What is shown of the topic.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct LiveState {
    /// The latest state; `None` before the first.
    pub(crate) live: Option<Rc<Live>>,
    /// Why it cannot be shown.
    pub(crate) problem: Option<Problem>,
}

impl LiveState {
    /// Returns the state after an update.
    pub(crate) fn after(mut self, update: TopicUpdate) -> Self {
        match update {
            TopicUpdate::Snapshot(Snapshot::Live(live)) => {
                return Self {
                    live: Some(Rc::new(*live)),
                    problem: None,
                };
            }
            TopicUpdate::Live(change) => {
                if let Some(live) = &mut self.live {
                    Rc::make_mut(live).apply(*change);
                }
            }
            TopicUpdate::Refused(problem) => self.problem = Some(problem),
            TopicUpdate::Snapshot(_)
            | TopicUpdate::Cached { .. }
            | TopicUpdate::Event(_)
            | TopicUpdate::Current
            | TopicUpdate::Presence(_)
            | TopicUpdate::AllPresence(_) => {}
        }
        self
    }
}
