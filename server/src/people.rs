//! Who has an account.

use std::collections::BTreeSet;

use anyhow::Context as _;
use baton_locales::say;
use baton_protocol::audit::{AccountChange, Act};
use baton_protocol::id::{SignInId, UserId};
use baton_protocol::message::{Code, PersonalNotice, Problem, ToClient};
use baton_protocol::origin::Origin;
use baton_protocol::password;
use baton_protocol::person::{Account, AccountState, FORMER_NAME, Person, PersonChange, PlaceVisibility, UserRole};
use uuid::Uuid;

use crate::app::App;
use crate::auth::Verdict;
use crate::sessions::SignInEnd;
use crate::store::{
    Lasting, NewAuditEntry, NewUser, PasswordOrigin, StoreError, StoredSignIn, UserChange, UserRow, UserWrite, Write,
};
use crate::{audit, auth, uploads};

/// The longest name or address, in bytes.
const MAX_WORDS: usize = 254;

/// Who changes accounts, and from where; nobody where whoever runs the server does it.
#[derive(Clone, Debug, Default)]
pub(crate) struct By {
    pub(crate) person: Option<Person>,
    pub(crate) origin: Origin,
}

impl By {
    fn id(&self) -> Option<UserId> {
        self.person.as_ref().map(|person| person.id)
    }

    fn entry(self, app: &App, person: Person, change: AccountChange) -> NewAuditEntry {
        audit::entry(app.clock.now(), self.person, self.origin, Act::Account(person, change))
    }
}

/// Makes an account; the password is made here and kept only as a hash. Unless `given` says otherwise, its person
/// chooses their own at the first sign-in.
///
/// # Errors
/// The address is taken or makes no sense, or the store failed.
pub(crate) async fn add(
    app: &App,
    email: &str,
    name: &str,
    role: UserRole,
    state: AccountState,
    by: By,
) -> Result<(Account, String), Problem> {
    let email = checked_address(email)?;
    let person = Person {
        id: UserId(Uuid::now_v7()),
        name: checked(name)?,
    };
    let account = Account {
        person: person.clone(),
        email,
        role,
        state,
        second_factor: false,
        place: PlaceVisibility::Shown,
    };
    let password = auth::new_password();
    let now = app.clock.now();
    let user = NewUser {
        account: account.clone(),
        password_hash: hash(&password).await?,
        password_until: (state == AccountState::PasswordGiven).then(|| now + app.config.given_password),
        by: by.id(),
        at: now,
        audit: by.entry(app, person, AccountChange::Added(role)),
    };
    match app.store.write(Write::User(user)).await {
        Ok(()) => Ok((account, password)),
        Err(StoreError::EmailTaken) => Err(address_taken(&account.email)),
        Err(StoreError::RightsChanged) => Err(no_admin()),
        Err(error) => Err(error.into()),
    }
}

