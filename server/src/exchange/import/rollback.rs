//! Imports that are all or nothing: what one made stays, or is taken back, also after a stop in its middle.

use baton_protocol::id::{EntityId, UploadId};

use crate::app::App;
use crate::batch::BatchSize;
use crate::store::{StoreError, Write};

/// Unmakes what an import that was all or nothing had made when the server stopped in its middle.
pub(crate) async fn rollback_open_imports(app: &App) -> Result<(), StoreError> {
    for (entity, import) in app.store.open_imports().await? {
        roll_back(app, entity, import).await?;
    }
    forget_finished(app).await
}

/// What an import made stays from now on.
pub(super) async fn finish(app: &App, import: UploadId) -> Result<(), StoreError> {
    app.store.write(Write::CommitImport(import)).await?;
    forget_finished(app).await
}

/// Forgets which records finished imports made, a few at a time.
async fn forget_finished(app: &App) -> Result<(), StoreError> {
    let mut batch = BatchSize::new(50, 10);
    while let Some(import) = app.store.finished_imports().await?.first() {
        let write = Write::ForgetImport(*import, batch.get());
        batch.write(&app.store, write).await?;
    }
    Ok(())
}

/// Takes back what an import made, a few records at a time.
pub(super) async fn roll_back(app: &App, entity: EntityId, import: UploadId) -> Result<(), StoreError> {
    let mut batch = BatchSize::new(10, 2);
    loop {
        let records = app.store.made_by(import, batch.get()).await?;
        if records.is_empty() {
            return finish(app, import).await;
        }
        let at = app.clock.now();
        let write = Write::RollbackImport {
            entity,
            import,
            records,
            at,
        };
        batch.write(&app.store, write).await?;
    }
}
