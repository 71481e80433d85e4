//! Accounts, for admins.

use baton_protocol::message::{AddPerson, ChangePerson, ChangedAccount, Problem};
use baton_protocol::person::Account;

use crate::app::App;
use crate::people;
use crate::rights::Admin;

pub(crate) async fn all(app: &App, _: &Admin) -> Result<Vec<Account>, Problem> {
    let people = app.store.people().await?;
    Ok(people.into_iter().map(|user| user.account).collect())
}

pub(crate) async fn add(app: &App, admin: &Admin, query: AddPerson) -> Result<ChangedAccount, Problem> {
    let (account, password) = people::add(app, &query.email, &query.name, query.role, Some(admin.id())).await?;
    Ok(ChangedAccount {
        account,
        password: Some(password.into()),
    })
}

pub(crate) async fn change(app: &App, admin: &Admin, query: ChangePerson) -> Result<ChangedAccount, Problem> {
    let (account, password) = people::change(app, query.person, query.change, admin.id()).await?;
    let password = password.map(Into::into);
    Ok(ChangedAccount { account, password })
}
