//! What a write does to the disk; what follows from it is the server's rule ([`baton_server::store::commit`]).

use std::sync::Arc;

use baton_protocol::codec;
use baton_protocol::deletion::{DeletionKind, Stamp};
use baton_protocol::form::FieldHistory;
use baton_protocol::id::Version;
use baton_protocol::values::SLUG;
use baton_server::store::commit::{self, Outcome};
use baton_server::store::{DefinitionWrite, FormWrite, Indexed, NewUser, RecordWrite, RemovalWrite, StateWrite};

use super::reads::text;
use super::*;

/// What those who watch are told of a write.
pub(super) type Log = Vec<(Seq, Topic, Event)>;

impl Disk {
    /// Commits a write, all of it or nothing.
    pub(super) fn commit(&mut self, write: &Write) -> Result<Log, StoreError> {
        let mut log = Log::new();
        match write {
            Write::Form(form) => self.commit_form(form, &mut log)?,
            Write::User(user) => self.add_user(user)?,
            Write::Entity(write) => self.define(&write.entity, write.at, &mut log)?,
            Write::Records { records, import: None } => self.commit_many(records, &mut log)?,
            Write::Move {
                entity,
                record,
                after,
                at,
            } => self.move_after(*entity, *record, *after, *at, &mut log)?,
            Write::View(view) => {
                // Only its owner changes it.
                let owner = self.views.get(&view.id).map(|known| known.owner.id);
                if owner.is_none_or(|owner| owner == view.owner.id) {
                    self.views.insert(view.id, view.clone());
                }
            }
            Write::DropView(view, owner) => {
                self.views.retain(|id, known| id != view || known.owner.id != *owner);
            }
            Write::Mark(user, record, mark, set) => self.mark(*user, *record, *mark, *set),
            Write::Mute(user, muted) => drop(self.muted.insert(*user, muted.clone())),
            Write::Prune { before, last } => self.prune(*before, *last),
            Write::EndDrafts(forms) => self.end_drafts(forms),
            Write::Purge { records, now, .. } => self.purge(records, *now, &mut log),
            Write::PurgeEntity { entity, now, .. } => self.purge_entity(*entity, *now, &mut log),
            // Nothing that is read here comes of these.
            Write::Converted(_) | Write::UseSignIn(_) | Write::Settings(..) | Write::Audit(_) => {}
            Write::Identity(_)
            | Write::Token(_)
            | Write::EndSignIn(..)
            | Write::Comment(_)
            | Write::ReadNotifications(..)
            | Write::Notify(_)
            | Write::PruneAudit(_)
            | Write::ChangeUser(_)
            | Write::Group(_)
            | Write::Begin { .. }
            | Write::JobUndone(..)
            | Write::ForgetJobSaves(..)
            | Write::ReindexName { .. }
            | Write::NameIsSpread(_)
            | Write::File(..)
            | Write::ForgetFiles(..)
            | Write::Records { import: Some(_), .. }
            | Write::CommitImport(_)
            | Write::ForgetImport(..)
            | Write::RollbackImport { .. }
            | Write::Reindex { .. }
            | Write::Unique(..) => {
                unreachable!("this store has forms, definitions, records and their lists, and nothing else")
            }
        }
        Ok(log)
    }

    fn add_user(&mut self, user: &NewUser) -> Result<(), StoreError> {
        let email = &user.account.email;
        if self.users.iter().any(|other| other.account.email == *email) {
            return Err(StoreError::EmailTaken);
        }
        self.users.push(UserRow {
            account: user.account.clone(),
            password_hash: user.password_hash.clone(),
            password_until: user.password_until,
            second_factor: None,
            epoch: 0,
        });
        Ok(())
    }

    /// What is no record has no mark.
    fn mark(&mut self, user: UserId, record: RecordId, mark: RecordMark, set: bool) {
        let marked = self.marks.entry(mark).or_default();
        if !set {
            marked.remove(&(record, user));
        } else if self.records.contains_key(&record) {
            marked.insert((record, user));
        }
    }

    /// Forms that were never saved and that nobody has open end.
    fn end_drafts(&mut self, forms: &[FormKey]) {
        for key in forms {
            let stored = self.form(*key);
            let is_open = stored.is_some_and(|stored| !stored.form.queue.editors().is_empty());
            if !is_open && self.forms.get(key).is_some_and(|stored| stored.never_saved) {
                self.forms.remove(key);
            }
        }
    }

    fn publish(&mut self, at: Timestamp, entity: EntityId, outcome: Outcome, log: &mut Log) {
        let mut events = outcome.events;
        if outcome.listed != 0 {
            events.push(commit::counted(entity, self.count(entity)));
        }
        for (topic, event) in events {
            let entry = LogEntry {
                at,
                topic,
                event: event.clone(),
            };
            self.changes.push(entry);
            log.push((self.head(), topic, event));
        }
    }

