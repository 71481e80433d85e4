//! End to end: a real server process and real desktop windows, in the words of the product.
//!
//! A test is a story: `anna.open_record("Laptop 10")`, `ben.expect_role(Role::Spectator)`. Everything
//! waits on conditions. When a story fails, pictures of every window and all logs are kept in
//! `target/stories/<name>`. The network between them is a proxy that fails on demand.

mod bus;
mod desktop;
mod display;
mod hands;
pub mod image;
mod panel;
mod process;
mod provider;
mod proxy;
mod server;
mod signed_in;
mod typist;
mod world;

pub use bus::SessionBus;
pub use desktop::Desktop;
pub use hands::{Hands, keys};
pub use panel::Panel;
pub use process::{program, wait_for};
pub use provider::{Browser, Provider};
pub use proxy::{Flow, Network, Proxy};
pub use server::Server;
pub use signed_in::signed_in_desktop;
pub use typist::{FIELD, keystroke, type_for_ever};
pub use world::{World, story, story_with};
