//! Waiting for what a session waits for.

use std::time::Duration;

use baton_protocol::codec;
use baton_protocol::message::ToClient;
use tokio::time::Instant;

use super::Reason;
use crate::socket::{Frame, Received, Socket, Unreadable};

/// Does the work, and shows the peer meanwhile that this side is there: nobody takes a server for gone that waits for
/// another one, or has much to do. The work is done to its end; an error says that the line broke meanwhile.
pub(super) async fn heard_meanwhile<F: Future>(
    socket: &mut Socket,
    heartbeat: Duration,
    mut work: std::pin::Pin<&mut F>,
) -> Result<F::Output, Reason> {
    loop {
        tokio::select! {
            biased;
            done = &mut work => return Ok(done),
            () = tokio::time::sleep(heartbeat) => {}
        }
        let frames = [Frame::text(&codec::encode(&ToClient::Working))];
        // Half a frame would spoil the line: it is sent whole before anything else.
        let mut sent = std::pin::pin!(tokio::time::timeout(heartbeat, socket.send(&frames)));
        let (sent, done) = tokio::select! {
            biased;
            sent = &mut sent => (sent, None),
            done = &mut work => (sent.await, Some(done)),
        };
        match (sent, done) {
            (Ok(Ok(())), None) => {}
            (Ok(Ok(())), Some(done)) => return Ok(done),
            (Ok(Err(_)) | Err(_), done) => {
                if done.is_none() {
                    work.await;
                }
                return Err(Reason::Broke);
            }
        }
    }
}

/// How long a future was at work, waiting not counted, and what came of it.
pub(super) async fn measured<F: Future>(future: F) -> (Duration, F::Output) {
    let mut future = std::pin::pin!(future);
    let mut work = Duration::ZERO;
    let output = std::future::poll_fn(|context| {
        let began = Instant::now();
        let polled = future.as_mut().poll(context);
        work += began.elapsed();
        polled
    })
    .await;
    (work, output)
}

/// The next message: what is unread already, or what the line brings.
pub(super) async fn next(
    unread: &mut Option<Result<Received, Unreadable>>,
    socket: &mut Socket,
) -> Result<Received, Unreadable> {
    match unread.take() {
        Some(unread) => unread,
        None => socket.receive().await,
    }
}

/// Waits for a future that may not be there yet.
pub(super) async fn wait<F: Future>(future: &mut Option<std::pin::Pin<Box<F>>>) -> F::Output {
    match future {
        Some(future) => future.as_mut().await,
        None => std::future::pending().await,
    }
}