/// Changes an account; gives the new password, if there is one. Whoever it is signs in again, but after a new
/// name or address.
///
/// # Errors
/// There is no such account, nobody would be an admin any more, whoever asks is no admin any more, or the store
/// failed.
pub(crate) async fn change(
    app: &App,
    id: UserId,
    change: PersonChange,
    by: By,
) -> Result<(Account, Option<String>), Problem> {
    let user = user(app, id).await?;
    let before = user.account.person.clone();
    if user.account.state == AccountState::Former {
        let why = say::server::the_name_and_the();
        return Err(Problem::new(Code::Forbidden, why));
    }
    let mut password = None;
    let (change, audited) = match change {
        PersonChange::Name(name) => (
            UserChange::Name(checked(&name)?),
            AccountChange::Renamed(before.name.clone()),
        ),
        PersonChange::Email(email) if user.account.email == email.trim() => return Ok((user.account, None)),
        PersonChange::Email(email) => (
            UserChange::Email(checked_address(&email)?),
            AccountChange::Email(user.account.email.clone()),
        ),
        // What stays as it is ends no sign-in.
        PersonChange::Role(role) if user.account.role == role => return Ok((user.account, None)),
        PersonChange::Role(role) => (UserChange::Role(role), AccountChange::Role(role)),
        PersonChange::NewPassword => {
            let new = auth::new_password();
            let hash = hash(&new).await?;
            password = Some(new);
            app.passwords.forgive(&user.account.email);
            let until = app.clock.now() + app.config.given_password;
            let change = UserChange::PasswordHash(hash, PasswordOrigin::Given(until));
            (change, AccountChange::PasswordReset)
        }
        PersonChange::RemoveSecondFactor if user.second_factor.is_none() => return Ok((user.account, None)),
        PersonChange::RemoveSecondFactor => {
            app.passwords.forgive(&user.account.email);
            let change = UserChange::SecondFactor(user.second_factor, None);
            (change, AccountChange::SecondFactorRemoved)
        }
        PersonChange::Deactivate => (UserChange::Deactivate, AccountChange::Deactivated),
        PersonChange::Reactivate => (UserChange::Reactivate, AccountChange::Reactivated),
        PersonChange::Forget if user.account.state != AccountState::Deactivated => {
            let why = say::server::deactivate_the_account_first();
            return Err(Problem::new(Code::Forbidden, why));
        }
        PersonChange::Forget => (UserChange::Forget, AccountChange::Forgotten),
    };
    let renamed = new_name(&change);
    let ends_sign_ins = ended_by(app, &change, user.account.role);
    let person = Person {
        name: renamed.clone().unwrap_or(before.name),
        ..before
    };
    let write = UserWrite {
        user: id,
        change,
        by: by.id(),
        at: app.clock.now(),
        audit: by.entry(app, person, audited),
    };
    let user = store(app, write).await?;
    if renamed.is_some() {
        app.forms.renamed(&user.account.person).await;
        app.names.spread();
    } else if let Some(why) = ends_sign_ins {
        let sessions = app.sessions.end_of(id, why);
        app.forms.end_places(&sessions).await;
        uploads::forget_exports(app, [id]).await;
        app.forms.revoked(&BTreeSet::from([id])).await;
    }
    Ok((user.account, password))
}

/// The name that a change gives.
fn new_name(change: &UserChange) -> Option<String> {
    match change {
        UserChange::Name(name) => Some(name.clone()),
        UserChange::Forget => Some(FORMER_NAME.to_owned()),
        UserChange::Email(_)
        | UserChange::Role(_)
        | UserChange::PasswordHash(..)
        | UserChange::Deactivate
        | UserChange::Reactivate
        | UserChange::SecondFactor(..)
        | UserChange::Place(_) => None,
    }
}

/// Why somebody's sign-ins end with an admin's change of their account; `None`: they go on.
fn ended_by(app: &App, change: &UserChange, role: UserRole) -> Option<SignInEnd> {
    match change {
        UserChange::Name(_) | UserChange::Email(_) | UserChange::Place(_) | UserChange::Forget => None,
        // Where one is asked for, its person comes back to set up another.
        UserChange::SecondFactor(..) => {
            let needs_one = app.config.second_factor.includes(role);
            needs_one.then_some(SignInEnd::SecondFactorRemoved)
        }
        UserChange::Role(_) => Some(SignInEnd::Role),
        UserChange::PasswordHash(..) => Some(SignInEnd::PasswordReset),
        UserChange::Deactivate | UserChange::Reactivate => Some(SignInEnd::Deactivated),
    }
}

/// Gives a person the name that they chose.
///
/// # Errors
/// It makes no sense, or the store failed.
pub(crate) async fn rename_me(app: &App, person: &Person, origin: Origin, name: &str) -> Result<Account, Problem> {
    let before = AccountChange::Renamed(person.name.clone());
    let named = Person {
        name: checked(name)?,
        ..person.clone()
    };
    let change = UserChange::Name(named.name.clone());
    let user = change_own(app, &named, origin, change, before).await?;
    app.forms.renamed(&user.account.person).await;
    app.names.spread();
    Ok(user.account)
}

/// Gives a person the password that they chose; all their sign-ins are worth nothing then.
///
/// # Errors
/// It is too easy to guess, or the store failed.
pub(crate) async fn choose_password(
    app: &App,
    account: &Account,
    origin: Origin,
    password: &str,
) -> Result<UserRow, Problem> {
    let person = &account.person;
    password::check(password, &account.email, &person.name)
        .map_err(|weak| Problem::new(Code::Malformed, weak.to_string()))?;
    let change = UserChange::PasswordHash(hash(password).await?, PasswordOrigin::Own);
    change_own(app, person, origin, change, AccountChange::PasswordChanged).await
}

