//! The conversation with a provider. It blocks: a thread of its own holds it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    IdTokenClaims, IdTokenFields, IdTokenVerifier, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse as _, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{KnownProvider, ProviderError};
use crate::config::is_protected;
use crate::lock::lock;

/// How long one answer of a provider may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The largest answer of a provider that is read, in bytes.
const MAX_ANSWER: u64 = 256 * 1024;
/// How long what a provider says of itself is believed without asking again.
pub(super) const BELIEVED: Duration = Duration::from_secs(60);
/// So far the clocks of a provider and of this server may differ, in seconds.
pub(super) const SKEW: i64 = 5 * 60;
/// The longest word of a provider's that is passed on to a person, in characters.
const MAX_WORDS: usize = 200;
/// The most groups of one person that are looked at.
const MAX_GROUPS: usize = 1000;

/// What a provider says of itself: its endpoints and its keys.
pub(crate) type Metadata = CoreProviderMetadata;

/// What a provider said last of itself, and when.
#[derive(Debug, Default)]
pub(crate) struct MetadataCache(Mutex<Option<(Instant, Metadata)>>);

/// Every claim that no standard one is.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct OtherClaims {
    #[serde(flatten)]
    pub(super) by_name: BTreeMap<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

type Claims = IdTokenClaims<OtherClaims, CoreGenderClaim>;
type Fields = IdTokenFields<
    OtherClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type BatonClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A sign-in that begins.
pub(super) struct Begun {
    pub(super) state: CsrfToken,
    pub(super) nonce: Nonce,
    pub(super) verifier: PkceCodeVerifier,
    /// The page to sign in at.
    pub(super) address: String,
}

/// Somebody, as their provider vouches for them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Identity {
    /// Who they are there, for good.
    pub(crate) subject: String,
    /// Their session there, if it names one.
    pub(crate) session: Option<String>,
    /// Their address, if the provider knows that it is theirs.
    pub(crate) email: Option<String>,
    /// Their name.
    pub(crate) name: Option<String>,
    /// What the claim about groups says.
    pub(crate) groups: Vec<String>,
}

/// Why an answer of a provider was not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("{0} would not be protected on its way")]
    Unprotected(String),
    #[error(transparent)]
    Failed(#[from] ureq::Error),
}

fn fetch(request: HttpRequest) -> Result<HttpResponse, FetchError> {
    let address = url::Url::parse(&request.uri().to_string()).ok();
    if !address.as_ref().is_some_and(is_protected) {
        return Err(FetchError::Unprotected(request.uri().to_string()));
    }
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        // What a provider says goes where it says itself, and nowhere else.
        .max_redirects(0)
        .http_status_as_error(false)
        .tls_config(tls())
        .build()
        .new_agent();
    let (parts, body) = request.into_parts();
    let answer = if body.is_empty() {
        agent.run(ureq::http::Request::from_parts(parts, ()))?
    } else {
        agent.run(ureq::http::Request::from_parts(parts, body))?
    };
    let (parts, mut body) = answer.into_parts();
    let body = body.with_config().limit(MAX_ANSWER).read_to_vec()?;
    Ok(HttpResponse::from_parts(parts, body))
}

/// What this computer trusts, a company's own certificates too.
fn tls() -> ureq::tls::TlsConfig {
    let trusted = rustls_native_certs::load_native_certs().certs;
    let trusted: Vec<_> = trusted
        .iter()
        .map(|certificate| ureq::tls::Certificate::from_der(certificate).to_owned())
        .collect();
    ureq::tls::TlsConfig::builder()
        .root_certs(ureq::tls::RootCerts::new_with_certs(&trusted))
        .build()
}

impl MetadataCache {
    /// What the provider says of itself, read anew if that is longer ago than `believed`.
    pub(super) fn get(&self, provider: &KnownProvider, believed: Duration) -> Result<Metadata, ProviderError> {
        let known = lock(&self.0).clone();
        if let Some((_, metadata)) = known.filter(|(at, _)| at.elapsed() < believed) {
            return Ok(metadata);
        }
        let metadata = Metadata::discover(&provider.config.issuer, &fetch).map_err(|error| {
            let name = provider.config.name.clone();
            tracing::warn!(provider = provider.config.id, error = ?error, "a provider does not say what it is");
            let down = match &error {
                DiscoveryError::Request(why) => matches!(why, FetchError::Failed(_)),
                DiscoveryError::Response(status, ..) => status.is_server_error(),
                DiscoveryError::Parse(_)
                | DiscoveryError::UrlParse(_)
                | DiscoveryError::Validation(_)
                | DiscoveryError::Other(_)
                | _ => false,
            };
            if down {
                ProviderError::Unreachable(name)
            } else {
                ProviderError::Untrusted(name)
            }
        })?;
        *lock(&self.0) = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }
}

