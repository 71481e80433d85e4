//! Who has an account.

use baton_locales::t;
use baton_protocol::invitation::Invitation;
use baton_protocol::message::{AddPerson, ChangePerson, ChangedAccount, Code, GetPeople, Problem};
use baton_protocol::person::{Account, PersonChange, UserRole};
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::connection::{Connection, Result};

/// What is done with accounts; only an admin may.
#[derive(Subcommand)]
pub(crate) enum People {
    /// Lists them
    List,
    /// Makes one, and prints its invitation and its password, which are told only now
    Add {
        /// The address that they sign in with.
        address: String,
        /// The name that others read.
        name: String,
        /// What they may do.
        #[arg(long, default_value = "editor")]
        role: Role,
    },
    /// Gives one another name
    Rename {
        /// The address that they sign in with.
        address: String,
        /// The name that others read.
        name: String,
    },
    /// Gives one another address, which they sign in with from then on
    Address {
        /// The address that they sign in with now.
        address: String,
        /// The new one.
        new: String,
    },
    /// Forgets the name and the address of one that is deactivated, for good
    Forget {
        /// The address that they signed in with.
        address: String,
    },
    /// Lets one do more or less; they sign in again
    Role {
        /// The address that they sign in with.
        address: String,
        /// What they may do.
        role: Role,
    },
    /// Ends one: nobody signs in with it any more, and what was done with it stays
    Deactivate {
        /// The address that they sign in with.
        address: String,
    },
    /// Lets one sign in again
    Reactivate {
        /// The address that they sign in with.
        address: String,
    },
    /// Makes a new password and prints it, also as an invitation; the old one is worth nothing any more
    NewPassword {
        /// The address that they sign in with.
        address: String,
    },
}

/// What a person may do.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Role {
    /// Only what their groups open.
    None,
    Viewer,
    Editor,
    Admin,
}

impl From<Role> for UserRole {
    fn from(role: Role) -> Self {
        match role {
            Role::None => Self::None,
            Role::Viewer => Self::Viewer,
            Role::Editor => Self::Editor,
            Role::Admin => Self::Admin,
        }
    }
}

/// Does it; what is printed of it.
pub(crate) async fn carry_out(connection: &Connection, what: People) -> Result<Value> {
    let (address, change) = match what {
        People::List => {
            let people = all(connection).await?;
            return Ok(people.iter().map(shown).collect());
        }
        People::Add { address, name, role } => {
            let (email, role) = (address, role.into());
            let op = new_op();
            let query = AddPerson { op, email, name, role };
            return Ok(changed(connection, &connection.query(query).await?));
        }
        People::Rename { address, name } => (address, PersonChange::Name(name)),
        People::Address { address, new } => (address, PersonChange::Email(new)),
        People::Forget { address } => (address, PersonChange::Forget),
        People::Role { address, role } => (address, PersonChange::Role(role.into())),
        People::NewPassword { address } => (address, PersonChange::NewPassword),
        People::Deactivate { address } => (address, PersonChange::Deactivate),
        People::Reactivate { address } => (address, PersonChange::Reactivate),
    };
    let person = of_address(connection, &address).await?.person.id;
    let op = new_op();
    let query = ChangePerson { op, person, change };
    Ok(changed(connection, &connection.query(query).await?))
}

/// The account with this address.
pub(crate) async fn of_address(connection: &Connection, address: &str) -> Result<Account> {
    let mut people = all(connection).await?.into_iter();
    let account = people.find(|account| account.email.eq_ignore_ascii_case(address));
    let nobody = || Problem::new(Code::NotFound, t::cli::nobody_has_the_address(address));
    Ok(account.ok_or_else(nobody)?)
}

async fn all(connection: &Connection) -> Result<Vec<Account>> {
    connection.query(GetPeople {}).await
}

/// The account as it is now, with what lets its person in if that is new.
fn changed(connection: &Connection, changed: &ChangedAccount) -> Value {
    let mut shown = shown(&changed.account);
    if let Some(password) = changed.password.clone() {
        shown["password"] = password.0.clone().into();
        let invitation = Invitation {
            server: connection.server().to_owned(),
            email: changed.account.email.clone(),
            password,
        };
        shown["invitation"] = invitation.to_string().into();
    }
    shown
}

fn shown(account: &Account) -> Value {
    json!({
        "email": account.email, "name": account.person.name, "role": account.role, "id": account.person.id,
        "state": account.state,
    })
}

fn new_op() -> baton_protocol::id::OpId {
    baton_protocol::id::OpId(uuid::Uuid::new_v4())
}