    fn commit_form(&mut self, form: &FormWrite, log: &mut Log) -> Result<(), StoreError> {
        let stored = self.forms.get(&form.key).map(|stored| stored.n);
        let record = RecordId(form.key.id);
        let never_saved = match &form.state {
            StateWrite::Whole(whole) => whole.never_saved,
            StateWrite::Appended { .. } => false,
        };
        let is_known = form.key == FormKey::record(record) && self.records.contains_key(&record);
        // What went for ever does not come back by the first write of its form.
        let may_begin = if form.key == FormKey::record(record) && !never_saved {
            is_known
        } else {
            !self.purged.contains(&record)
        };
        if form.n != stored.unwrap_or(0) + 1 || (stored.is_none() && !may_begin) {
            return Err(StoreError::Stale);
        }
        if let Some(record) = &form.record {
            let Indexed { record, row, .. } = self.commit_record(record)?;
            let at = record.updated.at;
            self.publish(at, record.entity, commit::saved(&record, row), log);
        }
        if let Some(definition) = &form.definition {
            self.commit_definition(definition, log)?;
        }
        if let Some(removal) = &form.definition_removal {
            self.define(&removal.entity, removal.at, log)?;
        }
        if let Some(removal) = &form.removal {
            self.commit_removal(removal, log);
        }
        self.commit_state(form);
        Ok(())
    }

    fn commit_state(&mut self, form: &FormWrite) {
        match &form.state {
            StateWrite::Whole(whole) => {
                let stored = DiskForm {
                    n: form.n,
                    whole: whole.state.clone(),
                    entries: Vec::new(),
                    entity: whole.entity,
                    title: whole.title.clone(),
                    never_saved: whole.never_saved,
                    touched: whole.at,
                };
                self.forms.insert(form.key, stored);
            }
            StateWrite::Appended { entries, title, at } => {
                let stored = self.forms.get_mut(&form.key).expect("nothing is appended to nothing");
                stored.n = form.n;
                stored.entries.extend(entries.iter().map(|(_, entry)| entry.clone()));
                stored.touched = *at;
                if let Some(title) = title {
                    stored.title.clone_from(title);
                }
            }
        }
    }

    /// Stores a form as another server would that has it from this disk; nothing of it is different but when something
    /// was last done with it.
    pub(crate) fn store_elsewhere(&mut self, key: FormKey) {
        let Some(StoredForm { n, mut form, .. }) = self.form(key) else {
            return;
        };
        form.active = Timestamp(form.active.0 + 1);
        if let Some(stored) = self.forms.get_mut(&key) {
            (stored.n, stored.whole) = (n + 1, codec::encode(&form));
            stored.entries.clear();
        }
    }

    /// Writes a record and tells nobody; the record as it is now, with its places.
    fn commit_record(&mut self, write: &RecordWrite) -> Result<Indexed, StoreError> {
        let mut indexed = write.record.clone();
        let record = &mut indexed.record;
        let taken = |other: &&Record| {
            other.entity == record.entity && other.id != record.id && text(other, SLUG) == text(record, SLUG)
        };
        if self.records.values().find(taken).is_some() {
            return Err(StoreError::SlugTaken);
        }
        if let Some(known) = self.records.get(&record.id) {
            // Somebody may have moved it since its form was read; what is out of its list stays there.
            (record.num, record.position) = (known.num, known.position);
        } else if record.num == 0 {
            record.num = self.last_num() + 1;
            record.position = commit::first_position(record.num);
        }
        (indexed.row.num, indexed.row.position) = (record.num, record.position);
        self.records.insert(record.id, record.clone());
        let (form, version) = (FormKey::record(record.id), record.version);
        self.note_save(form, version, &record.updated.clone(), &write.history);
        Ok(indexed)
    }

    fn note_save(&mut self, form: FormKey, version: Version, saved: &Stamp, fields: &[FieldHistory]) {
        let saved = SavedVersion {
            version,
            saved: saved.clone(),
            fields: fields.to_vec(),
        };
        self.saves.entry(form).or_default().push(saved);
    }

    fn commit_many(&mut self, writes: &[RecordWrite], log: &mut Log) -> Result<(), StoreError> {
        let Some(first) = writes.first().map(|write| write.record.record.clone()) else {
            return Ok(());
        };
        let before = (self.records.clone(), self.saves.clone());
        for write in writes {
            if let Err(error) = self.commit_record(write) {
                (self.records, self.saves) = before;
                return Err(error);
            }
        }
        let made = i64::try_from(writes.len()).unwrap_or(i64::MAX);
        let outcome = commit::changed_many(first.entity, made);
        self.publish(first.updated.at, first.entity, outcome, log);
        Ok(())
    }

    fn commit_removal(&mut self, write: &RemovalWrite, log: &mut Log) {
        let RemovalWrite { record: indexed, at } = write;
        let record = self
            .records
            .get_mut(&indexed.record.id)
            .expect("only what was saved is removed");
        let was_gone = record.gone.is_some();
        record.gone.clone_from(&indexed.record.gone);
        let mut row = indexed.row.clone();
        (row.num, row.position) = (record.num, record.position);
        let outcome = commit::moved_out_or_back(&record.clone(), row, was_gone);
        self.publish(*at, indexed.record.entity, outcome, log);
    }

