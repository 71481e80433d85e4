//! A form as one editor sees it: the same data and the same rules in the desktop's engine and in the UI.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use baton_locales::Text;
use serde::{Deserialize, Serialize};

use crate::deletion::Deletion;
use crate::draft::{Change, ChangeError, Draft};
use crate::entity::Entity;
use crate::field::{Field, Value};
use crate::form::{EditRequestSummary, EditorSummary, Notice};
use crate::id::{Fence, FormKey, FormKind, OpId, Rev, Ticket, UserId, Version};
use crate::person::Person;
use crate::record::RecordRow;
use crate::time::Timestamp;
use crate::values::{FieldError, Values};
use crate::{definition, schema};

/// A form as one editor sees it; answered to its join in one piece (G4).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FormSnapshot {
    /// Which form.
    pub form: FormKey,
    /// The definition that its values obey.
    pub entity: Arc<Entity>,
    /// The saved version; 0 if it was never saved.
    pub version: Version,
    /// The saved values.
    pub values: Values,
    /// Why the record is out of its list, if it is: nobody can edit it then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Deletion>,
    /// What is unsaved.
    pub draft: Draft,
    /// Since when, by the server's clock, as far as it is known: when the form was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft_since: Option<Timestamp>,
    /// When each field of the draft was changed last, as far as it is known: until somebody types on in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changed_at: BTreeMap<String, Timestamp>,
    /// What was discarded and can be brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discarded: Option<Draft>,
    /// The draft's number.
    pub rev: Rev,
    /// The fence of the present order.
    pub fence: Fence,
    /// The editors in order; the first is the owner.
    pub editors: Vec<EditorSummary>,
    /// Who watches without a place in the queue, each person once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub viewers: Vec<Person>,
    /// Who asks to edit.
    #[serde(default)]
    pub ask: Option<EditRequestSummary>,
    /// The viewer's own ticket; none for somebody who only watches.
    pub me: Option<Ticket>,
    /// The viewer's last operation that had its effect, so that a desktop that comes back knows which
    /// of its unacknowledged ones are in this picture (G8).
    #[serde(default)]
    pub last_op: Option<OpId>,
    /// Why the last save failed.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// The fields of which a desktop without the server has only the beginning, from a list (5.2).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub partial: BTreeSet<String>,
    /// The fields that the viewer never changes, whoever owns the form (7.2).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub read_only: BTreeSet<String>,
}

/// What an editor may do in a form. Derived, never stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Edits.
    Owner,
    /// Watches, and waits in the queue.
    Spectator,
    /// Watches only (semantics 7).
    Viewer,
}

/// A notice did not follow the one before: something was missed, and the form must be joined again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a notice of this form was missed")]
pub struct Missed;

impl FormSnapshot {
    /// The form of something that nobody has saved yet, with what a new one begins with.
    #[must_use]
    pub fn blank(form: FormKey, entity: Arc<Entity>) -> Self {
        Self {
            form,
            values: schema::new_values(form.kind, &entity),
            entity,
            version: Version::default(),
            gone: None,
            draft: Draft::default(),
            draft_since: None,
            changed_at: BTreeMap::new(),
            discarded: None,
            rev: Rev::default(),
            fence: Fence::default(),
            editors: Vec::new(),
            viewers: Vec::new(),
            ask: None,
            me: None,
            last_op: None,
            errors: Vec::new(),
            partial: BTreeSet::new(),
            read_only: BTreeSet::new(),
        }
    }

    /// The form of a record of which no more than its row in a list is known (5.2).
    #[must_use]
    pub fn from_row(entity: Arc<Entity>, row: &RecordRow) -> Self {
        let (values, partial) = row.values(&entity);
        Self {
            version: row.version,
            values,
            partial,
            ..Self::blank(FormKey::record(row.id), entity)
        }
    }

    /// What this editor may do.
    #[must_use]
    pub fn role(&self) -> Role {
        match self.me {
            None => Role::Viewer,
            Some(me) if self.owner().is_some_and(|owner| owner.ticket == me) => Role::Owner,
            Some(_) => Role::Spectator,
        }
    }

    /// Whether this editor may change, save and discard. Every control asks this and nothing else.
    #[must_use]
    pub fn can_edit(&self) -> bool {
        self.role() == Role::Owner && self.gone.is_none()
    }

    /// Whether this editor may change the field: all of it must be here.
    #[must_use]
    pub fn can_edit_field(&self, field: &str) -> bool {
        self.can_edit() && !self.partial.contains(field) && !self.read_only.contains(field)
    }

