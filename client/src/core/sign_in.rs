//! Who is signed in and at which server: what is stored of it for the next start, and until when it is good without
//! the server (semantics 7.6).

use std::time::Duration;

use baton_protocol::desktop::{self, UiEvent};
use baton_protocol::id::{SessionId, UserId};
use baton_protocol::message::ToServer;
use baton_protocol::person::{Account, AccountState, Person, Secret, SignInLifetime, UserRole};
use baton_protocol::provider::SignInOptions;
use baton_protocol::rights::Rights;
use baton_protocol::time::Timestamp;

use super::clock::Clock;
use super::{Effect, Now, Pending};
use crate::settings::{RevokedToken, Settings, SignInExpiry};

/// How often it is noted that a sign-in is in use.
const NOTE_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The sign-in, and what the next start must know of it.
#[derive(Debug)]
pub(super) struct SignIn {
    settings: Settings,
    /// The settings as they were stored last.
    stored: Settings,
    /// Who is shown as signed in, also without the server.
    account: Option<Account>,
    /// What they may do, as the server said it last.
    rights: Rights,
    /// Whose the open forms are, also while nobody is signed in.
    person: Option<UserId>,
    /// What the program was started with; used where there is no token, until it worked or cannot.
    first: Option<desktop::SignIn>,
    /// The ways to sign in at the server, as it said last.
    options: SignInOptions,
    /// Whether the server answers, over the present connection, whoever is signed in.
    active: bool,
    /// Whether an administrator chose the server.
    server_locked: bool,
}

/// What changed by an answer that somebody is signed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct SignedIn {
    /// It is somebody else than before: what is open is not theirs.
    pub(super) other_person: bool,
    /// What was seen was seen with other rights.
    pub(super) other_rights: bool,
    /// The windows do not know it yet.
    pub(super) is_news: bool,
}

impl SignIn {
    pub(super) fn new(settings: Settings) -> Self {
        let account = settings.account.clone().filter(|_| settings.token.is_some());
        Self {
            person: account.as_ref().map(|account| account.person.id),
            rights: rights_of(account.as_ref(), settings.rights.as_ref()),
            stored: settings.clone(),
            settings,
            account,
            first: None,
            options: SignInOptions::default(),
            active: false,
            server_locked: false,
        }
    }

    pub(super) fn begin_with(&mut self, first: Option<desktop::SignIn>) {
        self.first = first;
    }

    pub(super) fn lock_server(&mut self, locked: bool) {
        self.server_locked = locked;
    }

    pub(super) fn is_server_locked(&self) -> bool {
        self.server_locked
    }

    /// The server's address as it was written.
    pub(super) fn server(&self) -> Option<&str> {
        self.settings.server.as_deref()
    }

    pub(super) fn email(&self) -> Option<&str> {
        self.settings.email.as_deref()
    }

    /// The session of the last connection: places at the server may still be reserved for it.
    pub(super) fn session(&self) -> Option<SessionId> {
        self.settings.session
    }

    pub(super) fn token(&self) -> Option<&str> {
        self.settings.token.as_deref()
    }

    pub(super) fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    pub(super) fn person(&self) -> Option<UserId> {
        self.person
    }

    pub(super) fn rights(&self) -> &Rights {
        &self.rights
    }

    pub(super) fn options(&self) -> &SignInOptions {
        &self.options
    }

    /// Whether the server answers whoever is signed in, over the present connection.
    pub(super) fn is_active(&self) -> bool {
        self.active
    }

    /// Stores what the next start must know, if that is something else than before.
    pub(super) fn store_settings(&mut self) -> Option<Effect> {
        if self.settings == self.stored {
            return None;
        }
        self.stored.clone_from(&self.settings);
        Some(Effect::SaveSettings(self.settings.clone()))
    }

    /// What the windows show of it, and why if it ended.
    pub(super) fn shown(&self, why: Option<String>) -> UiEvent {
        UiEvent::Account {
            account: self.account.clone(),
            rights: self.rights.clone(),
            why,
        }
    }

    /// Another server is used. A sign-in belongs to one: whether there was another before.
    pub(super) fn set_server(&mut self, address: &str) -> bool {
        let other = self.server() != Some(address);
        if other {
            self.settings.revoke_token();
            self.first = None;
            self.settings.session = None;
            self.settings.server = Some(address.to_owned());
        }
        other
    }

    pub(super) fn set_session(&mut self, session: Option<SessionId>) {
        self.settings.session = session;
    }

