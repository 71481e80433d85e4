//! A person at a desktop, whose presses of buttons and keys are counted.

use std::cell::Cell;
use std::ops::Deref;
use std::sync::Arc;

use baton_tests::{Desktop, Hands, World, keys, story};

/// What a task took, and what it may take.
pub(crate) struct Counted {
    pub(crate) task: &'static str,
    pub(crate) took: u32,
    pub(crate) limit: u32,
}

impl Counted {
    pub(crate) fn new(task: &'static str, took: u32, limit: u32) -> Self {
        Self { task, took, limit }
    }
}

/// Does tasks in a world of their own; if one fails, screenshots and logs are kept.
pub(crate) async fn counted(
    name: &str,
    tasks: impl AsyncFn(&World) -> anyhow::Result<Vec<Counted>>,
) -> anyhow::Result<Vec<Counted>> {
    let mut all = Vec::new();
    story(name, async |world| {
        all = tasks(world).await?;
        Ok(())
    })
    .await?;
    Ok(all)
}

/// The person. A press of the mouse counts as one, with or without keys held, and so does a key; what is typed as a value
/// does not, nor does the key that leads from one value to the next.
pub(crate) struct Person {
    desktop: Arc<Desktop>,
    hands: Hands,
    /// How many pixels of the display are one of the page.
    scale: f64,
    count: Cell<u32>,
}

impl Deref for Person {
    type Target = Desktop;

    fn deref(&self) -> &Desktop {
        &self.desktop
    }
}

impl Person {
    pub(crate) fn at(desktop: Arc<Desktop>) -> anyhow::Result<Self> {
        let hands = desktop.hands()?;
        Ok(Self {
            desktop,
            hands,
            scale: 1.0,
            count: Cell::new(0),
        })
    }

    /// The same person, whose page is drawn this much larger.
    pub(crate) fn at_scale(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    pub(crate) fn hands(&self) -> &Hands {
        &self.hands
    }

    pub(crate) fn into_desktop(self) -> Arc<Desktop> {
        self.desktop
    }

    /// How many presses it took since the last question.
    pub(crate) fn took(&self) -> u32 {
        self.count.take()
    }

    fn count(&self, presses: u32) {
        self.count.set(self.count.get() + presses);
    }

    async fn place_of(&self, css: &str) -> anyhow::Result<(i16, i16)> {
        let (x, y) = self.desktop.place(css).await?;
        let scaled = |at: i16| (f64::from(at) * self.scale) as i16;
        Ok((scaled(x), scaled(y)))
    }

    /// Presses the left button on something.
    pub(crate) async fn click(&self, css: &str) -> anyhow::Result<()> {
        self.count(1);
        let place = self.place_of(css).await?;
        let before = self.desktop.clicks().await?;
        self.hands.click(place)?;
        // Keys overtake a press that the page has not heard of yet, if nobody's hand is between them.
        self.desktop.expect_click_after(before).await
    }

    /// The same with a key held.
    pub(crate) async fn click_holding(&self, held: u32, css: &str) -> anyhow::Result<()> {
        self.count(1);
        self.hands.click_holding(&[held], self.place_of(css).await?)
    }

    /// Presses a key.
    pub(crate) fn key(&self, symbol: u32) -> anyhow::Result<()> {
        self.count(1);
        self.hands.press(&[], symbol)
    }

    /// Presses a letter with Control.
    pub(crate) fn control(&self, letter: char) -> anyhow::Result<()> {
        self.count(1);
        self.hands.press(&[keys::CONTROL], u32::from(letter))
    }

    /// Presses a key that is no letter with Control.
    pub(crate) fn control_key(&self, symbol: u32) -> anyhow::Result<()> {
        self.count(1);
        self.hands.press(&[keys::CONTROL], symbol)
    }

    /// Types letters that are no value: each counts.
    pub(crate) fn letters(&self, text: &str) -> anyhow::Result<()> {
        self.count(u32::try_from(text.chars().count())?);
        self.hands.write(text)
    }

    /// Types a value.
    pub(crate) fn enter(&self, text: &str) -> anyhow::Result<()> {
        self.hands.write(text)
    }

    /// Goes on to the next value of a form.
    pub(crate) fn next_value(&self) -> anyhow::Result<()> {
        self.hands.press(&[], keys::TAB)
    }

    /// Chooses a file in the system's dialog, which tests cannot see: the button, and Enter behind the name.
    pub(crate) async fn choose_file(&self, file: &std::path::Path) -> anyhow::Result<()> {
        self.count(2);
        self.desktop.bring(file).await
    }

    /// Drags with the mouse.
    pub(crate) async fn drag_to(&self, from: &str, to: &str) -> anyhow::Result<()> {
        self.count(1);
        // Only one of them can be brought to the middle of the window.
        let from = self.place_of(from).await?;
        let to = self.desktop.where_is(to).await?;
        // Into the half that lies behind.
        self.desktop.drag(from, (to.0, to.1 - 8)).await
    }

    /// Goes on with Tab until this has the focus, as somebody without a mouse does.
    pub(crate) async fn tab_to(&self, css: &str) -> anyhow::Result<()> {
        const MAX_KEYS: usize = 90;
        let focused = format!("{css}:focus");
        for _ in 0..MAX_KEYS {
            if self.desktop.is_there(&focused).await? {
                return Ok(());
            }
            self.key(keys::TAB)?;
        }
        anyhow::bail!("{css} is not reached with Tab")
    }
}
