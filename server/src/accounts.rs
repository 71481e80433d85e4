//! Who may do what at this moment: the one map that every request, and all work under way, looks into. What
//! changed is felt at once, also by what began before.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use baton_locales::say;
use baton_protocol::id::{GroupId, UserId};
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::{Account, UserRole};
use baton_protocol::rights::{Groups, Right, Rights};

use crate::store::UserRow;

/// An account as it is now.
#[derive(Clone, Debug)]
pub struct Current {
    /// Who.
    pub account: Arc<Account>,
    /// What they may do; one for all who may do the same.
    pub rights: Arc<Rights>,
    /// Grows whenever their role or password changes.
    pub epoch: u64,
}

/// Every account that was seen since the start, and all groups; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct Accounts {
    known: Arc<RwLock<Known>>,
    /// Held from reading the groups to noting them.
    reading: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default, Debug)]
struct Known {
    accounts: BTreeMap<UserId, Current>,
    groups: Groups,
    /// What people may do who have this role and are in these groups.
    kinds: BTreeMap<(UserRole, Vec<GroupId>), Arc<Rights>>,
}

impl Known {
    fn rights(&mut self, person: UserId, role: UserRole) -> Arc<Rights> {
        let kind = (role, self.groups.of(person).map(|group| group.id).collect());
        let groups = &self.groups;
        let rights = self
            .kinds
            .entry(kind)
            .or_insert_with(|| Arc::new(groups.rights(person, role)));
        Arc::clone(rights)
    }
}

