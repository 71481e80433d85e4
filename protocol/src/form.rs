//! The form's state machine: who may write, what is unsaved, and what every command does to both.
//!
//! [`Form::apply`] is its only door. Each arm is one call into `queue` or a method
//! here; the shell stores the result and carries out the effects in their order.

mod command;
mod drafting;
mod edit_request;
mod effect;
mod membership;
mod queue;
mod queue_batch;
mod refusal;
mod snapshot;
mod transfer;

pub use command::{Command, CommandClass, Context, FormCommand, Limits, MAX_REASON, Outcome};
pub use edit_request::{EditRequest, EditRequestSummary};
pub use effect::{DraftLogEntry, Effect, FieldHistory, Notice, SavedForm, Transfer, TransferReason};
pub use queue::{Editor, EditorSummary, MAX_UNDER_WAY, Presence, Queue, QueueChange};
pub use queue_batch::QueueBatch;
pub use refusal::Refusal;
pub use snapshot::{FormSnapshot, Role};

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::definition;
use crate::deletion::{Deletion, DeletionKind, Stamp};
use crate::draft::{Change, ChangeError, Draft, DraftField, DraftPatch};
use crate::field::Value;
use crate::id::{EntityId, Fence, FormKey, FormKind, OpId, Rev, SessionId, Ticket, UserId, Version};
use crate::person::Person;
use crate::schema;
use crate::time::Timestamp;
use crate::values::Values;

/// The most editors that one form has at once.
pub const MAX_EDITORS: usize = 5000;

/// What a command did, and what the shell must do about it, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// The answer to whoever gave the command.
    pub outcome: Outcome,
    /// What the shell must do.
    pub effects: Vec<Effect>,
}

impl Applied {
    fn nothing(outcome: Outcome) -> Self {
        Self {
            outcome,
            effects: Vec::new(),
        }
    }
}

/// One form: what is saved, what is unsaved, and who is in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Form {
    /// Which form.
    pub key: FormKey,
    /// The entity that its record is one of.
    pub entity: EntityId,
    /// The saved version. Stored with the record, not with the form.
    #[serde(skip)]
    pub version: Version,
    /// The saved values. Stored with the record, not with the form.
    #[serde(skip)]
    pub values: Values,
    /// Why the record is out of its list. Stored with the record, not with the form.
    #[serde(skip)]
    pub gone: Option<Deletion>,
    /// What is unsaved.
    pub draft: Draft,
    /// Since when something is unsaved (semantics 3.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft_since: Option<Timestamp>,
    /// When each field of the draft was changed last (semantics 3.4).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changed_at: BTreeMap<String, Timestamp>,
    /// What the last discard threw away, until the next change or save (semantics 3.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discarded: Option<Draft>,
    /// Grows by one per accepted change.
    pub rev: Rev,
    /// Grows with every change of ownership.
    pub fence: Fence,
    /// Who is in it.
    pub queue: Queue,
    /// Who asks to edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<EditRequest>,
    /// When the owner last did something.
    #[serde(default)]
    pub active: Timestamp,
}

/// What a command that changes the draft is based on: the fence, its own id, and the draft's number.
type Basis = (Fence, OpId, Option<Rev>);

impl Form {
    /// The form of something that nobody has in hand.
    #[must_use]
    pub fn new(key: FormKey, entity: EntityId, version: Version, values: Values) -> Self {
        Self {
            key,
            entity,
            version,
            values,
            gone: None,
            draft: Draft::default(),
            draft_since: None,
            changed_at: BTreeMap::new(),
            discarded: None,
            rev: Rev::default(),
            fence: Fence::default(),
            queue: Queue::default(),
            ask: None,
            active: Timestamp::default(),
        }
    }

    /// Applies `command`, given by the session `by`, or says why not. A refusal changes nothing.
    ///
    /// # Errors
    /// The refusal: an expected outcome when several people work at once, never a bug.
    pub fn apply(&mut self, context: &Context<'_>, by: SessionId, command: Command) -> Result<Applied, Refusal> {
        match command {
            Command::Join { person } => self.join(context, by, person),
            Command::Leave => Ok(self.leave(context, by)),
            Command::Disconnected { since } => Ok(self.disconnected(context, by, since)),
            Command::Form { person, command } => self.command(context, by, person, command),
            Command::Convert { from, values, person } => self.convert(&from, values, person),
            Command::Revoke { people } => Ok(self.end_places(context, |editor| people.contains(&editor.person.id))),
            Command::Release { person, .. } => self.release(context, person),
            Command::EndPlaces { sessions } => {
                Ok(self.end_places(context, |editor| sessions.contains(&editor.session)))
            }
            Command::Rename { person } => Ok(self.rename(context, &person)),
            Command::Tick => Ok(self.tick(context)),
        }
    }

