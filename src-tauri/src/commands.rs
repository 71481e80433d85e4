//! Every command of the UI. Each takes the call that `protocol::desktop` defines and asks the engine.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a command takes one kind of reply; every other is a bug, and told as one"
)]

use baton_client::core::{Call, Reply};
use baton_protocol::desktop::{
    Ask, AskToEdit, ChangeForm, Check, CheckConnection, CloseForm, CloseWindow, Connection, ConnectionDetails, Decide,
    DeclineAsk, DiscardDraft, EditForm, EventBatch, FocusField, HandOver, History, InstallationDetails, KeptText,
    KeptTexts, MoveHere, NextEvents, OpenForm, OpenLink, OpenReadOnly, PageChanged, Preference, RemoveRecord,
    RestoreRecord, Retry, SaveDownload, SaveForm, SetPreference, SetServer, SignIn, SignOut, Start, Started, TakeOver,
    UiEvent, UndoDiscard, Unwatch, Watch, Zoom,
};
use baton_protocol::history::SavedVersion;
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Account;
use baton_protocol::rich_text;
use tauri::ipc::Invoke;
use tauri::{Manager as _, State, Window, Wry};

use crate::Engine;
use crate::about;
use crate::autostart::Autostart;
use crate::downloads;
use crate::events::Events;
use crate::installation::Installation;
use crate::links::{self, FirstLink};
use crate::preferences::PreferenceFile;
use crate::settings::Settings;
use crate::updates::Updater;
use crate::window::{self, Pages};

type Answer<T> = Result<T, Problem>;

/// The handler of all commands.
pub(crate) fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        start,
        next_events,
        set_server,
        sign_in,
        sign_out,
        watch,
        unwatch,
        open_form,
        close_form,
        change_form,
        focus_field,
        save_form,
        discard_draft,
        undo_discard,
        history,
        ask,
        ask_to_edit,
        decline_ask,
        hand_over,
        take_over,
        move_here,
        decide,
        remove_record,
        restore_record,
        save_download,
        open_link,
        retry,
        connection,
        check_connection,
        kept_texts,
        new_window,
        close_window,
        open_read_only,
        edit_form,
        page_changed,
        zoom,
        installation,
        set_preference,
        save_report,
        check_for_update,
        install_update
    ]
}

/// What an engine that answers something else than was asked would be: a bug, told as a sentence.
fn unexpected() -> Problem {
    Problem::new(Code::Internal, "The program gave an unexpected answer.")
}

#[tauri::command]
async fn start(engine: Engine<'_>, events: State<'_, Events>, window: Window, call: Start) -> Answer<Started> {
    let number = window::number(&window);
    events.begin(number);
    let reply = engine.call(number, Call::Start(call)).await?;
    let app = window.app_handle();
    let updater = app.state::<Updater>();
    if let Err(error) = updater.swaps().confirm() {
        tracing::error!(%error, "this program stays on trial");
    }
    events.emit(number, UiEvent::Update(updater.state()));
    if let Some(link) = app.state::<FirstLink>().take() {
        links::follow(app, number, link);
    }
    for problem in &app.state::<Settings>().problems {
        events.emit(number, UiEvent::Told(problem.clone()));
    }
    match reply {
        Reply::Started(started) => Ok(*started),
        _ => Err(unexpected()),
    }
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
        Preference::Autostart(on) => {
            let program = app.state::<Installation>().program.clone();
            Autostart::of(&program)
                .set(on)
                .map_err(|error| Problem::new(Code::Internal, format!("It could not be set: {error:#}.")))?;
        }
    }
    Ok(())
}

#[tauri::command]
async fn save_report(engine: Engine<'_>, window: Window) -> Answer<String> {
    let number = window::number(&window);
    let check = CheckConnection { address: None };
    // Without a server there is no way to check; the rest helps all the same.
    let checks = match engine.call(number, Call::CheckConnection(check)).await {
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
fn zoom(window: Window, call: Zoom) {
    window::zoom(window.app_handle(), call.step);
}

#[tauri::command]
async fn next_events(events: State<'_, Events>, window: Window, call: NextEvents) -> Answer<EventBatch> {
    events.next(window::number(&window), call.after).await
}

macro_rules! answered_commands {
    ($($name:ident($call:ident) -> $reply:ident($answer:ty);)*) => {
        $(
            #[tauri::command]
            async fn $name(engine: Engine<'_>, window: Window, call: $call) -> Answer<$answer> {
                match engine.call(window::number(&window), Call::$call(call)).await? {
                    Reply::$reply(answer) => Ok(answer),
                    _ => Err(unexpected()),
                }
            }
        )*
    };
}

answered_commands! {
    sign_in(SignIn) -> Account(Account);
    history(History) -> History(Vec<SavedVersion>);
    connection(Connection) -> Connection(ConnectionDetails);
    check_connection(CheckConnection) -> Checks(Vec<Check>);
    kept_texts(KeptTexts) -> KeptTexts(Vec<KeptText>);
}

#[tauri::command]
async fn ask(engine: Engine<'_>, window: Window, call: Ask) -> Answer<baton_protocol::message::Answer> {
    match engine.call(window::number(&window), Call::Ask(call)).await? {
        Reply::Answer(answer) => Ok(*answer),
        _ => Err(unexpected()),
    }
}

#[tauri::command]
async fn save_download(engine: Engine<'_>, window: Window, call: SaveDownload) -> Answer<String> {
    downloads::save(&engine, window::number(&window), &call).await
}

/// Opens a link in the system's browser, or its mail program; never in a window of this program.
#[tauri::command]
async fn open_link(call: OpenLink) -> Answer<()> {
    if !rich_text::is_address(&call.address) {
        return Err(Problem::new(
            Code::Malformed,
            "This is no address of a page or a mailbox.",
        ));
    }
    let opened = tauri::async_runtime::spawn_blocking(move || open::that_detached(call.address)).await;
    opened
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| Problem::new(Code::Internal, "This system opens no links. Copy the address instead."))
}

#[tauri::command]
async fn new_window(window: Window) -> Answer<()> {
    window::open_another(window.app_handle()).map_err(|error| {
        tracing::error!(%error, "no window could be opened");
        Problem::new(Code::Internal, "No window could be opened.")
    })
}

#[expect(clippy::needless_pass_by_value, reason = "a command owns what it is called with")]
#[tauri::command]
fn close_window(window: Window, call: CloseWindow) {
    window::close(window, call.anyway);
}

macro_rules! plain_commands {
    ($($name:ident($call:ident);)*) => {
        $(
            #[tauri::command]
            async fn $name(engine: Engine<'_>, window: Window, call: $call) -> Answer<()> {
                engine.call(window::number(&window), Call::$call(call)).await.map(drop)
            }
        )*
    };
}

plain_commands! {
    set_server(SetServer);
    sign_out(SignOut);
    watch(Watch);
    unwatch(Unwatch);
    open_form(OpenForm);
    open_read_only(OpenReadOnly);
    edit_form(EditForm);
    close_form(CloseForm);
    change_form(ChangeForm);
    focus_field(FocusField);
    save_form(SaveForm);
    discard_draft(DiscardDraft);
    undo_discard(UndoDiscard);
    ask_to_edit(AskToEdit);
    decline_ask(DeclineAsk);
    hand_over(HandOver);
    take_over(TakeOver);
    move_here(MoveHere);
    decide(Decide);
    remove_record(RemoveRecord);
    restore_record(RestoreRecord);
    retry(Retry);
}
