//! People's names in forms.

use super::*;

impl Forms {
    /// A person has another name: everybody who has a form of theirs open is told.
    pub async fn renamed(&self, person: &Person) {
        let nobody = SessionId(Uuid::nil());
        for key in self.in_memory() {
            let rename = Command::Rename { person: person.clone() };
            if let Err(problem) = self.execute(key, nobody, rename).await {
                tracing::warn!(form = %key, %problem, "a form still has a person's old name");
            }
        }
    }

    /// Stores every form that names a person with the name that they have now: what was typed, and what was discarded and
    /// can be brought back.
    /// Returns whether all of them could be.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn rewrite_naming(&self, person: &Person) -> Result<bool, StoreError> {
        let mut all = true;
        for key in self.shared.store.forms_naming(person.id).await? {
            if let Err(problem) = self.rewrite(key, person).await {
                tracing::warn!(form = %key, %problem, "a form still has a person's old name");
                all = false;
            }
        }
        Ok(all)
    }

    /// Stores a form as it is read, with the name that a person has now.
    async fn rewrite(&self, key: FormKey, person: &Person) -> Result<(), Problem> {
        let slot = self.shared.slots.get(key);
        let mut guard = self.open(&slot, key, None).await?;
        for _ in 0..2 {
            let mut loaded = guard.take().ok_or_else(not_read)?;
            // Who has what rights may be noted a moment after the store knows the name.
            loaded
                .form
                .refresh_names(|id| (id == person.id).then(|| person.name.clone()));
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
