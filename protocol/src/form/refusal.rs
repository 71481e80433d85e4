//! Why a command was refused. A refusal is an expected outcome and changes nothing.

use crate::deletion::Deletion;
use crate::draft::ChangeError;
use crate::id::Version;
use crate::person::Person;

/// Why a command was refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// The session has no place in this form.
    #[error("You have not opened this form.")]
    NotJoined,
    /// Somebody else is the owner.
    #[error("{} is editing this form; it is read-only for you.", owner.name)]
    NotOwner {
        /// Who is.
        owner: Person,
    },
    /// The sender is the owner, but ownership changed since it last looked.
    #[error("Who edits this form changed in the meantime; the change was not applied.")]
    StaleFence,
    /// The form was saved since the sender last looked.
    #[error("This form was saved in the meantime: it is at version {current} now.")]
    StaleVersion {
        /// The version now.
        current: Version,
    },
    /// The draft changed since the sender last looked: its change was made for another text.
    #[error("The text changed in the meantime; the change was not applied.")]
    StaleRev,
    /// The record is out of its list (4.6).
    #[error("{} {} this. Restore it to go on editing.", gone.stamp.by.name, gone.how.done())]
    Gone {
        /// How it went.
        gone: Deletion,
    },
    /// It was never saved, so there is nothing to take away.
    #[error("This was never saved. Discard what is typed instead.")]
    NeverSaved,
    /// Somebody asked to edit before.
    #[error("{} has asked to edit already; one at a time.", by.name)]
    AskedAlready {
        /// Who did.
        by: Person,
    },
    /// The editor that is meant is not there, or its connection is broken.
    #[error("That editor is not here any more.")]
    NotHere,
    /// The form is open by somebody else, not in another window of this person.
    #[error("You are not editing this form in another window.")]
    NotYours,
    /// It has as many editors as it can have.
    #[error("Too many people have this open. Try again later.")]
    Crowded,
    /// A change does not fit the form.
    #[error(transparent)]
    BadChange(#[from] ChangeError),
}
