//! Every route, on one screen.

#[allow(clippy::disallowed_methods, reason = "works with files, and no history has any")]
mod release;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use baton_protocol::message::PROTOCOL;

use crate::admission::Permit;
use crate::app::App;
use crate::{session, socket};

/// The server's routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/ws", get(web_socket))
        .route("/health", get(health))
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
