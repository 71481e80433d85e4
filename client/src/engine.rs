//! The engine's one task: waits for a call, the socket or a deadline, feeds the core, and carries out
//! what it says.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use baton_protocol::codec;
use baton_protocol::desktop::{SignIn, UiEvent};
use baton_protocol::message::Problem;
use baton_protocol::time::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::core::{Caller, Core, Effect, Input, Now, Reply, Window};
use crate::handle::{Asked, Handle};
use crate::keychain::{Keychain, StoreKey};
use crate::settings::SettingsFile;
use crate::socket::{Socket, SocketEvent};
use crate::store::{Store, StoreCommand};

/// How an engine is started.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it remembers things.
    pub directory: PathBuf,
    /// Which server.
    pub server: Server,
    /// A sign-in that is used where none is remembered.
    pub sign_in: Option<SignIn>,
    /// Whether other machines may be reached without encryption, where an address says so.
    pub plain: bool,
    /// Whether the sign-in may go to the system's keychain; else it is in a file that only its user reads.
    pub keychain: bool,
    /// Whether the sign-in may be remembered for the next start.
    pub remember_sign_in: bool,
    /// How long what was seen is remembered after it was last the server's; none for ever.
    pub keep_cache: Option<Duration>,
}

impl Config {
    /// An engine in this directory, with nothing set.
    #[must_use]
    pub fn in_directory(directory: PathBuf) -> Self {
        Self {
            directory,
            server: Server::Remembered,
            sign_in: None,
            plain: false,
            keychain: false,
            remember_sign_in: true,
            keep_cache: None,
        }
    }
}

/// Which server an engine works with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Server {
    /// The one that is remembered, or that its person gives.
    #[default]
    Remembered,
    /// This one, where none is remembered.
    Preset(String),
    /// This one, whatever is remembered; another one may be given later.
    Given(String),
    /// This one and no other: an administrator says so.
    Locked(String),
}

impl Server {
    /// The address to begin with.
    fn address(&self, remembered: Option<&String>) -> Option<String> {
        match self {
            Self::Remembered => remembered.cloned(),
            Self::Preset(preset) => Some(remembered.unwrap_or(preset).clone()),
            Self::Given(address) | Self::Locked(address) => Some(address.clone()),
        }
    }
}

/// An event for one window, or for all of them.
pub type WindowEvent = (Option<Window>, UiEvent);

/// How many calls wait for the engine at most; more make their callers wait.
const CALLS: usize = 256;
/// How many events wait for the UI; a window that takes none holds the engine up, not the memory.
const EVENTS: usize = 1024;

/// Starts the engine on the present runtime. It ends when every handle is dropped, or when it has
/// been asked to quit. Calls wait while the person at the computer unlocks its keychain.
pub fn start(config: Config) -> (Handle, mpsc::Receiver<WindowEvent>) {
    let directory = config.keychain.then(|| config.directory.clone());
    start_with(config, async {
        match directory {
            Some(directory) => Keychain::of_system(&directory).await,
            None => None,
        }
    })
}

/// Starts the engine with the keychain that this future opens.
fn start_with(
    config: Config,
    keychain: impl Future<Output = Option<(Keychain, StoreKey)>> + Send + 'static,
) -> (Handle, mpsc::Receiver<WindowEvent>) {
    // Fails only if another part of the program chose first, which serves as well.
    rustls::crypto::ring::default_provider().install_default().ok();
    let (calls, asked) = mpsc::channel(CALLS);
    let (events, shown) = mpsc::channel(EVENTS);
    tokio::spawn(async move { Engine::new(config, keychain.await, events).run(asked).await });
    (Handle::new(calls), shown)
}

struct Engine {
    core: Core,
    began: Instant,
    socket: Option<Socket>,
    callers: HashMap<Caller, oneshot::Sender<Result<Reply, Problem>>>,
    next_caller: Caller,
    events: mpsc::Sender<WindowEvent>,
    file: SettingsFile,
    store: Store,
}

