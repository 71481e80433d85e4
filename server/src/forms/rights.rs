//! Places and drafts follow what their people may do (semantics 7.2).

use baton_locales::say;
use baton_protocol::draft::ChangeError;
use baton_protocol::form::Refusal;

use super::*;
use crate::rights::check_fields;

impl Forms {
    /// These people may do less than before, or more: their places end where they may edit no more (semantics 3.3).
    pub async fn revoked(&self, people: &BTreeSet<UserId>) {
        if people.is_empty() {
            return;
        }
        for key in self.in_memory() {
            let people = self.no_more_editors(key, people).await;
            if !people.is_empty() {
                self.revoke(key, people).await;
            }
        }
    }

    /// Ends the places of these sessions, whose sign-ins ended.
    pub async fn end_places(&self, sessions: &BTreeSet<SessionId>) {
        if sessions.is_empty() {
            return;
        }
        for key in self.in_memory() {
            let Some(slot) = self.shared.slots.existing(key) else {
                continue;
            };
            let is_there = slot.lock().await.as_ref().is_some_and(|loaded| {
                let editors = loaded.form.queue.editors();
                editors.iter().any(|editor| sessions.contains(&editor.session))
            });
            let command = Command::EndPlaces {
                sessions: sessions.clone(),
            };
            let nobody = SessionId(Uuid::nil());
            if is_there && let Err(error) = self.execute_until_stored(key, nobody, command).await {
                tracing::error!(form = %key, %error, "places could not be ended");
            }
        }
    }

    /// Which of these people have a place in the form, and may not edit it.
    async fn no_more_editors(&self, key: FormKey, people: &BTreeSet<UserId>) -> BTreeSet<UserId> {
        let Some(slot) = self.shared.slots.existing(key) else {
            return BTreeSet::new();
        };
        let guard = slot.lock().await;
        let Some(loaded) = guard.as_ref() else {
            return BTreeSet::new();
        };
        let right = Right::to_edit(key, loaded.form.entity);
        let editors = loaded.form.queue.editors().iter().map(|editor| editor.person.id);
        let theirs = editors.filter(|person| people.contains(person) && !self.shared.accounts.may(*person, right));
        theirs.collect()
    }

    /// Ends the places of these people. One that stayed would be kept by somebody who cannot use it.
    pub(super) async fn revoke(&self, key: FormKey, people: BTreeSet<UserId>) {
        let nobody = SessionId(Uuid::nil());
        if let Err(error) = self.execute_until_stored(key, nobody, Command::Revoke { people }).await {
            tracing::error!(form = %key, %error, "places could not be ended");
        }
    }

    /// Checks the first words in a record that was never saved: a quota that is full takes no more of them.
    pub(super) async fn check_new_draft(
        &self,
        loaded: &Loaded,
        command: &FormCommand,
        person: UserId,
    ) -> Result<(), Problem> {
        let form = &loaded.form;
        let types = matches!(command, FormCommand::Change { .. });
        let is_author = form.draft.authors().iter().any(|author| author.id == person);
        if types && form.key.kind == FormKind::Record && form.version.0 == 0 && !is_author {
            self.ensure_room_for_draft(person).await?;
        }
        Ok(())
    }

    /// Whether a person may have one more record that was never saved.
    pub(crate) async fn ensure_room_for_draft(&self, person: UserId) -> Result<(), Problem> {
        let most = self.shared.max_drafts;
        if self.shared.store.never_saved_of(person).await? < most {
            return Ok(());
        }
        let why = say::server::too_many_never_saved(most);
        Err(Problem::new(Code::Busy, why))
    }

    /// Checks, under the form's lock, that a person changes only fields that are theirs to change, and that what of the
    /// draft is theirs is so still: what they may do may have changed since they typed it (semantics 7.2). What others
    /// typed goes with it.
    pub(super) fn check_limits(&self, loaded: &Loaded, command: &FormCommand, person: UserId) -> Result<(), Problem> {
        let form = &loaded.form;
        if form.key.kind != FormKind::Record {
            return Ok(());
        }
        let rights = self.shared.accounts.rights(person);
        let permission = rights.permission(form.entity);
        let is_hidden = |name: &str| {
            let field = loaded.entity.field(name);
            field.is_some_and(|field| permission.hidden.contains(&field.id))
        };
        let draft = match command {
            FormCommand::Change { changes, .. } => {
                let names = changes.iter().map(|change| change.field.as_str());
                return check_fields(permission, &loaded.entity, names);
            }
            FormCommand::Focus { field: Some(name) } => {
                return if is_hidden(name) {
                    Err(Refusal::from(ChangeError::NoField(name.clone())).into())
                } else {
                    Ok(())
                };
            }
            FormCommand::Save { .. } => Some(&form.draft),
            FormCommand::RestoreDraft { .. } => form.discarded.as_ref(),
            FormCommand::DiscardDraft { .. } => {
                let mut others = form
                    .draft
                    .fields
                    .iter()
                    .filter(|(_, changed)| changed.author.id != person);
                if others.any(|(name, _)| is_hidden(name)) {
                    let why = say::server::a_colleague_has_unsaved();
                    return Err(Problem::new(Code::Forbidden, why));
                }
                None
            }
            FormCommand::Focus { field: None }
            | FormCommand::RequestEdit
            | FormCommand::DeclineEdit { .. }
            | FormCommand::HandOver { .. }
            | FormCommand::TakeOver { .. }
            | FormCommand::MoveHere
            | FormCommand::Delete { .. }
            | FormCommand::Restore => None,
        };
        let theirs = draft.into_iter().flat_map(|draft| &draft.fields);
        let mut theirs = theirs.filter(|(_, changed)| changed.author.id == person);
        if theirs.any(|(name, _)| check_fields(permission, &loaded.entity, [name.as_str()]).is_err()) {
            let why = say::server::you_typed_into_a();
            return Err(Problem::new(Code::Forbidden, why));
        }
        Ok(())
    }
}
