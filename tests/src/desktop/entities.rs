//! Working with many records of an entity.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use fantoccini::Locator;
use fantoccini::elements::Element;

use super::{Desktop, one_line, quoted};

impl Desktop {
    /// Waits until the rows of the list are these, from its first.
    ///
    /// # Errors
    /// If they are not.
    pub async fn expect_first_rows(&self, titles: &[&str]) -> anyhow::Result<()> {
        self.wait(&format!("the rows {titles:?}"), async || {
            let found = self.attributes("tr[data-record]", "data-record").await?;
            Ok(found
                .iter()
                .map(String::as_str)
                .take(titles.len())
                .eq(titles.iter().copied())
                .then_some(()))
        })
        .await
    }

    /// The first rows of the list.
    ///
    /// # Errors
    /// If there is no list.
    pub async fn rows(&self, count: usize) -> anyhow::Result<Vec<String>> {
        self.find("tr[data-record]").await?;
        let mut found = self.attributes("tr[data-record]", "data-record").await?;
        found.truncate(count);
        Ok(found)
    }

    /// Moves a row of a list that is ordered by hand, with an arrow key on its handle.
    ///
    /// # Errors
    /// If it has no handle.
    pub async fn move_row_by_keys(&self, title: &str, key: &str) -> anyhow::Result<()> {
        let css = format!("tr[data-record={}] .baton-handle", quoted(title));
        self.type_keys(&css, key).await
    }

    pub(super) async fn expect_all(&self, css: &str, attribute: &str, wanted: &[&str]) -> anyhow::Result<()> {
        self.wait(&format!("{css} to be {wanted:?}"), async || {
            let found = self.attributes(css, attribute).await?;
            Ok((found == wanted).then_some(()))
        })
        .await
    }

