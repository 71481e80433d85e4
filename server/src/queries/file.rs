//! Files on their way here and back, and those that fields hold.

use baton_locales::say;
use baton_protocol::field::Value;
use baton_protocol::file::{FileHash, FileRef, Source};
use baton_protocol::id::{FormKey, RecordId};
use baton_protocol::message::{
    Code, CommitUpload, DownloadPart, FilePart, GetThumbnail, MAX_ROWS, Problem, UploadPart,
};
use baton_protocol::projection::Projection;
use baton_protocol::rights::Right;

use crate::app::App;
use crate::rights::{SignedIn, Uploader};
use crate::{files, uploads};

pub(crate) async fn upload(app: &App, editor: &Uploader, query: UploadPart) -> Result<u64, Problem> {
    uploads::append(app, editor.id(), query.upload, query.offset, &query.data).await
}

pub(crate) async fn download(app: &App, viewer: &SignedIn, query: DownloadPart) -> Result<FilePart, Problem> {
    let path = match query.source {
        Source::Upload(upload) => uploads::made_or_brought(app, viewer.id(), upload),
        Source::File(hash) => {
            check_visible(app, viewer, hash).await?;
            app.files.path(hash)
        }
    };
    uploads::read_part(&path, query.offset).await
}

pub(crate) async fn commit(app: &App, editor: &Uploader, query: CommitUpload) -> Result<FileRef, Problem> {
    files::commit(app, editor.id(), query.upload, &query.name).await
}

pub(crate) async fn thumbnail(app: &App, viewer: &SignedIn, query: GetThumbnail) -> Result<Option<String>, Problem> {
    check_visible(app, viewer, query.file).await?;
    files::thumbnail(app, query.file).await
}

/// How many records of an entity with hidden fields are looked through for a file.
const MAX_LOOKED_THROUGH: u32 = 100;

/// Checks that the file exists for whoever asks: it is or was in a field that they may see, or they uploaded it.
async fn check_visible(app: &App, viewer: &SignedIn, file: FileHash) -> Result<(), Problem> {
    if viewer.rights().may(Right::SeeAllDrafts) || is_visible(app, viewer, file).await? {
        return Ok(());
    }
    Err(Problem::new(Code::NotFound, say::server::this_file_is_not()))
}

async fn is_visible(app: &App, viewer: &SignedIn, file: FileHash) -> Result<bool, Problem> {
    let Some(uses) = app.store.file_uses(file).await? else {
        return Ok(false);
    };
    let is_nobodys = uses.owner.is_none() && uses.entities.is_empty();
    if uses.owner == Some(viewer.id()) || is_nobodys {
        return Ok(true);
    }
    let rights = viewer.rights();
    let definitions = app.bus.definitions();
    let (mut open, mut narrowed) = (false, Vec::new());
    for entity in uses.entities {
        if definitions.get(entity).is_some_and(|entity| rights.sees(&entity)) {
            match app.projection(rights, entity) {
                None => open = true,
                Some(projection) => narrowed.push((entity, projection)),
            }
        }
    }
    if open {
        return Ok(true);
    }
    for (entity, projection) in narrowed {
        for record in app.store.records_with_file(file, entity, MAX_LOOKED_THROUGH).await? {
            if shows(app, &projection, FormKey::record(record), file).await? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a record has or had the file in a field that is not hidden, saved or not.
async fn shows(app: &App, projection: &Projection, form: FormKey, file: FileHash) -> Result<bool, Problem> {
    let is_it = |name: &str, value: &Value| {
        projection.has(name) && FileRef::parse(value.text()).is_some_and(|named| named.hash == file)
    };
    let saved = app.store.record(RecordId(form.id)).await?;
    if saved.is_some_and(|record| record.values.iter().any(|(name, value)| is_it(name, value))) {
        return Ok(true);
    }
    let unsaved = app.store.form(form).await?;
    if unsaved.is_some_and(|stored| {
        let draft = stored.form.draft.fields.iter();
        draft
            .map(|(name, changed)| (name, &changed.value))
            .any(|(name, value)| is_it(name, value))
    }) {
        return Ok(true);
    }
    let history = app.store.history(form, MAX_ROWS).await?;
    let mut fields = history.iter().flat_map(|save| &save.fields);
    Ok(fields.any(|field| is_it(&field.field, &field.old) || is_it(&field.field, &field.new)))
}
