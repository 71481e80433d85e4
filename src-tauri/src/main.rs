//! The Baton desktop.

// On Windows a console would open behind the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod about;
mod arguments;
mod autostart;
mod browser_sign_in;
mod commands;
mod downloads;
mod events;
mod failure;
mod installation;
mod instance;
mod links;
mod log;
#[cfg(target_os = "macos")]
mod menu;
mod menu_entry;
mod notifications;
mod preferences;
mod report;
mod settings;
mod tray;
mod updates;
mod window;

use std::path::PathBuf;

use anyhow::Context as _;
use baton_client::Handle;
use baton_client::update::swap::{Found, Swaps};
use baton_protocol::desktop::UiEvent;
use clap::Parser as _;
use tauri::{AppHandle, Manager as _, RunEvent, WindowEvent};

use crate::arguments::Arguments;
use crate::browser_sign_in::BrowserSignIn;
use crate::events::Events;
use crate::installation::Installation;
use crate::instance::{Instance, Request, Start};
use crate::links::FirstLink;
use crate::preferences::PreferenceFile;
use crate::settings::Settings;
use crate::tray::Tray;
use crate::updates::{Updater, trial};
use crate::window::Pages;

/// Where everything is that this desktop remembers.
pub(crate) struct Directory(pub(crate) PathBuf);

fn main() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    {
        window::disable_concurrent_jit();
        window::draw_without_emulated_card();
    }
    let mut arguments = Arguments::parse();
    make_files_private();
    let directory = arguments.directory()?;
    baton_locales::set_language(PreferenceFile::read(&directory).language());
    let request = Request {
        link: arguments.link.clone(),
    };
    let instance = match instance::begin(&directory, &request) {
        Ok(Start::Only(instance)) => instance,
        // The window that is there comes to the front.
        Ok(Start::HandedOver) => return Ok(()),
        Err(error) => return failure::show(error),
    };
    let settings = Settings::read(&arguments);
    log::start(&directory, &settings.log_level.value);
    let installation = Installation::of_this();
    tracing::info!(version = %installation.version, package = ?installation.package, "Baton starts");
    let swaps = Swaps::new(directory.join("updates"));
    match swaps.start(&installation.program, &installation.version) {
        Ok(Found::Settled) => {}
        // Whether it comes up shows when its page does.
        Ok(Found::OnTrial) => arguments.hidden = false,
        Ok(Found::RolledBack(old)) => {
            drop(instance);
            return trial::replace_process(&old);
        }
        Err(error) => return failure::show(error.into()),
    }
    let updater = Updater::new(&installation, &settings, directory.join("updates"));
    let app = build(arguments, directory, settings, installation, updater.clone())?;
    let Instance { lock, requests } = instance;
    hear_other_starts(app.handle().clone(), requests);
    app.run_return(on_event);
    // The next program of this data directory may begin.
    drop(lock);
    match updater.successor() {
        Some(program) => trial::supervise(&program, &swaps),
        None => Ok(()),
    }
}

fn build(
    arguments: Arguments,
    directory: PathBuf,
    settings: Settings,
    installation: Installation,
    updater: Updater,
) -> anyhow::Result<tauri::App> {
    let builder = tauri::Builder::default()
        .plugin(window::remembered())
        .invoke_handler(commands::all());
    #[cfg(target_os = "macos")]
    let builder = window::watch_all(builder)
        .menu(menu::bar)
        .on_menu_event(|app, event| menu::chosen(app, &event));
    builder
        .setup(move |app| {
            let config = baton_client::Config {
                directory: directory.clone(),
                server: settings.server.value.clone(),
                sign_in: arguments.sign_in(),
                plain: settings.plain.value,
                keychain: !arguments.no_keychain,
                remember_sign_in: settings.remember_sign_in.value,
                keep_cache: settings.keep_cache.value,
            };
            // The engine's task needs Tauri's runtime around it.
            let (handle, events) = tauri::async_runtime::block_on(async { baton_client::start(config) });
            let tray = Tray::default();
            if arguments.hidden {
                // Hidden where nobody can find it, it would be lost.
                tauri::async_runtime::block_on(tray.start(app.handle()));
            }
            let hidden = arguments.hidden && tray.is_there();
            app.manage(handle);
            app.manage(hear_engine(app.handle(), events, hidden, tray.clone()));
            app.manage(tray.clone());
            app.manage(window::TrayVisible(Box::new({
                let tray = tray.clone();
                move || tray.is_there()
            })));
            app.manage(window::AtExit(Box::new({
                let updater = updater.clone();
                move || {
                    let updater = updater.clone();
                    Box::pin(async move { updater.install_at_exit().await })
                }
            })));
            app.manage(settings);
            app.manage(installation);
            app.manage(updater.clone());
            app.manage(window::Quitting::default());
            app.manage(window::Reloads::default());
            app.manage(BrowserSignIn::new());
            app.manage(PreferenceFile::read(&directory));
            app.manage(Pages::new(&directory));
            app.manage(FirstLink::of(arguments.link.clone()));
            app.manage(Directory(directory));
            if !hidden {
                window::open(app.handle())?;
            }
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                if !hidden {
                    tray.start(&handle).await;
                }
                updater.run_checks(handle).await;
            });
            Ok(())
        })
        .build(context())
        .context("the desktop cannot run")
}

/// The pages and what they may do, as they are built into the program.
fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// Passes the engine's events on to the windows, the tray, and who looks elsewhere.
fn hear_engine(
    app: &AppHandle,
    events: tokio::sync::mpsc::Receiver<baton_client::WindowEvent>,
    hidden: bool,
    tray: Tray,
) -> Events {
    let app = app.clone();
    Events::pass_on(events, hidden, move |to, event| {
        tray.handle_event(event);
        if let (Some(number), UiEvent::Alert(alert)) = (to, event) {
            notifications::notify(&app, number, alert);
        }
        if let UiEvent::Personal(notice) = event {
            notifications::notify_person(&app, notice);
        }
    })
}

/// A start of the same data directory hands over what it was started for.
fn hear_other_starts(app: AppHandle, mut requests: tokio::sync::mpsc::Receiver<Request>) {
    tauri::async_runtime::spawn(async move {
        while let Some(Request { link }) = requests.recv().await {
            follow(&app, link);
        }
    });
}

/// Comes to the front and shows where the link leads, if there is one.
fn follow(app: &AppHandle, link: Option<String>) {
    let number = window::in_front(app);
    window::come_to_the_front(app);
    match (number, link) {
        (Some(number), Some(link)) => links::follow(app, number, link),
        (None, Some(link)) => app.state::<FirstLink>().put(link),
        (_, None) => {}
    }
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::WindowEvent { label, event, .. } => {
            let Some(window) = app.get_webview_window(&label) else {
                return;
            };
            let window = window.as_ref().window();
            if let WindowEvent::CloseRequested { api, .. } = event {
                api.prevent_close();
                window::ask_to_close(window);
            } else if let WindowEvent::Focused(true) = event {
                app.state::<Tray>().seen();
                window::looked_at(&window);
            }
        }
        // Without a code nobody asked the program to end: its last window went.
        RunEvent::ExitRequested { code: None, api, .. } if window::stays_in_background(app) => api.prevent_exit(),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::come_to_the_front(app),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            for url in urls {
                follow(app, Some(url.to_string()));
            }
        }
        _ => {}
    }
}

/// The engine's handle, as commands find it.
type Engine<'a> = tauri::State<'a, Handle>;

/// From now on every file that this program makes is its user's alone.
fn make_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}
