//! What a session does with forms: opening, closing and everything an editor does in between.

use std::sync::Arc;

use baton_locales::say;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::draft::MAX_CHANGES;
use baton_protocol::entity::Entity;
use baton_protocol::form::{Command, CommandClass, FormCommand, FormSnapshot, MAX_REASON, Outcome, Refusal};
use baton_protocol::history::EarlierSave;
use baton_protocol::id::{EntityId, FormKey, FormKind, SessionId};
use baton_protocol::message::{Answer, Code, Problem, Topic};
use baton_protocol::rights::Right;

use super::Session;
use crate::error::{no_entity, no_such};
use crate::forms::Participant;
use crate::rights::SignedIn;

/// The most forms that one session may have open.
const MAX_FORMS: usize = 256;

/// The most saves that the refusal of another one names.
const MAX_EARLIER_SAVES: u32 = 20;

impl Session {
    pub(super) async fn join(
        &mut self,
        viewer: &SignedIn,
        form: FormKey,
        entity: Option<EntityId>,
    ) -> Result<Answer, Problem> {
        self.check_room(form)?;
        let (forms, rights) = (&self.app.forms, viewer.rights());
        let known = match (self.app.entity_of(rights, form).await, entity) {
            // The same, whether there is one that they may not see: only who defines it has anything of it.
            (known, _) if form.kind == FormKind::Entity && is_not_found(&known) => {
                viewer.require(Right::Manage(EntityId(form.id)))?;
                known?
            }
            (Err(hidden), Some(entity)) => {
                // As if there were no such record: then the entity is what is missing first.
                self.app.entity(rights, entity).await?;
                return Err(hidden);
            }
            (known, _) => known?,
        };
        if let (None, Some(entity), FormKind::Record) = (&known, entity, form.kind) {
            self.app.entity(rights, entity).await?;
            self.app.forms.ensure_room_for_draft(viewer.id()).await?;
        }
        let of = match (known, form.kind) {
            (Some(known), _) => Some(known.id),
            (None, FormKind::Record) => entity,
            (None, FormKind::Entity) => Some(EntityId(form.id)),
        };
        let participant = self.participant(viewer)?;
        let view = if of.is_some_and(|of| rights.may(Right::to_edit(form, of))) {
            if self.forms.contains_key(&form) {
                // A session that opened it read-only becomes an editor.
                forms.stop_watching(form, participant.session).await;
            }
            let joined = forms.join(form, entity, participant, &self.outgoing).await;
            if let (
                Err(Problem {
                    code: Code::Internal, ..
                }),
                Some(of),
            ) = (&joined, of)
            {
                // It may have a place all the same, which ends with the session.
                self.forms.insert(form, of);
            }
            joined?
        } else {
            forms.watch(form, participant, &self.outgoing).await?
        };
        self.opened(form, viewer, view)
    }

    /// The form is open in this session; answers with what of it whoever opened it may see.
    fn opened(&mut self, form: FormKey, viewer: &SignedIn, mut view: FormSnapshot) -> Result<Answer, Problem> {
        let entity = view.entity.id;
        if let Some(projection) = self.app.projection(viewer.rights(), entity) {
            projection.form(&mut view);
        }
        if form.kind == FormKind::Record {
            view.read_only = viewer.rights().permission(entity).read_only_names(&view.entity);
        }
        self.forms.insert(form, entity);
        Ok(Answer::Joined(Box::new(view)))
    }

    /// Opens a form without a place in its queue. A place that the session has is not given up: it is joined again
    /// or left.
    pub(super) async fn open_read_only(&mut self, viewer: &SignedIn, form: FormKey) -> Result<Answer, Problem> {
        self.check_room(form)?;
        if self.app.entity_of(viewer.rights(), form).await?.is_none() {
            return Err(no_such(form));
        }
        let participant = self.participant(viewer)?;
        let view = self.app.forms.watch(form, participant, &self.outgoing).await?;
        self.opened(form, viewer, view)
    }

    fn participant(&self, viewer: &SignedIn) -> Result<Participant, Problem> {
        Ok(Participant {
            session: self.id()?,
            person: viewer.person().clone(),
            rights: Arc::clone(viewer.rights()),
        })
    }

    fn check_room(&self, form: FormKey) -> Result<(), Problem> {
        if self.forms.len() >= MAX_FORMS && !self.forms.contains_key(&form) {
            return Err(Problem::new(Code::Busy, say::server::too_many_forms_are()));
        }
        Ok(())
    }

    pub(super) async fn leave(&mut self, _: &SignedIn, form: FormKey) -> Result<Answer, Problem> {
        self.close_form(form).await?;
        Ok(Answer::Done)
    }

    /// Gives up the session's place in a form, and stops its notices. Works also where this connection did not join:
    /// the place may be reserved for its session.
    pub(super) async fn close_form(&mut self, form: FormKey) -> Result<(), Problem> {
        let session = self.id()?;
        self.app.forms.execute(form, session, Command::Leave).await?;
        self.app.forms.stop_watching(form, session).await;
        self.forms.remove(&form);
        self.app.bus.unsubscribe(Topic::Form(form), &self.outgoing);
        Ok(())
    }

