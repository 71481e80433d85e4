//! Comma-separated text, as spreadsheets and people write it: other separators, other encodings, other line ends,
//! titles above the names.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use baton_locales::say;
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Cell, MAX_COLUMNS, MAX_ROW, Row, RowVisitor, Rows, TableError, beginning, unreadable};
use crate::exchange::formula;

/// How many lines are looked at to find what separates the cells.
const SNIFFED: usize = 20;

pub(super) fn read(file: &Path, visitor: &mut dyn RowVisitor) -> Result<(), TableError> {
    let beginning = beginning(file)?;
    if beginning.is_empty() {
        return unreadable(say::tables::the_file_is_empty());
    }
    let encoding = encoding(file, &beginning)?;
    if encoding == WINDOWS_1252 {
        visitor.note(say::tables::the_file_is_not_in());
    }
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut sample = String::with_capacity(beginning.len() * 3);
    // The end of the sample may cut a letter in two, which does not matter here.
    let _ = decoder.decode_to_string(&beginning, &mut sample, false);
    let (delimiter, said) = delimiter(&sample);
    let mut text = Text::new(BufReader::new(File::open(file)?), encoding);
    let backslashes = escapes_by_backslash(&mut Text::new(BufReader::new(File::open(file)?), encoding), delimiter)?;
    let mut parser = Parser { delimiter, backslashes };
    let mut rows = Rows::new(visitor);
    let mut number = 0;
    while let Some(cells) = parser.row(&mut text, number + 1)? {
        number += 1;
        if said && number == 1 {
            continue;
        }
        rows.row(Row {
            number,
            cells,
            fault: None,
        })?;
    }
    rows.finish()
}

/// What the text is written in: what its mark says, else UTF-8 where it is that to its end.
fn encoding(file: &Path, beginning: &[u8]) -> Result<&'static Encoding, TableError> {
    if let Some((encoding, _)) = Encoding::for_bom(beginning) {
        return Ok(encoding);
    }
    let zeros = beginning.iter().filter(|byte| **byte == 0).count();
    if zeros * 10 > beginning.len() {
        // Two bytes a letter, and of Latin ones one is zero.
        let even = beginning.iter().step_by(2).filter(|byte| **byte == 0).count();
        return match (even * 10 < zeros, even * 10 > zeros * 9) {
            (true, _) if zeros * 5 > beginning.len() * 2 => Ok(UTF_16LE),
            (_, true) if zeros * 5 > beginning.len() * 2 => Ok(UTF_16BE),
            _ => unreadable(say::tables::this_is_no_text()),
        };
    }
    let mut reader = BufReader::new(File::open(file)?);
    let mut part = vec![0; 64 * 1024];
    let mut rest = 0;
    loop {
        let read = reader.read(&mut part[rest..])?;
        let bytes = &part[..rest + read];
        match std::str::from_utf8(bytes) {
            Ok(_) => rest = 0,
            Err(error) if error.error_len().is_none() && read > 0 => {
                let valid = error.valid_up_to();
                rest = bytes.len() - valid;
                part.copy_within(valid..valid + rest, 0);
            }
            Err(_) => return Ok(WINDOWS_1252),
        }
        if read == 0 {
            return Ok(UTF_8);
        }
    }
}

