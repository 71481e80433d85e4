//! Groups: naming one, who is in it, and what it gives.

mod access;
mod members;
mod name_dialog;
mod use_groups;
mod who_may;

pub(crate) use access::AccessOf;
use access::fields_limited;
pub(crate) use members::Members;
pub(crate) use name_dialog::GroupNameDialog;
pub(crate) use use_groups::{GroupsHandle, use_groups};
pub(crate) use who_may::WhoMay;
