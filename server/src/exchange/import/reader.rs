//! Rows of a table, read as values of fields.

use baton_locales::{Text, say};
use baton_protocol::field::LeftOut;

use super::*;

/// What the reading thread has for the others.
pub(super) enum Step {
    /// The names of the table's columns; before its rows.
    Columns(Vec<String>),
    Row(ReadRow),
    /// Something about how the table was read.
    Note(Text),
    /// The table cannot be read from here on.
    Broken(Text),
    /// There are more rows, and nobody wants them.
    Cancelled,
}

/// A row as the fields have it.
pub(super) struct ReadRow {
    pub(super) number: u64,
    pub(super) values: Values,
    /// The cells as they were written, for whoever mends them.
    pub(super) written: Vec<String>,
    pub(super) faults: Vec<Fault>,
    /// What was taken otherwise than it was written.
    pub(super) notes: Vec<Fault>,
}

pub(super) struct Reader {
    pub(super) columns: Vec<Option<Field>>,
    pub(super) sender: mpsc::Sender<Step>,
    pub(super) progress: Progress,
}

/// How much of a value a fault shows.
const SHOWN: usize = 80;

impl Reader {
    /// What a cell says of its field, and what was changed to have it so.
    fn value(field: &Field, cell: Cell) -> Result<(Value, Option<Text>), Text> {
        if let Some(fault) = cell.fault {
            return Err(fault);
        }
        let is_text = matches!(
            field.field_type,
            FieldType::Text | FieldType::Textarea | FieldType::RichText
        );
        let written = match cell.shown {
            Some(shown) if is_text => shown,
            Some(_) | None => cell.value,
        };
        if too_large(&written) {
            return Err(say::tables::value_too_long(written.len()));
        }
        if field.field_type == FieldType::RichText {
            return Ok((Value::from_text(clean(&written)), None));
        }
        let written = if cell.quoted && is_text {
            written
        } else {
            written.trim().to_owned()
        };
        let fitting = field.fitting(&written);
        let unix = written.replace("\r\n", "\n").replace('\r', "\n");
        let note = match field.left_out(&fitting) {
            Some(LeftOut::Zone) => Some(say::tables::taken_without_zone(short(&written))),
            Some(LeftOut::Seconds) => Some(say::tables::taken_without_seconds(short(&written))),
            None if fitting == unix => None,
            None if !field.is_long() && unix.contains('\n') => Some(say::tables::made_one_line()),
            None => Some(say::tables::characters_left_out()),
        };
        Ok((field.parse(&fitting), note))
    }
}

/// The cell as it is read again: a number or a day as it is, not as a spreadsheet shows it.
fn written(cell: &Cell, field: Option<&Field>) -> String {
    match (&cell.shown, field) {
        (Some(shown), None) => shown.clone(),
        (Some(shown), Some(field)) if field.field_type == FieldType::Text || cell.fault.is_some() => shown.clone(),
        (Some(_) | None, _) => cell.value.clone(),
    }
}

fn short(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

impl RowVisitor for Reader {
    fn note(&mut self, note: Text) {
        self.sender.blocking_send(Step::Note(note)).ok();
    }

    fn row(&mut self, row: Row) -> Result<(), TableError> {
        if self.progress.cancelled() {
            self.sender.blocking_send(Step::Cancelled).ok();
            return Err(TableError::Enough);
        }
        let number = row.number;
        let mut read = ReadRow {
            number,
            values: Values::new(),
            written: row
                .cells
                .iter()
                .zip(&self.columns)
                .map(|(cell, field)| written(cell, field.as_ref()))
                .collect(),
            faults: Vec::new(),
            notes: Vec::new(),
        };
        let about = |field: &str, message: Text| Fault {
            row: number,
            title: String::new(),
            field: field.to_owned(),
            message,
        };
        read.faults.extend(row.fault.map(|fault| about("", fault)));
        for (cell, field) in row.cells.into_iter().zip(&self.columns) {
            let Some(field) = field.as_ref().filter(|_| !cell.is_blank()) else {
                continue;
            };
            match Self::value(field, cell) {
                Ok((value, note)) => {
                    read.values.insert(field.name.clone(), value);
                    read.notes
                        .extend(note.map(|note| about(&field.name, say::tables::about_field(&field.label, note))));
                }
                Err(fault) => read
                    .faults
                    .push(about(&field.name, say::fields::sentence(&field.label, fault))),
            }
        }
        // Nobody waits for rows any more: the import has ended.
        self.sender
            .blocking_send(Step::Row(read))
            .map_err(|_| TableError::Enough)
    }
}