    /// Who edits.
    #[must_use]
    pub fn owner(&self) -> Option<&EditorSummary> {
        self.editors.first()
    }

    /// Whether the viewer is the owner in another window.
    #[must_use]
    pub fn mine_elsewhere(&self) -> bool {
        let me = self
            .me
            .and_then(|me| self.editors.iter().find(|editor| editor.ticket == me));
        match (me, self.owner()) {
            (Some(me), Some(owner)) => me.ticket != owner.ticket && me.person.id == owner.person.id,
            (None, _) | (_, None) => false,
        }
    }

    /// How many are before this editor in the queue: 0 for the owner.
    #[must_use]
    pub fn place(&self) -> Option<usize> {
        let me = self.me?;
        self.editors.iter().position(|editor| editor.ticket == me)
    }

    /// The field's value as the form shows it.
    #[must_use]
    pub fn value(&self, field: &str) -> &Value {
        self.draft.value(&self.values, field)
    }

    /// The title as the form shows it.
    #[must_use]
    pub fn title(&self) -> &str {
        self.value(schema::title_field(self.form.kind)).text()
    }

    /// Whether anything is unsaved.
    #[must_use]
    pub fn unsaved(&self) -> bool {
        !self.draft.is_empty()
    }

    /// Whether something that this person typed is unsaved.
    #[must_use]
    pub fn has_unsaved_by(&self, person: UserId) -> bool {
        self.draft.fields.values().any(|field| field.author.id == person)
    }

    /// Whose unsaved text the field holds, if it is not the viewer's own.
    #[must_use]
    pub fn unsaved_of(&self, field: &str) -> Option<&Person> {
        let author = &self.draft.fields.get(field)?.author;
        let me = self
            .me
            .and_then(|me| self.editors.iter().find(|editor| editor.ticket == me));
        me.is_none_or(|me| me.person.id != author.id).then_some(author)
    }

    /// A person has another name from now on; whether that shows here.
    pub fn rename(&mut self, person: &Person) -> bool {
        let editors = self.editors.iter_mut().map(|editor| &mut editor.person);
        let drafts = [Some(&mut self.draft), self.discarded.as_mut()];
        let authors = drafts.into_iter().flatten().flat_map(|draft| draft.fields.values_mut());
        let authors = authors.map(|changed| &mut changed.author);
        let mut renamed = false;
        for known in editors.chain(authors).chain(self.viewers.iter_mut()) {
            if known.id == person.id && known.name != person.name {
                known.name.clone_from(&person.name);
                renamed = true;
            }
        }
        renamed
    }

    /// Who has the form open is not known any more, the viewer's own place neither.
    pub fn forget_others(&mut self) {
        self.editors.clear();
        self.viewers.clear();
        self.me = None;
        self.ask = None;
    }

    /// So many milliseconds of every reserved place are over.
    pub fn pass_time(&mut self, ms: u64) {
        for editor in &mut self.editors {
            if let Some(left) = &mut editor.reserved_ms {
                *left = left.saturating_sub(ms);
            }
        }
    }

    /// Who else is in the field.
    #[must_use]
    pub fn here(&self, field: &str) -> Option<&EditorSummary> {
        let mut others = self.editors.iter().filter(|editor| Some(editor.ticket) != self.me);
        others.find(|editor| editor.field.as_deref() == Some(field))
    }

