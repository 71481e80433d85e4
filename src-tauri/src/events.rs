//! Engine to UI: one ordered channel, many events a message.

use baton_protocol::desktop::UiEvent;
use tauri::ipc::Channel;
use tokio::sync::{mpsc, watch};

/// The channel that the UI gave, several events a message.
pub(crate) type UiChannel = Channel<Vec<UiEvent>>;

/// The most events that one message carries.
const BATCH: usize = 256;

/// Where the UI's channel is put when it starts, and again when it is loaded anew.
pub(crate) struct Events {
    channel: watch::Sender<Option<UiChannel>>,
    own: mpsc::Sender<UiEvent>,
}

impl Events {
    /// Passes the engine's events on from now on; until a UI has started they wait.
    pub(crate) fn pass_on(mut events: mpsc::Receiver<UiEvent>) -> Self {
        let (channel, mut present) = watch::channel::<Option<UiChannel>>(None);
        let (own, mut own_events) = mpsc::channel(16);
        tauri::async_runtime::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            loop {
                let more = tokio::select! {
                    taken = events.recv_many(&mut batch, BATCH) => taken > 0,
                    event = own_events.recv() => { batch.extend(event); true }
                };
                if !more {
                    return;
                }
                let Ok(channel) = present.wait_for(Option::is_some).await.map(|channel| channel.clone()) else {
                    return;
                };
                if let Some(channel) = channel
                    && let Err(error) = channel.send(std::mem::take(&mut batch))
                {
                    tracing::warn!(%error, "the window took no events");
                }
            }
        });
        Self { channel, own }
    }

    /// A UI has started and listens here.
    pub(crate) fn listen(&self, channel: UiChannel) {
        self.channel.send_replace(Some(channel));
    }

    /// An event of the shell itself.
    pub(crate) fn emit(&self, event: UiEvent) {
        if self.own.try_send(event).is_err() {
            tracing::warn!("the window takes no events");
        }
    }
}
