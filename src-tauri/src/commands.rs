//! Every command of the UI. Each takes the call that `protocol::desktop` defines and asks the engine.

use baton_client::core::{Call, Reply};
use baton_protocol::desktop::{
    AskToEdit, ChangeForm, CloseForm, DeclineAsk, DiscardDraft, DropBranch, FocusField, HandOver, History, MoveHere,
    OpenForm, RemoveRecord, RestoreRecord, SaveForm, SetServer, SignIn, SignOut, Start, Started, TakeOver, UndoDiscard,
    Unwatch, Watch,
};
use baton_protocol::history::SavedVersion;
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Account;
use tauri::ipc::Invoke;
use tauri::{State, Window, Wry};

use crate::Engine;
use crate::events::{Events, UiChannel};
use crate::window;

type Answer<T> = Result<T, Problem>;

/// The handler of all commands.
pub(crate) fn all() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        start,
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
        ask_to_edit,
        decline_ask,
        hand_over,
        take_over,
        move_here,
        drop_branch,
        remove_record,
        restore_record,
        close_window
    ]
}

/// What an engine that answers something else than was asked would be: a bug, told as a sentence.
fn unexpected() -> Problem {
    Problem::new(Code::Internal, "The program gave an unexpected answer.")
}

#[tauri::command]
async fn start(engine: Engine<'_>, events: State<'_, Events>, call: Start, channel: UiChannel) -> Answer<Started> {
    events.listen(channel);
    match engine.call(Call::Start(call)).await? {
        Reply::Started(started) => Ok(*started),
        Reply::Done | Reply::Account(_) | Reply::History(_) => Err(unexpected()),
    }
}

#[tauri::command]
async fn sign_in(engine: Engine<'_>, call: SignIn) -> Answer<Account> {
    match engine.call(Call::SignIn(call)).await? {
        Reply::Account(account) => Ok(account),
        Reply::Done | Reply::Started(_) | Reply::History(_) => Err(unexpected()),
    }
}

#[tauri::command]
async fn history(engine: Engine<'_>, call: History) -> Answer<Vec<SavedVersion>> {
    match engine.call(Call::History(call)).await? {
        Reply::History(versions) => Ok(versions),
        Reply::Done | Reply::Account(_) | Reply::Started(_) => Err(unexpected()),
    }
}

#[tauri::command]
fn close_window(window: Window) {
    window::close(window, true);
}

macro_rules! plain_commands {
    ($($name:ident($call:ident);)*) => {
        $(
            #[tauri::command]
            async fn $name(engine: Engine<'_>, call: $call) -> Answer<()> {
                engine.call(Call::$call(call)).await.map(drop)
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
    drop_branch(DropBranch);
    remove_record(RemoveRecord);
    restore_record(RestoreRecord);
}
