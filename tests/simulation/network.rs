//! One desktop's line to the server, over the simulated network.

use std::pin::Pin;
use std::time::Duration;

use baton_protocol::codec;
use baton_protocol::message::{Request, ToClient};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use turmoil::net::{TcpListener, TcpStream};

/// The server's name in the simulated network.
pub(crate) const SERVER: &str = "server";
/// Where it listens.
pub(crate) const PORT: u16 = 7420;

type WebSocket = WebSocketStream<TcpStream>;
type Opening = Pin<Box<dyn Future<Output = Result<WebSocket, String>>>>;

/// A line that is closed, being opened, or open. Dropping it breaks it without a goodbye.
#[derive(Default)]
pub(crate) enum Line {
    #[default]
    Closed,
    Opening(Opening),
    Open(Box<WebSocket>),
}

/// What a line tells.
pub(crate) enum LineEvent {
    Opened,
    Received(Box<ToClient>),
    Closed(String),
}

impl Line {
    pub(crate) fn open() -> Self {
        Self::Opening(Box::pin(async {
            let stream = TcpStream::connect((SERVER, PORT))
                .await
                .map_err(|error| error.to_string())?;
            let (socket, _) = tokio_tungstenite::client_async("ws://server/ws", stream)
                .await
                .map_err(|error| error.to_string())?;
            Ok(socket)
        }))
    }

    pub(crate) async fn next(&mut self) -> LineEvent {
        match self {
            Self::Closed => std::future::pending().await,
            Self::Opening(opening) => match opening.await {
                Ok(socket) => {
                    *self = Self::Open(Box::new(socket));
                    LineEvent::Opened
                }
                Err(why) => self.broken(why),
            },
            Self::Open(socket) => loop {
                match socket.next().await {
                    Some(Ok(Message::Text(text))) => {
                        return LineEvent::Received(Box::new(
                            codec::decode_large(&text, usize::MAX).expect("well formed"),
                        ));
                    }
                    Some(Ok(Message::Close(_))) | None => return self.broken("closed".into()),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return self.broken(error.to_string()),
                }
            },
        }
    }

    fn broken(&mut self, why: String) -> LineEvent {
        *self = Self::Closed;
        LineEvent::Closed(why)
    }

    /// Sends; a line that takes nothing for a while is broken.
    pub(crate) async fn send(&mut self, request: &Request) {
        if let Self::Open(socket) = self {
            let frame = Message::Text(codec::encode(request).into());
            let sent = tokio::time::timeout(Duration::from_secs(2), socket.send(frame)).await;
            if !matches!(sent, Ok(Ok(()))) {
                *self = Self::Closed;
            }
        }
    }

    /// Says goodbye in order; whether the server heard it.
    pub(crate) async fn close(&mut self) -> bool {
        let mut heard = false;
        if let Self::Open(socket) = self {
            let goodbye = async {
                socket.as_mut().close(None).await.ok();
                while let Some(Ok(message)) = socket.next().await {
                    heard |= message.is_close();
                }
            };
            tokio::time::timeout(Duration::from_secs(1), goodbye).await.ok();
        }
        *self = Self::Closed;
        heard
    }
}

/// The server's listener.
pub(crate) struct Door(pub(crate) TcpListener);

impl axum::serve::Listener for Door {
    type Io = TcpStream;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (TcpStream, std::net::SocketAddr) {
        loop {
            if let Ok(accepted) = self.0.accept().await {
                return accepted;
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<std::net::SocketAddr> {
        self.0.local_addr()
    }
}
