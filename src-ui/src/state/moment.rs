//! What happens at this moment, as the server told it.

use std::rc::Rc;

use baton_protocol::desktop::TopicUpdate;
use baton_protocol::live::Live;
use baton_protocol::message::{Problem, Snapshot};

/// What is shown of this moment.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Moment {
    /// The last of it that came; `None` before.
    pub(crate) live: Option<Rc<Live>>,
    /// Why it cannot be shown.
    pub(crate) problem: Option<Problem>,
}

impl Moment {
    /// It after the update.
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
