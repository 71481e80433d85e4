//! Updates of the desktop: asked of the server, fetched, and proven to be what they say.

pub mod swap;

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use baton_locales::t;
use baton_protocol::release::{NoStamp, Offer, Release, Stamp, is_name};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{HOST, RANGE};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use minisign_verify::{PublicKey, Signature};

use crate::address;
use crate::line::{Target, connect, encrypt};

/// The most bytes of what a server says of its releases.
const MAX_OFFER: usize = 64 * 1024;
/// The most bytes of a release.
const MAX_RELEASE: u64 = 500 * 1024 * 1024;
/// How long the server may take to say something.
const SILENCE: Duration = Duration::from_secs(20);

/// Why there is no update; a sentence for the person at the screen.
#[derive(Debug)]
pub enum UpdateError {
    /// The server is not reached.
    Line(String),
    /// It broke off; what is here already is gone on from.
    BrokeOff,
    /// The server has no such thing.
    Status(StatusCode),
    /// The server answers something unreadable.
    Unreadable,
    /// The signature is not that of the key that this desktop trusts, or the file is another one.
    Signature,
    /// The signature is of another version or system.
    Stamp,
    /// It is larger than any release.
    TooLarge,
    /// It cannot be written here.
    Disk(io::Error),
}

impl fmt::Display for UpdateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(why) => out.write_str(why),
            Self::BrokeOff => out.write_str(t::engine::update_broke_off()),
            Self::Status(status) => out.write_str(&t::engine::update_not_handed_out(status)),
            Self::Unreadable => out.write_str(t::engine::update_unreadable()),
            Self::Signature => out.write_str(t::engine::update_signature_wrong()),
            Self::Stamp => out.write_str(t::engine::update_signed_as_else()),
            Self::TooLarge => out.write_str(t::engine::update_too_large()),
            Self::Disk(error) => out.write_str(&t::engine::update_cannot_be_written(error)),
        }
    }
}

impl std::error::Error for UpdateError {}

impl From<io::Error> for UpdateError {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl From<NoStamp> for UpdateError {
    fn from(_: NoStamp) -> Self {
        Self::Stamp
    }
}

/// Where a desktop's updates come from, and what it takes.
#[derive(Clone, Debug)]
pub struct Source {
    /// The server's address, as a person wrote it.
    pub server: String,
    /// Whether it may be reached without encryption.
    pub plain: bool,
    /// Which releases: `stable`.
    pub channel: String,
    /// For what this desktop is built and packed.
    pub target: String,
    /// The public key of whoever signs releases, as minisign writes it.
    pub key: String,
}

impl Source {
    /// Asks the server for its newest release.
    ///
    /// # Errors
    /// If it cannot be asked, or does not answer well.
    pub async fn offer(&self) -> Result<Offer, UpdateError> {
        if !is_name(&self.channel) || !is_name(&self.target) {
            return Err(UpdateError::Unreadable);
        }
        let path = format!("/updates/{}/{}", self.channel, self.target);
        let answer = self.get(&path, 0).await?;
        if answer.status() != StatusCode::OK {
            return Err(UpdateError::Status(answer.status()));
        }
        let body = Limited::new(answer.into_body(), MAX_OFFER).collect();
        let body = tokio::time::timeout(SILENCE, body).await;
        let body = body.map_err(|_| UpdateError::BrokeOff)?;
        let body = body.map_err(|_| UpdateError::Unreadable)?.to_bytes();
        serde_json::from_slice(&body).map_err(|_| UpdateError::Unreadable)
    }

    /// Fetches a release into this directory, from where an earlier attempt broke off, and proves it. `progress`
    /// hears how much of it is here, of 100.
    ///
    /// # Errors
    /// If it cannot be had, or is not what it says; what is wrong does not stay.
    pub async fn fetch(
        &self,
        release: &Release,
        directory: &Path,
        progress: impl Fn(u8),
    ) -> Result<PathBuf, UpdateError> {
        if release.size > MAX_RELEASE {
            return Err(UpdateError::TooLarge);
        }
        // Before anything is written: a signature that does not fit is known without the file.
        self.check_stamp(release)?;
        fs::create_dir_all(directory)?;
        let file = directory.join(format!("{}-{}.part", self.target, release.version));
        forget_others(directory, &file);
        let mut here = fs::metadata(&file).map_or(0, |metadata| metadata.len());
        if here > release.size {
            fs::remove_file(&file)?;
            here = 0;
        }
        if here < release.size {
            self.fetch_rest(release, &file, here, progress).await?;
        }
        if let Err(error) = prove(&file, &self.key, &release.signature) {
            fs::remove_file(&file).ok();
            return Err(error);
        }
        Ok(file)
    }

