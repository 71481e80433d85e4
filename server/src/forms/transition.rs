//! Commands become what is stored and published of them: apply, store, then tell.

use baton_locales::say;
use baton_protocol::form::Effect;
use baton_protocol::id::Fence;
use baton_protocol::origin::Origin;

use super::slot::BatchClass;
use super::*;
use crate::audit;
use crate::store::{NewAuditEntry, NewNotification};

/// How often a command is tried again that somebody else was quicker with: for the form, or for a slug that was made.
const TRIES: usize = 32;

/// What a command did to the form in memory, until it is stored and published.
pub(super) struct Transition {
    pub(super) outcome: Outcome,
    pub(super) effects: Vec<Effect>,
    /// What is stored with it; `None`: nothing of it is stored.
    pub(super) besides: Option<Besides>,
    pub(super) class: BatchClass,
    /// The fence before and after it.
    pub(super) fences: (Fence, Fence),
    /// Who deletes or restores the record with it.
    deleted_by: Option<Person>,
    /// Whether it saves under a slug that was made for it.
    slug_was_made: bool,
}

/// What is stored with a transition besides the form.
pub(super) struct Besides {
    audit: Vec<NewAuditEntry>,
    notify: Vec<NewNotification>,
    /// When it happened.
    now: Timestamp,
}

impl Forms {
    /// Carries out one command.
    pub(super) async fn apply(
        &self,
        slot: &mut Option<Loaded>,
        session: SessionId,
        command: Command,
    ) -> Result<Outcome, Problem> {
        let mut results = self.apply_all(slot, vec![(session, command)]).await;
        results.pop().unwrap_or_else(|| Err(not_read()))
    }

    /// Carries out commands of one class in their order: each is a transition of its own, and all are one write. Where
    /// what they were applied to is not what is stored any more, it is read, and they are applied again.
    pub(super) async fn apply_all(
        &self,
        slot: &mut Option<Loaded>,
        commands: Vec<(SessionId, Command)>,
    ) -> Vec<Result<Outcome, Problem>> {
        let Some(mut loaded) = slot.take() else {
            return commands.iter().map(|_| Err(not_read())).collect();
        };
        for _ in 0..TRIES {
            let outdated = match self.try_all(slot, loaded, &commands).await {
                Ok(results) => return results,
                Err(outdated) => outdated,
            };
            loaded = match self.read_again(outdated).await {
                Ok(loaded) => loaded,
                Err(problem) => return commands.iter().map(|_| Err(problem.clone())).collect(),
            };
        }
        *slot = Some(loaded);
        let busy = || Problem::new(Code::Internal, say::server::somebody_else_is_quicker());
        commands.iter().map(|_| Err(busy())).collect()
    }

    /// Reads a form whose write failed or was refused. Who watches it stays.
    pub(super) async fn read_again(&self, before: Box<Loaded>) -> Result<Loaded, Problem> {
        let (key, entity) = (before.form.key, before.form.entity);
        let mut slot = None;
        self.load(&mut slot, key, Some(entity)).await?;
        let now = slot.ok_or_else(not_read)?;
        let is_another = now.n != before.n;
        let loaded = Loaded {
            deadline: before.deadline,
            viewers: before.viewers,
            job: before.job,
            ..now
        };
        if is_another {
            // What happened to it meanwhile was published elsewhere: whoever has it open here opens it anew.
            self.publish(&loaded, Notice::Redefined);
        }
        Ok(loaded)
    }

