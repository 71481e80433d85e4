//! A small TCP proxy that fails on demand: the network between a desktop and the server.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to the bytes of one direction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Flow {
    /// They pass.
    #[default]
    Pass,
    /// They are held until something else is said: a half-open line, if the other direction passes.
    Stall,
    /// Each piece takes so long.
    Delay(Duration),
    /// So many more pass, then the line breaks: within a frame, or between two.
    BreakAfter(usize),
}

/// What happens to the lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Network {
    /// From the desktop to the server.
    pub up: Flow,
    /// From the server to the desktop.
    pub down: Flow,
    /// Every line breaks and none is taken.
    pub cut: bool,
}

/// The proxy; it ends when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    network: watch::Sender<Network>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// A proxy to the server at this address.
    ///
    /// # Errors
    /// If it gets no port.
    pub async fn start(target: String) -> anyhow::Result<Self> {
        Self::new(target, false).await
    }

    /// A proxy as badly configured ones are: it does not pass on that the line is to be upgraded.
    ///
    /// # Errors
    /// If it gets no port.
    pub async fn without_upgrade(target: String) -> anyhow::Result<Self> {
        Self::new(target, true).await
    }

    async fn new(target: String, strips: bool) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("no port for a proxy")?;
        let port = listener.local_addr()?.port();
        let (network, state) = watch::channel(Network::default());
        let target: Arc<str> = target.into();
        let task = tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                if !state.borrow().cut {
                    tokio::spawn(carry(line, Arc::clone(&target), state.clone(), strips));
                }
            }
        });
        Ok(Self { port, network, task })
    }

    /// The address that a desktop is given.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// From now on the network is like this.
    pub fn set(&self, network: Network) {
        self.network.send_replace(network);
    }

    /// Breaks every line, and takes none.
    pub fn cut(&self) {
        let cut = true;
        self.set(Network {
            cut,
            ..Network::default()
        });
    }

    /// Everything passes again.
    pub fn heal(&self) {
        self.set(Network::default());
    }
}

/// Carries one line until either end or the network breaks it.
async fn carry(mut line: TcpStream, target: Arc<str>, network: watch::Receiver<Network>, strips: bool) {
    let Ok(mut server) = TcpStream::connect(&*target).await else {
        return;
    };
    line.set_nodelay(true).ok();
    server.set_nodelay(true).ok();
    if strips && strip(&mut line, &mut server).await.is_err() {
        return;
    }
    let (from_desktop, to_desktop) = line.split();
    let (from_server, to_server) = server.split();
    let mut cut = network.clone();
    tokio::select! {
        _ = pump(from_desktop, to_server, network.clone(), |network| network.up) => {}
        _ = pump(from_server, to_desktop, network, |network| network.down) => {}
        _ = cut.wait_for(|network| network.cut) => {}
    }
}

/// Carries one direction; an error, or the end, breaks the line.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut network: watch::Receiver<Network>,
    flow: fn(&Network) -> Flow,
) -> std::io::Result<()> {
    let mut piece = [0; 2048];
    // How much passed since it was said that the line breaks.
    let mut passed = 0;
    loop {
        let count = from.read(&mut piece).await?;
        if count == 0 {
            return Ok(());
        }
        loop {
            let now = flow(&network.borrow_and_update());
            match now {
                Flow::Pass => break,
                Flow::Delay(span) => {
                    tokio::time::sleep(span).await;
                    break;
                }
                Flow::Stall => {
                    if network.changed().await.is_err() {
                        return Ok(());
                    }
                }
                Flow::BreakAfter(limit) => {
                    let rest = limit.saturating_sub(passed).min(count);
                    passed += rest;
                    if rest < count {
                        to.write_all(&piece[..rest]).await?;
                        to.flush().await?;
                        return Ok(());
                    }
                    break;
                }
            }
        }
        to.write_all(&piece[..count]).await?;
    }
}

/// Passes the head of the request on without the headers that ask for an upgrade.
async fn strip(line: &mut TcpStream, server: &mut TcpStream) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(line.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let kept = head.split_inclusive("\r\n").filter(|header| {
        let header = header.to_ascii_lowercase();
        !header.starts_with("upgrade:") && !header.starts_with("connection: upgrade")
    });
    server.write_all(kept.collect::<String>().as_bytes()).await
}
