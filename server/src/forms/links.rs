//! What a record's values point to: other records, and files.

use std::sync::Arc;

use baton_locales::{Text, say};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, OnDelete, Operator, Value};
use baton_protocol::file::{FileHash, FileRef};
use baton_protocol::form::Form;
use baton_protocol::id::{EntityId, FormKind, RecordId, UserId};
use baton_protocol::list_query::{Filter, ListQuery};
use baton_protocol::message::{Code, Problem};
use baton_protocol::values::{FieldError, Values};
use uuid::Uuid;

use super::Forms;
use crate::store::{Store, StoreError};

/// The values of a record that is about to be saved which point to no record of their entity, or to no
/// file that is kept. What it had before may be gone since; only what is new is looked for.
pub(crate) async fn dangling(
    store: &dyn Store,
    entity: &Entity,
    before: &Values,
    now: &Values,
) -> Result<Vec<FieldError>, StoreError> {
    let mut errors = Vec::new();
    for field in &entity.fields {
        let value = now.get(&field.name).unwrap_or(&Value::Empty);
        if before.get(&field.name).unwrap_or(&Value::Empty) == value || value.is_blank() {
            continue;
        }
        let mut dangles = None;
        if field.field_type == FieldType::Relation {
            let had = before.get(&field.name).map(Value::items).unwrap_or_default();
            let fits = records_are_there(store, field, had, value.items()).await?;
            dangles = (!fits).then_some(say::server::points_to_nothing());
        } else if field.field_type.is_file() {
            let fits = file_is_there(store, value).await?;
            dangles = (!fits).then_some(say::server::names_no_file());
        }
        errors.extend(dangles.map(|dangles| FieldError {
            field: field.name.clone(),
            message: say::fields::sentence(&field.label, dangles),
        }));
    }
    Ok(errors)
}

async fn records_are_there(
    store: &dyn Store,
    field: &Field,
    had: &[String],
    now: &[String],
) -> Result<bool, StoreError> {
    let new: Vec<RecordId> = now
        .iter()
        .filter(|item| !had.contains(item))
        .filter_map(|item| Uuid::try_parse(item).ok().map(RecordId))
        .collect();
    if new.is_empty() {
        return Ok(true);
    }
    let found = store.records_of(&new).await?;
    Ok(new.iter().all(|id| {
        found
            .iter()
            .any(|record| record.id == *id && Some(record.entity) == field.target && record.gone.is_none())
    }))
}

/// Whether the file is kept, and is what the value says of it.
async fn file_is_there(store: &dyn Store, value: &Value) -> Result<bool, StoreError> {
    let Some(file) = FileRef::parse(value.text()) else {
        // Its type says what is wrong with it.
        return Ok(true);
    };
    let hashes: [FileHash; 1] = [file.hash];
    let stored = store.files(&hashes).await?;
    Ok(stored
        .iter()
        .any(|stored| stored.size == file.size && stored.media == file.media))
}

impl Forms {
    /// What the form's record points to that is not there.
    pub(super) async fn dangling(&self, form: &Form, entity: &Entity) -> Result<Vec<FieldError>, StoreError> {
        if form.key.kind != FormKind::Record {
            return Ok(Vec::new());
        }
        let now = form.draft.merged(&form.values);
        dangling(&*self.shared.store, entity, &form.values, &now).await
    }

    /// Whether a record may be deleted: nothing needs it that refuses to lose it.
    pub(super) async fn ensure_unreferenced(&self, form: &Form, person: UserId) -> Result<(), Problem> {
        if form.key.kind != FormKind::Record {
            return self.check_entity_unneeded(form, person).await;
        }
        let is_it = |field: &Field| {
            let value = Value::from_items([form.key.id.to_string()]);
            Filter::new(field.name.as_str(), Operator::Is, value)
        };
        let record = Some(RecordId(form.key.id));
        let Some(reference) = self.find_reference(form.entity, record, is_it).await? else {
            return Ok(());
        };
        let who = self.reference_in_words(&reference, person);
        let why = say::server::links_to_this(who);
        Err(Problem::new(Code::Forbidden, why))
    }

    async fn check_entity_unneeded(&self, form: &Form, person: UserId) -> Result<(), Problem> {
        let any = |field: &Field| Filter::new(field.name.as_str(), Operator::IsNotEmpty, Value::Empty);
        let Some(reference) = self.find_reference(form.entity, None, any).await? else {
            return Ok(());
        };
        let who = self.reference_in_words(&reference, person);
        let why = say::server::links_to_one_of_its(who);
        Err(Problem::new(Code::Forbidden, why))
    }

    /// What a person may know of a record with a link.
    fn reference_in_words(&self, (title, of, field): &(String, Arc<Entity>, String), person: UserId) -> Text {
        let rights = self.shared.accounts.rights(person);
        if rights.sees(of) && !rights.permission(of.id).hidden.contains(field) {
            say::server::title_of(title, &of.label_plural)
        } else {
            say::server::something_hidden()
        }
    }

    /// A record of another entity with a link to records of this one that refuses to lose it and of which
    /// this holds: its title, what it is one of, and the id of the field. What goes with it does not keep it: the record itself, or
    /// the whole entity where none is given.
    async fn find_reference(
        &self,
        target: EntityId,
        record: Option<RecordId>,
        holds: impl Fn(&Field) -> Filter,
    ) -> Result<Option<(String, Arc<Entity>, String)>, Problem> {
        let (_, entities) = self.shared.store.entities().await?;
        let living = entities
            .iter()
            .map(|row| &row.entity)
            .filter(|entity| entity.gone.is_none() && (record.is_some() || entity.id != target));
        for entity in living {
            let refuses = |field: &&Field| field.target == Some(target) && field.on_delete == OnDelete::Refuse;
            for field in entity.fields.iter().filter(refuses) {
                let query = ListQuery {
                    filters: vec![holds(field)],
                    ..ListQuery::default()
                };
                let page = self.shared.store.page(entity.id, &query, None, 2, &[], None).await?;
                let mut rows = page.into_iter().flat_map(|page| page.rows);
                if let Some(row) = rows.find(|row| Some(row.id) != record) {
                    return Ok(Some((row.title, Arc::clone(entity), field.id.clone())));
                }
            }
        }
        Ok(None)
    }
}