    /// Tries to carry out commands. The form is out of its slot meanwhile, so that nobody finds what was not stored; it is
    /// given back if the commands are to be tried again.
    async fn try_all(
        &self,
        slot: &mut Option<Loaded>,
        mut loaded: Loaded,
        commands: &[(SessionId, Command)],
    ) -> Result<Vec<Result<Outcome, Problem>>, Box<Loaded>> {
        if commands
            .iter()
            .any(|(_, command)| BatchClass::of(command) != BatchClass::Places)
        {
            self.flush_pending(&loaded);
        }
        let authors = authors_of(&loaded.form);
        let mut results = Vec::with_capacity(commands.len());
        let mut transitions = Vec::with_capacity(commands.len());
        for (session, command) in commands {
            match self.transition(&mut loaded, *session, command.clone()).await {
                Ok(transition) => {
                    results.push(Ok(transition.outcome.clone()));
                    transitions.push(transition);
                }
                Err(problem) => results.push(Err(problem)),
            }
        }
        let entity = Arc::clone(&loaded.entity);
        if let Err(error) = self.store_and_notify(&mut loaded, &mut transitions).await {
            let slug_was_made = transitions.iter().any(|transition| transition.slug_was_made);
            if matches!(error, StoreError::Stale) || (matches!(error, StoreError::SlugTaken) && slug_was_made) {
                // Somebody else took the slug that was made for this record: another one is as good.
                return Err(Box::new(loaded));
            }
            let failed = self.not_stored(&loaded, error);
            *slot = self.read_again(Box::new(loaded)).await.ok();
            let results = results.into_iter().map(|result| result.and(failed.clone()));
            return Ok(results.collect());
        }
        self.schedule(&mut loaded);
        let mut deleted_by = None;
        for mut transition in transitions {
            if transition.class == BatchClass::Places {
                self.coalesce(&loaded, &mut transition);
            }
            self.publish_effects(&loaded, transition.effects);
            deleted_by = transition.deleted_by.or(deleted_by);
        }
        self.notify_authors(&authors, &authors_of(&loaded.form));
        if !Arc::ptr_eq(&entity, &loaded.entity) {
            match deleted_by {
                Some(by) => self.entity_deleted_or_restored(&loaded.entity, &by).await,
                None => self.redefined(&loaded.entity).await,
            }
        }
        *slot = Some(loaded);
        Ok(results)
    }

    /// Applies one command to the form in memory. One that is refused changes nothing.
    async fn transition(
        &self,
        loaded: &mut Loaded,
        session: SessionId,
        command: Command,
    ) -> Result<Transition, Problem> {
        let class = BatchClass::of(&command);
        let deleted_by = deleter(loaded, &command)?;
        let entity = Arc::clone(&loaded.entity);
        let mut context = self.context(&entity);
        let cleaned = self.clean_ahead(loaded, session, &command).await?;
        let clean = |html: &str| cleaned.get(html).cloned().unwrap_or_else(|| clean(html));
        context.clean = &clean;
        let fence = loaded.form.fence;
        if let Some(errors) = self.prepare(loaded, session, &command, &mut context).await? {
            return Ok(Transition {
                outcome: Outcome::Invalid { errors: errors.clone() },
                effects: vec![Effect::Tell(Notice::Invalid { errors })],
                besides: None,
                class,
                fences: (fence, fence),
                deleted_by: None,
                slug_was_made: false,
            });
        }
        let passing = is_passing(&command);
        let origin = self.shared.sessions.origin(session);
        let before = Before::of(&loaded.form, session, origin.is_some(), &command);
        let Applied { outcome, effects } = loaded.form.apply(&context, session, command)?;
        let besides = if effects.is_empty() || passing {
            None
        } else {
            let origin = origin.unwrap_or_default();
            Some(self.besides(loaded, before, &effects, (origin, context.now)).await)
        };
        Ok(Transition {
            outcome,
            effects,
            besides,
            class,
            fences: (fence, loaded.form.fence),
            deleted_by,
            slug_was_made: context.free_slug.is_some(),
        })
    }

    /// What is stored with a transition that just happened: what stays provable of it, and whom it concerns.
    async fn besides(
        &self,
        loaded: &Loaded,
        before: Before,
        effects: &[Effect],
        (origin, now): (Origin, Timestamp),
    ) -> Besides {
        let acts = before.acts(&loaded.form, effects);
        let notify = self.notifications(loaded, &acts, effects, now).await;
        let audit = acts.into_iter();
        let audit = audit.map(|(by, act)| audit::entry(now, by, origin.clone(), act));
        let audit = audit.collect();
        Besides { audit, notify, now }
    }

