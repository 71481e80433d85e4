//! End to end: a real server process and real desktop windows, in the words of the product.
//!
//! A test is a story: `anna.open_record("Laptop 10")`, `ben.expect_role(Role::Spectator)`. Everything
//! waits on conditions. When a story fails, pictures of every window and all logs are kept in
//! `target/stories/<name>`. The network between them is a proxy that fails on demand.

mod desktop;
mod display;
mod process;
mod proxy;
mod server;
mod world;

pub use desktop::Desktop;
pub use proxy::{Flow, Network, Proxy};
pub use server::Server;
pub use world::{World, story};
