//! People's new names: what is read has them at once; what is kept gets them bit by bit, in the background.

use std::sync::Arc;
use std::time::Duration;

use baton_protocol::person::Person;
use tokio::sync::Notify;

use crate::forms::Forms;
use crate::store::{SharedStore, StoreError, Write};

/// So many records at a time are listed by the new name of whoever saved them.
const AT_ONCE: u64 = 2000;

/// How long it waits after a form could not be written, or the store failed.
const RETRY_DELAY: Duration = Duration::from_secs(10);

/// Spreads names; cheap to clone.
#[derive(Clone, Debug)]
pub struct Names {
    store: SharedStore,
    forms: Forms,
    wanted: Arc<Notify>,
}

impl Names {
    pub(crate) fn new(store: SharedStore, forms: Forms) -> Self {
        Self {
            store,
            forms,
            wanted: Arc::default(),
        }
    }

    /// The store knows of a new name.
    pub(crate) fn spread(&self) {
        self.wanted.notify_one();
    }

    /// Spreads every new name that the store knows of, also those that a restart interrupted; never ends.
    pub(crate) async fn run(&self) {
        loop {
            match self.spread_all().await {
                Ok(true) => self.wanted.notified().await,
                Ok(false) => tokio::time::sleep(RETRY_DELAY).await,
                Err(error) => {
                    tracing::error!(%error, "a new name is not everywhere; trying again in a while");
                    tokio::time::sleep(RETRY_DELAY).await;
                }
            }
        }
    }

    /// Whether every name is everywhere.
    async fn spread_all(&self) -> Result<bool, StoreError> {
        let mut all = true;
        for person in self.store.spreading_names().await? {
            let everywhere = self.forms.rewrite_naming(&person).await?;
            self.reindex(&person).await?;
            if everywhere {
                self.store.write(Write::NameIsSpread(person)).await?;
            }
            all &= everywhere;
        }
        Ok(all)
    }

    /// Has lists find a person's records by their new name.
    async fn reindex(&self, person: &Person) -> Result<(), StoreError> {
        let last = self.store.last_num().await?;
        for from in (1..=last).step_by(usize::try_from(AT_ONCE).unwrap_or(1)) {
            let write = Write::ReindexName {
                person: person.clone(),
                nums: (from, from + AT_ONCE - 1),
            };
            self.store.write(write).await?;
        }
        Ok(())
    }
}
