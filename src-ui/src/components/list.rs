//! The list of an entity's records: what is above it, its table, its cards.

mod cards;
mod cell;
mod columns;
mod filters;
mod table;
mod tools;
mod views;

pub(crate) use cards::RecordCards;
pub(crate) use filters::FilterChips;
pub(crate) use table::{RecordTable, by_hand};
pub(crate) use tools::ListTools;
