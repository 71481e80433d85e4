//! Whoever signs out at their provider is signed out here (OpenID Connect Back-Channel Logout 1.0).
//!
//! A logout token is no ID token: it may name a session alone, and nobody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey as _, JsonWebKeyId, JwsSigningAlgorithm as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::{BELIEVED, Metadata, SKEW};
use super::{KnownProvider, ProviderError};
use crate::store::ProvidedScope;

/// The event that says so.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The longest token that is looked at, in bytes.
const MAX_TOKEN: usize = 16 * 1024;

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<JsonWebKeyId>,
    /// What whoever does not know it must not pass over; nothing is known.
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: f64,
    exp: f64,
    sub: Option<String>,
    sid: Option<String>,
    #[serde(default)]
    events: serde_json::Map<String, Value>,
    nonce: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn includes(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Many(many) => many.iter().any(|one| one == client),
        }
    }
}

/// Which sign-ins a logout token ends.
///
/// # Errors
/// It is not the provider's own, about another client, or no such token.
pub(crate) fn signed_out(provider: &KnownProvider, token: &str) -> Result<ProvidedScope, ProviderError> {
    let metadata = provider.metadata.get(provider, BELIEVED)?;
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let secret = provider.config.client_secret.as_deref();
    read(token, &metadata, (&provider.config.client_id, secret), now).map_err(|why| {
        tracing::warn!(provider = provider.config.id, why, "a sign-out cannot be trusted");
        ProviderError::Untrusted(provider.config.name.clone())
    })
}

