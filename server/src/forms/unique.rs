//! Fields become unique, or are not any more, a few records at a time: whoever types meanwhile never waits for all.

use baton_protocol::entity::Entity;
use baton_protocol::field::Field;
use baton_protocol::id::{EntityId, RecordId, Version};

use super::Forms;
use crate::batch::BatchSize;
use crate::store::{StoreError, UniqueStep, Write};

/// How many records are read at once.
const READ: u32 = 500;

impl Forms {
    /// Notes what records have in the fields that become unique with this definition, before it is saved.
    ///
    /// # Errors
    /// Two records have the same, or the store failed.
    pub(super) async fn fill_unique(&self, before: &Entity, after: &Entity) -> Result<(), StoreError> {
        let fields = filled(before, after);
        if fields.is_empty() {
            return Ok(());
        }
        let entity = after.id;
        self.in_slices(entity, UniqueStep::Forget).await?;
        self.step(entity, UniqueStep::Begin(fields)).await?;
        let filled = self.in_slices(entity, UniqueStep::Fill).await;
        if filled.is_err() {
            self.step(entity, UniqueStep::Stop).await?;
        }
        filled
    }

    /// The definition could not be saved after all.
    pub(super) async fn abandon_unique(&self, before: &Entity, after: &Entity) {
        if filled(before, after).is_empty() {
            return;
        }
        if let Err(error) = self.step(after.id, UniqueStep::Stop).await {
            // The next save of a definition does it.
            tracing::warn!(%error, entity = after.name, "saves still note what was to become unique");
        }
    }

    /// Forgets what was noted of fields that are unique no more.
    pub(super) async fn forget_unique(&self, before: &Entity, after: &Entity) {
        if only_in(before, after).is_empty() {
            return;
        }
        if let Err(error) = self.in_slices(after.id, UniqueStep::Forget).await {
            // Nobody reads it; it goes before the field becomes unique again.
            tracing::warn!(%error, entity = after.name, "what was unique is not wholly forgotten");
        }
    }

    async fn step(&self, entity: EntityId, step: UniqueStep) -> Result<(), StoreError> {
        self.shared.store.write(Write::Unique(entity, step)).await
    }

    async fn in_slices(&self, entity: EntityId, step: fn(Vec<RecordId>) -> UniqueStep) -> Result<(), StoreError> {
        let (store, mut num, mut batch) = (&self.shared.store, 0, BatchSize::new(20, 5));
        loop {
            let records = store.records_after(entity, num, READ).await?;
            let Some(last) = records.last() else {
                return Ok(());
            };
            num = last.num;
            let records: Vec<RecordId> = records.iter().map(|record| record.id).collect();
            let mut rest = records.as_slice();
            while !rest.is_empty() {
                let (slice, after) = rest.split_at(rest.len().min(batch.get() as usize));
                batch.write(store, Write::Unique(entity, step(slice.to_vec()))).await?;
                rest = after;
            }
        }
    }
}

/// The fields whose values are noted before the definition is saved: an entity that was never saved has no records.
fn filled(before: &Entity, after: &Entity) -> Vec<Field> {
    if before.version == Version::default() {
        return Vec::new();
    }
    only_in(after, before)
}

/// The fields that are unique in one definition, and not in the other, or there as another type: it compares values in
/// another way.
pub(super) fn only_in(one: &Entity, other: &Entity) -> Vec<Field> {
    let is_in_other = |field: &Field| {
        let same = |its: &Field| its.id == field.id && its.unique && its.field_type == field.field_type;
        other.fields.iter().any(same)
    };
    let fields = one.fields.iter().filter(|field| field.unique && !is_in_other(field));
    fields.cloned().collect()
}
