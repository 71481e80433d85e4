//! WebSocket frames (RFC 6455, section 5): pure, no IO.

use bytes::Bytes;

const FINAL: u8 = 0x80;
const RESERVED: u8 = 0x70;
const MASKED: u8 = 0x80;

/// What a frame carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Opcode {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

impl Opcode {
    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// A whole message as it goes over the wire: made once, shared by everyone it goes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame(Bytes);

impl Frame {
    /// A text message.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::of(Opcode::Text, text.as_bytes())
    }

    /// The answer to a ping.
    pub(super) fn pong(payload: &[u8]) -> Self {
        Self::of(Opcode::Pong, payload)
    }

    /// The end, with its code and a short reason (at most 123 bytes).
    pub(super) fn close(code: u16, reason: &str) -> Self {
        Self::of(Opcode::Close, &[&code.to_be_bytes(), reason.as_bytes()].concat())
    }

    fn of(opcode: Opcode, payload: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(payload.len() + 10);
        bytes.push(FINAL | opcode as u8);
        match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
            (Ok(length @ 0..=125), _) => bytes.push(length),
            (_, Ok(length)) => {
                bytes.push(126);
                bytes.extend(length.to_be_bytes());
            }
            _ => {
                bytes.push(127);
                bytes.extend((payload.len() as u64).to_be_bytes());
            }
        }
        bytes.extend_from_slice(payload);
        Self(bytes.into())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The beginning of a frame that a peer sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Header {
    pub(super) last: bool,
    pub(super) opcode: Opcode,
    pub(super) mask: [u8; 4],
    /// Of the payload, in bytes.
    pub(super) length: u64,
    /// Of the header itself, in bytes.
    pub(super) size: usize,
}

impl Header {
    /// Reads a header from the beginning of what arrived; `None` if it has not arrived wholly.
    ///
    /// # Errors
    /// What is wrong with it, as a part of a sentence.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<Self>, &'static str> {
        let [first, second, rest @ ..] = bytes else {
            return Ok(None);
        };
        if first & RESERVED != 0 {
            return Err("a frame uses an extension that was not agreed on");
        }
        let opcode = match first & 0x0f {
            0 => Opcode::Continuation,
            1 => Opcode::Text,
            2 => Opcode::Binary,
            8 => Opcode::Close,
            9 => Opcode::Ping,
            10 => Opcode::Pong,
            _ => return Err("a frame is of an unknown kind"),
        };
        if second & MASKED == 0 {
            return Err("a frame is not masked");
        }
        let last = first & FINAL != 0;
        let short = second & !MASKED;
        if opcode.is_control() && (!last || short > 125) {
            return Err("a control frame is in parts or too long");
        }
        let (length, rest, size) = match (short, rest) {
            (126, [a, b, rest @ ..]) => (u64::from(u16::from_be_bytes([*a, *b])), rest, 4),
            (127, [a, b, c, d, e, f, g, h, rest @ ..]) => {
                (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), rest, 10)
            }
            (126 | 127, _) => return Ok(None),
            (length, rest) => (u64::from(length), rest, 2),
        };
        let Some(mask) = rest.first_chunk() else {
            return Ok(None);
        };
        Ok(Some(Self {
            last,
            opcode,
            mask: *mask,
            length,
            size: size + mask.len(),
        }))
    }
}

/// Takes the mask off a payload.
pub(super) fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let mut words = payload.chunks_exact_mut(4);
    for word in &mut words {
        for (byte, key) in word.iter_mut().zip(mask) {
            *byte ^= key;
        }
    }
    for (byte, key) in words.into_remainder().iter_mut().zip(mask) {
        *byte ^= key;
    }
}
