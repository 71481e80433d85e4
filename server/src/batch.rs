//! Long work in short transactions: a batch shrinks while the database is slow and grows while it is quick.

use std::time::Duration;

use tokio::time::Instant;

use crate::store::{SharedStore, StoreError, Write};

/// How long one transaction may take: an edit that arrives meanwhile waits no longer.
const MAX_TRANSACTION: Duration = Duration::from_millis(8);
/// The most items of one transaction.
const MAX_BATCH: u32 = 200;

/// How many items the next transaction takes.
#[derive(Debug)]
pub(crate) struct BatchSize {
    size: u32,
    min: u32,
}

impl BatchSize {
    pub(crate) fn new(initial: u32, min: u32) -> Self {
        Self { size: initial, min }
    }

    pub(crate) fn get(&self) -> u32 {
        self.size
    }

    /// Adjusts the size to how long the last transaction took.
    pub(crate) fn adjust(&mut self, took: Duration) {
        let next = if took > MAX_TRANSACTION * 2 {
            self.size / 2
        } else if took > MAX_TRANSACTION {
            self.size - self.size / 8
        } else {
            self.size + self.size / 8 + 1
        };
        self.size = next.clamp(self.min, MAX_BATCH);
    }

    /// Writes one batch, adjusts the size, and pauses so that edits come in between.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn write(&mut self, store: &SharedStore, write: Write) -> Result<(), StoreError> {
        let began = Instant::now();
        store.write(write).await?;
        let took = began.elapsed();
        self.adjust(took);
        tokio::time::sleep(took.min(Duration::from_millis(50))).await;
        Ok(())
    }
}
