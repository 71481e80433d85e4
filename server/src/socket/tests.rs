//! Against another implementation of the protocol, over a line that breaks everything into small pieces.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use futures_util::{SinkExt as _, StreamExt as _};
use proptest::prelude::*;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as PeerFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::*;

const LIMIT: usize = 200_000;

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

/// Ours and another's end of a line that holds so many bytes at once.
async fn line(
    room: usize,
) -> (
    Socket<tokio::io::DuplexStream>,
    WebSocketStream<tokio::io::DuplexStream>,
) {
    let (near, far) = tokio::io::duplex(room);
    let peer = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
    (Socket::new(near, LIMIT), peer)
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    let text = prop_oneof![
        ".{0,200}",
        (120..130_usize).prop_map(|length| "x".repeat(length)),
        (65_530..65_540_usize).prop_map(|length| "ü".repeat(length / 2)),
    ];
    prop::collection::vec(text, 0..100)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What is sent is what the peer reads, in order, whatever the line takes at once.
    #[test]
    fn the_peer_reads_what_was_sent(texts in texts(), room in 1..10_000_usize) {
        let read = run(async {
            let (mut ours, mut peer) = line(room).await;
            let frames: Vec<Frame> = texts.iter().map(|text| Frame::text(text)).collect();
            let write = async move {
                ours.send(&frames).await.unwrap();
                ours
            };
            let read = async {
                let mut read = Vec::new();
                while read.len() < texts.len() {
                    read.push(peer.next().await.unwrap().unwrap().into_text().unwrap().to_string());
                }
                read
            };
            tokio::join!(write, read).1
        });
        prop_assert_eq!(read, texts);
    }

    /// What the peer sends is what is received, also in parts with a ping between.
    #[test]
    fn what_the_peer_sends_is_received(texts in texts(), room in 1..10_000_usize, cut in 0..200_usize) {
        let received = run(async {
            let (mut ours, mut peer) = line(room).await;
            let write = async {
                for text in &texts {
                    let bytes = Bytes::copy_from_slice(text.as_bytes());
                    let cut = cut.min(bytes.len());
                    let first = PeerFrame::message(bytes.slice(..cut), OpCode::Data(Data::Text), false);
                    let last = PeerFrame::message(bytes.slice(cut..), OpCode::Data(Data::Continue), true);
                    peer.feed(Message::Frame(first)).await.unwrap();
                    peer.feed(Message::Ping(Bytes::from_static(b"there?"))).await.unwrap();
                    peer.send(Message::Frame(last)).await.unwrap();
                }
                peer
            };
            let read = async {
                let mut received = Vec::new();
                let mut pings = 0;
                while received.len() < texts.len() {
                    match ours.receive().await.unwrap() {
                        Received::Text(text) => received.push(text),
                        Received::Ping(pong) => {
                            pings += 1;
                            assert_eq!(pong, Frame::pong(b"there?"));
                        }
                        other @ (Received::Binary | Received::Pong | Received::Close | Received::End) => {
                            panic!("received {other:?}")
                        }
                    }
                }
                assert_eq!(pings, texts.len());
                received
            };
            tokio::join!(write, read).1
        });
        prop_assert_eq!(received, texts);
    }

    /// Any bytes: an answer or an error, no panic, and never more held than may be.
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..4000)) {
        run(async {
            let mut socket = Socket::new(std::io::Cursor::new(bytes), 1000);
            loop {
                match socket.receive().await {
                    Ok(Received::End) | Err(_) => return,
                    Ok(_) => {}
                }
            }
        });
    }
}

#[test]
fn what_is_not_allowed_is_said() {
    let broken: [(&[u8], &str); 6] = [
        (&[0xc1, 0x80, 0, 0, 0, 0], "an extension"),
        (&[0x83, 0x80, 0, 0, 0, 0], "unknown kind"),
        (&[0x81, 0x01, 0x41], "not masked"),
        (&[0x09, 0x80, 0, 0, 0, 0], "control frame"),
        (&[0x80, 0x80, 0, 0, 0, 0], "never began"),
        (&[0x81, 0x81, 0, 0, 0, 0, 0xff], "not UTF-8"),
    ];
    for (bytes, why) in broken {
        let mut socket = Socket::new(std::io::Cursor::new(bytes.to_vec()), LIMIT);
        let error = run(socket.receive()).unwrap_err();
        assert!(error.to_string().contains(why), "{error} is not about {why}");
    }
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let mut bytes = vec![0x81, 0xff];
    bytes.extend(u64::MAX.to_be_bytes());
    bytes.extend([0; 4]);
    let mut socket = Socket::new(std::io::Cursor::new(bytes), LIMIT);
    assert!(matches!(run(socket.receive()), Err(Unreadable::TooLarge(LIMIT))));

    // Also in parts that are short enough each.
    let mut bytes = vec![0x01, 0xfe, 0x80, 0, 0, 0, 0, 0];
    bytes.extend(vec![b'a'; 0x8000]);
    for _ in 0..10 {
        bytes.extend([0x00, 0xfe, 0x80, 0, 0, 0, 0, 0]);
        bytes.extend(vec![b'a'; 0x8000]);
    }
    let mut socket = Socket::new(std::io::Cursor::new(bytes), LIMIT);
    assert!(matches!(run(socket.receive()), Err(Unreadable::TooLarge(LIMIT))));
}
