//! Defining entities.

use super::{Desktop, quoted};

/// The body of the field that is open in the form of a definition.
const OPEN_FIELD: &str = ".baton-card-body";

impl Desktop {
    /// Begins the definition of a new entity.
    ///
    /// # Errors
    /// If the person may not.
    pub async fn define(&self, one: &str, many: &str) -> anyhow::Result<()> {
        self.click("#new-entity").await?;
        self.fill("label", one).await?;
        self.fill("label_plural", many).await?;
        self.choose("status", "Published").await
    }

    /// Adds a field of this type to the definition, with this label.
    ///
    /// # Errors
    /// If it cannot be added.
    pub async fn add_field(&self, field_type: &str, label: &str) -> anyhow::Result<()> {
        self.click("#add-field").await?;
        self.click(&format!("[data-type={}]", quoted(field_type))).await?;
        self.set_property("label", label).await?;
        self.find(&format!("[data-card={}]", quoted(label))).await.map(drop)
    }

    /// Types into a property of the field that is open.
    ///
    /// # Errors
    /// If there is no such property.
    pub async fn set_property(&self, property: &str, text: &str) -> anyhow::Result<()> {
        let css = format!("{OPEN_FIELD} [data-field$={}]", quoted(&format!(":{property}")));
        self.type_keys(&css, text).await
    }

    /// Gives the open field these options, one after the other with Enter.
    ///
    /// # Errors
    /// If it offers nothing.
    pub async fn add_options(&self, labels: &[&str]) -> anyhow::Result<()> {
        self.click(&format!("{OPEN_FIELD} [data-add-option]")).await?;
        for (number, label) in labels.iter().enumerate() {
            let css = format!("{OPEN_FIELD} .baton-options li:nth-child({}) input:focus", number + 1);
            let next = if number + 1 < labels.len() { "\u{e007}" } else { "" };
            self.type_keys(&css, &format!("{label}{next}")).await?;
        }
        Ok(())
    }

    /// Chooses what the open field links to.
    ///
    /// # Errors
    /// If there is no such entity.
    pub async fn link_to(&self, entities: &str) -> anyhow::Result<()> {
        let css = format!("{OPEN_FIELD} [data-row$=':target'] select");
        self.select(&css, entities).await
    }

    /// Chooses an option of a property of the open field.
    ///
    /// # Errors
    /// If there is no such option.
    pub async fn choose_property(&self, property: &str, option: &str) -> anyhow::Result<()> {
        let css = format!("{OPEN_FIELD} select[data-field$={}]", quoted(&format!(":{property}")));
        self.select(&css, option).await
    }

    /// Opens the definition of the entity whose list is open.
    ///
    /// # Errors
    /// If there is no way to it.
    pub async fn open_definition(&self) -> anyhow::Result<()> {
        self.click(".baton-definition-link").await?;
        self.find("[data-role]").await.map(drop)
    }

    /// Opens or closes a field in a definition.
    ///
    /// # Errors
    /// If there is no such field.
    pub async fn open_field(&self, label: &str) -> anyhow::Result<()> {
        self.click(&format!("[data-card={}] .baton-card-name", quoted(label)))
            .await
    }

    /// Waits until the fields of the definition are these, in this order.
    ///
    /// # Errors
    /// If they are not.
    pub async fn expect_fields(&self, labels: &[&str]) -> anyhow::Result<()> {
        self.expect_all("[data-card]", "data-card", labels).await
    }

    /// Waits until the preview of the record's form shows these fields of the entity's own.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_preview(&self, labels: &[&str]) -> anyhow::Result<()> {
        let all: Vec<&str> = ["Title", "Status"]
            .into_iter()
            .chain(labels.iter().copied())
            .chain(["Slug"])
            .collect();
        self.expect_all("[data-preview]", "data-preview", &all).await
    }
}