    /// Whether the server offers other ways to sign in than before.
    pub(super) fn set_options(&mut self, options: &SignInOptions) -> bool {
        let changed = self.options != *options;
        self.options.clone_from(options);
        changed
    }

    /// What is sent as soon as the server greeted: the token, or what the program was started with.
    pub(super) fn begin(&self) -> Option<(ToServer, Pending)> {
        if let Some(token) = self.token() {
            let token = Secret(token.to_owned());
            return Some((ToServer::UseToken { token }, Pending::UseToken));
        }
        let desktop::SignIn { email, password, .. } = self.first.clone()?;
        let pending = Pending::FirstSignIn(email.clone());
        Some((ToServer::sign_in(email, password.into()), pending))
    }

    /// Whether somebody is about to be signed in, without having to say who they are.
    pub(super) fn is_under_way(&self, clock: Clock, online: bool) -> bool {
        let knows = self.settings.token.is_some() || self.first.is_some();
        self.account.is_none() && knows && !self.is_expired(clock, online)
    }

    /// The server says who is signed in and what they may do.
    pub(super) fn signed_in(&mut self, account: Account, rights: Rights) -> SignedIn {
        let before = self.person.replace(account.person.id);
        let other_person = before.is_some_and(|person| person != account.person.id);
        // Whoever has to choose a password of their own is answered nothing else before.
        self.active = account.state == AccountState::Active;
        let known = rights_of(Some(&account), self.settings.rights.as_ref());
        let same_person = self.settings.account.as_ref().map(|account| account.person.id) == Some(account.person.id);
        let other_rights = same_person && known != rights;
        self.settings.account = Some(account.clone());
        self.settings.rights = Some(rights.clone());
        let is_news = self.account.as_ref() != Some(&account) || self.rights != rights;
        self.account = Some(account);
        self.rights = rights;
        SignedIn {
            other_person,
            other_rights,
            is_news,
        }
    }

    /// The person may do something else from now on; whether that is news.
    pub(super) fn set_rights(&mut self, rights: Rights) -> bool {
        let news = self.rights != rights;
        if news {
            self.settings.rights = Some(rights.clone());
            self.rights = rights;
        }
        news
    }

    /// What the server says of an account, after its person changed it; whether it is the one that is signed in.
    pub(super) fn account_changed(&mut self, account: &Account) -> bool {
        let own = self.account.as_ref().map(|account| account.person.id) == Some(account.person.id);
        if own {
            self.settings.account = Some(account.clone());
            self.account = Some(account.clone());
        }
        own
    }

    /// Somebody has another name; whether it is the person who is signed in.
    pub(super) fn renamed(&mut self, person: &Person) -> bool {
        let own = self.account.as_mut().filter(|account| account.person.id == person.id);
        own.map(|account| account.person.clone_from(person)).is_some()
    }

    /// The connection is gone; whether the server answered over it.
    pub(super) fn disconnected(&mut self) -> bool {
        std::mem::take(&mut self.active)
    }

    /// Nobody is shown as signed in any more. Whose the open forms are stays known.
    pub(super) fn hide(&mut self) {
        self.active = false;
        self.account = None;
        self.rights = Rights::of_role(UserRole::None);
    }

    /// Nobody is signed in, and what is open is nobody's.
    pub(super) fn end(&mut self) {
        self.hide();
        self.person = None;
    }

    /// Nobody signs in with what is stored any more.
    pub(super) fn forget(&mut self) {
        (self.settings.token, self.settings.sign_in_expiry) = (None, None);
        self.first = None;
    }

    /// The token is worth nothing any more, as soon as its server hears of it. Returns it.
    pub(super) fn revoke(&mut self) -> Option<Secret> {
        let token = self.settings.token.clone().map(Secret);
        self.settings.revoke_token();
        token
    }

    /// This is how the next start signs in, and how long that lasts, as the server said.
    pub(super) fn remember(&mut self, clock: Clock, email: String, token: Option<Secret>, lasts: SignInLifetime) {
        self.first = None;
        self.settings.email = Some(email);
        self.settings.token = token.map(|token| token.0);
        self.settings.sign_in_expiry = Some(SignInExpiry::new(clock.wall(), lasts));
    }

    /// The sign-in was used until now.
    pub(super) fn used(&mut self, clock: Clock) {
        if let Some(expiry) = &mut self.settings.sign_in_expiry {
            *expiry = expiry.used_until(clock.wall());
        }
    }

