//! Quitting: what was typed is sent or at least on the disk first, and what stays unsaved is asked about.

use baton_locales::t;
use baton_protocol::message::{Code, Problem};

use super::{Caller, Core, Effect};

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum QuitMode {
    /// It asks about what is unsaved.
    Asking,
    /// It comes back at once: what is unsaved stays a draft, and nothing else is left behind.
    Restarting,
    /// Whatever is lost.
    Anyway,
}

impl Core {
    /// The line's orderly end gives every place up, so forms need no closing of their own.
    pub(super) fn quit(&mut self, caller: Caller, how: QuitMode) {
        self.quitting = Some((caller, how));
    }

    /// The user stays after all.
    pub(super) fn stay(&mut self) {
        if let Some((caller, _)) = self.quitting.take() {
            let problem = Problem::new(Code::Busy, t::engine::you_chose_to_stay());
            self.refuse(caller, problem);
        }
    }

    pub(super) fn finish_quitting(&mut self) {
        let Some((caller, how)) = self.quitting else {
            return;
        };
        let anyway = how == QuitMode::Anyway;
        let unsent = self.forms.unsent();
        let being_written = !self.outbox.all_stored() && self.outbox.problem().is_none() && !anyway;
        if (unsent && self.ready()) || being_written {
            return;
        }
        self.quitting = None;
        let unsaved = self
            .forms
            .unsaved_title()
            .filter(|_| how == QuitMode::Asking && !unsent);
        if let Some(title) = unsaved {
            let why = t::engine::has_unsaved_changes(&title);
            self.refuse(caller, Problem::new(Code::Unsaved, why));
        } else if !self.outbox.all_stored() && !anyway {
            let why = self.outbox.problem().unwrap_or_default();
            let why = t::engine::typed_is_nowhere(why);
            self.refuse(caller, Problem::new(Code::Offline, why));
        } else {
            self.sign_in.used(self.clock);
            self.effects.extend(self.sign_in.store_settings());
            self.connection.end();
            self.effects.push(Effect::Goodbye(caller));
        }
    }
}
