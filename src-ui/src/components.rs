//! Props in, callbacks out.

mod ask_prompt;
mod close_question;
mod conflicts;
mod connection;
mod connection_check;
mod dialog;
mod entrance;
mod field;
mod field_row;
mod history;
mod loading;
mod outbox;
mod record_table;
mod removal;
mod roster;
mod shell;
mod status_strip;
mod word_diff;

pub(crate) use ask_prompt::AskPrompt;
pub(crate) use close_question::CloseQuestion;
pub(crate) use conflicts::{BranchNotice, Conflicts, KeptWithoutForm};
pub(crate) use connection::{ConnectionBadge, ConnectionFacts, LinkNotice};
pub(crate) use connection_check::ConnectionCheck;
pub(crate) use dialog::Dialog;
pub(crate) use entrance::Entrance;
pub(crate) use field_row::FieldRow;
pub(crate) use history::History;
pub(crate) use loading::Loading;
pub(crate) use outbox::{KeptHere, Outbox, what_waits};
pub(crate) use record_table::RecordTable;
pub(crate) use removal::RemovalActions;
pub(crate) use roster::Roster;
pub(crate) use shell::Shell;
pub(crate) use status_strip::StatusStrip;
pub(crate) use word_diff::{word_diff, words_added};
