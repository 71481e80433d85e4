//! End to end: a real server process and real desktop windows, in the words of the product.
//!
//! A test is a story: `anna.open_record("Laptop 10")`, `ben.expect_role(Role::Spectator)`. Everything
//! waits on conditions. When a story fails, pictures of every window and all logs are kept in
//! `target/stories/<name>`.

mod desktop;
mod display;
mod process;
mod server;
mod world;

pub use desktop::Desktop;
pub use server::Server;
pub use world::{World, story};
