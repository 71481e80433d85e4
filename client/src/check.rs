//! The way to the server, walked step by step, and whether what is typed reaches others: where it ends, and what to do
//! about it, in one sentence (semantics 7.5).

mod collaboration;
mod peer;

use std::io;
use std::time::{Duration, Instant};

use baton_locales::t;
use baton_protocol::desktop::{Check, Checked};
use baton_protocol::message::ToServer;
use baton_protocol::rights::Rights;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite;

use collaboration::Windows;
use peer::Peer;

use crate::line::{Line, Target, connect, encrypt};

/// How long one step may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// So much of an HTTP answer is looked at, in bytes.
const HTTP_BYTES: usize = 4096;

/// The steps to the server, in order; those of [`collaboration`] follow.
fn steps() -> [&'static str; 7] {
    [
        t::check::step_name(),
        t::check::step_connection(),
        t::check::step_encryption(),
        t::check::step_server(),
        "WebSocket",
        t::check::step_sign_in(),
        t::check::step_echo(),
    ]
}

/// What a step came to: a sentence, and whether it was done at all.
enum Passed {
    Done(String),
    NotNeeded(&'static str),
}

/// Walks the way to the address (`ws://…` or `wss://…`), signing in with the token if there is one.
pub(crate) async fn check(address: &str, token: Option<String>) -> Vec<Check> {
    let mut walk = Walk::default();
    if let Err(why) = walk.run(address, token).await {
        walk.done.push((Checked::Failed, why));
    }
    let not_tried = if walk.done.len() == steps().len() {
        t::check::not_tried_nobody_is().to_owned()
    } else {
        t::check::not_tried_the_way().to_owned()
    };
    let rest = std::iter::repeat((Checked::Skipped, not_tried));
    steps()
        .into_iter()
        .chain(collaboration::steps())
        .zip(walk.done.into_iter().chain(rest))
        .map(|(name, (outcome, text))| Check {
            name: (*name).into(),
            outcome,
            text,
        })
        .collect()
}

#[derive(Default)]
struct Walk {
    done: Vec<(Checked, String)>,
}

impl Walk {
    fn passed(&mut self, passed: Passed) {
        self.done.push(match passed {
            Passed::Done(text) => (Checked::Passed, text),
            Passed::NotNeeded(text) => (Checked::Skipped, text.into()),
        });
    }

    async fn run(&mut self, address: &str, token: Option<String>) -> Result<(), String> {
        let target = Target::of(address)?;
        self.passed(within(look_up(&target)).await?);
        let began = Instant::now();
        let line = within(connect(&target)).await?;
        let text = t::check::port_answers(&target.port, &began.elapsed().as_millis());
        self.passed(Passed::Done(text));
        let line = within(encrypt(&target, line)).await?;
        self.passed(if target.encrypted {
            Passed::Done(t::check::the_certificate_is_accepted().into())
        } else {
            Passed::NotNeeded(t::check::the_address_is_not())
        });
        self.passed(within(health(&target, line)).await?);
        let line = encrypt(&target, connect(&target).await?).await?;
        let socket = within(upgrade(address, line)).await?;
        self.passed(Passed::Done(t::check::the_way_lets_websockets().into()));
        let mut peer = Peer::new(socket);
        let (passed, rights) = within(sign_in(&mut peer, token.as_deref())).await?;
        self.passed(passed);
        self.passed(within(echo(&mut peer)).await?);
        let Some((token, rights)) = token.zip(rights) else {
            return Ok(());
        };
        let Some(form) = within(collaboration::scratch_form(&mut peer, &rights)).await? else {
            for _ in collaboration::steps() {
                self.passed(Passed::NotNeeded(t::check::you_edit_nothing_here()));
            }
            return Ok(());
        };
        let line = encrypt(&target, connect(&target).await?).await?;
        let mut other = Peer::new(within(upgrade(address, line)).await?);
        within(sign_in(&mut other, Some(&token))).await?;
        let mut windows = Windows::new(peer, other, form);
        let result = self.collaborate(&mut windows).await;
        let cleaned = within(windows.clean()).await;
        result.and(cleaned)
    }

