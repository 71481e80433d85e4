//! Watching topics: subscribe first, then read, so that nothing falls between the two (G5).

use baton_protocol::id::{EntityId, RecordId, Seq};
use baton_protocol::message::{Answer, Code, MAX_REPLAY, MAX_ROWS, Problem, Snapshot, Topic};

use crate::config::DAY;
use crate::forms::{failed, no_entity};
use crate::rights::{self, Right};
use crate::session::Session;
use crate::store::{Replay, StoreError};

/// The most topics that one session may watch.
const MAX_TOPICS: usize = 256;

impl Session {
    pub(crate) async fn watch(&mut self, topic: Topic, rows: u32, since: Option<Seq>) -> Result<Answer, Problem> {
        rights::require(self.account.as_ref(), Right::Read)?;
        if let Topic::Form(_) = topic {
            return Err(Problem::new(Code::NotFound, "A form is watched by opening it."));
        }
        if self.topics.len() >= MAX_TOPICS && !self.topics.contains(&topic) {
            return Err(Problem::new(Code::Busy, "Too many lists are open. Close some first."));
        }
        self.app.bus.subscribe(topic, &self.outgoing);
        self.topics.insert(topic);
        let answer = match self.caught_up(topic, since).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => self.snapshot(topic, rows.min(MAX_ROWS)).await,
            Err(problem) => Err(problem),
        };
        if answer.is_err() {
            self.unwatch(topic);
        }
        answer
    }

    pub(crate) async fn rows(&self, entity: EntityId, before: RecordId, rows: u32) -> Result<Answer, Problem> {
        rights::require(self.account.as_ref(), Right::Read)?;
        let read = self.app.store.rows_before(entity, before, rows.min(MAX_ROWS)).await;
        read.map(Answer::Rows).map_err(|error| failed(&error))
    }

    pub(crate) fn unwatch(&mut self, topic: Topic) -> Answer {
        if self.topics.remove(&topic) {
            self.app.bus.unsubscribe(topic, &self.outgoing);
        }
        Answer::Done
    }

    /// What the session missed, if it says what it has seen and the log reaches back so far.
    async fn caught_up(&self, topic: Topic, since: Option<Seq>) -> Result<Option<Answer>, Problem> {
        let Some(since) = since else {
            return Ok(None);
        };
        let replay = self.app.store.changes_since(topic, since, MAX_REPLAY).await;
        let replay = replay.map_err(|error| failed(&error))?;
        Ok(replay.map(|Replay { seq, events, editing }| Answer::CaughtUp { seq, events, editing }))
    }

    async fn snapshot(&self, topic: Topic, rows: u32) -> Result<Answer, Problem> {
        let store = &self.app.store;
        match topic {
            Topic::Entities => {
                let (seq, entities) = store.entities().await.map_err(|error| failed(&error))?;
                let snapshot = Snapshot::Entities(entities);
                Ok(Answer::Watching { seq, snapshot })
            }
            Topic::Records(entity) => {
                self.app.entity(entity).await?;
                let page = of_entity(store.records(entity, rows).await)?;
                let snapshot = Snapshot::Records {
                    entity: Box::new(page.entity),
                    rows: page.rows,
                    total: page.total,
                    editing: page.editing,
                };
                Ok(Answer::Watching {
                    seq: page.seq,
                    snapshot,
                })
            }
            Topic::Bin(entity) => {
                self.app.entity(entity).await?;
                let page = of_entity(store.bin(entity, rows).await)?;
                let snapshot = Snapshot::Bin {
                    entity: Box::new(page.entity),
                    rows: page.rows,
                    keep_days: self.app.config.keep_deleted.as_secs() / DAY.as_secs(),
                };
                Ok(Answer::Watching {
                    seq: page.seq,
                    snapshot,
                })
            }
            Topic::Form(_) => Err(Problem::new(Code::NotFound, "A form is watched by opening it.")),
        }
    }
}

/// The page that was read, or why there is none.
fn of_entity<P>(read: Result<Option<P>, StoreError>) -> Result<P, Problem> {
    read.map_err(|error| failed(&error))?.ok_or_else(no_entity)
}
