//! Tables out of records.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use baton_locales::say;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::id::{EntityId, RecordId, UserId};
use baton_protocol::job::{Fault, Format, JobOutcome, MAX_FAULTS, RecordSelection};
use baton_protocol::list::PAGE_ROWS;
use baton_protocol::list_query::column;
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Person;
use baton_protocol::record::Record;
use baton_protocol::time::Timestamp;
use baton_protocol::values::{CREATED_AT, CREATED_BY, TITLE, UPDATED_AT, UPDATED_BY};
use tokio::sync::mpsc;

use super::formula;
use crate::app::App;
use crate::jobs::Progress;
use crate::uploads;

/// The most records of one spreadsheet: a sheet has no more rows.
const MAX_SHEET: u64 = 1_000_000;

/// What is exported.
#[derive(Debug)]
pub(crate) struct Exported {
    /// Whose records.
    pub(crate) entity: EntityId,
    /// Which of them.
    pub(crate) which: RecordSelection,
    /// The columns, in order.
    pub(crate) columns: Vec<String>,
    /// As what.
    pub(crate) format: Format,
    /// Into which file.
    pub(crate) file: PathBuf,
}

/// Writes the records that are meant into a file, for their owner to fetch.
pub(crate) async fn export(app: App, person: Person, what: Exported, progress: Progress) -> JobOutcome {
    match run(&app, person.id, what, &progress).await {
        Ok(outcome) => JobOutcome {
            cancelled: progress.cancelled(),
            ..outcome
        },
        Err(problem) => JobOutcome::failed(problem.message),
    }
}

async fn run(app: &App, person: UserId, what: Exported, progress: &Progress) -> Result<JobOutcome, Problem> {
    let Exported {
        entity,
        which,
        columns,
        format,
        file,
    } = what;
    let entity = app.entity(&app.accounts.rights(person), entity).await?;
    // Each once, however often it is named.
    let mut seen = BTreeSet::new();
    let once = columns.iter().filter(|name| seen.insert(name.as_str()));
    let fields: Vec<Field> = once.filter_map(|name| column(&entity, name)).collect();
    let columns: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    if let Some(directory) = file.parent() {
        tokio::fs::create_dir_all(directory)
            .await
            .map_err(|error| disk(&error))?;
    }
    // Writing is slow and does not wait for anything: it has a thread of its own.
    let (rows, received) = mpsc::channel(4);
    let to = file.clone();
    let writing = tokio::task::spawn_blocking(move || write(&to, format, &fields, received));
    let mut read = read(app, person, (&entity, &which, &columns), progress, rows).await;
    let written = writing
        .await
        .map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    let written = written.map_err(|error| {
        tracing::error!(%error, "an export could not be written");
        Problem::new(Code::Internal, say::tables::the_server_could_not())
    })?;
    // The file may be written only now, with what is not its owner's to see any more.
    if read.is_ok() {
        read = ensure_visible(app, person, entity.id, &columns).await;
    }
    if read.is_err() {
        uploads::remove(&file).await;
    }
    read.map(|()| written)
}

/// Checks that somebody may see these columns at this moment.
async fn ensure_visible(app: &App, person: UserId, entity: EntityId, columns: &[String]) -> Result<(), Problem> {
    let now = app.entity(&app.accounts.rights(person), entity).await?;
    if columns.iter().any(|name| column(&now, name).is_none()) {
        let why = say::tables::what_you_may_see();
        return Err(Problem::new(Code::Forbidden, why));
    }
    Ok(())
}

pub(super) fn disk(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "an export could not be written");
    Problem::new(Code::Internal, say::tables::the_server_could_not())
}

