//! Props in, callbacks out.

mod ask_prompt;
mod branch_notice;
mod close_question;
mod connection;
mod dialog;
mod entrance;
mod field;
mod field_row;
mod history;
mod loading;
mod record_table;
mod removal;
mod roster;
mod shell;
mod status_strip;
mod word_diff;

pub(crate) use ask_prompt::AskPrompt;
pub(crate) use branch_notice::BranchNotice;
pub(crate) use close_question::CloseQuestion;
pub(crate) use connection::{ConnectionBadge, LinkNotice};
pub(crate) use dialog::Dialog;
pub(crate) use entrance::Entrance;
pub(crate) use field_row::FieldRow;
pub(crate) use history::History;
pub(crate) use loading::Loading;
pub(crate) use record_table::RecordTable;
pub(crate) use removal::RemovalActions;
pub(crate) use roster::Roster;
pub(crate) use shell::Shell;
pub(crate) use status_strip::StatusStrip;
pub(crate) use word_diff::word_diff;
