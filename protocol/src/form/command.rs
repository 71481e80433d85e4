//! What can be asked of a form, and how it is answered.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::deletion::DeletionKind;
use crate::draft::Change;
use crate::entity::Entity;
use crate::id::{Fence, OpId, Rev, SessionId, Ticket, UserId, Version};
use crate::person::Person;
use crate::time::Timestamp;
use crate::values::{FieldError, Values};

/// What a transition must know besides the form itself.
#[derive(Clone)]
pub struct Context<'a> {
    /// The present time.
    pub now: Timestamp,
    /// How long things may take.
    pub limits: Limits,
    /// The definition that the values must satisfy; for the form of a definition, what is saved of it.
    pub entity: &'a Arc<Entity>,
    /// Takes what could do harm out of a formatted text.
    pub clean: &'a (dyn Fn(&str) -> String + Sync),
    /// A slug that no other record has, for a save of one without a slug.
    pub free_slug: Option<String>,
}

/// How long things may take; settings of the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How long the place of a broken connection is held (G6).
    pub grace: Duration,
    /// How long an owner may do nothing before it counts as idle (semantics 3.6).
    pub idle: Duration,
    /// How long an idle owner has to answer somebody who asks to edit.
    pub answer: Duration,
}

/// The longest reason for a take-over, in Unicode scalar values.
pub const MAX_REASON: usize = 200;

/// What somebody does with a form, as it travels from a button to the server. What changes the draft or saves it
/// carries the fence that the sender saw and an operation id.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormCommand {
    /// The editor is now in this field (semantics 3.10).
    Focus {
        /// The field's name, or `None`.
        field: Option<String>,
    },
    /// Changes the draft, all or nothing (4.1).
    Change {
        /// The fence that the sender saw.
        fence: Fence,
        /// The operation's id.
        op: OpId,
        /// The draft's number that the sender saw: a command that comes too late for it is refused, so
        /// that a splice never meets another text. Left out by whoever means any text (G8).
        #[serde(default)]
        rev: Option<Rev>,
        /// The changes, in order.
        changes: Vec<Change>,
    },
    /// Throws the draft away (3.4).
    DiscardDraft {
        /// The fence that the sender saw.
        fence: Fence,
        /// The operation's id.
        op: OpId,
        /// The draft's number that the sender saw, as for a change.
        #[serde(default)]
        rev: Option<Rev>,
    },
    /// Restores what was discarded last.
    RestoreDraft {
        /// The fence that the sender saw.
        fence: Fence,
        /// The operation's id.
        op: OpId,
        /// The draft's number that the sender saw, as for a change.
        #[serde(default)]
        rev: Option<Rev>,
    },
    /// Saves the draft (4.3).
    Save {
        /// The fence that the sender saw.
        fence: Fence,
        /// The operation's id.
        op: OpId,
        /// The version that the sender's snapshot is based on (4.4).
        version: Version,
    },
    /// A spectator asks to edit (3.6).
    RequestEdit,
    /// The owner declines whoever asked.
    DeclineEdit {
        /// The fence that the sender saw.
        fence: Fence,
    },
    /// The owner hands the form to another editor (3.6).
    HandOver {
        /// The fence that the sender saw.
        fence: Fence,
        /// To whom.
        to: Ticket,
    },
    /// Somebody with the right to takes the form over (3.6). The right is the shell's to check.
    TakeOver {
        /// Why, in a sentence for the former owner and the audit; [`MAX_REASON`] at most.
        reason: String,
    },
    /// The owner moves the form to this window of theirs (3.5).
    MoveHere,
    /// Takes the record out of its list, whoever has it open (4.6). The right is the shell's to check; whoever does
    /// it need not be an editor.
    Delete {
        /// To where.
        kind: DeletionKind,
    },
    /// Puts it back into its list.
    Restore,
}

/// What a command is about, which says how it is carried out on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CommandClass {
    /// The draft: it waits for what was typed before, and is an owner's.
    Draft,
    /// Places in the queue: it is sent at once, and is an editor's.
    Place,
    /// The record as a whole: whoever may edit such records gives it, whether they have it open or not.
    Record,
}

