//! Who may do what at this moment: the one map that every request, and all work under way, looks into. What
//! changed is felt at once, also by what began before.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use baton_protocol::id::UserId;
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::{Account, AccountState, UserRole};

use crate::rights::{Right, has};
use crate::store::UserRow;

/// An account as it is now.
#[derive(Clone, Debug)]
pub struct Current {
    /// Who, and what they may do.
    pub account: Arc<Account>,
    /// Grows whenever their role or password changes.
    pub epoch: u64,
}

/// Every account that was seen since the start; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct Accounts(Arc<RwLock<BTreeMap<UserId, Current>>>);

impl Accounts {
    /// Notes an account as the store has it. What is older than what is known is passed over.
    pub fn note(&self, user: &UserRow) {
        let mut accounts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = accounts.get(&user.account.person.id);
        if known.is_none_or(|known| known.epoch <= user.epoch) {
            let current = Current {
                account: Arc::new(user.account.clone()),
                epoch: user.epoch,
            };
            accounts.insert(user.account.person.id, current);
        }
    }

    /// The account as it is now, if it was ever seen.
    #[must_use]
    pub fn current(&self, user: UserId) -> Option<Current> {
        let accounts = self.0.read().unwrap_or_else(PoisonError::into_inner);
        accounts.get(&user).cloned()
    }

    /// What this person may do; a stranger may only look.
    #[must_use]
    pub fn role(&self, user: UserId) -> UserRole {
        self.current(user)
            .map_or(UserRole::Viewer, |current| current.account.role)
    }

    /// Whether this person has the right at this moment. Whoever is deactivated has none.
    #[must_use]
    pub fn may(&self, user: UserId, right: Right) -> bool {
        match self.current(user) {
            Some(current) => current.account.state != AccountState::Deactivated && has(current.account.role, right),
            None => has(UserRole::Viewer, right),
        }
    }

    /// Checks that work which this person began may continue.
    ///
    /// # Errors
    /// They may not do it any more.
    pub fn ensure_still_allowed(&self, user: UserId, right: Right) -> Result<(), Problem> {
        if self.may(user, right) {
            return Ok(());
        }
        let why = "What you may do changed meanwhile. What was done until then stays.";
        Err(Problem::new(Code::Forbidden, why))
    }
}
