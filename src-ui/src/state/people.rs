//! The accounts that an admin sees.

use baton_protocol::person::Account;

/// Accounts by name, those that nobody signs in with any more last.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct People(Vec<Account>);

impl People {
    /// As the server told them.
    pub(crate) fn new(accounts: Vec<Account>) -> Self {
        let mut people = Self(accounts);
        people.sort();
        people
    }

    /// With this account as it is now, or with it besides.
    pub(crate) fn with(&self, account: Account) -> Self {
        let mut people = self.clone();
        people.0.retain(|known| known.person.id != account.person.id);
        people.0.push(account);
        people.sort();
        people
    }

    /// Those whose name or address has all of these words.
    pub(crate) fn found<'a>(&'a self, search: &str) -> impl Iterator<Item = &'a Account> {
        let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        self.0.iter().filter(move |account| {
            let text = format!("{} {}", account.person.name, account.email).to_lowercase();
            words.iter().all(|word| text.contains(word))
        })
    }

    fn sort(&mut self) {
        self.0.sort_by_key(|account| {
            let ended = account.state.is_ended();
            (ended, account.person.name.to_lowercase(), account.person.id)
        });
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::id::UserId;
    use baton_protocol::person::{AccountState, Person, PlaceVisibility, UserRole};
    use uuid::Uuid;

    use super::*;

    fn account(number: u128, name: &str, state: AccountState) -> Account {
        Account {
            person: Person {
                id: UserId(Uuid::from_u128(number)),
                name: name.into(),
            },
            email: format!("{}@example.test", name.to_lowercase()),
            role: UserRole::Editor,
            state,
            second_factor: false,
            place: PlaceVisibility::Shown,
        }
    }

    fn names(people: &People, search: &str) -> Vec<String> {
        people
            .found(search)
            .map(|account| account.person.name.clone())
            .collect()
    }

    #[test]
    fn people_are_by_name_with_those_who_left_last_and_are_found_by_words() {
        let people = People::new(vec![
            account(1, "Zoe", AccountState::Active),
            account(2, "Adam", AccountState::Deactivated),
            account(3, "ben", AccountState::PasswordGiven),
        ]);
        assert_eq!(names(&people, ""), ["ben", "Zoe", "Adam"]);
        assert_eq!(names(&people, "EXAMPLE z"), ["Zoe"]);
        let people = people.with(account(2, "Adam", AccountState::Active));
        assert_eq!(names(&people, ""), ["Adam", "ben", "Zoe"]);
        let people = people.with(account(4, "Cara", AccountState::PasswordGiven));
        assert_eq!(names(&people, ""), ["Adam", "ben", "Cara", "Zoe"]);
    }
}
