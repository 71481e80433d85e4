//! One program for each data directory: two engines on one store would undo each other.
//!
//! A lock on a file in the directory is the truth; the system frees it however the program ends. The program that has
//! it listens on the loopback, where a second start hands over what it was started for, and ends. Nobody else can say
//! anything there: the port and a secret stand in a file that only the user can read.

use std::fs::{self, File, TryLockError};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use uuid::Uuid;

/// The file that is locked while the program runs.
const LOCK: &str = "running.lock";
/// The file that says where the running program listens.
const ADDRESS: &str = "running.json";
/// How long a second start waits for the first: both may have been started at once.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(50);
/// The most bytes of what a second start says.
const MAX_BYTES: u64 = 16 * 1024;
const TAKEN: &str = "taken\n";

/// What a second start hands to the program that runs.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    /// A link that is to be opened.
    pub(crate) link: Option<String>,
}

/// Where the running program listens.
#[derive(Serialize, Deserialize)]
struct Address {
    port: u16,
    secret: Uuid,
}

#[derive(Serialize, Deserialize)]
struct Handover {
    secret: Uuid,
    request: Request,
}

/// What came of a start.
pub(crate) enum Start {
    /// It is the only one.
    Only(Instance),
    /// Another one runs, and has taken over what this one was started for.
    HandedOver,
}

/// The only program of its data directory, as long as its lock is held.
pub(crate) struct Instance {
    /// Held as long as nobody else may begin.
    pub(crate) lock: File,
    /// What later starts hand over.
    pub(crate) requests: mpsc::Receiver<Request>,
}

/// Becomes the only program of the data directory, or hands `request` to the one that is.
///
/// # Errors
/// The directory cannot be written, or the program that has it does not answer.
pub(crate) fn begin(directory: &Path, request: &Request) -> anyhow::Result<Start> {
    let (began, directory_name) = (Instant::now(), directory.display());
    fs::create_dir_all(directory).with_context(|| format!("{directory_name} cannot be made"))?;
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(directory.join(LOCK))
        .with_context(|| format!("{directory_name} cannot be written"))?;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(Start::Only(listen(directory, lock)?)),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("{directory_name} cannot be locked"));
            }
        }
        // The other one may still be starting, or already ending.
        if hand_over(directory, request).is_ok() {
            return Ok(Start::HandedOver);
        }
        if began.elapsed() > TIMEOUT {
            bail!(
                "Baton runs already with the data directory {directory_name}, perhaps on another computer, and does \
                 not answer."
            );
        }
        thread::sleep(PAUSE);
    }
}

fn listen(directory: &Path, lock: File) -> anyhow::Result<Instance> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("this computer has no loopback")?;
    let address = Address {
        port: listener.local_addr()?.port(),
        secret: Uuid::new_v4(),
    };
    let (file, next) = (directory.join(ADDRESS), directory.join("running.new"));
    fs::write(&next, serde_json::to_vec(&address)?)?;
    fs::rename(&next, &file).with_context(|| format!("{} cannot be written", file.display()))?;
    let (sender, requests) = mpsc::channel(64);
    thread::Builder::new().name("instance".into()).spawn(move || {
        for stream in listener.incoming().flatten() {
            match take(&stream, address.secret) {
                Ok(request) => {
                    if sender.is_closed() {
                        return;
                    }
                    // Of a flood the first ones count, and whoever handed it over may be gone.
                    sender.try_send(request).ok();
                    (&stream).write_all(TAKEN.as_bytes()).ok();
                }
                Err(error) => tracing::warn!(%error, "somebody else spoke to the port of this program"),
            }
        }
    })?;
    Ok(Instance { lock, requests })
}

fn take(stream: &TcpStream, secret: Uuid) -> anyhow::Result<Request> {
    stream.set_read_timeout(Some(ATTEMPT))?;
    stream.set_write_timeout(Some(ATTEMPT))?;
    let mut line = String::new();
    BufReader::new(stream.take(MAX_BYTES)).read_line(&mut line)?;
    let handover: Handover = serde_json::from_str(&line)?;
    if handover.secret != secret {
        bail!("it does not know the secret");
    }
    Ok(handover.request)
}

fn hand_over(directory: &Path, request: &Request) -> anyhow::Result<()> {
    let address: Address = serde_json::from_slice(&fs::read(directory.join(ADDRESS))?)?;
    let server = SocketAddr::from((Ipv4Addr::LOCALHOST, address.port));
    let mut stream = TcpStream::connect_timeout(&server, ATTEMPT)?;
    stream.set_read_timeout(Some(ATTEMPT))?;
    stream.set_write_timeout(Some(ATTEMPT))?;
    let handover = Handover {
        secret: address.secret,
        request: request.clone(),
    };
    let mut line = serde_json::to_vec(&handover)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream.take(MAX_BYTES)).read_line(&mut answer)?;
    if answer != TAKEN {
        bail!("it does not take it");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(directory: &Path) -> Instance {
        match begin(directory, &Request::default()).expect("it starts") {
            Start::Only(only) => only,
            Start::HandedOver => panic!("there is another one"),
        }
    }

    #[test]
    fn of_many_that_start_at_once_one_runs_and_hears_of_all_others() {
        let directory = tempfile::tempdir().expect("a directory");
        let starts: Vec<_> = (0..20)
            .map(|number| {
                let directory = directory.path().to_owned();
                let request = Request {
                    link: Some(number.to_string()),
                };
                thread::spawn(move || begin(&directory, &request).expect("it starts or hands over"))
            })
            .collect();
        let mut only = Vec::new();
        for start in starts {
            if let Start::Only(one) = start.join().expect("it ends") {
                only.push(one);
            }
        }
        assert_eq!(only.len(), 1);
        let mut heard = 0;
        while only[0].requests.try_recv().is_ok() {
            heard += 1;
        }
        assert_eq!(heard, 19);
    }

    #[test]
    fn who_does_not_know_the_secret_says_nothing_here() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut only = only(directory.path());
        let file = directory.path().join(ADDRESS);
        let address: Address = serde_json::from_slice(&fs::read(&file).expect("it is there")).expect("an address");
        let forged = Address {
            secret: Uuid::new_v4(),
            ..address
        };
        let right = fs::read(&file).expect("it is there");
        fs::write(&file, serde_json::to_vec(&forged).expect("text")).expect("written");
        assert!(hand_over(directory.path(), &Request::default()).is_err());
        assert!(only.requests.try_recv().is_err());
        fs::write(&file, right).expect("written");
        hand_over(directory.path(), &Request::default()).expect("it is taken");
        assert!(only.requests.try_recv().is_ok());
    }

    #[test]
    fn the_next_one_starts_when_the_last_one_has_ended() {
        let directory = tempfile::tempdir().expect("a directory");
        drop(only(directory.path()));
        drop(only(directory.path()));
    }
}
