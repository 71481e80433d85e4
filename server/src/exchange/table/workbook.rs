//! Spreadsheets (XLSX), with what the book says of its cells: formats, the first day of its calendar, exact
//! decimals. A reader that gives values alone would lose a postcode's zeros and four years of an old Mac's dates.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "what an XML reader tells beyond what is looked for is passed over"
)]

mod display;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use baton_locales::say;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

use super::{Cell, MAX_COLUMNS, Row, RowVisitor, Rows, TableError, unreadable};
use display::{Kind, kind_of};

/// The most bytes that a spreadsheet's parts may unpack to.
const MAX_UNPACKED: u64 = 192 * 1024 * 1024;

type Archive = ZipArchive<BufReader<File>>;

fn broken(why: impl std::fmt::Display) -> TableError {
    TableError::Unreadable(say::tables::spreadsheet_unreadable(&why))
}

pub(super) fn read(file: &Path, sheet: Option<&str>, visitor: &mut dyn RowVisitor) -> Result<(), TableError> {
    let no_book = |error: zip::result::ZipError| TableError::Unreadable(say::tables::no_spreadsheet(&error));
    let mut archive = ZipArchive::new(BufReader::new(File::open(file)?)).map_err(no_book)?;
    check_size(&mut archive)?;
    let book = Book::read(&mut archive)?;
    let visible: Vec<String> = book
        .sheets
        .iter()
        .filter(|sheet| !sheet.hidden)
        .map(|sheet| sheet.name.clone())
        .collect();
    visitor.sheets(&visible);
    let chosen = match sheet {
        Some(name) => book.sheets.iter().find(|sheet| sheet.name == name),
        None => book.sheets.iter().find(|sheet| !sheet.hidden),
    };
    let Some(chosen) = chosen else {
        return match sheet {
            Some(name) => unreadable(say::tables::no_such_sheet(format!("{name:.80}"))),
            None => unreadable(say::tables::the_spreadsheet_has_no()),
        };
    };
    if sheet.is_none() && book.sheets.len() > 1 {
        visitor.note(say::tables::sheet_was_read(&chosen.name, book.sheets.len()));
    }
    let texts = shared_texts(&mut archive)?;
    let formats = formats(&mut archive)?;
    let reader = SheetReader {
        texts: &texts,
        formats: &formats,
        from_1904: book.from_1904,
    };
    let path = chosen.path.clone();
    let part = archive.by_name(&path).map_err(broken)?;
    reader.read(Reader::from_reader(BufReader::new(part)), visitor)
}

/// Whether the archive unpacks to no more than it should: counted, whatever it says of itself.
fn check_size(archive: &mut Archive) -> Result<(), TableError> {
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let unpacked = io::copy(&mut io::Read::take(part, left + 1), &mut io::sink())
            .map_err(|error| TableError::Unreadable(say::tables::spreadsheet_damaged(&error)))?;
        if unpacked > left {
            return unreadable(say::tables::spreadsheet_too_large(MAX_UNPACKED / 1024 / 1024));
        }
        left -= unpacked;
    }
    Ok(())
}

/// What the book says of itself.
struct Book {
    sheets: Vec<Sheet>,
    /// Whether its days are counted from 1904, as old Macs did.
    from_1904: bool,
}

struct Sheet {
    name: String,
    hidden: bool,
    /// Its part of the archive.
    path: String,
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().into_inner() == name)?;
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
    value.ok().map(std::borrow::Cow::into_owned)
}

/// Hands over each element and text of a part, in order.
fn each_event<R: BufRead>(
    mut reader: Reader<R>,
    mut take: impl FnMut(&Event<'_>) -> Result<(), TableError>,
) -> Result<(), TableError> {
    let mut buffer = Vec::new();
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(broken)?;
        if matches!(event, Event::Eof) {
            return Ok(());
        }
        take(&event)?;
        buffer.clear();
    }
}

fn part<'a>(archive: &'a mut Archive, path: &str) -> Option<Reader<impl BufRead + use<'a>>> {
    let part = archive.by_name(path).ok()?;
    Some(Reader::from_reader(BufReader::new(part)))
}

