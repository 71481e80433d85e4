//! One connection of a check: it asks, and keeps what the server says by itself meanwhile.

use std::collections::VecDeque;

use baton_locales::t;
use baton_protocol::codec;
use baton_protocol::form::Notice;
use baton_protocol::message::{Answer, PROTOCOL, Request, ToClient, ToServer};
use baton_protocol::person::Account;
use baton_protocol::rights::Rights;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::line::Line;

pub(super) struct Peer {
    socket: WebSocketStream<Box<dyn Line>>,
    last: u64,
    notices: VecDeque<Notice>,
}

impl Peer {
    pub(super) fn new(socket: WebSocketStream<Box<dyn Line>>) -> Self {
        Self {
            socket,
            last: 0,
            notices: VecDeque::new(),
        }
    }

    pub(super) async fn greet(&mut self) -> Result<(), String> {
        let hello = ToServer::Hello {
            protocol: PROTOCOL,
            client: env!("CARGO_PKG_VERSION").into(),
            computer: Some(crate::computer::description()),
            resume: None,
        };
        self.say(hello).await?;
        if let ToClient::Refused { problem, .. } = self.hear().await? {
            return Err(problem.message.to_string());
        }
        Ok(())
    }

    pub(super) async fn sign_in(&mut self, token: &str) -> Result<(Account, Rights), String> {
        let answer = self.ask(ToServer::UseToken { token: token.into() }).await?;
        let Answer::SignedIn { account, rights, .. } = answer else {
            return Err(unknown_answer());
        };
        Ok((account, rights))
    }

    /// The answer to a request, or why it was refused.
    pub(super) async fn ask(&mut self, body: ToServer) -> Result<Answer, String> {
        self.say(body).await?;
        loop {
            let said = self.hear().await?;
            if let ToClient::Answer { id, answer } = said {
                if id == self.last {
                    return Ok(answer);
                }
            } else if let ToClient::Refused { id, problem } = said {
                if id == Some(self.last) {
                    return Err(problem.message.to_string());
                }
            } else if let ToClient::Form { notice, .. } = said {
                self.notices.push_back(notice);
            }
        }
    }

    /// What is told of the form next.
    pub(super) async fn notice(&mut self) -> Result<Notice, String> {
        loop {
            if let Some(notice) = self.notices.pop_front() {
                return Ok(notice);
            }
            if let ToClient::Form { notice, .. } = self.hear().await? {
                self.notices.push_back(notice);
            }
        }
    }

    /// What was told before is in the snapshot that was just answered.
    pub(super) fn forget_notices(&mut self) {
        self.notices.clear();
    }

    async fn say(&mut self, body: ToServer) -> Result<(), String> {
        self.last += 1;
        let request = codec::encode(&Request { id: self.last, body });
        self.socket
            .send(Message::text(request))
            .await
            .map_err(|_| t::engine::the_connection_broke_before().into())
    }

    async fn hear(&mut self) -> Result<ToClient, String> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    return codec::decode_large(&text, usize::MAX)
                        .map_err(|problem| t::engine::said_something_unreadable(&problem));
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => {
                    return Err(t::engine::the_connection_broke_before().into());
                }
                Some(Ok(_)) => {}
            }
        }
    }
}

pub(super) fn unknown_answer() -> String {
    t::engine::the_server_answers_in().into()
}