fn client(provider: &KnownProvider, metadata: Metadata, redirect: RedirectUrl) -> BatonClient {
    let config = &provider.config;
    let secret = config.client_secret.clone().map(ClientSecret::new);
    BatonClient::from_provider_metadata(metadata, ClientId::new(config.client_id.clone()), secret)
        .set_redirect_uri(redirect)
}

pub(super) fn begin(provider: &KnownProvider, redirect: &RedirectUrl) -> Result<Begun, ProviderError> {
    // One that is down is better said here than by the browser.
    let metadata = provider.metadata.get(provider, Duration::ZERO)?;
    let page = metadata.authorization_endpoint().url();
    if !is_protected(page) {
        tracing::warn!(provider = provider.config.id, %page, "a provider's page would not be protected");
        return Err(ProviderError::Untrusted(provider.config.name.clone()));
    }
    let client = client(provider, metadata, redirect.clone());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = CoreAuthenticationFlow::AuthorizationCode;
    let (address, state, nonce) = client
        .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(provider.config.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge)
        .url();
    Ok(Begun {
        state,
        nonce,
        verifier,
        address: address.into(),
    })
}

pub(super) fn finish(
    provider: &KnownProvider,
    code: String,
    verifier: PkceCodeVerifier,
    nonce: &Nonce,
    redirect: RedirectUrl,
) -> Result<Identity, ProviderError> {
    let config = &provider.config;
    let untrusted = |why: &dyn std::fmt::Debug| {
        tracing::warn!(provider = config.id, ?why, "a provider cannot be trusted");
        ProviderError::Untrusted(config.name.clone())
    };
    // Keys change: those of this moment are asked for.
    let client = client(provider, provider.metadata.get(provider, Duration::ZERO)?, redirect);
    let request = client.exchange_code(AuthorizationCode::new(code));
    let request = request.map_err(|error| untrusted(&error))?.set_pkce_verifier(verifier);
    let response = request.request(&fetch).map_err(|error| match error {
        RequestTokenError::Request(FetchError::Failed(why)) => {
            tracing::warn!(provider = config.id, %why, "a provider does not answer");
            ProviderError::Unreachable(config.name.clone())
        }
        RequestTokenError::ServerResponse(response) => {
            tracing::warn!(provider = config.id, ?response, "a provider refuses its own code");
            let why = response.error_description().cloned();
            ProviderError::Denied(config.name.clone(), in_one_line(&why.unwrap_or_default()))
        }
        other @ (RequestTokenError::Request(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_)) => {
            untrusted(&other)
        }
    })?;
    let token = response.id_token().ok_or_else(|| untrusted(&"no ID token"))?;
    let verifier = verifier_of(&client);
    let claims = token.claims(&verifier, nonce).map_err(|error| {
        let untrusted = untrusted(&error);
        match error {
            ClaimsVerificationError::Expired(_) => ProviderError::Clock(config.name.clone()),
            ClaimsVerificationError::InvalidAudience(_)
            | ClaimsVerificationError::InvalidAuthContext(_)
            | ClaimsVerificationError::InvalidAuthTime(_)
            | ClaimsVerificationError::InvalidIssuer(_)
            | ClaimsVerificationError::InvalidNonce(_)
            | ClaimsVerificationError::InvalidSubject(_)
            | ClaimsVerificationError::Other(_)
            | ClaimsVerificationError::SignatureVerification(_)
            | ClaimsVerificationError::Unsupported(_)
            | _ => untrusted,
        }
    })?;
    if let Some(expected) = claims.access_token_hash() {
        let (algorithm, key) = (token.signing_alg(), token.signing_key(&verifier));
        let (algorithm, key) = (algorithm.map_err(|e| untrusted(&e))?, key.map_err(|e| untrusted(&e))?);
        let actual = openidconnect::AccessTokenHash::from_token(response.access_token(), algorithm, key);
        if actual.map_err(|error| untrusted(&error))? != *expected {
            return Err(untrusted(&"the access token is another one's"));
        }
    }
    // Many providers say more there than in the token.
    let more: Option<UserInfoClaims<OtherClaims, CoreGenderClaim>> = client
        .user_info(response.access_token().clone(), Some(claims.subject().clone()))
        .ok()
        .map(|request| request.request(&fetch))
        .transpose()
        .map_err(|error| untrusted(&error))?;
    Ok(identity(provider, claims, more.as_ref()))
}

