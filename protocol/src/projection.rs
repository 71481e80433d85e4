//! What is left of things for somebody from whom some fields are hidden (semantics 7.2).
//!
//! A definition without the hidden fields says which fields there are; whatever names another one is left out. So a
//! value that is kept under no present field is never told either.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::draft::Draft;
use crate::entity::Entity;
use crate::form::{FormSnapshot, Notice};
use crate::history::{EarlierSave, SavedVersion};
use crate::id::FormKind;
use crate::list::SavedView;
use crate::message::Event;
use crate::record::RecordRow;
use crate::rights::Permission;
use crate::values::{FieldError, SLUG, STATUS, TITLE, Values};
use baton_locales::say;

/// An entity as it is for somebody from whom some of its fields are hidden.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Projection {
    entity: Arc<Entity>,
    names: BTreeSet<String>,
}

impl Projection {
    /// The entity for somebody with this permission; `None` where no field of it is hidden from them.
    #[must_use]
    pub fn new(permission: &Permission, entity: &Entity) -> Option<Self> {
        if permission.hidden.is_empty() {
            return None;
        }
        let mut entity = entity.clone();
        let mut heading = String::new();
        entity.fields.retain_mut(|field| {
            if permission.hidden.contains(&field.id) {
                if !field.section.is_empty() {
                    heading.clone_from(&field.section);
                }
                return false;
            }
            // A section goes on under its heading when the field that began it is hidden.
            let heading = std::mem::take(&mut heading);
            if field.section.is_empty() {
                field.section = heading;
            }
            true
        });
        let own = entity.fields.iter().map(|field| field.name.as_str());
        let names = [TITLE, STATUS, SLUG].into_iter().chain(own).map(String::from).collect();
        Some(Self {
            entity: Arc::new(entity),
            names,
        })
    }

    /// The definition without the hidden fields.
    #[must_use]
    pub fn entity(&self) -> &Arc<Entity> {
        &self.entity
    }

