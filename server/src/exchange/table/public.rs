//! Tables that others made public, read as another program reads them, cell by cell. `cargo xtask test` fetches them
//! once and says where they are.

use std::path::Path;

use baton_protocol::job::Format;
use serde::Deserialize;

use super::{Cell, Row, RowVisitor, TableError, read};

/// What the other program read of one sheet.
#[derive(Deserialize)]
struct Judged {
    file: String,
    #[serde(default)]
    sheet: Option<String>,
    #[serde(default)]
    rows: Vec<Vec<Theirs>>,
    /// Why it could not.
    #[serde(default)]
    refused: Option<String>,
}

#[derive(Deserialize, PartialEq, Debug)]
enum Theirs {
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "n")]
    Number(String),
    /// A date, a time or both.
    #[serde(rename = "d")]
    Moment(String),
    #[serde(rename = "b")]
    Flag(bool),
}

#[derive(Default)]
struct Ours {
    columns: Vec<String>,
    rows: Vec<Row>,
}

impl RowVisitor for Ours {
    fn columns(&mut self, columns: &[String]) {
        self.columns = columns.to_vec();
    }

    fn row(&mut self, row: Row) -> Result<(), TableError> {
        self.rows.push(row);
        Ok(())
    }
}

impl Theirs {
    fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// Whether our cell says the same.
    fn is(&self, ours: &Cell) -> bool {
        let near = |text: &str| text.trim().parse::<f64>().ok();
        match self {
            // What an error is, a cell of ours says in its own words.
            Self::Text(text) if text.starts_with('#') && ours.fault.is_some() => true,
            Self::Text(text) => words_of(text) == words_of(&ours.value),
            Self::Number(number) => match (near(number), near(&ours.value)) {
                (Some(theirs), Some(ours)) => (theirs - ours).abs() <= theirs.abs() * 1e-14,
                _ => false,
            },
            Self::Moment(moment) => same_moment(moment, &ours.value),
            Self::Flag(flag) => ours.value.eq_ignore_ascii_case(if *flag { "yes" } else { "no" }),
        }
    }
}

/// A text as it is compared: its words.
fn words_of(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// A day without a time is its midnight; seconds that are none may be left out.
fn same_moment(theirs: &str, ours: &str) -> bool {
    let plain = |text: &str| {
        let text = text.trim_end_matches(":00").trim_end_matches(" 00");
        text.trim_end_matches(":00").trim_end_matches(" 00").replace('T', " ")
    };
    plain(theirs) == plain(ours)
}

/// What is otherwise than the other program has it, a line each.
fn differences(judged: &Judged) -> Vec<String> {
    let file = Path::new(&judged.file);
    let format = Format::of_name(&judged.file.to_ascii_lowercase()).unwrap_or(Format::Csv);
    let mut ours = Ours::default();
    if let Err(error) = read(file, format, judged.sheet.as_deref(), &mut ours) {
        let blank = judged.rows.iter().flatten().all(Theirs::is_blank);
        return if blank || judged.refused.is_some() {
            Vec::new()
        } else {
            vec![format!("refused: {error}")]
        };
    }
    if judged.refused.is_some() {
        return Vec::new();
    }
    let columns: Vec<Cell> = ours.columns.iter().map(|name| Cell::text(name.as_str())).collect();
    let head = judged.rows.iter().position(|row| {
        let mut filled = row.iter().filter(|cell| !cell.is_blank()).peekable();
        filled.peek().is_some() && filled.all(|cell| columns.iter().any(|name| cell.is(name)))
    });
    let Some(head) = head else {
        return vec![format!("no row has the columns {:?}", ours.columns)];
    };
    let mut differences = Vec::new();
    for (index, theirs) in judged.rows.iter().enumerate().skip(head + 1) {
        let number = index as u64 + 1;
        let Some(row) = ours.rows.iter().find(|row| row.number == number) else {
            if !theirs.iter().all(Theirs::is_blank) {
                differences.push(format!("row {number} is missing: {theirs:?}"));
            }
            continue;
        };
        if let Some(fault) = &row.fault {
            // Of a row with more cells than there are names for, ours says just that.
            if theirs.iter().skip(columns.len()).all(Theirs::is_blank) {
                differences.push(format!("row {number}: {fault:?} for {theirs:?}"));
            }
            continue;
        }
        let nothing = Theirs::Text(String::new());
        for (place, cell) in row.cells.iter().enumerate() {
            let theirs = theirs.get(place).unwrap_or(&nothing);
            if !theirs.is(cell) {
                differences.push(format!("row {number}, cell {place}: {cell:?} for {theirs:?}"));
            }
        }
        for lost in theirs.iter().skip(row.cells.len()).filter(|cell| !cell.is_blank()) {
            differences.push(format!("row {number} lost {lost:?}"));
        }
    }
    let more = ours.rows.iter().filter(|row| row.number as usize > judged.rows.len());
    differences.extend(more.map(|row| format!("row {} is nowhere", row.number)));
    differences
}

#[test]
#[ignore = "needs the tables of others, which cargo xtask test fetches"]
fn the_tables_of_others_are_read_as_another_program_reads_them() {
    let judged = std::env::var("BATON_JUDGED_TABLES").expect("BATON_JUDGED_TABLES: what the other program read");
    let judged = std::fs::read_to_string(judged).expect("what the other program read");
    let (mut sheets, mut wrong) = (0, Vec::new());
    for line in judged.lines() {
        let judged: Judged = serde_json::from_str(line).expect("a line for each sheet");
        sheets += 1;
        for difference in differences(&judged).into_iter().take(4) {
            wrong.push(format!("{} {:?}: {difference}", judged.file, judged.sheet));
        }
    }
    assert!(sheets > 100, "only {sheets} sheets");
    assert!(wrong.is_empty(), "of {sheets} sheets:\n{}", wrong.join("\n"));
}
