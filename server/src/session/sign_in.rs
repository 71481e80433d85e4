//! Signing in and out (semantics 7).

use std::sync::Arc;
use std::time::Duration;

use baton_locales::say;
use baton_protocol::audit::{AccountChange, Act};
use baton_protocol::id::SignInId;
use baton_protocol::message::{Answer, Code, Problem};
use baton_protocol::person::{Account, AccountState, Person, PlaceVisibility, Secret, SignInLifetime};
use baton_protocol::rights::Rights;
use baton_protocol::time::Timestamp;

use super::Session;
use crate::admission::Refusal;
use crate::auth::Verdict;
use crate::second_factor::{Accepted, SecondFactor};
use crate::sessions::SignInEnd;
use crate::store::{ProvidedBy, SignInUse, StoreError, TokenChange, TokenWrite, UserChange, UserRow, Write};
use crate::{audit, auth, people, provided};

/// How exactly it is known when a sign-in was used last.
pub(super) const USED_PRECISION: Duration = Duration::from_secs(10 * 60);
/// So much of an address that was tried is kept, in characters.
const MAX_TRIED: usize = 254;

/// A password that was given works for a limited time.
fn ensure_in_time(user: &UserRow, now: Timestamp) -> Result<(), Problem> {
    if user.password_until.is_none_or(|until| until > now) {
        return Ok(());
    }
    let why = say::server::this_password_was_given();
    Err(Problem::new(Code::BadCredentials, why))
}

fn ended(why: Option<SignInEnd>) -> Problem {
    let sentence = why.unwrap_or(SignInEnd::Expired).sentence();
    Problem::new(Code::BadCredentials, sentence)
}

/// After so long without being told the store hears that a sign-in is in use.
pub(super) const USED_EVERY: Duration = Duration::from_secs(60 * 60);
/// After so long a token is replaced.
const TOKEN_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How somebody proved who they are.
enum Proof {
    /// By password, and with a code if the account has a second factor.
    Password(Option<TakenCode>),
    /// By an identity provider of this name.
    Provider(ProvidedBy, String),
}

/// A code of a second factor that was the right one.
struct TakenCode {
    before: SecondFactor,
    after: SecondFactor,
    accepted: Accepted,
}

impl Session {
    pub(super) async fn sign_in(
        &mut self,
        email: String,
        password: String,
        code: Option<String>,
    ) -> Result<Answer, Problem> {
        let asks_for_code = code.is_none();
        match self.try_sign_in(email, password, code).await {
            // Whoever is asked for a code has not failed.
            Err(problem) if asks_for_code && problem.code == Code::SecondFactorNeeded => Err(problem),
            result => self.count_refused(result),
        }
    }

    fn count_refused(&mut self, result: Result<Answer, Problem>) -> Result<Answer, Problem> {
        self.refused_sign_ins = match result {
            Ok(_) => 0,
            Err(_) => self.refused_sign_ins.saturating_add(1),
        };
        result
    }

    pub(super) async fn begin_provider_sign_in(&self, provider: &str, port: u16) -> Result<Answer, Problem> {
        let from = self.permit.address();
        let (attempt, address) = self.app.providers.begin(provider, port, from).await?;
        let attempt = attempt.into();
        Ok(Answer::ProviderSignIn { attempt, address })
    }

    pub(super) async fn finish_provider_sign_in(&mut self, attempt: &str, query: &str) -> Result<Answer, Problem> {
        let result = self.try_provider_sign_in(attempt, query).await;
        self.count_refused(result)
    }

    async fn try_provider_sign_in(&mut self, attempt: &str, query: &str) -> Result<Answer, Problem> {
        let (provider, identity) = self.app.providers.finish(attempt, query).await?;
        let who = identity.email.clone().unwrap_or_else(|| identity.subject.clone());
        let user = match provided::account_of(&self.app, &provider, &identity, &self.origin).await {
            Ok(user) => user,
            Err(problem) => {
                self.note_refused(&who).await?;
                return Err(problem);
            }
        };
        self.ensure_active(&user).await?;
        let provided = ProvidedBy {
            provider: provider.config.id.clone(),
            session: identity.session.clone(),
        };
        self.begin(&user, Proof::Provider(provided, provider.config.name.clone()))
            .await
    }