/// What separates the cells, and whether the first line says so (`sep=;`, as Excel understands it).
fn delimiter(sample: &str) -> (char, bool) {
    let first = sample.lines().next().unwrap_or_default().trim_matches('"');
    if let Some(said) = first.to_lowercase().strip_prefix("sep=") {
        let said = if said.is_empty() {
            Some('\t')
        } else {
            said.chars().next()
        };
        return (said.unwrap_or(','), true);
    }
    let candidates = [',', ';', '\t', '|'];
    let mut counts: Vec<[usize; 4]> = vec![[0; 4]];
    let mut quoted = false;
    let mut before = '\n';
    // Whether the mark before ended a quoted cell; another one behind it is one of the cell's own.
    let mut closed = false;
    for c in sample.chars() {
        let begins = matches!(before, '\n' | '\r' | ' ') || candidates.contains(&before);
        let turns = c == '"' && (quoted || closed || begins);
        closed = turns && quoted;
        if turns {
            quoted = !quoted;
        } else if !quoted && matches!(c, '\n' | '\r') {
            if counts.len() > SNIFFED {
                break;
            }
            counts.push([0; 4]);
        } else if let Some(place) = candidates
            .iter()
            .position(|candidate| *candidate == c)
            .filter(|_| !quoted)
            && let Some(line) = counts.last_mut()
        {
            line[place] += 1;
        }
        before = c;
    }
    // What stands in most lines, as often in each; then what stands there most.
    let score = |place: usize| {
        let of: Vec<usize> = counts
            .iter()
            .map(|line| line[place])
            .filter(|count| *count > 0)
            .collect();
        let usual = of
            .iter()
            .max_by_key(|count| of.iter().filter(|other| other == count).count());
        let alike = usual.map_or(0, |usual| of.iter().filter(|count| *count == usual).count());
        (alike, of.iter().sum::<usize>())
    };
    let best = (0..candidates.len()).max_by_key(|place| (score(*place), candidates.len() - place));
    (best.map_or(',', |place| candidates[place]), false)
}

/// The letters of a file, one after the other.
struct Text<R> {
    reader: R,
    decoder: Decoder,
    bytes: Vec<u8>,
    letters: std::collections::VecDeque<char>,
    ended: bool,
}

impl<R: Read> Text<R> {
    fn new(reader: R, encoding: &'static Encoding) -> Self {
        Self {
            reader,
            decoder: encoding.new_decoder_with_bom_removal(),
            bytes: vec![0; 16 * 1024],
            letters: std::collections::VecDeque::new(),
            ended: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        while self.letters.len() < 2 && !self.ended {
            let read = self.reader.read(&mut self.bytes)?;
            self.ended = read == 0;
            let mut text = String::with_capacity(read * 3 + 16);
            // Three bytes for each that was read are always enough.
            let _ = self
                .decoder
                .decode_to_string(&self.bytes[..read], &mut text, self.ended);
            self.letters.extend(text.chars());
        }
        Ok(())
    }

    fn next(&mut self) -> io::Result<Option<char>> {
        self.fill()?;
        Ok(self.letters.pop_front())
    }

    fn peek(&mut self) -> io::Result<Option<char>> {
        self.fill()?;
        Ok(self.letters.front().copied())
    }
}

/// Where in a row the parser is.
enum Place {
    /// At the beginning of a cell, perhaps after spaces.
    Begin,
    Plain,
    Quoted,
    /// Behind the mark that ends a quoted cell.
    Closed,
}

struct Parser {
    delimiter: char,
    /// Whether a quotation mark within a cell has a backslash before it.
    backslashes: bool,
}

/// Whether quotation marks within cells have a backslash before them, as databases write them, and are not doubled: only
/// then would something follow a mark that ends a cell, or the last one be missing.
fn escapes_by_backslash<R: Read>(text: &mut Text<R>, delimiter: char) -> io::Result<bool> {
    let (mut place, mut before, mut has_any) = (Place::Begin, '\n', false);
    while let Some(c) = text.next()? {
        let ends_cell = c == delimiter || matches!(c, '\n' | '\r');
        place = match place {
            Place::Quoted if c == '"' => {
                has_any |= before == '\\';
                if text.peek()? == Some('"') {
                    text.next()?;
                    Place::Quoted
                } else {
                    Place::Closed
                }
            }
            Place::Quoted => Place::Quoted,
            Place::Begin | Place::Plain | Place::Closed if ends_cell => Place::Begin,
            Place::Begin if c == '"' => Place::Quoted,
            Place::Begin if c == ' ' => Place::Begin,
            Place::Closed if c == ' ' => Place::Closed,
            Place::Closed if has_any => return Ok(true),
            Place::Begin | Place::Plain | Place::Closed => Place::Plain,
        };
        before = c;
    }
    Ok(has_any && matches!(place, Place::Quoted))
}

/// A row that is being read.
struct Draft {
    number: u64,
    delimiter: char,
    backslashes: bool,
    cells: Vec<Cell>,
    cell: String,
    place: Place,
    /// Over how many lines the quoted cell went so far.
    lines: usize,
}

impl Draft {
    fn finish_cell(&mut self) {
        let value = std::mem::take(&mut self.cell);
        let quoted = matches!(self.place, Place::Closed);
        // Only what an export quoted can have its mark.
        let value = if quoted {
            formula::unmarked(&value)
        } else {
            value.trim().to_owned()
        };
        self.cells.push(Cell {
            quoted,
            ..Cell::text(value)
        });
        (self.place, self.lines) = (Place::Begin, 0);
    }

