//! Work on many records, and files on their way.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::file::Source;
use baton_protocol::id::{EntityId, JobId, UploadId};
use baton_protocol::job::{CHUNK, Format, Import, Job, JobOutcome};
use baton_protocol::message::{DownloadPart, GetJobState, UploadPart};
use uuid::Uuid;

use super::Peer;

/// How long a job of a test may take on a busy machine.
const JOB_TIMEOUT: Duration = Duration::from_secs(120);

/// An import of a CSV table with these columns.
pub(crate) fn csv_import(entity: EntityId, upload: UploadId, columns: &[&str], all_or_nothing: bool) -> Job {
    Job::Import(Import {
        entity,
        upload,
        format: Format::Csv,
        sheet: None,
        columns: columns.iter().map(|name| Some((*name).to_owned())).collect(),
        key: None,
        all_or_nothing,
        dry_run: false,
    })
}

impl Peer {
    /// What came of a job, once it is over.
    pub(crate) async fn job_outcome(&mut self, job: JobId) -> JobOutcome {
        let begun = std::time::Instant::now();
        loop {
            if let Some(outcome) = self.query(GetJobState { job }).await.expect("a state").outcome {
                return outcome;
            }
            // Polls: a job is asked how far it is.
            tokio::time::sleep(Duration::from_millis(2)).await;
            assert!(begun.elapsed() < JOB_TIMEOUT, "the job does not end");
        }
    }

    /// Whether work has not come so far yet.
    pub(crate) async fn job_is_before(&mut self, job: JobId, done: u64) -> bool {
        let state = self.query(GetJobState { job }).await.expect("a state");
        state.outcome.is_none() && state.done < done
    }

    pub(crate) async fn bring(&mut self, bytes: &[u8]) -> UploadId {
        let upload = UploadId(Uuid::new_v4());
        let mut offset = 0;
        for part in bytes.chunks(CHUNK) {
            let data = STANDARD.encode(part);
            let part = UploadPart { upload, offset, data };
            offset = self.query(part).await.expect("taken");
        }
        assert_eq!(offset, bytes.len() as u64);
        upload
    }

    pub(crate) async fn fetch(&mut self, source: Source) -> Vec<u8> {
        let mut file = Vec::new();
        loop {
            let offset = file.len() as u64;
            let part = self.query(DownloadPart { source, offset }).await.expect("a part");
            file.extend(STANDARD.decode(part.data).expect("base 64"));
            if file.len() as u64 == part.size {
                return file;
            }
        }
    }
}
