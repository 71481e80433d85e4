//! The list of an entity's records: what is above it, its table, its cards, its board, its calendar.

mod board;
mod bulk;
mod calendar;
mod cards;
mod cell;
mod cell_editor;
mod cell_keys;
mod columns;
mod export;
mod filters;
mod layouts;
mod no_match;
mod table;
mod tools;
mod value_change;
mod views;

pub(crate) use board::RecordBoard;
pub(crate) use bulk::BulkBar;
pub(crate) use calendar::RecordCalendar;
pub(crate) use cards::RecordCards;
pub(crate) use export::Export;
pub(crate) use filters::FilterChips;
pub(crate) use no_match::NoMatch;
pub(crate) use table::{RecordTable, by_hand};
pub(crate) use tools::{ListTools, Popover};
