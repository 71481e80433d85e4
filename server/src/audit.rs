//! What of a form's transition stays provable: who owned it when, and why (semantics 7.4).

use std::path::Path;

use baton_protocol::audit::{Act, AuditedForm, OwnerReason};
use baton_protocol::form::{Command, Editor, Effect, Form, FormCommand, Notice, Transfer};
use baton_protocol::id::{SessionId, Ticket};
use baton_protocol::origin::Origin;
use baton_protocol::person::Person;
use baton_protocol::time::Timestamp;

use crate::bus::Bus;
use crate::clock::Clock;
use crate::store::sqlite::audit;
pub use crate::store::sqlite::audit::Proof;
use crate::store::{NewAuditEntry, SqliteStore, Store, StoreError, Write};

/// A form before a transition, as far as the audit compares it with after.
pub(crate) struct Before {
    owner: Option<(Ticket, Person)>,
    /// Who gives the command.
    by: Option<Person>,
    trigger: Trigger,
}

/// What began a transition.
#[derive(Clone, PartialEq, Eq)]
enum Trigger {
    Join,
    Leave,
    /// A connection broke, or time passed.
    Absence,
    Revoked,
    /// An admin ended the places that waited for this person.
    Released(Option<Person>),
    SignInEnded,
    EditRequest,
    Decline,
    Discard,
    /// A job opens and closes the form: only what it saves counts.
    Unattended,
    Other,
}

impl Before {
    /// The form as it is before this command.
    pub(crate) fn of(form: &Form, session: SessionId, connected: bool, command: &Command) -> Self {
        let here = form.queue.editor(session).map(|editor| editor.person.clone());
        let (by, trigger) = match command {
            // Whoever comes back to their place was never gone.
            Command::Join { person } if here.is_some() => (Some(person.clone()), Trigger::Other),
            Command::Join { person } if connected => (Some(person.clone()), Trigger::Join),
            Command::Join { person } => (Some(person.clone()), Trigger::Unattended),
            Command::Leave if connected => (here, Trigger::Leave),
            Command::Leave => (here, Trigger::Unattended),
            Command::Disconnected { .. } => (here, Trigger::Absence),
            Command::Tick => (None, Trigger::Absence),
            Command::Revoke { .. } => (None, Trigger::Revoked),
            Command::Release { person, by } => {
                let waits = form.queue.editors().iter().find(|editor| editor.person.id == *person);
                (
                    Some(by.clone()),
                    Trigger::Released(waits.map(|editor| editor.person.clone())),
                )
            }
            Command::EndPlaces { .. } => (None, Trigger::SignInEnded),
            Command::Convert { .. } | Command::Rename { .. } => (None, Trigger::Other),
            Command::Form { person, command } => (Some(person.clone()), trigger_of(command)),
        };
        Self {
            owner: owner(form),
            by,
            trigger,
        }
    }

    /// What happened, and who did it.
    pub(crate) fn acts(self, form: &Form, effects: &[Effect]) -> Vec<(Option<Person>, Act)> {
        let audited = || AuditedForm::new(form.key, form.entity, form.title());
        let mut acts = Vec::new();
        let after = owner(form);
        let is_new_owner = self.owner.as_ref().map(|(ticket, _)| *ticket) != after.as_ref().map(|(ticket, _)| *ticket);
        if is_new_owner && self.trigger != Trigger::Unattended {
            let why = self.why(after.is_some(), effects);
            let act = Act::Owner {
                form: audited(),
                from: self.owner.map(|(_, person)| person),
                to: after.map(|(_, person)| person),
                why,
                reason: transfer(effects).and_then(|transfer| transfer.reason.clone()),
            };
            acts.push((self.by.clone(), act));
        } else if !effects.is_empty() {
            let act = match &self.trigger {
                Trigger::Join => Some(Act::Joined(audited())),
                Trigger::Leave => Some(Act::Left(audited())),
                Trigger::EditRequest => Some(Act::AskedToEdit(audited())),
                Trigger::Decline => Some(Act::Declined(audited())),
                Trigger::Discard => Some(Act::Discarded(audited())),
                Trigger::Released(away) => away.clone().map(|away| Act::PlaceReleased(audited(), away)),
                Trigger::Absence | Trigger::Revoked | Trigger::SignInEnded | Trigger::Unattended | Trigger::Other => {
                    None
                }
            };
            acts.extend(act.map(|act| (self.by.clone(), act)));
        }
        for effect in effects {
            match effect {
                // What the server converts is told by the definition's own save.
                Effect::Save(saved) if self.by.is_some() => {
                    acts.push((Some(saved.by.clone()), Act::Saved(audited(), saved.version)));
                }
                Effect::Removed(Some(gone)) => {
                    acts.push((Some(gone.stamp.by.clone()), Act::Removed(audited(), gone.how)));
                }
                Effect::Removed(None) => acts.push((self.by.clone(), Act::Restored(audited()))),
                Effect::Save(_) | Effect::Append(_) | Effect::Tell(_) | Effect::PresenceChanged(_) => {}
            }
        }
        acts
    }

