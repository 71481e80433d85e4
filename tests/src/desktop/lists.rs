//! The rows of a list, and where records go from it.

use anyhow::Context as _;
use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::json;

use super::{Desktop, one_line, quoted};
use crate::process::signal;

impl Desktop {
    /// Waits until the list has a row with this title.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_row(&self, title: &str) -> anyhow::Result<Element> {
        self.search(title).await?;
        self.find(&format!("tr[data-record={}]", quoted(title))).await
    }

    /// Waits until the list of an entity has a row with this title.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_row_of(&self, entity: &str, title: &str) -> anyhow::Result<()> {
        self.open_list(entity).await?;
        self.expect_row(title).await.map(drop)
    }

    /// Waits until the row with this title says this.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_row_to_say(&self, title: &str, words: &str) -> anyhow::Result<()> {
        self.expect_in_row(title, words, true).await
    }

    /// Waits until the row of a record says this no more.
    ///
    /// # Errors
    /// If it goes on.
    pub async fn expect_row_not_to_say(&self, title: &str, words: &str) -> anyhow::Result<()> {
        self.expect_in_row(title, words, false).await
    }

    /// Whether the row of a record says this now.
    ///
    /// # Errors
    /// If there is no such row.
    pub async fn row_says(&self, title: &str, words: &str) -> anyhow::Result<bool> {
        let row = format!("tr[data-record={}]", quoted(title));
        let text = self.with(&row, async |row| row.text().await).await?;
        Ok(one_line(&text).contains(words))
    }

    async fn expect_in_row(&self, title: &str, words: &str, there: bool) -> anyhow::Result<()> {
        self.search(title).await?;
        self.wait(
            &format!("the row of {title} to say “{words}”: {there}"),
            async || {
                let row = format!("tr[data-record={}]", quoted(title));
                let text = self.client.find(Locator::Css(&row)).await?.text().await?;
                Ok((one_line(&text).contains(words) == there).then_some(()))
            },
        )
        .await
    }

    /// Scrolls the open list down for some seconds, a screenful a frame: how long the frames took in
    /// milliseconds, sorted, and the most rows that were drawn at once. With `still`, nothing scrolls: what
    /// frames take on this machine anyway.
    ///
    /// # Errors
    /// If there is no list.
    pub async fn scroll_list(&self, still: bool) -> anyhow::Result<(Vec<f64>, u64)> {
        self.find(".baton-table tbody tr[data-record]").await?;
        let script = "const by = arguments[0], done = arguments[1]; const page = document.querySelector('.baton-main');
            const frames = []; let rows = 0, last = performance.now();
            const step = (now) => {
                frames.push(now - last); last = now;
                rows = Math.max(rows, document.querySelectorAll('.baton-table tbody tr').length);
                page.scrollTop += by; page.style.opacity = frames.length % 2 ? 1 : 0.999;
                if (frames.length < 240) requestAnimationFrame(step); else done([frames.slice(1), rows]);
            };
            requestAnimationFrame(step);";
        let measured = self
            .client
            .execute_async(script, vec![json!(if still { 0 } else { 600 })])
            .await?;
        let (mut frames, rows): (Vec<f64>, u64) = serde_json::from_value(measured)?;
        frames.sort_by(f64::total_cmp);
        Ok((frames, rows))
    }

    /// Waits until the list has so many rows, drawn or not.
    ///
    /// # Errors
    /// If it has not.
    pub async fn expect_rows(&self, rows: usize) -> anyhow::Result<()> {
        self.find(&format!(".baton-table[aria-rowcount='{}']", rows + 1))
            .await
            .map(drop)
    }

    /// The memory of the program without its web view, in MiB: its own, and with the libraries that it shares
    /// with others.
    ///
    /// # Errors
    /// If it is not running.
    pub fn memory_mib(&self) -> anyhow::Result<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process()?))?;
        let of = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
            kib.map(|kib| kib / 1024).context("its memory")
        };
        Ok((of("RssAnon:")?, of("VmRSS:")?))
    }

    /// Kills the desktop's process at once (SIGKILL).
    ///
    /// # Errors
    /// If it is not running.
    pub fn kill(&self) -> anyhow::Result<()> {
        let id = self.process()?;
        signal("KILL", &id.to_string());
        Ok(())
    }

    /// Takes the open record out of its list, and says yes when asked.
    ///
    /// # Errors
    /// If there is no such button.
    pub async fn delete_record(&self) -> anyhow::Result<()> {
        self.click("#delete").await?;
        self.click("#remove-yes").await
    }

    /// Restores the open record.
    ///
    /// # Errors
    /// If there is no such button.
    pub async fn restore_record(&self) -> anyhow::Result<()> {
        self.click("#bring-back").await
    }

    /// Shows the list in another layout.
    ///
    /// # Errors
    /// If there is none of this name.
    pub async fn show_as(&self, layout: &str) -> anyhow::Result<()> {
        self.press("#layout").await?;
        self.press(&format!("[data-layout={layout}]")).await?;
        self.press_escape("#layout").await
    }

    /// Deletes the first rows of the list that is shown; returns their titles.
    ///
    /// # Errors
    /// If there are too few, or they are not deleted.
    pub async fn delete_first_rows(&self, count: usize) -> anyhow::Result<Vec<String>> {
        let titles = self.rows(count).await?;
        for title in &titles {
            self.select_row(title).await?;
        }
        self.press("#bulk-delete").await?;
        self.expect_text("#bulk-result", &format!("{count} records changed"))
            .await?;
        Ok(titles)
    }

    /// Goes to the archive and bin of an entity, and waits until this record is there, or is not.
    ///
    /// # Errors
    /// If it is otherwise.
    pub async fn expect_in_bin(&self, entity: &str, title: &str, there: bool) -> anyhow::Result<()> {
        self.open_list(entity).await?;
        self.click(".baton-bin-link").await?;
        // Not the list, which is there a moment longer.
        self.expect_page(&format!("Archive and bin of {entity}")).await?;
        let row = format!("tr[data-record={}] .baton-restore", quoted(title));
        self.wait(&format!("{title} in the bin: {there}"), async || {
            let found = self.client.find_all(Locator::Css(&row)).await?;
            Ok((found.is_empty() != there).then_some(()))
        })
        .await
    }
}
