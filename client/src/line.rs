//! A line to a server, step by step: where its address leads, a connection, encryption.

use std::io;
use std::sync::Arc;

use baton_locales::t;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::http::Uri;

/// A line to the server, encrypted or not.
pub(crate) trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Line for S {}

/// Where an address leads.
pub(crate) struct Target {
    pub(crate) encrypted: bool,
    pub(crate) host: String,
    pub(crate) port: u16,
    path: String,
}

impl Target {
    /// Reads the address of a WebSocket.
    pub(crate) fn of(address: &str) -> Result<Self, String> {
        let uri: Uri = address.parse().map_err(|error| t::check::address_unreadable(&error))?;
        let encrypted = uri.scheme_str() == Some("wss");
        Ok(Self {
            encrypted,
            host: uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 }),
            path: uri.path().to_owned(),
        })
    }

    /// A path of the same server: it may serve below a folder of another one.
    pub(crate) fn path(&self, of_server: &str) -> String {
        let base = self.path.strip_suffix("/ws").unwrap_or(&self.path);
        format!("{base}{of_server}")
    }

    /// Its name in a request's head.
    pub(crate) fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// Opens a connection.
///
/// # Errors
/// A sentence about what is in the way.
pub(crate) async fn connect(target: &Target) -> Result<TcpStream, String> {
    TcpStream::connect((target.host.as_str(), target.port))
        .await
        .map_err(|error| {
            if error.kind() == io::ErrorKind::ConnectionRefused {
                t::check::nothing_answers_at_port(&target.port, &target.host)
            } else {
                t::check::cannot_be_reached(&target.host, &error)
            }
        })
}

/// Encrypts it, if the address wants that.
///
/// # Errors
/// A sentence about the certificate.
pub(crate) async fn encrypt(target: &Target, line: TcpStream) -> Result<Box<dyn Line>, String> {
    if !target.encrypted {
        return Ok(Box::new(line));
    }
    let mut roots = rustls::RootCertStore::empty();
    // Certificates that cannot be read are none that could be trusted.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = rustls::ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(target.host.clone()).map_err(|_| t::check::no_certificate_for(&target.host))?;
    let encrypted = TlsConnector::from(Arc::new(config)).connect(name, line).await;
    match encrypted {
        Ok(line) => Ok(Box::new(line)),
        Err(error) => Err(t::check::no_encryption(&error)),
    }
}