/// Changes what is only its person's own matter of their account.
///
/// # Errors
/// It was changed meanwhile, or the store failed.
pub(crate) async fn change_own(
    app: &App,
    person: &Person,
    origin: Origin,
    change: UserChange,
    audited: AccountChange,
) -> Result<UserRow, Problem> {
    let by = By {
        person: Some(person.clone()),
        origin,
    };
    let write = UserWrite {
        user: person.id,
        change,
        by: None,
        at: app.clock.now(),
        audit: by.entry(app, person.clone(), audited),
    };
    store(app, write).await
}

/// Checks the password of somebody who is signed in, before they change what guards their account.
///
/// # Errors
/// It is wrong, or too many were tried.
pub(crate) async fn check_password(
    app: &App,
    id: UserId,
    from: Option<std::net::IpAddr>,
    origin: &Origin,
    password: String,
) -> Result<UserRow, Problem> {
    let user = user(app, id).await?;
    let (email, hash) = (&user.account.email, user.password_hash.clone());
    let verdict = app.passwords.check(from, email, password, Some(hash)).await?;
    if verdict.is_right() {
        Ok(user)
    } else {
        notify_of_pause(app, &user, origin, verdict).await?;
        Err(Problem::new(Code::BadCredentials, say::server::this_is_not_your()))
    }
}

/// Tells admins, and the audit, of an account that waits from now on because too many sign-ins failed.
///
/// # Errors
/// The store failed.
pub(crate) async fn notify_of_pause(
    app: &App,
    user: &UserRow,
    origin: &Origin,
    verdict: Verdict,
) -> Result<(), Problem> {
    let Verdict::Wrong(Some(pause)) = verdict else {
        return Ok(());
    };
    let email = user.account.email.clone();
    let act = Act::SignInsPaused(email.clone());
    let entry = audit::entry(app.clock.now(), None, origin.clone(), act);
    app.store.write(Write::Audit(entry)).await?;
    let seconds = pause.as_secs();
    let notice = ToClient::Personal(PersonalNotice::SignInsPaused { email, seconds });
    for person in app.accounts.admins() {
        app.bus.publish_to_person(person, &notice);
    }
    Ok(())
}

/// Somebody who has a password that was given, and signs in otherwise, need not choose their own: it is worth nothing any
/// more.
///
/// # Errors
/// The store failed.
pub(crate) async fn end_given_password(app: &App, person: &Person, origin: Origin) -> Result<UserRow, Problem> {
    let by = By { person: None, origin };
    let unknown = hash(&auth::new_password()).await?;
    let write = UserWrite {
        user: person.id,
        change: UserChange::PasswordHash(unknown, PasswordOrigin::Own),
        by: None,
        at: app.clock.now(),
        audit: by.entry(app, person.clone(), AccountChange::GivenPasswordEnded),
    };
    store(app, write).await
}

/// Stores a change of an account, and has it felt from now on; returns the account as it is then.
async fn store(app: &App, write: UserWrite) -> Result<UserRow, Problem> {
    let id = write.user;
    let is_tentative = matches!(
        write.change,
        UserChange::SecondFactor(..) | UserChange::Forget | UserChange::Reactivate
    );
    let address = if let UserChange::Email(address) = &write.change {
        address.clone()
    } else {
        String::new()
    };
    match app.store.write(Write::ChangeUser(write)).await {
        Ok(()) => {}
        Err(StoreError::LastAdmin) => {
            let why = say::server::somebody_must_be_an();
            return Err(Problem::new(Code::Forbidden, why));
        }
        Err(StoreError::EmailTaken) => return Err(address_taken(&address)),
        Err(StoreError::RightsChanged) if is_tentative => {
            return Err(Problem::new(Code::Busy, say::server::the_account_was_changed()));
        }
        Err(StoreError::RightsChanged) => return Err(no_admin()),
        Err(StoreError::Missing) => return Err(no_person()),
        Err(error) => return Err(error.into()),
    }
    let user = user(app, id).await?;
    app.accounts.note(&user);
    Ok(user)
}

/// What a sign-in must be to last at this moment.
pub(crate) fn lasting(app: &App) -> Lasting {
    let now = app.clock.now();
    let used_after = now - app.config.sign_in_idle;
    Lasting { now, used_after }
}

