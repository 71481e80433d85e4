//! What becomes of a form's draft: changed, thrown away, brought back, converted.

use super::*;
use crate::values::{MAX_FORM_BYTES, too_much};

impl Form {
    pub(super) fn change(
        &mut self,
        context: &Context<'_>,
        by: SessionId,
        (fence, op, rev): Basis,
        changes: &[Change],
    ) -> Result<Applied, Refusal> {
        if let Some(outcome) = self.queue.answered(by, op) {
            return Ok(Applied::nothing(outcome));
        }
        let (ticket, author) = self.owner_with(by, fence)?;
        self.check_rev(rev)?;
        let was_empty = self.draft.is_empty();
        let (patches, same_authors) = self.apply_all(context, changes, &author)?;
        // Whose unsaved text is where did not change: what was typed is all that is to be stored.
        let typed_on = same_authors && !was_empty && self.discarded.is_none();
        self.active = context.now;
        self.discarded = None;
        for change in changes {
            self.note_time(&change.field, context.now);
        }
        if self.draft.is_empty() {
            self.draft_since = None;
        } else if was_empty {
            self.draft_since = Some(context.now);
        }
        self.rev = self.rev.next();
        let outcome = Outcome::Accepted { rev: self.rev };
        self.queue.remember(by, op, &outcome);
        let mut effects = Vec::with_capacity(3);
        if typed_on {
            effects.push(Effect::Append(DraftLogEntry {
                rev: self.rev,
                by,
                op,
                at: context.now,
                author: author.clone(),
                patches,
            }));
        } else if !same_authors {
            effects.push(Effect::PresenceChanged(self.queue.presence()));
        }
        effects.push(Effect::Tell(Notice::Changed {
            rev: self.rev,
            by: ticket,
            author,
            changes: changes.to_vec(),
        }));
        effects.extend(self.asker_waits_longer(context));
        Ok(Applied { outcome, effects })
    }

    /// Applies all changes, or none of them; returns what each did, and whether the unsaved text of each field is still of
    /// the same author.
    fn apply_all(
        &mut self,
        context: &Context<'_>,
        changes: &[Change],
        author: &Person,
    ) -> Result<(Vec<DraftPatch>, bool), ChangeError> {
        let base = self.draft.base;
        if self.draft.is_empty() {
            self.draft.base = self.version;
        }
        let mut before: BTreeMap<&str, Option<DraftField>> = BTreeMap::new();
        let mut patches = Vec::with_capacity(changes.len());
        let field = |name: &str| schema::field(self.key.kind, context.entity, name);
        let mut refused = None;
        for change in changes {
            let name = change.field.as_str();
            before
                .entry(name)
                .or_insert_with(|| self.draft.fields.get(name).cloned());
            match self.draft.apply(&self.values, field, change, author) {
                Ok(patch) => patches.push(patch),
                Err(error) => {
                    refused = Some(error);
                    break;
                }
            }
        }
        if refused.is_none() && self.bytes() > MAX_FORM_BYTES {
            refused = Some(ChangeError::Shape(too_much()));
        }
        if let Some(error) = refused {
            for (name, field) in before {
                match field {
                    Some(field) => self.draft.fields.insert(name.to_owned(), field),
                    None => self.draft.fields.remove(name),
                };
            }
            self.draft.base = base;
            return Err(error);
        }
        let same_authors = before.iter().all(|(name, before)| {
            let author = |field: &DraftField| field.author.id;
            before.as_ref().map(author) == self.draft.fields.get(*name).map(author)
        });
        Ok((patches, same_authors))
    }

    /// How much text the values hold, as the form shows them.
    pub(super) fn bytes(&self) -> usize {
        let saved = self.values.iter();
        let saved = saved.filter(|(name, _)| !self.draft.fields.contains_key(*name));
        let saved: usize = saved.map(|(_, value)| value.bytes()).sum();
        let unsaved: usize = self.draft.fields.values().map(|changed| changed.value.bytes()).sum();
        saved + unsaved
    }

    pub(super) fn discard(
        &mut self,
        context: &Context<'_>,
        by: SessionId,
        (fence, op, rev): Basis,
    ) -> Result<Applied, Refusal> {
        if let Some(outcome) = self.queue.answered(by, op) {
            return Ok(Applied::nothing(outcome));
        }
        let (_, person) = self.owner_with(by, fence)?;
        self.check_rev(rev)?;
        if self.draft.is_empty() {
            return Ok(self.nothing_to_do(by, op, Outcome::Accepted { rev: self.rev }));
        }
        self.active = context.now;
        self.discarded = Some(std::mem::take(&mut self.draft));
        self.draft_since = None;
        self.changed_at.clear();
        Ok(self.draft_replaced(by, op, person))
    }

    pub(super) fn restore_draft(
        &mut self,
        context: &Context<'_>,
        by: SessionId,
        (fence, op, rev): Basis,
    ) -> Result<Applied, Refusal> {
        if let Some(outcome) = self.queue.answered(by, op) {
            return Ok(Applied::nothing(outcome));
        }
        let (_, person) = self.owner_with(by, fence)?;
        self.check_rev(rev)?;
        let Some(draft) = self.discarded.take() else {
            return Ok(self.nothing_to_do(by, op, Outcome::Accepted { rev: self.rev }));
        };
        self.active = context.now;
        self.draft = draft;
        self.draft_since = Some(context.now);
        let names = self.draft.fields.keys();
        self.changed_at = names.map(|name| (name.clone(), context.now)).collect();
        Ok(self.draft_replaced(by, op, person))
    }

    pub(super) fn draft_replaced(&mut self, by: SessionId, op: OpId, person: Person) -> Applied {
        self.rev = self.rev.next();
        let outcome = Outcome::Accepted { rev: self.rev };
        self.queue.remember(by, op, &outcome);
        Applied {
            outcome,
            effects: vec![
                Effect::Tell(Notice::Replaced {
                    rev: self.rev,
                    by: person,
                    draft: self.draft.clone(),
                    discarded: self.discarded.clone(),
                }),
                Effect::PresenceChanged(self.queue.presence()),
            ],
        }
    }

    pub(super) fn check_rev(&self, seen: Option<Rev>) -> Result<(), Refusal> {
        match seen {
            Some(rev) if rev != self.rev => Err(Refusal::StaleRev),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn convert(&mut self, from: &Values, mut changed: Values, person: Person) -> Result<Applied, Refusal> {
        if self.version == Version::default() {
            return Err(Refusal::NeverSaved);
        }
        changed.retain(|name, _| self.values.get(name) == from.get(name));
        if changed.is_empty() {
            return Ok(Applied::nothing(Outcome::Done));
        }
        let history = changed.iter().map(|(name, value)| FieldHistory {
            field: name.clone(),
            old: self.values.get(name).cloned().unwrap_or_default(),
            new: value.clone(),
            author: person.clone(),
        });
        let history = history.collect();
        self.version = self.version.next();
        self.values.extend(changed);
        // What is unsaved was typed on top of what the fields said before; it stays what it is.
        if !self.draft.is_empty() {
            self.draft.base = self.version;
        }
        Ok(Applied {
            outcome: Outcome::Saved { version: self.version },
            effects: vec![
                Effect::Save(SavedForm {
                    version: self.version,
                    by: person,
                    values: self.values.clone(),
                    history,
                }),
                Effect::Tell(Notice::Redefined),
            ],
        })
    }
}