/// Reads a token and checks it, at this second since the epoch.
fn read(
    token: &str,
    metadata: &Metadata,
    (client, secret): (&str, Option<&str>),
    now: i64,
) -> Result<ProvidedScope, String> {
    if token.len() > MAX_TOKEN {
        return Err("it is too long".into());
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        return Err("it is no signed token".into());
    };
    check_signature(
        &part::<Header>(header)?,
        &token[..header.len() + 1 + claims.len()],
        &bytes(signature)?,
        (metadata, secret),
    )?;
    let claims: Claims = part(claims)?;
    let faults = [
        (claims.iss != metadata.issuer().as_str(), "it is another provider's"),
        (!claims.aud.includes(client), "it is for another client"),
        (claims.iat > seconds(now + SKEW), "it was made in the future"),
        (claims.exp < seconds(now - SKEW), "it is too old"),
        (claims.nonce.is_some(), "it signs somebody in, and not out"),
        (
            !claims.events.contains_key(LOGOUT),
            "it does not say that somebody signed out",
        ),
    ];
    if let Some((_, why)) = faults.into_iter().find(|(is_so, _)| *is_so) {
        return Err(why.into());
    }
    match (claims.sub, claims.sid) {
        (Some(subject), Some(session)) => Ok(ProvidedScope::SubjectInSession(subject, session)),
        (Some(subject), None) => Ok(ProvidedScope::Subject(subject)),
        (None, Some(session)) => Ok(ProvidedScope::Session(session)),
        (None, None) => Err("it names nobody and no session".into()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds since the epoch")]
fn seconds(at: i64) -> f64 {
    at as f64
}

/// Checks that the provider signed this, by a key of its own, or by the secret that it shares with this client, and in a
/// way that it says it uses.
fn check_signature(
    header: &Header,
    signed: &str,
    signature: &[u8],
    (metadata, secret): (&Metadata, Option<&str>),
) -> Result<(), String> {
    let used = metadata.id_token_signing_alg_values_supported();
    if !used.contains(&header.alg) || header.crit.is_some() {
        return Err("it is not signed as the provider signs".into());
    }
    if header.alg.uses_shared_secret() {
        let key = secret.map(|secret| CoreJsonWebKey::new_symmetric(secret.as_bytes().to_vec()));
        let verified = key.is_some_and(|key| key.verify_signature(&header.alg, signed.as_bytes(), signature).is_ok());
        return verified
            .then_some(())
            .ok_or_else(|| "the shared secret did not sign it".into());
    }
    let is_meant = |key: &&CoreJsonWebKey| header.kid.is_none() || key.key_id() == header.kid.as_ref();
    let verifies = |key: &CoreJsonWebKey| key.verify_signature(&header.alg, signed.as_bytes(), signature).is_ok();
    let keys = metadata.jwks().keys();
    if keys.iter().filter(is_meant).any(verifies) {
        Ok(())
    } else {
        Err("no key of the provider signed it".into())
    }
}

fn bytes(part: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD.decode(part).map_err(|error| error.to_string())
}

fn part<T: DeserializeOwned>(part: &str) -> Result<T, String> {
    serde_json::from_slice(&bytes(part)?).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreResponseType, CoreSubjectIdentifierType};
    use openidconnect::{
        AuthUrl, EmptyAdditionalProviderMetadata, IssuerUrl, JsonWebKeySet, JsonWebKeySetUrl, PrivateSigningKey as _,
        ResponseTypes,
    };
    use serde_json::json;

    use super::*;

    /// A key of these tests alone.
    const KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIOeHYCzZ44nz46Pa2DZoEY1wGNCpTvUl+Gd/orABjH5N
-----END PRIVATE KEY-----
";
    const NOW: i64 = 1_700_000_000;

    fn key() -> CoreEdDsaPrivateSigningKey {
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(KEY, Some(JsonWebKeyId::new("one".into()))).expect("a key")
    }

    fn metadata(algorithms: Vec<CoreJwsSigningAlgorithm>) -> Metadata {
        let url = "https://login.example.org/";
        Metadata::new(
            IssuerUrl::new(url.into()).expect("an address"),
            AuthUrl::new(url.into()).expect("an address"),
            JsonWebKeySetUrl::new(url.into()).expect("an address"),
            vec![ResponseTypes::new(vec![CoreResponseType::Code])],
            vec![CoreSubjectIdentifierType::Public],
            algorithms,
            EmptyAdditionalProviderMetadata {},
        )
        .set_jwks(JsonWebKeySet::new(vec![key().as_verification_key()]))
    }

    fn claims() -> Value {
        json!({
            "iss": "https://login.example.org/", "aud": "baton", "iat": NOW, "exp": NOW + 120,
            "sub": "anna", "sid": "s1", "events": {LOGOUT: {}},
        })
    }

    /// The token of these claims.
    fn token(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = key()
            .sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes())
            .expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn header() -> Value {
        json!({"alg": "EdDSA", "kid": "one", "typ": "logout+jwt"})
    }

    fn read_now(token: &str) -> Result<ProvidedScope, String> {
        read(
            token,
            &metadata(vec![CoreJwsSigningAlgorithm::EdDsa]),
            ("baton", None),
            NOW,
        )
    }

    /// What is read of the claims after a change of one of them; `null` takes it away.
    fn changed(name: &str, value: Value) -> Result<ProvidedScope, String> {
        let mut claims = claims();
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value;
        }
        read_now(&token(&header(), &claims))
    }

    #[test]
    fn a_token_names_a_person_a_session_or_both() {
        let both = ProvidedScope::SubjectInSession("anna".into(), "s1".into());
        assert_eq!(read_now(&token(&header(), &claims())), Ok(both.clone()));
        assert_eq!(changed("sid", Value::Null), Ok(ProvidedScope::Subject("anna".into())));
        assert_eq!(changed("sub", Value::Null), Ok(ProvidedScope::Session("s1".into())));
        assert_eq!(changed("aud", json!(["other", "baton"])), Ok(both));
    }

    #[test]
    fn whatever_else_it_says_is_refused() {
        for (name, value, why) in [
            ("iss", json!("https://evil.example.org/"), "another provider"),
            ("aud", json!("other"), "another client"),
            ("aud", json!([]), "another client"),
            ("iat", json!(NOW + SKEW + 1), "future"),
            ("exp", json!(NOW - SKEW - 1), "too old"),
            ("exp", Value::Null, "missing field"),
            ("nonce", json!("n"), "signs somebody in"),
            ("events", json!({}), "does not say"),
            ("events", Value::Null, "does not say"),
        ] {
            let refused = changed(name, value.clone()).expect_err(name);
            assert!(refused.contains(why), "{name} {value}: {refused}");
        }
        let mut nobody = claims();
        nobody["sub"] = Value::Null;
        nobody["sid"] = Value::Null;
        let refused = read_now(&token(&header(), &nobody)).expect_err("names nobody");
        assert!(refused.contains("nobody"), "{refused}");
    }

    #[test]
    fn what_the_provider_did_not_sign_is_refused() {
        let sound = token(&header(), &claims());
        let (signed, signature) = sound.rsplit_once('.').expect("three parts");
        let mut other = claims();
        other["sub"] = json!("ben");
        let swapped = token(&header(), &other);
        let (swapped, _) = swapped.rsplit_once('.').expect("three parts");
        for token in [
            format!("{swapped}.{signature}"),
            format!("{signed}."),
            token(&json!({"alg": "none"}), &claims()),
            token(&json!({"alg": "HS256"}), &claims()),
            token(&json!({"alg": "EdDSA", "kid": "two"}), &claims()),
            token(&json!({"alg": "EdDSA", "kid": "one", "crit": ["x"]}), &claims()),
            signed.to_owned(),
            format!("{sound}.more"),
            "x".repeat(MAX_TOKEN + 1),
            String::new(),
        ] {
            assert!(read_now(&token).is_err(), "{token:.80}");
        }
        let other_way = metadata(vec![CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256]);
        assert!(
            read(&sound, &other_way, ("baton", None), NOW).is_err(),
            "it does not sign so"
        );
    }
    #[test]
    fn a_provider_that_signs_by_the_shared_secret_is_believed_by_that_alone() {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({"alg": "HS256"})), part(&claims()));
        let key = openidconnect::core::CoreHmacKey::new("a shared secret of two");
        let signature = key
            .sign(&CoreJwsSigningAlgorithm::HmacSha256, signed.as_bytes())
            .expect("signed");
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        let metadata = metadata(vec![CoreJwsSigningAlgorithm::HmacSha256]);
        let read = |secret| read(&token, &metadata, ("baton", secret), NOW);
        assert!(read(Some("a shared secret of two")).is_ok());
        assert!(read(Some("another")).is_err() && read(Some("")).is_err() && read(None).is_err());
    }
}
