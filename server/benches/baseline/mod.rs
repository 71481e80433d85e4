//! The naive server that ours is measured against: the framework's defaults, one broadcast channel,
//! an encoding per subscriber, a statement per operation. It keeps no promise but to be simple.

use std::path::Path;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::sync::broadcast;

/// What its clients send and get.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Said {
    /// Which form.
    pub(crate) form: String,
    /// The field that is meant.
    pub(crate) field: String,
    /// What is in it.
    pub(crate) text: String,
    /// Whether it must survive a crash before anybody is told.
    pub(crate) durable: bool,
}

#[derive(Clone)]
struct Everything {
    told: broadcast::Sender<Said>,
    database: SqlitePool,
}

/// Serves for ever, and says where.
#[expect(clippy::print_stdout, reason = "whoever started it reads its address here")]
pub(crate) async fn serve(directory: &Path) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new()
        .filename(directory.join("baseline.db"))
        .create_if_missing(true);
    let database = SqlitePool::connect_with(options).await?;
    sqlx::query(
        "CREATE TABLE drafts (form TEXT NOT NULL, field TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (form, field))",
    )
    .execute(&database)
    .await?;
    let (told, _) = broadcast::channel(4096);
    let app = Router::new()
        .route("/ws", get(upgrade))
        .with_state(Everything { told, database });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn upgrade(State(everything): State<Everything>, upgrade: WebSocketUpgrade) -> axum::response::Response {
    upgrade.on_upgrade(|socket| talk(socket, everything))
}

async fn talk(mut socket: WebSocket, everything: Everything) {
    let mut told = everything.told.subscribe();
    loop {
        tokio::select! {
            message = socket.recv() => {
                let Some(Ok(Message::Text(text))) = message else { return };
                let Ok(said) = serde_json::from_str::<Said>(&text) else { return };
                if said.durable {
                    let written = sqlx::query("INSERT INTO drafts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET text = excluded.text")
                        .bind(&said.form)
                        .bind(&said.field)
                        .bind(&said.text)
                        .execute(&everything.database)
                        .await;
                    if written.is_err() {
                        return;
                    }
                }
                // Nobody may be listening.
                everything.told.send(said).ok();
                if socket.send(Message::Text("done".into())).await.is_err() {
                    return;
                }
            }
            said = told.recv() => {
                let Ok(said) = said else { continue };
                let Ok(text) = serde_json::to_string(&said) else { continue };
                if socket.send(Message::Text(text.into())).await.is_err() {
                    return;
                }
            }
        }
    }
}
