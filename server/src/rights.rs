//! Who may do what: the one table (semantics 7.1).

use baton_protocol::message::{Code, Problem};
use baton_protocol::person::{Account, UserRole};

/// What there is a right to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// See entities, records and forms.
    Read,
    /// Join the queue of a record's form.
    EditRecords,
    /// Define entities.
    Define,
    /// Make and change accounts.
    ManagePeople,
    /// Take a form over from whoever edits it (semantics 3.6).
    TakeOver,
}

/// Whether this role has the right.
#[must_use]
pub fn has(role: UserRole, right: Right) -> bool {
    match right {
        Right::Read => true,
        Right::EditRecords => role >= UserRole::Editor,
        Right::Define | Right::ManagePeople | Right::TakeOver => role == UserRole::Admin,
    }
}

/// The account, if it has the right.
///
/// # Errors
/// Nobody is signed in, or they may not.
pub fn require(account: Option<&Account>, right: Right) -> Result<&Account, Problem> {
    let account = account.ok_or_else(|| Problem::new(Code::SignInNeeded, "Sign in first."))?;
    if has(account.role, right) {
        Ok(account)
    } else {
        let why = match right {
            Right::Read | Right::EditRecords => "You may look at this, but not edit it.",
            Right::Define => "Only an admin defines entities.",
            Right::ManagePeople => "Only an admin manages people.",
            Right::TakeOver => "Only an admin can take a form over. You can ask to edit.",
        };
        Err(Problem::new(Code::Forbidden, why))
    }
}
