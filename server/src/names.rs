//! People's new names: what is read has them at once; what is kept gets them bit by bit, in the background.

use std::sync::Arc;
use std::time::Duration;

use baton_protocol::person::Person;
use tokio::sync::Notify;

use crate::app::App;
use crate::store::{StoreError, Write};

/// So many records at a time are listed by the new name of whoever saved them.
const AT_ONCE: u64 = 2000;

/// How long it waits after the store failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Wakes whoever spreads names.
#[derive(Clone, Debug, Default)]
pub struct Names(Arc<Notify>);

impl Names {
    /// The store knows of a new name.
    pub(crate) fn spread(&self) {
        self.0.notify_one();
    }
}

/// Spreads every new name that the store knows of, also those that a restart interrupted; never ends.
pub(crate) async fn run(app: App) {
    loop {
        match spread_all(&app).await {
            Ok(()) => app.names.0.notified().await,
            Err(error) => {
                tracing::error!(%error, "a new name is not everywhere; trying again in a while");
                tokio::time::sleep(PATIENCE).await;
            }
        }
    }
}

async fn spread_all(app: &App) -> Result<(), StoreError> {
    for person in app.store.spreading_names().await? {
        let everywhere = app.forms.rewrite_naming(&person).await?;
        reindex(app, &person).await?;
        // Else the next start tries again.
        if everywhere {
            app.store.write(Write::NameIsSpread(person)).await?;
        }
    }
    Ok(())
}

/// Has lists find a person's records by their new name.
async fn reindex(app: &App, person: &Person) -> Result<(), StoreError> {
    let last = app.store.last_num().await?;
    for from in (1..=last).step_by(usize::try_from(AT_ONCE).unwrap_or(1)) {
        let write = Write::ReindexName {
            person: person.clone(),
            nums: (from, from + AT_ONCE - 1),
        };
        app.store.write(write).await?;
    }
    Ok(())
}
