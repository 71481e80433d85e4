//! Joins and leaves are coalesced: what N of them cost grows with N, not with N x N (6.2, decision 36).
//!
//! The first is published at once, and opens a window. What follows in it is pending until the window ends, or until
//! anything else of the form is published. A new owner is never pending.

use std::collections::btree_map::Entry;
use std::time::Duration;

use super::transition::Transition;
use super::*;
use baton_protocol::form::{Effect, QueueBatch, QueueChange};

/// How long joins and leaves are coalesced.
const COALESCING_WINDOW: Duration = Duration::from_millis(30);

/// The notices that are pending in the window of a form.
#[derive(Default, Debug)]
pub(super) struct PendingNotices {
    editors: QueueBatch,
    viewers: bool,
}

impl PendingNotices {
    fn is_empty(&self) -> bool {
        self.editors.is_empty() && !self.viewers
    }
}

impl Forms {
    /// Takes out of the effects of a join or a leave what becomes pending. If the owner is another one after it, nothing
    /// does, and the change has with it what was pending.
    pub(super) fn coalesce(&self, loaded: &Loaded, transition: &mut Transition) {
        let (before, after) = transition.fences;
        let effects = &mut transition.effects;
        let Some(Effect::Tell(Notice::Editors { change, .. })) = effects.first_mut() else {
            return;
        };
        if !matches!(change, QueueChange::Part { .. }) {
            return;
        }
        if before != after {
            let pending = self.windows(|windows| Some(std::mem::take(&mut windows.get_mut(&loaded.form.key)?.editors)));
            let mut editors = pending.unwrap_or_default();
            editors.add(change);
            *change = editors.change(&loaded.form.queue, self.shared.clock.now());
        } else if self.defer(loaded, |pending| pending.editors.add(change)) {
            effects.retain(|effect| {
                !matches!(
                    effect,
                    Effect::Tell(Notice::Editors { .. }) | Effect::PresenceChanged(_)
                )
            });
        }
    }

    /// Publishes who watches, or makes it pending.
    pub(super) fn publish_viewers(&self, loaded: &Loaded) {
        if !self.defer(loaded, |pending| pending.viewers = true) {
            self.publish(loaded, viewers_notice(loaded));
        }
    }

    /// Adds to what is pending, if the form's window is open; opens it otherwise. Returns whether it was open.
    fn defer(&self, loaded: &Loaded, add: impl FnOnce(&mut PendingNotices)) -> bool {
        let key = loaded.form.key;
        self.windows(|windows| match windows.entry(key) {
            Entry::Occupied(mut window) => {
                add(window.get_mut());
                true
            }
            Entry::Vacant(window) => {
                window.insert(PendingNotices::default());
                tokio::spawn(self.clone().run_window(key));
                false
            }
        })
    }

    /// Publishes what is pending. The form must be as it was when the last of it happened.
    pub(super) fn flush_pending(&self, loaded: &Loaded) {
        let Some(pending) = self.windows(|windows| windows.get_mut(&loaded.form.key).map(std::mem::take)) else {
            return;
        };
        let form = &loaded.form;
        if !pending.editors.is_empty() {
            let notice = Notice::Editors {
                change: pending.editors.change(&form.queue, self.shared.clock.now()),
                fence: form.fence,
                draft_since: None,
                changed_at: BTreeMap::new(),
            };
            self.publish_now(loaded, notice);
            self.publish_presence(loaded, form.queue.presence());
        }
        if pending.viewers {
            self.publish_now(loaded, viewers_notice(loaded));
        }
    }

    /// Publishes what is pending each time the window ends, and closes it when nothing is.
    async fn run_window(self, key: FormKey) {
        loop {
            tokio::time::sleep(COALESCING_WINDOW).await;
            let is_over = self.windows(|windows| {
                let is_over = windows.get(&key).is_none_or(PendingNotices::is_empty);
                if is_over {
                    windows.remove(&key);
                }
                is_over
            });
            if is_over {
                return;
            }
            let slot = self.shared.slots.get(key);
            match self.open(&slot, key, None).await {
                Ok(guard) => {
                    if let Some(loaded) = guard.as_ref() {
                        self.flush_pending(loaded);
                    }
                }
                Err(problem) if problem.code == Code::Internal => {
                    tracing::warn!(form = %key, %problem, "pending notices could not be published; trying again");
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

    fn windows<T>(&self, with: impl FnOnce(&mut BTreeMap<FormKey, PendingNotices>) -> T) -> T {
        with(&mut self.shared.windows.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn viewers_notice(loaded: &Loaded) -> Notice {
    Notice::Viewers {
        viewers: viewers::of(loaded),
    }
}
