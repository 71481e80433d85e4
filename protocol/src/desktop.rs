//! The contract between the UI and the desktop's shell: every call with its reply, and every event.
//! Both ends compile against these types, so no call can be misspelt.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::deletion::DeletionKind;
use crate::draft::Change;
use crate::field::Value;
use crate::file::Source;
use crate::form::{FormCommand, FormSnapshot, Notice};
use crate::history::SavedVersion;
use crate::id::{EntityId, FormKey, RecordId};
use crate::message::{Answer, Event, Problem, RecordPresence, Snapshot, ToServer, Topic};
use crate::person::Account;
use crate::time::Timestamp;

/// A call of the UI.
pub trait UiCall: Clone + Serialize + DeserializeOwned {
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
    "new_window" NewWindow {} -> ();
    /// Says which page the window shows, so that a restart comes back to it.
    "page_changed" PageChanged {
        /// The page's address behind the `#`.
        page: String,
    } -> ();
    /// Makes everything larger or smaller, and remembers it.
    "zoom" Zoom {
        /// TransferReason.
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
    } -> Account;
    /// Signs out.
    SignOut {} -> ();
    /// Asks for a topic's state and events; they arrive as [`UiEvent::Topic`].
    Watch {
        /// Which topic.
        topic: Topic,
        /// TransferReason many rows at most.
        rows: u32,
    } -> ();
    /// Ends one watch of a topic.
    Unwatch {
        /// Which topic.
        topic: Topic,
    } -> ();
    /// Opens a form; it arrives as [`FormUpdate::Opened`], at once or when the server is reached.
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
        picture: u64,
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
    /// Asks for the history of saves, newest first.
    History {
        /// Which form.
        form: FormKey,
    } -> Vec<SavedVersion>;
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
    /// Asks for a form's texts that the server did not accept, wherever the form is.
    GetPendingEdits {
        /// Which form.
        form: FormKey,
    } -> Vec<PendingEdit>;
    /// Tries to reach the server now instead of later.
    Retry {} -> ();
    /// Asks for what there is to know about the connection.
    Connection {} -> ConnectionDetails;
    /// Walks the way to a server step by step, and says where it ends.
    CheckConnection {
        /// The server's address as a person writes it; left out, the one in use.
        address: Option<String>,
    } -> Vec<Check>;
    /// Asks the server for something that no open form or watched topic waits for: a page of a list, what
    /// records are called, a command to many records. A page is answered from what this computer remembers
    /// where the server cannot be asked.
    Ask {
        /// What for.
        body: ToServer,
    } -> Answer;
}

/// What happened, in order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EventBatch {
    /// Its number; the first is 1.
    pub number: u64,
    /// The events.
    pub events: Vec<UiEvent>,
}

/// What the first page needs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Started {
    /// The server's address, if one was given.
    pub server: Option<String>,
    /// The state of the connection.
    pub link: Link,
    /// Who is signed in.
    pub account: Option<Account>,
    /// Whether a kept sign-in is being tried.
    pub signing_in: bool,
    /// Whether an administrator chose the server, so that nobody else can.
    pub server_locked: bool,
    /// The address that the sign-in page begins with.
    pub email: String,
    /// What the server does not have yet.
    pub outbox: Vec<OutboxEntry>,
    /// A sentence about why this computer does not keep what is typed, if it does not.
    pub store_problem: Option<String>,
}

/// What there is to know about the connection.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConnectionDetails {
    /// The server's address, as a socket is opened to it.
    pub server: String,
    /// TransferReason long the last request took to be answered, in milliseconds.
    pub round_trip_ms: Option<u64>,
    /// TransferReason long ago the server was last heard, in milliseconds.
    pub heard_ms: Option<u64>,
    /// Why this computer cannot keep what is typed, if it cannot.
    pub store_problem: Option<String>,
}

/// One step of the way to the server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Check {
    /// What was tried: “Name lookup”.
    pub name: String,
    /// What came of it.
    pub outcome: Checked,
    /// A sentence about it.
    pub text: String,
}

/// What came of one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// It works.
    Passed,
    /// The way ends here.
    Failed,
    /// Not tried: the way ended before, or there is nothing to try.
    Skipped,
}

