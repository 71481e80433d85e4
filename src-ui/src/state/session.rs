//! Who is signed in, and whether the server is reached.

use baton_protocol::desktop::{Destination, Link, OutboxEntry, Started, UiEvent, UpdateState};
use baton_protocol::id::EntityId;
use baton_protocol::invitation::Invitation;
use baton_protocol::message::{PersonalNotice, Problem};
use baton_protocol::notification::NotificationBody;
use baton_protocol::person::{Account, AccountState, Secret};
use baton_protocol::provider::SignInOptions;
use baton_protocol::rights::Rights;

/// What every page may ask about.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) enum Session {
    /// The shell has not answered yet.
    #[default]
    Starting,
    /// The shell does not answer.
    Failed(Problem),
    /// It has.
    Started(Box<SessionState>),
}

/// The state once the shell has answered.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct SessionState {
    /// The server's address, if one was given.
    pub(crate) server: Option<String>,
    /// The connection.
    pub(crate) link: Link,
    /// Who is signed in.
    pub(crate) account: Option<Account>,
    /// What they may do.
    pub(crate) rights: Rights,
    /// Whether a kept sign-in is being tried.
    pub(crate) signing_in: bool,
    /// What the sign-in page begins with.
    pub(crate) email: String,
    /// The ways to sign in at the server.
    pub(crate) sign_in: SignInOptions,
    /// The invitation that somebody opened and has not accepted yet.
    pub(crate) invitation: Option<Invitation>,
    /// Why somebody was signed out, if they did not ask for it.
    pub(crate) why: Option<String>,
    /// Grows whenever what the person is told of is something else.
    pub(crate) notifications: u64,
    /// Grows whenever the favourites are other ones.
    pub(crate) favourites: u64,
    /// What the server does not have yet.
    pub(crate) outbox: Vec<OutboxEntry>,
    /// The last thing that was told wherever the person is, and its number.
    pub(crate) toast: Option<(u64, ToastContent)>,
    /// The recovery codes of a new second factor, until their person has noted them.
    pub(crate) recovery: Vec<Secret>,
    /// Where the shell said to go last, and its number.
    pub(crate) go: Option<(u64, Destination)>,
    /// How the update of this program stands.
    pub(crate) update: UpdateState,
    /// Whether an administrator chose the server.
    pub(crate) server_locked: bool,
    /// Why the window does not close, and whether something would be lost if it did.
    pub(crate) close_asked: Option<(String, bool)>,
}

/// What is told wherever the person is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ToastContent {
    /// For a while.
    Brief(String),
    /// For a while, with the way there: it stays in the inbox.
    Notified(NotificationBody),
    /// Until they close it.
    Staying(PersonalNotice),
}

/// What changes it.
#[derive(Clone, Debug)]
pub(crate) enum SessionAction {
    /// The shell answered, or not.
    Started(Result<Started, Problem>),
    /// The shell tells something.
    Event(UiEvent),
    /// The user gave an address.
    Server(String),
    /// The user signs in otherwise than by the invitation.
    InvitationDone,
    /// A second factor was set up, with these recovery codes; none: they were noted.
    RecoveryCodes(Vec<Secret>),
    /// The user stays although the window was asked to close.
    Stay,
}

impl Session {
    /// The state after the action.
    pub(crate) fn after(mut self, action: SessionAction) -> Self {
        match (&mut self, action) {
            (_, SessionAction::Started(Err(problem))) => return Self::Failed(problem),
            (_, SessionAction::Started(Ok(started))) => {
                return Self::Started(Box::new(SessionState {
                    server: started.server,
                    link: started.link,
                    account: started.account,
                    rights: started.rights,
                    signing_in: started.signing_in,
                    email: started.email,
                    sign_in: started.sign_in,
                    invitation: None,
                    why: None,
                    notifications: 0,
                    favourites: 0,
                    outbox: started.outbox,
                    toast: started.store_problem.map(|text| (1, ToastContent::Brief(text))),
                    recovery: Vec::new(),
                    go: None,
                    update: UpdateState::default(),
                    server_locked: started.server_locked,
                    close_asked: None,
                }));
            }
            (Self::Started(state), SessionAction::Event(event)) => state.apply(event),
            (Self::Started(state), SessionAction::Server(server)) => state.server = Some(server),
            (Self::Started(state), SessionAction::InvitationDone) => state.invitation = None,
            (Self::Started(state), SessionAction::RecoveryCodes(codes)) => state.recovery = codes,
            (Self::Started(state), SessionAction::Stay) => state.close_asked = None,
            (Self::Starting | Self::Failed(_), _) => {}
        }
        self
    }
}

impl SessionState {
    /// Whether the server was tried and cannot be reached.
    pub(crate) fn offline(&self) -> bool {
        match self.link {
            Link::Waiting { .. } | Link::NoServer | Link::WrongVersion { .. } => true,
            Link::Connecting | Link::Live => false,
        }
    }

    /// What the server does not have yet of an entity's records.
    pub(crate) fn waiting_of(&self, entity: EntityId) -> impl Iterator<Item = &OutboxEntry> {
        self.outbox.iter().filter(move |waiting| waiting.entity == Some(entity))
    }

    fn push_toast(&mut self, what: ToastContent) {
        let number = self.toast.as_ref().map_or(1, |(number, _)| number + 1);
        self.toast = Some((number, what));
    }

    fn apply(&mut self, event: UiEvent) {
        match event {
            UiEvent::Link(link) => self.link = link,
            UiEvent::SignInOptions(options) => self.sign_in = options,
            UiEvent::Account { account, rights, why } => {
                self.rights = rights;
                if let Some(account) = &account {
                    // Until its person has a password of their own.
                    self.invitation
                        .take_if(|_| account.state != AccountState::PasswordGiven);
                    self.email.clone_from(&account.email);
                }
                self.account = account;
                self.why = why;
                self.signing_in = false;
            }
            UiEvent::Outbox(outbox) => self.outbox = outbox,
            UiEvent::OutboxChanged { form, waits } => {
                self.outbox.retain(|waiting| waiting.form != form);
                self.outbox.extend(waits);
                self.outbox.sort_by_key(|waiting| waiting.form);
            }
            UiEvent::Toast(text) => self.push_toast(ToastContent::Brief(text)),
            UiEvent::NotificationsChanged => self.notifications += 1,
            UiEvent::FavouritesChanged => self.favourites += 1,
            UiEvent::Personal(PersonalNotice::Notification(body)) => self.push_toast(ToastContent::Notified(body)),
            UiEvent::Personal(notice) => self.push_toast(ToastContent::Staying(notice)),
            UiEvent::Invitation(invitation) => self.invitation = Some(invitation),
            UiEvent::Navigate(destination) => {
                let number = self.go.as_ref().map_or(1, |(number, _)| number + 1);
                self.go = Some((number, destination));
            }
            UiEvent::Update(update) => self.update = update,
            UiEvent::Closing | UiEvent::Alert(_) => {}
            UiEvent::CloseAsked { why, loses } => self.close_asked = Some((why, loses)),
            UiEvent::Topic { .. } | UiEvent::Form { .. } => {}
        }
    }
}
