//! What a write does to the disk.

use baton_protocol::codec;

use super::*;

impl Disk {
    /// Stores a form as another server would that has it from this disk; nothing of it is different but when something
    /// was last done with it.
    pub(crate) fn store_elsewhere(&mut self, key: FormKey) {
        let Some(StoredForm { n, mut form, .. }) = self.form(key) else {
            return;
        };
        form.active = Timestamp(form.active.0 + 1);
        let whole = codec::encode(&form);
        let entries = Vec::new();
        self.forms.insert(
            key,
            Settings {
                n: n + 1,
                whole,
                entries,
            },
        );
    }
}

pub(super) fn commit_form(disk: &mut Disk, form: &FormWrite) {
    match &form.state {
        StateWrite::Whole(whole) => {
            let kept = Settings {
                n: form.n,
                whole: whole.state.clone(),
                entries: Vec::new(),
            };
            disk.forms.insert(form.key, kept);
        }
        StateWrite::Appended { entries, .. } => {
            let kept = disk.forms.get_mut(&form.key).expect("nothing is appended to nothing");
            kept.n = form.n;
            kept.entries.extend(entries.iter().map(|(_, entry)| entry.clone()));
        }
    }
}

pub(super) fn commit_removal(disk: &mut Disk, write: &RemovalWrite, log: &mut Vec<(Seq, Topic, Event)>) {
    let record = disk
        .records
        .get_mut(&write.record.record.id)
        .expect("only what was saved is removed");
    let was_gone = record.gone.is_some();
    record.gone.clone_from(&write.record.record.gone);
    let row = write.record.row.clone();
    let event = match record.gone {
        Some(_) if was_gone => return,
        Some(_) => Event::RecordRemoved { record: row.id },
        None => Event::RecordRestored { row },
    };
    let entity = write.record.record.entity;
    log.push(disk.append(Topic::Records(entity), event));
}

pub(super) fn commit_record(
    disk: &mut Disk,
    write: &RecordWrite,
    log: &mut Vec<(Seq, Topic, Event)>,
) -> Result<(), StoreError> {
    let Indexed { record, row, .. } = &write.record;
    let taken = disk
        .records
        .values()
        .any(|other| other.id != record.id && other.values.get(SLUG) == record.values.get(SLUG));
    if taken {
        return Err(StoreError::SlugTaken);
    }
    disk.records.insert(record.id, record.clone());
    let row = row.clone();
    let created = record.version.0 == 1;
    let event = if created {
        Event::RecordCreated { row }
    } else {
        Event::RecordUpdated { row }
    };
    log.push(disk.append(Topic::Records(record.entity), event));
    if created {
        let event = Event::RecordCount {
            entity: record.entity,
            records: disk.listed().count() as u64,
        };
        log.push(disk.append(Topic::Entities, event));
    }
    Ok(())
}
