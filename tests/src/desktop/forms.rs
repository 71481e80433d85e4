//! A form: who edits it, what is in it, and whether it is saved.

use anyhow::{Context as _, bail, ensure};
use baton_protocol::form::Role;
use fantoccini::Locator;

use super::{Desktop, input};

impl Desktop {
    /// Waits for this role.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn expect_role(&self, role: Role) -> anyhow::Result<()> {
        let word = match role {
            Role::Owner => "owner",
            Role::Spectator => "spectator",
            Role::Viewer => "viewer",
        };
        self.find(&format!("[data-role={word}]")).await.map(drop)
    }

    /// Waits until the strip says this.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_strip(&self, words: &str) -> anyhow::Result<()> {
        self.wait(&format!("the strip to say “{words}”"), async || {
            // What there is no room for is cut off, and stands there all the same.
            let text = async |id: &str| {
                let shown = self.client.find(Locator::Id(id)).await?.prop("textContent").await?;
                anyhow::Ok(shown.unwrap_or_default())
            };
            let (headline, detail) = (text("strip-headline").await?, text("strip-detail").await?);
            Ok(format!("{headline}. {detail}").contains(words).then_some(()))
        })
        .await
    }

    /// Types at the end of a field, key by key.
    ///
    /// # Errors
    /// If the field cannot be typed into.
    pub async fn type_into(&self, field: &str, text: &str) -> anyhow::Result<()> {
        self.find(&input(field)).await?.send_keys(text).await?;
        Ok(())
    }

    /// Empties a field and types into it.
    ///
    /// # Errors
    /// If the field cannot be typed into.
    pub async fn fill(&self, field: &str, text: &str) -> anyhow::Result<()> {
        const END: &str = "\u{e010}";
        const BACKSPACE: &str = "\u{e003}";
        self.find(&input(field)).await?;
        let length = self.value(field).await?.chars().count();
        let keys = format!("{END}{}{text}", BACKSPACE.repeat(length));
        self.type_into(field, &keys).await
    }

    /// Chooses an option of a choice.
    ///
    /// # Errors
    /// If there is no such option.
    pub async fn choose(&self, field: &str, option: &str) -> anyhow::Result<()> {
        self.select(&input(field), option).await
    }

    /// Flips a yes or no.
    ///
    /// # Errors
    /// If it cannot be flipped.
    pub async fn flip(&self, field: &str) -> anyhow::Result<()> {
        self.click(&format!("[data-row={field}] .pf-v6-c-switch")).await
    }

    /// Waits until a field shows this.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_value(&self, field: &str, value: &str) -> anyhow::Result<()> {
        self.wait(&format!("{field} to show “{value}”"), async || {
            let shown = self.value(field).await?;
            if shown == value {
                return Ok(Some(()));
            }
            Ok(None)
        })
        .await
        .with_context(|| format!("{field} shows something else"))
    }

    /// Waits until what a field shows has this in it.
    ///
    /// # Errors
    /// If it has not.
    pub async fn expect_in_value(&self, field: &str, part: &str) -> anyhow::Result<()> {
        self.wait(&format!("{field} to have “{part}” in it"), async || {
            Ok(self.value(field).await?.contains(part).then_some(()))
        })
        .await
    }

    /// Waits until a field shows something else.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_other_value(&self, field: &str, than: &str) -> anyhow::Result<()> {
        self.wait(
            &format!("{field} to show something else than “{than}”"),
            async || Ok((self.value(field).await? != than).then_some(())),
        )
        .await
    }

    /// What a field shows now.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn value(&self, field: &str) -> anyhow::Result<String> {
        let element = self.client.find(Locator::Css(&input(field))).await?;
        if element.tag_name().await? == "select" {
            // What a person reads, not what is stored.
            return Ok(element.find(Locator::Css("option:checked")).await?.text().await?);
        }
        Ok(element.prop("value").await?.unwrap_or_default())
    }

    /// Every input of the form must be as this says.
    ///
    /// # Errors
    /// Names the inputs that are not.
    pub async fn expect_inputs_enabled(&self, enabled: bool) -> anyhow::Result<()> {
        self.wait(&format!("every input to be enabled: {enabled}"), async || {
            let inputs = self.client.find_all(Locator::Css("[data-field]")).await?;
            ensure!(!inputs.is_empty(), "there are no inputs");
            for input in inputs {
                // A text that is formatted is no input to a browser: it says itself whether it can be edited.
                let editable = match input.attr("contenteditable").await? {
                    Some(editable) => editable == "true",
                    None => input.is_enabled().await? && input.attr("readonly").await?.is_none(),
                };
                if editable != enabled {
                    let name = input.attr("data-field").await?.unwrap_or_default();
                    bail!("{name} is not");
                }
            }
            Ok(Some(()))
        })
        .await
    }

    /// Waits until the strip says this about where the text is: `draft`, `saved`, `sending`, `waiting`.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_save_status(&self, state: &str) -> anyhow::Result<()> {
        self.find(&format!("[data-save={state}]")).await.map(drop)
    }

    /// Presses Save.
    ///
    /// # Errors
    /// If it cannot be pressed.
    pub async fn save(&self) -> anyhow::Result<()> {
        self.click("#save:not([disabled])").await
    }
}
