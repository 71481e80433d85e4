//! What can be asked of a form, and how it is answered.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::deletion::DeletionKind;
use crate::draft::Change;
use crate::entity::Entity;
use crate::id::{Fence, OpId, Rev, Ticket, UserId, Version};
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

/// A command to a form. Commands that change the draft or save carry the fence that the sender saw
/// and an operation id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Takes a place in the queue; or the place held for this session (semantics 3.1, 3.3).
    Join {
        /// Who joins.
        person: Person,
    },
    /// Gives the place up (3.2).
    Leave,
    /// The session's connection broke (3.3).
    Broke {
        /// When it was last heard of.
        since: Timestamp,
    },
    /// The editor is now in this field.
    Focus {
        /// The field's name, or none.
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
        rev: Option<Rev>,
        /// The changes, in order.
        changes: Vec<Change>,
    },
    /// Throws the draft away (3.4).
    Discard {
        /// The fence that the sender saw.
        fence: Fence,
        /// The operation's id.
        op: OpId,
        /// The draft's number that the sender saw, as for a change.
        rev: Option<Rev>,
    },
    /// Brings back what the last discard threw away.
    Undiscard {
        /// The fence that the sender saw.
        fence: Fence,
        /// The operation's id.
        op: OpId,
        /// The draft's number that the sender saw, as for a change.
        rev: Option<Rev>,
    },
    /// Saves the draft (4.3).
    Save {
        /// The fence that the sender saw.
        fence: Fence,
        /// The operation's id.
        op: OpId,
        /// The version that the sender's picture is based on (4.4).
        version: Version,
    },
    /// A spectator asks to edit (3.6).
    Ask,
    /// The owner declines whoever asked.
    Decline {
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
    TakeOver,
    /// The owner moves the form to this window of theirs (3.5).
    MoveHere,
    /// Somebody takes the record out of its list, whoever has it open (4.6). The right is the shell's
    /// to check; whoever does it need not be an editor.
    Remove {
        /// How.
        how: DeletionKind,
        /// Who.
        person: Person,
    },
    /// Somebody brings it back.
    Restore {
        /// Who.
        person: Person,
    },
    /// The record's definition changed, and these of its saved values with it: a save without an owner,
    /// that leaves the draft as it is. Of a value that somebody saved meanwhile nothing becomes.
    Convert {
        /// The values that become others, as they were read.
        from: Values,
        /// What they become.
        values: Values,
        /// Who saved the definition.
        person: Person,
    },
    /// A person may edit this no more, and their places end at once (3.3). The shell knows why.
    Revoke {
        /// Who.
        person: UserId,
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
