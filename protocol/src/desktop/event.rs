//! What the shell says to the UI.

use serde::{Deserialize, Serialize};

use super::UpdateState;
use crate::comment::CommentChange;
use crate::deletion::DeletionKind;
use crate::field::Value;
use crate::form::{FormSnapshot, Notice};
use crate::id::{EntityId, FormKey, RecordId};
use crate::invitation::Invitation;
use crate::live::LiveChange;
use crate::message::{ChangeComment, Event, FormPresence, PersonalNotice, Problem, Snapshot, Topic};
use crate::person::Account;
use crate::provider::SignInOptions;
use crate::rights::Rights;
use crate::time::Timestamp;

/// What happened, in order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EventBatch {
    /// Its number; the first is 1.
    pub number: u64,
    /// The events.
    pub events: Vec<UiEvent>,
}

/// A comment that waits on its author's computer (semantics 5.1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PendingComment {
    /// What is sent to the server.
    pub query: ChangeComment,
    /// Why the server did not take it: its author decides what becomes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

impl PendingComment {
    /// What it says.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.query.change {
            CommentChange::Add { text, .. } | CommentChange::Edit(text) => &text.text,
            CommentChange::Delete | CommentChange::Resolve(_) => "",
        }
    }
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
    /// How many fields wait.
    pub fields: usize,
    /// Whether a save waits too.
    pub save: bool,
    /// Whether its draft is to be discarded at the server.
    pub discard: bool,
    /// How the record is to go out of its list, if it is.
    pub remove: Option<DeletionKind>,
    /// Whether its author has to decide about some of it.
    pub decide: bool,
    /// The comments on the record that wait.
    pub comments: Vec<PendingComment>,
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
        /// How long there has been no connection, in milliseconds.
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
    /// The ways to sign in at the server are these.
    SignInOptions(SignInOptions),
    /// Somebody signed in or out.
    Account {
        /// Who is signed in now.
        account: Option<Account>,
        /// What they may do.
        rights: Rights,
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
    /// What the person is told of is to be asked for again.
    NotificationsChanged,
    /// The person's favourites are other ones.
    FavouritesChanged,
    /// Something for the person alone.
    Personal(PersonalNotice),
    /// Somebody was invited, and pressed the link: shown where nobody is signed in.
    Invitation(Invitation),
    /// Shows this page.
    Navigate(Destination),
    /// How the update of this desktop stands.
    Update(UpdateState),
    /// The window was asked to close: whoever shows it closes it by [`CloseWindow`](super::CloseWindow), after everything that
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
        generation: u64,
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
    Presence(FormPresence),
    /// Which records are open, all of them.
    AllPresence(Vec<FormPresence>),
    /// What happens at this moment is different.
    Live(Box<LiveChange>),
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
        /// How many changes.
        steps: usize,
        /// Whether this computer keeps all of them, whatever happens to the program.
        kept: bool,
    },
    /// A save, a discard or the opening itself was refused.
    Refused(Problem),
    /// It is not there for its viewer any more (7.2); replaces what was shown.
    Closed(Problem),
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// A record, read-only.
    Record {
        /// Its entity.
        entity: EntityId,
        /// Which one.
        record: RecordId,
        /// The id of the field that it is about, if it is about one.
        field: Option<String>,
    },
    /// An entity's records.
    Records {
        /// Whose.
        entity: EntityId,
    },
    /// How the connection stands.
    Connection,
    /// How this desktop is installed.
    Installation,
}
