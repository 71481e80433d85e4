//! Reading tables that people bring. Nothing about them is believed: no row, cell or archive may take
//! more memory than it should.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use baton_protocol::field::MAX_TEXT_BYTES;
use baton_protocol::job::{Format, JobOutcome, TableHead};
use calamine::{DataRef, Reader as _, Xlsx};
use serde::de::{DeserializeSeed, SeqAccess, Visitor};

/// The largest row, in bytes of the file.
const MAX_ROW: u64 = 4 * 1024 * 1024;
/// The most columns.
const MAX_COLUMNS: usize = 500;
/// The most bytes that a spreadsheet's parts may unpack to.
const MAX_UNPACKED: u64 = 192 * 1024 * 1024;
/// How many rows are shown to whoever says which column is which field.
const SHOWN: usize = 20;
/// How much of a cell is shown there, in Unicode scalar values.
const SHOWN_CHARS: usize = 200;

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    /// The file is not there, or the disk failed.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is no such table.
    #[error("{0}")]
    Unreadable(String),
    /// Whoever visits the rows has seen enough.
    #[error("enough was seen")]
    Enough,
}

/// What is done with a table: its columns come first, then its rows, numbered from 1. Each row is as long
/// as there are columns.
pub(crate) trait RowVisitor {
    /// The names of the columns.
    fn columns(&mut self, _columns: &[String]) {}

    /// One row; [`TableError::Enough`] ends the reading.
    fn row(&mut self, number: u64, cells: Vec<String>) -> Result<(), TableError>;
}

/// Reads a table from its beginning to its end.
pub(crate) fn read(file: &Path, format: Format, visitor: &mut dyn RowVisitor) -> Result<(), TableError> {
    let read = match format {
        Format::Csv => read_csv(file, visitor),
        Format::Xlsx => read_xlsx(file, visitor),
        Format::Json => read_json(file, visitor),
    };
    match read {
        Err(TableError::Enough) => Ok(()),
        other => other,
    }
}

/// Looks at a table, which may take a while.
pub(crate) async fn look(file: PathBuf, format: Format) -> JobOutcome {
    let head = tokio::task::spawn_blocking(move || head(&file, format)).await;
    let (table, problem) = match head {
        Ok(Ok(head)) => (Some(head), None),
        Ok(Err(error)) => (None, Some(error.to_string())),
        Err(error) => (None, Some(error.to_string())),
    };
    JobOutcome {
        table,
        problem,
        ..JobOutcome::default()
    }
}

/// The beginning of a table.
pub(super) fn head(file: &Path, format: Format) -> Result<TableHead, TableError> {
    struct Head(TableHead);
    impl RowVisitor for Head {
        fn columns(&mut self, columns: &[String]) {
            self.0.columns = columns.to_vec();
        }

        fn row(&mut self, number: u64, cells: Vec<String>) -> Result<(), TableError> {
            self.0.total = number;
            if self.0.rows.len() < SHOWN {
                let shown = |cell: String| cell.chars().take(SHOWN_CHARS).collect();
                self.0.rows.push(cells.into_iter().map(shown).collect());
            }
            Ok(())
        }
    }
    let mut visitor = Head(TableHead {
        columns: Vec::new(),
        rows: Vec::new(),
        total: 0,
    });
    read(file, format, &mut visitor)?;
    Ok(visitor.0)
}

fn unreadable<T>(why: impl Into<String>) -> Result<T, TableError> {
    Err(TableError::Unreadable(why.into()))
}

fn check_columns(columns: &[String]) -> Result<(), TableError> {
    if columns.len() > MAX_COLUMNS {
        return unreadable(format!("The table has more than {MAX_COLUMNS} columns."));
    }
    if columns.iter().all(|column| column.trim().is_empty()) {
        return unreadable("The table has no names in its first row.");
    }
    Ok(())
}

/// Stops a reader that takes too much before it has a row.
struct Limited<R> {
    inner: R,
    since: Arc<AtomicU64>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if self.since.fetch_add(read as u64, Ordering::Relaxed) > MAX_ROW {
            let why = format!(
                "a row is larger than {} MB; is a quotation mark missing?",
                MAX_ROW / 1024 / 1024
            );
            return Err(io::Error::other(why));
        }
        Ok(read)
    }
}