    pub(super) async fn attributes(&self, css: &str, attribute: &str) -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await? {
            found.extend(element.attr(attribute).await?);
        }
        Ok(found)
    }

    /// Waits until nothing of the form that is open can be changed by any control: no input, no button of a field, no
    /// handle (seed row 53).
    ///
    /// # Errors
    /// If something can.
    pub async fn expect_read_only(&self) -> anyhow::Result<()> {
        const CHANGEABLE: &str = "
            const inside = '.baton-fields, .baton-field-cards, .baton-add-field';
            const controls = 'input, textarea, select, button, [contenteditable], [draggable=true], [tabindex=\"0\"][role]';
            // What opens and shows something changes nothing, nor does what says something about a field.
            const shows = '.baton-card-name, .baton-download, .baton-enlarge, .baton-comment-here, a';
            const found = [...document.querySelectorAll(inside)].flatMap(part => [...part.querySelectorAll(controls)]);
            if (!document.querySelector(inside)) return null;
            return found.filter(one => !one.matches(shows) && !one.disabled && !one.readOnly
                && one.getAttribute('contenteditable') !== 'false' && one.getAttribute('aria-disabled') !== 'true')
                .map(one => one.outerHTML.slice(0, 120));";
        self.wait("nothing to be changeable", async || {
            let found = self.client.execute(CHANGEABLE, vec![]).await?;
            let found: Option<Vec<String>> = serde_json::from_value(found)?;
            let found = found.context("there is no form")?;
            anyhow::ensure!(found.is_empty(), "these can be used: {found:#?}");
            Ok(Some(()))
        })
        .await
    }

    /// Waits until the form's editors are these, in this order.
    ///
    /// # Errors
    /// If they are not.
    pub async fn expect_roster(&self, names: &[&str]) -> anyhow::Result<()> {
        self.wait(&format!("the roster {names:?}"), async || {
            let now = self.attributes("[data-editor]", "data-editor").await?;
            Ok((now == names).then_some(()))
        })
        .await
    }

    /// Moves a row or a field with the arrow keys of its handle.
    ///
    /// # Errors
    /// If it has none.
    pub async fn move_by_keys(&self, name: &str, keys: &str) -> anyhow::Result<()> {
        let css = format!("[aria-label={}]", quoted(&format!("Move {name} with the arrow keys")));
        self.type_keys(&css, keys).await
    }

    /// Checks or unchecks one of several choices.
    ///
    /// # Errors
    /// If it is not offered.
    pub async fn tick(&self, field: &str, option: &str) -> anyhow::Result<()> {
        self.click(&format!(
            "[data-field={}][data-words={}]",
            quoted(field),
            quoted(option)
        ))
        .await
    }

    /// Waits until exactly these choices of a field are checked.
    ///
    /// # Errors
    /// If they are not.
    pub async fn expect_ticked(&self, field: &str, options: &[&str]) -> anyhow::Result<()> {
        let css = format!("[data-field={}]:checked", quoted(field));
        self.expect_all(&css, "data-words", options).await
    }

    /// Finds a record for a link, and links it.
    ///
    /// # Errors
    /// If it is not found.
    pub async fn link(&self, field: &str, title: &str) -> anyhow::Result<()> {
        self.type_into(field, title).await?;
        self.click(&format!("[data-option={}]", quoted(title))).await?;
        self.expect_linked(title).await
    }

    /// Shows only the records of the list that link to this one.
    ///
    /// # Errors
    /// If there is no such filter.
    pub async fn filter_linked(&self, field: &str, title: &str) -> anyhow::Result<()> {
        self.click("#filters").await?;
        self.select("#filter-field", field).await?;
        self.type_keys("#filter-value", title).await?;
        self.click(&format!("[data-option={}]", quoted(title))).await?;
        self.expect_linked(title).await?;
        self.click("#filter-add:not([disabled])").await?;
        self.press_escape("#filters").await
    }

    /// Waits until a link to this record is shown.
    ///
    /// # Errors
    /// If it is not.
    pub async fn expect_linked(&self, title: &str) -> anyhow::Result<()> {
        self.find(&format!("[data-linked={}]", quoted(title))).await.map(drop)
    }

    /// Adds a filter to the list.
    ///
    /// # Errors
    /// If it cannot be added.
    pub async fn filter(&self, field: &str, operator: &str, value: &str) -> anyhow::Result<()> {
        self.click("#filters").await?;
        self.add_filter(field, operator, value).await
    }

    /// Adds an alternative to the filter of a field.
    ///
    /// # Errors
    /// If it cannot be added.
    pub async fn filter_or(&self, of: &str, (field, operator, value): (&str, &str, &str)) -> anyhow::Result<()> {
        self.click("#filters").await?;
        self.click(&format!(".baton-filters [data-filter={of}] .baton-chip-or"))
            .await?;
        self.find("#filter-or").await?;
        self.add_filter(field, operator, value).await
    }

    async fn add_filter(&self, field: &str, operator: &str, value: &str) -> anyhow::Result<()> {
        self.select("#filter-field", field).await?;
        self.select("#filter-operator", operator).await?;
        self.with("#filter-value", async |input| {
            if input.tag_name().await? == "select" {
                input.select_by_label(value).await
            } else {
                input.send_keys(value).await
            }
        })
        .await?;
        self.click("#filter-add:not([disabled])").await?;
        self.press_escape("#filters").await
    }

    /// Closes what opened below this button.
    ///
    /// # Errors
    /// If there is no such button.
    pub async fn press_escape(&self, css: &str) -> anyhow::Result<()> {
        self.type_keys(css, "\u{e00c}").await
    }

    /// Chooses a row of the list, or does so no more.
    ///
    /// # Errors
    /// If it is not shown.
    pub async fn select_row(&self, title: &str) -> anyhow::Result<()> {
        let css = format!("[data-record={}] input[type=checkbox]", quoted(title));
        let mut before = None;
        self.wait(&format!("{title} to be ticked, or not any more"), async || {
            let tick = self.client.find(Locator::Css(&css)).await?;
            let now = tick.prop("checked").await?;
            if *before.get_or_insert_with(|| now.clone()) != now {
                return Ok(Some(()));
            }
            // A press on a row that moves at this moment reaches nothing; the box itself changes at once.
            tick.click().await?;
            Ok(None)
        })
        .await
    }

    /// Takes the last change of many records back, and waits until that is done: nothing moves on the page then.
    ///
    /// # Errors
    /// If there is nothing to take back.
    pub async fn undo_bulk(&self) -> anyhow::Result<()> {
        self.click("#bulk-undo").await?;
        self.expect_gone("#bulk-undo").await
    }

    /// Waits until the list says that it has so many records.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_total(&self, words: &str) -> anyhow::Result<()> {
        self.wait(&format!("the list to have {words}"), async || {
            let total = self.client.find(Locator::Css("#total[aria-busy=false]")).await?;
            Ok((one_line(&total.text().await?) == words).then_some(()))
        })
        .await
    }

    /// What a cell of the list says.
    ///
    /// # Errors
    /// If it does not say that.
    pub async fn expect_cell(&self, title: &str, column: &str, words: &str) -> anyhow::Result<()> {
        let css = format!("tr[data-record={}] [data-column={}]", quoted(title), quoted(column));
        self.wait(&format!("{column} of {title} to say “{words}”"), async || {
            let cell: Element = self.client.find(Locator::Css(&css)).await?;
            Ok((one_line(&cell.text().await?) == words).then_some(()))
        })
        .await
    }

    /// What a cell of the list says now.
    ///
    /// # Errors
    /// If there is none.
    pub async fn cell(&self, title: &str, column: &str) -> anyhow::Result<String> {
        let css = format!("tr[data-record={}] [data-column={}]", quoted(title), quoted(column));
        Ok(one_line(&self.with(&css, async |cell| cell.text().await).await?))
    }

    /// Goes to a value of the list with the arrow keys, begins to change it in its place, and types at
    /// its end.
    ///
    /// # Errors
    /// If there is no such value.
    pub async fn edit_cell(&self, title: &str, column: &str, text: &str) -> anyhow::Result<()> {
        const RIGHT: &str = "\u{e014}";
        const MAX_TRIES: usize = 20;
        self.type_keys(&format!("tr[data-record={}] a", quoted(title)), RIGHT)
            .await?;
        for _ in 0..MAX_TRIES {
            let here = self.client.active_element().await?.attr("data-column").await?;
            if here.as_deref() == Some(column) {
                break;
            }
            self.press_keys(RIGHT).await?;
        }
        self.press_keys("\u{e007}").await?;
        self.find("#cell-input").await?;
        if !text.is_empty() {
            self.type_keys("#cell-input:not([disabled])", text).await?;
        }
        Ok(())
    }

    /// Brings a file to the page for imports.
    ///
    /// # Errors
    /// If it is not taken.
    pub async fn bring(&self, file: &Path) -> anyhow::Result<()> {
        let path = file.to_str().context("a path in words")?;
        self.type_keys("#import-file", path).await
    }

    /// Exports what the list shows; gives the file.
    ///
    /// # Errors
    /// If no file is made.
    pub async fn export(&self, format: &str, all_columns: bool) -> anyhow::Result<PathBuf> {
        self.click("#export").await?;
        self.click(&format!("#export-{format}")).await?;
        if all_columns {
            self.click("#export-all").await?;
        }
        self.click("#export-begin").await?;
        let said = self.with("#exported", async |said| said.text().await).await?;
        let path = said.strip_prefix("Saved as ").context("it says where the file is")?;
        let path = PathBuf::from(path.trim());
        ensure!(path.starts_with(self.directory()), "{} is elsewhere", path.display());
        self.press_escape("#export").await?;
        Ok(path)
    }
}

