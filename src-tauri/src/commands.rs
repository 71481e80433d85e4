//! Every command of the UI. Each takes the call that `protocol::desktop` defines and asks the engine.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a command takes one kind of reply; every other is a bug, and told as one"
)]

use baton_client::core::{Call, Reply};
use baton_protocol::desktop::{
    Ask, AskToEdit, ChangeForm, Check, CheckConnection, CloseForm, CloseWindow, Connection, ConnectionDetails, Decide,
    DeclineAsk, DiscardDraft, EventBatch, FocusField, HandOver, History, KeptText, KeptTexts, MoveHere, NextEvents,
    OpenForm, OpenLink, RemoveRecord, RestoreRecord, Retry, SaveDownload, SaveForm, SetServer, SignIn, SignOut, Start,
    Started, TakeOver, UndoDiscard, Unwatch, Watch,
};
use baton_protocol::history::SavedVersion;
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Account;
use baton_protocol::rich_text;
use tauri::ipc::Invoke;
use tauri::{Manager as _, State, Window, Wry};

use crate::Engine;
use crate::downloads;
use crate::events::Events;
use crate::window;

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
        close_window
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
    match engine.call(number, Call::Start(call)).await? {
        Reply::Started(started) => Ok(*started),
        _ => Err(unexpected()),
    }
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