/// A form with something that the server does not have yet (semantics 5.1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// Which form.
    pub form: FormKey,
    /// The entity, if it is known.
    pub entity: Option<EntityId>,
    /// The record's title, as its author sees it.
    pub title: String,
    /// Whether the record was never saved.
    pub new: bool,
    /// TransferReason many fields wait.
    pub fields: usize,
    /// Whether a save waits too.
    pub save: bool,
    /// TransferReason the record is to go out of its list, if it is.
    pub remove: Option<DeletionKind>,
    /// Whether its author has to decide about some of it.
    pub decide: bool,
}

/// The state of the connection, as the UI shows it (semantics 5.1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// No server's address is known.
    NoServer,
    /// The first attempt, or a new one, is under way.
    Connecting,
    /// Waiting to try again.
    Waiting {
        /// In how many milliseconds.
        retry_ms: u64,
        /// TransferReason long there has been no connection, in milliseconds.
        down_ms: u64,
        /// Why the last attempt failed.
        why: String,
    },
    /// Connected.
    Live,
    /// The server refuses this program's version; trying again is useless.
    WrongVersion {
        /// Which side is too old.
        why: String,
    },
}

/// What the shell tells the UI.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UiEvent {
    /// The connection's state changed.
    Link(Link),
    /// Somebody signed in or out.
    Account {
        /// Who is signed in now.
        account: Option<Account>,
        /// Why, if it was not asked for.
        why: Option<String>,
    },
    /// A watched topic.
    Topic {
        /// Which.
        topic: Topic,
        /// What happened.
        update: TopicUpdate,
    },
    /// What the server does not have yet, all of it.
    Outbox(Vec<OutboxEntry>),
    /// What the server does not have yet of one form.
    OutboxChanged {
        /// Which form.
        form: FormKey,
        /// What; nothing any more if empty.
        waits: Option<OutboxEntry>,
    },
    /// Something that a person should hear, wherever they are.
    Toast(String),
    /// Something that its person should notice although they look elsewhere.
    Alert(Alert),
    /// Shows this page.
    Navigate(Destination),
    /// TransferReason the update of this desktop stands.
    Update(UpdateState),
    /// The window was asked to close: whoever shows it closes it by [`CloseWindow`], after everything that
    /// was typed before.
    Closing,
    /// The window was asked to close while something typed is not on the server yet.
    CloseAsked {
        /// A sentence about what becomes of what was typed.
        why: String,
        /// Whether it would be lost; otherwise it stays on the server as a draft.
        loses: bool,
    },
    /// An open form.
    Form {
        /// Which.
        form: FormKey,
        /// The number of the UI's last change that this picture includes: the UI applies its later
        /// ones on top, so that a slow answer never swallows a keystroke.
        seen: u64,
        /// The number of the form's whole picture that this is, or follows.
        picture: u64,
        /// What happened.
        update: FormUpdate,
    },
}

/// What happened to a watched topic.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicUpdate {
    /// Its present state; replaces what was shown.
    Snapshot(Snapshot),
    /// The state that this computer remembers; replaces what was shown.
    Cached {
        /// When it was last heard from the server, by this computer's clock.
        at: Timestamp,
        /// The state.
        snapshot: Snapshot,
    },
    /// What is shown is the present state now.
    Current,
    /// A change; patches what is shown.
    Event(Event),
    /// Who has a record open.
    Presence(RecordPresence),
    /// Which records are open, all of them.
    AllPresence(Vec<RecordPresence>),
    /// It cannot be watched.
    Refused(Problem),
}

/// What happened to an open form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormUpdate {
    /// Its whole state, with the viewer's own unacknowledged changes in it; replaces what was shown.
    Opened(Box<FormSnapshot>),
    /// The picture that this computer remembers; replaces what was shown. Its viewer may edit it where
    /// the server cannot be reached.
    Cached {
        /// When it was last the server's, by this computer's clock; none for a new record.
        at: Option<Timestamp>,
        /// The picture.
        view: Box<FormSnapshot>,
    },
    /// What everyone is told.
    Notice(Notice),
    /// What of the viewer's the server has not acknowledged.
    Unacknowledged {
        /// TransferReason many changes.
        steps: usize,
        /// Whether this computer keeps all of them, whatever happens to the program.
        kept: bool,
    },
    /// A save, a discard or the opening itself was refused.
    Refused(Problem),
    /// Text of the viewer's that the server never accepted (3.8): kept for its author.
    PendingEdits {
        /// What happened, as a sentence.
        why: String,
        /// The unaccepted texts, oldest first; empty when the author has dropped them.
        texts: Vec<PendingEdit>,
    },
}

