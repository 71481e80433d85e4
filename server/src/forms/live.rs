//! What is open at this moment, for admins.

use baton_protocol::live::OpenForm;

use super::*;

impl Forms {
    /// The forms that somebody has open; at most so many.
    pub async fn open_forms(&self, limit: usize) -> Vec<OpenForm> {
        let now = self.shared.clock.now();
        let mut open = Vec::new();
        for key in self.in_memory().into_iter().take(limit) {
            let Some(slot) = self.existing_slot(key) else { continue };
            if let Some(loaded) = slot.lock().await.as_ref() {
                let form = &loaded.form;
                open.push(OpenForm {
                    form: key,
                    entity: form.entity,
                    title: form.title().to_owned(),
                    editors: form.queue.editors().iter().map(|editor| editor.summary(now)).collect(),
                    viewers: loaded.viewers.len(),
                    authors: form.draft.authors().into_iter().cloned().collect(),
                });
            }
        }
        open
    }
}