/// Hands the records over, a page at a time.
async fn read(
    app: &App,
    person: UserId,
    (entity, which, columns): (&Entity, &RecordSelection, &[String]),
    progress: &Progress,
    rows: mpsc::Sender<Vec<Record>>,
) -> Result<(), Problem> {
    let hand_over = async |ids: Vec<RecordId>| {
        // What its owner may see may change meanwhile.
        ensure_visible(app, person, entity.id, columns).await?;
        let mut records = app.store.records_of(&ids).await?;
        // Whoever names records names those of the list that was checked.
        records.retain(|record| record.entity == entity.id);
        progress.add(ids.len() as u64);
        // The writer may have failed; it says so itself.
        rows.send(records).await.ok();
        Ok::<(), Problem>(())
    };
    match which {
        RecordSelection::Records(ids) => {
            progress.expect(ids.len() as u64);
            for ids in ids.chunks(PAGE_ROWS as usize) {
                if progress.cancelled() {
                    return Ok(());
                }
                hand_over(ids.to_vec()).await?;
            }
        }
        RecordSelection::Query(query) => {
            let mut after = None;
            loop {
                let rights = app.accounts.rights(person);
                let page = app
                    .page(&rights, entity.id, query, after.as_ref(), (PAGE_ROWS, &[]))
                    .await?;
                progress.expect(page.total);
                hand_over(page.rows.iter().map(|row| row.id).collect()).await?;
                after = page.next;
                if after.is_none() || progress.cancelled() {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// What a record has in this column, exactly as it is kept.
fn value_of(record: &Record, field: &Field) -> Value {
    let moment = |at: Timestamp| Value::from_text(moment(at));
    match field.name.as_str() {
        CREATED_AT => moment(record.created.at),
        UPDATED_AT => moment(record.updated.at),
        CREATED_BY => Value::from_text(&record.created.by.name),
        UPDATED_BY => Value::from_text(&record.updated.by.name),
        name => record.values.get(name).cloned().unwrap_or_default(),
    }
}

fn moment(at: Timestamp) -> String {
    let at = time::OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000));
    at.map_or_else(
        |_| String::new(),
        // The moment, wherever it is read: what a window shows is the same in the zone of its own clock.
        |at| format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute()),
    )
}

fn write(
    file: &Path,
    format: Format,
    fields: &[Field],
    mut received: mpsc::Receiver<Vec<Record>>,
) -> anyhow::Result<JobOutcome> {
    let mut rows = std::iter::from_fn(move || received.blocking_recv()).flatten();
    match format {
        Format::Csv => write_csv(file, fields, &mut rows),
        Format::Json => write_json(file, fields, &mut rows),
        Format::Xlsx => write_xlsx(file, fields, &mut rows),
    }
}

fn write_csv(file: &Path, fields: &[Field], rows: &mut dyn Iterator<Item = Record>) -> anyhow::Result<JobOutcome> {
    let mut out = BufWriter::new(File::create(file)?);
    write_line(&mut out, fields.iter().map(|field| field.name.clone()))?;
    let mut outcome = JobOutcome::default();
    for record in rows {
        let cells = fields
            .iter()
            .map(|field| harmless(field, &field.print(&value_of(&record, field))));
        write_line(&mut out, cells)?;
        outcome.records += 1;
    }
    out.flush()?;
    Ok(outcome)
}

/// A line of cells, each quoted where a reader could take it for something else (RFC 4180).
pub(super) fn write_line(out: &mut impl Write, cells: impl Iterator<Item = String>) -> anyhow::Result<()> {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        let plain = !cell.contains([',', '"', ';', '|', '\t', '\n', '\r', '\'', '\\']) && cell.trim() == cell;
        if plain {
            out.write_all(cell.as_bytes())?;
        } else {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        }
    }
    out.write_all(b"\r\n")?;
    Ok(())
}

/// A text that a spreadsheet would take for a formula gets a mark before it. Numbers are no formulas.
fn harmless(field: &Field, text: &str) -> String {
    let number = field.field_type == FieldType::Number && field.check(&Value::from_text(text), false).is_ok();
    if number { text.to_owned() } else { formula::marked(text) }
}

fn write_json(file: &Path, fields: &[Field], rows: &mut dyn Iterator<Item = Record>) -> anyhow::Result<JobOutcome> {
    let mut writer = BufWriter::new(File::create(file)?);
    writer.write_all(b"[")?;
    let mut count = 0;
    for record in rows {
        writer.write_all(if count == 0 { b"\n" } else { b",\n" })?;
        let object: serde_json::Map<String, serde_json::Value> = fields
            .iter()
            .map(|field| {
                Ok((
                    field.name.clone(),
                    serde_json::to_value(field.in_words(&value_of(&record, field)))?,
                ))
            })
            .collect::<Result<_, serde_json::Error>>()?;
        serde_json::to_writer(&mut writer, &object)?;
        count += 1;
    }
    writer.write_all(b"\n]\n")?;
    writer.flush()?;
    Ok(JobOutcome {
        records: count,
        ..JobOutcome::default()
    })
}

/// The most letters of a cell of a spreadsheet, as spreadsheets count them: in UTF-16.
const MAX_CELL: usize = 32_767;

fn write_xlsx(file: &Path, fields: &[Field], rows: &mut dyn Iterator<Item = Record>) -> anyhow::Result<JobOutcome> {
    let mut outcome = JobOutcome::default();
    let mut book = rust_xlsxwriter::Workbook::new();
    // Row by row to the disk: the whole sheet would not fit into the memory of a small server.
    let sheet = book.add_worksheet_with_constant_memory()?;
    for (column, field) in (0..).zip(fields) {
        sheet.write_string(0, column, &field.name)?;
    }
    let mut count = 0;
    for record in rows {
        count += 1;
        if count > MAX_SHEET {
            anyhow::bail!("a sheet has at most {MAX_SHEET} rows");
        }
        let row = u32::try_from(count)?;
        for (column, field) in (0..).zip(fields) {
            let text = field.print(&value_of(&record, field));
            match text.parse::<f64>() {
                // Only where a spreadsheet keeps it exactly as it is.
                Ok(number) if field.field_type == FieldType::Number && number.to_string() == text => {
                    sheet.write_number(row, column, number)?;
                }
                Ok(_) | Err(_) if text.is_empty() => {}
                Ok(_) | Err(_) if text.encode_utf16().count() > MAX_CELL => {
                    // Half a text would look like a whole one.
                    outcome.left_out += 1;
                    if outcome.faults.len() < MAX_FAULTS {
                        outcome.faults.push(Fault {
                            row: count + 1,
                            title: record.values.get(TITLE).map_or("", Value::text).to_owned(),
                            field: field.name.clone(),
                            message: say::tables::longer_than_a_cell(&field.label),
                        });
                    }
                }
                Ok(_) | Err(_) => {
                    sheet.write_string(row, column, text)?;
                }
            }
        }
    }
    book.save(file)?;
    outcome.records = count;
    Ok(outcome)
}
