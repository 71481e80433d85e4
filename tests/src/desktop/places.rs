//! Where things are on the display, for real hands.

use anyhow::Context as _;
use fantoccini::Locator;
use serde_json::json;

use super::Desktop;
use crate::hands::Hands;
use crate::process::wait_for;

impl Desktop {
    /// Somebody's hands at this desktop.
    ///
    /// # Errors
    /// If the display does not take keys.
    pub fn hands(&self) -> anyhow::Result<Hands> {
        Hands::at(self.display.name())
    }

    /// Where the middle of something is on the display, once it stands still.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn place(&self, css: &str) -> anyhow::Result<(i16, i16)> {
        const MIDDLE: &str = "const [css] = arguments; const found = document.querySelector(css); if (!found) return null; \
             found.scrollIntoView({ block: 'center' }); const box = found.getBoundingClientRect(); \
             return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];";
        // To be scrolled to the middle again may move it by the fraction of a pixel.
        let near = |(x, y): (i16, i16), (left, top): (i16, i16)| x.abs_diff(left) <= 1 && y.abs_diff(top) <= 1;
        let mut before: Option<(i16, i16)> = None;
        self.wait(&format!("{css} to stand still"), async || {
            let at = self.client.execute(MIDDLE, vec![json!(css)]).await?;
            let at: Option<(i16, i16)> = serde_json::from_value(at).context("a place")?;
            let still = at.zip(before).is_some_and(|(now, before)| near(now, before));
            before = at;
            Ok(at.filter(|_| still))
        })
        .await
    }

    /// Where the middle of something is on the display, wherever the page is scrolled.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn where_is(&self, css: &str) -> anyhow::Result<(i16, i16)> {
        const MIDDLE: &str = "const box = document.querySelector(arguments[0]).getBoundingClientRect(); \
             return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];";
        let at = self.client.execute(MIDDLE, vec![json!(css)]).await?;
        serde_json::from_value(at).context("a place")
    }

    /// How many presses of the mouse the page has heard of.
    ///
    /// # Errors
    /// If the window is gone.
    pub async fn clicks(&self) -> anyhow::Result<u64> {
        const LISTEN: &str = "if (window.clicksHeard === undefined) { window.clicksHeard = 0; \
             window.addEventListener('click', () => { window.clicksHeard += 1; }, true); } return window.clicksHeard;";
        let heard = self.client.execute(LISTEN, vec![]).await?;
        heard.as_u64().context("a number")
    }

    /// Waits until the page has heard of one more; or is another page, that has heard of none.
    ///
    /// # Errors
    /// If it hears of none.
    pub async fn expect_click_after(&self, before: u64) -> anyhow::Result<()> {
        self.wait("the press to be heard", async || {
            let heard = self.client.execute("return window.clicksHeard ?? -1;", vec![]).await?;
            Ok((heard.as_i64() != i64::try_from(before).ok()).then_some(()))
        })
        .await
    }

    /// Waits until something is within what the window shows, or beyond it.
    ///
    /// # Errors
    /// If it is not.
    pub async fn expect_in_sight(&self, css: &str, in_sight: bool) -> anyhow::Result<()> {
        const IN_SIGHT: &str = "const [css] = arguments; const found = document.querySelector(css); if (!found) return null; \
             const box = found.getBoundingClientRect(); return box.top >= 0 && box.bottom <= window.innerHeight;";
        self.wait(&format!("{css} in sight: {in_sight}"), async || {
            let now = self.client.execute(IN_SIGHT, vec![json!(css)]).await?;
            Ok((now == json!(in_sight)).then_some(()))
        })
        .await
    }

    /// What something says.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn text(&self, css: &str) -> anyhow::Result<String> {
        self.with(css, async |element| element.text().await).await
    }

    /// An attribute of something; empty where it has none.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn attribute(&self, css: &str, name: &str) -> anyhow::Result<String> {
        let found = self.with(css, async |element| element.attr(name).await).await?;
        Ok(found.unwrap_or_default())
    }

    /// Waits until the top bar says that so many records wait for the server.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_waiting(&self, records: usize) -> anyhow::Result<()> {
        self.find(&format!("[data-waiting='{records}']")).await.map(drop)
    }

    /// Waits until something is there.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn expect_there(&self, css: &str) -> anyhow::Result<()> {
        self.find(css).await.map(drop)
    }

    /// Whether something is there now.
    ///
    /// # Errors
    /// If the window is gone.
    pub async fn is_there(&self, css: &str) -> anyhow::Result<bool> {
        Ok(!self.client.find_all(Locator::Css(css)).await?.is_empty())
    }

    /// In which direction the text of something is read: `ltr` or `rtl`.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn direction(&self, css: &str) -> anyhow::Result<String> {
        const LOOK: &str = "const found = document.querySelector(arguments[0]); \
             return found.matches(':dir(rtl)') ? 'rtl' : 'ltr';";
        let direction = self.client.execute(LOOK, vec![json!(css)]).await?;
        Ok(direction.as_str().unwrap_or_default().to_owned())
    }

    /// Puts the focus on something.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn focus(&self, css: &str) -> anyhow::Result<()> {
        self.find(css).await?;
        self.client
            .execute("document.querySelector(arguments[0]).focus();", vec![json!(css)])
            .await?;
        Ok(())
    }

    /// Waits until an input holds this.
    ///
    /// # Errors
    /// If it holds something else.
    pub async fn expect_input(&self, css: &str, text: &str) -> anyhow::Result<()> {
        self.wait(&format!("{css} to hold “{text}”"), async || {
            let input = self.client.find(Locator::Css(css)).await?;
            Ok((input.prop("value").await?.as_deref() == Some(text)).then_some(()))
        })
        .await
    }

    /// What the fields of the definition are called, in their order.
    ///
    /// # Errors
    /// If there are none.
    pub async fn labels(&self) -> anyhow::Result<Vec<String>> {
        self.find("[data-card]").await?;
        self.attributes("[data-card]", "data-card").await
    }

    /// Waits until the definition begins with these fields.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_first_fields(&self, labels: &[&str]) -> anyhow::Result<()> {
        self.wait(&format!("the fields {labels:?} first"), async || {
            let now = self.labels().await?;
            Ok(now.iter().take(labels.len()).eq(labels).then_some(()))
        })
        .await
    }

    /// Drags with the mouse from one place to another, and releases the button when the page shows what is carried there.
    ///
    /// # Errors
    /// If the page never hears of it.
    pub async fn drag(&self, from: (i16, i16), to: (i16, i16)) -> anyhow::Result<()> {
        let listen = "document.addEventListener('dragover', event => { \
             document.body.dataset.over = event.screenX + ' ' + event.screenY; }, true);";
        self.client.execute(listen, vec![]).await?;
        let hands = self.hands()?;
        hands.press_and_move(from, to)?;
        wait_for("what is dragged to be there", async || {
            hands.nudge(to)?;
            let over = self
                .client
                .execute("return document.body.dataset.over;", vec![])
                .await?;
            Ok((over == json!(format!("{} {}", to.0, to.1))).then_some(()))
        })
        .await?;
        hands.release()
    }
}
