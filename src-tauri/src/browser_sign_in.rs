//! Signing in at an identity provider: in the system's browser, which comes back to a loopback port (RFC 8252).

use std::io;
use std::time::Duration;

use baton_client::Handle;
use baton_client::core::{Reply, Window as Number};
use baton_locales::{spoken, t};
use baton_protocol::desktop::{BeginProviderSignIn, FinishProviderSignIn};
use baton_protocol::message::{Code, Problem};
use baton_protocol::provider::MAX_ANSWER;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use crate::links;

/// How long somebody may take in the browser; the server waits no longer either.
const TIMEOUT: Duration = Duration::from_secs(10 * 60);
/// How long the browser may take to say what it wants.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest head of a request that is read, in bytes.
const MAX_HEAD: usize = MAX_ANSWER + 8 * 1024;

/// What the browser shows at the end.
fn page() -> String {
    let (language, title, text) = (spoken(), t::desktop::go_back(), t::desktop::goes_on());
    let direction = if language.is_rtl() { "rtl" } else { "ltr" };
    format!(
        "<!doctype html><html lang=\"{}\" dir=\"{direction}\"><meta charset=\"utf-8\"><title>Baton</title>\
         <style>body{{font:16px system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}}</style>\
         <h1>{title}</h1><p>{text}</p></html>",
        language.tag()
    )
}

/// Whoever signs in in the browser; of two attempts the later one counts.
pub(crate) struct BrowserSignIn(watch::Sender<u64>);

impl BrowserSignIn {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Nobody waits for the browser any more.
    pub(crate) fn cancel(&self) {
        self.0.send_modify(|attempt| *attempt += 1);
    }

    /// Opens the provider's page, waits for the person to come back, and signs in.
    ///
    /// # Errors
    /// It was cancelled or took too long, or the server refused it.
    pub(crate) async fn sign_in(&self, engine: &Handle, window: Number, provider: String) -> Result<Reply, Problem> {
        self.cancel();
        let mut attempts = self.0.subscribe();
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .map_err(|error| no_port(&error))?;
        let port = listener.local_addr().map_err(|error| no_port(&error))?.port();
        let begun = engine.call(window, BeginProviderSignIn { provider, port }).await?;
        let Reply::Begun(begun) = begun else {
            return Err(Problem::unexpected_answer());
        };
        links::open_outside(begun.address).await?;
        let query = tokio::select! {
            query = tokio::time::timeout(TIMEOUT, returned(&listener)) => query,
            _ = attempts.changed() => {
                return Err(Problem::new(Code::Cancelled, t::desktop::sign_in_cancelled()));
            }
        };
        let query = query.map_err(|_| {
            let why = t::desktop::nobody_came_back();
            Problem::new(Code::Cancelled, why)
        })?;
        let query = query.map_err(|error| no_port(&error))?.into();
        let attempt = begun.attempt;
        engine.call(window, FinishProviderSignIn { attempt, query }).await
    }
}

fn no_port(error: &io::Error) -> Problem {
    tracing::error!(%error, "nothing can be heard of the browser");
    Problem::new(Code::Internal, t::desktop::no_browser_here())
}

/// The query of the address that the browser comes back to. Browsers also open connections that they do not use, and
/// ask for icons.
async fn returned(listener: &TcpListener) -> io::Result<String> {
    let (found, mut queries) = mpsc::channel(1);
    loop {
        tokio::select! {
            Some(query) = queries.recv() => return Ok(query),
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                let found = found.clone();
                tokio::spawn(async move {
                    match tokio::time::timeout(REQUEST_TIMEOUT, answer(stream)).await {
                        Ok(Ok(Some(query))) => { found.send(query).await.ok(); }
                        Ok(Ok(None)) | Err(_) => {}
                        Ok(Err(error)) => tracing::debug!(%error, "the browser left"),
                    }
                });
            }
        }
    }
}

async fn answer(mut stream: TcpStream) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < MAX_HEAD {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(None);
        }
    }
    let query = query_of(&head);
    let (status, page) = match query {
        Some(_) => ("200 OK", page()),
        None => ("404 Not Found", String::new()),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nReferrer-Policy: no-referrer\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(query)
}

/// The query of a request for `/`, if it says which attempt it is about.
fn query_of(head: &[u8]) -> Option<String> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let target = std::str::from_utf8(line)
        .ok()?
        .strip_prefix("GET ")?
        .split(' ')
        .next()?;
    let query = target.strip_prefix("/?")?;
    let names_attempt = query.split('&').any(|part| part.starts_with("state="));
    (names_attempt && query.len() <= MAX_ANSWER).then(|| query.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_return_from_the_provider_is_heard() {
        assert_eq!(
            query_of(b"GET /?code=a&state=b HTTP/1.1\r\n\r\n").as_deref(),
            Some("code=a&state=b")
        );
        for other in [
            &b"GET /favicon.ico HTTP/1.1\r\n\r\n"[..],
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET /?code=a HTTP/1.1\r\n\r\n",
            b"POST /?state=b HTTP/1.1\r\n\r\n",
            b"\xff\xfe",
            b"",
        ] {
            assert_eq!(query_of(other), None);
        }
    }

    #[tokio::test]
    async fn a_browser_that_opens_idle_connections_and_asks_for_icons_comes_back_all_the_same() -> io::Result<()> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let browser = tokio::spawn(async move {
            let _idle = TcpStream::connect(address).await?;
            let ask = async |line: &str| {
                let mut stream = TcpStream::connect(address).await?;
                stream
                    .write_all(format!("GET {line} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
                    .await?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await?;
                io::Result::Ok(answer)
            };
            assert!(ask("/favicon.ico").await?.starts_with("HTTP/1.1 404"));
            let page = ask("/?code=a&state=b").await?;
            assert!(page.contains("Go back to Baton"), "{page}");
            io::Result::Ok(())
        });
        assert_eq!(returned(&listener).await?, "code=a&state=b");
        browser.await?
    }
}