impl Book {
    fn read(archive: &mut Archive) -> Result<Self, TableError> {
        let Some(reader) = part(archive, "xl/workbook.xml") else {
            return unreadable(say::tables::this_is_no_spreadsheet());
        };
        let (mut found, mut from_1904) = (Vec::new(), false);
        each_event(reader, |event| {
            if let Event::Start(element) | Event::Empty(element) = event {
                match element.local_name().into_inner() {
                    "workbookPr" => {
                        // An extension of the same name says nothing of it.
                        let said = attribute(element, "date1904");
                        from_1904 |= said.is_some_and(|said| said == "1" || said == "true");
                    }
                    "sheet" => {
                        let hidden = attribute(element, "state").is_some_and(|state| state != "visible");
                        let name = attribute(element, "name").unwrap_or_default();
                        found.extend(attribute(element, "id").map(|id| (name, hidden, id)));
                    }
                    _ => {}
                }
            }
            Ok(())
        })?;
        let mut targets = BTreeMap::new();
        if let Some(reader) = part(archive, "xl/_rels/workbook.xml.rels") {
            each_event(reader, |event| {
                if let Event::Start(element) | Event::Empty(element) = event
                    && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
                {
                    targets.insert(id, target);
                }
                Ok(())
            })?;
        }
        let sheets = found.into_iter().filter_map(|(name, hidden, id)| {
            let target = targets.get(&id)?;
            let path = match target.strip_prefix('/') {
                Some(whole) => whole.to_owned(),
                None => format!("xl/{target}"),
            };
            // A chart has no cells.
            path.contains("worksheets/").then_some(Sheet { name, hidden, path })
        });
        Ok(Self {
            sheets: sheets.collect(),
            from_1904,
        })
    }
}

/// The texts that cells name by their place: runs of letters joined, without how they are spoken.
fn shared_texts(archive: &mut Archive) -> Result<Vec<String>, TableError> {
    let mut texts = Vec::new();
    let Some(reader) = part(archive, "xl/sharedStrings.xml") else {
        return Ok(texts);
    };
    let mut text = RichText::default();
    each_event(reader, |event| {
        match event {
            Event::Start(element) if element.local_name().into_inner() == "si" => text = RichText::default(),
            Event::Empty(element) if element.local_name().into_inner() == "si" => texts.push(String::new()),
            Event::End(element) if element.local_name().into_inner() == "si" => {
                texts.push(unescaped(&std::mem::take(&mut text.text)));
            }
            other => text.take(other)?,
        }
        Ok(())
    })?;
    Ok(texts)
}

/// A text of several runs, as it is read.
#[derive(Default)]
struct RichText {
    text: String,
    in_text: bool,
    spoken: usize,
}

impl RichText {
    fn take(&mut self, event: &Event<'_>) -> Result<(), TableError> {
        match event {
            Event::Start(element) => match element.local_name().into_inner() {
                "t" => self.in_text = true,
                "rPh" => self.spoken += 1,
                _ => {}
            },
            Event::End(element) => match element.local_name().into_inner() {
                "t" => self.in_text = false,
                "rPh" => self.spoken = self.spoken.saturating_sub(1),
                _ => {}
            },
            event if self.in_text && self.spoken == 0 => add_text(event, &mut self.text)?,
            _ => {}
        }
        Ok(())
    }
}

fn add_text(event: &Event<'_>, out: &mut String) -> Result<(), TableError> {
    match event {
        Event::Text(text) => out.push_str(&text.xml10_content()),
        Event::CData(text) => out.push_str(&text.xml10_content()),
        Event::GeneralRef(name) => out.push(letter(name)?),
        _ => {}
    }
    Ok(())
}

fn letter(name: &BytesRef<'_>) -> Result<char, TableError> {
    if let Some(letter) = name.resolve_char_ref().map_err(broken)? {
        return Ok(letter);
    }
    Ok(match &**name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        other => return Err(broken(format!("“&{other:.40};” is no letter"))),
    })
}

