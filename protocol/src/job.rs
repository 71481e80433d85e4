//! Work on many records at once: it goes on by itself, and whoever began it asks how far it is.

use baton_locales::Text;
use serde::{Deserialize, Serialize};

use crate::audit::AuditFilter;
use crate::deletion::DeletionKind;
use crate::id::{EntityId, JobId, RecordId, UploadId, Version};
use crate::list_query::ListQuery;
use crate::values::Values;

/// The most records that one command changes.
pub const MAX_BULK: usize = 10_000;
/// The most faults that are told one by one.
pub const MAX_FAULTS: usize = 500;
/// The most bytes of a file that one message carries; encoded, it is a third more.
pub const CHUNK: usize = 512 * 1024;
/// How many bytes of a file a desktop sends at once: on a slow line it must still be heard in time.
pub const SENT_PART: usize = 128 * 1024;
/// The largest file that is taken to be imported.
pub const MAX_UPLOAD: u64 = 256 * 1024 * 1024;

/// Which records.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordSelection {
    /// These.
    Records(Vec<RecordId>),
    /// All that a list shows.
    Query(ListQuery),
}

/// What is done to each.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// Fields get these values, by their names: an edit of its form, saved. At most
    /// [`MAX_CHANGES`](crate::draft::MAX_CHANGES).
    Set(Values),
    /// It goes out of its list.
    Remove(DeletionKind),
    /// It comes back into its list.
    Restore,
    /// It is deleted for ever, if it was deleted before; for whoever manages the entity.
    Purge,
    /// Its last save is undone, if it still is at this version.
    Revert(Vec<(RecordId, Version)>),
}

/// Something to be done to the records of an entity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// The same to many records.
    Bulk {
        /// Which entity.
        entity: EntityId,
        /// Which of its records.
        which: RecordSelection,
        /// What.
        action: BulkAction,
    },
    /// The beginning of a table is inspected, and how long it is.
    Inspect {
        /// The table.
        upload: UploadId,
        /// As what it was written.
        format: Format,
        /// Which sheet of it; left out, the first that is not hidden.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sheet: Option<String>,
    },
    /// Records are made of the rows of a table, or changed by them.
    Import(Import),
    /// What an earlier job saved is undone, record by record, unless somebody saved it again since.
    Undo {
        /// Which entity's records it worked on.
        entity: EntityId,
        /// The job.
        job: JobId,
    },
    /// An entity that was deleted is deleted for ever, with its records; for whoever manages it.
    PurgeEntity {
        /// Which.
        entity: EntityId,
    },
    /// Entries of the audit are written into a file, a JSON object a line, newest first; for admins.
    ExportAudit {
        /// Which.
        filter: AuditFilter,
        /// The name under which the file is fetched.
        upload: UploadId,
    },
    /// A table is made of records.
    Export {
        /// Which entity.
        entity: EntityId,
        /// Which of its records, in which order.
        which: RecordSelection,
        /// The columns, in order.
        columns: Vec<String>,
        /// As what.
        format: Format,
        /// The name under which the table is fetched.
        upload: UploadId,
    },
}

/// How the rows of a table become records.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Import {
    /// Which entity.
    pub entity: EntityId,
    /// The table.
    pub upload: UploadId,
    /// As what it was written.
    pub format: Format,
    /// Which sheet of it; left out, the first that is not hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// For each column of the table, the field that it fills; none: it is left out.
    pub columns: Vec<Option<String>>,
    /// The field by which a row finds the record that it changes; a row that finds none makes one. Left out, every
    /// row makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether one bad row keeps all others out.
    pub all_or_nothing: bool,
    /// Whether it is only tried.
    pub dry_run: bool,
}

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated text, with names in its first row.
    Csv,
    /// A spreadsheet, with names in the first row of its first sheet.
    Xlsx,
    /// A list of objects.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Json];

    /// The end of the name of such a file.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// The format that a file of this name has.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        let ending = ending.to_lowercase();
        Self::ALL.into_iter().find(|format| format.ending() == ending)
    }
}

/// The beginning of a table, for whoever says which column is which field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TableHead {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its first rows.
    pub rows: Vec<Vec<String>>,
    /// How many rows it has.
    pub total: u64,
    /// The sheets that there are to choose from, where it has any; the first one was looked at, unless another
    /// was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
}

/// How far a job is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct JobState {
    /// How many records are done.
    pub done: u64,
    /// How many there are in all; 0 while that is not known.
    pub total: u64,
    /// What came of it, when it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<JobOutcome>,
}

/// What came of a job.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct JobOutcome {
    /// How many records were changed, or made, or would be.
    pub records: u64,
    /// How many of those an import changed; it made the others.
    #[serde(default)]
    pub updated: u64,
    /// How many records an import found that needed no change.
    #[serde(default)]
    pub unchanged: u64,
    /// The rows that an import left out, as a table that can be fetched: each with why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_rows: Option<UploadId>,
    /// Which, with their versions now, where that can be undone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<(RecordId, Version)>,
    /// What was not done, at most [`MAX_FAULTS`] of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// How many records or rows were left out.
    pub left_out: u64,
    /// What was taken otherwise than it was written, at most [`MAX_FAULTS`]: nothing is dropped in silence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Fault>,
    /// The beginning of the table that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<TableHead>,
    /// Whether it was cancelled.
    #[serde(default)]
    pub cancelled: bool,
    /// Why it ended before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Text>,
}

impl JobOutcome {
    /// The outcome of a job that ended without having done anything, and why.
    #[must_use]
    pub fn failed(why: Text) -> Self {
        Self {
            problem: Some(why),
            ..Self::default()
        }
    }
}

/// Why one record or row was left out, or what of it was taken otherwise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// The row as the table counts it: its line in a sheet, its place in a list; 0 where there is no table.
    pub row: u64,
    /// The record's title, where it is known.
    pub title: String,
    /// The field or column, where it is about one.
    pub field: String,
    /// A sentence.
    pub message: Text,
}