    fn command(
        &mut self,
        context: &Context<'_>,
        by: SessionId,
        person: Person,
        command: FormCommand,
    ) -> Result<Applied, Refusal> {
        match command {
            FormCommand::Focus { field } => self.focus(context, by, field),
            FormCommand::Change {
                fence,
                op,
                rev,
                changes,
            } => self.change(context, by, (fence, op, rev), &changes),
            FormCommand::DiscardDraft { fence, op, rev } => self.discard(context, by, (fence, op, rev)),
            FormCommand::RestoreDraft { fence, op, rev } => self.restore_draft(context, by, (fence, op, rev)),
            FormCommand::Save { fence, op, version } => self.save(context, by, fence, op, version),
            FormCommand::RequestEdit => self.request_edit(context, by),
            FormCommand::DeclineEdit { fence } => self.decline_edit(context, by, fence),
            FormCommand::HandOver { fence, to } => self.hand_over(context, by, fence, to),
            FormCommand::TakeOver { reason } => self.take_over(context, by, reason),
            FormCommand::MoveHere => self.move_here(context, by),
            FormCommand::Delete { kind } => self.delete(context, kind, person),
            FormCommand::Restore => Ok(self.restore(person)),
        }
    }

    /// Applies what an accepted change did to the form that was stored last. One that is in it already is
    /// passed over.
    ///
    /// # Errors
    /// The entry was made for another draft: what was stored is damaged.
    pub fn replay(&mut self, entry: &DraftLogEntry) -> Result<(), ChangeError> {
        if entry.rev <= self.rev {
            return Ok(());
        }
        for patch in &entry.patches {
            self.draft.patch(patch, &entry.author)?;
            self.note_time(patch.field(), entry.at);
        }
        self.rev = entry.rev;
        self.active = entry.at;
        self.queue
            .remember(entry.by, entry.op, &Outcome::Accepted { rev: entry.rev });
        Ok(())
    }

    /// The field was changed at this moment; one that says again what is saved was not.
    fn note_time(&mut self, field: &str, at: Timestamp) {
        if self.draft.fields.contains_key(field) {
            self.changed_at.insert(field.to_owned(), at);
        } else {
            self.changed_at.remove(field);
        }
    }

    /// The title as the form shows it.
    #[must_use]
    pub fn title(&self) -> &str {
        self.draft
            .value(&self.values, schema::title_field(self.key.kind))
            .text()
    }

    /// When [`Command::Tick`] has something to do; nothing while nobody waits.
    #[must_use]
    pub fn next_deadline(&self, limits: &Limits) -> Option<Timestamp> {
        let ask = self.ask.as_ref().map(|ask| ask.deadline(self.active, limits));
        [self.queue.next_deadline(), ask].into_iter().flatten().min()
    }

    /// What one editor sees; without a ticket, what somebody who only watches sees.
    #[must_use]
    pub fn view(&self, context: &Context<'_>, me: Option<Ticket>) -> FormSnapshot {
        FormSnapshot {
            form: self.key,
            entity: context.entity.clone(),
            version: self.version,
            values: self.values.clone(),
            gone: self.gone.clone(),
            draft: self.draft.clone(),
            draft_since: self.draft_since,
            changed_at: self.changed_at.clone(),
            discarded: self.discarded.clone(),
            rev: self.rev,
            fence: self.fence,
            editors: self.queue.view(context.now),
            viewers: Vec::new(),
            ask: self.edit_request_summary(context),
            me,
            last_op: me.and_then(|me| self.queue.last_op(me)),
            errors: Vec::new(),
            partial: BTreeSet::new(),
            read_only: BTreeSet::new(),
        }
    }

    fn focus(&mut self, context: &Context<'_>, by: SessionId, field: Option<String>) -> Result<Applied, Refusal> {
        let known = |name: &str| {
            let listed = self.key.kind == FormKind::Record || definition::is_listed(&self.draft, &self.values, name);
            listed && schema::field(self.key.kind, context.entity, name).is_some()
        };
        if let Some(unknown) = field.as_deref().filter(|name| !known(name)) {
            let name = unknown.chars().take(80).collect();
            return Err(ChangeError::NoField(name).into());
        }
        if self.queue.owner().is_some_and(|owner| owner.session == by) {
            self.active = context.now;
        }
        let editor = self.queue.editor_mut(by).ok_or(Refusal::NotJoined)?;
        if editor.field == field {
            return Ok(Applied::nothing(Outcome::Done));
        }
        editor.field.clone_from(&field);
        let ticket = editor.ticket;
        let mut effects = vec![Effect::Tell(Notice::Focus { ticket, field })];
        effects.extend(self.asker_waits_longer(context));
        Ok(Applied {
            outcome: Outcome::Done,
            effects,
        })
    }

    fn nothing_to_do(&mut self, by: SessionId, op: OpId, outcome: Outcome) -> Applied {
        self.queue.remember(by, op, &outcome);
        Applied::nothing(outcome)
    }

