//! Tables in and out: comma-separated text, spreadsheets, lists of objects.

mod export;
mod formula;
mod import;
mod table;

pub(crate) use export::{Exported, export};
pub(crate) use import::{import, unmake_unfinished};
pub(crate) use table::look;
