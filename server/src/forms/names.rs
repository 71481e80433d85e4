//! People's names in forms.

use super::*;

/// The most forms with unsaved changes of one person in which a name is replaced.
const MAX_FORMS: u32 = 100_000;

impl Forms {
    /// A person has another name: everybody who has a form of theirs open is told, and no form keeps the old one.
    pub async fn renamed(&self, person: &Person) {
        let nobody = SessionId(Uuid::nil());
        let open = self.in_use();
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
        for draft in drafts.iter().filter(|draft| !open.contains(&draft.form.id)) {
            if let Err(problem) = self.rewrite(draft.form).await {
                tracing::warn!(form = %draft.form, %problem, "a form still has a person's old name");
            }
        }
    }

    /// Stores a form as it is read: with the names that people have now.
    async fn rewrite(&self, key: FormKey) -> Result<(), Problem> {
        let slot = self.slot(key);
        let mut guard = self.open(&slot, key, None).await?;
        let Some(mut loaded) = guard.take() else {
            return Err(not_read());
        };
        // Nobody did anything with it.
        let at = loaded.form.active;
        let stored = self.store(&mut loaded, &[&[]], (Vec::new(), Vec::new()), at).await;
        if stored.is_ok() {
            *guard = Some(loaded);
        }
        self.release(key, &slot, guard);
        Ok(stored?)
    }
}
