//! What the server says, and what it answers.

use serde::{Deserialize, Serialize};

use super::{AnyReply, Event, FormPresence, Problem, Snapshot, Topic};
use crate::form::{FormSnapshot, Notice, Outcome};
use crate::id::{EntityId, FormKey, Rev, Seq, SessionId, Version};
use crate::live::LiveChange;
use crate::notification::NotificationBody;
use crate::person::{Account, NewSecondFactor, Person, Secret, SignInLifetime};
use crate::provider::SignInOptions;
use crate::rights::Rights;

/// What the server says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToClient {
    /// The answer to the greeting.
    Welcome {
        /// [`PROTOCOL`](super::PROTOCOL) of the server.
        protocol: u32,
        /// The server's program version.
        server: String,
        /// This connection's session; showing it again within the grace period resumes it.
        session: SessionId,
        /// How often the desktop must be heard, in milliseconds.
        heartbeat_ms: u64,
        /// After how long a silent side counts as gone, in milliseconds.
        silence_ms: u64,
        /// The ways to sign in.
        #[serde(default)]
        sign_in: SignInOptions,
    },
    /// The answer to a request.
    Answer {
        /// The request's number.
        id: u64,
        /// The answer.
        answer: Answer,
    },
    /// A request was refused, or a message could not be read.
    Refused {
        /// The request's number, if it could be read.
        id: Option<u64>,
        /// Why.
        problem: Problem,
    },
    /// Something was committed (G5).
    Event {
        /// Its place in the change log.
        seq: Seq,
        /// The topic that it was published on.
        topic: Topic,
        /// What happened.
        event: Event,
    },
    /// Who has a record or a definition open (6.2).
    Presence {
        /// The record's entity, or the one that is defined.
        entity: EntityId,
        /// The form and who has it open.
        row: FormPresence,
    },
    /// What happens at this moment is different; sent twice a second at most (7.3).
    LiveChanged {
        /// One more than that of the change before. A receiver that misses one asks for the topic again.
        seq: Seq,
        /// What is different.
        change: Box<LiveChange>,
    },
    /// A form that this session has open changed.
    Form {
        /// Which form.
        form: FormKey,
        /// What happened.
        notice: Notice,
    },
    /// What the receiver has typed and not saved is in other forms than before.
    DraftsChanged,
    /// There is something new that the receiver is told of, or they have read some of it.
    NotificationsChanged,
    /// The person's favourites are other ones.
    FavouritesChanged,
    /// What the receiver may do is different from now on. Nothing is told of what was watched and of forms that were
    /// open until they are asked for again; places that end have ended.
    RightsChanged {
        /// What they may do now.
        rights: Rights,
    },
    /// Something for the receiver alone, wherever they are.
    Personal(PersonalNotice),
    /// A request takes a while: the server is there, and works on it (G6).
    Working,
    /// The session was too slow and missed something: it must watch and join everything again (6.3).
    Resync,
}

/// What one person is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalNotice {
    /// An admin has something to say.
    Message {
        /// Who.
        from: Person,
        /// What.
        text: String,
    },
    /// For admins: sign-ins failed so often that this account waits.
    SignInsPaused {
        /// The address that was tried.
        email: String,
        /// How long, in seconds.
        seconds: u64,
    },
    /// Somebody mentioned them, or answered them.
    Notification(NotificationBody),
}

/// The answer to a request that was carried out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Done, with nothing to tell.
    Done,
    /// Signed in.
    SignedIn {
        /// Who.
        account: Account,
        /// What they may do.
        rights: Rights,
        /// Signs in again without the password; only given for a password.
        token: Option<Secret>,
        /// How long the sign-in lasts.
        lasts: SignInLifetime,
    },
    /// What an authenticator needs to know of a new second factor.
    NewSecondFactor(NewSecondFactor),
    /// Signing in takes a second factor from now on.
    SecondFactorSet {
        /// Whose.
        account: Account,
        /// What they may do.
        rights: Rights,
        /// Each works once in place of a code. They are said only now.
        recovery: Vec<Secret>,
    },
    /// Where to sign in at an identity provider.
    ProviderSignIn {
        /// Names the attempt when the person comes back; nobody else knows it.
        attempt: Secret,
        /// The page to open in the person's browser.
        address: String,
    },
    /// The topic's present state.
    Watching {
        /// Everything up to here is in the snapshot; later events follow.
        seq: Seq,
        /// The state.
        snapshot: Snapshot,
    },
    /// What happened to the topic since the sender saw it last.
    CaughtUp {
        /// Everything up to here is in it; later events follow.
        seq: Seq,
        /// Each missed event once, in order.
        events: Vec<Event>,
        /// Which of its forms are open now.
        editing: Vec<FormPresence>,
    },
    /// The reply to a query.
    Reply(AnyReply),
    /// The form was opened (3.1).
    Joined(Box<FormSnapshot>),
    /// A change was accepted, durably (4.2).
    Accepted {
        /// The draft's number after it.
        rev: Rev,
    },
    /// The draft was saved.
    Saved {
        /// The new version.
        version: Version,
    },
}

impl Answer {
    /// The answer that tells a form's outcome; an invalid draft is a problem instead.
    ///
    /// # Errors
    /// The problem with its fields.
    pub fn from_outcome(outcome: Outcome) -> Result<Self, Problem> {
        match outcome {
            Outcome::Accepted { rev } => Ok(Self::Accepted { rev }),
            Outcome::Saved { version } => Ok(Self::Saved { version }),
            Outcome::Done | Outcome::Joined { .. } => Ok(Self::Done),
            Outcome::Invalid { errors } => Err(Problem::invalid(errors)),
        }
    }
}