    /// Whether there is a field of this name for them.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.names.contains(field)
    }

    /// Leaves the hidden values out.
    pub fn values(&self, values: &mut Values) {
        values.retain(|name, _| self.has(name));
    }

    /// Leaves the hidden cells of a row out.
    pub fn row(&self, row: &mut RecordRow) {
        self.values(&mut row.cells);
    }

    fn draft(&self, draft: &mut Draft) {
        draft.fields.retain(|name, _| self.has(name));
    }

    /// What is wrong, without what is wrong with hidden fields: of those it is said only that there is something.
    #[must_use]
    pub fn errors(&self, errors: Vec<FieldError>) -> Vec<FieldError> {
        let all = errors.len();
        let mut seen: Vec<FieldError> = errors.into_iter().filter(|error| self.has(&error.field)).collect();
        if seen.len() < all && !seen.iter().any(|error| error.field == TITLE) {
            seen.push(FieldError {
                field: TITLE.into(),
                message: say::refusals::hidden_field_keeps(),
            });
        }
        seen
    }

    /// Leaves the hidden fields of a record's form out.
    pub fn form(&self, form: &mut FormSnapshot) {
        if form.form.kind != FormKind::Record {
            return;
        }
        form.entity = Arc::clone(&self.entity);
        self.values(&mut form.values);
        self.draft(&mut form.draft);
        if let Some(discarded) = &mut form.discarded {
            self.draft(discarded);
        }
        form.changed_at.retain(|name, _| self.has(name));
        form.partial.retain(|name| self.has(name));
        form.errors = self.errors(std::mem::take(&mut form.errors));
        for editor in &mut form.editors {
            editor.field.take_if(|field| !self.names.contains(field));
        }
    }

    /// What they are told of a notice of a record's form. The numbers stay: a change of hidden fields is a change of
    /// nothing.
    #[must_use]
    pub fn notice(&self, notice: &Notice) -> Notice {
        let mut notice = notice.clone();
        match &mut notice {
            Notice::Editors { change, changed_at, .. } => {
                changed_at.retain(|name, _| self.has(name));
                for editor in change.editors_mut() {
                    editor.field.take_if(|field| !self.names.contains(field));
                }
            }
            Notice::Focus { field, .. } => drop(field.take_if(|field| !self.names.contains(field))),
            Notice::Changed { changes, .. } => changes.retain(|change| self.has(&change.field)),
            Notice::Replaced { draft, discarded, .. } => {
                self.draft(draft);
                if let Some(discarded) = discarded {
                    self.draft(discarded);
                }
            }
            Notice::Saved { changed, .. } => self.values(changed),
            Notice::Invalid { errors } => *errors = self.errors(std::mem::take(errors)),
            Notice::Viewers { .. }
            | Notice::Commented
            | Notice::Asked { .. }
            | Notice::OwnershipTransferred(_)
            | Notice::Removed { .. }
            | Notice::Redefined => {}
        }
        notice
    }

    /// What they are told of an event of the entity or of its records.
    #[must_use]
    pub fn event(&self, event: &Event) -> Event {
        let mut event = event.clone();
        match &mut event {
            Event::EntitySaved { row } => row.entity = Arc::clone(&self.entity),
            Event::Redefined { entity } => *entity = Arc::clone(&self.entity),
            Event::RecordCreated { row } | Event::RecordUpdated { row } | Event::RecordRestored { row } => {
                self.row(row);
            }
            Event::BinAdded(row) => self.row(&mut row.row),
            Event::EntityPurged { .. }
            | Event::RecordsChanged { .. }
            | Event::RecordRemoved { .. }
            | Event::BinRemoved { .. }
            | Event::Renamed { .. }
            | Event::RecordCount { .. } => {}
        }
        event
    }

    /// Leaves what happened to hidden fields out of a history; a save of nothing else stays, as a save.
    pub fn history(&self, history: &mut [SavedVersion]) {
        for save in history {
            save.fields.retain(|field| self.has(&field.field));
        }
    }

    /// Leaves the names of hidden fields out of what others saved meanwhile.
    pub fn earlier_saves(&self, saves: &mut [EarlierSave]) {
        for save in saves {
            save.fields.retain(|field| self.has(field));
        }
    }

    /// Lists that others keep, without those that are narrowed down or sorted by a hidden field, and without columns
    /// of hidden fields or a layout by one.
    pub fn views(&self, views: &mut Vec<SavedView>) {
        views.retain(|view| view.view.query.check(&self.entity).is_ok());
        let is_shown = |name: &str| crate::list_query::column(&self.entity, name).is_some();
        for SavedView { view, .. } in views {
            view.by.take_if(|name| !is_shown(name));
            if let Some(columns) = &mut view.columns {
                columns.retain(|name| is_shown(name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Field, FieldType};
    use crate::id::EntityId;
    use crate::rights::Access;

    #[test]
    fn the_heading_of_a_section_remains_when_its_first_field_is_hidden() {
        let mut entity = Entity::unsaved(EntityId(uuid::Uuid::nil()));
        for (name, section) in [
            ("a", ""),
            ("b", "Size"),
            ("c", ""),
            ("d", ""),
            ("e", "More"),
            ("f", "Last"),
        ] {
            let mut field = Field::new(name, name, FieldType::Text);
            field.section = section.into();
            entity.fields.push(field);
        }
        let permission = |hidden: &[&str]| Permission {
            access: Access::Edit,
            hidden: hidden.iter().map(|id| (*id).to_owned()).collect(),
            ..Permission::default()
        };
        let sections = |hidden: &[&str]| {
            let projection = Projection::new(&permission(hidden), &entity).expect("some are hidden");
            let fields = projection.entity().fields.iter();
            fields
                .map(|field| format!("{} {}", field.name, field.section))
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(sections(&["b"]), "a , c Size, d , e More, f Last");
        assert_eq!(sections(&["b", "c"]), "a , d Size, e More, f Last");
        assert_eq!(sections(&["e"]), "a , b Size, c , d , f Last");
        assert_eq!(sections(&["a", "c", "f"]), "b Size, d , e More");
    }
}