    /// The sign-in is in use: noted about once an hour, so that the next start knows it however this one ends.
    pub(super) fn note_use(&mut self, clock: Clock) {
        let due = |expiry: &SignInExpiry| expiry.until + NOTE_INTERVAL < expiry.used_until(clock.wall()).until;
        if self.active && self.settings.sign_in_expiry.as_ref().is_some_and(due) {
            self.used(clock);
        }
    }

    /// Until when somebody may work without the server, by this computer's clock.
    pub(super) fn good_until(&self) -> Option<Timestamp> {
        let expiry = self.settings.sign_in_expiry.as_ref();
        expiry
            .filter(|_| self.settings.token.is_some())
            .map(|expiry| expiry.until)
    }

    fn expires_at(&self, clock: Clock, online: bool) -> Option<Now> {
        self.good_until().filter(|_| !online).map(|until| clock.when(until))
    }

    /// When the sign-in that is shown ends without the server having said so.
    pub(super) fn next_deadline(&self, clock: Clock, online: bool) -> Option<Now> {
        self.expires_at(clock, online).filter(|_| self.account.is_some())
    }

    /// Whether the sign-in is over, as far as is known without the server.
    pub(super) fn is_expired(&self, clock: Clock, online: bool) -> bool {
        self.expires_at(clock, online).is_some_and(|end| end <= clock.now)
    }

    /// The tokens that the server in use does not know to be worth nothing.
    pub(super) fn revoked(&self) -> Vec<Secret> {
        let here = |revoked: &&RevokedToken| Some(&revoked.server) == self.settings.server.as_ref();
        let revoked = self.settings.revoked.iter().filter(here);
        revoked.map(|revoked| revoked.token.clone()).collect()
    }

    /// The server knows that a token is worth nothing.
    pub(super) fn token_revoked(&mut self, token: &Secret) {
        self.settings.revoked.retain(|revoked| revoked.token != *token);
    }
}

/// What somebody may do as far as it was kept; a program of before kept only the role.
fn rights_of(account: Option<&Account>, kept: Option<&Rights>) -> Rights {
    let role = account.map_or(UserRole::None, |account| account.role);
    kept.filter(|_| account.is_some())
        .cloned()
        .unwrap_or_else(|| Rights::of_role(role))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn account(name: &str) -> Account {
        let person = Person {
            id: UserId(Uuid::from_u128(u128::from(name.as_bytes()[0]))),
            name: name.into(),
        };
        Account::new(person, format!("{name}@example.com"), UserRole::Editor)
    }

    #[test]
    fn what_an_answer_changes_is_said_and_stored_once() {
        let rights = Rights::of_role(UserRole::Editor);
        let mut sign_in = SignIn::new(Settings::default());
        let first = sign_in.signed_in(account("Anna"), rights.clone());
        assert_eq!(
            (first.other_person, first.other_rights, first.is_news),
            (false, false, true)
        );
        assert!(sign_in.store_settings().is_some());
        let again = sign_in.signed_in(account("Anna"), rights.clone());
        assert_eq!(
            (again.other_person, again.other_rights, again.is_news),
            (false, false, false)
        );
        assert!(sign_in.store_settings().is_none());
        let less = sign_in.signed_in(account("Anna"), Rights::of_role(UserRole::Viewer));
        assert_eq!(
            (less.other_person, less.other_rights, less.is_news),
            (false, true, true)
        );
        let other = sign_in.signed_in(account("Ben"), rights);
        assert_eq!((other.other_person, other.is_news), (true, true));
    }

    #[test]
    fn whoever_is_hidden_is_still_whose_the_open_forms_are() {
        let mut sign_in = SignIn::new(Settings::default());
        sign_in.signed_in(account("Anna"), Rights::of_role(UserRole::Editor));
        sign_in.hide();
        assert_eq!((sign_in.account(), sign_in.is_active()), (None, false));
        assert_eq!(sign_in.person(), Some(account("Anna").person.id));
        sign_in.end();
        assert_eq!(sign_in.person(), None);
    }

    #[test]
    fn another_server_gets_no_token_of_this_one() {
        let settings = Settings {
            server: Some("one".into()),
            token: Some("secret".into()),
            ..Settings::default()
        };
        let mut sign_in = SignIn::new(settings);
        assert!(!sign_in.set_server("one"));
        assert!(sign_in.token().is_some());
        assert!(sign_in.set_server("other"));
        assert_eq!(sign_in.token(), None);
        assert!(sign_in.revoked().is_empty(), "the other server hears nothing of it");
        sign_in.set_server("one");
        assert_eq!(sign_in.revoked(), [Secret("secret".into())]);
    }
}