/// Returns the verifier of ID tokens, which also refuses one that was made in the future: the library leaves that open.
fn verifier_of(client: &BatonClient) -> IdTokenVerifier<'_, CoreJsonWebKey> {
    client.id_token_verifier().set_issue_time_verifier_fn(|issued| {
        let ahead = issued.timestamp() - time::OffsetDateTime::now_utc().unix_timestamp();
        if ahead > SKEW {
            return Err(format!("it was made {ahead} s in the future"));
        }
        Ok(())
    })
}

fn identity(
    provider: &KnownProvider,
    claims: &Claims,
    more: Option<&UserInfoClaims<OtherClaims, CoreGenderClaim>>,
) -> Identity {
    let other = |name: &str| {
        let first = claims.additional_claims().by_name.get(name);
        first.or_else(|| more?.additional_claims().by_name.get(name))
    };
    let groups = provider.config.groups_claim.as_deref().and_then(other);
    let groups = match groups {
        Some(Value::String(group)) => vec![group.clone()],
        Some(Value::Array(groups)) => {
            let named = groups.iter().filter_map(Value::as_str).map(str::to_owned);
            named.take(MAX_GROUPS).collect()
        }
        Some(_) | None => Vec::new(),
    };
    let verified =
        claims.email_verified().unwrap_or(false) || more.and_then(|more| more.email_verified()) == Some(true);
    let email = claims.email().or_else(|| more?.email()).filter(|_| verified);
    let name = claims.name().or_else(|| more?.name());
    let name = name.and_then(|name| name.get(None).or_else(|| name.iter().map(|(_, name)| name).next()));
    Identity {
        subject: claims.subject().to_string(),
        session: claims
            .additional_claims()
            .by_name
            .get("sid")
            .and_then(Value::as_str)
            .map(str::to_owned),
        email: email.map(|email| email.to_string()),
        name: name.map(|name| in_one_line(name)),
        groups,
    }
}

/// What a provider says, fit to be shown to a person.
pub(super) fn in_one_line(words: &str) -> String {
    let words = words.chars().map(|c| if c.is_control() { ' ' } else { c });
    words.take(MAX_WORDS).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use openidconnect::IssuerUrl;
    use serde_json::json;

    use super::*;
    use crate::config::ProviderConfig;

    fn who(change: &Value) -> Identity {
        let provider = KnownProvider {
            config: ProviderConfig {
                id: "company".into(),
                name: "Company".into(),
                issuer: IssuerUrl::new("https://login.example.org".into()).expect("an address"),
                client_id: "baton".into(),
                client_secret: None,
                scopes: Vec::new(),
                new_accounts: None,
                groups_claim: Some("groups".into()),
                groups: BTreeMap::new(),
            },
            metadata: MetadataCache::default(),
        };
        let mut claims = json!({
            "iss": "https://login.example.org", "aud": ["baton"], "exp": 2_000_000_000, "iat": 1_900_000_000,
            "sub": "42", "email": "mia@example.test", "email_verified": true, "name": "Mia\nMoor", "sid": "s",
            "groups": ["shop", 7, "everybody"],
        });
        for (name, value) in change.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(claims).expect("claims");
        identity(&provider, &claims, None)
    }

    #[test]
    fn an_address_counts_only_if_the_provider_knows_that_it_is_theirs() {
        let mia = who(&json!({}));
        assert_eq!(mia.email.as_deref(), Some("mia@example.test"));
        assert_eq!((mia.subject.as_str(), mia.session.as_deref()), ("42", Some("s")));
        assert_eq!(mia.name.as_deref(), Some("Mia Moor"), "in one line");
        for unknown in [json!(false), Value::Null] {
            assert_eq!(who(&json!({ "email_verified": unknown })).email, None);
        }
    }

    #[test]
    fn groups_are_a_list_or_a_word_and_everything_else_is_none() {
        assert_eq!(who(&json!({})).groups, ["shop", "everybody"]);
        assert_eq!(who(&json!({ "groups": "shop" })).groups, ["shop"]);
        for other in [json!(7), json!({ "a": 1 }), Value::Null] {
            assert!(who(&json!({ "groups": other })).groups.is_empty());
        }
        let many: Vec<String> = (0..2 * MAX_GROUPS).map(|number| number.to_string()).collect();
        assert_eq!(who(&json!({ "groups": many })).groups.len(), MAX_GROUPS);
    }
}
