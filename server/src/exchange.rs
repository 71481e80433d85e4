//! Tables in and out: comma-separated text, spreadsheets, lists of objects.

mod audit;
mod export;
mod formula;
mod import;
mod table;

pub(crate) use audit::export_audit;
pub(crate) use export::{Exported, export};
pub(crate) use import::{import, rollback_open_imports};
pub(crate) use table::inspect;

/// Reads a table to its end and forgets it: for the fuzzers, which see nothing else of this crate.
#[cfg(fuzzing)]
pub fn read_table(file: &std::path::Path, format: baton_protocol::job::Format) {
    struct Forget;
    impl table::RowVisitor for Forget {
        fn row(&mut self, row: table::Row) -> Result<(), table::TableError> {
            assert!(
                row.cells.len() <= table::MAX_COLUMNS,
                "a row is no longer than a table is wide"
            );
            Ok(())
        }
    }
    let read = table::read(file, format, None, &mut Forget);
    // The beginning is read wherever the whole is.
    assert!(read.is_err() || table::head(file, format, None).is_ok());
}
