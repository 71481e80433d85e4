//! Random writes.

use baton_protocol::audit::Act;
use baton_protocol::codec;
use baton_protocol::deletion::{Deletion, DeletionKind, Stamp};
use baton_protocol::draft::DraftField;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::{Command, Context, Form, Limits};
use baton_protocol::id::{EntityId, FormKey, RecordId, Rev, SessionId, Version, ViewId};
use baton_protocol::list::{SavedView, View};
use baton_protocol::notification::NotificationReason;
use baton_protocol::origin::Origin;
use baton_protocol::record::{self, Record};
use baton_protocol::time::Timestamp;
use baton_protocol::values::{SLUG, TITLE, Values};
use baton_server::store::{
    DefinitionWrite, EntityWrite, FormWrite, Indexed, NewAuditEntry, RecordMark, RecordWrite, RemovalWrite,
    SharedStore, StateWrite, WholeState, Write,
};
use rand::RngExt as _;
use rand::rngs::StdRng;
use std::sync::Arc;
use uuid::Uuid;

use super::{NAMES, RECORDS, id, people};

/// Makes writes that mostly fit what is there, and sometimes do not.
pub(super) struct Writer {
    pub(super) rng: StdRng,
    pub(super) now: Timestamp,
}

impl Writer {
    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.rng.random_range(0..of.len())].clone()
    }

    fn stamp(&mut self) -> Stamp {
        let by = self.one(&people());
        Stamp { by, at: self.now }
    }

    fn entity_id(&mut self) -> EntityId {
        EntityId(id(self.rng.random_range(50..52)))
    }

    fn record_id(&mut self) -> RecordId {
        RecordId(id(100 + self.rng.random_range(0..RECORDS)))
    }

    /// The next definition of an entity, new or known; sometimes under the other one's name.
    fn definition(&mut self, id: EntityId, known: Option<Entity>) -> Entity {
        let own = if id.0 == Uuid::from_u128(50) {
            "things"
        } else {
            "others"
        };
        let name = self.one(&[own, own, "things"]);
        let fields = vec![
            Field::new("note", "Note", FieldType::Textarea),
            Field::new("price", "Price", FieldType::Number),
        ];
        let mut entity = known.unwrap_or_else(|| Entity::new(id, name, "Thing", "Things", fields));
        entity.name = name.into();
        entity.version = entity.version.next();
        entity.gone = self.rng.random_bool(0.1).then(|| self.deletion(DeletionKind::Deleted));
        entity
    }

    fn deletion(&mut self, how: DeletionKind) -> Deletion {
        let stamp = self.stamp();
        Deletion { how, stamp }
    }

    fn values(&mut self, entity: &Entity) -> Values {
        let mut values = record::new_values(entity);
        let title = self.one(&NAMES);
        let slug = format!("slug-{}", self.rng.random_range(0..9));
        values.insert(TITLE.into(), Value::from_text(title));
        values.insert(SLUG.into(), Value::from_text(slug));
        values.insert("note".into(), Value::from_text(self.one(&["red", "green red", ""])));
        values.insert("price".into(), Value::from_text(self.one(&["1", "2.5", "10", ""])));
        values
    }

    /// The next save of a record, new or known.
    fn save(&mut self, entity: &Entity, known: Option<Record>, id: RecordId) -> RecordWrite {
        let stamp = self.stamp();
        let values = self.values(entity);
        let record = match known {
            Some(known) => Record {
                version: known.version.next(),
                updated: stamp,
                values,
                ..known
            },
            None => Record {
                id,
                entity: entity.id,
                num: 0,
                position: 0,
                version: Version(1),
                values,
                created: stamp.clone(),
                updated: stamp,
                gone: None,
            },
        };
        RecordWrite {
            record: Indexed::new(entity, record),
            history: Vec::new(),
            job: None,
        }
    }

    /// A form with whoever has it open and what they typed.
    fn form(&mut self, key: FormKey, entity: &Arc<Entity>, version: Version) -> Form {
        let mut form = Form::new(key, entity.id, version, Values::new());
        let context = Context {
            now: self.now,
            limits: Limits {
                grace: std::time::Duration::from_secs(5),
                idle: std::time::Duration::from_secs(120),
                answer: std::time::Duration::from_secs(30),
            },
            entity,
            clean: &|html| html.to_owned(),
            free_slug: None,
        };
        for session in 0..self.rng.random_range(0..3) {
            let person = self.one(&people());
            let join = Command::Join { person };
            form.apply(&context, SessionId(id(session)), join).expect("joined");
        }
        if self.rng.random_bool(0.5) {
            let author = self.one(&people());
            let value = Value::from_text(self.one(&NAMES));
            form.draft.fields.insert(TITLE.into(), DraftField { value, author });
        }
        form
    }

    /// The next write of a form's state: whole, or, where there is one, what was typed since.
    fn state(&mut self, form: &Form, stored: Option<Rev>) -> StateWrite {
        if let (Some(rev), true) = (stored, self.rng.random_bool(0.4)) {
            let (rev, by, author) = (rev.next(), id(0), codec::encode(&self.one(&people())));
            let entry = format!(
                r#"{{"rev":{},"by":"{by}","op":"{by}","at":0,"author":{author},"patches":[]}}"#,
                rev.0
            );
            return StateWrite::Appended {
                entries: vec![(rev, entry)],
                title: self.rng.random_bool(0.5).then(|| self.one(&NAMES).to_owned()),
                at: self.now,
            };
        }
        StateWrite::Whole(Box::new(WholeState::new(form, self.now)))
    }

    async fn form_write(&mut self, model: &SharedStore) -> Option<FormWrite> {
        let key = FormKey::record(self.record_id());
        let known = model.record(RecordId(key.id)).await.expect("readable");
        let entity = known.as_ref().map_or_else(|| self.entity_id(), |known| known.entity);
        let entity = Arc::new(model.entity(entity).await.expect("readable")?);
        let stored = model.form(key).await.expect("readable");
        let n = stored.as_ref().map_or(0, |stored| stored.n) + 1;
        let n = if self.rng.random_bool(0.9) {
            n
        } else {
            self.rng.random_range(1..5)
        };
        let saves = self.rng.random_bool(0.6);
        let version = known.as_ref().map_or(Version::default(), |known| known.version);
        let form = self.form(key, &entity, if saves { version.next() } else { version });
        // What was appended to is what is stored, and only its next entry fits.
        let rev = stored.filter(|stored| !saves && n == stored.n + 1);
        let state = self.state(&form, rev.map(|stored| stored.form.rev));
        let mut write = FormWrite::new(key, n, state);
        write.audit.push(NewAuditEntry {
            at: self.now,
            by: None,
            origin: Origin::default(),
            act: Act::SignedOut,
        });
        match known {
            Some(record) if !saves && self.rng.random_bool(0.8) => {
                let how = self.one(&[DeletionKind::Archived, DeletionKind::Deleted]);
                let gone = self.rng.random_bool(0.7).then(|| self.deletion(how));
                // Back into the list goes only what is out of it.
                if gone.is_some() || record.gone.is_some() {
                    let record = Indexed::new(&entity, Record { gone, ..record });
                    write.removal = Some(RemovalWrite { record, at: self.now });
                }
            }
            known if saves => write.record = Some(self.save(&entity, known, RecordId(key.id))),
            Some(_) | None => {}
        }
        Some(write)
    }

    async fn definition_write(&mut self, model: &SharedStore) -> Write {
        let id = self.entity_id();
        let known = model.entity(id).await.expect("readable");
        let entity = self.definition(id, known);
        let at = self.now;
        if self.rng.random_bool(0.5) {
            return Write::Entity(Box::new(EntityWrite { entity, at }));
        }
        let key = FormKey::entity(entity.id);
        let n = model.form(key).await.expect("readable").map_or(0, |stored| stored.n) + 1;
        let form = self.form(key, &Arc::new(entity.clone()), entity.version);
        let mut write = FormWrite::new(key, n, StateWrite::Whole(Box::new(WholeState::new(&form, at))));
        write.definition = Some(DefinitionWrite {
            entity,
            saved: self.stamp(),
            history: Vec::new(),
            convert_from: None,
            newly_unique: Vec::new(),
        });
        Write::Form(Box::new(write))
    }

    /// New records, all of them or none.
    async fn many(&mut self, model: &SharedStore) -> Option<Write> {
        let entity = self.entity_id();
        let entity = model.entity(entity).await.expect("readable")?;
        let first = self.rng.random_range(1_000_000..u128::from(u64::MAX));
        let records = (first..first + 2).map(|number| self.save(&entity, None, RecordId(id(number))));
        let records = records.collect();
        Some(Write::Records { records, import: None })
    }

    async fn placing(&mut self, model: &SharedStore) -> Option<Write> {
        let entity = self.entity_id();
        let records = model.records_after(entity, 0, 50).await.expect("readable");
        let ids: Vec<RecordId> = records.iter().map(|record| record.id).collect();
        if ids.is_empty() {
            return None;
        }
        let record = self.one(&ids);
        let after = self.rng.random_bool(0.8).then(|| self.one(&ids));
        (after != Some(record)).then_some(Write::Move {
            entity,
            record,
            after,
            at: self.now,
        })
    }

    /// Another write. `None` where this one makes no sense as things are.
    pub(super) async fn write(&mut self, model: &SharedStore) -> Option<Write> {
        self.now = Timestamp(self.now.0 + 1_000);
        let person = self.one(&people());
        Some(match self.rng.random_range(-12..17) {
            ..=1 => Write::Form(Box::new(self.form_write(model).await?)),
            2..=3 => self.definition_write(model).await,
            4 => self.many(model).await?,
            5..=8 => self.placing(model).await?,
            9 => {
                let entity = self.entity_id();
                model.entity(entity).await.expect("readable")?;
                let (number, name) = self.one(&[(7, "mine"), (7, "Mine"), (8, "all")]);
                let (view, shared) = (ViewId(id(number + entity.0.as_u128() * 10)), number == 8);
                let mut view = SavedView::storable(view, entity, name.into(), shared, View::default());
                view.owner = person;
                Write::View(view)
            }
            10 => Write::DropView(ViewId(id(7 + self.entity_id().0.as_u128() * 10)), person.id),
            11 => {
                let mark = self.one(&[RecordMark::Followed, RecordMark::Favourite]);
                Write::Mark(person.id, self.record_id(), mark, self.rng.random_bool(0.8))
            }
            12 => {
                let muted = self.rng.random_bool(0.5).then_some(NotificationReason::Saved);
                Write::Mute(person.id, muted.into_iter().collect())
            }
            _ => self.ending(model).await?,
        })
    }

    /// Something goes for ever.
    async fn ending(&mut self, model: &SharedStore) -> Option<Write> {
        let before = Timestamp(self.now.0 - 20_000);
        Some(match self.rng.random_range(0..6) {
            0 => Write::Purge {
                records: vec![self.record_id(), self.record_id()],
                now: self.now,
                by: None,
            },
            1 => Write::PurgeEntity {
                entity: self.entity_id(),
                now: self.now,
                by: None,
            },
            2 => Write::EndDrafts(vec![FormKey::record(self.record_id())]),
            _ => {
                let last = model.prunable(before, 5).await.expect("readable")?;
                Write::Prune { before, last }
            }
        })
    }
}
