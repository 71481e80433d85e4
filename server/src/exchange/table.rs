//! Reading tables that people bring. Nothing about them is believed: no row, cell or archive may take more memory
//! than it should. Nothing of them is dropped in silence either: a row that cannot be read says why.

mod delimited;
mod json;
mod workbook;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use baton_locales::{Text, say};
use baton_protocol::field::MAX_TEXT_BYTES;
use baton_protocol::job::{Format, JobOutcome, TableHead};

/// The largest row, in bytes of the file.
const MAX_ROW: u64 = 4 * 1024 * 1024;
/// The most columns.
pub(super) const MAX_COLUMNS: usize = 500;
/// How many rows are shown to whoever says which column is which field.
const SHOWN: usize = 20;
/// How much of a cell is shown there, in Unicode scalar values.
const SHOWN_CHARS: usize = 200;
/// Among how many rows the one with the names is looked for: titles and blank lines may stand above it.
const HEADER_ROWS: usize = 20;

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    /// The file is not there, or the disk failed.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is no such table.
    #[error("{0}")]
    Unreadable(Text),
    /// Whoever visits the rows has seen enough.
    #[error("enough was seen")]
    Enough,
}

impl TableError {
    /// A sentence for whoever brought the table.
    pub(crate) fn text(self) -> Text {
        match self {
            Self::Unreadable(why) => why,
            Self::Io(error) => say::tables::file_unreadable(&error),
            Self::Enough => Text::default(),
        }
    }
}

/// A cell: the value that it holds, and how its table shows it where that is something else.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Cell {
    /// Its value: a text, an exact number, a day as `2026-05-31`.
    pub(crate) value: String,
    /// What a person sees: `01067` for the number 1067.
    pub(crate) shown: Option<String>,
    /// Why it has no value, as the end of a sentence that begins with the column.
    pub(crate) fault: Option<Text>,
    /// Whether it was quoted: the spaces around it are its own.
    pub(crate) quoted: bool,
}

impl Cell {
    fn text(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            ..Self::default()
        }
    }

    fn bad(fault: impl Into<Text>) -> Self {
        Self {
            fault: Some(fault.into()),
            ..Self::default()
        }
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.fault.is_none() && self.value.trim().is_empty()
    }
}

/// A row as the table has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Row {
    /// Its number, as whoever opens the table counts: from 1, with everything above it.
    pub(crate) number: u64,
    /// Its cells.
    pub(crate) cells: Vec<Cell>,
    /// Why it cannot be read.
    pub(crate) fault: Option<Text>,
}

impl Row {
    fn is_blank(&self) -> bool {
        self.fault.is_none() && self.cells.iter().all(Cell::is_blank)
    }
}

/// What is done with a table: what there is to know of it comes first, then its columns, then its rows. Each row
/// is as long as there are columns.
pub(crate) trait RowVisitor {
    /// The names of the sheets that can be chosen, where there are any.
    fn sheets(&mut self, _sheets: &[String]) {}

    /// Something that a person should know about how the table is read.
    fn note(&mut self, _note: Text) {}

    /// The names of the columns.
    fn columns(&mut self, _columns: &[String]) {}

    /// One row; [`TableError::Enough`] ends the reading.
    fn row(&mut self, row: Row) -> Result<(), TableError>;
}

/// Reads a table from its beginning to its end.
pub(crate) fn read(
    file: &Path,
    format: Format,
    sheet: Option<&str>,
    visitor: &mut dyn RowVisitor,
) -> Result<(), TableError> {
    let read = match format {
        Format::Csv => delimited::read(file, visitor),
        Format::Xlsx => workbook::read(file, sheet, visitor),
        Format::Json => json::read(file, visitor),
    };
    match read {
        Err(TableError::Enough) => Ok(()),
        Err(TableError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
            unreadable(say::tables::the_file_is_not())
        }
        other => other,
    }
}

/// Looks at a table, which may take a while.
pub(crate) async fn inspect(file: PathBuf, format: Format, sheet: Option<String>) -> JobOutcome {
    let head = tokio::task::spawn_blocking(move || head(&file, format, sheet.as_deref())).await;
    let (table, problem) = match head {
        Ok(Ok(head)) => (Some(head), None),
        Ok(Err(error)) => (None, Some(error.text())),
        Err(error) => (None, Some(Text::verbatim(error.to_string()))),
    };
    JobOutcome {
        table,
        problem,
        ..JobOutcome::default()
    }
}

