//! Printing, by the system's own dialog: on paper, or as a PDF.

use crate::hooks::Theme;

/// Prints what is shown, dark on light whatever the window looks like.
pub(crate) fn print() {
    Theme::Light.show();
    // Comes back when the dialog is closed; a system without printing has none.
    gloo_utils::window().print().ok();
    Theme::chosen().show();
}