fn wall_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::default() + since
}

/// What wakes the task.
enum Event {
    Asked(Option<Asked>),
    Socket(SocketEvent),
    Store(Input),
    Deadline,
}

impl Engine {
    fn new(config: Config, keychain: Option<(Keychain, StoreKey)>, events: mpsc::Sender<WindowEvent>) -> Self {
        let (keychain, key) = keychain.map_or((None, StoreKey::None), |(keychain, key)| (Some(keychain), key));
        let mut file = SettingsFile::new(&config.directory)
            .with_keychain(keychain)
            .with_sign_in(config.remember_sign_in);
        let mut settings = file.read().unwrap_or_else(|error| {
            tracing::error!(%error, "what was remembered cannot be read; starting without it");
            Default::default()
        });
        let address = config.server.address(settings.server.as_ref());
        if address != settings.server {
            settings.revoke_token();
            settings.server = address;
        }
        Self {
            core: Core::new(settings, rand::random())
                .with_sign_in(config.sign_in)
                .with_plain(config.plain)
                .with_computer(crate::computer::description())
                .with_server_locked(matches!(config.server, Server::Locked(_))),
            began: Instant::now(),
            socket: None,
            callers: HashMap::new(),
            next_caller: 0,
            events,
            file,
            store: Store::open(config.directory, key, config.keep_cache),
        }
    }

    async fn run(mut self, mut asked: mpsc::Receiver<Asked>) {
        self.core.set_wall_clock(self.now(), wall_clock());
        let effects = self.core.begin(self.now());
        self.carry_out(effects).await;
        loop {
            let deadline = self.core.next_deadline().map(|at| self.began + at);
            let event = tokio::select! {
                call = asked.recv() => Event::Asked(call),
                event = next(self.socket.as_mut()) => Event::Socket(event),
                input = self.store.next() => Event::Store(input),
                () = sleep_until(deadline) => Event::Deadline,
            };
            let input = match event {
                Event::Asked(None) => break,
                Event::Asked(Some((window, call, answer))) => {
                    self.next_caller += 1;
                    self.callers.insert(self.next_caller, answer);
                    Input::Call {
                        caller: self.next_caller,
                        window,
                        call,
                    }
                }
                Event::Socket(SocketEvent::Opened) => Input::Connected,
                Event::Socket(SocketEvent::Received(message)) => Input::Received(*message),
                Event::Socket(SocketEvent::Resumed(why)) => {
                    self.socket = None;
                    Input::Resumed { why }
                }
                Event::Socket(SocketEvent::Unreadable(why)) => {
                    self.socket = None;
                    Input::Unreadable { why }
                }
                Event::Socket(SocketEvent::Closed(why)) => {
                    self.socket = None;
                    Input::Disconnected { why }
                }
                Event::Store(input) => input,
                Event::Deadline => Input::Tick,
            };
            self.core.set_wall_clock(self.now(), wall_clock());
            let effects = self.core.handle(self.now(), input);
            self.carry_out(effects).await;
        }
    }

    /// Closes the line in order, so that the server passes this desktop's forms on at once (G6).
    async fn goodbye(&mut self, caller: Caller) {
        if let Some(socket) = self.socket.take() {
            socket.close().await;
        }
        self.store.flush().await;
        self.reply(caller, Ok(Reply::Done));
    }

    fn now(&self) -> Now {
        self.began.elapsed()
    }