fn read_csv(file: &Path, visitor: &mut dyn RowVisitor) -> Result<(), TableError> {
    let delimiter = delimiter(file)?;
    let since = Arc::new(AtomicU64::new(0));
    let inner = Limited {
        inner: BufReader::new(File::open(file)?),
        since: Arc::clone(&since),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(inner);
    let mut record = csv::ByteRecord::new();
    let mut columns = 0;
    let mut number = 0;
    loop {
        let more = reader.read_byte_record(&mut record);
        since.store(0, Ordering::Relaxed);
        match more {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return unreadable(format!("Row {number} cannot be read: {error}.")),
        }
        let mut cells = Vec::with_capacity(record.len());
        for cell in &record {
            let Ok(cell) = std::str::from_utf8(cell) else {
                return unreadable(format!("Row {number} is not in UTF-8. Save the table as “CSV UTF-8”."));
            };
            cells.push(unescaped(cell).to_owned());
        }
        if columns == 0 {
            if let Some(first) = cells.first_mut() {
                *first = first.trim_start_matches('\u{feff}').to_owned();
            }
            check_columns(&cells)?;
            columns = cells.len();
            visitor.columns(&cells);
            continue;
        }
        number += 1;
        if cells.len() > columns {
            return unreadable(format!(
                "Row {number} has {} cells, and the first row names {columns} columns.",
                cells.len()
            ));
        }
        cells.resize(columns, String::new());
        visitor.row(number, cells)?;
    }
    if columns == 0 {
        return unreadable("The file is empty.");
    }
    Ok(())
}

/// Comma, semicolon or tab: whichever the first row has most of.
fn delimiter(file: &Path) -> Result<u8, TableError> {
    let mut beginning = Vec::new();
    File::open(file)?.take(64 * 1024).read_to_end(&mut beginning)?;
    if beginning.contains(&0) {
        return unreadable("This is no text. Is it another kind of file?");
    }
    let line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|byte| **byte == wanted).count();
    let best = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|wanted| (count(*wanted), *wanted == b','));
    Ok(best.unwrap_or(b','))
}

/// A text without the mark that an export puts before what a spreadsheet would take for a formula.
fn unescaped(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        Some(_) | None => cell,
    }
}

fn read_xlsx(file: &Path, visitor: &mut dyn RowVisitor) -> Result<(), TableError> {
    check_archive(file)?;
    let broken =
        |error: calamine::XlsxError| TableError::Unreadable(format!("The spreadsheet cannot be read: {error}."));
    let mut book: Xlsx<_> = calamine::open_workbook(file).map_err(broken)?;
    let Some(sheet) = book.sheet_names().first().cloned() else {
        return unreadable("The spreadsheet has no sheet.");
    };
    // Cell by cell: a sheet with a single cell far down would else be a table of all that is above it.
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut columns = 0;
    let mut number = 0;
    let mut present: Option<(u32, Vec<String>)> = None;
    let mut finished = |row: Vec<String>| -> Result<(), TableError> {
        if columns == 0 {
            check_columns(&row)?;
            columns = row.len();
            visitor.columns(&row);
            return Ok(());
        }
        number += 1;
        if row.len() > columns && row[columns..].iter().any(|cell| !cell.is_empty()) {
            return unreadable(format!(
                "Row {number} is longer than the first row, which names {columns} columns."
            ));
        }
        let mut row = row;
        row.resize(columns, String::new());
        visitor.row(number, row)
    };
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let text = cell_text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MAX_COLUMNS {
            return unreadable(format!("The table has more than {MAX_COLUMNS} columns."));
        }
        if present.as_ref().is_none_or(|(at, _)| *at != row)
            && let Some((_, done)) = present.replace((row, Vec::new()))
        {
            finished(done)?;
        }
        if let Some((_, cells)) = &mut present {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
    }
    match present {
        Some((_, done)) => finished(done)?,
        None => return unreadable("The first sheet is empty."),
    }
    Ok(())
}

fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(at) => day_of(at.as_f64()),
    }
}

/// A spreadsheet's day, counted from the end of 1899, as the date fields write it.
fn day_of(serial: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "spreadsheets know no day beyond the year 9999"
    )]
    let (days, minutes) = (
        serial.floor() as i64,
        ((serial - serial.floor()) * 1440.0).round() as i64,
    );
    let date = time::Date::from_calendar_date(1899, time::Month::December, 30)
        .ok()
        .and_then(|first| first.checked_add(time::Duration::days(days)));
    match date {
        Some(date) if minutes == 0 => date.to_string(),
        Some(date) => format!("{date} {:02}:{:02}", minutes / 60, minutes % 60),
        None => serial.to_string(),
    }
}

/// Whether the archive unpacks to no more than it should: counted, whatever it says of itself.
fn check_archive(file: &Path) -> Result<(), TableError> {
    let broken = |error: zip::result::ZipError| TableError::Unreadable(format!("This is no spreadsheet: {error}."));
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(file)?)).map_err(broken)?;
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let unpacked = io::copy(&mut part.take(left + 1), &mut io::sink())
            .map_err(|error| TableError::Unreadable(format!("The spreadsheet is damaged: {error}.")))?;
        if unpacked > left {
            return unreadable(format!(
                "The spreadsheet unpacks to more than {} MB.",
                MAX_UNPACKED / 1024 / 1024
            ));
        }
        left -= unpacked;
    }
    Ok(())
}

type Object = serde_json::Map<String, serde_json::Value>;

/// Visits the objects of a list one by one.
struct Objects<'a> {
    visit: &'a mut dyn FnMut(Object) -> Result<(), TableError>,
    since: Arc<AtomicU64>,
    failed: &'a mut Option<TableError>,
}

impl<'de> Visitor<'de> for Objects<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(object) = list.next_element::<Object>()? {
            self.since.store(0, Ordering::Relaxed);
            if let Err(error) = (self.visit)(object) {
                *self.failed = Some(error);
                return Err(serde::de::Error::custom("it ends here"));
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Objects<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

fn objects(file: &Path, visit: &mut dyn FnMut(Object) -> Result<(), TableError>) -> Result<(), TableError> {
    let since = Arc::new(AtomicU64::new(0));
    let reader = Limited {
        inner: File::open(file)?,
        since: Arc::clone(&since),
    };
    let mut failed = None;
    let visitor = Objects {
        visit,
        since,
        failed: &mut failed,
    };
    let read = visitor.deserialize(&mut serde_json::Deserializer::from_reader(BufReader::new(reader)));
    match (failed, read) {
        (Some(error), _) => Err(error),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => unreadable(format!("This is no list of objects in JSON: {error}.")),
    }
}

fn read_json(file: &Path, visitor: &mut dyn RowVisitor) -> Result<(), TableError> {
    // Objects may lack what others have: the names are those of the first ones.
    let mut columns: Vec<String> = Vec::new();
    let mut seen = 0;
    let first = objects(file, &mut |object| {
        for name in object.keys() {
            // Past the most that is allowed nothing is compared any more: a file may have any number.
            if columns.len() <= MAX_COLUMNS && !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        seen += 1;
        if columns.len() > MAX_COLUMNS {
            return Err(TableError::Enough);
        }
        if seen < 1000 { Ok(()) } else { Err(TableError::Enough) }
    });
    match first {
        Ok(()) | Err(TableError::Enough) => {}
        Err(error) => return Err(error),
    }
    check_columns(&columns)?;
    visitor.columns(&columns);
    let mut number = 0;
    objects(file, &mut |object| {
        number += 1;
        let cells = columns
            .iter()
            .map(|name| object.get(name).map_or_else(String::new, json_text));
        visitor.row(number, cells.collect())
    })
}

fn json_text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(json_text).collect::<Vec<_>>().join("; "),
        serde_json::Value::Object(_) => value.to_string(),
    }
}

/// Whether a cell is larger than any field may be.
pub(crate) fn too_large(cell: &str) -> bool {
    cell.len() > MAX_TEXT_BYTES
}
