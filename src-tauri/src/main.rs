//! The Baton desktop.

// On Windows a console would open behind the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod commands;
mod downloads;
mod events;
mod instance;
mod window;

use std::io::IsTerminal as _;

use anyhow::Context as _;
use baton_client::Handle;
use clap::Parser as _;
use tauri::Manager as _;
use tracing_subscriber::EnvFilter;

use crate::arguments::Arguments;
use crate::events::Events;
use crate::instance::{Request, Start};

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    make_files_private();
    // Below this level these would write down what goes over the line, passwords too.
    let quiet = ["tungstenite", "tokio_tungstenite", "hyper", "rustls", "sqlx"];
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = quiet.iter().fold(filter, |filter, target| {
        let directive = format!("{target}=warn").parse();
        directive.map_or_else(|_| filter.clone(), |directive| filter.clone().add_directive(directive))
    });
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let directory = arguments.directory()?;
    let mut only = match instance::begin(&directory, &Request::default())? {
        Start::Only(only) => only,
        Start::HandedOver => {
            tracing::info!("Baton runs already; its window comes to the front");
            return Ok(());
        }
    };
    tauri::Builder::default()
        .plugin(window::remembered())
        .invoke_handler(commands::all())
        .setup(move |app| {
            let config = baton_client::Config {
                directory: directory.clone(),
                server: arguments.server.clone(),
                sign_in: arguments.sign_in(),
                plain: arguments.plain,
                keychain: !arguments.no_keychain,
            };
            // The engine's task needs Tauri's runtime around it.
            let (handle, events) = tauri::async_runtime::block_on(async { baton_client::start(config) });
            app.manage(handle);
            app.manage(Events::pass_on(events));
            app.manage(window::WebData(directory.join("webview")));
            window::open(app.handle())?;
            let app = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                while only.requests.recv().await.is_some() {
                    window::come_to_the_front(&app);
                }
            });
            Ok(())
        })
        .on_window_event(|window, event| {
            if let tauri::WindowEvent::CloseRequested { api, .. } = event {
                api.prevent_close();
                window::ask_to_close(window.clone());
            }
        })
        .run(tauri::generate_context!())
        .context("the desktop cannot run")
}

/// The engine's handle, as commands find it.
type Engine<'a> = tauri::State<'a, Handle>;

/// From now on every file that this program makes is its user's alone.
fn make_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}
