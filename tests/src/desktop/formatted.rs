//! Formatted text.

use serde_json::json;

use super::{Desktop, input};

impl Desktop {
    /// Makes a link of the words that are selected in a formatted text.
    ///
    /// # Errors
    /// If it is no formatted text.
    pub async fn link_words(&self, field: &str, address: &str) -> anyhow::Result<()> {
        let tool = format!("[data-row={field}] .baton-rich-link");
        self.type_keys(&tool, &format!("{address}\u{e007}")).await
    }

    /// Presses a tool of a formatted text.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn use_tool(&self, field: &str, tool: &str) -> anyhow::Result<()> {
        let tool = format!("[data-row={field}] [data-tool={tool}]");
        self.hands()?.click(self.place(&tool).await?)
    }

    /// Waits until a formatted text shows these words, in this HTML: without what the editor needs itself.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_formatted(&self, field: &str, html: &str) -> anyhow::Result<()> {
        const SHOWN: &str = "const page = document.querySelector(arguments[0]).cloneNode(true); \
             page.querySelectorAll('.ProseMirror-trailingBreak, .ProseMirror-separator').forEach(one => one.remove()); \
             page.querySelectorAll('li > p, tbody').forEach(one => one.replaceWith(...one.childNodes)); \
             return page.innerHTML;";
        let mut shown = String::new();
        let waited = self
            .wait(&format!("{field} to show {html}"), async || {
                let now = self.client.execute(SHOWN, vec![json!(input(field))]).await?;
                shown = now.as_str().unwrap_or_default().to_owned();
                Ok((shown == html).then_some(()))
            })
            .await;
        waited.map_err(|error| error.context(format!("it shows {shown}")))
    }

    /// Selects all of an element of a formatted text.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn select_text_of(&self, css: &str) -> anyhow::Result<()> {
        let select = "const range = document.createRange(); \
            range.selectNodeContents(document.querySelector(arguments[0])); \
            getSelection().removeAllRanges(); getSelection().addRange(range);";
        self.client.execute(select, vec![json!(css)]).await?;
        Ok(())
    }

    /// What is selected, and how far below the window's upper edge it stands.
    ///
    /// # Errors
    /// If nothing is selected.
    pub async fn selection(&self) -> anyhow::Result<(String, i64)> {
        let look = "const selection = getSelection(); \
            return [String(selection), Math.round(selection.getRangeAt(0).getBoundingClientRect().top)];";
        Ok(serde_json::from_value(self.client.execute(look, vec![]).await?)?)
    }
}
