//! Who hears of what a command did.

use std::collections::BTreeSet;

use baton_protocol::form::{Effect, Form, Notice};
use baton_protocol::id::{FormKind, UserId};
use baton_protocol::message::{FormPresence, ToClient, Topic};

use super::{Forms, Loaded};
use crate::rights::{Audience, audience_of};

impl Forms {
    /// Publishes the effects of a command, in order. Lists of saved records are notified by the store.
    pub(super) fn publish_effects(&self, loaded: &Loaded, effects: Vec<Effect>) {
        let form = &loaded.form;
        for effect in effects {
            match effect {
                // Stored already, with the form.
                Effect::Save(_) | Effect::Append(_) | Effect::Removed(_) => {}
                Effect::Tell(notice) => self.publish(loaded, notice),
                Effect::PresenceChanged(presence) => {
                    let row = FormPresence {
                        form: form.key,
                        presence,
                        draft: form.draft.authors().first().map(|author| (*author).clone()),
                    };
                    let message = ToClient::Presence {
                        entity: form.entity,
                        row,
                    };
                    let audience = audience_of(&loaded.entity);
                    let topic = match form.key.kind {
                        FormKind::Record => Topic::Records(form.entity),
                        FormKind::Entity => Topic::Entities,
                    };
                    self.shared.bus.publish(topic, audience, &message);
                }
            }
        }
    }

    /// Tells everybody who has the form open and may see it. Of a record that was deleted everybody who had it
    /// open hears on.
    pub(super) fn publish(&self, loaded: &Loaded, notice: Notice) {
        let key = loaded.form.key;
        let audience = match key.kind {
            FormKind::Record if loaded.entity.gone.is_none() => audience_of(&loaded.entity),
            FormKind::Record | FormKind::Entity => Audience::Everyone,
        };
        let message = ToClient::Form { form: key, notice };
        self.shared.bus.publish(Topic::Form(key), audience, &message);
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
