//! A WebSocket client that costs next to nothing, so that what is measured is the server.

use std::time::Duration;

use anyhow::{bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One connection.
pub(crate) struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Where the next frame begins.
    start: usize,
    /// Bytes that came in, of frames with their headers.
    pub(crate) received: u64,
}

impl Wire {
    pub(crate) async fn open(port: u16) -> anyhow::Result<Self> {
        Self::upgrade(TcpStream::connect(("127.0.0.1", port)).await?).await
    }

    /// The same over a line that stands already.
    pub(crate) async fn upgrade(mut stream: TcpStream) -> anyhow::Result<Self> {
        stream.set_nodelay(true)?;
        let request = "GET /ws HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
        stream.write_all(request.as_bytes()).await?;
        let mut wire = Self {
            stream,
            buffer: Vec::new(),
            start: 0,
            received: 0,
        };
        loop {
            wire.fill().await?;
            if let Some(end) = wire.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                ensure!(wire.buffer.starts_with(b"HTTP/1.1 101"), "the upgrade was refused");
                wire.start = end + 4;
                return Ok(wire);
            }
        }
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        if self.start > 0 && self.start == self.buffer.len() {
            self.buffer.clear();
            self.start = 0;
        }
        self.buffer.reserve(4096);
        let count = self.stream.read_buf(&mut self.buffer).await?;
        ensure!(count > 0, "the server closed the connection");
        Ok(())
    }

    /// The next text frame's bytes.
    pub(crate) async fn next(&mut self) -> anyhow::Result<&[u8]> {
        loop {
            if let Some((from, to)) = self.frame()? {
                self.received += (to - self.start) as u64;
                self.start = to;
                return Ok(&self.buffer[from..to]);
            }
            if self.start > 0 {
                self.buffer.drain(..self.start);
                self.start = 0;
            }
            self.fill().await?;
        }
    }

    /// Where the payload of a whole frame lies, if one is there.
    fn frame(&self) -> anyhow::Result<Option<(usize, usize)>> {
        let bytes = &self.buffer[self.start..];
        let [first, second, rest @ ..] = bytes else {
            return Ok(None);
        };
        ensure!(*first == 0x81, "not a whole text frame: {first:#x}");
        let (header, length) = match (*second, rest) {
            (126, [a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
            (127, [a, b, c, d, e, f, g, h, ..]) => {
                let length = u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
                (10, usize::try_from(length)?)
            }
            (126 | 127, _) => return Ok(None),
            (length, _) => (2, usize::from(length)),
        };
        let (from, to) = (self.start + header, self.start + header + length);
        Ok((to <= self.buffer.len()).then_some((from, to)))
    }

    /// Gives the memory of what was read back.
    pub(crate) fn forget(&mut self) {
        self.buffer = Vec::new();
        self.start = 0;
    }

    pub(crate) async fn send(&mut self, text: &str) -> anyhow::Result<()> {
        self.stream.write_all(&frame(text)).await?;
        Ok(())
    }

    /// Sends several messages in one write.
    pub(crate) async fn send_all(&mut self, texts: &[String]) -> anyhow::Result<()> {
        let frames: Vec<u8> = texts.iter().flat_map(|text| frame(text)).collect();
        self.stream.write_all(&frames).await?;
        Ok(())
    }

    /// Reads until a message satisfies `wanted`.
    pub(crate) async fn wait_for<T>(&mut self, mut wanted: impl FnMut(&[u8]) -> Option<T>) -> anyhow::Result<T> {
        let look = async {
            loop {
                if let Some(found) = wanted(self.next().await?) {
                    return Ok(found);
                }
            }
        };
        match tokio::time::timeout(Duration::from_secs(60), look).await {
            Ok(found) => found,
            Err(_) => bail!("a message did not come within a minute"),
        }
    }

    /// Waits for the answer to a request; a refusal is an error.
    pub(crate) async fn answer(&mut self) -> anyhow::Result<()> {
        self.wait_for(|message| match answered(message) {
            Ok(true) => Some(Ok(())),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        })
        .await?
    }
}

/// A client's frame, masked with zeros.
fn frame(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    match text.len() {
        length @ 0..=125 => frame.push(0x80 | u8::try_from(length).unwrap_or(0)),
        length @ 126..=0xffff => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(length).unwrap_or(0).to_be_bytes());
        }
        length => {
            frame.push(0x80 | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

/// The time that a message carries, as the publisher wrote it: `@` and digits.
pub(crate) fn sent_at(message: &[u8]) -> Option<u64> {
    let at = message.iter().rposition(|byte| *byte == b'@')?;
    let digits = message[at + 1..].iter().take_while(|byte| byte.is_ascii_digit());
    let text: Vec<u8> = digits.copied().collect();
    std::str::from_utf8(&text).ok()?.parse().ok()
}

/// Whether a message answers a request, and not with a refusal.
pub(crate) fn answered(message: &[u8]) -> anyhow::Result<bool> {
    if message.starts_with(br#"{"refused""#) {
        bail!("refused: {}", String::from_utf8_lossy(message));
    }
    Ok(message.starts_with(br#"{"answer""#) || message.starts_with(br#"{"welcome""#) || message == b"done")
}
