//! The way to the server, walked step by step, and whether what is typed reaches others: where it ends, and what to do
//! about it, in one sentence (semantics 7.5).

mod collaboration;
mod peer;

use std::io;
use std::time::{Duration, Instant};

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
const STEPS: [&str; 7] = [
    "Name lookup",
    "Connection (TCP)",
    "Encryption (TLS)",
    "Server (HTTP)",
    "WebSocket",
    "Sign-in",
    "Echo",
];

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
    let not_tried = if walk.done.len() == STEPS.len() {
        "Not tried: nobody is signed in.".to_owned()
    } else {
        "Not tried: the way ends before.".to_owned()
    };
    let rest = std::iter::repeat((Checked::Skipped, not_tried));
    STEPS
        .iter()
        .chain(&collaboration::STEPS)
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
        let text = format!(
            "Port {} answers, after {} ms.",
            target.port,
            began.elapsed().as_millis()
        );
        self.passed(Passed::Done(text));
        let line = within(encrypt(&target, line)).await?;
        self.passed(if target.encrypted {
            Passed::Done("The certificate is accepted.".into())
        } else {
            Passed::NotNeeded("The address is not an encrypted one.")
        });
        self.passed(within(health(&target, line)).await?);
        let line = encrypt(&target, connect(&target).await?).await?;
        let socket = within(upgrade(address, line)).await?;
        self.passed(Passed::Done("The way lets WebSockets through.".into()));
        let mut peer = Peer::new(socket);
        let (passed, rights) = within(sign_in(&mut peer, token.as_deref())).await?;
        self.passed(passed);
        self.passed(within(echo(&mut peer)).await?);
        let Some((token, rights)) = token.zip(rights) else {
            return Ok(());
        };
        let Some(form) = within(collaboration::scratch_form(&mut peer, &rights)).await? else {
            for _ in collaboration::STEPS {
                self.passed(Passed::NotNeeded(
                    "You edit nothing here, so there is nothing to try it with.",
                ));
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
        Err(_) => Err(format!(
            "No answer within {} seconds: a firewall or the network swallows it, or the server hangs.",
            TIMEOUT.as_secs()
        )),
    }
}

async fn look_up(target: &Target) -> Result<Passed, String> {
    if target.host.parse::<std::net::IpAddr>().is_ok() {
        return Ok(Passed::NotNeeded("The address is a number, not a name."));
    }
    match tokio::net::lookup_host((target.host.as_str(), target.port)).await {
        Ok(mut found) => match found.next() {
            Some(address) => Ok(Passed::Done(format!("“{}” is {}.", target.host, address.ip()))),
            None => Err(unknown_name(&target.host)),
        },
        Err(_) => Err(unknown_name(&target.host)),
    }
}

fn unknown_name(host: &str) -> String {
    format!(
        "The name “{host}” is not known here. Look for a spelling mistake, or ask whether this computer must be in the company's network."
    )
}

async fn health(target: &Target, mut line: Box<dyn Line>) -> Result<Passed, String> {
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        target.path("/health"),
        target.authority()
    );
    let broke = |error: io::Error| format!("The connection broke while the server was asked: {error}.");
    line.write_all(request.as_bytes()).await.map_err(broke)?;
    let mut answer = Vec::new();
    line.take(HTTP_BYTES as u64)
        .read_to_end(&mut answer)
        .await
        .map_err(broke)?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.lines().next().unwrap_or_default().to_owned();
    if answer.contains("\"protocol\"") && status.contains(" 200") {
        return Ok(Passed::Done("A Baton server answers.".into()));
    }
    if status.contains(" 502") || status.contains(" 503") || status.contains(" 504") {
        return Err(format!(
            "A proxy answers, but the server behind it does not ({status}). Ask its administrator."
        ));
    }
    Err(format!(
        "Something else than a Baton server answers at this address ({}). Check the address.",
        if status.is_empty() { "not HTTP" } else { &status }
    ))
}

async fn upgrade(address: &str, line: Box<dyn Line>) -> Result<WebSocketStream<Box<dyn Line>>, String> {
    match tokio_tungstenite::client_async(address, line).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(response)) => Err(format!(
            "The server is reached, but something between strips the WebSocket upgrade ({}). \
             The proxy must pass on the headers Upgrade and Connection.",
            response.status()
        )),
        Err(error) => Err(format!(
            "The server is reached, but the WebSocket is broken off: {error}. A proxy or a virus scanner may be between."
        )),
    }
}

async fn sign_in(peer: &mut Peer, token: Option<&str>) -> Result<(Passed, Option<Rights>), String> {
    peer.greet().await?;
    let Some(token) = token else {
        let text = "Nobody is signed in on this computer.";
        return Ok((Passed::NotNeeded(text), None));
    };
    let (account, rights) = peer.sign_in(token).await?;
    Ok((Passed::Done(format!("You are {}.", account.person.name)), Some(rights)))
}

async fn echo(peer: &mut Peer) -> Result<Passed, String> {
    let began = Instant::now();
    peer.ask(ToServer::Ping).await?;
    Ok(Passed::Done(format!(
        "There and back in {} ms.",
        began.elapsed().as_millis()
    )))
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
        assert_eq!(checks.len(), STEPS.len() + collaboration::STEPS.len());
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
