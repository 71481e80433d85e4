//! What is true and what travels.
//!
//! The rules of Baton as plain functions over plain data: no IO, no clock, no async. The server runs
//! them inside its transactions, the desktop's engine while it waits for an answer, and the UI to
//! grey out what would be refused.
//!
//! What may be relied on:
//!
//! - **One owner.** [`form::Form`] derives roles from its queue; at most one editor is the owner (G1, G2).
//! - **A refusal changes nothing.** Every transition either returns its effects or leaves the form as it was.
//! - **Time is an argument.** Nothing here reads a clock or makes a random number.
//! - **One table of field types.** Inputs, checks and list cells derive from [`field::FieldType`].
//! - **The rules never import the wire.** [`message`] and [`desktop`] may name the rules' data, not the reverse.
//!
//! How a form is driven: load it, call [`form::Form::apply`] with a command and the present time, store
//! the result, then carry out the effects in their order; sleep until [`form::Form::next_deadline`] and
//! send [`form::Command::Tick`].

pub mod activity;
pub mod audit;
pub mod calendar;
pub mod codec;
pub mod comment;
pub mod definition;
pub mod deletion;
pub mod desktop;
pub mod draft;
pub mod entity;
pub mod field;
pub mod file;
pub mod form;
pub mod history;
pub mod id;
pub mod invitation;
pub mod job;
mod latin;
pub mod list;
pub mod list_query;
pub mod live;
pub mod merge;
pub mod message;
pub mod notification;
pub mod origin;
pub mod password;
pub mod person;
pub mod projection;
pub mod provider;
pub mod record;
pub mod record_link;
pub mod release;
mod reserved;
pub mod rich_text;
pub mod rights;
pub mod schema;
pub mod spelling;
pub mod status_text;
pub mod time;
pub mod upgrade;
pub mod values;
