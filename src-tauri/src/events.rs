//! Engine to UI: a mailbox for each window, emptied by the window's page.
//!
//! A page asks for the events after those that it has, and gets them again until it says that it has them. So an
//! answer that is lost on its way to the page, as happens when the computer sleeps, delays events and skips none.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_client::WindowEvent;
use baton_client::core::Window as Number;
use baton_locales::t;
use baton_protocol::desktop::{EventBatch, UiEvent};
use baton_protocol::message::{Code, Problem};
use tokio::sync::{Notify, mpsc, watch};

/// The most events that are taken from the engine at once.
const BATCH: usize = 256;

/// How long a page that asks for events waits for one.
const WAIT: Duration = Duration::from_secs(10);

/// How many events may wait for a page. One that hangs for longer begins anew.
const MAX_WAITING: usize = 20_000;

/// Events on their way to one page, in order.
#[derive(Default)]
struct Mailbox {
    /// The number of the last batch that was given.
    given: u64,
    /// That batch, until the page has it.
    batch: Vec<UiEvent>,
    waiting: VecDeque<UiEvent>,
    overflowed: bool,
}

impl Mailbox {
    fn put(&mut self, event: UiEvent) {
        self.overflowed |= self.waiting.len() >= MAX_WAITING;
        if self.overflowed {
            self.waiting.clear();
        } else {
            self.waiting.push_back(event);
        }
    }

    /// The batch after number `after`, which the page has; `None` if nothing happened since.
    fn take(&mut self, after: u64) -> Result<Option<EventBatch>, Problem> {
        if self.overflowed {
            return Err(Problem::new(Code::TooLarge, t::desktop::page_too_slow()));
        }
        if after >= self.given {
            self.batch = self.waiting.drain(..).collect();
            self.given += u64::from(!self.batch.is_empty());
        }
        Ok((!self.batch.is_empty()).then(|| EventBatch {
            number: self.given,
            events: self.batch.clone(),
        }))
    }
}

/// One window's page.
#[derive(Default)]
struct Page {
    mailbox: Mutex<Mailbox>,
    news: Notify,
}

impl Page {
    fn put(&self, events: impl Iterator<Item = UiEvent>) {
        let mut mailbox = self.mailbox.lock().unwrap_or_else(PoisonError::into_inner);
        events.for_each(|event| mailbox.put(event));
        drop(mailbox);
        self.news.notify_waiters();
    }

    fn take(&self, after: u64) -> Result<Option<EventBatch>, Problem> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner).take(after)
    }

    async fn next(&self, after: u64) -> Result<EventBatch, Problem> {
        loop {
            let news = self.news.notified();
            if let Some(batch) = self.take(after)? {
                return Ok(batch);
            }
            news.await;
        }
    }
}

/// The windows' mailboxes.
pub(crate) struct Events {
    pages: Pages,
    first: watch::Sender<bool>,
    /// The windows that were asked to close, and whose pages have not answered yet.
    closing: Mutex<BTreeSet<Number>>,
}

type Pages = Arc<Mutex<BTreeMap<Number, Arc<Page>>>>;

