//! Who may do what: the one table (semantics 7).

use std::ops::Deref;
use std::sync::Arc;

use baton_protocol::entity::{Entity, EntityStatus};
use baton_protocol::id::{FormKey, FormKind, SignInId, UserId};
use baton_protocol::message::{Code, Event, Problem};
use baton_protocol::origin::Origin;
use baton_protocol::person::{Account, AccountState, Person, UserRole};

/// What there is a right to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// See entities, records and forms.
    Read,
    /// Join the queue of a record's form.
    EditRecords,
    /// Define entities.
    Define,
    /// Make and change accounts.
    ManagePeople,
    /// Take a form over from whoever edits it (semantics 3.6).
    TakeOver,
    /// See what others have typed and not saved, wherever it is.
    SeeAllDrafts,
    /// Read who did what, when and from where.
    ReadAudit,
}

/// Who is told something. The order is that of what they may see.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Audience {
    /// Everybody who watches.
    Everyone = 0,
    /// Admins only: it is about something that exists for nobody else.
    Admins = 1,
}

impl Audience {
    /// What this role is told of: everything up to this.
    #[must_use]
    pub fn of(role: UserRole) -> Self {
        if role == UserRole::Admin {
            Self::Admins
        } else {
            Self::Everyone
        }
    }
}

/// For whom an entity, its records, forms, files and names exist (semantics 6.1): a draft for admins, who define
/// it; a deleted one for admins, who can bring it back.
#[must_use]
pub fn audience_of(entity: &Entity) -> Audience {
    if entity.status == EntityStatus::Draft || entity.gone.is_some() {
        Audience::Admins
    } else {
        Audience::Everyone
    }
}

/// Whether the entity exists for this role.
#[must_use]
pub fn visible(role: UserRole, entity: &Entity) -> bool {
    audience_of(entity) <= Audience::of(role)
}

/// Returns what those who are no admins get instead of an event: a draft entity is purged for them. `None` where
/// they get the event itself (semantics 6.1).
#[must_use]
pub fn for_staff(event: &Event) -> Option<Event> {
    let entity = match event {
        Event::EntitySaved { row } => &row.entity,
        Event::Redefined { entity } => entity,
        Event::EntityPurged { .. }
        | Event::RecordsChanged { .. }
        | Event::RecordCreated { .. }
        | Event::RecordUpdated { .. }
        | Event::RecordRemoved { .. }
        | Event::RecordRestored { .. }
        | Event::BinAdded(_)
        | Event::BinRemoved { .. }
        | Event::Renamed { .. }
        | Event::RecordCount { .. } => return None,
    };
    (entity.status == EntityStatus::Draft).then(|| Event::EntityPurged { entity: entity.id })
}

/// Whether this role has the right.
#[must_use]
pub fn has(role: UserRole, right: Right) -> bool {
    match right {
        Right::Read => true,
        Right::EditRecords => role >= UserRole::Editor,
        Right::Define | Right::ManagePeople | Right::TakeOver | Right::SeeAllDrafts | Right::ReadAudit => {
            role == UserRole::Admin
        }
    }
}

/// Somebody who is signed in. The only way to one is the session's account, so a handler that takes a `Viewer`, an
/// [`Editor`] or an [`Admin`] cannot be called without the check (semantics 7).
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    account: Arc<Account>,
    /// By which of their sign-ins.
    sign_in: Option<SignInId>,
    /// From where.
    origin: Origin,
}

/// A viewer who may edit: records, or the form that they were asked about.
#[derive(Clone, Debug)]
pub(crate) struct Editor(Viewer);

/// A viewer who may do what only admins do.
#[derive(Clone, Debug)]
pub(crate) struct Admin(Viewer);

impl Viewer {
    /// Returns whoever is signed in.
    ///
    /// # Errors
    /// Nobody is, or they have to choose a password of their own first.
    pub(crate) fn new(
        account: Option<&Arc<Account>>,
        sign_in: Option<SignInId>,
        origin: &Origin,
    ) -> Result<Self, Problem> {
        let account = account.ok_or_else(|| Problem::new(Code::SignInNeeded, "Sign in first."))?;
        if account.state != AccountState::Active {
            let why = "Choose a password of your own first.";
            return Err(Problem::new(Code::PasswordNeeded, why));
        }
        Ok(Self {
            account: Arc::clone(account),
            sign_in,
            origin: origin.clone(),
        })
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

    pub(crate) fn role(&self) -> UserRole {
        self.account.role
    }

    pub(crate) fn audience(&self) -> Audience {
        Audience::of(self.account.role)
    }

    pub(crate) fn has(&self, right: Right) -> bool {
        has(self.account.role, right)
    }

    /// Checks a right.
    ///
    /// # Errors
    /// They do not have it.
    pub(crate) fn require(&self, right: Right) -> Result<(), Problem> {
        if self.has(right) {
            return Ok(());
        }
        let why = match right {
            Right::Read | Right::EditRecords => "You may look at this, but not edit it.",
            Right::Define => "Only an admin defines entities.",
            Right::ManagePeople => "Only an admin manages people.",
            Right::SeeAllDrafts => "Only an admin sees everybody's unsaved work.",
            Right::ReadAudit => "Only an admin reads the audit.",
            Right::TakeOver => "Only an admin can take a form over. You can ask to edit.",
        };
        Err(Problem::new(Code::Forbidden, why))
    }

    /// Returns them as somebody who may edit records.
    ///
    /// # Errors
    /// They may not.
    pub(crate) fn editor(&self) -> Result<Editor, Problem> {
        self.require(Right::EditRecords)?;
        Ok(Editor(self.clone()))
    }

    /// Returns them as somebody who may edit this form.
    ///
    /// # Errors
    /// They may not.
    pub(crate) fn editor_of(&self, form: FormKey) -> Result<Editor, Problem> {
        self.require(Right::to_edit(form))?;
        Ok(Editor(self.clone()))
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

impl Deref for Editor {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.0
    }
}

impl Deref for Admin {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.0
    }
}

impl Right {
    /// Returns the right to be an editor of this form.
    #[must_use]
    pub fn to_edit(form: FormKey) -> Self {
        match form.kind {
            FormKind::Record => Self::EditRecords,
            FormKind::Entity => Self::Define,
        }
    }
}
