//! The socket: the only place that names the WebSocket implementation.

use std::time::Duration;

use baton_locales::t;
use baton_protocol::codec;
use baton_protocol::message::{CLOSE_RESUMED, MAX_ANSWER_BYTES, ToClient};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};
use tokio_tungstenite::tungstenite::{self, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How many messages wait to be written; a line that lets more pile up is as good as broken.
const QUEUE: usize = 1024;

/// What a socket tells.
#[derive(Debug)]
pub(crate) enum SocketEvent {
    /// It is open.
    Opened,
    /// A message came.
    Received(Box<ToClient>),
    /// It is closed, or could not be opened.
    Closed(String),
    /// The server closed it because the session goes on over another connection.
    Resumed(String),
    /// The server said something that is not read, and would say it again.
    Unreadable(String),
}

/// A socket that is open or being opened. Dropping it breaks the line without a goodbye: the server
/// holds this desktop's places, because it means to come back. Only [`Socket::close`] gives them up.
#[derive(Debug)]
pub(crate) struct Socket {
    frames: Option<mpsc::Sender<String>>,
    events: mpsc::Receiver<SocketEvent>,
    task: tokio::task::JoinHandle<()>,
}

impl Socket {
    pub(crate) fn open(address: String) -> Self {
        let (frames, to_write) = mpsc::channel(QUEUE);
        let (tell, events) = mpsc::channel(QUEUE);
        let task = tokio::spawn(async move {
            let ended = match run(&address, to_write, &tell).await {
                Ok(ended) => ended,
                Err(tungstenite::Error::Capacity(error)) => {
                    SocketEvent::Unreadable(t::engine::server_sent_too_much(&error))
                }
                Err(error) => SocketEvent::Closed(sentence(&error)),
            };
            // Nobody listens if it was asked to close.
            tell.send(ended).await.ok();
        });
        Self {
            frames: Some(frames),
            events,
            task,
        }
    }

    /// Queues a message; false if the line cannot take it.
    pub(crate) fn send(&self, frame: String) -> bool {
        self.frames
            .as_ref()
            .is_some_and(|frames| frames.try_send(frame).is_ok())
    }

    /// Ends it at once; its end is told as if the line had broken.
    pub(crate) fn give_up(&mut self) {
        self.task.abort();
    }

    pub(crate) async fn next(&mut self) -> SocketEvent {
        match self.events.recv().await {
            Some(event) => event,
            None => SocketEvent::Closed(t::engine::the_connection_ended().into()),
        }
    }

    /// Says goodbye and waits, shortly, until the server heard it.
    pub(crate) async fn close(mut self) {
        self.frames = None;
        self.events.close();
        tokio::time::timeout(Duration::from_secs(2), &mut self.task).await.ok();
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn run(
    address: &str,
    mut to_write: mpsc::Receiver<String>,
    tell: &mpsc::Sender<SocketEvent>,
) -> Result<SocketEvent, tungstenite::Error> {
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_ANSWER_BYTES))
        .max_frame_size(Some(MAX_ANSWER_BYTES));
    // Nagle's algorithm would hold keystrokes back.
    let (mut stream, _) = tokio_tungstenite::connect_async_with_config(address, Some(config), true).await?;
    tell.send(SocketEvent::Opened).await.ok();
    loop {
        tokio::select! {
            frame = to_write.recv() => match frame {
                Some(frame) => write(&mut stream, frame, &mut to_write).await?,
                None => return say_goodbye(&mut stream).await.map(SocketEvent::Closed),
            },
            message = stream.next() => match message {
                None => return Ok(SocketEvent::Closed(t::engine::the_connection_broke().into())),
                Some(message) => if let Some(ended) = read(message?, tell).await {
                    return Ok(ended);
                },
            },
        }
    }
}

/// Writes all that waits and flushes once.
async fn write(
    stream: &mut Stream,
    first: String,
    to_write: &mut mpsc::Receiver<String>,
) -> Result<(), tungstenite::Error> {
    stream.feed(Message::text(first)).await?;
    while let Ok(frame) = to_write.try_recv() {
        stream.feed(Message::text(frame)).await?;
    }
    stream.flush().await
}

/// Passes a message on; how the connection ended if it is over.
async fn read(message: Message, tell: &mpsc::Sender<SocketEvent>) -> Option<SocketEvent> {
    match message {
        Message::Text(text) => match decode(&text) {
            Ok(message) => {
                tell.send(SocketEvent::Received(Box::new(message))).await.ok();
                None
            }
            Err(why) => Some(SocketEvent::Unreadable(why)),
        },
        Message::Close(close) => Some(match close {
            Some(close) if u16::from(close.code) == CLOSE_RESUMED => {
                SocketEvent::Resumed(t::engine::another_desktop_goes_on().into())
            }
            Some(close) if !close.reason.is_empty() => {
                SocketEvent::Closed(t::engine::server_closed_because(&close.reason))
            }
            Some(_) | None => SocketEvent::Closed(t::engine::the_server_closed_the().into()),
        }),
        Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => None,
    }
}

fn decode(text: &str) -> Result<ToClient, String> {
    codec::decode_large(text, MAX_ANSWER_BYTES).map_err(|problem| t::engine::said_something_unreadable(&problem))
}

async fn say_goodbye(stream: &mut Stream) -> Result<String, tungstenite::Error> {
    let close = CloseFrame {
        code: CloseCode::Normal,
        reason: Utf8Bytes::from_static(""),
    };
    stream.close(Some(close)).await?;
    // Until the server has answered, it may not have read what was sent before.
    while let Some(Ok(_)) = stream.next().await {}
    Ok(String::new())
}

/// Why a connection failed, for the person at the screen.
fn sentence(error: &tungstenite::Error) -> String {
    if let tungstenite::Error::Io(error) = error
        && error.kind() == std::io::ErrorKind::ConnectionRefused
    {
        return t::engine::nothing_answers_at_the().into();
    }
    if let tungstenite::Error::Http(response) = error {
        let status = response.status();
        return t::engine::answers_but_not_baton(&status);
    }
    if let tungstenite::Error::Protocol(_) = error {
        return t::engine::the_connection_broke_before().into();
    }
    if let tungstenite::Error::Io(error) = error
        && broke(error)
    {
        return t::engine::the_connection_broke().into();
    }
    t::engine::connection_failed(error)
}

fn broke(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        error.kind(),
        ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof
    )
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;
    use tokio_tungstenite::accept_async_with_config;

    use super::*;

    /// What a desktop makes of a server that says this.
    async fn said(message: Message) -> SocketEvent {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a connection");
            let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
            let mut line = accept_async_with_config(stream, Some(config)).await.expect("upgraded");
            // Whoever reads no more may break the line while it is sent.
            line.send(message).await.ok();
            while let Some(Ok(_)) = line.next().await {}
        });
        let mut socket = Socket::open(format!("ws://{address}"));
        assert!(matches!(socket.next().await, SocketEvent::Opened));
        let event = socket.next().await;
        drop(socket);
        server.await.expect("it ends");
        event
    }

    #[tokio::test]
    async fn more_than_this_program_reads_is_said_and_is_no_broken_line() {
        let large = codec::encode(&ToClient::Refused {
            id: None,
            problem: baton_protocol::message::Problem::new(
                baton_protocol::message::Code::Busy,
                "x".repeat(MAX_ANSWER_BYTES - 1000),
            ),
        });
        let read = said(Message::text(large)).await;
        assert!(
            matches!(read, SocketEvent::Received(_)),
            "what the server may say is read"
        );
        let SocketEvent::Unreadable(why) = said(Message::text("x".repeat(MAX_ANSWER_BYTES + 1))).await else {
            panic!("it is read, or taken for a broken line");
        };
        assert!(why.contains("more than this program reads"), "{why}");
        let SocketEvent::Unreadable(why) = said(Message::text("{}")).await else {
            panic!("it is read, or taken for a broken line");
        };
        assert!(why.contains("unreadable"), "{why}");
    }
}