    async fn try_sign_in(&mut self, email: String, password: String, code: Option<String>) -> Result<Answer, Problem> {
        let user = self.app.store.user_by_email(email.trim()).await?;
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let origin = self.permit.address();
        let verdict = self.app.passwords.check(origin, &email, password, hash).await;
        let verdict = verdict.inspect_err(|_| self.permit.refused(Refusal::SignIn))?;
        let Some(user) = user.as_ref().filter(|_| verdict.is_right()) else {
            self.note_wrong(&email, user.as_ref(), verdict).await?;
            return Err(Problem::new(Code::BadCredentials, say::server::this_e_mail_address()));
        };
        self.ensure_active(user).await?;
        if let Err(problem) = ensure_in_time(user, self.app.clock.now()) {
            self.note_refused(&user.account.email).await?;
            return Err(problem);
        }
        let factor = match &user.second_factor {
            Some(factor) => Some(self.check_code(user, factor, code).await?),
            None => None,
        };
        self.begin(user, Proof::Password(factor)).await
    }

    /// Checks the code of the second factor; how the factor is before and after it.
    async fn check_code(
        &self,
        user: &UserRow,
        factor: &SecondFactor,
        code: Option<String>,
    ) -> Result<TakenCode, Problem> {
        let needed = |why| Err(Problem::new(Code::SecondFactorNeeded, why));
        let Some(code) = code else {
            return needed(say::server::enter_the_code_that());
        };
        let accept = || factor.accept(&code, self.app.clock.now());
        let (origin, email) = (self.permit.address(), &user.account.email);
        match self.app.passwords.check_code(origin, email, accept)? {
            Ok((after, accepted)) => Ok(TakenCode {
                before: factor.clone(),
                after,
                accepted,
            }),
            Err(verdict) => {
                self.note_wrong(email, Some(user), verdict).await?;
                needed(say::server::this_code_is_not())
            }
        }
    }

    /// A password or a code was wrong. Admins are told if it was one too many.
    async fn note_wrong(&self, email: &str, user: Option<&UserRow>, verdict: Verdict) -> Result<(), Problem> {
        self.note_refused(email).await?;
        match user {
            Some(user) => people::notify_of_pause(&self.app, user, &self.origin, verdict).await,
            None => Ok(()),
        }
    }

    /// Whoever proved who they are may know that their account was deactivated.
    async fn ensure_active(&self, user: &UserRow) -> Result<(), Problem> {
        if user.account.state.is_ended() {
            self.note_refused(&user.account.email).await?;
            let why = say::server::this_account_was_deactivated();
            return Err(Problem::new(Code::BadCredentials, why));
        }
        Ok(())
    }

    async fn note_refused(&self, email: &str) -> Result<(), Problem> {
        let tried = email.trim().chars().take(MAX_TRIED).collect();
        let act = Act::SignInRefused(tried);
        let entry = audit::entry(self.app.clock.now(), None, self.origin.clone(), act);
        Ok(self.app.store.write(Write::Audit(entry)).await?)
    }

