//! Watching topics: subscribe first, then read, so that nothing falls between the two (G5).

use std::sync::Arc;

use baton_locales::say;
use baton_protocol::entity::Entity;
use baton_protocol::id::{EntityId, Seq};
use baton_protocol::message::{Answer, Code, EntityRow, MAX_REPLAY, MAX_ROWS, Problem, Snapshot, Topic};
use baton_protocol::projection::Projection;
use baton_protocol::rights::Right;

use super::Session;
use crate::config::DAY;
use crate::error::no_entity;
use crate::queries::{drafts, fitting};
use crate::rights::{Seen, SignedIn, event_for};
use crate::store::{Replay, StoreError};

/// The most topics that one session may watch.
const MAX_TOPICS: usize = 256;

impl Session {
    pub(super) async fn watch(
        &mut self,
        viewer: &SignedIn,
        topic: Topic,
        rows: u32,
        since: Option<Seq>,
    ) -> Result<Answer, Problem> {
        if let Topic::Form(_) = topic {
            return Err(Problem::new(Code::NotFound, say::server::a_form_is_watched()));
        }
        if self.topics.len() >= MAX_TOPICS && !self.topics.contains(&topic) {
            return Err(Problem::new(Code::Busy, say::server::too_many_lists_are()));
        }
        if let Topic::Records(entity) | Topic::Bin(entity) = topic {
            self.app.entity(viewer.rights(), entity).await?;
        }
        if topic == Topic::Live {
            viewer.require(Right::ManagePeople)?;
        }
        self.app.bus.subscribe(topic, viewer.rights(), &self.outgoing);
        self.topics.insert(topic);
        let answer = match self.caught_up(topic, since, viewer).await {
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

    /// What the session missed, if it says what it has seen and the log reaches back so far. Of records whose entity
    /// has hidden fields it is read anew: what happened is not kept for everybody as they may see it.
    async fn caught_up(&self, topic: Topic, since: Option<Seq>, viewer: &SignedIn) -> Result<Option<Answer>, Problem> {
        let whole = match topic {
            Topic::Entities => true,
            Topic::Records(entity) | Topic::Bin(entity) => viewer.rights().permission(entity).hidden.is_empty(),
            Topic::Drafts | Topic::Live | Topic::Form(_) => false,
        };
        let Some(since) = since.filter(|_| whole) else {
            return Ok(None);
        };
        let replay = self.app.store.changes_since(topic, since, MAX_REPLAY).await?;
        let (rights, definitions) = (viewer.rights(), self.app.bus.definitions());
        Ok(replay.map(
            |Replay {
                 seq,
                 mut events,
                 mut editing,
             }| {
                if topic == Topic::Entities {
                    let seen = |event| match event_for(rights, definitions, topic, &event) {
                        Seen::Whole => Some(event),
                        Seen::Instead(event) => Some(event),
                        Seen::Nothing => None,
                    };
                    events = events.into_iter().filter_map(seen).collect();
                    editing.retain(|row| {
                        let entity = definitions.get(EntityId(row.form.id));
                        entity.is_some_and(|entity| rights.sees(&entity))
                    });
                }
                Answer::CaughtUp { seq, events, editing }
            },
        ))
    }

    async fn snapshot(&self, topic: Topic, rows: u32, viewer: &SignedIn) -> Result<Answer, Problem> {
        let store = &self.app.store;
        match topic {
            Topic::Entities => {
                let (seq, entities) = store.entities().await?;
                let rights = viewer.rights();
                let seen = |mut row: EntityRow| {
                    if let Some(projection) = Projection::new(rights.permission(row.entity.id), &row.entity) {
                        row.entity = Arc::clone(projection.entity());
                    }
                    row
                };
                let visible = entities.into_iter().filter(|row| rights.sees(&row.entity));
                let snapshot = Snapshot::Entities(visible.map(seen).collect());
                Ok(Answer::Watching { seq, snapshot })
            }
            Topic::Records(entity) => {
                let mut page = of_entity(store.records(entity, rows).await)?;
                if let Some(projection) = Projection::new(viewer.rights().permission(entity), &page.entity) {
                    page.rows.iter_mut().for_each(|row| projection.row(row));
                    page.entity = Entity::clone(projection.entity());
                }
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
                let mut page = of_entity(store.bin(entity, rows).await)?;
                if let Some(projection) = Projection::new(viewer.rights().permission(entity), &page.entity) {
                    page.rows.iter_mut().for_each(|row| projection.row(&mut row.row));
                    page.entity = Entity::clone(projection.entity());
                }
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
            Topic::Live => {
                let (seq, live) = self.app.live.snapshot(self.id()?).await;
                let snapshot = Snapshot::Live(Box::new(live));
                Ok(Answer::Watching { seq, snapshot })
            }
            Topic::Form(_) => Err(Problem::new(Code::NotFound, say::server::a_form_is_watched())),
        }
    }
}

/// The page that was read, or why there is none.
fn of_entity<P>(read: Result<Option<P>, StoreError>) -> Result<P, Problem> {
    read?.ok_or_else(no_entity)
}
