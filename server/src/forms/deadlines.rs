//! The clock of forms: reserved places and edit requests that end by themselves.

use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::time::Duration;

use baton_protocol::form::Command;
use baton_protocol::id::{FormKey, SessionId};
use baton_protocol::time::Timestamp;
use uuid::Uuid;

use super::{Forms, Loaded};

impl Forms {
    /// Ends held places when their time is over. Runs for ever.
    pub async fn keep_time(&self) {
        loop {
            let sooner = self.shared.sooner.notified();
            let next = self.deadlines(|deadlines| deadlines.first().copied());
            match next {
                Some((at, key)) if at <= self.shared.clock.now() => {
                    self.deadlines(|deadlines| deadlines.remove(&(at, key)));
                    self.tick(key).await;
                }
                Some((at, _)) => {
                    let wait = at.since(self.shared.clock.now());
                    tokio::select! {
                        biased;
                        () = sooner => {}
                        () = tokio::time::sleep(wait) => {}
                    }
                }
                None => sooner.await,
            }
        }
    }

    async fn tick(&self, key: FormKey) {
        // The clock names no session; ticks are nobody's.
        let nobody = SessionId(Uuid::nil());
        if let Err(problem) = self.execute(key, nobody, Command::Tick).await {
            tracing::error!(form = %key, %problem, "a held place could not be ended; trying again in a second");
            let again = self.shared.clock.now() + Duration::from_secs(1);
            self.deadlines(|deadlines| deadlines.insert((again, key)));
        }
    }

    fn deadlines<T>(&self, with: impl FnOnce(&mut BTreeSet<(Timestamp, FormKey)>) -> T) -> T {
        with(&mut self.shared.deadlines.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes when the form's clock must strike next.
    pub(super) fn schedule(&self, loaded: &mut Loaded) {
        let next = loaded.form.next_deadline(&self.shared.limits);
        if next == loaded.deadline {
            return;
        }
        let key = loaded.form.key;
        self.deadlines(|deadlines| {
            if let Some(old) = loaded.deadline {
                deadlines.remove(&(old, key));
            }
            if let Some(next) = next {
                deadlines.insert((next, key));
            }
        });
        loaded.deadline = next;
        self.shared.sooner.notify_one();
    }
}