impl Events {
    /// Passes the engine's events on from now on, and tells `heard` each; until a UI has started they wait, unless
    /// the program starts `hidden`.
    pub(crate) fn pass_on(
        mut events: mpsc::Receiver<WindowEvent>,
        hidden: bool,
        heard: impl Fn(Option<Number>, &UiEvent) + Send + 'static,
    ) -> Self {
        let pages = Pages::default();
        let (first, mut started) = watch::channel(hidden);
        let listening = Arc::clone(&pages);
        tauri::async_runtime::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            while events.recv_many(&mut batch, BATCH).await > 0 && started.wait_for(|started| *started).await.is_ok() {
                for (window, page) in lock(&listening).iter() {
                    let mine = batch.iter().filter(|(to, _)| to.is_none_or(|to| to == *window));
                    page.put(mine.map(|(_, event)| event.clone()));
                }
                batch.iter().for_each(|(to, event)| heard(*to, event));
                batch.clear();
            }
        });
        Self {
            pages,
            first,
            closing: Mutex::default(),
        }
    }

    /// A window's page begins, with an empty mailbox.
    pub(crate) fn begin(&self, window: Number) {
        lock(&self.pages).insert(window, Arc::default());
        self.first.send_replace(true);
    }

    /// The batch after number `after`; an empty one if nothing happens for a while.
    ///
    /// # Errors
    /// If too much waits, so that the page has to begin anew; if there is no such window.
    pub(crate) async fn next(&self, window: Number, after: u64) -> Result<EventBatch, Problem> {
        let page = lock(&self.pages).get(&window).cloned();
        let page = page.ok_or_else(|| Problem::new(Code::NotFound, t::desktop::window_is_closing()))?;
        let nothing = EventBatch {
            number: after,
            events: Vec::new(),
        };
        tokio::time::timeout(WAIT, page.next(after))
            .await
            .unwrap_or(Ok(nothing))
    }

    /// A window is about to close: if others are left it is forgotten. Of two that close at once, one is
    /// the last.
    pub(crate) fn leave_to_others(&self, window: Number) -> bool {
        let mut pages = lock(&self.pages);
        let others = pages.keys().any(|other| *other != window);
        if others {
            pages.remove(&window);
        }
        others
    }

    /// Whether the window's page has begun.
    pub(crate) fn has_begun(&self, window: Number) -> bool {
        lock(&self.pages).contains_key(&window)
    }

    /// The window is gone.
    pub(crate) fn forget(&self, window: Number) {
        lock(&self.pages).remove(&window);
    }

    /// An event of the shell itself, for all windows.
    pub(crate) fn emit_to_all(&self, event: &UiEvent) {
        for page in lock(&self.pages).values() {
            page.put(std::iter::once(event.clone()));
        }
    }

    /// A window was asked to close, and its page is told; whether there is a page that hears it.
    pub(crate) fn begin_to_close(&self, window: Number) -> bool {
        self.closing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(window);
        self.emit(window, UiEvent::Closing)
    }

    /// The window is closed now, or is not to be; whether it was asked to and nobody had answered.
    pub(crate) fn ends_to_close(&self, window: Number) -> bool {
        self.closing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&window)
    }

    /// An event of the shell itself, for one window; whether there is a page that hears it.
    pub(crate) fn emit(&self, window: Number, event: UiEvent) -> bool {
        let page = lock(&self.pages).get(&window).cloned();
        if let Some(page) = &page {
            page.put(std::iter::once(event));
        }
        page.is_some()
    }
}

fn lock(pages: &Pages) -> MutexGuard<'_, BTreeMap<Number, Arc<Page>>> {
    pages.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> UiEvent {
        UiEvent::Toast(text.into())
    }

    fn batch(number: u64, texts: &[&str]) -> EventBatch {
        EventBatch {
            number,
            events: texts.iter().map(|text| event(text)).collect(),
        }
    }

    #[test]
    fn a_batch_is_given_again_until_the_page_has_it() {
        let mut mailbox = Mailbox::default();
        assert_eq!(mailbox.take(0), Ok(None));
        mailbox.put(event("a"));
        assert_eq!(mailbox.take(0), Ok(Some(batch(1, &["a"]))));
        // The answer was lost, and more happened meanwhile.
        mailbox.put(event("b"));
        mailbox.put(event("c"));
        assert_eq!(mailbox.take(0), Ok(Some(batch(1, &["a"]))));
        assert_eq!(mailbox.take(1), Ok(Some(batch(2, &["b", "c"]))));
        assert_eq!(mailbox.take(2), Ok(None));
        assert_eq!(mailbox.take(2), Ok(None));
    }

    #[test]
    fn a_page_that_hangs_begins_anew() {
        let mut mailbox = Mailbox::default();
        for _ in 0..=MAX_WAITING {
            mailbox.put(event("a"));
        }
        assert!(mailbox.waiting.is_empty());
        assert!(mailbox.take(0).is_err());
    }

    #[tokio::test]
    async fn a_page_that_waits_hears_at_once_and_twice_if_it_asks_twice() {
        let page = Arc::new(Page::default());
        let asks = || {
            let page = Arc::clone(&page);
            tokio::spawn(async move { page.next(0).await })
        };
        let (first, second) = (asks(), asks());
        tokio::task::yield_now().await;
        page.put(std::iter::once(event("a")));
        assert_eq!(first.await.expect("it ends"), Ok(batch(1, &["a"])));
        assert_eq!(second.await.expect("it ends"), Ok(batch(1, &["a"])));
    }
}