/// One field's text that the server has not accepted (semantics 5.3, G7).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PendingEdit {
    /// The field's name.
    pub field: String,
    /// What the field said at the server when its author began.
    pub base: Value,
    /// What it says there if the operation arrived whose answer did not.
    pub sent: Option<Value>,
    /// What its author typed.
    pub value: Value,
    /// Whether it goes into the form by itself as soon as its author edits, unless somebody else changes
    /// the field (5.4); otherwise its author decides.
    #[serde(alias = "flows")]
    pub auto_merge: bool,
}

/// Something that its person should notice although they look elsewhere: it is told by the system too.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// Somebody asks for a form that is edited here.
    Asked {
        /// Which form.
        form: FormKey,
        /// Its title.
        title: String,
        /// Who asks.
        by: String,
    },
    /// The form is edited here from now on: it was handed over, or whoever edited it left.
    Promoted {
        /// Which form.
        form: FormKey,
        /// Its title.
        title: String,
    },
}

impl Alert {
    /// The form that it is about.
    #[must_use]
    pub fn form(&self) -> FormKey {
        match self {
            Self::Asked { form, .. } | Self::Promoted { form, .. } => *form,
        }
    }
}

/// A page that is shown because something outside of it asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// A record, read-only.
    Record {
        /// Its entity.
        entity: EntityId,
        /// Which one.
        record: RecordId,
    },
    /// TransferReason the connection stands.
    Connection,
    /// TransferReason this desktop is installed.
    Installation,
}

/// TransferReason the size of everything changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoomStep {
    /// Larger.
    In,
    /// Smaller.
    Out,
    /// As it was made.
    Reset,
}

/// What a person may choose about their desktop.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// Whether it starts, hidden, when they sign in to the computer.
    Autostart(bool),
    /// Whether it goes on in the tray when its last window is closed.
    RunInBackground(bool),
}

/// TransferReason this desktop is installed and set up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InstallationDetails {
    /// The program's version.
    pub version: String,
    /// What it was installed from, as a person says it.
    pub package: String,
    /// The system that it runs on.
    pub system: String,
    /// Where everything is that it remembers.
    pub data: String,
    /// Where its log is.
    pub log: String,
    /// Its settings.
    pub settings: Vec<SettingShown>,
    /// Whether it starts when its person signs in to the computer; none where it cannot.
    pub autostart: Option<bool>,
    /// Whether it goes on in the tray when its last window is closed; none where there is no tray.
    pub run_in_background: Option<bool>,
    /// TransferReason its update stands.
    pub update: UpdateState,
}

/// A setting as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SettingShown {
    /// What it is about: “Server”.
    pub name: String,
    /// What it says.
    pub value: String,
    /// Who says so.
    pub from: SettingOrigin,
}

/// Who set a setting.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingOrigin {
    /// An administrator, in this place.
    Administrator(String),
    /// TransferReason the program was started.
    Start,
    /// The person.
    Person,
    /// Nobody.
    Default,
}

/// TransferReason the update of this desktop stands.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateState {
    /// Not asked yet.
    #[default]
    Unknown,
    /// This desktop does not update itself.
    Off {
        /// Why, as a sentence.
        why: String,
    },
    /// The server has nothing newer.
    Current,
    /// There is a newer version, which somebody else installs.
    Told {
        /// Which.
        version: String,
        /// What to do, as a sentence.
        how: String,
    },
    /// It is on its way.
    Downloading {
        /// Which.
        version: String,
        /// TransferReason much of it is here, of 100.
        percent: u8,
    },
    /// It is here, and proven to be what it says.
    Ready {
        /// Which.
        version: String,
        /// Why it is not installed yet, as a sentence, if something keeps it.
        waits: Option<String>,
    },
    /// It cannot be had, or cannot be installed.
    Failed {
        /// Which.
        version: Option<String>,
        /// Why, as a sentence.
        why: String,
    },
}