    fn commit_definition(&mut self, write: &DefinitionWrite, log: &mut Log) -> Result<(), StoreError> {
        assert!(
            write.newly_unique.is_empty(),
            "this store knows nothing of unique fields"
        );
        self.define(&write.entity, write.saved.at, log)?;
        let form = FormKey::entity(write.entity.id);
        self.note_save(form, write.entity.version, &write.saved, &write.history);
        Ok(())
    }

    fn define(&mut self, entity: &Entity, at: Timestamp, log: &mut Log) -> Result<(), StoreError> {
        let taken = |other: &&Entity| other.id != entity.id && other.name == entity.name;
        if self.entities.iter().find(taken).is_some() {
            return Err(StoreError::NameTaken);
        }
        match self.entities.iter_mut().find(|known| known.id == entity.id) {
            Some(known) => known.clone_from(entity),
            None => self.entities.push(entity.clone()),
        }
        let outcome = commit::defined(Arc::new(entity.clone()), self.count(entity.id));
        self.publish(at, entity.id, outcome, log);
        Ok(())
    }

    fn move_after(
        &mut self,
        entity: EntityId,
        id: RecordId,
        after: Option<RecordId>,
        at: Timestamp,
        log: &mut Log,
    ) -> Result<(), StoreError> {
        let room = |disk: &Self| {
            let behind = after.map(|after| disk.records.get(&after).map(|record| record.position));
            let behind = match behind {
                Some(None) => return Err(StoreError::Missing),
                Some(Some(position)) => Some(position),
                None => None,
            };
            let others = disk.listed_of(entity).filter(|record| record.id != id);
            let later = others.filter(|record| record.position > behind.unwrap_or(i64::MIN));
            let next = later.map(|record| record.position).min();
            Ok(commit::position_between(behind, next))
        };
        let mut position = room(self)?;
        let all_moved = position.is_none();
        if all_moved {
            let of = self.records.values_mut().filter(|record| record.entity == entity);
            let mut all: Vec<_> = of.collect();
            all.sort_by_key(|record| (record.position, record.num));
            for (record, place) in all.into_iter().zip(1..) {
                record.position = commit::first_position(place);
            }
            position = room(self)?;
        }
        let definition = self.entity(entity).ok_or(StoreError::Missing)?.clone();
        let record = self.records.get_mut(&id).ok_or(StoreError::Missing)?;
        record.position = position.unwrap_or(0);
        let record = record.clone();
        let outcome = commit::placed(&record, record.row(&definition), all_moved);
        self.publish(at, entity, outcome, log);
        Ok(())
    }

    /// Only a whole beginning may go: a gap in the middle would be missed in silence.
    fn prune(&mut self, before: Timestamp, last: Seq) {
        let count = usize::try_from(last.0)
            .unwrap_or(usize::MAX)
            .saturating_sub(self.pruned);
        let count = count.min(self.changes.len());
        if self.changes.iter().take(count).all(|entry| entry.at < before) {
            self.changes.drain(..count);
            self.pruned += count;
        }
    }

    /// What was deleted goes for ever, unless it came back, or is open.
    fn purge(&mut self, records: &[RecordId], now: Timestamp, log: &mut Log) {
        for id in records {
            let key = FormKey::record(*id);
            let open = self
                .form(key)
                .is_some_and(|stored| !stored.form.queue.editors().is_empty());
            let is_deleted = |record: &&Record| {
                let deleted = record
                    .gone
                    .as_ref()
                    .is_some_and(|gone| gone.how == DeletionKind::Deleted);
                deleted || self.entity(record.entity).is_some_and(|entity| entity.gone.is_some())
            };
            let found = self.records.get(id).filter(is_deleted).filter(|_| !open);
            let Some((entity, was_listed)) = found.map(|record| (record.entity, record.gone.is_none())) else {
                continue;
            };
            self.records.remove(id);
            self.saves.remove(&key);
            self.forms.remove(&key);
            for marked in self.marks.values_mut() {
                marked.retain(|(record, _)| record != id);
            }
            self.purged.insert(*id);
            self.publish(now, entity, commit::purged(entity, *id, was_listed), log);
        }
    }

    fn purge_entity(&mut self, id: EntityId, now: Timestamp, log: &mut Log) {
        let is_gone = self.entity(id).is_some_and(|entity| entity.gone.is_some());
        if !is_gone || self.records.values().any(|record| record.entity == id) {
            return;
        }
        self.entities.retain(|entity| entity.id != id);
        self.forms.remove(&FormKey::entity(id));
        self.saves.remove(&FormKey::entity(id));
        self.views.retain(|_, view| view.entity != id);
        self.publish(now, id, commit::purged_entity(id), log);
    }
}
