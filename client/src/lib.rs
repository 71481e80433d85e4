//! The desktop's engine, without a window.
//!
//! One task ([`engine`]) owns the socket and feeds [`core::Core`], which decides everything and does
//! nothing itself: no socket, no disk, no clock. Others hold a cheap [`Handle`] and read one stream of
//! [`UiEvent`](baton_protocol::desktop::UiEvent)s.
//!
//! What a broken connection does not lose: open forms are joined again as the same session, what was
//! typed meanwhile is sent in order, and each operation has its effect once (G8). Text that can no
//! longer be sent, because somebody else owns the form now, is handed back to its author.

pub mod address;
mod check;
mod computer;
pub mod core;
mod engine;
mod handle;
pub mod keychain;
pub mod language;
mod line;
pub mod settings;
mod socket;
pub mod store;
pub mod update;

pub use engine::{Config, Server, WindowEvent, start};
pub use handle::Handle;
