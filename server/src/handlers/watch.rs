//! Watching topics: subscribe first, then read, so that nothing falls between the two (G5).

use baton_protocol::entity::EntityRow;
use baton_protocol::id::{EntityId, RecordId, Seq, UserId};
use baton_protocol::message::{Answer, Code, MAX_REPLAY, MAX_ROWS, MAX_ROWS_BYTES, Problem, Snapshot, Topic};
use baton_protocol::person::UserRole;
use serde::Serialize;

use super::count_fitting;
use crate::config::DAY;
use crate::error::no_entity;
use crate::rights::{self, Audience, Right, for_staff};
use crate::session::Session;
use crate::store::{Replay, StoreError};

/// The most topics that one session may watch.
const MAX_TOPICS: usize = 256;

impl Session {
    pub(crate) async fn watch(&mut self, topic: Topic, rows: u32, since: Option<Seq>) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_deref(), Right::Read)?;
        let (person, role) = (account.person.id, account.role);
        let audience = Audience::of(role);
        if let Topic::Form(_) = topic {
            return Err(Problem::new(Code::NotFound, "A form is watched by opening it."));
        }
        if self.topics.len() >= MAX_TOPICS && !self.topics.contains(&topic) {
            return Err(Problem::new(Code::Busy, "Too many lists are open. Close some first."));
        }
        if let Topic::Records(entity) | Topic::Bin(entity) = topic {
            self.app.entity(role, entity).await?;
        }
        self.app.bus.subscribe(topic, audience, &self.outgoing);
        self.topics.insert(topic);
        let answer = match self.caught_up(topic, since, audience).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => self.snapshot(topic, rows.min(MAX_ROWS), person, role).await,
            Err(problem) => Err(problem),
        };
        if answer.is_err() {
            self.unwatch(topic);
        }
        answer
    }

    pub(crate) async fn rows(&self, entity: EntityId, before: RecordId, rows: u32) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_deref(), Right::Read)?;
        self.app.entity(account.role, entity).await?;
        let read = self.app.store.rows_before(entity, before, rows.min(MAX_ROWS)).await;
        read.map(|rows| Answer::Rows(fitting(rows))).map_err(Problem::from)
    }

    pub(crate) fn unwatch(&mut self, topic: Topic) -> Answer {
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

    async fn snapshot(&self, topic: Topic, rows: u32, person: UserId, role: UserRole) -> Result<Answer, Problem> {
        let store = &self.app.store;
        match topic {
            Topic::Entities => {
                let (seq, entities) = store.entities().await?;
                let visible = |row: &EntityRow| rights::visible(role, &row.entity);
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
            Topic::Drafts => self.own_drafts(person, role).await,
            Topic::Form(_) => Err(Problem::new(Code::NotFound, "A form is watched by opening it.")),
        }
    }
}

/// As many rows as one answer carries; the others follow when they are asked for.
pub(super) fn fitting<T: Serialize>(mut rows: Vec<T>) -> Vec<T> {
    // One row always: an empty answer would say that there is none.
    rows.truncate(count_fitting(&rows, MAX_ROWS_BYTES).max(1));
    rows
}

/// The page that was read, or why there is none.
fn of_entity<P>(read: Result<Option<P>, StoreError>) -> Result<P, Problem> {
    read?.ok_or_else(no_entity)
}
