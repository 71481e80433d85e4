//! Accounts, sign-ins and the audit.

use std::net::IpAddr;

use baton_locales::say;
use baton_protocol::audit::{AccountChange, AuditEntry};
use baton_protocol::message::{
    AddPerson, ChangePerson, ChangedAccount, Code, EndSignIn, GetAudit, GetSignIns, MAX_ROWS, Problem,
    RemoveSecondFactor, RenameMe,
};
use baton_protocol::person::{Account, AccountState, PlaceVisibility, SignInRow};
use baton_protocol::rights::{Groups, Right};

use crate::app::App;
use crate::people::{self, By};
use crate::rights::{Admin, SignedIn};
use crate::sessions::SignInEnd;
use crate::store::UserChange;

pub(crate) async fn all(app: &App, _: &Admin) -> Result<Vec<Account>, Problem> {
    let people = app.store.people().await?;
    Ok(people.into_iter().map(|user| user.account).collect())
}

pub(crate) async fn groups(app: &App, _: &Admin) -> Result<Groups, Problem> {
    Ok(app.store.groups().await?)
}

pub(crate) async fn add(app: &App, admin: &Admin, query: AddPerson) -> Result<ChangedAccount, Problem> {
    let AddPerson { email, name, role, .. } = query;
    let state = AccountState::PasswordGiven;
    let (account, password) = people::add(app, &email, &name, role, state, by(admin)).await?;
    Ok(ChangedAccount {
        account,
        password: Some(password.into()),
    })
}

pub(crate) async fn change(app: &App, admin: &Admin, query: ChangePerson) -> Result<ChangedAccount, Problem> {
    let (account, password) = people::change(app, query.person, query.change, by(admin)).await?;
    let password = password.map(Into::into);
    Ok(ChangedAccount { account, password })
}

pub(crate) async fn rename_me(app: &App, viewer: &SignedIn, query: RenameMe) -> Result<Account, Problem> {
    people::rename_me(app, viewer.person(), viewer.origin().clone(), &query.name).await
}

/// Removes the viewer's second factor, unless the settings ask for one.
pub(crate) async fn remove_second_factor(
    app: &App,
    viewer: &SignedIn,
    from: Option<IpAddr>,
    query: RemoveSecondFactor,
) -> Result<Account, Problem> {
    let user = people::check_password(app, viewer.id(), from, viewer.origin(), query.password.0).await?;
    if app.config.second_factor.includes(user.account.role) {
        let why = say::server::this_server_asks_for();
        return Err(Problem::new(Code::Forbidden, why));
    }
    if user.second_factor.is_none() {
        return Ok(user.account);
    }
    let change = UserChange::SecondFactor(user.second_factor, None);
    let audited = AccountChange::SecondFactorRemoved;
    let user = people::change_own(app, viewer.person(), viewer.origin().clone(), change, audited).await?;
    Ok(user.account)
}

/// Shows or hides where the viewer is.
pub(crate) async fn show_place(app: &App, viewer: &SignedIn, shown: bool) -> Result<Account, Problem> {
    if !shown && !app.config.may_hide {
        let why = say::server::on_this_server_everybody();
        return Err(Problem::new(Code::Forbidden, why));
    }
    let place = if shown {
        PlaceVisibility::Shown
    } else {
        PlaceVisibility::Hidden
    };
    let audited = AccountChange::Place { shown };
    let change = UserChange::Place(place);
    let user = people::change_own(app, viewer.person(), viewer.origin().clone(), change, audited).await?;
    Ok(user.account)
}

pub(crate) async fn sign_ins(app: &App, viewer: &SignedIn, query: GetSignIns) -> Result<Vec<SignInRow>, Problem> {
    let whose = query.person.unwrap_or(viewer.id());
    if whose != viewer.id() {
        viewer.require(Right::ManagePeople)?;
    }
    let online = app.sessions.online();
    let rows = app.store.sign_ins(whose, people::lasting(app)).await?;
    let row = |stored: crate::store::StoredSignIn| SignInRow {
        online: online.contains(&stored.id),
        own: viewer.sign_in() == Some(stored.id),
        id: stored.id,
        origin: stored.origin,
        since: stored.since,
        used: stored.used,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Ends a sign-in of the viewer's own, or anybody's for an admin.
pub(crate) async fn end_sign_in(app: &App, viewer: &SignedIn, query: EndSignIn) -> Result<(), Problem> {
    let Some(stored) = app.store.sign_in(query.sign_in).await? else {
        // It has ended already, or never was; to somebody else there is no difference. A connection of it goes too.
        let whose = app.sessions.person_of(query.sign_in);
        if whose.is_some_and(|whose| whose == viewer.id() || viewer.rights().may(Right::ManagePeople)) {
            people::disconnect_sign_in(app, query.sign_in, by_whom(whose == Some(viewer.id()))).await;
        }
        return Ok(());
    };
    if stored.user != viewer.id() && !viewer.rights().may(Right::ManagePeople) {
        return Err(Problem::new(
            Code::Forbidden,
            say::server::this_is_somebody_elses_sign(),
        ));
    }
    let by = By {
        person: Some(viewer.person().clone()),
        origin: viewer.origin().clone(),
    };
    people::end_sign_in(app, &stored, by, by_whom(stored.user == viewer.id())).await
}

fn by_whom(own: bool) -> SignInEnd {
    if own { SignInEnd::ByPerson } else { SignInEnd::ByAdmin }
}

pub(crate) async fn audit(app: &App, _: &Admin, query: GetAudit) -> Result<Vec<AuditEntry>, Problem> {
    let rows = query.rows.clamp(1, MAX_ROWS);
    Ok(app.store.audit(&query.filter, query.before, rows).await?)
}

fn by(admin: &Admin) -> By {
    By {
        person: Some(admin.person().clone()),
        origin: admin.origin().clone(),
    }
}
