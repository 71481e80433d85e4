//! One screen a file: hooks and components, no logic.

mod account;
mod audit;
mod bin;
mod choose_password;
mod connection;
mod definition;
mod entities;
mod import;
mod installation;
mod live;
mod message;
mod people;
mod record;
mod records;
mod server;
mod sign_in;
mod unsaved;

pub(crate) use account::MyAccount;
pub(crate) use audit::Audit;
pub(crate) use bin::Bin;
pub(crate) use choose_password::ChoosePassword;
pub(crate) use connection::Connection;
pub(crate) use definition::Definition;
pub(crate) use entities::Entities;
pub(crate) use import::Import;
pub(crate) use installation::Installation;
pub(crate) use live::Live;
pub(crate) use message::{Message, NotFound};
pub(crate) use people::People;
pub(crate) use record::Record;
pub(crate) use records::Records;
pub(crate) use server::Server;
pub(crate) use sign_in::SignIn;
pub(crate) use unsaved::Unsaved;
