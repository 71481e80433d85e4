//! Work on many records, and the files that it takes and makes.

use baton_protocol::file::{FileHash, Source};
use baton_protocol::id::{JobId, UploadId, UserId};
use baton_protocol::job::{BulkAction, Import, Job, Which};
use baton_protocol::message::{Answer, Code, Problem};
use baton_protocol::person::Person;

use crate::rights::{self, Right};
use crate::session::Session;
use crate::{bulk, exchange, files, uploads};

impl Session {
    pub(crate) async fn begin(&self, job: Job) -> Result<Answer, Problem> {
        let right = match &job {
            Job::Bulk { .. } | Job::Import(_) => Right::EditRecords,
            Job::Export { .. } => Right::Read,
            Job::Look { .. } => Right::EditRecords,
        };
        let person = rights::require(self.account.as_ref(), right)?.person.clone();
        self.check_job(&job).await?;
        if let Job::Export { .. } = job {
            uploads::check_room(&self.app, person.id, 0).await?;
        }
        let app = self.app.clone();
        let jobs = &self.app.jobs;
        let began = match job {
            Job::Bulk { entity, which, action } => {
                let owner = person.id;
                jobs.begin(owner, |progress| {
                    bulk::run(app, person, entity, which, action, progress)
                })
            }
            Job::Look { upload, format } => {
                let file = uploads::path(&app, person.id, upload);
                jobs.begin(person.id, |_| exchange::look(file, format))
            }
            Job::Import(import) => {
                let file = uploads::path(&app, person.id, import.upload);
                let owner = person.id;
                jobs.begin(owner, |progress| exchange::import(app, person, file, import, progress))
            }
            Job::Export {
                entity,
                which,
                columns,
                format,
                upload,
            } => {
                let Person { id, .. } = person;
                let file = uploads::path(&app, id, upload);
                jobs.begin(id, |progress| {
                    exchange::export(app, entity, which, columns, format, file, progress)
                })
            }
        };
        began.map(Answer::Began)
    }

    /// Whether what a job names is there, so that it is refused at once if it is not.
    async fn check_job(&self, job: &Job) -> Result<(), Problem> {
        let (entity, which) = match job {
            Job::Bulk { entity, which, .. } | Job::Export { entity, which, .. } => (*entity, Some(which)),
            Job::Import(Import { entity, .. }) => (*entity, None),
            Job::Look { .. } => return Ok(()),
        };
        let known = self.app.entity(entity).await?;
        if let Some(Which::Query(query)) = which {
            query.check(&known).map_err(|why| Problem::new(Code::Malformed, why))?;
        }
        if let Job::Bulk {
            action: BulkAction::Set { field, value },
            ..
        } = job
        {
            let field = known.form_field(field);
            let field = field.ok_or_else(|| Problem::new(Code::BadChange, "There is no such field any more."))?;
            field
                .check(value, false)
                .map_err(|why| Problem::new(Code::BadChange, why))?;
        }
        Ok(())
    }

    pub(crate) fn job_state(&self, job: JobId) -> Result<Answer, Problem> {
        self.app.jobs.state(self.user()?, job).map(Answer::JobState)
    }

    pub(crate) fn cancel(&self, job: JobId) -> Result<Answer, Problem> {
        self.app.jobs.cancel(self.user()?, job).map(|()| Answer::Done)
    }

    pub(crate) async fn upload(&self, upload: UploadId, offset: u64, data: &str) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_ref(), Right::EditRecords)?;
        uploads::take(&self.app, account.person.id, upload, offset, data).await
    }

    pub(crate) async fn download(&self, source: Source, offset: u64) -> Result<Answer, Problem> {
        let owner = self.user()?;
        let path = match source {
            Source::Upload(upload) => uploads::path(&self.app, owner, upload),
            Source::File(hash) => self.app.files.path(hash),
        };
        uploads::give(&path, offset).await
    }

    pub(crate) async fn keep(&self, upload: UploadId, name: &str) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_ref(), Right::EditRecords)?;
        files::keep(&self.app, account.person.id, upload, name).await
    }

    pub(crate) async fn thumbnail(&self, file: FileHash) -> Result<Answer, Problem> {
        self.user()?;
        files::thumbnail(&self.app, file).await
    }

    fn user(&self) -> Result<UserId, Problem> {
        let account = rights::require(self.account.as_ref(), Right::Read)?;
        Ok(account.person.id)
    }
}
