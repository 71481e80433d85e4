//! Tables that come in and go out.

use baton_protocol::file::Source;
use baton_protocol::id::{EntityId, JobId, UploadId};
use baton_protocol::job::{Format, Import, Job, JobOutcome, RecordSelection, TableHead};
use baton_protocol::list::Page;
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{Problem, StartJob};
use uuid::Uuid;

use super::Peer;
use super::requests::first_page;

impl Peer {
    pub(crate) async fn table(&mut self, upload: UploadId, format: Format) -> Result<TableHead, String> {
        let outcome = self
            .run(Job::Inspect {
                upload,
                format,
                sheet: None,
            })
            .await
            .expect("it begins");
        outcome
            .table
            .ok_or_else(|| outcome.problem.expect("why not").to_string())
    }

    pub(crate) async fn run(&mut self, job: Job) -> Result<JobOutcome, Problem> {
        let id = JobId(Uuid::new_v4());
        self.query(StartJob { id, job }).await?;
        Ok(self.job_outcome(id).await)
    }

    pub(crate) async fn page(&mut self, entity: EntityId, query: ListQuery) -> Page {
        let ask = first_page(entity, query, 200);
        self.query(ask).await.expect("no page")
    }

    /// Imports a table whose columns are called as the fields are, but for those in `without`.
    pub(crate) async fn import(&mut self, bytes: &[u8], format: Format, without: &str) -> JobOutcome {
        let (entity, upload) = (self.entity("product").await, self.bring(bytes).await);
        let head = self.table(upload, format).await.expect("a table");
        let columns: Vec<&str> = head
            .columns
            .iter()
            .map(|name| if name == without { "" } else { name })
            .collect();
        let import = import(entity, upload, format, &columns);
        self.run(Job::Import(import)).await.expect("it begins")
    }

    pub(crate) async fn export(
        &mut self,
        entity: EntityId,
        query: ListQuery,
        columns: &[&str],
        format: Format,
    ) -> Vec<u8> {
        let upload = UploadId(Uuid::new_v4());
        let job = Job::Export {
            entity,
            which: RecordSelection::Query(query),
            columns: columns.iter().map(ToString::to_string).collect(),
            format,
            upload,
        };
        let outcome = self.run(job).await.expect("it begins");
        assert_eq!(outcome.problem, None);
        self.fetch(Source::Upload(upload)).await
    }
}

pub(crate) fn import(entity: EntityId, upload: UploadId, format: Format, columns: &[&str]) -> Import {
    Import {
        entity,
        upload,
        format,
        sheet: None,
        columns: columns
            .iter()
            .map(|name| (!name.is_empty()).then(|| (*name).to_owned()))
            .collect(),
        key: None,
        all_or_nothing: false,
        dry_run: false,
    }
}

pub(crate) fn search(words: &str) -> ListQuery {
    ListQuery {
        search: words.into(),
        ..ListQuery::default()
    }
}