    /// Does something with a form. Most of it is an editor's; whoever may edit records may also take one out of its
    /// list while somebody else edits it, and whoever manages an entity may delete it, with its records.
    pub(super) async fn form_command(
        &self,
        viewer: &SignedIn,
        form: FormKey,
        command: FormCommand,
    ) -> Result<Answer, Problem> {
        let entity = self.check_door(viewer, form, command.class()).await?;
        check_command(viewer, (form, entity), &command)?;
        let base = if let FormCommand::Save { version, .. } = &command {
            Some(*version)
        } else {
            None
        };
        let command = command.by(viewer.person().clone());
        match (self.app.forms.execute(form, self.id()?, command).await, base) {
            (Ok(Outcome::Invalid { errors }), _) if form.kind == FormKind::Record => {
                let projection = self.app.projection(viewer.rights(), entity);
                let errors = projection.map_or_else(|| errors.clone(), |projection| projection.errors(errors.clone()));
                Answer::from_outcome(Outcome::Invalid { errors })
            }
            (Ok(outcome), _) => Answer::from_outcome(outcome),
            (Err(problem), Some(base)) if problem.code == Code::StaleVersion => {
                let history = self.app.store.history(form, MAX_EARLIER_SAVES).await?;
                let mut since = EarlierSave::since(base, history);
                let projection = self
                    .app
                    .projection(viewer.rights(), entity)
                    .filter(|_| form.kind == FormKind::Record);
                if let Some(projection) = projection {
                    projection.earlier_saves(&mut since);
                }
                Err(Problem { since, ..problem })
            }
            (Err(problem), _) => Err(problem),
        }
    }

    /// Changes a form's draft, as [`Self::form_command`] does each of the changes.
    pub(super) async fn change_all(
        &self,
        viewer: &SignedIn,
        form: FormKey,
        changes: Vec<FormCommand>,
    ) -> Vec<Result<Answer, Problem>> {
        let door = self.check_door(viewer, form, CommandClass::Draft).await;
        let (entity, session) = match door.and_then(|entity| Ok((entity, self.id()?))) {
            Ok(known) => known,
            Err(problem) => return changes.iter().map(|_| Err(problem.clone())).collect(),
        };
        let checked: Vec<Result<(), Problem>> = changes
            .iter()
            .map(|command| check_command(viewer, (form, entity), command))
            .collect();
        let fit = changes.into_iter().zip(&checked).filter(|(_, checked)| checked.is_ok());
        let commands = fit.map(|(command, _)| command.by(viewer.person().clone()));
        let outcomes = self.app.forms.execute_all(form, session, commands.collect()).await;
        let mut answers = outcomes
            .into_iter()
            .map(|outcome| outcome.and_then(Answer::from_outcome));
        let answer = |checked: Result<(), Problem>| {
            checked.and_then(|()| {
                let lost = || Err(Problem::new(Code::Internal, say::server::the_change_was_not()));
                answers.next().unwrap_or_else(lost)
            })
        };
        checked.into_iter().map(answer).collect()
    }

    /// The entity of a form with which somebody may do something of this class.
    async fn check_door(&self, viewer: &SignedIn, form: FormKey, class: CommandClass) -> Result<EntityId, Problem> {
        if form.kind == FormKind::Entity {
            // Whether there is one or not: its definition is only for whoever manages it.
            viewer.require(Right::Manage(EntityId(form.id)))?;
        }
        let entity = match (class, self.forms.get(&form)) {
            (CommandClass::Record, _) => {
                let known = self.app.entity_of(viewer.rights(), form).await?;
                known.ok_or_else(|| no_such(form))?.id
            }
            (CommandClass::Draft | CommandClass::Place, Some(entity)) => *entity,
            (CommandClass::Draft | CommandClass::Place, None) => {
                return Err(Refusal::NotJoined.into());
            }
        };
        viewer.require(Right::to_edit(form, entity))?;
        Ok(entity)
    }

    pub(super) fn id(&self) -> Result<SessionId, Problem> {
        self.registration
            .as_ref()
            .map(|registration| registration.session)
            .ok_or_else(|| Problem::new(Code::Greeting, say::server::the_first_message_must()))
    }
}

/// Checks what somebody may do with a form beyond editing it, and what fits into a message.
fn check_command(viewer: &SignedIn, (form, entity): (FormKey, EntityId), command: &FormCommand) -> Result<(), Problem> {
    if let FormCommand::TakeOver { reason } = command {
        viewer.require(Right::Manage(entity))?;
        if reason.trim().is_empty() || reason.chars().count() > MAX_REASON || reason.contains(char::is_control) {
            let why = say::server::say_why(MAX_REASON);
            return Err(Problem::new(Code::Malformed, why));
        }
    }
    let archives = FormCommand::Delete {
        kind: DeletionKind::Archived,
    };
    if form.kind == FormKind::Entity && *command == archives {
        let why = say::server::an_entity_is_put();
        return Err(Problem::new(Code::Forbidden, why));
    }
    if let FormCommand::Change { changes, .. } = command
        && changes.len() > MAX_CHANGES
    {
        let why = say::server::too_many_changes(MAX_CHANGES);
        return Err(Problem::new(Code::TooLarge, why));
    }
    Ok(())
}

/// Whether there is no such thing for whoever asks, and nothing else is said of it.
fn is_not_found(known: &Result<Option<Entity>, Problem>) -> bool {
    match known {
        Ok(known) => known.is_none(),
        Err(problem) => *problem == no_entity(),
    }
}