/// Ends a sign-in: its connections are told, give up their places, and ask for a password again.
///
/// # Errors
/// The store failed.
pub(crate) async fn end_sign_in(app: &App, sign_in: &StoredSignIn, by: By, why: SignInEnd) -> Result<(), Problem> {
    let whose = user(app, sign_in.user).await?.account.person;
    let act = Act::SignInEnded(whose);
    let entry = audit::entry(app.clock.now(), by.person, by.origin, act);
    app.store.write(Write::EndSignIn(sign_in.id, entry)).await?;
    disconnect_sign_in(app, sign_in.id, why).await;
    Ok(())
}

/// Ends the connections and the places of a sign-in that is worth nothing any more.
pub(crate) async fn disconnect_sign_in(app: &App, sign_in: SignInId, why: SignInEnd) {
    let sessions = app.sessions.end_sign_in(sign_in, why);
    app.forms.end_places(&sessions).await;
}

/// The account of a person.
///
/// # Errors
/// There is none, or the store failed.
pub(crate) async fn user(app: &App, id: UserId) -> Result<UserRow, Problem> {
    let people = app.store.people().await?;
    let user = people.into_iter().find(|user| user.account.person.id == id);
    user.ok_or_else(no_person)
}

fn no_person() -> Problem {
    Problem::new(Code::NotFound, say::server::there_is_no_such_person())
}

fn no_admin() -> Problem {
    Problem::new(Code::Forbidden, say::server::only_an_admin_manages())
}

fn address_taken(email: &str) -> Problem {
    Problem::new(Code::Malformed, say::server::address_is_taken(email))
}

fn checked_address(email: &str) -> Result<String, Problem> {
    let email = email.trim();
    let strange = |c: char| c.is_whitespace() || c.is_control();
    if !email.contains('@') || email.contains(strange) || email.len() > MAX_WORDS {
        let why = say::server::no_e_mail_address(format!("{email:.80}"));
        return Err(Problem::new(Code::Malformed, why));
    }
    Ok(email.to_owned())
}

fn checked(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    if name.is_empty() || name.len() > MAX_WORDS || name.contains(char::is_control) {
        return Err(Problem::new(Code::Malformed, say::server::a_person_needs_a()));
    }
    Ok(name.to_owned())
}

/// Hashed on a thread of its own: it takes a core for some 20 ms.
async fn hash(password: &str) -> Result<String, Problem> {
    let password = password.to_owned();
    let hashed = tokio::task::spawn_blocking(move || auth::hash_password(&password)).await;
    hashed.map_err(anyhow::Error::from).flatten().map_err(|error| {
        tracing::error!(%error, "a password could not be hashed");
        Problem::new(Code::Internal, say::server::the_server_could_not_make())
    })
}

/// Adds a person without anybody signed in: at the first start, or by whoever runs the server.
///
/// # Errors
/// If the address is taken or makes no sense, or the store fails.
pub async fn add_as_operator(
    app: &App,
    email: &str,
    name: &str,
    role: UserRole,
    state: AccountState,
) -> anyhow::Result<(Account, String)> {
    add(app, email, name, role, state, By::default())
        .await
        .with_context(|| format!("cannot add {email}"))
}

/// Makes an account an active admin with a new password, which it gives: for whoever runs the server, where nobody
/// else can any more.
///
/// # Errors
/// Nobody has this address, or the store fails.
pub async fn rescue(app: &App, email: &str) -> anyhow::Result<String> {
    let user = app.store.user_by_email(email).await?;
    let id = user
        .with_context(|| format!("nobody has the address {email}"))?
        .account
        .person
        .id;
    change(app, id, PersonChange::Reactivate, By::default()).await?;
    change(app, id, PersonChange::Role(UserRole::Admin), By::default()).await?;
    change(app, id, PersonChange::RemoveSecondFactor, By::default()).await?;
    let (_, password) = change(app, id, PersonChange::NewPassword, By::default()).await?;
    password.context("a new password")
}

/// Prints what whoever runs the server must read and the log must not have.
#[expect(clippy::print_stdout, reason = "passwords are shown once and are not for the log")]
pub(crate) fn print(line: &str) {
    println!("{line}");
}