impl Desktop {
    /// How many records the list says it has.
    ///
    /// # Errors
    /// If it does not say.
    pub async fn total(&self) -> anyhow::Result<u64> {
        let text = self
            .with("#total[aria-busy=false]", async |total| total.text().await)
            .await?;
        let number = text.split(' ').next().unwrap_or_default();
        number.parse().with_context(|| format!("“{text}” is no number"))
    }

    /// The title of the list's first row.
    ///
    /// # Errors
    /// If there is none.
    pub async fn first_row(&self) -> anyhow::Result<String> {
        let title = self
            .with("tr[data-record]", async |row| row.attr("data-record").await)
            .await?;
        title.context("a row has a title")
    }

    /// Chooses an option, by what it says, of whatever this is.
    ///
    /// # Errors
    /// If it is not offered.
    pub async fn select(&self, css: &str, label: &str) -> anyhow::Result<()> {
        const PLACE: &str = "
            const [select, label] = arguments;
            const said = (option) => option.text.trim().replace(/^⟦|⟧$/g, '');
            return [...document.querySelector(select).options].findIndex((option) => said(option) === label);";
        self.expect_there(css).await?;
        let place = self
            .client
            .execute(PLACE, vec![serde_json::json!(css), serde_json::json!(label)]);
        let place = place.await?.as_i64().and_then(|place| usize::try_from(place).ok());
        let place = place.with_context(|| format!("{css} does not offer {label}"))?;
        self.with(css, async |select| select.select_by_index(place).await).await
    }

