//! The server's end of a WebSocket, made for many listeners: a message is one [`Frame`], encoded once
//! and shared; a burst of them is one vectored write; a connection that waits holds no buffer
//! (decision 9).

mod frame;
mod upgrade;

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::ready;

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};

pub use frame::Frame;
use frame::{Header, Opcode, unmask};
pub(crate) use upgrade::upgrade;

/// So many bytes are read at once.
const READ: usize = 8 * 1024;
/// So many frames are written at once.
const SLICES: usize = 64;

/// What a peer said.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Received {
    Text(String),
    Binary,
    /// To be answered with this.
    Ping(Frame),
    Pong,
    Close,
    /// The line ended without a word.
    End,
}

/// Why a peer could not be understood. Nothing can be read after it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("it is longer than {0} bytes")]
    TooLarge(usize),
    #[error("{0}")]
    Malformed(&'static str),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// A WebSocket.
pub(crate) struct Socket<S = TokioIo<Upgraded>> {
    stream: S,
    /// No message may be longer, in bytes.
    limit: usize,
    /// What arrived and was not understood yet, from `start` on.
    arrived: Vec<u8>,
    start: usize,
    /// The parts of a message whose end has not arrived.
    parts: Option<(Opcode, Vec<u8>)>,
    /// Whether the peer has said that it is done.
    ended: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    pub(crate) fn new(stream: S, limit: usize) -> Self {
        Self {
            stream,
            limit,
            arrived: Vec::new(),
            start: 0,
            parts: None,
            ended: false,
        }
    }

    /// From now on messages may be so long, in bytes.
    pub(crate) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Whether a message has begun and is not whole yet.
    pub(crate) fn is_within_message(&self) -> bool {
        self.parts.is_some()
    }

    /// Waits for the next message. Nothing is lost if the wait is given up.
    pub(crate) async fn receive(&mut self) -> Result<Received, Unreadable> {
        loop {
            if let Some(received) = self.parse()? {
                return Ok(received);
            }
            if self.read().await? == 0 {
                return Ok(Received::End);
            }
        }
    }

    /// The next message, if it has arrived already.
    pub(crate) fn arrived(&mut self) -> Option<Result<Received, Unreadable>> {
        self.parse().transpose()
    }

    /// Reads what is there into `arrived`, which is empty while nothing is.
    async fn read(&mut self) -> io::Result<usize> {
        let Self { stream, arrived, .. } = self;
        poll_fn(|context| {
            let mut room = [const { MaybeUninit::uninit() }; READ];
            let mut room = ReadBuf::uninit(&mut room);
            ready!(Pin::new(&mut *stream).poll_read(context, &mut room))?;
            arrived.extend_from_slice(room.filled());
            Ok(room.filled().len()).into()
        })
        .await
    }

    /// The next message, if it has arrived wholly.
    fn parse(&mut self) -> Result<Option<Received>, Unreadable> {
        loop {
            let Some((header, payload)) = self.next_frame()? else {
                return Ok(None);
            };
            match header.opcode {
                Opcode::Close => {
                    self.ended = true;
                    return Ok(Some(Received::Close));
                }
                Opcode::Ping => return Ok(Some(Received::Ping(Frame::pong(&payload)))),
                Opcode::Pong => return Ok(Some(Received::Pong)),
                Opcode::Continuation | Opcode::Text | Opcode::Binary => {}
            }
            let (opcode, whole) = match (self.parts.take(), header.opcode) {
                (Some((opcode, mut whole)), Opcode::Continuation) => {
                    whole.extend(payload);
                    (opcode, whole)
                }
                (None, Opcode::Continuation) => {
                    return Err(Unreadable::Malformed("a message goes on that never began"));
                }
                (None, opcode) => (opcode, payload),
                (Some(_), _) => return Err(Unreadable::Malformed("a message begins before the last one's end")),
            };
            if !header.last {
                self.parts = Some((opcode, whole));
                continue;
            }
            if opcode == Opcode::Binary {
                return Ok(Some(Received::Binary));
            }
            return match String::from_utf8(whole) {
                Ok(text) => Ok(Some(Received::Text(text))),
                Err(_) => Err(Unreadable::Malformed("a text is not UTF-8")),
            };
        }
    }

    fn next_frame(&mut self) -> Result<Option<(Header, Vec<u8>)>, Unreadable> {
        let bytes = &self.arrived[self.start..];
        let Some(header) = Header::read(bytes).map_err(Unreadable::Malformed)? else {
            self.compact();
            return Ok(None);
        };
        let before = self.parts.as_ref().map_or(0, |(_, whole)| whole.len());
        let length = match usize::try_from(header.length) {
            Ok(length) if length <= self.limit - before.min(self.limit) => length,
            _ => return Err(Unreadable::TooLarge(self.limit)),
        };
        let end = header.size + length;
        let Some(payload) = bytes.get(header.size..end) else {
            self.compact();
            return Ok(None);
        };
        let mut payload = payload.to_vec();
        unmask(&mut payload, header.mask);
        self.start += end;
        Ok(Some((header, payload)))
    }

    /// Forgets what was understood; while nothing waits, nothing is held.
    fn compact(&mut self) {
        if self.start == self.arrived.len() {
            self.arrived = Vec::new();
        } else {
            self.arrived.drain(..self.start);
        }
        self.start = 0;
    }

    /// Writes messages, many at a time. Given up before its end, the line is of no more use.
    pub(crate) async fn send(&mut self, frames: &[Frame]) -> io::Result<()> {
        let stream = &mut self.stream;
        // The first frame that is not written wholly, and how much of it is.
        let (mut next, mut written) = (0, 0);
        while next < frames.len() {
            let mut count = poll_fn(|context| {
                let mut slices = [IoSlice::new(&[]); SLICES];
                let mut used = 0;
                for (slice, frame) in slices.iter_mut().zip(&frames[next..]) {
                    *slice = IoSlice::new(frame.bytes());
                    used += 1;
                }
                if written > 0 {
                    slices[0] = IoSlice::new(&frames[next].bytes()[written..]);
                }
                Pin::new(&mut *stream).poll_write_vectored(context, &slices[..used])
            })
            .await?;
            if count == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            while let Some(frame) = frames.get(next) {
                let rest = frame.bytes().len() - written;
                if count < rest {
                    written += count;
                    break;
                }
                count -= rest;
                written = 0;
                next += 1;
            }
        }
        stream.flush().await
    }

    /// Says why the line ends; unless the peer said so first, waits for its own word. The server is the
    /// one that closes the line then (RFC 6455, 7.1.1).
    pub(crate) async fn close(mut self, code: u16, reason: &str) {
        let mut said = self.send(&[Frame::close(code, reason)]).await.is_ok();
        while said && !self.ended {
            said = !matches!(self.receive().await, Ok(Received::End) | Err(_));
        }
    }
}

#[cfg(test)]
mod tests;
