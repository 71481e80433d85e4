//! Who has an account.

use baton_protocol::id::UserId;
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::{Account, Person, PersonChange, UserRole};
use uuid::Uuid;

use crate::app::App;
use crate::auth;
use crate::forms::failed;
use crate::store::{NewUser, StoreError, UserWrite, Write};

/// The longest name or address, in bytes.
const MAX_WORDS: usize = 254;

/// Makes an account; the password is made here and kept only as a hash.
///
/// # Errors
/// The address is taken or makes no sense, or the store failed.
pub(crate) async fn add(app: &App, email: &str, name: &str, role: UserRole) -> Result<(Account, String), Problem> {
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
        password_hash: hash(&password)?,
        at: app.clock.now(),
    };
    match app.store.write(Write::User(user)).await {
        Ok(()) => Ok((account, password)),
        Err(StoreError::EmailTaken) => malformed(format!("Somebody has the address {email} already.")),
        Err(error) => Err(failed(&error)),
    }
}

/// Changes an account; gives the new password, if there is one. Whoever it is signs in again, but after a new
/// name.
///
/// # Errors
/// There is no such account, nobody would be an admin any more, or the store failed.
pub(crate) async fn change(app: &App, id: UserId, change: PersonChange) -> Result<(Account, Option<String>), Problem> {
    let people = app.store.people().await.map_err(|error| failed(&error))?;
    let found = people.iter().find(|account| account.person.id == id);
    let mut account = found
        .cloned()
        .ok_or_else(|| Problem::new(Code::NotFound, "There is no such person."))?;
    let (mut password, mut signs_in_again) = (None, true);
    match change {
        PersonChange::Name(name) => {
            account.person.name = checked(&name)?;
            signs_in_again = false;
        }
        PersonChange::Role(role) => {
            let others = people.iter().filter(|other| other.person.id != id);
            if role != UserRole::Admin && others.filter(|other| other.role == UserRole::Admin).count() == 0 {
                let why = "Somebody must be an admin. Make another person one first.";
                return Err(Problem::new(Code::Forbidden, why));
            }
            account.role = role;
        }
        PersonChange::NewPassword => password = Some(auth::new_password()),
    }
    let write = UserWrite {
        account: account.clone(),
        password_hash: password.as_deref().map(hash).transpose()?,
        signs_in_again,
    };
    app.store
        .write(Write::ChangeUser(write))
        .await
        .map_err(|error| failed(&error))?;
    if signs_in_again {
        app.sessions.end_of(id);
    }
    Ok((account, password))
}

fn checked(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    if name.is_empty() || name.len() > MAX_WORDS || name.contains(char::is_control) {
        return Err(Problem::new(Code::Malformed, "A person needs a name of one line."));
    }
    Ok(name.to_owned())
}

fn hash(password: &str) -> Result<String, Problem> {
    auth::hash_password(password).map_err(|error| {
        tracing::error!(%error, "a password could not be hashed");
        Problem::new(Code::Internal, "The server could not make a password. Try again.")
    })
}
