//! The program around the pages: how it is started, hidden, ended, and set up.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use serde_json::json;
use tokio::process::Command;

use super::Desktop;
use crate::process::{TIMEOUT, program, signal};

impl Desktop {
    /// What in the page still moves: a page can be readable and yet stand still.
    ///
    /// # Errors
    /// If the window does not answer.
    pub async fn pulse(&self) -> anyhow::Result<String> {
        let script = "const done = arguments[0], said = [];
            const say = (name) => () => said.push(name);
            queueMicrotask(say('microtask'));
            Promise.resolve().then(say('promise'));
            requestAnimationFrame(say('frame'));
            window.__TAURI__.core.invoke('installation').then(say('shell'), (why) => said.push('refused: ' + why));
            fetch(location.href).then(say('fetch'), (why) => said.push('no fetch: ' + why));
            const before = document.querySelectorAll('.baton-popover').length;
            document.querySelector('#connection')?.click();
            setTimeout(() => {
                if (document.querySelectorAll('.baton-popover').length != before) said.push('drawing');
                done(document.readyState + ', ' + document.visibilityState + ': ' + said.join(', '));
            }, 2000);";
        let said = self.client.execute_async(script, vec![]).await?;
        Ok(said.as_str().unwrap_or_default().into())
    }

    /// Tries from within the page, as foreign text that became code would, to reach an address in every way there is;
    /// which of its rules the page said were broken by that (it says nothing of forms and of pages to go to).
    ///
    /// # Errors
    /// If the window does not answer.
    pub async fn try_to_reach(&self, address: &str) -> anyhow::Result<Vec<String>> {
        let script = "const address = arguments[0], done = arguments[1], broken = new Set();
            document.addEventListener('securitypolicyviolation', (event) => broken.add(event.effectiveDirective));
            const add = (tag, set) => { const node = document.createElement(tag); set(node); document.body.append(node); };
            fetch(address + 'fetch', { mode: 'no-cors' }).catch(() => {});
            try { new WebSocket(address.replace('http', 'ws') + 'socket'); } catch {}
            try { new EventSource(address + 'events'); } catch {}
            try { navigator.sendBeacon?.(address + 'beacon', 'x'); } catch {}
            add('img', (node) => node.src = address + 'picture');
            add('iframe', (node) => node.src = address + 'frame');
            add('object', (node) => node.data = address + 'object');
            add('script', (node) => node.src = address + 'script');
            add('script', (node) => node.textContent = `fetch('${address}inline')`);
            add('link', (node) => { node.rel = 'stylesheet'; node.href = address + 'style'; });
            add('base', (node) => node.href = address);
            document.querySelector('base')?.remove();
            add('form', (node) => { node.action = address + 'form'; node.submit(); });
            const begun = performance.now();
            // What a form asks for is forgotten if the page is asked for something else in the same breath.
            const leave = () => {
                window.open(address + 'window');
                location.href = address + 'page';
                setTimeout(() => done([...broken]), 500);
            };
            const look = () => broken.size >= 7 || performance.now() - begun > 5000 ? leave() : setTimeout(look, 50);
            look();";
        let broken = self.client.execute_async(script, vec![json!(address)]).await?;
        Ok(serde_json::from_value(broken)?)
    }

    /// Starts the program once more with the same data directory; it must hand over and end.
    ///
    /// # Errors
    /// If it does not end, or not well.
    pub async fn start_second(&self, link: Option<&str>) -> anyhow::Result<()> {
        let mut second = Command::new(program("baton-desktop"))
            .args(["--no-keychain", "--data-dir"])
            .arg(self.directory.join("data"))
            .args(link)
            .env("DISPLAY", self.display.name())
            .env_remove("WAYLAND_DISPLAY")
            .kill_on_drop(true)
            .spawn()?;
        let ended = tokio::time::timeout(TIMEOUT, second.wait()).await;
        let status = ended.context("the second program runs on")??;
        ensure!(status.success(), "the second program ended with {status}");
        Ok(())
    }

    /// Waits until a window is called this.
    ///
    /// # Errors
    /// If none is.
    pub async fn expect_window(&self, title: &str) -> anyhow::Result<()> {
        self.wait(&format!("a window called “{title}”"), async || {
            Ok(self.display.titles()?.iter().any(|known| known == title).then_some(()))
        })
        .await
    }

    /// The page does not get the next answer to this call, which is carried out all the same.
    ///
    /// # Errors
    /// If the page runs no scripts.
    pub async fn lose_answer(&self, command: &str) -> anyhow::Result<()> {
        let script = "const [command] = arguments; const real = window.fetch; let lost = false; \
             window.fetch = async (address, options) => { const answer = await real(address, options); \
             if (lost || !(address + options?.body).includes(command)) return answer; \
             lost = true; document.body.dataset.lost = command; throw new TypeError('lost on its way'); };";
        self.client.execute(script, vec![json!(command)]).await?;
        Ok(())
    }

    /// The address of the page that is shown.
    ///
    /// # Errors
    /// If there is no window.
    pub async fn address(&self) -> anyhow::Result<String> {
        Ok(self.client.current_url().await?.to_string())
    }

