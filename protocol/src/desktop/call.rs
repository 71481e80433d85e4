//! Every call of the UI, in one table for the shell and one for the engine.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{
    BegunSignIn, Check, ConnectionDetails, EventBatch, InstallationDetails, PendingEdit, Preference, Started, ZoomStep,
};
use crate::draft::Change;
use crate::field::Value;
use crate::file::Source;
use crate::form::FormCommand;
use crate::id::{CommentId, EntityId, FormKey};
use crate::live::Page;
use crate::message::{AnyQuery, AnyReply, Topic};
use crate::person::{Account, NewSecondFactor, Secret};

/// A call of the UI.
pub trait UiCall: Serialize + DeserializeOwned {
    /// The shell's command that takes it.
    const COMMAND: &'static str;
    /// What the command is called with.
    type Argument: Serialize + From<Self>;
    /// What it answers.
    type Reply: Serialize + DeserializeOwned;
}

macro_rules! shell_calls {
    ($($(#[$doc:meta])* $name:literal $call:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? } -> $reply:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
            pub struct $call { $($(#[$field_doc])* pub $field: $ty),* }

            impl UiCall for $call {
                const COMMAND: &'static str = $name;
                type Argument = Self;
                type Reply = $reply;
            }
        )*
    };
}

macro_rules! engine_calls {
    ($($(#[$doc:meta])* $call:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? } -> $reply:ty;)*) => {
        /// What the UI asks of the engine.
        #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum EngineCall {
            $($(#[$doc])* $call($call),)*
        }

        $(
            $(#[$doc])*
            #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
            pub struct $call { $($(#[$field_doc])* pub $field: $ty),* }

            impl UiCall for $call {
                const COMMAND: &'static str = "engine";
                type Argument = EngineCall;
                type Reply = $reply;
            }

            impl From<$call> for EngineCall {
                fn from(call: $call) -> Self {
                    Self::$call(call)
                }
            }
        )*
    };
}

// The shell itself carries these out.
shell_calls! {
    /// Asks for what happened since; waits for a while if nothing did. A batch is answered again until the page asks
    /// for what comes after it.
    "next_events" NextEvents {
        /// The number of the last batch that the page has; 0 for none.
        after: u64,
    } -> EventBatch;
    /// Closes the window.
    "close_window" CloseWindow {
        /// Also if something typed is not on the server yet.
        anyway: bool,
    } -> ();
    /// Fetches a file that the server made and keeps it among the downloads of this computer; answers where.
    "save_download" SaveDownload {
        /// Which file.
        source: Source,
        /// What it is to be called.
        name: String,
    } -> String;
    /// Opens a page or a mailbox outside this program.
    "open_link" OpenLink {
        /// Where: an address that begins with https, http or mailto.
        address: String,
    } -> ();
    /// Opens one more window of this desktop.
    "new_window" NewWindow {
        /// The page that it shows, as a path; none: the first one.
        page: Option<String>,
    } -> ();
    /// Shows a file that was saved here in its folder.
    "show_download" ShowDownload {
        /// Where it was saved.
        path: String,
    } -> ();
    /// Says which page the window shows, so that a restart comes back to it.
    "page_changed" PageChanged {
        /// The page's address behind the `#`.
        page: String,
    } -> ();
    /// Says that the page's program failed and does nothing any more. The shell logs why, and answers whether the page is
    /// to load itself again: one that fails again and again is not.
    "page_failed" PageFailed {
        /// What failed, and through which calls, where that is known.
        why: String,
    } -> bool;
    /// Prints the window, by the system's dialog.
    "print" Print {} -> ();
    /// Makes everything larger or smaller, and remembers it.
    "zoom" Zoom {
        /// How.
        step: ZoomStep,
    } -> ();
    /// Asks how this desktop is installed and set up.
    "installation" Installation {} -> InstallationDetails;
    /// Changes what a person may choose about this desktop.
    "set_preference" SetPreference {
        /// What.
        preference: Preference,
    } -> ();
    /// Writes what helps whoever is asked for help into a file among the downloads, and answers where: log, versions,
    /// settings, a check of the connection. No values of records, no password.
    "save_report" SaveReport {} -> String;
    /// Asks the server whether there is a newer version.
    "check_for_update" CheckForUpdate {} -> ();
    /// Signs in at an identity provider, in the system's browser.
    "sign_in_by_browser" SignInByBrowser {
        /// Which provider.
        provider: String,
    } -> Account;
    /// Waits no longer for whoever is to sign in in the browser.
    "cancel_browser_sign_in" CancelBrowserSignIn {} -> ();
    /// Installs the update that is ready, and starts the program again where it was.
    "install_update" InstallUpdate {} -> ();
}

// These the shell passes to the engine.
engine_calls! {
    /// Asks for everything that the first page needs.
    Start {} -> Started;
    /// Remembers the server's address and connects to it.
    SetServer {
        /// `host:port`, or an address that begins with `ws://` or `wss://`.
        address: String,
    } -> ();
    /// Signs in.
    SignIn {
        /// The address.
        email: String,
        /// The password.
        password: String,
        /// A code of the second factor, once the server asked for it.
        #[serde(default)]
        code: Option<String>,
    } -> Account;
    /// Begins to set up a second factor.
    BeginSecondFactor {
        /// The person's password.
        password: String,
    } -> NewSecondFactor;
    /// Proves that the authenticator knows the key; answers with the recovery codes.
    ConfirmSecondFactor {
        /// What it shows.
        code: String,
    } -> Vec<Secret>;
    /// Begins to sign in at an identity provider.
    BeginProviderSignIn {
        /// Which.
        provider: String,
        /// The loopback port that hears that the person came back.
        port: u16,
    } -> BegunSignIn;
    /// Signs in with what the person came back with.
    FinishProviderSignIn {
        /// The attempt.
        attempt: Secret,
        /// The query of the address that they came back to.
        query: Secret,
    } -> Account;
    /// Changes the password of whoever is signed in.
    ChangePassword {
        /// The password as it is.
        current: String,
        /// The new one.
        new: String,
    } -> Account;
    /// Signs out.
    SignOut {} -> ();
    /// Says which page is shown, for the statistics of the server's admins.
    ShowPage {
        /// The page.
        page: Page,
    } -> ();
    /// Asks for a topic's state and events; they arrive as [`UiEvent::Topic`](super::UiEvent::Topic).
    Watch {
        /// Which topic.
        topic: Topic,
        /// How many rows at most.
        rows: u32,
    } -> ();
    /// Ends one watch of a topic.
    Unwatch {
        /// Which topic.
        topic: Topic,
    } -> ();
    /// Opens a form; it arrives as [`FormUpdate::Opened`](super::FormUpdate::Opened), at once or when the server is reached.
    OpenForm {
        /// Which form.
        form: FormKey,
        /// The entity, for a record that was never saved.
        entity: Option<EntityId>,
    } -> ();
    /// Opens a form read-only, without a place in its queue; a form that is open already stays as it is.
    OpenReadOnly {
        /// Which form.
        form: FormKey,
        /// The record's entity.
        entity: EntityId,
    } -> ();
    /// Joins the queue of a form that was opened read-only.
    EditForm {
        /// Which form.
        form: FormKey,
    } -> ();
    /// Closes a form.
    CloseForm {
        /// Which form.
        form: FormKey,
    } -> ();
    /// Takes what was typed.
    ChangeForm {
        /// Which form.
        form: FormKey,
        /// The change's number, counted by the UI from 1 for each opening of the form.
        number: u64,
        /// The number of the picture that it was typed into; one that crossed with a newer picture is
        /// kept as its author's own.
        generation: u64,
        /// What was typed.
        change: Change,
    } -> ();
    /// Does something with an open form, or with a record. What is about the draft follows everything that was typed
    /// before.
    CommandForm {
        /// Which form.
        form: FormKey,
        /// What.
        command: FormCommand,
    } -> ();
    /// The author decides about a text of theirs that was not accepted: it is kept no longer.
    Decide {
        /// Which form.
        form: FormKey,
        /// Which field.
        field: String,
        /// The text, as it is kept.
        text: Value,
        /// What the form is to say; left out, it stays as it is.
        take: Option<Value>,
    } -> ();
    /// The author takes a decision back: the text is kept again, and the form says what it said before, if it still says
    /// what was decided.
    UndoDecision {
        /// Which form.
        form: FormKey,
        /// The text, as it was kept.
        edit: PendingEdit,
        /// What the form said before, and what it was to say; left out, it stayed as it was.
        taken: Option<(Value, Value)>,
    } -> ();
    /// Asks for a form's texts that the server did not accept, wherever the form is.
    GetPendingEdits {
        /// Which form.
        form: FormKey,
    } -> Vec<PendingEdit>;
    /// Forgets a comment that waits.
    DiscardComment {
        /// On which form.
        form: FormKey,
        /// Which.
        comment: CommentId,
    } -> ();
    /// Tries to reach the server now instead of later.
    Retry {} -> ();
    /// Asks for what there is to know about the connection.
    Connection {} -> ConnectionDetails;
    /// Walks the way to a server step by step, and says where it ends.
    CheckConnection {
        /// The server's address as a person writes it; left out, the one in use.
        address: Option<String>,
    } -> Vec<Check>;
    /// Sends a query to the server. A page of a list and a history are answered from the cache while the server cannot
    /// be reached.
    QueryServer {
        /// The query.
        query: AnyQuery,
    } -> AnyReply;
}