/// Commands as an editor gives them. Fence, operation and version are those that are true when the command's turn to
/// be sent has come: whoever sends it fills them in.
impl FormCommand {
    /// Saves the draft.
    #[must_use]
    pub fn save() -> Self {
        Self::Save {
            fence: Fence::default(),
            op: OpId(Uuid::nil()),
            version: Version::default(),
        }
    }

    /// Throws the draft away.
    #[must_use]
    pub fn discard_draft() -> Self {
        Self::DiscardDraft {
            fence: Fence::default(),
            op: OpId(Uuid::nil()),
            rev: None,
        }
    }

    /// Restores what was discarded last.
    #[must_use]
    pub fn restore_draft() -> Self {
        Self::RestoreDraft {
            fence: Fence::default(),
            op: OpId(Uuid::nil()),
            rev: None,
        }
    }

    /// Declines whoever asked.
    #[must_use]
    pub fn decline_edit() -> Self {
        Self::DeclineEdit {
            fence: Fence::default(),
        }
    }

    /// Hands the form over.
    #[must_use]
    pub fn hand_over(to: Ticket) -> Self {
        Self::HandOver {
            fence: Fence::default(),
            to,
        }
    }
}

impl FormCommand {
    /// What it is about.
    #[must_use]
    pub fn class(&self) -> CommandClass {
        match self {
            Self::Change { .. }
            | Self::DiscardDraft { .. }
            | Self::RestoreDraft { .. }
            | Self::Save { .. }
            | Self::HandOver { .. } => CommandClass::Draft,
            Self::Focus { .. }
            | Self::RequestEdit
            | Self::DeclineEdit { .. }
            | Self::TakeOver { .. }
            | Self::MoveHere => CommandClass::Place,
            Self::Delete { .. } | Self::Restore => CommandClass::Record,
        }
    }

    /// The machine's command, of this person.
    #[must_use]
    pub fn by(self, person: Person) -> Command {
        Command::Form { person, command: self }
    }
}

/// A command to a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Takes a place in the queue; or the place reserved for this session (semantics 3.1, 3.3).
    Join {
        /// Who joins.
        person: Person,
    },
    /// Gives the place up (3.2).
    Leave,
    /// The session's connection is lost (3.3).
    Disconnected {
        /// When it was last heard of.
        since: Timestamp,
    },
    /// Somebody does something with it.
    Form {
        /// Who.
        person: Person,
        /// What.
        command: FormCommand,
    },
    /// The record's definition changed, and these of its saved values with it: a save without an owner,
    /// that leaves the draft as it is. A value that somebody saved meanwhile stays.
    Convert {
        /// The values that become others, as they were read.
        from: Values,
        /// What they become.
        values: Values,
        /// Who saved the definition.
        person: Person,
    },
    /// These people may edit this no more, and their places end at once (3.3). The shell knows why.
    Revoke {
        /// Who.
        people: BTreeSet<UserId>,
    },
    /// An admin ends the places that are reserved for somebody (7.3).
    Release {
        /// Who is away.
        person: UserId,
        /// Who ends them.
        by: Person,
    },
    /// The sign-ins of these sessions ended: their places end at once, reserved or not (7.3).
    EndPlaces {
        /// Which.
        sessions: BTreeSet<SessionId>,
    },
    /// A person has another name.
    Rename {
        /// Who, with the new name.
        person: Person,
    },
    /// Time has passed.
    Tick,
}

/// The answer to a command that was carried out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The place in the queue.
    Joined {
        /// The editor's ticket.
        ticket: Ticket,
    },
    /// The draft was changed.
    Accepted {
        /// The draft's number after it.
        rev: Rev,
    },
    /// The draft was saved.
    Saved {
        /// The saved version.
        version: Version,
    },
    /// The draft was kept, because it cannot be saved like this.
    Invalid {
        /// One error per bad field.
        errors: Vec<FieldError>,
    },
    /// Done, with nothing to tell.
    Done,
}