/// Letters that XML cannot have are written `_x000D_`; what only looks so has its first sign written so.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let code = rest.get(2..6).filter(|_| rest.as_bytes().get(6) == Some(&b'_'));
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)) {
            Some(letter) => {
                out.push(letter);
                rest = &rest[7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[2..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// How the cells of each style are shown.
fn formats(archive: &mut Archive) -> Result<Vec<Kind>, TableError> {
    let mut formats = Vec::new();
    let Some(reader) = part(archive, "xl/styles.xml") else {
        return Ok(formats);
    };
    let (mut custom, mut in_cells) = (BTreeMap::new(), false);
    each_event(reader, |event| {
        match event {
            Event::Start(element) | Event::Empty(element) => match element.local_name().into_inner() {
                "numFmt" => {
                    let id = attribute(element, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                    custom.extend(id.zip(attribute(element, "formatCode")));
                }
                "cellXfs" => in_cells = matches!(event, Event::Start(_)),
                "xf" if in_cells => {
                    let id = attribute(element, "numFmtId")
                        .and_then(|id| id.parse().ok())
                        .unwrap_or(0);
                    formats.push(kind_of(id, custom.get(&id).map(String::as_str)));
                }
                _ => {}
            },
            Event::End(element) if element.local_name().into_inner() == "cellXfs" => in_cells = false,
            _ => {}
        }
        Ok(())
    })?;
    Ok(formats)
}

/// Reads the cells of a sheet, one by one: a sheet with a single cell far down would else be a table of all that is
/// above it.
struct SheetReader<'a> {
    texts: &'a [String],
    formats: &'a [Kind],
    from_1904: bool,
}

/// A cell as it is read.
#[derive(Default)]
struct Open {
    column: usize,
    kind: String,
    style: usize,
    value: String,
    inline: RichText,
    has_value: bool,
    has_formula: bool,
    in_value: bool,
}

impl SheetReader<'_> {
    fn read<R: BufRead>(&self, reader: Reader<R>, visitor: &mut dyn RowVisitor) -> Result<(), TableError> {
        let mut rows = Rows::new(visitor);
        let mut row = Row::default();
        let mut open: Option<Open> = None;
        let mut last = 0;
        each_event(reader, |event| {
            match event {
                Event::Start(element) => match element.local_name().into_inner() {
                    "row" => {
                        let said = attribute(element, "r").and_then(|number| number.parse().ok());
                        last = said.unwrap_or(last + 1);
                        row = Row {
                            number: last,
                            ..Row::default()
                        };
                    }
                    "c" => open = Some(Open::begin(element, row.cells.len())?),
                    name => {
                        if let Some(open) = &mut open {
                            open.begin_part(name);
                            open.inline.take(event)?;
                        }
                    }
                },
                Event::Empty(element) => match (element.local_name().into_inner(), &mut open) {
                    ("f", Some(open)) => open.has_formula = true,
                    ("v", Some(open)) => open.has_value = true,
                    _ => {}
                },
                Event::End(element) => match element.local_name().into_inner() {
                    "row" => rows.row(std::mem::take(&mut row))?,
                    "c" => {
                        if let Some(open) = open.take() {
                            let column = open.column;
                            let cell = self.cell(open);
                            if !cell.is_blank() || cell.shown.is_some() {
                                if row.cells.len() <= column {
                                    row.cells.resize(column + 1, Cell::default());
                                }
                                row.cells[column] = cell;
                            }
                        }
                    }
                    name => {
                        if let Some(open) = &mut open {
                            open.in_value &= name != "v";
                            open.inline.take(event)?;
                        }
                    }
                },
                text => {
                    if let Some(open) = &mut open {
                        if open.in_value {
                            add_text(text, &mut open.value)?;
                        } else {
                            open.inline.take(text)?;
                        }
                    }
                }
            }
            Ok(())
        })?;
        rows.finish()
    }

    fn cell(&self, open: Open) -> Cell {
        let Open {
            kind, value, inline, ..
        } = open;
        let quoted = |text: &str| Cell {
            quoted: true,
            ..Cell::text(text)
        };
        match kind.as_str() {
            "s" => match value.trim().parse::<usize>() {
                Ok(place) => quoted(self.texts.get(place).map_or("", String::as_str)),
                Err(_) => Cell::default(),
            },
            "inlineStr" => quoted(&unescaped(&inline.text)),
            "e" => Cell::bad(say::tables::holds_an_error(format!("{value:.40}"))),
            "b" => {
                let yes = value.trim() == "1";
                Cell {
                    shown: Some(if yes { "TRUE" } else { "FALSE" }.into()),
                    ..Cell::text(if yes { "yes" } else { "no" })
                }
            }
            "d" => Cell::text(value),
            // An empty text may be the result; a number has digits.
            kind if open.has_formula && (!open.has_value || (kind != "str" && value.trim().is_empty())) => {
                Cell::bad(say::tables::holds_no_result())
            }
            "str" => quoted(&unescaped(&value)),
            _ if value.trim().is_empty() => Cell::default(),
            _ => {
                let kind = self.formats.get(open.style).unwrap_or(&Kind::Plain);
                display::number(value.trim(), kind, self.from_1904)
            }
        }
    }
}

impl Open {
    fn begin(element: &BytesStart<'_>, next: usize) -> Result<Self, TableError> {
        let column = attribute(element, "r")
            .and_then(|place| column_of(&place))
            .unwrap_or(next);
        if column >= MAX_COLUMNS {
            return unreadable(say::tables::too_many_columns(MAX_COLUMNS));
        }
        let style = attribute(element, "s").and_then(|style| style.parse().ok());
        Ok(Self {
            column,
            kind: attribute(element, "t").unwrap_or_default(),
            style: style.unwrap_or(0),
            ..Self::default()
        })
    }

    fn begin_part(&mut self, name: &str) {
        match name {
            "v" => (self.has_value, self.in_value) = (true, true),
            "f" => self.has_formula = true,
            _ => {}
        }
    }
}

/// The column of a cell's place: 0 for `A1`, 27 for `AB12`.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters.take(4).fold(0usize, |column, letter| {
        column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    column.checked_sub(1)
}
