//! Every command of the UI: what it asks of the engine, and what the shell itself carries out.

use baton_client::core::{Reply, Window as Number};
use baton_locales::t;
use baton_protocol::desktop::{
    CheckConnection, CloseWindow, EngineCall, EventBatch, InstallationDetails, NewWindow, NextEvents, OpenLink,
    PageChanged, PageFailed, Preference, SaveDownload, SetPreference, ShowDownload, SignInByBrowser, UiEvent, Zoom,
};
use baton_protocol::message::{Code, Problem};
use tauri::ipc::Invoke;
use tauri::{AppHandle, Manager as _, State, WebviewWindow, Window, Wry};

use crate::Engine;
use crate::about;
use crate::autostart::Autostart;
use crate::browser_sign_in::BrowserSignIn;
use crate::downloads;
use crate::events::Events;
use crate::installation::Installation;
use crate::links::{self, FirstLink};
use crate::menu_entry::MenuEntry;
use crate::preferences::PreferenceFile;
use crate::settings::Settings;
use crate::updates::Updater;
use crate::window::{self, Pages};

type Answer<T> = Result<T, Problem>;

/// The handler of all commands.
pub(crate) fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        engine,
        next_events,
        save_download,
        show_download,
        open_link,
        new_window,
        close_window,
        page_changed,
        page_failed,
        print,
        zoom,
        installation,
        set_preference,
        save_report,
        check_for_update,
        sign_in_by_browser,
        cancel_browser_sign_in,
        install_update
    ]
}

#[tauri::command]
async fn installation(window: Window) -> InstallationDetails {
    about::details(window.app_handle())
}

#[tauri::command]
async fn set_preference(window: Window, call: SetPreference) -> Answer<()> {
    let app = window.app_handle();
    match call.preference {
        Preference::RunInBackground(keep) => app.state::<PreferenceFile>().run_in_background(keep),
        Preference::Language(tag) => app.state::<PreferenceFile>().speak(&tag),
        Preference::MenuEntry(on) => {
            let entry = MenuEntry::new(&app.state::<Installation>());
            let entry = entry.ok_or_else(|| Problem::new(Code::Forbidden, t::desktop::system_sees_to_it()))?;
            let set = if on { entry.write() } else { entry.remove() };
            set.map_err(|error| Problem::new(Code::Internal, t::desktop::could_not_be_set(&error)))?;
        }
        Preference::Autostart(on) => {
            let program = app.state::<Installation>().program.clone();
            Autostart::of(&program)
                .set(on)
                .map_err(|error| Problem::new(Code::Internal, t::desktop::could_not_be_set(&error)))?;
        }
    }
    Ok(())
}

#[tauri::command]
async fn save_report(engine: Engine<'_>, window: Window) -> Answer<String> {
    let number = window::number(&window);
    let check = CheckConnection { address: None };
    // Without a server there is no way to check; the rest helps all the same.
    let checks = match engine.call(number, check).await {
        Ok(Reply::Checks(checks)) => checks,
        Ok(_) | Err(_) => Vec::new(),
    };
    let app = window.app_handle();
    let details = about::details(app);
    downloads::save_report(&details, &checks)
}

#[tauri::command]
async fn check_for_update(updater: State<'_, Updater>) -> Answer<()> {
    updater.check_now();
    Ok(())
}

#[tauri::command]
async fn install_update(updater: State<'_, Updater>, window: Window) -> Answer<()> {
    updater.install(window.app_handle(), window::number(&window)).await
}

#[expect(clippy::needless_pass_by_value, reason = "a command owns what it is called with")]
#[tauri::command]
fn page_changed(window: Window, call: PageChanged) {
    tracing::debug!(page = call.page, "a page is shown");
    window.state::<Pages>().set(window::number(&window), call.page);
}

#[expect(clippy::needless_pass_by_value, reason = "a command owns what it is called with")]
#[tauri::command]
fn page_failed(webview: WebviewWindow, call: PageFailed) -> bool {
    window::page_failed(&webview, &call.why)
}

#[tauri::command]
async fn print(window: Window) -> Answer<()> {
    window::print(&window)
}

#[expect(clippy::needless_pass_by_value, reason = "a command owns what it is called with")]
#[tauri::command]
fn zoom(window: Window, call: Zoom) {
    window::zoom(window.app_handle(), call.step);
}

#[tauri::command]
async fn next_events(events: State<'_, Events>, window: Window, call: NextEvents) -> Answer<EventBatch> {
    events.next(window::number(&window), call.after).await
}

/// What a page asks of the engine.
#[tauri::command]
async fn engine(engine: Engine<'_>, window: Window, call: EngineCall) -> Answer<Reply> {
    let number = window::number(&window);
    let begins = matches!(call, EngineCall::Start(_));
    if begins {
        window.state::<Events>().begin(number);
    }
    let reply = engine.call(number, call).await?;
    if begins {
        page_began(window.app_handle(), number);
    }
    Ok(reply)
}

/// What a page hears first: how the update stands, the link that the program was started with, what is wrong with the
/// settings. That it is there ends the trial of a new program.
fn page_began(app: &AppHandle, number: Number) {
    let (events, updater) = (app.state::<Events>(), app.state::<Updater>());
    if let Err(error) = updater.swaps().confirm() {
        tracing::error!(%error, "this program stays on trial");
    }
    events.emit(number, UiEvent::Update(updater.state()));
    if let Some(link) = app.state::<FirstLink>().take() {
        links::follow(app, number, link);
    }
    for problem in &app.state::<Settings>().problems {
        events.emit(number, UiEvent::Toast(problem.clone()));
    }
}

#[tauri::command]
async fn save_download(engine: Engine<'_>, window: Window, call: SaveDownload) -> Answer<String> {
    downloads::save(&engine, window::number(&window), &call).await
}

/// Opens a link in the system's browser, or its mail program; never in a window of this program.
#[tauri::command]
async fn open_link(call: OpenLink) -> Answer<()> {
    links::open_outside(call.address).await
}

#[tauri::command]
async fn sign_in_by_browser(engine: Engine<'_>, window: Window, call: SignInByBrowser) -> Answer<Reply> {
    let reply = window
        .state::<BrowserSignIn>()
        .sign_in(&engine, window::number(&window), call.provider)
        .await;
    // The browser lies before it.
    if let Err(error) = window.set_focus() {
        tracing::debug!(%error, "the window stays behind the browser");
    }
    reply
}

#[expect(clippy::needless_pass_by_value, reason = "a command owns what it is called with")]
#[tauri::command]
fn cancel_browser_sign_in(window: Window) {
    window.state::<BrowserSignIn>().cancel();
}

#[tauri::command]
async fn show_download(call: ShowDownload) -> Answer<()> {
    downloads::show(&call.path).await
}

#[tauri::command]
async fn new_window(window: Window, call: NewWindow) -> Answer<()> {
    window::open_another(window.app_handle(), call.page.as_deref()).map_err(|error| {
        tracing::error!(%error, "no window could be opened");
        Problem::new(Code::Internal, t::desktop::no_window_opened())
    })
}

#[expect(clippy::needless_pass_by_value, reason = "a command owns what it is called with")]
#[tauri::command]
fn close_window(window: Window, call: CloseWindow) {
    window::close(window, call.anyway);
}
