//! Accounts: adding one, changing one, and a person's sign-ins.

mod add_person;
mod edit_person;
mod message_dialog;
mod new_password;
mod person_row;
mod sign_ins;

pub(crate) use add_person::AddPersonDialog;
pub(crate) use edit_person::EditPersonDialog;
pub(crate) use message_dialog::MessageDialog;
pub(crate) use new_password::{GivenPassword, NewPasswordDialog};
pub(crate) use person_row::PersonRow;
pub(crate) use sign_ins::SignIns;

use baton_protocol::person::UserRole;
use yew::AttrValue;

/// What a person may do, for a menu: the value, and what is read.
pub(crate) fn roles() -> Vec<(AttrValue, AttrValue)> {
    UserRole::ALL
        .map(|role| (role.as_str().into(), crate::words::role(role).into()))
        .into()
}
