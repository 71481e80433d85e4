//! Identity providers: signing in by OpenID Connect, in the system's browser, with PKCE (semantics 7.6).
//!
//! The server is the provider's client: the desktop opens the page, hears on a loopback port that the person came back,
//! and passes on what they came back with. Whatever is sent to a provider or comes from it has a bound in size and time.

mod client;
mod logout;

use baton_locales::{Text, say};
use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_protocol::message::{Code, Problem};
use baton_protocol::provider::{self, SignInOptions};
use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier, RedirectUrl};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::form_urlencoded;

use crate::config::ProviderConfig;
use crate::lock::lock;

pub(crate) use client::{Identity, MetadataCache};
pub(crate) use logout::signed_out;

/// How long somebody may take at the provider.
const ATTEMPT: Duration = Duration::from_secs(10 * 60);
/// So many may be under way, and from one address; of more the oldest are forgotten.
const MAX_ATTEMPTS: usize = 5000;
const MAX_PER_ADDRESS: usize = 50;
/// How many conversations with providers are held at once, and how long the next one waits for its turn.
const CONVERSATIONS: usize = 8;
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why nobody signed in at a provider.
#[derive(Debug)]
pub(crate) enum ProviderError {
    Unknown,
    Expired,
    OtherAttempt,
    Denied(String, String),
    Unreachable(String),
    Untrusted(String),
    Clock(String),
    Busy,
}

impl ProviderError {
    fn text(&self) -> Text {
        match self {
            Self::Unknown => say::server::provider_unknown(),
            Self::Expired => say::server::provider_too_late(),
            Self::OtherAttempt => say::server::provider_other_attempt(),
            Self::Denied(provider, why) => say::server::provider_denied(provider, why),
            Self::Unreachable(provider) => say::server::provider_unreachable(provider),
            Self::Untrusted(provider) => say::server::provider_untrusted(provider),
            Self::Clock(provider) => say::server::provider_clock(provider),
            Self::Busy => say::server::many_people_are_signing(),
        }
    }
}

impl From<ProviderError> for Problem {
    fn from(error: ProviderError) -> Self {
        let code = match error {
            ProviderError::Unreachable(_) | ProviderError::Busy => Code::Busy,
            ProviderError::Unknown => Code::NotFound,
            ProviderError::Expired
            | ProviderError::OtherAttempt
            | ProviderError::Denied(..)
            | ProviderError::Untrusted(_)
            | ProviderError::Clock(_) => Code::BadCredentials,
        };
        Self::new(code, error.text())
    }
}

/// Somebody who was sent to a provider and may come back.
#[derive(Debug)]
struct Attempt {
    id: String,
    from: Option<IpAddr>,
    provider: Arc<KnownProvider>,
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    redirect: RedirectUrl,
    began: Instant,
}

/// A provider, and what it said last of itself.
#[derive(Debug)]
pub(crate) struct KnownProvider {
    pub(crate) config: ProviderConfig,
    pub(crate) metadata: MetadataCache,
}

/// All providers, and who is on the way to one; cheap to clone.
#[derive(Clone, Debug)]
pub struct Providers {
    all: Arc<[Arc<KnownProvider>]>,
    attempts: Arc<Mutex<VecDeque<Attempt>>>,
    conversations: Arc<Semaphore>,
}

impl Providers {
    pub(crate) fn new(configs: &[ProviderConfig]) -> Self {
        let known = |config: &ProviderConfig| {
            Arc::new(KnownProvider {
                config: config.clone(),
                metadata: MetadataCache::default(),
            })
        };
        Self {
            all: configs.iter().map(known).collect(),
            attempts: Arc::default(),
            conversations: Arc::new(Semaphore::new(CONVERSATIONS)),
        }
    }

    /// The ways to sign in, as a desktop shows them.
    pub(crate) fn options(&self, help: Option<String>) -> SignInOptions {
        let shown = |known: &Arc<KnownProvider>| provider::Provider {
            id: known.config.id.clone(),
            name: known.config.name.clone(),
        };
        SignInOptions {
            providers: self.all.iter().map(shown).collect(),
            help,
        }
    }

    pub(crate) fn find(&self, id: &str) -> Result<Arc<KnownProvider>, ProviderError> {
        let known = self.all.iter().find(|known| known.config.id == id);
        known.cloned().ok_or(ProviderError::Unknown)
    }

    /// Begins to sign somebody in: what names the attempt, and the page that they sign in at.
    ///
    /// # Errors
    /// There is no such provider, or it does not answer.
    pub(crate) async fn begin(
        &self,
        id: &str,
        port: u16,
        from: Option<IpAddr>,
    ) -> Result<(String, String), ProviderError> {
        let provider = self.find(id)?;
        let redirect = RedirectUrl::new(format!("http://127.0.0.1:{port}/")).map_err(|_| ProviderError::Unknown)?;
        let (begun, redirect) = self
            .converse({
                let provider = Arc::clone(&provider);
                move || client::begin(&provider, &redirect).map(|begun| (begun, redirect))
            })
            .await?;
        let attempt = Attempt {
            id: crate::auth::new_token(),
            from,
            provider,
            state: begun.state,
            nonce: begun.nonce,
            verifier: begun.verifier,
            redirect,
            began: Instant::now(),
        };
        let named = attempt.id.clone();
        self.remember(attempt);
        Ok((named, begun.address))
    }

