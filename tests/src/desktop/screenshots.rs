//! Screenshots, in light and dark, once nothing moves any more.

use std::path::Path;

use fantoccini::Locator;
use serde_json::json;

use super::Desktop;

impl Desktop {
    /// Takes a screenshot of the display, also of a page that does not answer.
    ///
    /// # Errors
    /// If it cannot be taken.
    pub async fn screenshot(&self, to: &Path) -> anyhow::Result<()> {
        self.display.screenshot(to).await
    }

    /// Takes a screenshot of the page, also of a window that is larger than the display. Waits for ever where pages are
    /// drawn without a graphics card (decision 42), unless `WEBKIT_DISABLE_COMPOSITING_MODE=0` is set.
    ///
    /// # Errors
    /// If it cannot be taken.
    pub async fn page_screenshot(&self) -> anyhow::Result<Vec<u8>> {
        // What the page says may not have been drawn yet.
        let drawn = "const done = arguments[0];
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150)));";
        self.client.execute_async(drawn, vec![]).await?;
        Ok(self.client.screenshot().await?)
    }

    /// Waits until nothing moves any more: notices gone, colours in place.
    ///
    /// # Errors
    /// If a notice stays.
    pub async fn settle(&self) -> anyhow::Result<()> {
        self.wait("notices to go", async || {
            let notices = self.client.find_all(Locator::Css(".baton-toast")).await?;
            Ok(notices.is_empty().then_some(()))
        })
        .await?;
        self.still().await
    }

    /// Waits until what moves has come to rest.
    ///
    /// # Errors
    /// If it does not.
    pub async fn still(&self) -> anyhow::Result<()> {
        self.wait("everything to be still", async || {
            let moving = self
                .client
                .execute(
                    "return document.getAnimations().filter((a) => a.playState === 'running').length;",
                    vec![],
                )
                .await?;
            Ok((moving == json!(0)).then_some(()))
        })
        .await
    }

    /// Chooses dark or light colours: by the button in the top bar, where there is one.
    ///
    /// # Errors
    /// If they do not come.
    pub async fn colours(&self, dark: bool) -> anyhow::Result<()> {
        let shown = "return document.documentElement.classList.contains('pf-v6-theme-dark');";
        if self.client.execute(shown, vec![]).await? == json!(dark) {
            return Ok(());
        }
        match self.client.find(Locator::Css("#theme")).await {
            // Not by a press: what is open over the page stays open.
            Ok(button) => {
                let press = "arguments[0].click();";
                self.client.execute(press, vec![serde_json::to_value(button)?]).await?;
            }
            Err(_) => {
                let keep = "localStorage.setItem('theme', arguments[0]);";
                let name = if dark { "dark" } else { "light" };
                self.client.execute(keep, vec![json!(name)]).await?;
                self.client.refresh().await?;
            }
        }
        self.wait("the colours to change", async || {
            let now = self.client.execute(shown, vec![]).await?;
            let drawn = self.client.find(Locator::Css("h1")).await.is_ok();
            Ok((drawn && now == json!(dark)).then_some(()))
        })
        .await
    }
}
