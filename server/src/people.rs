//! Who has an account.

use anyhow::Context as _;
use baton_protocol::id::UserId;
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::{Account, Person, PersonChange, UserRole};
use uuid::Uuid;

use crate::app::App;
use crate::auth;
use crate::store::{NewUser, StoreError, UserChange, UserWrite, Write};

/// The longest name or address, in bytes.
const MAX_WORDS: usize = 254;

/// Makes an account; the password is made here and kept only as a hash.
///
/// # Errors
/// The address is taken or makes no sense, or the store failed.
pub(crate) async fn add(
    app: &App,
    email: &str,
    name: &str,
    role: UserRole,
    by: Option<UserId>,
) -> Result<(Account, String), Problem> {
    let email = email.trim();
    let malformed = |why: String| Err(Problem::new(Code::Malformed, why));
    let strange = |c: char| c.is_whitespace() || c.is_control();
    if !email.contains('@') || email.contains(strange) || email.len() > MAX_WORDS {
        return malformed(format!("“{email:.80}” is not an e-mail address."));
    }
    let person = Person {
        id: UserId(Uuid::now_v7()),
        name: checked(name)?,
    };
    let account = Account {
        person,
        email: email.into(),
        role,
    };
    let password = auth::new_password();
    let user = NewUser {
        account: account.clone(),
        password_hash: hash(&password).await?,
        by,
        at: app.clock.now(),
    };
    match app.store.write(Write::User(user)).await {
        Ok(()) => Ok((account, password)),
        Err(StoreError::EmailTaken) => malformed(format!("Somebody has the address {email} already.")),
        Err(StoreError::RightsChanged) => Err(no_admin()),
        Err(error) => Err(error.into()),
    }
}

/// Changes an account; gives the new password, if there is one. Whoever it is signs in again, but after a new
/// name.
///
/// # Errors
/// There is no such account, nobody would be an admin any more, whoever asks is no admin any more, or the store
/// failed.
pub(crate) async fn change(
    app: &App,
    id: UserId,
    change: PersonChange,
    by: UserId,
) -> Result<(Account, Option<String>), Problem> {
    let mut password = None;
    let change = match change {
        PersonChange::Name(name) => UserChange::Name(checked(&name)?),
        PersonChange::Role(role) => UserChange::Role(role),
        PersonChange::NewPassword => {
            let new = auth::new_password();
            let hash = hash(&new).await?;
            password = Some(new);
            UserChange::PasswordHash(hash)
        }
    };
    let renamed = matches!(change, UserChange::Name(_));
    let write = UserWrite {
        user: id,
        change,
        by: Some(by),
        at: app.clock.now(),
    };
    match app.store.write(Write::ChangeUser(write)).await {
        Ok(()) => {}
        Err(StoreError::LastAdmin) => {
            let why = "Somebody must be an admin. Make another person one first.";
            return Err(Problem::new(Code::Forbidden, why));
        }
        Err(StoreError::RightsChanged) => return Err(no_admin()),
        Err(StoreError::Missing) => return Err(no_person()),
        Err(error) => return Err(error.into()),
    }
    let people = app.store.people().await?;
    let user = people.into_iter().find(|user| user.account.person.id == id);
    let user = user.ok_or_else(no_person)?;
    app.accounts.note(&user);
    if renamed {
        app.forms.renamed(&user.account.person).await;
        tokio::spawn(reindex(app.clone(), user.account.person.clone()));
    } else {
        app.sessions.end_of(id);
        app.forms.revoked(id).await;
    }
    Ok((user.account, password))
}

/// Has lists find a person's records by their new name, a few at a time.
async fn reindex(app: App, person: Person) {
    const AT_ONCE: u64 = 2000;
    let last = match app.store.last_num().await {
        Ok(last) => last,
        Err(error) => return tracing::error!(%error, "lists sort some records by a person's old name"),
    };
    for from in (1..=last).step_by(usize::try_from(AT_ONCE).unwrap_or(1)) {
        let write = Write::ReindexName {
            person: person.clone(),
            nums: (from, from + AT_ONCE - 1),
        };
        if let Err(error) = app.store.write(write).await {
            tracing::error!(%error, "lists sort some records by a person's old name");
        }
    }
}

fn no_person() -> Problem {
    Problem::new(Code::NotFound, "There is no such person.")
}

fn no_admin() -> Problem {
    Problem::new(Code::Forbidden, "Only an admin manages people.")
}

fn checked(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    if name.is_empty() || name.len() > MAX_WORDS || name.contains(char::is_control) {
        return Err(Problem::new(Code::Malformed, "A person needs a name of one line."));
    }
    Ok(name.to_owned())
}

/// Hashed on a thread of its own: it takes a core for some 20 ms.
async fn hash(password: &str) -> Result<String, Problem> {
    let password = password.to_owned();
    let hashed = tokio::task::spawn_blocking(move || auth::hash_password(&password)).await;
    hashed.map_err(anyhow::Error::from).flatten().map_err(|error| {
        tracing::error!(%error, "a password could not be hashed");
        Problem::new(Code::Internal, "The server could not make a password. Try again.")
    })
}

/// Adds a person without anybody signed in: at the first start, or by whoever runs the server.
///
/// # Errors
/// If the address is taken or makes no sense, or the store fails.
pub async fn add_as_operator(app: &App, email: &str, name: &str, role: UserRole) -> anyhow::Result<(Account, String)> {
    add(app, email, name, role, None)
        .await
        .with_context(|| format!("cannot add {email}"))
}

/// Prints what whoever runs the server must read and the log must not have.
#[expect(clippy::print_stdout, reason = "passwords are shown once and are not for the log")]
pub(crate) fn print(line: &str) {
    println!("{line}");
}
