//! Stories of people at real windows: one program, because each would link a server and a desktop again.

mod accessibility;
mod check;
mod cli;
mod entities;
mod everyday;
mod failures;
mod fields;
mod for_ever;
mod formatted;
mod hands;
mod installed;
mod kills;
mod languages;
mod layouts;
mod moment;
mod offline;
mod options;
mod people;
mod providers;
mod second_factor;
mod together;
mod updates;
mod windows;