    /// Why the field could not be saved.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<&Text> {
        self.errors
            .iter()
            .find(|error| error.field == field)
            .map(|error| &error.message)
    }

    /// The form's field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Field> {
        schema::field(self.form.kind, &self.entity, name)
    }

    /// The fields of the form, in order; of a definition, those that say something.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        match self.form.kind {
            FormKind::Record => self.entity.form_fields(),
            FormKind::Entity => {
                let names: BTreeSet<&String> = self.values.keys().chain(self.draft.fields.keys()).collect();
                names.into_iter().filter_map(|name| definition::field(name)).collect()
            }
        }
    }

    /// What a person calls the field of that name: in a definition, with the field that it is a property of.
    #[must_use]
    pub fn label(&self, name: &str) -> String {
        let label = self.field(name).map_or_else(|| name.to_owned(), |field| field.label);
        match definition::parts(name).filter(|_| self.form.kind == FormKind::Entity) {
            Some((id, _)) => match self.value(&definition::key(id, "label")).text() {
                "" => label,
                of => format!("{of}: {label}"),
            },
            None => label,
        }
    }

    /// The definition as this form of it has it, saved or not.
    #[must_use]
    pub fn defined(&self) -> Entity {
        definition::entity_of(&self.entity, &self.draft.merged(&self.values))
    }

    /// Applies a change to the draft.
    fn change(&mut self, change: &Change, author: &Person) -> Result<(), ChangeError> {
        let (kind, entity) = (self.form.kind, &self.entity);
        self.draft
            .apply(&self.values, |name| schema::field(kind, entity, name), change, author)?;
        self.errors.retain(|error| error.field != change.field);
        self.changed_at.remove(&change.field);
        Ok(())
    }

    /// Shows the viewer's own change at once, before the server has it.
    pub fn apply_own(&mut self, change: &Change) {
        let Some(author) = self.owner().map(|owner| owner.person.clone()) else {
            return;
        };
        // A change that does not fit is refused by the server, which is where its author is told.
        if self.change(change, &author).is_ok() {
            self.discarded = None;
        }
    }

    /// Shows a field as it was before the viewer's own text, which the server refused.
    pub fn take_out(&mut self, field: &str, base: &Value) {
        if self.values.get(field).unwrap_or(&Value::Empty) == base {
            self.draft.fields.remove(field);
        } else if let Some(changed) = self.draft.fields.get_mut(field) {
            changed.value = base.clone();
        }
    }

    /// Shows the viewer's own discard at once: what is typed next is typed without the draft.
    pub fn discard_own_draft(&mut self) {
        if self.unsaved() {
            self.discarded = Some(std::mem::take(&mut self.draft));
            self.errors.clear();
        }
    }

    /// Shows at once that the viewer brings back what was discarded.
    pub fn restore_own_draft(&mut self) {
        if let Some(draft) = self.discarded.take() {
            self.draft = draft;
            self.errors.clear();
        }
    }

    /// Applies what everyone is told.
    ///
    /// # Errors
    /// If the draft's numbers have a gap.
    pub fn apply(&mut self, notice: &Notice) -> Result<(), Missed> {
        match notice {
            Notice::Editors {
                change,
                fence,
                draft_since,
                changed_at,
            } => {
                change.apply(&mut self.editors);
                self.fence = *fence;
                if draft_since.is_some() {
                    self.draft_since = *draft_since;
                    self.changed_at.clone_from(changed_at);
                }
            }
            Notice::Viewers { viewers } => self.viewers.clone_from(viewers),
            Notice::Asked { ask, .. } => self.ask.clone_from(ask),
            // The order was told by the notice before.
            Notice::OwnershipTransferred(_) => {}
            Notice::Focus { ticket, field } => {
                if let Some(editor) = self.editors.iter_mut().find(|editor| editor.ticket == *ticket) {
                    editor.field.clone_from(field);
                }
            }
            Notice::Changed {
                rev,
                by,
                author,
                changes,
            } => {
                if !self.follows(*rev)? {
                    return Ok(());
                }
                if self.me != Some(*by) {
                    self.discarded = None;
                    for change in changes {
                        self.change(change, author).map_err(|_| Missed)?;
                    }
                }
            }
            Notice::Replaced {
                rev, draft, discarded, ..
            } => {
                if self.follows(*rev)? {
                    self.draft = draft.clone();
                    self.discarded.clone_from(discarded);
                    self.errors.clear();
                }
            }
            Notice::Saved { version, changed, .. } => {
                if *version <= self.version {
                    return Ok(());
                }
                if *version != self.version.next() {
                    return Err(Missed);
                }
                self.version = *version;
                self.values.extend(changed.clone());
                if self.form.kind == FormKind::Entity {
                    let mut entity = definition::entity_of(&self.entity, &self.values);
                    entity.version = *version;
                    self.entity = Arc::new(entity);
                }
                self.draft = Draft::default();
                self.discarded = None;
                self.errors.clear();
            }
            Notice::Removed { gone, .. } => self.gone.clone_from(gone),
            Notice::Invalid { errors } => self.errors.clone_from(errors),
            // What the fields are now is in the whole form.
            Notice::Commented => {}
            Notice::Redefined => return Err(Missed),
        }
        Ok(())
    }

    /// Moves on to `rev`; false for one that was seen before.
    fn follows(&mut self, rev: Rev) -> Result<bool, Missed> {
        if rev <= self.rev {
            return Ok(false);
        }
        if rev != self.rev.next() {
            return Err(Missed);
        }
        self.rev = rev;
        Ok(true)
    }
}
