//! Lists of objects. Numbers are read as they are written, and an object that cannot be read is one bad row.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use baton_locales::{Text, say};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Cell, MAX_COLUMNS, MAX_ROW, Row, RowVisitor, TableError, unreadable};

/// An object's names and values, as they are written.
type Object = Vec<(String, Box<RawValue>)>;

pub(super) fn read(file: &Path, visitor: &mut dyn RowVisitor) -> Result<(), TableError> {
    // Objects may lack what others have: the names are those of all.
    let mut columns: Vec<String> = Vec::new();
    items(file, &mut |item| {
        for (name, _) in object(item).unwrap_or_default() {
            if columns.len() <= MAX_COLUMNS && !columns.contains(&name) {
                columns.push(name);
            }
        }
        // Past the most that is allowed nothing is compared any more: a file may have any number.
        if columns.len() > MAX_COLUMNS {
            Err(TableError::Enough)
        } else {
            Ok(())
        }
    })
    .or_else(|error| match error {
        TableError::Enough => Ok(()),
        error @ (TableError::Io(_) | TableError::Unreadable(_)) => Err(error),
    })?;
    if columns.len() > MAX_COLUMNS {
        return unreadable(say::tables::too_many_columns(MAX_COLUMNS));
    }
    if columns.is_empty() {
        return unreadable(say::tables::there_is_no_object());
    }
    visitor.columns(&columns);
    let mut number = 0;
    items(file, &mut |item| {
        number += 1;
        let row = match object(item) {
            Ok(object) => {
                let cell = |name: &String| {
                    let value = object.iter().rev().find(|(other, _)| other == name);
                    value.map_or_else(Cell::default, |(_, value)| cell(value))
                };
                Row {
                    number,
                    cells: columns.iter().map(cell).collect(),
                    fault: None,
                }
            }
            Err(why) => Row {
                number,
                cells: vec![Cell::default(); columns.len()],
                fault: Some(why),
            },
        };
        visitor.row(row)
    })
}

fn object(item: &RawValue) -> Result<Object, Text> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Object;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
            let mut object = Object::new();
            while let Some(entry) = map.next_entry()? {
                object.push(entry);
            }
            Ok(object)
        }
    }
    let mut text = serde_json::Deserializer::from_str(item.get());
    text.deserialize_map(Names)
        .map_err(|error| say::tables::unreadable_object(&error))
}

fn cell(value: &RawValue) -> Cell {
    match text(value.get()) {
        Ok(text) => Cell {
            quoted: true,
            ..Cell::text(text)
        },
        Err(why) => Cell::bad(why),
    }
}

/// What a value says, as a person would write it into a cell.
fn text(raw: &str) -> Result<String, Text> {
    let unfit = |_: serde_json::Error| say::tables::unreadable_text();
    Ok(match raw.as_bytes().first() {
        Some(b'n') | None => String::new(),
        Some(b't') => "yes".into(),
        Some(b'f') => "no".into(),
        Some(b'"') => serde_json::from_str(raw).map_err(unfit)?,
        Some(b'[') => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(raw).map_err(unfit)?;
            let items: Vec<String> = items.iter().map(|item| text(item.get())).collect::<Result<_, _>>()?;
            items.join("; ")
        }
        // A number exactly as it is written, and an object, too.
        Some(_) => raw.to_owned(),
    })
}

/// Stops a reader that takes too much before it has an item.
struct Limited<R> {
    inner: R,
    since: Arc<AtomicU64>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if self.since.fetch_add(read as u64, Ordering::Relaxed) > MAX_ROW {
            let why = format!("an object is larger than {} MB", MAX_ROW / 1024 / 1024);
            return Err(io::Error::other(why));
        }
        Ok(read)
    }
}

/// Visits the items of a list one by one; the list may be a value of an object around it.
struct Items<'a> {
    visit: &'a mut dyn FnMut(&RawValue) -> Result<(), TableError>,
    since: Arc<AtomicU64>,
    failed: &'a mut Option<TableError>,
    found: &'a mut bool,
    /// Whether it is in an object already.
    within: bool,
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        *self.found = true;
        while let Some(item) = list.next_element::<Box<RawValue>>()? {
            self.since.store(0, Ordering::Relaxed);
            if let Err(error) = (self.visit)(&item) {
                *self.failed = Some(error);
                return Err(serde::de::Error::custom("it ends here"));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while map.next_key::<IgnoredAny>()?.is_some() {
            self.since.store(0, Ordering::Relaxed);
            if *self.found || self.within {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let inner = Items {
                visit: &mut *self.visit,
                since: Arc::clone(&self.since),
                failed: &mut *self.failed,
                found: &mut *self.found,
                within: true,
            };
            map.next_value_seed(inner)?;
        }
        self.within = false;
        Ok(())
    }

    // Beside the list there may be anything.
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn items(file: &Path, visit: &mut dyn FnMut(&RawValue) -> Result<(), TableError>) -> Result<(), TableError> {
    let mut opened = File::open(file)?;
    let mut mark = [0; 3];
    let marked = opened.read(&mut mark)? == 3 && mark == [0xef, 0xbb, 0xbf];
    if !marked {
        opened.seek(SeekFrom::Start(0))?;
    }
    let since = Arc::new(AtomicU64::new(0));
    let reader = Limited {
        inner: opened,
        since: Arc::clone(&since),
    };
    let (mut failed, mut found) = (None, false);
    let items = Items {
        visit,
        since,
        failed: &mut failed,
        found: &mut found,
        within: false,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::new(reader));
    let read = items.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match (failed, read) {
        (Some(error), _) => Err(error),
        (None, Ok(())) if !found => unreadable(say::tables::this_is_no_list()),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => unreadable(say::tables::unreadable_list(&error)),
    }
}