    /// Takes a letter of a quoted cell.
    fn quoted<R: Read>(&mut self, c: Option<char>, text: &mut Text<R>) -> Result<(), TableError> {
        match c {
            None => {
                return unreadable(say::tables::quotation_never_closed(self.number));
            }
            Some('"') => match text.peek()? {
                Some('"') => {
                    text.next()?;
                    self.cell.push('"');
                }
                _ => self.place = Place::Closed,
            },
            // A cell may also just end in this sign.
            Some('\\') if self.backslashes && text.peek()? == Some('"') => {
                text.next()?;
                match text.peek()? {
                    None | Some('\n' | '\r') => self.close_behind_sign(),
                    Some(next) if next == self.delimiter => self.close_behind_sign(),
                    Some(_) => self.cell.push('"'),
                }
            }
            Some('\r') => {
                if text.peek()? == Some('\n') {
                    text.next()?;
                }
                self.lines += 1;
                self.cell.push('\n');
            }
            Some(c) => {
                self.lines += usize::from(c == '\n');
                self.cell.push(c);
            }
        }
        Ok(())
    }

    fn close_behind_sign(&mut self) {
        self.cell.push('\\');
        self.place = Place::Closed;
    }

    /// Takes a letter outside of quotation marks.
    fn unquoted(&mut self, c: char) -> Result<(), TableError> {
        match (&self.place, c) {
            (_, c) if c == self.delimiter => self.finish_cell(),
            (Place::Begin, '"') => {
                self.cell.clear();
                self.place = Place::Quoted;
            }
            (Place::Begin, c) => {
                self.cell.push(c);
                if c != ' ' {
                    self.place = Place::Plain;
                }
            }
            (Place::Closed, ' ') => {}
            (Place::Closed, _) if self.lines > 0 => {
                return unreadable(say::tables::quotation_missing(self.number, self.lines + 1));
            }
            (Place::Closed, c) => {
                self.cell.push(c);
                self.place = Place::Plain;
            }
            (Place::Plain | Place::Quoted, c) => self.cell.push(c),
        }
        Ok(())
    }
}

impl Parser {
    /// The next row; `None` at the end of the text.
    fn row<R: Read>(&mut self, text: &mut Text<R>, number: u64) -> Result<Option<Vec<Cell>>, TableError> {
        if text.peek()?.is_none() {
            return Ok(None);
        }
        let mut row = Draft {
            number,
            delimiter: self.delimiter,
            backslashes: self.backslashes,
            cells: Vec::new(),
            cell: String::new(),
            place: Place::Begin,
            lines: 0,
        };
        let mut size = 0u64;
        loop {
            let c = text.next()?;
            size += c.map_or(0, |c| c.len_utf8() as u64);
            if size > MAX_ROW {
                return unreadable(say::tables::row_too_large(number, MAX_ROW / 1024 / 1024));
            }
            if row.cells.len() > MAX_COLUMNS {
                return unreadable(say::tables::row_too_many_cells(number, MAX_COLUMNS));
            }
            match c {
                c if matches!(row.place, Place::Quoted) => row.quoted(c, text)?,
                None | Some('\n' | '\r') => {
                    row.finish_cell();
                    if c == Some('\r') && text.peek()? == Some('\n') {
                        text.next()?;
                    }
                    return Ok(Some(row.cells));
                }
                Some(c) => row.unquoted(c)?,
            }
        }
    }
}
