//! Who looks at a form without a place in its queue.

use super::*;

/// How many viewers are named at most.
const MAX_VIEWERS: usize = 100;

impl Forms {
    /// Shows the form and its notices to somebody who never joins the queue (semantics 7), and tells the others
    /// that they watch.
    ///
    /// # Errors
    /// There is no such form, or the store failed.
    pub async fn watch(
        &self,
        key: FormKey,
        participant: Participant,
        outgoing: &Outgoing,
    ) -> Result<FormSnapshot, Problem> {
        let slot = self.shared.slots.get(key);
        let mut guard = self.open(&slot, key, None).await?;
        self.shared
            .bus
            .subscribe(Topic::Form(key), &participant.rights, outgoing);
        let loaded = guard.as_mut().ok_or_else(not_read)?;
        let known = loaded.viewers.values().any(|viewer| viewer.id == participant.person.id);
        loaded.viewers.insert(participant.session, participant.person);
        if !known {
            self.publish_viewers(loaded);
        }
        Ok(self.view(loaded, None))
    }

    /// A session watches no more, if it did.
    pub async fn stop_watching(&self, key: FormKey, session: SessionId) {
        let Some(slot) = self.shared.slots.existing(key) else {
            return;
        };
        let mut guard = slot.lock().await;
        if let Some(loaded) = guard.as_mut()
            && let Some(person) = loaded.viewers.remove(&session)
            && !loaded.viewers.values().any(|viewer| viewer.id == person.id)
        {
            self.publish_viewers(loaded);
        }
    }
}

/// Who watches, each person once.
pub(super) fn of(loaded: &Loaded) -> Vec<Person> {
    let mut viewers: Vec<Person> = Vec::new();
    for viewer in loaded.viewers.values() {
        if viewers.len() < MAX_VIEWERS && !viewers.iter().any(|known| known.id == viewer.id) {
            viewers.push(viewer.clone());
        }
    }
    viewers
}
