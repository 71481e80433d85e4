//! What pages show, as plain data with reducers; tested without a browser.

pub(crate) mod activity;
pub(crate) mod audit;
pub(crate) mod bin;
pub(crate) mod comments;
pub(crate) mod drafts;
pub(crate) mod entities;
pub(crate) mod form;
pub(crate) mod import;
pub(crate) mod list_page;
pub(crate) mod live;
pub(crate) mod people;
pub(crate) mod records;
pub(crate) mod selection;
pub(crate) mod session;
pub(crate) mod submission;
mod undo;