    /// Goes to a page of the program by its path, like `/people`, and waits for what it is headed by.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn visit(&self, path: &str) -> anyhow::Result<()> {
        let there = "location.hash = arguments[0];";
        self.client.execute(there, vec![json!(path)]).await?;
        self.expect_there(".baton-main h1").await?;
        self.expect_gone(".baton-main .baton-loading").await
    }

    /// Goes to the page about the installation by the menu.
    ///
    /// # Errors
    /// If there is no such page.
    pub async fn open_installation(&self) -> anyhow::Result<()> {
        self.click("#help").await?;
        self.click_link(".baton-menu a", "About this installation").await?;
        self.expect_page("About this installation").await?;
        self.find("#settings").await.map(drop)
    }

    /// Waits until the window is hidden, or shown.
    ///
    /// # Errors
    /// If it is not.
    pub async fn expect_hidden(&self, hidden: bool) -> anyhow::Result<()> {
        self.wait(&format!("the window to be hidden: {hidden}"), async || {
            Ok((self.display.shows_a_window()? != hidden).then_some(()))
        })
        .await
    }

    /// Waits until the program has ended.
    ///
    /// # Errors
    /// If it does not end.
    pub async fn expect_ended(&self) -> anyhow::Result<()> {
        self.wait("the program to end", async || Ok(self.process().is_err().then_some(())))
            .await
    }

    /// How many of its own pixels the page is wide.
    ///
    /// # Errors
    /// If there is no page.
    pub async fn width(&self) -> anyhow::Result<i64> {
        let width = self.client.execute("return window.innerWidth;", vec![]).await?;
        width.as_i64().context("a width")
    }

    /// Waits until the page is wider, or not as wide, as `judge` wants it.
    ///
    /// # Errors
    /// If it is not.
    pub async fn expect_width(&self, judge: impl Fn(i64) -> bool) -> anyhow::Result<()> {
        self.wait("the page to have another width", async || {
            Ok(judge(self.width().await?).then_some(()))
        })
        .await
    }

    /// Stops the desktop's engine and window where they are (SIGSTOP).
    ///
    /// # Errors
    /// If it is not running.
    pub fn freeze(&self) -> anyhow::Result<()> {
        signal("STOP", &self.process()?.to_string());
        Ok(())
    }

    /// Lets it go on (SIGCONT).
    ///
    /// # Errors
    /// If it is not running.
    pub fn thaw(&self) -> anyhow::Result<()> {
        signal("CONT", &self.process()?.to_string());
        Ok(())
    }

    /// Presses the window's close button and waits until the program has ended.
    ///
    /// # Errors
    /// If it does not end.
    pub async fn close_window(&self) -> anyhow::Result<()> {
        let id = self.process()?;
        self.display.press_close()?;
        self.wait_for_end(id).await
    }

    /// The same with unsaved changes, which the person lets stay as a draft.
    ///
    /// # Errors
    /// If it does not ask, or does not end.
    pub async fn close_window_and_keep_the_draft(&self) -> anyhow::Result<()> {
        let id = self.process()?;
        self.display.press_close()?;
        let title = self.with("#dialog-title", async |title| title.text().await).await?;
        anyhow::ensure!(title == "Close without saving?", "{title}");
        self.click("#close-anyway").await?;
        self.wait_for_end(id).await
    }

    /// Kills the process that shows the page, as a fault of the web view does; the program itself goes on.
    ///
    /// # Errors
    /// If there is none.
    pub fn kill_page(&self) -> anyhow::Result<()> {
        let parent = format!("PPid:\t{}", self.process()?);
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
            if status.starts_with("Name:\tWebKitWebProces") && status.lines().any(|line| line == parent) {
                signal("KILL", &entry.file_name().to_string_lossy());
                return Ok(());
            }
        }
        bail!("no process shows the page of {}", self.person)
    }

    /// The page's program fails, as WebKit makes it fail now and then.
    ///
    /// # Errors
    /// If the page runs no scripts.
    pub async fn fail_page(&self) -> anyhow::Result<()> {
        self.fail_page_with("Out of bounds memory access, by a test").await
    }

    /// The page's program fails with this error.
    ///
    /// # Errors
    /// If the page runs no scripts.
    pub async fn fail_page_with(&self, error: &str) -> anyhow::Result<()> {
        let fail = "document.body.dataset.failed = 'yes';
            Promise.reject(new WebAssembly.RuntimeError(arguments[0]));";
        self.client.execute(fail, vec![json!(error)]).await?;
        Ok(())
    }

    /// Waits until the page that failed is gone and the one after it shows something.
    ///
    /// # Errors
    /// If it does not come.
    pub async fn expect_new_page(&self) -> anyhow::Result<()> {
        self.find("body:not([data-failed]) [data-link]").await.map(drop)
    }

    pub(super) async fn wait_for_end(&self, id: u32) -> anyhow::Result<()> {
        self.wait("the program to end", async || {
            // A process that has ended stays as a zombie until WebDriver looks.
            let state = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            Ok((state.is_empty() || state.contains(") Z ")).then_some(()))
        })
        .await
    }

    /// The id of the desktop's own process, found by its data directory.
    pub(super) fn process(&self) -> anyhow::Result<u32> {
        let data = self.directory.join("data");
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>() else {
                continue;
            };
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let mut words = line.split(|byte| *byte == 0).map(String::from_utf8_lossy);
            let is_desktop = words.next().is_some_and(|program| program.ends_with("baton-desktop"));
            if is_desktop && words.any(|word| Path::new(&*word) == data) {
                return Ok(id);
            }
        }
        bail!(
            "the desktop of {} is not running (driver {})",
            self.person,
            self.driver.id()
        )
    }
}
