//! Work on many records, and the files that it takes and makes.

use baton_protocol::file::{FileHash, Source};
use baton_protocol::id::{JobId, UploadId, UserId};
use baton_protocol::job::{BulkAction, Import, Job, Which};
use baton_protocol::message::{Answer, Code, Problem};
use baton_protocol::person::UserRole;

use crate::rights::{self, Audience, Right};
use crate::session::Session;
use crate::store::{StoreError, Write};
use crate::{bulk, exchange, files, uploads};

impl Session {
    /// Begins work. Begun again with the same id, because its answer was lost, it is not done twice.
    pub(crate) async fn begin(&self, id: JobId, job: Job) -> Result<Answer, Problem> {
        let right = match &job {
            Job::Bulk { .. } | Job::Import(_) => Right::EditRecords,
            Job::Export { .. } => Right::Read,
            Job::Look { .. } => Right::EditRecords,
        };
        let account = rights::require(self.account.as_deref(), right)?;
        let (person, role) = (account.person.clone(), account.role);
        let jobs = &self.app.jobs;
        if jobs.state(person.id, id).is_ok() {
            return Ok(Answer::JobStarted(id));
        }
        self.check_job(role, &job).await?;
        if let Job::Export { .. } = job {
            uploads::make_room_for_export(&self.app, person.id).await?;
        }
        // What changes nothing may be begun again after a restart, too.
        if let Job::Bulk { .. } | Job::Import(Import { dry_run: false, .. }) = job {
            jobs.check_room(person.id)?;
            let write = Write::Begin {
                job: id,
                user: person.id,
                at: self.app.clock.now(),
            };
            match self.app.store.write(write).await {
                Ok(()) => {}
                Err(StoreError::Begun) => {
                    let why = "This was begun before, and the server was restarted since. Look at the list for what came of it.";
                    return Err(Problem::new(Code::NotFound, why));
                }
                Err(error) => return Err(error.into()),
            }
        }
        let app = self.app.clone();
        let began = match job {
            Job::Bulk { entity, which, action } => {
                let owner = person.id;
                jobs.begin(owner, id, |progress| {
                    bulk::run(app, person, entity, which, action, progress)
                })
            }
            Job::Look { upload, format, sheet } => {
                let file = uploads::path(&app, person.id, upload);
                jobs.begin(person.id, id, |_| exchange::look(file, format, sheet))
            }
            Job::Import(import) => {
                let file = uploads::path(&app, person.id, import.upload);
                let owner = person.id;
                jobs.begin(owner, id, |progress| {
                    exchange::import(app, person, file, import, progress)
                })
            }
            Job::Export {
                entity,
                which,
                columns,
                format,
                upload,
            } => {
                let file = uploads::export_path(&app, person.id, upload);
                let what = exchange::Exported {
                    entity,
                    which,
                    columns,
                    format,
                    file,
                };
                jobs.begin(person.id, id, |progress| exchange::export(app, person, what, progress))
            }
        };
        began.map(Answer::JobStarted)
    }

    /// Whether what a job names is there, so that it is refused at once if it is not.
    async fn check_job(&self, role: UserRole, job: &Job) -> Result<(), Problem> {
        let (entity, which) = match job {
            Job::Bulk { entity, which, .. } | Job::Export { entity, which, .. } => (*entity, Some(which)),
            Job::Import(Import { entity, .. }) => (*entity, None),
            Job::Look { .. } => return Ok(()),
        };
        let known = self.app.entity(role, entity).await?;
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
        let account = rights::require(self.account.as_deref(), Right::EditRecords)?;
        uploads::take(&self.app, account.person.id, upload, offset, data).await
    }

    pub(crate) async fn download(&self, source: Source, offset: u64) -> Result<Answer, Problem> {
        let owner = self.user()?;
        let path = match source {
            Source::Upload(upload) => uploads::made_or_brought(&self.app, owner, upload),
            Source::File(hash) => {
                self.check_file(hash).await?;
                self.app.files.path(hash)
            }
        };
        uploads::give(&path, offset).await
    }

    pub(crate) async fn keep(&self, upload: UploadId, name: &str) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_deref(), Right::EditRecords)?;
        files::keep(&self.app, account.person.id, upload, name).await
    }

    pub(crate) async fn thumbnail(&self, file: FileHash) -> Result<Answer, Problem> {
        self.check_file(file).await?;
        files::thumbnail(&self.app, file).await
    }

    /// Whether the file exists for whoever asks: it is in a record that they may see, or they brought it.
    async fn check_file(&self, file: FileHash) -> Result<(), Problem> {
        let account = rights::require(self.account.as_deref(), Right::Read)?;
        if Audience::of(account.role) == Audience::Admins {
            return Ok(());
        }
        if self.app.store.shows_file(file, account.person.id).await? {
            return Ok(());
        }
        Err(Problem::new(Code::NotFound, "This file is not there any more."))
    }

    fn user(&self) -> Result<UserId, Problem> {
        let account = rights::require(self.account.as_deref(), Right::Read)?;
        Ok(account.person.id)
    }
}
