//! From a socket to a request: who is let in, and how long they may take to say what they want.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::admission::{Admission, Permit, Refusal};
use crate::config::Proxies;

/// How long the head of a request may take to arrive.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// The most bytes of a head.
const MAX_HEAD: usize = 16 * 1024;
/// How long open connections may take to close when the server stops.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves until it is told to stop, and waits then until everybody has left.
pub(crate) async fn serve<L>(
    mut listener: L,
    router: Router,
    admission: Admission,
    proxies: Arc<Proxies>,
    mut stopping: watch::Receiver<bool>,
) where
    L: Listener<Addr = SocketAddr>,
{
    loop {
        let (stream, peer) = tokio::select! {
            biased;
            () = stopped(&mut stopping) => break,
            accepted = listener.accept() => accepted,
        };
        let address = peer.ip().to_canonical();
        let address = (!proxies.contains(address)).then_some(address);
        match admission.admit(address) {
            Ok(permit) => {
                let proxies = address.is_none().then(|| Arc::clone(&proxies));
                tokio::spawn(serve_connection(
                    stream,
                    router.clone(),
                    permit,
                    (peer.ip().to_canonical(), proxies),
                    stopping.clone(),
                ));
            }
            Err(_) => drop(stream),
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIMEOUT, admission.empty()).await.is_err() {
        tracing::warn!(connections = admission.count(), "some did not leave in time");
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that whoever could stop us is gone, which is a reason to stop.
    stopping.wait_for(|stop| *stop).await.ok();
}

/// Answers the requests of one connection.
async fn serve_connection<S>(
    stream: S,
    router: Router,
    permit: Arc<Permit>,
    (peer, proxies): (IpAddr, Option<Arc<Proxies>>),
    mut stopping: watch::Receiver<bool>,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let service = {
        let permit = Arc::clone(&permit);
        service_fn(move |request: hyper::Request<Incoming>| {
            let (router, permit) = (router.clone(), Arc::clone(&permit));
            // A proxy that does not say for whom it speaks is taken for the one who asks.
            let from = proxies
                .as_deref()
                .map(|proxies| client_address(request.headers(), proxies).unwrap_or(peer));
            async move {
                if let Some(Err(refusal)) = from.map(|from| permit.comes_from(from)) {
                    return Ok(refused(refusal));
                }
                let mut request: Request = request.map(axum::body::Body::new);
                request.extensions_mut().insert(permit);
                router.oneshot(request).await
            }
        })
    };
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    let result = tokio::select! {
        biased;
        result = connection.as_mut() => result,
        () = permit.evicted() => return,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        if error.is_timeout() {
            permit.refused(Refusal::Slow);
        }
        tracing::debug!(%error, "a connection ended before it said what it wants");
    }
}

fn refused(refusal: Refusal) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    tracing::debug!(?refusal, "not let in");
    axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Where a request really comes from: the last address that no trusted proxy has.
fn client_address(headers: &HeaderMap, proxies: &Proxies) -> Option<IpAddr> {
    let forwarded = headers.get_all("x-forwarded-for").iter();
    let hops: Vec<IpAddr> = forwarded
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|hop| hop.trim().parse::<IpAddr>().ok())
        .map(|hop| hop.to_canonical())
        .collect();
    let outside = hops.iter().rev().find(|hop| !proxies.contains(**hop));
    outside.or(hops.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_trusted_proxy_says_counts() {
        let proxies = Proxies::new(&["10.0.0.1".into(), "192.168.0.0/16".into()]).expect("well formed");
        let from = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", value.parse().expect("a header"));
            client_address(&headers, &proxies)
        };
        let address = |text: &str| text.parse::<IpAddr>().ok();
        assert_eq!(from("203.0.113.7"), address("203.0.113.7"));
        assert_eq!(
            from("1.2.3.4, 203.0.113.7, 192.168.3.4"),
            address("203.0.113.7"),
            "what it was told first is not believed"
        );
        assert_eq!(from("nonsense"), None);
    }
}
