//! Every route, on one screen.

use axum::Router;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::IntoResponse;
use axum::routing::get;
use baton_protocol::message::{MAX_MESSAGE_BYTES, PROTOCOL};

use crate::app::App;
use crate::session;

/// Past this a message is not even read, and the connection ends after saying so. Messages between
/// [`MAX_MESSAGE_BYTES`] and here are refused, and the connection lives on.
const MAX_READ_BYTES: usize = 4 * MAX_MESSAGE_BYTES;

/// So much is gathered before it is written, unless everything that waits is less.
const WRITE_AT_BYTES: usize = 16 * 1024;

/// The server's routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/ws", get(web_socket))
        .route("/health", get(health))
        .with_state(app)
}

async fn web_socket(State(app): State<App>, upgrade: WebSocketUpgrade) -> impl IntoResponse {
    upgrade
        // The defaults cost 134 KiB an idle connection. A desktop says little at a time, and hears
        // bursts: one write for a whole burst is what makes a thousand listeners cheap.
        .read_buffer_size(1024)
        .write_buffer_size(WRITE_AT_BYTES)
        .max_write_buffer_size(MAX_READ_BYTES)
        .max_message_size(MAX_READ_BYTES)
        .max_frame_size(MAX_READ_BYTES)
        .on_upgrade(|socket| session::run(socket, app))
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