    /// Makes a sign-in that lasts, and signs in with it.
    async fn begin(&mut self, user: &UserRow, proof: Proof) -> Result<Answer, Problem> {
        let token = auth::new_token();
        let hash = auth::token_hash(&token);
        let now = self.app.clock.now();
        let person = user.account.person.clone();
        let id = auth::new_sign_in();
        let entry = |act| audit::entry(now, Some(person.clone()), self.origin.clone(), act);
        let (provided, factor, audit) = match proof {
            Proof::Provider(provided, name) => (Some(provided), None, vec![entry(Act::SignedInBy(name))]),
            Proof::Password(None) => (None, None, vec![entry(Act::SignedIn)]),
            Proof::Password(Some(code)) => {
                let mut audit = vec![entry(Act::SignedIn)];
                if let Accepted::Recovery(left) = code.accepted {
                    let change = AccountChange::RecoveryCodeUsed(left);
                    audit.push(entry(Act::Account(person.clone(), change)));
                }
                (None, Some((code.before, code.after)), audit)
            }
        };
        let by_provider = provided.is_some();
        let expires = now + self.app.config.sign_in;
        let write = TokenWrite {
            id,
            hash: hash.clone(),
            user: person.id,
            epoch: user.epoch,
            at: now,
            expires,
            provided,
            second_factor: factor,
            origin: self.origin.clone(),
            audit,
        };
        match self.app.store.write(Write::Token(write)).await {
            Ok(()) => {}
            Err(StoreError::RightsChanged) => {
                let why = say::server::your_account_was_changed();
                return Err(Problem::new(Code::BadCredentials, why));
            }
            Err(error) => return Err(error.into()),
        }
        // As it is now: checking a password takes its time.
        let now = self.app.store.user_by_email(&user.account.email).await?;
        let user = now.as_ref().filter(|now| now.epoch == user.epoch).unwrap_or(user);
        self.signed_in(user, (id, hash, expires), by_provider, Some(token))
            .await
    }

    pub(super) async fn use_token(&mut self, token: &str) -> Result<Answer, Problem> {
        let hash = auth::token_hash(token);
        let now = self.app.clock.now();
        let at = people::lasting(&self.app);
        let Some((user, sign_in)) = self.app.store.user_by_token(&hash, at).await? else {
            return Err(ended(self.app.sessions.end_of_token(&hash)));
        };
        // Whoever shows the old one never heard of the new one.
        let renews = sign_in.by_old_token || sign_in.renewed + TOKEN_AGE < now;
        let renewed = renews.then(auth::new_token);
        let (in_use, tokens) = match &renewed {
            Some(token) => {
                let new = auth::token_hash(token);
                (new.clone(), TokenChange::Renew(new))
            }
            None if sign_in.has_old_token => (hash.clone(), TokenChange::EndOld),
            None => (hash.clone(), TokenChange::None),
        };
        // Desktops come back often, and all at once.
        let is_news = !matches!(tokens, TokenChange::None) || sign_in.used + USED_PRECISION < now;
        if is_news {
            let used = SignInUse {
                id: sign_in.id,
                hash,
                tokens,
                at: now,
            };
            match self.app.store.write(Write::UseSignIn(used)).await {
                Ok(()) => {}
                Err(StoreError::Missing) => return Err(ended(None)),
                Err(error) => return Err(error.into()),
            }
        }
        let sign_in_of = (sign_in.id, in_use, sign_in.expires);
        self.signed_in(&user, sign_in_of, sign_in.provided, renewed).await
    }

    /// The sign-in is in use still, however long the connection stands; told to the store if the last time is longer ago
    /// than this.
    ///
    /// # Errors
    /// The sign-in has ended.
    pub(super) async fn used_until_now(&mut self, precision: Duration) -> Result<(), Problem> {
        let now = self.app.clock.now();
        let (Some(id), Some(hash)) = (self.sign_in, self.token.clone()) else {
            return Ok(());
        };
        if self.used + precision >= now {
            return Ok(());
        }
        self.used = now;
        let used = SignInUse {
            id,
            hash,
            tokens: TokenChange::None,
            at: now,
        };
        match self.app.store.write(Write::UseSignIn(used)).await {
            Ok(()) => Ok(()),
            Err(StoreError::Missing) => {
                // The connection ends, and asks for a password when it comes back.
                people::disconnect_sign_in(&self.app, id, SignInEnd::Expired).await;
                Err(Problem::new(Code::SignInNeeded, SignInEnd::Expired.sentence()))
            }
            Err(error) => {
                tracing::warn!(%error, "when a sign-in was used last is not known");
                Ok(())
            }
        }
    }