    /// The rest of the file, from this byte on.
    async fn fetch_rest(
        &self,
        release: &Release,
        file: &Path,
        from: u64,
        progress: impl Fn(u8),
    ) -> Result<(), UpdateError> {
        let answer = self.get(&release.path, from).await?;
        let goes_on = match answer.status() {
            StatusCode::PARTIAL_CONTENT => true,
            StatusCode::OK => false,
            other => return Err(UpdateError::Status(other)),
        };
        let mut written = if goes_on { from } else { 0 };
        let mut options = OpenOptions::new();
        let mut out = options
            .create(true)
            .append(goes_on)
            .write(true)
            .truncate(!goes_on)
            .open(file)?;
        let mut body = answer.into_body();
        while written < release.size {
            let frame = tokio::time::timeout(SILENCE, body.frame()).await;
            let frame = frame.map_err(|_| UpdateError::BrokeOff)?.ok_or(UpdateError::BrokeOff)?;
            let frame = frame.map_err(|_| UpdateError::BrokeOff)?;
            let Some(bytes) = frame.data_ref() else {
                continue;
            };
            written += bytes.len() as u64;
            if written > release.size {
                fs::remove_file(file).ok();
                return Err(UpdateError::TooLarge);
            }
            out.write_all(bytes)?;
            progress(u8::try_from(written * 100 / release.size.max(1)).unwrap_or(100));
        }
        out.sync_all()?;
        Ok(())
    }

    /// The release's signature must be one of this release and target.
    fn check_stamp(&self, release: &Release) -> Result<(), UpdateError> {
        let signature = Signature::decode(&release.signature).map_err(|_| UpdateError::Signature)?;
        let stamp: Stamp = signature.trusted_comment().parse()?;
        if stamp.target != self.target || stamp.version != release.version {
            return Err(UpdateError::Stamp);
        }
        Ok(())
    }

    async fn get(&self, path: &str, from: u64) -> Result<Response<Incoming>, UpdateError> {
        let address = address::web_socket(&self.server, self.plain).map_err(UpdateError::Line)?;
        let target = Target::of(&address).map_err(UpdateError::Line)?;
        let answer = async {
            let line = encrypt(&target, connect(&target).await?).await?;
            let broke = |error: hyper::Error| t::check::broke_while_asked(&error);
            let (mut sender, connection) = http1::handshake(TokioIo::new(line)).await.map_err(broke)?;
            tokio::spawn(connection);
            let mut request = Request::get(target.path(path)).header(HOST, target.authority());
            if from > 0 {
                request = request.header(RANGE, format!("bytes={from}-"));
            }
            let request = request
                .body(Empty::<Bytes>::new())
                .map_err(|error| t::check::answer_cannot_be_used(&error))?;
            sender.send_request(request).await.map_err(broke)
        };
        match tokio::time::timeout(SILENCE, answer).await {
            Ok(answer) => answer.map_err(UpdateError::Line),
            Err(_) => Err(UpdateError::Line(t::engine::the_server_does_not().into())),
        }
    }
}

/// Whether a file is what a signature says, by this key.
///
/// # Errors
/// If it is not, or cannot be read.
pub fn prove(file: &Path, key: &str, signature: &str) -> Result<(), UpdateError> {
    let signature = Signature::decode(signature).map_err(|_| UpdateError::Signature)?;
    let key = PublicKey::from_base64(key.trim()).map_err(|_| UpdateError::Signature)?;
    let mut verifier = key.verify_stream(&signature).map_err(|_| UpdateError::Signature)?;
    let mut bytes = vec![0; 64 * 1024];
    let mut file = File::open(file)?;
    loop {
        let count = file.read(&mut bytes)?;
        if count == 0 {
            break;
        }
        verifier.update(bytes.get(..count).unwrap_or_default());
    }
    verifier.finalize().map_err(|_| UpdateError::Signature)
}

/// What is left of other releases goes.
fn forget_others(directory: &Path, file: &Path) {
    let others = fs::read_dir(directory).into_iter().flatten().flatten();
    for other in others.map(|entry| entry.path()) {
        let is_release = other
            .extension()
            .is_some_and(|ending| ending == "part" || ending == "exe");
        if is_release && other != file {
            fs::remove_file(other).ok();
        }
    }
}