    async fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Connect(address) => self.socket = Some(Socket::open(address)),
                Effect::Disconnect => self.socket = None,
                Effect::Send(request) => self.send(codec::encode(&request)),
                // Nobody listens any more when the window is gone; quitting goes on.
                Effect::Emit(event) => drop(self.events.send((None, event)).await),
                Effect::EmitTo(window, event) => drop(self.events.send((Some(window), event)).await),
                Effect::Reply(caller, result) => self.reply(caller, result),
                Effect::Goodbye(caller) => self.goodbye(caller).await,
                Effect::Check { caller, address, token } => {
                    if let Some(answer) = self.callers.remove(&caller) {
                        tokio::spawn(async move {
                            let checks = crate::check::check(&address, token).await;
                            answer.send(Ok(Reply::Checks(checks))).ok();
                        });
                    }
                }
                Effect::OpenStore(scope) => self.store.send(StoreCommand::Open(scope)),
                Effect::Persist { number, form, pending } => {
                    self.store.send(StoreCommand::Persist { number, form, pending })
                }
                Effect::Cache(memory) => self.store.send(StoreCommand::Cache(memory)),
                Effect::LoadForm { form, entity } => self.store.send(StoreCommand::LoadForm { form, entity }),
                Effect::LoadList(topic) => self.store.send(StoreCommand::LoadList(topic)),
                Effect::ForgetCache(scope) => self.store.send(StoreCommand::ForgetCache(scope)),
                Effect::LoadHistory { caller, form } => self.store.send(StoreCommand::LoadHistory { caller, form }),
                Effect::LoadPage { caller, page } => self.store.send(StoreCommand::LoadPage { caller, page }),
                Effect::SaveSettings(settings) => {
                    if let Err(error) = self.file.write(&settings) {
                        tracing::error!(%error, "cannot remember the server and the sign-in");
                    }
                }
            }
        }
    }

    /// A line that takes no more is dropped: nothing it was given is lost, because the core sends
    /// what was not answered again over the next one.
    fn send(&mut self, frame: String) {
        let taken = self.socket.as_ref().is_some_and(|socket| socket.send(frame));
        if !taken && let Some(socket) = self.socket.as_mut() {
            tracing::warn!("the line takes no more; it is given up");
            socket.give_up();
        }
    }

    fn reply(&mut self, caller: Caller, result: Result<Reply, Problem>) {
        if let Some(answer) = self.callers.remove(&caller) {
            // The caller may have gone.
            answer.send(result).ok();
        }
    }
}

async fn next(socket: Option<&mut Socket>) -> SocketEvent {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use baton_protocol::desktop::Start;
    use tokio::sync::oneshot;

    use super::*;
    use crate::keychain::tests::of_test;
    use crate::settings::Settings;

    fn remembered(directory: &Path) -> Keychain {
        let keychain = of_test(directory);
        let settings = Settings {
            server: Some("ws://127.0.0.1:9/ws".into()),
            token: Some("remembered".into()),
            ..Settings::default()
        };
        let mut file = SettingsFile::new(directory).with_keychain(Some(keychain.clone()));
        file.write(&settings).expect("written");
        keychain
    }

    #[tokio::test]
    async fn calls_wait_while_the_keychain_is_opened_and_the_sign_in_is_there_then() {
        let directory = tempfile::tempdir().expect("a directory");
        let keychain = remembered(directory.path());
        let (open, opened) = oneshot::channel();
        let (handle, _events) = start_with(Config::in_directory(directory.path().to_owned()), async {
            opened.await.ok()
        });
        let call = tokio::spawn(async move { handle.call(1, Start {}).await });
        // Whatever can run on this one thread has run then.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(!call.is_finished());
        let opened = open.send((keychain, StoreKey::Key([7; 32])));
        assert!(opened.is_ok());
        let Ok(Ok(Reply::Started(started))) = call.await else {
            panic!("no start");
        };
        assert!(started.signing_in, "with what the keychain remembers");
    }

    #[tokio::test]
    async fn without_a_keychain_it_starts_signed_out() {
        let directory = tempfile::tempdir().expect("a directory");
        remembered(directory.path());
        let (handle, _events) = start_with(Config::in_directory(directory.path().to_owned()), async { None });
        let Ok(Reply::Started(started)) = handle.call(1, Start {}).await else {
            panic!("no start");
        };
        assert!(!started.signing_in);
    }
}