    /// Stores what transitions left, in one write; and notifies whom they concern.
    async fn store_and_notify(&self, loaded: &mut Loaded, transitions: &mut [Transition]) -> Result<(), StoreError> {
        let stored = transitions.iter_mut().filter_map(|transition| {
            let besides = transition.besides.take()?;
            Some((&*transition.effects, besides))
        });
        let (effects, besides): (Vec<&[Effect]>, Vec<Besides>) = stored.unzip();
        let Some(now) = besides.last().map(|besides| besides.now) else {
            return Ok(());
        };
        let (mut audit, mut notify) = (Vec::new(), Vec::new());
        for besides in besides {
            audit.extend(besides.audit);
            notify.extend(besides.notify);
        }
        self.store(loaded, &effects, (audit, notify.clone()), now).await?;
        self.notify(notify);
        Ok(())
    }

    /// Whether a person may edit the form still.
    fn check_may_edit(&self, loaded: &Loaded, person: UserId) -> Result<(), Problem> {
        let right = Right::to_edit(loaded.form.key, loaded.form.entity);
        if self.shared.accounts.may(person, right) {
            return Ok(());
        }
        let why = say::server::what_you_may_do_changed();
        Err(Problem::new(Code::Busy, why))
    }

    /// What the store refused is said at its fields; anything else leaves the form to be read again.
    fn not_stored(&self, loaded: &Loaded, error: StoreError) -> Result<Outcome, Problem> {
        match save::taken(loaded, &error) {
            Some(errors) => Ok(self.invalid(loaded, errors)),
            None => Err(error.into()),
        }
    }

    /// Looks up what a command must know of other records; gives what is wrong with them.
    async fn prepare(
        &self,
        loaded: &Loaded,
        session: SessionId,
        command: &Command,
        context: &mut Context<'_>,
    ) -> Result<Option<Vec<FieldError>>, Problem> {
        if let Command::Join { person } = command {
            // Under the lock: whoever lost the right meanwhile takes no place that nobody would end.
            self.check_may_edit(loaded, person.id)?;
        }
        let Command::Form { command, person } = command else {
            return Ok(None);
        };
        if let FormCommand::Delete {
            kind: DeletionKind::Deleted,
        } = command
        {
            self.ensure_unreferenced(&loaded.form, person.id).await?;
        }
        self.check_limits(loaded, command, person.id)?;
        self.check_new_draft(loaded, command, person.id).await?;
        let owner = loaded.form.queue.owner().map(|owner| owner.session);
        if let FormCommand::Save { .. } = command
            && owner == Some(session)
        {
            context.free_slug = self.free_slug(&loaded.form).await?;
            let dangling = self.dangling(&loaded.form, &loaded.entity).await?;
            return Ok((!dangling.is_empty()).then_some(dangling));
        }
        Ok(None)
    }
}

/// Where an editor is looking is not worth a disk's attention.
fn is_passing(command: &Command) -> bool {
    matches!(
        command,
        Command::Form {
            command: FormCommand::Focus { .. },
            ..
        }
    )
}

/// Who deletes or restores with the command, if somebody does. A record comes back with its entity, and not by itself; it
/// is converted then.
fn deleter(loaded: &Loaded, command: &Command) -> Result<Option<Person>, Problem> {
    let by = match command {
        Command::Form {
            person,
            command: FormCommand::Delete { .. } | FormCommand::Restore,
        } => Some(person.clone()),
        Command::Form { .. }
        | Command::Join { .. }
        | Command::Leave
        | Command::Disconnected { .. }
        | Command::Convert { .. }
        | Command::Revoke { .. }
        | Command::Release { .. }
        | Command::EndPlaces { .. }
        | Command::Rename { .. }
        | Command::Tick => None,
    };
    let is_alone = by.is_some() || matches!(command, Command::Convert { .. });
    match loaded.entity.deletion_message() {
        Some(deletion_message) if is_alone && loaded.form.key.kind == FormKind::Record => {
            Err(not_found(deletion_message))
        }
        Some(_) | None => Ok(by),
    }
}