    fn remember(&self, attempt: Attempt) {
        let mut attempts = lock(&self.attempts);
        attempts.retain(|other| other.began.elapsed() < ATTEMPT);
        let from_there = attempts.iter().filter(|other| other.from == attempt.from).count();
        if from_there >= MAX_PER_ADDRESS {
            let oldest = attempts.iter().position(|other| other.from == attempt.from);
            oldest.and_then(|oldest| attempts.remove(oldest));
        }
        if attempts.len() >= MAX_ATTEMPTS {
            attempts.pop_front();
        }
        attempts.push_back(attempt);
    }

    /// Who came back from a provider, as it vouches for them. An attempt ends with it, whatever comes of it.
    ///
    /// # Errors
    /// They came back from elsewhere, too late or for the second time; the provider refused them, or what it says
    /// cannot be trusted.
    pub(crate) async fn finish(&self, id: &str, query: &str) -> Result<(Arc<KnownProvider>, Identity), ProviderError> {
        let attempt = self.take(id)?;
        let code = code_for(&attempt, query)?;
        let provider = Arc::clone(&attempt.provider);
        let identity = self
            .converse(move || {
                let Attempt {
                    provider,
                    nonce,
                    verifier,
                    redirect,
                    ..
                } = attempt;
                client::finish(&provider, code, verifier, &nonce, redirect)
            })
            .await?;
        Ok((provider, identity))
    }

    fn take(&self, id: &str) -> Result<Attempt, ProviderError> {
        let mut attempts = lock(&self.attempts);
        attempts.retain(|attempt| attempt.began.elapsed() < ATTEMPT);
        let place = attempts.iter().position(|attempt| attempt.id == id);
        place
            .and_then(|place| attempts.remove(place))
            .ok_or(ProviderError::Expired)
    }

    /// Talks to a provider on a thread of its own: networks and signatures take their time.
    pub(crate) async fn converse<T: Send + 'static>(
        &self,
        talk: impl FnOnce() -> Result<T, ProviderError> + Send + 'static,
    ) -> Result<T, ProviderError> {
        let permit = tokio::time::timeout(TIMEOUT, Arc::clone(&self.conversations).acquire_owned()).await;
        let permit = permit.map_err(|_| ProviderError::Busy)?;
        let talk = move || {
            let result = talk();
            drop(permit);
            result
        };
        tokio::task::spawn_blocking(talk)
            .await
            .unwrap_or(Err(ProviderError::Busy))
    }
}

/// The code that the provider sent the person back with.
fn code_for(attempt: &Attempt, query: &str) -> Result<String, ProviderError> {
    if query.len() > provider::MAX_ANSWER {
        return Err(ProviderError::OtherAttempt);
    }
    let answer = |name: &str| {
        let mut parts = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
        parts.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    if answer("state").as_deref() != Some(attempt.state.secret().as_str()) {
        return Err(ProviderError::OtherAttempt);
    }
    answer("code").ok_or_else(|| {
        let why = answer("error_description")
            .or_else(|| answer("error"))
            .unwrap_or_default();
        ProviderError::Denied(attempt.provider.config.name.clone(), client::in_one_line(&why))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(providers: &Providers, id: usize, last: u8) -> Attempt {
        Attempt {
            id: id.to_string(),
            from: Some(IpAddr::from([10, 0, 0, last])),
            provider: Arc::clone(&providers.all[0]),
            state: CsrfToken::new("state".into()),
            nonce: Nonce::new("nonce".into()),
            verifier: PkceCodeVerifier::new("verifier".into()),
            redirect: RedirectUrl::new("http://127.0.0.1:1/".into()).expect("an address"),
            began: Instant::now(),
        }
    }

    fn providers() -> Providers {
        let config = ProviderConfig {
            id: "company".into(),
            name: "Company".into(),
            issuer: openidconnect::IssuerUrl::new("http://127.0.0.1:1".into()).expect("an address"),
            client_id: "baton".into(),
            client_secret: None,
            scopes: Vec::new(),
            new_accounts: None,
            groups_claim: None,
            groups: Default::default(),
        };
        Providers::new(&[config])
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_is_used_once_in_time_and_by_whoever_began_it() {
        let providers = providers();
        let finish = async |id: &str, query: &str| providers.finish(id, query).await.expect_err("nobody is there");
        providers.remember(attempt(&providers, 1, 1));
        assert!(matches!(finish("2", "").await, ProviderError::Expired));
        assert!(matches!(
            finish("1", "code=c&state=other").await,
            ProviderError::OtherAttempt
        ));
        assert!(matches!(
            finish("1", "code=c&state=state").await,
            ProviderError::Expired
        ));
        providers.remember(attempt(&providers, 3, 1));
        let denied = finish("3", "?state=state&error=access_denied&error_description=Not%20you").await;
        assert_eq!(denied.text().english(), "Company did not sign you in: Not you");
        providers.remember(attempt(&providers, 4, 1));
        tokio::time::advance(ATTEMPT).await;
        assert!(matches!(
            finish("4", "code=c&state=state").await,
            ProviderError::Expired
        ));
        providers.remember(attempt(&providers, 5, 1));
        // Nothing listens at this port.
        let down = finish("5", "code=c&state=state").await;
        assert!(matches!(down, ProviderError::Unreachable(_)), "{down:?}");
    }

    #[tokio::test]
    async fn a_flood_of_attempts_from_one_address_forgets_its_own() {
        let providers = providers();
        providers.remember(attempt(&providers, 0, 1));
        for id in 1..=2 * MAX_PER_ADDRESS {
            providers.remember(attempt(&providers, id, 2));
        }
        assert_eq!(lock(&providers.attempts).len(), MAX_PER_ADDRESS + 1);
        assert!(providers.take("0").is_ok(), "who came from elsewhere is not forgotten");
        assert!(providers.take("1").is_err());
    }
}
