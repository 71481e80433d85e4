//! Files on their way here and back, and those that fields hold.

use baton_protocol::file::{FileHash, FileRef, Source};
use baton_protocol::message::{Code, CommitUpload, DownloadPart, FilePart, GetThumbnail, Problem, UploadPart};

use crate::app::App;
use crate::rights::{Audience, Editor, Viewer};
use crate::{files, uploads};

pub(crate) async fn upload(app: &App, editor: &Editor, query: UploadPart) -> Result<u64, Problem> {
    uploads::append(app, editor.id(), query.upload, query.offset, &query.data).await
}

pub(crate) async fn download(app: &App, viewer: &Viewer, query: DownloadPart) -> Result<FilePart, Problem> {
    let path = match query.source {
        Source::Upload(upload) => uploads::made_or_brought(app, viewer.id(), upload),
        Source::File(hash) => {
            check_visible(app, viewer, hash).await?;
            app.files.path(hash)
        }
    };
    uploads::read_part(&path, query.offset).await
}

pub(crate) async fn commit(app: &App, editor: &Editor, query: CommitUpload) -> Result<FileRef, Problem> {
    files::commit(app, editor.id(), query.upload, &query.name).await
}

pub(crate) async fn thumbnail(app: &App, viewer: &Viewer, query: GetThumbnail) -> Result<Option<String>, Problem> {
    check_visible(app, viewer, query.file).await?;
    files::thumbnail(app, query.file).await
}

/// Checks that the file exists for whoever asks: it is in a record that they may see, or they uploaded it.
async fn check_visible(app: &App, viewer: &Viewer, file: FileHash) -> Result<(), Problem> {
    if viewer.audience() == Audience::Admins || app.store.shows_file(file, viewer.id()).await? {
        return Ok(());
    }
    Err(Problem::new(Code::NotFound, "This file is not there any more."))
}
