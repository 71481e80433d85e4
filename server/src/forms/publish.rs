//! Who hears of what a command did.

use std::collections::BTreeSet;

use baton_protocol::form::{Effect, Form, Notice, Presence};
use baton_protocol::id::UserId;
use baton_protocol::message::{FormPresence, ToClient};

use super::{Forms, Loaded};

impl Forms {
    /// Publishes the effects of a command, in order. Lists of saved records are notified by the store.
    pub(super) fn publish_effects(&self, loaded: &Loaded, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                // Stored already, with the form.
                Effect::Save(_) | Effect::Append(_) | Effect::Removed(_) => {}
                Effect::Tell(notice) => self.publish(loaded, notice),
                Effect::PresenceChanged(presence) => self.publish_presence(loaded, presence),
            }
        }
    }

    /// Tells the lists who has the form open.
    pub(super) fn publish_presence(&self, loaded: &Loaded, presence: Option<Presence>) {
        let form = &loaded.form;
        let row = FormPresence {
            form: form.key,
            presence,
            draft: form.draft.authors().first().map(|author| (*author).clone()),
        };
        self.shared.bus.publish_presence(&loaded.entity, row);
    }

    /// Tells everybody who has the form open, as far as they may see it, after what is pending.
    pub(super) fn publish(&self, loaded: &Loaded, notice: Notice) {
        self.flush_pending(loaded);
        self.publish_now(loaded, notice);
    }

    pub(super) fn publish_now(&self, loaded: &Loaded, notice: Notice) {
        self.shared.bus.publish_notice(&loaded.entity, loaded.form.key, notice);
    }

    /// Notifies everyone who gained or lost unsaved changes in a form (semantics 3.11).
    pub(super) fn notify_authors(&self, before: &BTreeSet<UserId>, after: &BTreeSet<UserId>) {
        for person in before.symmetric_difference(after) {
            self.shared.bus.publish_to_person(*person, &ToClient::DraftsChanged);
        }
    }
}

/// Whose unsaved changes the form has.
pub(super) fn authors_of(form: &Form) -> BTreeSet<UserId> {
    form.draft.fields.values().map(|changed| changed.author.id).collect()
}