    /// Gives whoever is signed in the password that they chose. Their other sign-ins end; this one goes on.
    pub(super) async fn change_password(&mut self, current: String, new: String) -> Result<Answer, Problem> {
        let Some(account) = self.account.clone() else {
            return Err(Problem::new(Code::SignInNeeded, say::server::sign_in_first()));
        };
        let from = self.permit.address();
        let user = people::check_password(&self.app, account.person.id, from, &self.origin, current.clone()).await?;
        ensure_in_time(&user, self.app.clock.now())?;
        if current == new {
            return Err(Problem::new(Code::Malformed, say::server::the_new_password_is()));
        }
        let user = people::choose_password(&self.app, &account, self.origin.clone(), &new).await?;
        self.epoch = user.epoch;
        if let Some(registration) = &self.registration {
            let sessions = &self.app.sessions;
            let ended = sessions.end_others(user.account.person.id, registration.session, SignInEnd::PasswordChanged);
            self.app.forms.end_places(&ended).await;
        }
        self.begin(&user, Proof::Password(None)).await
    }

    /// Begins to set up a second factor. It is none before its person has shown a code of it.
    pub(super) async fn begin_second_factor(&mut self, password: String) -> Result<Answer, Problem> {
        let person = self.signed_in_person()?.id;
        let user = people::check_password(&self.app, person, self.permit.address(), &self.origin, password).await?;
        let factor = SecondFactor::generate();
        let introduced = factor.introduce(&user.account.email).map_err(|error| {
            tracing::error!(%error, "a second factor could not be made");
            Problem::new(Code::Internal, say::server::the_server_could_not_make_a())
        })?;
        self.new_factor = Some(Box::new((person, factor)));
        Ok(Answer::NewSecondFactor(introduced))
    }

    pub(super) async fn confirm_second_factor(&mut self, code: &str) -> Result<Answer, Problem> {
        let person = self.signed_in_person()?;
        let factor = self.new_factor.as_deref().filter(|(of, _)| *of == person.id);
        let Some((_, factor)) = factor else {
            let why = say::server::the_connection_broke_meanwhile();
            return Err(Problem::new(Code::NotFound, why));
        };
        let user = people::user(&self.app, person.id).await?;
        let accept = || factor.accept(code, self.app.clock.now());
        let (origin, email) = (self.permit.address(), &user.account.email);
        let checked = self.app.passwords.check_code(origin, email, accept)?;
        if let Err(verdict) = &checked {
            people::notify_of_pause(&self.app, &user, &self.origin, *verdict).await?;
        }
        let Ok((factor, _)) = checked else {
            let why = say::server::this_code_is_not_the();
            return Err(Problem::new(Code::BadCredentials, why));
        };
        let (factor, recovery) = factor.with_recovery();
        let change = UserChange::SecondFactor(user.second_factor, Some(factor));
        let audited = AccountChange::SecondFactorSet;
        let user = people::change_own(&self.app, &person, self.origin.clone(), change, audited).await?;
        self.new_factor = None;
        let account = self.as_here(Arc::new(user.account));
        self.account = Some(Arc::clone(&account));
        Ok(Answer::SecondFactorSet {
            account: Account::clone(&account),
            rights: Rights::clone(&self.rights),
            recovery,
        })
    }

    fn signed_in_person(&self) -> Result<Person, Problem> {
        let account = self.account.as_ref();
        let account = account.ok_or_else(|| Problem::new(Code::SignInNeeded, say::server::sign_in_first()))?;
        if account.state == AccountState::PasswordGiven {
            let why = say::server::choose_a_password_of();
            return Err(Problem::new(Code::PasswordNeeded, why));
        }
        Ok(account.person.clone())
    }