    fn why(&self, somebody_follows: bool, effects: &[Effect]) -> OwnerReason {
        if let Some(transfer) = transfer(effects) {
            return OwnerReason::Transferred(transfer.how);
        }
        if self.trigger == Trigger::Absence {
            OwnerReason::Unreachable
        } else if self.trigger == Trigger::Revoked {
            OwnerReason::Revoked
        } else if matches!(self.trigger, Trigger::Released(_)) {
            OwnerReason::Released
        } else if self.trigger == Trigger::SignInEnded {
            OwnerReason::SignInEnded
        } else if self.owner.is_none() {
            OwnerReason::Opened
        } else if somebody_follows {
            OwnerReason::Left
        } else {
            OwnerReason::Closed
        }
    }
}

/// How the form passed on, if it did other than in order.
fn transfer(effects: &[Effect]) -> Option<&Transfer> {
    effects.iter().find_map(|effect| {
        let Effect::Tell(Notice::OwnershipTransferred(transfer)) = effect else {
            return None;
        };
        Some(transfer)
    })
}

fn owner(form: &Form) -> Option<(Ticket, Person)> {
    form.queue
        .owner()
        .map(|owner: &Editor| (owner.ticket, owner.person.clone()))
}

fn trigger_of(command: &FormCommand) -> Trigger {
    match command {
        FormCommand::RequestEdit => Trigger::EditRequest,
        FormCommand::DeclineEdit { .. } => Trigger::Decline,
        FormCommand::DiscardDraft { .. } => Trigger::Discard,
        FormCommand::Focus { .. }
        | FormCommand::Change { .. }
        | FormCommand::RestoreDraft { .. }
        | FormCommand::Save { .. }
        | FormCommand::HandOver { .. }
        | FormCommand::TakeOver { .. }
        | FormCommand::MoveHere
        | FormCommand::Delete { .. }
        | FormCommand::Restore => Trigger::Other,
    }
}

/// An entry of what somebody did at this moment.
pub(crate) fn entry(at: Timestamp, by: Option<Person>, origin: Origin, act: Act) -> NewAuditEntry {
    NewAuditEntry { at, by, origin, act }
}

/// Notes what whoever runs the server did with all of it; the server may be serving meanwhile.
///
/// # Errors
/// The database cannot be opened or written.
pub(crate) async fn note_of_operator(database: &Path, act: Act) -> anyhow::Result<()> {
    let store = SqliteStore::open(database, Bus::default()).await?;
    let entry = entry(Clock::start().now(), None, Origin::default(), act);
    Ok(store.write(Write::Audit(entry)).await?)
}

/// Logs the audit's head, so that a log that is kept elsewhere has it.
///
/// # Errors
/// The store failed.
pub(crate) async fn log_head(store: &dyn Store) -> Result<(), StoreError> {
    if let Some((entry, head)) = store.audit_head().await? {
        tracing::info!(entry, head, "the audit's head");
    }
    Ok(())
}

/// Proves that no entry was changed or taken out, and that a head that was noted earlier is among them.
///
/// # Errors
/// The database cannot be read.
pub async fn verify(database: &Path, noted: Option<&str>) -> anyhow::Result<Proof> {
    audit::verify(database, noted).await
}
