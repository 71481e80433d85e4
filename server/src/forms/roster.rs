//! Who comes and goes at one moment is told in one message: what N of them cost grows with N, not with N x N (6.2).
//!
//! The first is told at once. What follows within a window of some milliseconds waits for its end, or for anything else
//! that is to be told of the form. Nothing of who edits waits: another owner is told at once.

use std::collections::btree_map::Entry;
use std::time::Duration;

use baton_protocol::form::{Effect, QueueBatch, QueueChange};
use baton_protocol::id::Fence;

use super::*;

/// How long comings and goings are gathered.
const WINDOW: Duration = Duration::from_millis(30);

/// What waits for the end of a window.
#[derive(Default, Debug)]
pub(super) struct Waiting {
    editors: QueueBatch,
    viewers: bool,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.editors.is_empty() && !self.viewers
    }
}

impl Forms {
    /// Returns the fence before a command that only lets somebody come or go. Before any other, what waits is published.
    pub(super) fn fence_before(&self, loaded: &Loaded, command: &Command) -> Option<Fence> {
        match command {
            Command::Join { .. } | Command::Leave | Command::Disconnected { .. } => Some(loaded.form.fence),
            Command::Form { .. }
            | Command::Convert { .. }
            | Command::Revoke { .. }
            | Command::Release { .. }
            | Command::EndPlaces { .. }
            | Command::Rename { .. }
            | Command::Tick => {
                self.publish_waiting(loaded);
                None
            }
        }
    }

    /// Takes out of the effects of somebody's coming or going what may wait. If the owner is another one, it is told at
    /// once, with what waited.
    pub(super) fn gather(&self, loaded: &Loaded, fence_before: Option<Fence>, effects: &mut Vec<Effect>) {
        let (Some(fence_before), Some(Effect::Tell(Notice::Editors { change, .. }))) =
            (fence_before, effects.first_mut())
        else {
            return;
        };
        if !matches!(change, QueueChange::Part { .. }) {
            return;
        }
        if loaded.form.fence != fence_before {
            let waited = self.windows(|windows| Some(std::mem::take(&mut windows.get_mut(&loaded.form.key)?.editors)));
            let mut editors = waited.unwrap_or_default();
            editors.add(change);
            *change = editors.change(&loaded.form.queue, self.shared.clock.now());
        } else if self.waits(loaded, |waiting| waiting.editors.add(change)) {
            effects.retain(|effect| {
                !matches!(
                    effect,
                    Effect::Tell(Notice::Editors { .. }) | Effect::PresenceChanged(_)
                )
            });
        }
    }

    /// Publishes who watches, or has it wait.
    pub(super) fn publish_viewers(&self, loaded: &Loaded) {
        if !self.waits(loaded, |waiting| waiting.viewers = true) {
            self.publish(loaded, viewers_notice(loaded));
        }
    }

    /// Adds to what waits, if a window is open; opens one otherwise. Returns whether one was.
    fn waits(&self, loaded: &Loaded, add: impl FnOnce(&mut Waiting)) -> bool {
        let key = loaded.form.key;
        self.windows(|windows| match windows.entry(key) {
            Entry::Occupied(mut window) => {
                add(window.get_mut());
                true
            }
            Entry::Vacant(window) => {
                window.insert(Waiting::default());
                tokio::spawn(self.clone().end_window(key));
                false
            }
        })
    }

    /// Publishes what waits. The form is as it was when the last of it happened.
    pub(super) fn publish_waiting(&self, loaded: &Loaded) {
        let Some(waiting) = self.windows(|windows| windows.get_mut(&loaded.form.key).map(std::mem::take)) else {
            return;
        };
        let form = &loaded.form;
        if !waiting.editors.is_empty() {
            let notice = Notice::Editors {
                change: waiting.editors.change(&form.queue, self.shared.clock.now()),
                fence: form.fence,
                draft_since: None,
                changed_at: BTreeMap::new(),
            };
            self.publish_now(loaded, notice);
            self.publish_presence(loaded, form.queue.presence());
        }
        if waiting.viewers {
            self.publish_now(loaded, viewers_notice(loaded));
        }
    }

    /// Publishes what waits each time a window ends, until nothing does.
    async fn end_window(self, key: FormKey) {
        loop {
            tokio::time::sleep(WINDOW).await;
            let is_over = self.windows(|windows| {
                let is_over = windows.get(&key).is_none_or(Waiting::is_empty);
                if is_over {
                    windows.remove(&key);
                }
                is_over
            });
            if is_over {
                return;
            }
            let slot = self.slot(key);
            match self.open(&slot, key, None).await {
                Ok(guard) => {
                    if let Some(loaded) = guard.as_ref() {
                        self.publish_waiting(loaded);
                    }
                    self.release(key, &slot, guard);
                }
                Err(problem) if problem.code == Code::Internal => {
                    tracing::warn!(form = %key, %problem, "who came and went is told later");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                // There is no such form any more.
                Err(_) => {
                    self.windows(|windows| windows.remove(&key));
                    return;
                }
            }
        }
    }

    fn windows<T>(&self, with: impl FnOnce(&mut BTreeMap<FormKey, Waiting>) -> T) -> T {
        with(&mut self.shared.windows.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn viewers_notice(loaded: &Loaded) -> Notice {
    Notice::Viewers {
        viewers: viewers::of(loaded),
    }
}
