//! A real desktop window, driven by WebDriver, in the words of the product.

mod definitions;
mod entities;
mod files;
mod formatted;
mod forms;
mod lists;
mod places;
mod screenshots;
mod shell;
mod sign_in;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::process::Command;

use crate::display::Display;
use crate::process::{Family, free_port, program, wait_for};

/// A desktop of one person.
#[derive(Debug)]
pub struct Desktop {
    person: String,
    directory: PathBuf,
    client: Client,
    display: Display,
    // Dropped last: it holds the window's process.
    driver: Family,
}

impl Desktop {
    pub(crate) async fn start(
        person: &str,
        directory: &Path,
        environment: &[(String, String)],
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(directory.join("config"))?;
        let downloads = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", directory.join("downloads").display());
        std::fs::write(directory.join("config/user-dirs.dirs"), downloads)?;
        let display = Display::start(1280, 800)?;
        let (port, native) = (free_port()?, free_port()?);
        let driver = std::env::var_os("TAURI_DRIVER").unwrap_or_else(|| "tauri-driver".into());
        let mut command = Command::new(&driver);
        command
            .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
            .env("DISPLAY", display.name())
            .env_remove("WAYLAND_DISPLAY")
            .env("XDG_CONFIG_HOME", directory.join("config"))
            .env("XDG_CACHE_HOME", directory.join("cache"))
            // There is no graphics card; and what WebKit compiles for one now and then ends its page's process.
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1")
            .env("NO_AT_BRIDGE", "1")
            // Whoever runs the tests has a bus of their own.
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .envs(environment.iter().cloned());
        let driver = Family::start(&mut command, &directory.join("desktop.log"))
            .context("window tests are started by `cargo xtask test`, which says where tauri-driver is")?;
        for port in [native, port] {
            wait_for("tauri-driver and its WebKitWebDriver to answer", async || {
                Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok())
            })
            .await?;
        }
        let desktop = program("baton-desktop");
        ensure!(desktop.is_file(), "the desktop is not built: run `cargo xtask test`");
        let options = json!({
            "application": desktop,
            // Whoever runs the tests has a keychain of their own.
            "args": ["--no-keychain", "--data-dir", directory.join("data")],
        });
        let capabilities = serde_json::Map::from_iter([("tauri:options".to_owned(), options)]);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("the window did not open")?;
        client.set_window_size(1280, 800).await.ok();
        Ok(Self {
            person: person.into(),
            directory: directory.into(),
            client,
            display,
            driver,
        })
    }

    pub(crate) fn person(&self) -> &str {
        &self.person
    }

    /// Where everything of this desktop is.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Goes to the records of an entity by the side bar.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn open_list(&self, entity: &str) -> anyhow::Result<()> {
        self.click_link(".baton-side-link span:first-child", entity).await?;
        self.expect_page(entity).await?;
        self.find("[data-found]").await.map(drop)
    }

    /// Opens a record's form from its entity's list.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn open_record(&self, entity: &str, title: &str) -> anyhow::Result<()> {
        self.open_list(entity).await?;
        self.search(title).await?;
        self.click(&format!("tr[data-record={}] a", quoted(title))).await?;
        self.find("[data-role]").await.map(drop)
    }

    /// Searches in the list that is open.
    ///
    /// # Errors
    /// If there is no list.
    pub async fn search(&self, words: &str) -> anyhow::Result<()> {
        self.put("#filter", words).await?;
        self.find(&format!("[data-found={}]", quoted(words))).await.map(drop)
    }

    /// Empties the search, key by key.
    ///
    /// # Errors
    /// If there is no list.
    pub async fn search_for_nothing(&self) -> anyhow::Result<()> {
        const BACKSPACE: &str = "\u{e003}";
        self.with("#filter", async |input| {
            let length = input.prop("value").await?.unwrap_or_default().chars().count();
            input.send_keys(&BACKSPACE.repeat(length)).await
        })
        .await?;
        self.find("[data-found='']").await.map(drop)
    }

    /// Begins a new record from its entity's list.
    ///
    /// # Errors
    /// If it does not open.
    pub async fn new_record(&self, entity: &str) -> anyhow::Result<()> {
        self.open_list(entity).await?;
        self.click("#new-record").await?;
        self.find("[data-role]").await.map(drop)
    }

    /// Leaves the form by going to all content.
    ///
    /// # Errors
    /// If the link is not there.
    pub async fn leave_form(&self) -> anyhow::Result<()> {
        self.click(".baton-brand").await?;
        self.find(".baton-cards").await.map(drop)
    }

    /// Waits for the page with this heading.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn expect_page(&self, heading: &str) -> anyhow::Result<()> {
        self.wait(&format!("the page “{heading}”"), async || {
            let shown = self.client.find(Locator::Css("h1")).await?.text().await?;
            Ok((shown == heading).then_some(()))
        })
        .await
    }

    /// Presses a button.
    ///
    /// # Errors
    /// If it cannot be pressed.
    pub async fn press(&self, css: &str) -> anyhow::Result<()> {
        self.click(&format!("{css}:not([disabled])")).await
    }

    /// Waits until something says this.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_text(&self, css: &str, words: &str) -> anyhow::Result<()> {
        self.wait(&format!("{css} to say “{words}”"), async || {
            let text = self.client.find(Locator::Css(css)).await?.text().await?;
            Ok(one_line(&text).contains(words).then_some(()))
        })
        .await
    }

    /// Waits for the prompt about somebody who asks to edit: as the `owner` sees it, as `mine`, or as
    /// an `other`'s.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn expect_ask(&self, whose: &str, words: &str) -> anyhow::Result<()> {
        self.wait(&format!("the prompt to say “{words}”"), async || {
            let prompt = self.client.find(Locator::Css(&format!("[data-ask={whose}]"))).await?;
            Ok(prompt.text().await?.contains(words).then_some(()))
        })
        .await
    }

    /// Waits until an error is shown at this field.
    ///
    /// # Errors
    /// If there is none.
    pub async fn expect_error_at(&self, field: &str) -> anyhow::Result<String> {
        Ok(self.find(&format!("[data-error={field}]")).await?.text().await?)
    }

    /// Waits for a notice or a toast that says this.
    ///
    /// # Errors
    /// If none does.
    pub async fn expect_notice(&self, words: &str) -> anyhow::Result<()> {
        self.wait(&format!("a notice that says “{words}”"), async || {
            for notice in self
                .client
                .find_all(Locator::Css(".pf-v6-c-alert, .baton-toast"))
                .await?
            {
                if one_line(&notice.text().await?).contains(words) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits for this state of the connection: `live`, `waiting`, `connecting`.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn expect_link(&self, state: &str) -> anyhow::Result<()> {
        self.find(&format!("[data-link={state}]")).await.map(drop)
    }

    /// Marks the page, so that [`Self::expect_same_page`] notices if it was loaded again.
    ///
    /// # Errors
    /// If the page runs no scripts.
    pub async fn mark_page(&self) -> anyhow::Result<()> {
        self.client.execute("document.body.dataset.marked = 'yes'; const table = document.querySelector('.baton-table'); if (table) table.dataset.marked = 'yes';", vec![]).await?;
        Ok(())
    }

    /// The page and its list are the very ones that were marked.
    ///
    /// # Errors
    /// If they are not.
    pub async fn expect_same_page(&self) -> anyhow::Result<()> {
        let script = "return document.body.dataset.marked === 'yes' && document.querySelector('.baton-table').dataset.marked === 'yes';";
        let same = self.client.execute(script, vec![]).await?;
        ensure!(same == json!(true), "the page was loaded again");
        Ok(())
    }

    /// Waits until nothing matches this any more.
    ///
    /// # Errors
    /// If something still does.
    pub async fn expect_gone(&self, css: &str) -> anyhow::Result<()> {
        self.wait(&format!("{css} to be gone"), async || {
            let found = self.client.find_all(Locator::Css(css)).await?;
            Ok(found.is_empty().then_some(()))
        })
        .await
    }

    /// Goes to the page about the connection by the menu, and checks the way to the server.
    ///
    /// # Errors
    /// If there is no such page.
    pub async fn check_connection(&self) -> anyhow::Result<()> {
        self.click("#help").await?;
        self.click_link(".baton-menu a", "Connection").await?;
        self.click("#check-connection").await?;
        self.find("#check-result").await.map(drop)
    }

    /// The words that the window shows, on one line.
    ///
    /// # Errors
    /// If the window does not answer.
    pub async fn words(&self) -> anyhow::Result<String> {
        let text = self.client.execute("return document.body.innerText;", vec![]).await?;
        Ok(text
            .as_str()
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "))
    }

    async fn find(&self, css: &str) -> anyhow::Result<Element> {
        self.wait(&format!("{css} to be there"), async || {
            Ok(Some(self.client.find(Locator::Css(css)).await?))
        })
        .await
    }

    /// Does something with what is found: once more, if the page drew it anew meanwhile.
    async fn with<T>(&self, css: &str, act: impl AsyncFn(Element) -> Result<T, CmdError>) -> anyhow::Result<T> {
        self.wait(&format!("{css} to be used"), async || {
            let element = self.client.find(Locator::Css(css)).await?;
            Ok(Some(act(element).await?))
        })
        .await
    }

    /// Types keys into what is found.
    ///
    /// # Errors
    /// If nothing is, or it takes none.
    pub async fn type_keys(&self, css: &str, keys: &str) -> anyhow::Result<()> {
        self.with(css, async |element| element.send_keys(keys).await).await
    }

    /// Types a text into an input, in place of what it holds, and looks that it is there.
    ///
    /// # Errors
    /// If it is not.
    pub async fn put(&self, css: &str, text: &str) -> anyhow::Result<()> {
        self.wait(&format!("{css} to hold what is typed"), async || {
            let input = self.client.find(Locator::Css(css)).await?;
            // As a person does: an input that is cleared and left first could say that it must not be empty.
            let select = "arguments[0].focus(); arguments[0].select();";
            self.client.execute(select, vec![serde_json::to_value(&input)?]).await?;
            input.send_keys(if text.is_empty() { "\u{e017}" } else { text }).await?;
            let value = input.prop("value").await?;
            Ok((value.as_deref() == Some(text)).then_some(()))
        })
        .await
    }

    async fn click(&self, css: &str) -> anyhow::Result<()> {
        self.wait(&format!("{css} to be pressed"), async || {
            let element = self.client.find(Locator::Css(css)).await?;
            self.click_element(element).await
        })
        .await
    }

    /// Clicks where the element is; `None` if it had moved away until the click came, and nothing was pressed.
    async fn click_element(&self, element: Element) -> anyhow::Result<Option<()>> {
        // What the strip covers counts as in sight for WebDriver, and cannot be pressed there.
        let listen = "const element = arguments[0]; window.pressed = null;
            const box = element.getBoundingClientRect();
            const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            if (!there || !element.contains(there)) element.scrollIntoView({ block: 'center' });
            const at = (name, of) => document.addEventListener(name, (event) => { window[of] = element.contains(event.target); },
                { capture: true, once: true });
            window.clicked = false;
            at('mousedown', 'pressed');
            at('click', 'clicked');";
        self.client
            .execute(listen, vec![serde_json::to_value(&element)?])
            .await?;
        element.clone().click().await?;
        // A page that was left by it, or an element that is no more, says nothing.
        let reached = "const element = arguments[0]; const stays = element.isConnected && element.offsetParent;
            return window.pressed !== false && (window.clicked || !stays);";
        let reached = self
            .client
            .execute(reached, vec![serde_json::to_value(&element)?])
            .await;
        Ok((reached.ok() != Some(json!(false))).then_some(()))
    }

    /// Presses the first of these that says this.
    ///
    /// # Errors
    /// If none does.
    pub async fn click_link(&self, css: &str, text: &str) -> anyhow::Result<()> {
        self.wait(&format!("the link {text}"), async || {
            for link in self.client.find_all(Locator::Css(css)).await? {
                if link.text().await?.trim() == text {
                    return self.click_element(link).await;
                }
            }
            Ok(None)
        })
        .await
    }

    async fn wait<T>(&self, what: &str, look: impl AsyncFnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
        wait_for(&format!("{}: {what}", self.person), look).await
    }

    /// Makes the window this large.
    ///
    /// # Errors
    /// If it cannot be.
    pub async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        self.client.set_window_size(width, height).await?;
        let wanted = json!(width);
        self.wait("the window's new size", async || {
            let now = self.client.execute("return window.innerWidth;", vec![]).await?;
            Ok((now == wanted).then_some(()))
        })
        .await
    }
}

fn input(field: &str) -> String {
    format!("[data-field={}]", quoted(field))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
