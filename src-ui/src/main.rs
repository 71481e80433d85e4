//! The UI of the desktop: pages, components, and hooks that declare what a page watches.
//!
//! It never talks to the network: [`backend`] calls the desktop's shell and hears its events.

mod app;
mod backend;
mod components;
mod editor;
mod failure;
mod format;
mod hooks;
mod keys;
mod language;
mod notation;
mod pages;
#[allow(unsafe_code)]
mod parts;
mod plain;
mod print;
mod route;
mod state;
mod upload;
mod words;

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        failure::show(&panic.to_string(), &js_sys::Error::new("panic"))
    }));
    failure::watch();
    language::begin();
    // Before the first paint, so that a dark window does not flash.
    hooks::Theme::chosen().show();
    yew::Renderer::<app::App>::new().render();
}
