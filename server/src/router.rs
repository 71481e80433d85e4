//! Every route, on one screen.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use baton_protocol::message::{MAX_MESSAGE_BYTES, PROTOCOL};

use crate::app::App;
use crate::{session, socket};

/// Past this a message is not even read, and the connection ends after saying so. Messages between
/// [`MAX_MESSAGE_BYTES`] and here are refused, and the connection lives on.
const MAX_READ_BYTES: usize = 4 * MAX_MESSAGE_BYTES;

/// The server's routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/ws", get(web_socket))
        .route("/health", get(health))
        .with_state(app)
}

async fn web_socket(State(app): State<App>, request: Request) -> Response {
    socket::upgrade(request, MAX_READ_BYTES, |socket| session::run(socket, app))
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
