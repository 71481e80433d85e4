//! Links between records: they point to what is there, and what they need is not deleted.

use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, OnDelete, Operator, Value};
use baton_protocol::form::Form;
use baton_protocol::id::{FormKind, RecordId};
use baton_protocol::message::{Code, Problem};
use baton_protocol::query::{Filter, Query};
use baton_protocol::record::FieldError;
use uuid::Uuid;

use super::{Forms, failed};
use crate::store::StoreError;

impl Forms {
    /// The links of a record that is about to be saved which point to no record of their entity.
    pub(super) async fn broken_links(&self, form: &Form, entity: &Entity) -> Result<Vec<FieldError>, StoreError> {
        let mut errors = Vec::new();
        if form.key.kind != FormKind::Record {
            return Ok(errors);
        }
        let links = entity
            .fields
            .iter()
            .filter(|field| field.field_type == FieldType::Relation);
        for field in links {
            // What was linked before may be gone since; only what is new is looked for.
            let before = form.values.get(&field.name).map(Value::items).unwrap_or_default();
            let now = form.draft.value(&form.values, &field.name).items();
            let new: Vec<RecordId> = now
                .iter()
                .filter(|item| !before.contains(item))
                .filter_map(|item| Uuid::try_parse(item).ok().map(RecordId))
                .collect();
            if new.is_empty() {
                continue;
            }
            let found = self.shared.store.records_of(&new).await?;
            let fits = |id: &RecordId| {
                found
                    .iter()
                    .any(|record| record.id == *id && Some(record.entity) == field.target)
            };
            if !new.iter().all(fits) {
                errors.push(FieldError {
                    field: field.name.clone(),
                    message: format!("{} points to a record that is not there.", field.label),
                });
            }
        }
        Ok(errors)
    }

    /// Whether a record may be deleted: nothing needs it that refuses to lose it.
    pub(super) async fn check_unneeded(&self, form: &Form) -> Result<(), Problem> {
        if form.key.kind != FormKind::Record {
            return Ok(());
        }
        let (_, entities) = self.shared.store.entities().await.map_err(|error| failed(&error))?;
        for entity in entities.iter().map(|row| &row.entity) {
            let refuses = |field: &&Field| field.target == Some(form.entity) && field.on_delete == OnDelete::Refuse;
            for field in entity.fields.iter().filter(refuses) {
                let points_here = Filter {
                    field: field.name.clone(),
                    operator: Operator::Is,
                    value: Value::of_items([form.key.id.to_string()]),
                };
                let query = Query {
                    filters: vec![points_here],
                    ..Query::default()
                };
                let page = self.shared.store.page(entity.id, &query, None, 1, &[]).await;
                let page = page.map_err(|error| failed(&error))?;
                if let Some(row) = page.and_then(|page| page.rows.into_iter().next()) {
                    let why = format!(
                        "“{}” of {} links to this record and needs it. Take the link away first.",
                        row.title,
                        entity.label_plural.to_lowercase()
                    );
                    return Err(Problem::new(Code::Forbidden, why));
                }
            }
        }
        Ok(())
    }
}
