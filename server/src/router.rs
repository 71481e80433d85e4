//! Every route, on one screen.

#[allow(
    clippy::disallowed_methods,
    reason = "asks for the size of a file, and no history does"
)]
pub(crate) mod metrics;
#[allow(clippy::disallowed_methods, reason = "works with files, and no history has any")]
mod release;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use baton_protocol::message::PROTOCOL;

use crate::admission::Permit;
use crate::app::App;
use crate::{provided, session, socket};

/// The largest sign-out of a provider that is read, in bytes.
const MAX_SIGN_OUT: usize = 32 * 1024;

/// The server's routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/ws", get(web_socket))
        .route("/health", get(health))
        .route("/providers/{provider}/sign-out", post(signed_out))
        .route("/updates/{channel}/{target}", get(release::offer))
        .route("/updates/files/{name}", get(release::file))
        .with_state(app)
}

async fn web_socket(State(app): State<App>, request: Request) -> Response {
    let Some(permit) = request.extensions().get::<Arc<Permit>>().cloned() else {
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    socket::upgrade(request, session::MAX_BEFORE_GREETING, |socket| {
        session::run(socket, app, permit)
    })
}

/// Somebody signed out at an identity provider, which says so.
async fn signed_out(State(app): State<App>, Path(provider): Path<String>, body: Body) -> StatusCode {
    let Ok(body) = axum::body::to_bytes(body, MAX_SIGN_OUT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let mut fields = url::form_urlencoded::parse(&body);
    let Some((_, token)) = fields.find(|(name, _)| name == "logout_token") else {
        return StatusCode::BAD_REQUEST;
    };
    match provided::back_channel(&app, &provider, token.into_owned()).await {
        Ok(count) => {
            tracing::info!(provider, count, "sign-ins ended at their provider");
            StatusCode::OK
        }
        Err(problem) => {
            tracing::warn!(provider, %problem, "a sign-out at a provider is not believed");
            StatusCode::BAD_REQUEST
        }
    }
}

async fn health(State(app): State<App>) -> impl IntoResponse {
    match app.store.has_users().await {
        Ok(_) => (
            axum::http::StatusCode::OK,
            axum::Json(serde_json::json!({
                "status": "ok",
                "version": env!("CARGO_PKG_VERSION"),
                "protocol": PROTOCOL,
                "sessions": app.sessions.count(),
            })),
        ),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (
                axum::http::StatusCode::SERVICE_UNAVAILABLE,
                axum::Json(serde_json::json!({ "status": "the database does not answer" })),
            )
        }
    }
}