    /// The account as it counts for this sign-in, by the settings.
    pub(super) fn as_here(&self, account: Arc<Account>) -> Arc<Account> {
        let config = &self.app.config;
        let lacks_factor = account.state == AccountState::Active
            && !account.second_factor
            && !self.by_provider
            && config.second_factor.includes(account.role);
        if !lacks_factor && config.may_hide {
            return account;
        }
        let mut account = Account::clone(&account);
        if lacks_factor {
            account.state = AccountState::SecondFactorMissing;
        }
        if !config.may_hide {
            account.place = PlaceVisibility::Required;
        }
        Arc::new(account)
    }

    async fn signed_in(
        &mut self,
        user: &UserRow,
        (id, hash, expires): (SignInId, Vec<u8>, Timestamp),
        by_provider: bool,
        token: Option<String>,
    ) -> Result<Answer, Problem> {
        let person = user.account.person.id;
        if self.account.as_ref().is_some_and(|before| before.person.id != person) {
            self.release_everything().await?;
        }
        self.permit.signed_in(person).map_err(|_| {
            let why = say::server::you_are_connected_too();
            Problem::new(Code::Busy, why)
        })?;
        self.app.accounts.note(user);
        if let Some(registration) = &self.registration {
            self.app.sessions.belongs(registration.session, person, id);
        }
        self.app.bus.belongs(person, &self.outgoing);
        // What changed since the store was asked is in the map, and the next request finds it there.
        self.by_provider = by_provider;
        let account = self.as_here(Arc::new(user.account.clone()));
        self.account = Some(Arc::clone(&account));
        self.rights = self.app.accounts.rights(person);
        self.epoch = user.epoch;
        self.token = Some(hash);
        self.sign_in = Some(id);
        self.used = self.app.clock.now();
        tracing::info!(email = user.account.email, address = ?self.permit.address(), "somebody signed in");
        Ok(Answer::SignedIn {
            account: Account::clone(&account),
            rights: Rights::clone(&self.rights),
            token: token.map(Secret),
            lasts: SignInLifetime {
                left_s: expires.since(self.used).as_secs(),
                idle_s: self.app.config.sign_in_idle.as_secs(),
            },
        })
    }

    pub(super) async fn sign_out(&mut self) -> Result<Answer, Problem> {
        let person = self.account.as_ref().map(|account| account.person.clone());
        self.release_everything().await?;
        self.token = None;
        match self.sign_in.take() {
            Some(sign_in) => self.sign_out_of(sign_in, person).await,
            None => Ok(Answer::Done),
        }
    }

    /// Ends a sign-in whose person wants it so. Other connections by it are as little worth.
    async fn sign_out_of(&self, sign_in: SignInId, person: Option<Person>) -> Result<Answer, Problem> {
        let entry = audit::entry(self.app.clock.now(), person, self.origin.clone(), Act::SignedOut);
        self.app.store.write(Write::EndSignIn(sign_in, entry)).await?;
        people::disconnect_sign_in(&self.app, sign_in, SignInEnd::SignedOut).await;
        Ok(Answer::Done)
    }

    /// Ends the sign-in of a token whose person signed out while the server could not be reached. A token that is worth
    /// nothing is no news.
    pub(super) async fn revoke_token(&self, token: &str) -> Result<Answer, Problem> {
        let at = people::lasting(&self.app);
        let known = self.app.store.user_by_token(&auth::token_hash(token), at).await?;
        match known {
            Some((user, sign_in)) => self.sign_out_of(sign_in.id, Some(user.account.person)).await,
            None => Ok(Answer::Done),
        }
    }

    /// Leaves every form and ends every watch: they were another person's, or the person's no more.
    pub(super) async fn release_everything(&mut self) -> Result<(), Problem> {
        for form in self.forms.keys().copied().collect::<Vec<_>>() {
            self.close_form(form).await?;
        }
        for topic in self.topics.clone() {
            self.unwatch(topic);
        }
        self.new_factor = None;
        if let Some(account) = self.account.take() {
            self.app.bus.left(account.person.id, &self.outgoing);
            if let Some(registration) = &self.registration {
                self.app.sessions.belongs_to_nobody(registration.session);
            }
        }
        Ok(())
    }
}
