//! Printing, by the system's own dialog: on paper, or as a PDF. What the page looks like on paper is a matter of its style.

use baton_protocol::desktop::Print;

use crate::backend;

/// Prints what is shown.
pub(crate) fn print() {
    backend::send_quietly(Print {});
}
