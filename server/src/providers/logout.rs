//! Whoever signs out at their provider is signed out here (OpenID Connect Back-Channel Logout 1.0).

use std::str::FromStr as _;

use openidconnect::Nonce;
use serde_json::Value;

use super::client::{Token, client_of, verifier_of};
use super::{KnownProvider, ProviderError};
/// The event that says so.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The longest token that is looked at, in bytes.
const MAX_TOKEN: usize = 16 * 1024;

/// Whose sign-ins end.
pub(crate) struct Ended {
    pub(crate) subject: String,
    /// Only those of this session there.
    pub(crate) session: Option<String>,
}

/// Whom a logout token is about.
///
/// # Errors
/// It is not the provider's own, about another client, or no such token.
pub(crate) fn signed_out(provider: &KnownProvider, token: &str) -> Result<Ended, ProviderError> {
    let untrusted = |why: String| {
        tracing::warn!(provider = provider.config.id, why, "a sign-out cannot be trusted");
        ProviderError::Untrusted(provider.config.name.clone())
    };
    if token.len() > MAX_TOKEN {
        return Err(untrusted("it is too long".into()));
    }
    let token = Token::from_str(token).map_err(|error| untrusted(error.to_string()))?;
    let client = client_of(provider)?;
    let no_nonce = |nonce: Option<&Nonce>| match nonce {
        None => Ok(()),
        Some(_) => Err("a token that signs somebody in is not one that signs them out".to_owned()),
    };
    let verifier = verifier_of(&client).allow_all_jose_types();
    let claims = token
        .claims(&verifier, no_nonce)
        .map_err(|error| untrusted(error.to_string()))?;
    let other = &claims.additional_claims().by_name;
    if other.get("events").and_then(|events| events.get(LOGOUT)).is_none() {
        return Err(untrusted("it does not say that somebody signed out".into()));
    }
    Ok(Ended {
        subject: claims.subject().to_string(),
        session: other.get("sid").and_then(Value::as_str).map(str::to_owned),
    })
}
