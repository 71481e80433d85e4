//! Tables as people bring them: each file of `tests/data/tables` with what must be read of it.

use std::fmt::Write as _;
use std::path::Path;

use baton_locales::Text;
use baton_protocol::job::Format;
use proptest::prelude::*;

use super::{Row, RowVisitor, TableError, read};
use crate::exchange::export::write_line;
use crate::exchange::formula;

/// Writes what it is told, a line each.
#[derive(Default)]
struct Teller(String);

impl RowVisitor for Teller {
    fn sheets(&mut self, sheets: &[String]) {
        writeln!(self.0, "sheets {sheets:?}").expect("into a text");
    }

    fn note(&mut self, note: Text) {
        writeln!(self.0, "note {note}").expect("into a text");
    }

    fn columns(&mut self, columns: &[String]) {
        writeln!(self.0, "columns {columns:?}").expect("into a text");
    }

    fn row(&mut self, row: Row) -> Result<(), TableError> {
        write!(self.0, "{}", row.number).expect("into a text");
        if let Some(fault) = row.fault {
            write!(self.0, " bad: {fault}").expect("into a text");
        }
        for cell in row.cells {
            match (cell.fault, cell.shown) {
                (Some(fault), _) => write!(self.0, " | bad: {fault}"),
                (None, Some(shown)) => write!(self.0, " | {:?} shown {shown:?}", cell.value),
                (None, None) => write!(self.0, " | {:?}", cell.value),
            }
            .expect("into a text");
        }
        self.0.push('\n');
        Ok(())
    }
}

fn describe(file: &Path) -> String {
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    let format = Format::of_name(&name).expect("a table");
    let mut teller = Teller::default();
    if let Err(error) = read(file, format, None, &mut teller) {
        writeln!(teller.0, "refused: {error}").expect("into a text");
    }
    teller.0
}

/// `BATON_KEEP=1` writes what is read anew; look at it before it is kept.
#[test]
fn every_table_is_read_as_its_program_shows_it() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tables");
    let mut files: Vec<_> = std::fs::read_dir(&directory)
        .expect("the tables")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension != "txt" && extension != "made")
        })
        .collect();
    files.sort();
    assert!(files.len() > 40, "the tables are there");
    for file in files {
        let expected = file.with_extension("txt");
        let now = describe(&file);
        if std::env::var_os("BATON_KEEP").is_some() {
            std::fs::write(&expected, &now).expect("written");
        }
        let expected_text = std::fs::read_to_string(&expected).expect("what is expected");
        assert_eq!(now, expected_text, "{}", file.display());
    }
}

/// Keeps the values of every row.
#[derive(Default)]
struct Values(Vec<Vec<String>>);

impl RowVisitor for Values {
    fn sheets(&mut self, _: &[String]) {}

    fn note(&mut self, _: Text) {}

    fn columns(&mut self, _: &[String]) {}

    fn row(&mut self, row: Row) -> Result<(), TableError> {
        self.0.push(row.cells.into_iter().map(|cell| cell.value).collect());
        Ok(())
    }
}

proptest! {
    #[test]
    fn what_is_exported_is_read_back_as_it_was(
        rows in proptest::collection::vec(("[a\\\\\",;' \n]{0,8}", "[a\\\\\",;' \n]{0,8}"), 1..6),
    ) {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("table.csv");
        let mut out = Vec::new();
        // The first column keeps a row from being empty.
        let expected: Vec<Vec<String>> = rows
            .into_iter()
            .map(|(one, other)| vec![format!("x{one}"), other])
            .collect();
        write_line(&mut out, ["one", "other"].map(str::to_owned).into_iter()).expect("into memory");
        for row in &expected {
            write_line(&mut out, row.iter().map(|cell| formula::marked(cell))).expect("into memory");
        }
        std::fs::write(&file, out).expect("written");
        let mut values = Values::default();
        read(&file, Format::Csv, None, &mut values).expect("readable");
        prop_assert_eq!(values.0, expected);
    }
}
