//! Who may pass which door, and what of an event is whose to see (semantics 7.2).

use std::ops::Deref;
use std::sync::Arc;

use baton_locales::say;
use baton_protocol::draft::ChangeError;
use baton_protocol::entity::{Entity, EntityStatus};
use baton_protocol::form::Refusal;
use baton_protocol::id::{SessionId, SignInId, UserId};
use baton_protocol::message::{Code, Event, Problem, Topic};
use baton_protocol::origin::Origin;
use baton_protocol::person::{Account, AccountState, Person};
use baton_protocol::rights::{Access, Permission, Right, Rights};

use crate::definitions::Definitions;

/// What somebody sees of a thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen<T> {
    /// All of it.
    Whole,
    /// This instead.
    Instead(T),
    /// Nothing.
    Nothing,
}

impl<T> Seen<T> {
    /// All of it, or nothing.
    #[must_use]
    pub fn whole_if(visible: bool) -> Self {
        if visible { Self::Whole } else { Self::Nothing }
    }

    /// The same, with what is seen instead as another thing.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Seen<U> {
        match self {
            Self::Whole => Seen::Whole,
            Self::Instead(thing) => Seen::Instead(with(thing)),
            Self::Nothing => Seen::Nothing,
        }
    }
}

/// What somebody with these rights sees of an event (semantics 6.1). For whoever saw an entity that is a draft now, it
/// is purged; of one that was deleted they are told by whom.
#[must_use]
pub fn event_for(rights: &Rights, definitions: &Definitions, topic: Topic, event: &Event) -> Seen<Event> {
    let (entity, defined) = match event {
        Event::Renamed { .. } => return Seen::Whole,
        Event::EntityPurged { entity } => return Seen::whole_if(rights.access(*entity) >= Access::View),
        Event::EntitySaved { row } => (row.entity.id, Some(&row.entity)),
        Event::Redefined { entity } => (entity.id, Some(entity)),
        Event::RecordCount { entity, .. } => (*entity, None),
        Event::RecordsChanged { .. }
        | Event::RecordCreated { .. }
        | Event::RecordUpdated { .. }
        | Event::RecordRemoved { .. }
        | Event::RecordRestored { .. }
        | Event::BinAdded(_)
        | Event::BinRemoved { .. } => match topic {
            Topic::Records(entity) | Topic::Bin(entity) => (entity, None),
            Topic::Entities | Topic::Drafts | Topic::Live | Topic::Form(_) => return Seen::Nothing,
        },
    };
    let permission = rights.permission(entity);
    if permission.access == Access::None {
        return Seen::Nothing;
    }
    let sees = match (defined, definitions.get(entity)) {
        (Some(defined), _) if rights.sees(defined) => true,
        (Some(defined), _) if defined.status == EntityStatus::Draft => {
            return Seen::Instead(Event::EntityPurged { entity });
        }
        // It was deleted.
        (Some(_), _) => true,
        (None, Some(defined)) => rights.sees(&defined),
        (None, None) => true,
    };
    if !sees {
        return Seen::Nothing;
    }
    match definitions.projection(permission, entity) {
        Some(projection) => Seen::Instead(projection.event(event)),
        None => Seen::Whole,
    }
}

/// Checks that somebody with this permission may change these fields of an entity's records.
///
/// # Errors
/// The first field that they may not change; one that is hidden is not there.
pub(crate) fn check_fields<'a>(
    permission: &Permission,
    entity: &Entity,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), Problem> {
    if permission.read_only.is_empty() && permission.hidden.is_empty() {
        return Ok(());
    }
    for name in names {
        let Some(field) = entity.field(name).filter(|field| !permission.edits_field(&field.id)) else {
            continue;
        };
        if permission.hidden.contains(&field.id) {
            // Word for word as of a field that nobody has.
            return Err(Refusal::from(ChangeError::NoField(name.into())).into());
        }
        let why = say::server::may_look_at_field(&field.label);
        return Err(Problem::new(Code::Forbidden, why));
    }
    Ok(())
}

/// Somebody who is signed in. The only way to one is the session's account, so a handler that takes a `SignedIn`, an
/// [`Uploader`] or an [`Admin`] cannot be called without the check (semantics 7).
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    account: Arc<Account>,
    /// What they may do.
    rights: Arc<Rights>,
    /// Over which session.
    session: SessionId,
    /// By which of their sign-ins.
    sign_in: Option<SignInId>,
    /// From where.
    origin: Origin,
}

/// Somebody who may upload files: they edit records of some entity; which one, the handler checks.
#[derive(Clone, Debug)]
pub(crate) struct Uploader(SignedIn);

/// Somebody who may do what only admins may.
#[derive(Clone, Debug)]
pub(crate) struct Admin(SignedIn);

impl SignedIn {
    /// Returns whoever is signed in.
    ///
    /// # Errors
    /// Nobody is, or they have to choose a password of their own first.
    pub(crate) fn new(
        account: Option<&Arc<Account>>,
        rights: &Arc<Rights>,
        (session, sign_in): (SessionId, Option<SignInId>),
        origin: &Origin,
    ) -> Result<Self, Problem> {
        let account = account.ok_or_else(|| Problem::new(Code::SignInNeeded, say::server::sign_in_first()))?;
        let missing = match account.state {
            AccountState::Active => None,
            AccountState::SecondFactorMissing => Some((Code::SecondFactorMissing, say::server::set_up_a_second())),
            AccountState::PasswordGiven | AccountState::Deactivated | AccountState::Former => {
                Some((Code::PasswordNeeded, say::server::choose_a_password_of()))
            }
        };
        if let Some((code, why)) = missing {
            return Err(Problem::new(code, why));
        }
        Ok(Self {
            account: Arc::clone(account),
            rights: Arc::clone(rights),
            session,
            sign_in,
            origin: origin.clone(),
        })
    }

    /// Over which session.
    pub(crate) fn session(&self) -> SessionId {
        self.session
    }

    /// By which of their sign-ins.
    pub(crate) fn sign_in(&self) -> Option<SignInId> {
        self.sign_in
    }

    /// From where.
    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(crate) fn person(&self) -> &Person {
        &self.account.person
    }

    pub(crate) fn id(&self) -> UserId {
        self.account.person.id
    }

    /// What they may do.
    pub(crate) fn rights(&self) -> &Arc<Rights> {
        &self.rights
    }

    /// Checks a right.
    ///
    /// # Errors
    /// They do not have it.
    pub(crate) fn require(&self, right: Right) -> Result<(), Problem> {
        if self.rights.may(right) {
            return Ok(());
        }
        let why = match right {
            Right::View(_) | Right::Edit(_) | Right::UploadFiles => say::server::you_may_look_at(),
            Right::Manage(_) => say::server::only_whoever_manages_an(),
            Right::ManagePeople => say::server::only_an_admin_manages(),
            Right::SeeAllDrafts => say::server::only_an_admin_sees(),
            Right::ReadAudit => say::server::only_an_admin_reads(),
        };
        Err(Problem::new(Code::Forbidden, why))
    }

    /// Returns them as somebody who may edit records of some entity.
    ///
    /// # Errors
    /// They may not.
    pub(crate) fn uploader(&self) -> Result<Uploader, Problem> {
        self.require(Right::UploadFiles)?;
        Ok(Uploader(self.clone()))
    }

    /// Returns them as somebody who has this right of admins.
    ///
    /// # Errors
    /// They do not.
    pub(crate) fn admin(&self, right: Right) -> Result<Admin, Problem> {
        self.require(right)?;
        Ok(Admin(self.clone()))
    }
}

impl Deref for Uploader {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl Deref for Admin {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}
