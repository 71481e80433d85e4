//! What is true of forms, drafts and messages: histories by name, generated ones, and every order of a few.

mod decoding;
mod form_drafts;
mod form_model;
mod form_states;
mod form_table;
mod model;
mod table;
mod wire;