    fn save(
        &mut self,
        context: &Context<'_>,
        by: SessionId,
        fence: Fence,
        op: OpId,
        version: Version,
    ) -> Result<Applied, Refusal> {
        if let Some(outcome) = self.queue.answered(by, op) {
            return Ok(Applied::nothing(outcome));
        }
        let (_, person) = self.owner_with(by, fence)?;
        if version != self.version {
            return Err(Refusal::StaleVersion { current: self.version });
        }
        if self.draft.is_empty() && self.version != Version::default() {
            return Ok(self.nothing_to_do(by, op, Outcome::Saved { version }));
        }
        self.active = context.now;
        let values = self.draft.merged(&self.values);
        let free_slug = context.free_slug.as_deref();
        match schema::checked(self.key.kind, context.entity, values, context.clean, free_slug) {
            Ok(values) => Ok(self.saved(by, op, person, values)),
            Err(errors) => Ok(Applied {
                outcome: Outcome::Invalid { errors: errors.clone() },
                effects: vec![Effect::Tell(Notice::Invalid { errors })],
            }),
        }
    }

    fn saved(&mut self, by: SessionId, op: OpId, person: Person, values: Values) -> Applied {
        // What a form begins with was nobody's before its first save.
        let nothing = Values::new();
        let before = if self.version == Version::default() {
            &nothing
        } else {
            &self.values
        };
        let history: Vec<_> = values
            .iter()
            .filter(|(name, value)| before.get(*name).unwrap_or(&Value::Empty) != *value)
            .map(|(name, value)| FieldHistory {
                field: name.clone(),
                old: before.get(name).cloned().unwrap_or_default(),
                new: value.clone(),
                author: self
                    .draft
                    .fields
                    .get(name)
                    .map_or_else(|| person.clone(), |changed| changed.author.clone()),
            })
            .collect();
        self.version = self.version.next();
        self.values = values;
        self.draft = Draft::default();
        self.draft_since = None;
        self.changed_at.clear();
        self.discarded = None;
        let outcome = Outcome::Saved { version: self.version };
        self.queue.remember(by, op, &outcome);
        let changed = history
            .iter()
            .map(|entry| (entry.field.clone(), entry.new.clone()))
            .collect();
        Applied {
            outcome,
            effects: vec![
                Effect::Save(SavedForm {
                    version: self.version,
                    by: person.clone(),
                    values: self.values.clone(),
                    history,
                }),
                Effect::Tell(Notice::Saved {
                    version: self.version,
                    by: person,
                    changed,
                }),
                Effect::PresenceChanged(self.queue.presence()),
            ],
        }
    }

    fn delete(&mut self, context: &Context<'_>, how: DeletionKind, person: Person) -> Result<Applied, Refusal> {
        if self.version == Version::default() {
            return Err(Refusal::NeverSaved);
        }
        match &self.gone {
            Some(gone) if gone.how == how => return Ok(Applied::nothing(Outcome::Done)),
            // What is in the bin does not go to the archive; what is archived may go to the bin.
            Some(gone) if gone.how == DeletionKind::Deleted => return Err(Refusal::Gone { gone: gone.clone() }),
            Some(_) | None => {}
        }
        let stamp = Stamp {
            by: person.clone(),
            at: context.now,
        };
        self.gone = Some(Deletion { how, stamp });
        Ok(self.removed(person))
    }

    fn restore(&mut self, person: Person) -> Applied {
        if self.gone.take().is_none() {
            return Applied::nothing(Outcome::Done);
        }
        self.removed(person)
    }

    fn removed(&self, by: Person) -> Applied {
        let gone = self.gone.clone();
        Applied {
            outcome: Outcome::Done,
            effects: vec![
                Effect::Removed(gone.clone()),
                Effect::Tell(Notice::Removed { gone, by }),
            ],
        }
    }

    /// The owner's ticket and name, if `by` is the owner and has seen that it is (G1).
    fn owner_with(&self, by: SessionId, fence: Fence) -> Result<(Ticket, Person), Refusal> {
        let editor = self.queue.editor(by).ok_or(Refusal::NotJoined)?;
        match self.queue.owner() {
            Some(owner) if owner.ticket == editor.ticket => {}
            Some(owner) => {
                return Err(Refusal::NotOwner {
                    owner: owner.person.clone(),
                });
            }
            None => return Err(Refusal::NotJoined),
        }
        if let Some(gone) = &self.gone {
            return Err(Refusal::Gone { gone: gone.clone() });
        }
        if fence == self.fence {
            Ok((editor.ticket, editor.person.clone()))
        } else {
            Err(Refusal::StaleFence)
        }
    }

    /// Panics if the form contradicts itself; tests call it after every step.
    ///
    /// # Panics
    /// On a broken invariant, which is a bug in this crate.
    pub fn check_invariants(&self) {
        self.queue.check_invariants();
        assert!(
            self.draft.is_empty() || self.draft.base <= self.version,
            "a draft is based on what was saved"
        );
        assert!(
            self.ask
                .as_ref()
                .is_none_or(|ask| self.queue.with_ticket(ask.by).is_some() && self.queue.owner_ticket() != Some(ask.by)),
            "whoever asks is a spectator"
        );
        assert!(
            self.draft.is_empty() || self.discarded.is_none(),
            "a discarded draft is forgotten at the next change"
        );
    }
}
