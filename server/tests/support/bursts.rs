//! Requests that arrive together.

use baton_protocol::codec;
use baton_protocol::message::{Request, ToServer};
use futures_util::SinkExt as _;
use tokio_tungstenite::tungstenite::Message;

use super::Peer;

impl Peer {
    /// Sends requests in one piece, without waiting for their answers.
    pub(crate) async fn say_together(&mut self, bodies: Vec<ToServer>) -> Vec<u64> {
        let mut sink = self.sink.lock().await;
        let mut ids = Vec::new();
        for (body, id) in bodies.into_iter().zip(self.next..) {
            let text = codec::encode(&Request { id, body });
            sink.feed(Message::text(text)).await.expect("the line stands");
            ids.push(id);
        }
        sink.flush().await.expect("the line stands");
        self.next += ids.len() as u64;
        ids
    }
}
