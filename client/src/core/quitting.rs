//! Quitting: what was typed is sent first, and what would be lost or stay unsaved is asked about.

use baton_protocol::message::{Code, Problem};

use super::link::LinkState;
use super::{Caller, Core, Effect};

/// Why somebody should not go away yet.
const KEPT_TEXT: &str =
    "A text of yours that did not arrive is kept in a form. Use it or drop it first, or it is lost.";

impl Core {
    /// Whether the forms may be let go of: nothing in them is unsent, which is said as `unsent`, and
    /// no text of the viewer's own is kept.
    pub(super) fn check_nothing_held(&self, unsent: &str) -> Result<(), Problem> {
        if self.unsent() {
            Err(Problem::new(Code::Busy, unsent))
        } else if self.keeps_text() {
            Err(Problem::new(Code::Busy, KEPT_TEXT))
        } else {
            Ok(())
        }
    }

    /// The line's orderly end gives every place up, so forms need no closing of their own.
    pub(super) fn quit(&mut self, caller: Caller, anyway: bool) {
        self.quitting = Some((caller, anyway));
    }

    /// The user stays after all.
    pub(super) fn stay(&mut self) {
        if let Some((caller, _)) = self.quitting.take() {
            let problem = Problem::new(Code::Busy, "You chose to stay.");
            self.refuse(caller, problem);
        }
    }

    pub(super) fn finish_quitting(&mut self) {
        let Some((caller, anyway)) = self.quitting else {
            return;
        };
        let unsent = self.unsent();
        if unsent && self.ready() {
            return;
        }
        self.quitting = None;
        let unsaved = self.unsaved_title().filter(|_| !anyway && !unsent);
        if self.keeps_text() && !anyway {
            let problem = Problem::new(Code::Busy, KEPT_TEXT);
            self.refuse(caller, problem);
        } else if let Some(title) = unsaved {
            let why =
                format!("{title} has unsaved changes. They stay on the server as a draft, for whoever opens it next.");
            self.refuse(caller, Problem::new(Code::Unsaved, why));
        } else if unsent && !anyway {
            let why = "What you typed last is not on the server yet, and there is no connection to send it over.";
            let problem = Problem::new(Code::Offline, why);
            self.refuse(caller, problem);
        } else {
            self.link = LinkState::NoServer;
            self.effects.push(Effect::Goodbye(caller));
        }
    }
}