    /// The language that the page speaks, as a tag.
    ///
    /// # Errors
    /// If the window does not answer.
    pub async fn language(&self) -> anyhow::Result<String> {
        let language = self.client.execute("return document.documentElement.lang", vec![]);
        Ok(language.await?.as_str().unwrap_or_default().to_owned())
    }

    /// What is shown or read out and stands in no message, in the language of tests.
    ///
    /// # Errors
    /// If the window does not answer.
    pub async fn outside_of_messages(&self) -> anyhow::Result<Vec<String>> {
        const LOOK: &str = "
            const outside = (text) => {
                for (let before = ''; before !== text;) {
                    before = text;
                    text = text.replace(/⟦[^⟦⟧]*⟧/g, ' ');
                }
                // A link may stand in a message: what is before and behind it is a node of its own.
                return text.replace(/⟦[^⟦⟧]*$/, ' ').replace(/^[^⟦⟧]*⟧/, ' ').trim();
            };
            const found = [];
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const holder = texts.currentNode.parentElement;
                if (holder.closest('script, style') || !holder.checkVisibility()) continue;
                found.push(outside(texts.currentNode.data));
            }
            for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
                for (const holder of document.querySelectorAll('[' + name + ']')) found.push(outside(holder.getAttribute(name)));
            }
            return found.filter((text) => text !== '');";
        Ok(serde_json::from_value(self.client.execute(LOOK, vec![]).await?)?)
    }

    /// Presses keys wherever the focus is.
    ///
    /// # Errors
    /// If the window takes none.
    pub async fn press_keys(&self, keys: &str) -> anyhow::Result<()> {
        self.client.active_element().await?.send_keys(keys).await?;
        Ok(())
    }

    /// Opens the palette by its keys, and waits until it takes what is typed.
    ///
    /// # Errors
    /// If it does not open.
    pub async fn open_palette(&self) -> anyhow::Result<()> {
        const CONTROL: &str = "\u{e009}";
        self.press_keys(&format!("{CONTROL}k")).await?;
        self.find("#palette:focus").await.map(drop)
    }

    /// What is wrong with the page for whoever does not see it, or sees little contrast, in words: also what is only
    /// moderately so, and text whose contrast nobody can tell.
    ///
    /// # Errors
    /// If the page cannot be looked at.
    pub async fn accessibility_faults(&self) -> anyhow::Result<Vec<String>> {
        const LOOK: &str = include_str!("../../data/accessibility.js");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/node_modules/axe-core/axe.min.js");
        let script = std::fs::read_to_string(&script)
            .with_context(|| format!("{} is missing: `cargo xtask test` fetches it", script.display()))?;
        self.client.execute(&script, vec![]).await?;
        let faults = self.client.execute_async(LOOK, vec![]).await?;
        Ok(serde_json::from_value(faults)?)
    }

    /// Puts something on the page that nobody hears of who does not see it, a heading out of its order, and a text that is
    /// hard to read in front of a gradient.
    ///
    /// # Errors
    /// If it cannot be put there.
    pub async fn spoil_page(&self) -> anyhow::Result<()> {
        let spoil = "document.querySelector('main > :first-child').insertAdjacentHTML('beforeend', `<img src='x.png'>
            <h6>Spoilt</h6><span style='color: #eee; background: #fff linear-gradient(#fff, #fff)'>Spoilt</span>`);";
        self.client.execute(spoil, vec![]).await?;
        Ok(())
    }
}