impl Accounts {
    /// Notes an account as the store has it. What is older than what is known is passed over.
    pub fn note(&self, user: &UserRow) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let person = user.account.person.id;
        if known
            .accounts
            .get(&person)
            .is_none_or(|known| known.epoch <= user.epoch)
        {
            let rights = known.rights(person, user.account.role);
            // The same rights stay the same one: whoever has them goes on.
            let same = known.accounts.get(&person).filter(|current| current.rights == rights);
            let rights = same.map_or(rights, |current| Arc::clone(&current.rights));
            let current = Current {
                account: Arc::new(user.account.clone()),
                rights,
                epoch: user.epoch,
            };
            known.accounts.insert(person, current);
        }
    }

    /// Locks out everybody else who reads the groups to note them: what was read first must not be noted last.
    pub async fn lock_groups(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.reading.lock().await
    }

    /// Notes all groups as the store has them. Returns whoever may do something else from now on.
    pub fn note_groups(&self, groups: Groups) -> BTreeMap<UserId, Arc<Rights>> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.groups = groups;
        // Whoever may do the same as before shares it with those who come.
        for ((role, groups), rights) in std::mem::take(&mut known.kinds) {
            let theirs = known.groups.groups.iter().filter(|group| groups.contains(&group.id));
            if Rights::new(role, theirs, &known.groups.closed) == *rights {
                known.kinds.insert((role, groups), rights);
            }
        }
        let people: Vec<(UserId, UserRole)> = known.accounts.iter().map(|(id, at)| (*id, at.account.role)).collect();
        let mut changed = BTreeMap::new();
        for (person, role) in people {
            let rights = known.rights(person, role);
            if let Some(current) = known.accounts.get_mut(&person)
                && current.rights != rights
            {
                current.rights = Arc::clone(&rights);
                changed.insert(person, rights);
            }
        }
        // What nobody has any more goes.
        known.kinds.retain(|_, rights| Arc::strong_count(rights) > 1);
        changed
    }

    /// The account as it is now, if it was ever seen.
    #[must_use]
    pub fn current(&self, user: UserId) -> Option<Current> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.accounts.get(&user).cloned()
    }

    /// Everybody who was seen.
    #[must_use]
    pub fn everybody(&self) -> Vec<Current> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.accounts.values().cloned().collect()
    }

    /// Whoever is an admin, of those who were seen.
    #[must_use]
    pub fn admins(&self) -> Vec<UserId> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let admins = known
            .accounts
            .iter()
            .filter(|(_, current)| current.account.role == UserRole::Admin && !current.account.state.is_ended());
        admins.map(|(id, _)| *id).collect()
    }

    /// What this person may do at this moment. Whoever is deactivated, and whoever is not known, may do nothing.
    #[must_use]
    pub fn rights(&self, user: UserId) -> Arc<Rights> {
        self.current(user)
            .filter(|current| !current.account.state.is_ended())
            .map_or_else(|| Arc::new(Rights::of_role(UserRole::None)), |current| current.rights)
    }

    /// Whether this person has the right at this moment.
    #[must_use]
    pub fn may(&self, user: UserId, right: Right) -> bool {
        self.rights(user).may(right)
    }

    /// Checks that work which this person began may continue.
    ///
    /// # Errors
    /// They may not do it any more.
    pub fn ensure_still_allowed(&self, user: UserId, right: Right) -> Result<(), Problem> {
        if self.may(user, right) {
            return Ok(());
        }
        let why = say::server::what_you_may_do();
        Err(Problem::new(Code::Forbidden, why))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use baton_protocol::id::EntityId;
    use baton_protocol::person::{AccountState, Person, PlaceVisibility};
    use baton_protocol::rights::{Access, Grant, Group};
    use uuid::Uuid;

    use super::*;

    fn user(id: u128, role: UserRole) -> UserRow {
        let person = Person {
            id: UserId(Uuid::from_u128(id)),
            name: "Anna".into(),
        };
        UserRow {
            account: Account {
                person,
                email: String::new(),
                role,
                state: AccountState::Active,
                second_factor: false,
                place: PlaceVisibility::Shown,
            },
            password_hash: String::new(),
            password_until: None,
            second_factor: None,
            epoch: 0,
        }
    }

    #[test]
    fn a_change_of_groups_names_only_those_who_may_do_something_else() {
        let accounts = Accounts::default();
        let (cara, dan, admin) = (
            user(1, UserRole::None),
            user(2, UserRole::None),
            user(3, UserRole::Admin),
        );
        for user in [&cara, &dan, &admin] {
            accounts.note(user);
        }
        let entity = EntityId(Uuid::from_u128(9));
        let group = |members: &[&UserRow]| Groups {
            groups: vec![Group {
                id: GroupId(Uuid::from_u128(7)),
                name: "Sales".into(),
                members: members.iter().map(|user| user.account.person.id).collect(),
                grants: BTreeMap::from([(
                    entity,
                    Grant {
                        access: Access::View,
                        ..Grant::default()
                    },
                )]),
            }],
            closed: BTreeSet::new(),
        };
        let changed = accounts.note_groups(group(&[&cara, &admin]));
        assert_eq!(changed.keys().copied().collect::<Vec<_>>(), [cara.account.person.id]);
        assert!(accounts.may(cara.account.person.id, Right::View(entity)));
        assert!(!accounts.may(dan.account.person.id, Right::View(entity)));
        let again = accounts.note_groups(group(&[&cara, &admin, &dan]));
        assert_eq!(again.keys().copied().collect::<Vec<_>>(), [dan.account.person.id]);
        let (cara, dan) = (
            accounts.rights(cara.account.person.id),
            accounts.rights(dan.account.person.id),
        );
        assert!(Arc::ptr_eq(&cara, &dan), "who may do the same shares it");
    }

    #[test]
    fn whoever_comes_into_a_group_that_changes_nothing_for_them_goes_on_with_the_same_rights() {
        let accounts = Accounts::default();
        let ada = user(1, UserRole::Admin);
        accounts.note(&ada);
        let id = ada.account.person.id;
        let before = accounts.rights(id);
        let empty = Group {
            id: GroupId(Uuid::from_u128(7)),
            name: "Sales".into(),
            members: BTreeSet::from([id]),
            grants: BTreeMap::new(),
        };
        let groups = Groups {
            groups: vec![empty],
            closed: BTreeSet::new(),
        };
        assert!(accounts.note_groups(groups).is_empty());
        accounts.note(&ada);
        assert!(Arc::ptr_eq(&before, &accounts.rights(id)));
    }

    #[test]
    fn nobody_may_do_anything_who_is_not_known_or_deactivated() {
        let accounts = Accounts::default();
        let mut anna = user(1, UserRole::Admin);
        anna.account.state = AccountState::Deactivated;
        accounts.note(&anna);
        assert!(!accounts.may(anna.account.person.id, Right::ReadAudit));
        assert!(!accounts.may(UserId(Uuid::from_u128(2)), Right::View(EntityId(Uuid::nil()))));
    }
}
