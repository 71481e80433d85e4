//! From an HTTP request to a WebSocket (RFC 6455, section 4.2).

use axum::extract::Request;
use axum::http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::Socket;

/// Answers the request; once the answer is out, the socket is served by a task of its own.
pub(crate) fn upgrade<F>(
    mut request: Request,
    limit: usize,
    serve: impl FnOnce(Socket) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let headers = request.headers();
    let key = match asked(headers) {
        Ok(key) => derive_accept_key(key.as_bytes()),
        Err(why) => return refusal(why),
    };
    let Ok(key) = HeaderValue::from_str(&key) else {
        return refusal("the key of the handshake cannot be answered");
    };
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        match upgraded.await {
            Ok(stream) => serve(Socket::new(TokioIo::new(stream), limit)).await,
            Err(error) => tracing::debug!(%error, "a connection ended before it was a WebSocket"),
        }
    });
    let headers = [
        (CONNECTION, HeaderValue::from_static("Upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (SEC_WEBSOCKET_ACCEPT, key),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// The key of a fit request.
fn asked(headers: &HeaderMap) -> Result<&HeaderValue, &'static str> {
    if !says(headers, CONNECTION, "upgrade") {
        return Err("the header Connection does not say Upgrade; a proxy between may have taken it away");
    }
    if !says(headers, UPGRADE, "websocket") {
        return Err("the header Upgrade does not say websocket; a proxy between may have taken it away");
    }
    if !says(headers, SEC_WEBSOCKET_VERSION, "13") {
        return Err("the header Sec-WebSocket-Version does not say 13");
    }
    headers
        .get(SEC_WEBSOCKET_KEY)
        .ok_or("the header Sec-WebSocket-Key is missing")
}

/// Whether one of a header's words, in any case, is this one.
fn says(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|said| said.trim().eq_ignore_ascii_case(word))
}

fn refusal(why: &'static str) -> Response {
    let headers = [
        (UPGRADE, HeaderValue::from_static("websocket")),
        (SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
    ];
    let text = format!("This address speaks WebSocket only: {why}.\n");
    (StatusCode::UPGRADE_REQUIRED, headers, text).into_response()
}
