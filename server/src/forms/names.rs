//! People's names in forms.

use super::*;

/// The most forms with unsaved changes of one person in which a name is replaced.
const MAX_FORMS: u32 = 100_000;

impl Forms {
    /// A person has another name: everybody who has a form of theirs open is told, and what they left unsaved has it too.
    pub async fn renamed(&self, person: &Person) {
        let nobody = SessionId(Uuid::nil());
        for key in self.in_memory() {
            let rename = Command::Rename { person: person.clone() };
            if let Err(problem) = self.execute(key, nobody, rename).await {
                tracing::warn!(form = %key, %problem, "a form still has a person's old name");
            }
        }
        let drafts = self.shared.store.drafts(Some(person.id), MAX_FORMS).await;
        let drafts = drafts.unwrap_or_else(|error| {
            tracing::warn!(%error, "unsaved changes still have a person's old name");
            Vec::new()
        });
        for draft in drafts {
            if let Err(problem) = self.rewrite(draft.form).await {
                tracing::warn!(form = %draft.form, %problem, "a form still has a person's old name");
            }
        }
    }

    /// Stores a form as it is read: with the names that people have now.
    async fn rewrite(&self, key: FormKey) -> Result<(), Problem> {
        let slot = self.shared.slots.get(key);
        let mut guard = self.open(&slot, key, None).await?;
        for _ in 0..2 {
            let mut loaded = guard.take().ok_or_else(not_read)?;
            // Nobody did anything with it.
            let at = loaded.form.active;
            let stored = self.store(&mut loaded, &[&[]], (Vec::new(), Vec::new()), at).await;
            if stored.is_ok() {
                *guard = Some(loaded);
                return Ok(());
            }
            *guard = Some(self.read_again(Box::new(loaded)).await?);
        }
        Err(not_read())
    }
}
