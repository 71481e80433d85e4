//! Watching topics: subscribe first, then read, so that nothing falls between the two (G5).

use baton_protocol::id::Seq;
use baton_protocol::message::{Answer, Code, EntityRow, MAX_REPLAY, MAX_ROWS, Problem, Snapshot, Topic};

use super::Session;
use crate::config::DAY;
use crate::error::no_entity;
use crate::queries::{drafts, fitting};
use crate::rights::{self, Audience, Viewer, for_staff};
use crate::store::{Replay, StoreError};

/// The most topics that one session may watch.
const MAX_TOPICS: usize = 256;

impl Session {
    pub(super) async fn watch(
        &mut self,
        viewer: &Viewer,
        topic: Topic,
        rows: u32,
        since: Option<Seq>,
    ) -> Result<Answer, Problem> {
        let audience = viewer.audience();
        if let Topic::Form(_) = topic {
            return Err(Problem::new(Code::NotFound, "A form is watched by opening it."));
        }
        if self.topics.len() >= MAX_TOPICS && !self.topics.contains(&topic) {
            return Err(Problem::new(Code::Busy, "Too many lists are open. Close some first."));
        }
        if let Topic::Records(entity) | Topic::Bin(entity) = topic {
            self.app.entity(viewer.role(), entity).await?;
        }
        self.app.bus.subscribe(topic, audience, &self.outgoing);
        self.topics.insert(topic);
        let answer = match self.caught_up(topic, since, audience).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => self.snapshot(topic, rows.min(MAX_ROWS), viewer).await,
            Err(problem) => Err(problem),
        };
        if answer.is_err() {
            self.unwatch(topic);
        }
        answer
    }

    pub(super) fn unwatch(&mut self, topic: Topic) -> Answer {
        if self.topics.remove(&topic) {
            self.app.bus.unsubscribe(topic, &self.outgoing);
        }
        Answer::Done
    }

    /// What the session missed, if it says what it has seen and the log reaches back so far.
    async fn caught_up(&self, topic: Topic, since: Option<Seq>, audience: Audience) -> Result<Option<Answer>, Problem> {
        let Some(since) = since.filter(|_| topic != Topic::Drafts) else {
            return Ok(None);
        };
        let replay = self.app.store.changes_since(topic, since, MAX_REPLAY, audience).await?;
        Ok(replay.map(|Replay { seq, events, editing }| {
            let events = if audience < Audience::Admins {
                events
                    .into_iter()
                    .map(|event| for_staff(&event).unwrap_or(event))
                    .collect()
            } else {
                events
            };
            Answer::CaughtUp { seq, events, editing }
        }))
    }

    async fn snapshot(&self, topic: Topic, rows: u32, viewer: &Viewer) -> Result<Answer, Problem> {
        let store = &self.app.store;
        match topic {
            Topic::Entities => {
                let (seq, entities) = store.entities().await?;
                let visible = |row: &EntityRow| rights::visible(viewer.role(), &row.entity);
                let snapshot = Snapshot::Entities(entities.into_iter().filter(visible).collect());
                Ok(Answer::Watching { seq, snapshot })
            }
            Topic::Records(entity) => {
                let page = of_entity(store.records(entity, rows).await)?;
                let snapshot = Snapshot::Records {
                    entity: Box::new(page.entity),
                    rows: fitting(page.rows),
                    total: page.total,
                    editing: page.editing,
                };
                Ok(Answer::Watching {
                    seq: page.seq,
                    snapshot,
                })
            }
            Topic::Bin(entity) => {
                let page = of_entity(store.bin(entity, rows).await)?;
                let snapshot = Snapshot::Bin {
                    entity: Box::new(page.entity),
                    rows: fitting(page.rows),
                    keep_days: self.app.config.keep_deleted.as_secs() / DAY.as_secs(),
                };
                Ok(Answer::Watching {
                    seq: page.seq,
                    snapshot,
                })
            }
            Topic::Drafts => drafts::own(&self.app, viewer).await,
            Topic::Form(_) => Err(Problem::new(Code::NotFound, "A form is watched by opening it.")),
        }
    }
}

/// The page that was read, or why there is none.
fn of_entity<P>(read: Result<Option<P>, StoreError>) -> Result<P, Problem> {
    read?.ok_or_else(no_entity)
}
