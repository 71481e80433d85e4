//! An edit without an editor's window: a form is opened, changed, saved and left in one go.

use baton_locales::say;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::draft::Change;
use baton_protocol::form::{Command, FormCommand, Outcome};
use baton_protocol::id::{FormKey, JobId, OpId, SessionId, Version};
use baton_protocol::message::{Answer, Code, Problem};
use baton_protocol::person::Person;
use uuid::Uuid;

use super::{Forms, Loaded};

/// What an edit without a window is bound to.
#[derive(Clone, Copy, Default, Debug)]
pub struct EditOptions {
    /// The version that the record must have still; `None`: any.
    pub expected_version: Option<Version>,
    /// The job that the save belongs to.
    pub job: Option<JobId>,
}

impl Forms {
    /// Changes a record's saved values, through its form like everybody. Whoever edits it goes first, and
    /// so does what somebody left unsaved in it. Gives the new version; nothing if the record says so already.
    ///
    /// # Errors
    /// Somebody edits it, it has unsaved changes, it was saved since, or it cannot be saved like this; nothing changed
    /// then.
    pub async fn edit_at_once(
        &self,
        key: FormKey,
        person: &Person,
        changes: Vec<Change>,
        options: EditOptions,
    ) -> Result<Option<Version>, Problem> {
        let slot = self.shared.slots.get(key);
        let mut guard = self.open(&slot, key, None).await?;
        is_free(guard.as_ref(), options.expected_version)?;
        self.edit(&mut guard, (key, options.job), person, changes).await
    }

    /// Takes a record of this version out of its list; whoever edits it goes first.
    ///
    /// # Errors
    /// Somebody edits it, it has unsaved changes, or it was saved since; nothing changed then.
    pub async fn remove_at_once(
        &self,
        key: FormKey,
        person: &Person,
        kind: DeletionKind,
        version: Version,
    ) -> Result<(), Problem> {
        let slot = self.shared.slots.get(key);
        let mut guard = self.open(&slot, key, None).await?;
        is_free(guard.as_ref(), Some(version))?;
        let command = FormCommand::Delete { kind }.by(person.clone());
        self.apply(&mut guard, SessionId(Uuid::nil()), command).await.map(drop)
    }

    #[expect(clippy::disallowed_methods, reason = "no history edits in bulk")]
    async fn edit(
        &self,
        slot: &mut Option<Loaded>,
        (key, job): (FormKey, Option<JobId>),
        person: &Person,
        changes: Vec<Change>,
    ) -> Result<Option<Version>, Problem> {
        let session = SessionId(Uuid::new_v4());
        let op = || OpId(Uuid::new_v4());
        let person = person.clone();
        let join = Command::Join { person: person.clone() };
        self.apply(slot, session, join).await?;
        let (fence, version) = match slot.as_ref() {
            Some(loaded) => (loaded.form.fence, loaded.form.version),
            None => return Err(Problem::new(Code::Internal, say::server::the_form_could_not())),
        };
        let change = FormCommand::Change {
            fence,
            op: op(),
            rev: None,
            changes,
        };
        let save = FormCommand::Save {
            fence,
            op: op(),
            version,
        };
        let mut result = self.apply(slot, session, change.by(person.clone())).await;
        if result.is_ok() {
            if let Some(loaded) = slot.as_mut() {
                loaded.job = job;
            }
            result = self.apply(slot, session, save.by(person.clone())).await;
            if let Some(loaded) = slot.as_mut() {
                loaded.job = None;
            }
        }
        let saved = result.and_then(Answer::from_outcome).and_then(|answer| {
            let Answer::Saved { version: now } = answer else {
                return Err(Problem::new(Code::Internal, say::server::the_record_could_not()));
            };
            Ok((now != version).then_some(now))
        });
        if saved.is_err() {
            let discard = FormCommand::DiscardDraft {
                fence,
                op: op(),
                rev: None,
            };
            // A failed write took the form out of memory; what was kept of it before is still there.
            self.load(slot, key, None).await.ok();
            self.apply(slot, session, discard.by(person)).await.ok();
        }
        self.load(slot, key, None).await.ok();
        let left: Result<Outcome, Problem> = self.apply(slot, session, Command::Leave).await;
        if let Err(problem) = left {
            tracing::warn!(%problem, "a place in a form could not be given up; it is held for its grace period");
        }
        saved
    }
}

/// Whether nobody's work is in the way.
fn is_free(loaded: Option<&Loaded>, version: Option<Version>) -> Result<(), Problem> {
    let Some(loaded) = loaded else {
        return Err(Problem::new(Code::Internal, say::server::the_form_could_not()));
    };
    let form = &loaded.form;
    if let Some(owner) = form.queue.owner() {
        let why = say::server::is_editing_now(&owner.person.name);
        return Err(Problem::new(Code::NotOwner, why));
    }
    if let Some(unsaved) = form.draft.fields.values().next() {
        let why = say::server::has_unsaved_changes_of(&unsaved.author.name);
        return Err(Problem::new(Code::Unsaved, why));
    }
    if version.is_some_and(|version| version != form.version) {
        return Err(Problem::new(Code::StaleVersion, say::server::it_was_saved_again()));
    }
    Ok(())
}
