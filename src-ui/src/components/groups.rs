//! Groups: naming one, who is in it, and what it gives.

mod access;
mod access_summary;
mod members;
mod name_dialog;
mod use_groups;

pub(crate) use access::AccessEditor;
use access::fields_limited;
pub(crate) use access_summary::AccessSummary;
pub(crate) use members::Members;
pub(crate) use name_dialog::GroupNameDialog;
pub(crate) use use_groups::{GroupsHandle, use_groups};