/// The beginning of a table.
pub(super) fn head(file: &Path, format: Format, sheet: Option<&str>) -> Result<TableHead, TableError> {
    struct Head(TableHead);
    impl RowVisitor for Head {
        fn sheets(&mut self, sheets: &[String]) {
            self.0.sheets = sheets.to_vec();
        }

        fn columns(&mut self, columns: &[String]) {
            self.0.columns = columns.to_vec();
        }

        fn row(&mut self, row: Row) -> Result<(), TableError> {
            self.0.total += 1;
            if self.0.rows.len() < SHOWN {
                let shown = |cell: Cell| {
                    let text = cell.shown.unwrap_or(cell.value);
                    text.chars().take(SHOWN_CHARS).collect()
                };
                self.0.rows.push(row.cells.into_iter().map(shown).collect());
            }
            Ok(())
        }
    }
    let mut visitor = Head(TableHead {
        columns: Vec::new(),
        rows: Vec::new(),
        total: 0,
        sheets: Vec::new(),
    });
    read(file, format, sheet, &mut visitor)?;
    Ok(visitor.0)
}

fn unreadable<T>(why: Text) -> Result<T, TableError> {
    Err(TableError::Unreadable(why))
}

/// Takes rows as they come, finds the one with the names, and hands the others on, each as long as there are names.
struct Rows<'a> {
    visitor: &'a mut dyn RowVisitor,
    /// What came before the names are known.
    above: Vec<Row>,
    columns: Option<usize>,
}

impl<'a> Rows<'a> {
    fn new(visitor: &'a mut dyn RowVisitor) -> Self {
        Self {
            visitor,
            above: Vec::new(),
            columns: None,
        }
    }

    fn row(&mut self, row: Row) -> Result<(), TableError> {
        if row.is_blank() {
            return Ok(());
        }
        if self.columns.is_some() {
            return self.hand_over(row);
        }
        self.above.push(row);
        if self.above.len() >= HEADER_ROWS {
            self.find_names()
        } else {
            Ok(())
        }
    }

    fn finish(mut self) -> Result<(), TableError> {
        if self.columns.is_none() {
            self.find_names()?;
        }
        Ok(())
    }

    /// The names are in the first row that is not far shorter than the longest: what stands above is a title.
    fn find_names(&mut self) -> Result<(), TableError> {
        let given = |row: &Row| row.cells.iter().filter(|cell| !cell.is_blank()).count();
        let longest = self.above.iter().map(given).max().unwrap_or(0);
        let rows = std::mem::take(&mut self.above);
        let place = rows.iter().position(|row| given(row) * 2 > longest);
        let Some(place) = place else {
            return unreadable(say::tables::the_table_is_empty());
        };
        let mut rows = rows.into_iter().skip(place);
        let Some(names) = rows.next() else {
            return unreadable(say::tables::the_table_is_empty());
        };
        let mut columns: Vec<String> = names.cells.iter().map(|cell| name_of(&cell.value)).collect();
        while columns.last().is_some_and(String::is_empty) {
            columns.pop();
        }
        if columns.len() > MAX_COLUMNS {
            return unreadable(say::tables::too_many_columns(MAX_COLUMNS));
        }
        if columns.is_empty() {
            return unreadable(say::tables::the_table_has_no());
        }
        self.columns = Some(columns.len());
        self.visitor.columns(&columns);
        if place > 0 {
            let note = say::tables::names_from_row(names.number);
            self.visitor.note(note);
        }
        rows.try_for_each(|row| self.hand_over(row))
    }

    fn hand_over(&mut self, mut row: Row) -> Result<(), TableError> {
        let columns = self.columns.unwrap_or(0);
        let over = row.cells.get(columns..).unwrap_or_default();
        if row.fault.is_none() && over.iter().any(|cell| !cell.is_blank()) {
            let why = say::tables::more_cells_than_names(row.cells.len(), columns);
            row.fault = Some(why);
        }
        row.cells.resize(columns, Cell::default());
        self.visitor.row(row)
    }
}

/// The name of a column as it was meant: without the spaces and line breaks that are only looks.
fn name_of(cell: &str) -> String {
    let words: Vec<&str> = cell.trim_start_matches('\u{feff}').split_whitespace().collect();
    words.join(" ")
}

/// The first bytes of a file.
fn beginning(file: &Path) -> io::Result<Vec<u8>> {
    let mut beginning = Vec::new();
    File::open(file)?.take(64 * 1024).read_to_end(&mut beginning)?;
    Ok(beginning)
}

/// Whether a cell is larger than any field may be.
pub(crate) fn too_large(cell: &str) -> bool {
    cell.len() > MAX_TEXT_BYTES
}

#[cfg(test)]
mod public;
#[cfg(test)]
mod tests;