    /// What one window types into a form reaches another one.
    async fn collaborate(&mut self, windows: &mut Windows) -> Result<(), String> {
        self.passed(within(windows.open()).await?);
        self.passed(within(windows.type_text()).await?);
        self.passed(windows.deliver(TIMEOUT).await?);
        self.passed(within(windows.reload()).await?);
        self.passed(windows.hand_over(TIMEOUT).await?);
        Ok(())
    }
}

async fn within<T>(step: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    match tokio::time::timeout(TIMEOUT, step).await {
        Ok(result) => result,
        Err(_) => Err(t::check::no_answer_within(TIMEOUT.as_secs())),
    }
}

async fn look_up(target: &Target) -> Result<Passed, String> {
    if target.host.parse::<std::net::IpAddr>().is_ok() {
        return Ok(Passed::NotNeeded(t::check::the_address_is_a()));
    }
    match tokio::net::lookup_host((target.host.as_str(), target.port)).await {
        Ok(mut found) => match found.next() {
            Some(address) => Ok(Passed::Done(t::check::name_is(&target.host, &address.ip()))),
            None => Err(unknown_name(&target.host)),
        },
        Err(_) => Err(unknown_name(&target.host)),
    }
}

fn unknown_name(host: &str) -> String {
    t::check::name_is_unknown(host)
}

async fn health(target: &Target, mut line: Box<dyn Line>) -> Result<Passed, String> {
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        target.path("/health"),
        target.authority()
    );
    let broke = |error: io::Error| t::check::broke_while_asked(&error);
    line.write_all(request.as_bytes()).await.map_err(broke)?;
    let mut answer = Vec::new();
    line.take(HTTP_BYTES as u64)
        .read_to_end(&mut answer)
        .await
        .map_err(broke)?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.lines().next().unwrap_or_default().to_owned();
    if answer.contains("\"protocol\"") && status.contains(" 200") {
        return Ok(Passed::Done(t::check::a_baton_server_answers().into()));
    }
    if status.contains(" 502") || status.contains(" 503") || status.contains(" 504") {
        return Err(t::check::proxy_without_server(&status));
    }
    Err(if status.is_empty() {
        t::check::no_http_answers().to_owned()
    } else {
        t::check::something_else_answers(&status)
    })
}

async fn upgrade(address: &str, line: Box<dyn Line>) -> Result<WebSocketStream<Box<dyn Line>>, String> {
    match tokio_tungstenite::client_async(address, line).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(response)) => Err(t::check::upgrade_stripped(&response.status())),
        Err(error) => Err(t::check::websocket_broken_off(&error)),
    }
}

async fn sign_in(peer: &mut Peer, token: Option<&str>) -> Result<(Passed, Option<Rights>), String> {
    peer.greet().await?;
    let Some(token) = token else {
        let text = t::check::nobody_is_signed_in();
        return Ok((Passed::NotNeeded(text), None));
    };
    let (account, rights) = peer.sign_in(token).await?;
    Ok((Passed::Done(t::check::you_are(&account.person.name)), Some(rights)))
}

async fn echo(peer: &mut Peer) -> Result<Passed, String> {
    let began = Instant::now();
    peer.ask(ToServer::Ping).await?;
    Ok(Passed::Done(t::check::there_and_back(&began.elapsed().as_millis())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    fn ends_at(checks: &[Check]) -> (String, String) {
        let failed = checks.iter().find(|check| check.outcome == Checked::Failed);
        let failed = failed.expect("the way ends somewhere");
        (failed.name.clone(), failed.text.clone())
    }

    /// Something at a port that answers every connection in this way.
    async fn answering(answer: &'static [u8]) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let mut request = [0; 1024];
                let _ = line.read(&mut request).await;
                let _ = line.write_all(answer).await;
            }
        });
        port
    }

    #[tokio::test]
    async fn a_closed_port_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let checks = check(&format!("ws://127.0.0.1:{port}/ws"), None).await;
        let (step, text) = ends_at(&checks);
        assert_eq!(step, "Connection (TCP)");
        assert!(text.contains(&port.to_string()), "{text}");
        assert_eq!(checks.len(), steps().len() + collaboration::steps().len());
        assert_eq!(checks[6].outcome, Checked::Skipped);
    }

    #[tokio::test]
    async fn a_name_that_nobody_knows_is_named() {
        let (step, text) = ends_at(&check("ws://no-such-host.invalid/ws", None).await);
        assert_eq!(step, "Name lookup");
        assert!(text.contains("no-such-host.invalid"), "{text}");
    }

    #[tokio::test]
    async fn something_else_at_the_address_is_named() {
        let port = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").await;
        let (step, text) = ends_at(&check(&format!("ws://127.0.0.1:{port}/ws"), None).await);
        assert_eq!(step, "Server (HTTP)");
        assert!(text.contains("Something else"), "{text}");
    }

    #[tokio::test]
    async fn a_proxy_without_its_server_is_named() {
        let port = answering(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
        let (_, text) = ends_at(&check(&format!("ws://127.0.0.1:{port}/ws"), None).await);
        assert!(text.contains("proxy"), "{text}");
    }

    #[tokio::test]
    async fn an_upgrade_that_is_stripped_is_named() {
        let port =
            answering(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 15\r\n\r\n{\"protocol\": 1}").await;
        let (step, text) = ends_at(&check(&format!("ws://127.0.0.1:{port}/ws"), None).await);
        assert_eq!(step, "WebSocket");
        assert!(text.contains("Upgrade and Connection"), "{text}");
    }

    #[tokio::test]
    async fn a_port_that_speaks_no_tls_is_named() {
        rustls::crypto::ring::default_provider().install_default().ok();
        let port = answering(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let (step, _) = ends_at(&check(&format!("wss://localhost:{port}/ws"), None).await);
        assert_eq!(step, "Encryption (TLS)");
    }
}
