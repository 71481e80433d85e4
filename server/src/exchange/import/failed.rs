//! The rows that an import left out, as a table to be mended and imported again.

use std::path::PathBuf;

use baton_locales::say;
use baton_protocol::id::{UploadId, UserId};
use baton_protocol::job::Fault;
use uuid::Uuid;

use super::of_table;
use crate::app::App;
use crate::exchange::export::write_line;
use crate::exchange::formula;
use crate::uploads;

/// The most bytes of such a table; of what is left out beyond, a note says how many.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// The last column: why each was left out.
const WHY: &str = "Left out because";

/// The table, while it grows.
#[derive(Default)]
pub(super) struct FailedRows {
    columns: Vec<String>,
    text: Vec<u8>,
    /// How many rows have no place in it any more.
    more: u64,
}

impl FailedRows {
    pub(super) fn set_columns(&mut self, columns: Vec<String>) {
        self.columns = columns;
    }

    /// One more row, and why.
    pub(super) fn push(&mut self, cells: &[String], faults: &[Fault]) {
        if self.text.len() > MAX_BYTES {
            self.more += 1;
            return;
        }
        if self.text.is_empty() {
            self.line(&self.columns.clone(), WHY);
        }
        let why: Vec<&str> = faults.iter().map(|fault| fault.message.english()).collect();
        let mut cells: Vec<String> = cells.iter().map(|cell| formula::marked(cell)).collect();
        cells.resize(self.columns.len().max(cells.len()), String::new());
        self.line(&cells, &why.join(" "));
    }

    /// That it does not have all of them.
    pub(super) fn note(&self) -> Option<Fault> {
        let why = say::tables::failed_rows_has_fewer(self.more);
        (self.more > 0).then(|| of_table(why))
    }

    fn line(&mut self, cells: &[String], last: &str) {
        let cells = cells.iter().cloned().chain([last.to_owned()]);
        // A vector takes everything.
        write_line(&mut self.text, cells).ok();
    }

    /// Puts it where its owner fetches it; `None` if nothing was left out, or the disk refused.
    pub(super) async fn store(self, app: &App, owner: UserId) -> Option<UploadId> {
        if self.text.is_empty() || uploads::make_room_for_export(app, owner).await.is_err() {
            return None;
        }
        let upload = UploadId(Uuid::new_v4());
        let file: PathBuf = uploads::export_path(app, owner, upload);
        match tokio::fs::write(file, self.text).await {
            Ok(()) => Some(upload),
            Err(error) => {
                tracing::warn!(%error, "the rows that were left out could not be kept");
                None
            }
        }
    }
}
