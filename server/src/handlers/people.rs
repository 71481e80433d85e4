//! Accounts, for admins.

use baton_protocol::id::UserId;
use baton_protocol::message::{Answer, Problem};
use baton_protocol::person::{PersonChange, UserRole};

use crate::people;
use crate::rights::{self, Right};
use crate::session::Session;

impl Session {
    pub(crate) async fn people(&self) -> Result<Answer, Problem> {
        rights::require(self.account.as_deref(), Right::ManagePeople)?;
        let people = self.app.store.people().await?;
        Ok(Answer::People(people.into_iter().map(|user| user.account).collect()))
    }

    pub(crate) async fn add_person(&self, email: &str, name: &str, role: UserRole) -> Result<Answer, Problem> {
        let by = rights::require(self.account.as_deref(), Right::ManagePeople)?.person.id;
        let (account, password) = people::add(&self.app, email, name, role, Some(by)).await?;
        Ok(Answer::Person {
            account,
            password: Some(password.into()),
        })
    }

    pub(crate) async fn change_person(&self, person: UserId, change: PersonChange) -> Result<Answer, Problem> {
        let by = rights::require(self.account.as_deref(), Right::ManagePeople)?.person.id;
        let (account, password) = people::change(&self.app, person, change, by).await?;
        let password = password.map(Into::into);
        Ok(Answer::Person { account, password })
    }
}
