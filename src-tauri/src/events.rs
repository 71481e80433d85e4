//! Engine to UI: one ordered channel a window, many events a message.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use baton_client::Told;
use baton_client::core::Window as Number;
use baton_protocol::desktop::UiEvent;
use tauri::ipc::Channel;
use tokio::sync::{mpsc, watch};

/// The channel that the UI gave, several events a message.
pub(crate) type UiChannel = Channel<Vec<UiEvent>>;

/// The most events that one message carries.
const BATCH: usize = 256;

/// The channels of the windows, each put here when its UI starts, and again when it is loaded anew.
pub(crate) struct Events {
    channels: Arc<Mutex<BTreeMap<Number, UiChannel>>>,
    first: watch::Sender<bool>,
    own: mpsc::Sender<Told>,
    /// The windows that were asked to close, and whose pages have not answered yet.
    closing: Mutex<BTreeSet<Number>>,
}

impl Events {
    /// Passes the engine's events on from now on; until a UI has started they wait.
    pub(crate) fn pass_on(mut events: mpsc::Receiver<Told>) -> Self {
        let channels = Arc::<Mutex<BTreeMap<Number, UiChannel>>>::default();
        let (first, mut started) = watch::channel(false);
        let (own, mut own_events) = mpsc::channel(16);
        let listening = Arc::clone(&channels);
        tauri::async_runtime::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            loop {
                let more = tokio::select! {
                    taken = events.recv_many(&mut batch, BATCH) => taken > 0,
                    event = own_events.recv() => { batch.extend(event); true }
                };
                if !more || started.wait_for(|started| *started).await.is_err() {
                    return;
                }
                let told = std::mem::take(&mut batch);
                for (window, channel) in lock(&listening).iter() {
                    tell(*window, channel, &told);
                }
            }
        });
        Self {
            channels,
            first,
            own,
            closing: Mutex::default(),
        }
    }

    /// A window's UI has started and listens here.
    pub(crate) fn listen(&self, window: Number, channel: UiChannel) {
        lock(&self.channels).insert(window, channel);
        self.first.send_replace(true);
    }

    /// A window is about to close: if others are left it is forgotten. Of two that close at once, one is
    /// the last.
    pub(crate) fn leave_to_others(&self, window: Number) -> bool {
        let mut channels = lock(&self.channels);
        let others = channels.keys().any(|other| *other != window);
        if others {
            channels.remove(&window);
        }
        others
    }

    /// A window was asked to close, and its page is told; whether there is a page that hears it.
    pub(crate) fn begin_to_close(&self, window: Number) -> bool {
        let heard = lock(&self.channels).contains_key(&window);
        self.closing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(window);
        if heard {
            self.emit(window, UiEvent::Closing);
        }
        heard
    }

    /// The window is closed now, or is not to be; whether it was asked to and nobody had answered.
    pub(crate) fn ends_to_close(&self, window: Number) -> bool {
        self.closing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&window)
    }

    /// An event of the shell itself, for one window.
    pub(crate) fn emit(&self, window: Number, event: UiEvent) {
        if self.own.try_send((Some(window), event)).is_err() {
            tracing::warn!("the window takes no events");
        }
    }
}

fn lock(channels: &Mutex<BTreeMap<Number, UiChannel>>) -> MutexGuard<'_, BTreeMap<Number, UiChannel>> {
    channels.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes on what is for this window, in one message.
fn tell(window: Number, channel: &UiChannel, told: &[Told]) {
    let mine = told.iter().filter(|(to, _)| to.is_none_or(|to| to == window));
    let mine: Vec<UiEvent> = mine.map(|(_, event)| event.clone()).collect();
    if !mine.is_empty()
        && let Err(error) = channel.send(mine)
    {
        tracing::warn!(%error, "a window took no events");
    }
}
