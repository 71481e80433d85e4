//! Accounts, for admins.

use baton_protocol::id::UserId;
use baton_protocol::message::{Answer, Problem};
use baton_protocol::person::{PersonChange, UserRole};

use crate::forms::failed;
use crate::people;
use crate::rights::{self, Right};
use crate::session::Session;

impl Session {
    pub(crate) async fn people(&self) -> Result<Answer, Problem> {
        rights::require(self.account.as_ref(), Right::ManagePeople)?;
        let people = self.app.store.people().await;
        people.map(Answer::People).map_err(|error| failed(&error))
    }

    pub(crate) async fn add_person(&self, email: &str, name: &str, role: UserRole) -> Result<Answer, Problem> {
        rights::require(self.account.as_ref(), Right::ManagePeople)?;
        let (account, password) = people::add(&self.app, email, name, role).await?;
        Ok(Answer::Person {
            account,
            password: Some(password),
        })
    }

    pub(crate) async fn change_person(&self, person: UserId, change: PersonChange) -> Result<Answer, Problem> {
        rights::require(self.account.as_ref(), Right::ManagePeople)?;
        let (account, password) = people::change(&self.app, person, change).await?;
        Ok(Answer::Person { account, password })
    }
}
