//! What is open at this moment, for admins.

use baton_protocol::live::OpenForm;

use super::*;
use crate::metrics::FormFigures;

impl Forms {
    /// Whether the session has a place in any form, so that it may be resumed.
    pub async fn has_place(&self, session: SessionId) -> bool {
        let is_in = |loaded: &Option<Loaded>| {
            let loaded = loaded.as_ref();
            loaded.is_some_and(|loaded| loaded.form.queue.editor(session).is_some())
        };
        // Those that are being worked on are waited for last: mostly it is in another one.
        let mut found = false;
        let busy = self.shared.slots.filtered(|_, slot| match slot.try_lock() {
            Ok(loaded) => {
                found |= is_in(&loaded);
                false
            }
            Err(_) => !found,
        });
        for slot in busy {
            found = found || is_in(&*slot.lock().await);
        }
        found
    }

    /// How many are open, and who is in them.
    pub(crate) async fn figures(&self) -> FormFigures {
        let mut figures = FormFigures::default();
        for key in self.in_memory() {
            let Some(slot) = self.shared.slots.existing(key) else {
                continue;
            };
            let guard = slot.lock().await;
            if let Some(loaded) = guard.as_ref() {
                figures.count(loaded);
            }
        }
        figures
    }

    /// The forms that somebody has open; at most so many.
    pub async fn open_forms(&self, limit: usize) -> Vec<OpenForm> {
        let now = self.shared.clock.now();
        let mut open = Vec::new();
        for key in self.in_memory().into_iter().take(limit) {
            let Some(slot) = self.shared.slots.existing(key) else {
                continue;
            };
            let guard = slot.lock().await;
            if let Some(loaded) = guard.as_ref() {
                let form = &loaded.form;
                let editors = form.queue.editors();
                open.push(OpenForm {
                    form: key,
                    entity: form.entity,
                    title: form.title().to_owned(),
                    editors: editors.iter().map(|editor| editor.summary(now)).collect(),
                    places: editors.len(),
                    viewers: loaded.viewers.len(),
                    authors: form.draft.authors().into_iter().cloned().collect(),
                    draft_since: form.draft_since,
                });
            }
        }
        open
    }
}

impl FormFigures {
    fn count(&mut self, loaded: &Loaded) {
        let editors = loaded.form.queue.editors();
        if editors.is_empty() && loaded.viewers.is_empty() {
            return;
        }
        self.open += 1;
        self.owners += usize::from(!editors.is_empty());
        self.waiting += editors.len().saturating_sub(1);
        self.reserved += editors.iter().filter(|editor| editor.reserved_until.is_some()).count();
        self.viewers += loaded.viewers.len();
        self.unsaved += usize::from(!loaded.form.draft.fields.is_empty());
    }
}
