//! One speaks, a thousand hear: throughput, processor time, tail, stalled readers (targets 1 to 3).

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::ensure;
use baton_protocol::form::FormCommand;
use baton_protocol::id::FormKey;
use baton_protocol::message::ToServer;
use tokio::sync::Notify;

use crate::baseline::Said;
use crate::machine::{Spans, cpu_us, memory_kib};
use crate::peers::{Ours, Process, greeted, join, new_form, request, sign_in};
use crate::wire::Wire;
use crate::{now_us, say};

/// How many hear.
const AUDIENCE: usize = 1000;
/// How many readers stall.
const STALLED: usize = AUDIENCE / 20;

/// How much is told to readers that do not read.
const STALL_BYTES: usize = 8 * 1024 * 1024;

/// A server under load.
#[derive(Clone, Copy)]
pub(crate) enum Side<'a> {
    Ours(&'a Ours),
    Baseline(&'a Process),
}

impl Side<'_> {
    fn process(&self) -> &Process {
        match self {
            Self::Ours(ours) => &ours.process,
            Self::Baseline(process) => process,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Ours(_) => "ours",
            Self::Baseline(_) => "B   ",
        }
    }

    /// A publisher of a new form.
    async fn publisher(&self, form: FormKey) -> anyhow::Result<Wire> {
        match self {
            Self::Ours(ours) => {
                let mut wire = ours.peer(&ours.editor).await?;
                join(&mut wire, form, ours.entities[0]).await?;
                Ok(wire)
            }
            Self::Baseline(process) => Wire::open(process.port).await,
        }
    }

    async fn listener(&self, form: FormKey) -> anyhow::Result<Wire> {
        match self {
            Self::Ours(ours) => {
                let mut wire = ours.peer(&ours.viewer).await?;
                join(&mut wire, form, ours.entities[0]).await?;
                Ok(wire)
            }
            Self::Baseline(process) => Wire::open(process.port).await,
        }
    }

    /// Something that everyone hears and that no disk has to take; it carries the time.
    fn message(&self, form: FormKey) -> anyhow::Result<String> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Ok(match self {
            Self::Ours(_) => {
                // A field that the editor is in already is no news.
                let field = if number.is_multiple_of(2) { "title" } else { "sku" };
                let field = Some(field.to_owned());
                let command = FormCommand::Focus { field };
                request(9, ToServer::Form { form, command })
            }
            Self::Baseline(_) => serde_json::to_string(&Said {
                form: form.to_string(),
                field: format!("{HEARD}{number:021}"),
                text: String::new(),
                durable: false,
            })?,
        })
    }
}

/// What every message has in it that is counted.
const HEARD: &str = "focus";

/// What listeners have heard, together.
#[derive(Default)]
struct Heard {
    /// Whether spans are kept.
    timed: AtomicBool,
    count: AtomicU64,
    target: AtomicU64,
    reached: Notify,
    /// When each message was sent: everybody hears them in this order.
    sent: Mutex<Vec<u64>>,
}

impl Heard {
    fn sent(&self) -> MutexGuard<'_, Vec<u64>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Room<'a> {
    side: Side<'a>,
    form: FormKey,
    publisher: Wire,
    heard: Arc<Heard>,
    listeners: Vec<tokio::task::JoinHandle<Vec<u64>>>,
}

impl<'a> Room<'a> {
    async fn open(side: Side<'a>) -> anyhow::Result<Self> {
        let form = new_form();
        let publisher = side.publisher(form).await?;
        let heard = Arc::new(Heard::default());
        let mut listeners = Vec::new();
        for _ in 0..AUDIENCE {
            let wire = side.listener(form).await?;
            listeners.push(tokio::spawn(listen(wire, Arc::clone(&heard))));
        }
        Ok(Self {
            side,
            form,
            publisher,
            heard,
            listeners,
        })
    }

    /// Sends bursts, each after everyone heard the one before; frames a second and microseconds of the
    /// server's processor a frame.
    async fn bursts(&mut self, size: usize, span: Duration) -> anyhow::Result<(f64, f64)> {
        let (began, cpu) = (Instant::now(), cpu_us(self.side.process().id));
        let before = self.heard.count.load(Ordering::Relaxed);
        let mut expected = before;
        while expected == before || began.elapsed() < span {
            expected += (size * AUDIENCE) as u64;
            self.heard.target.store(expected, Ordering::SeqCst);
            let messages: Vec<String> = (0..size)
                .map(|_| self.side.message(self.form))
                .collect::<Result<_, _>>()?;
            self.heard.sent().extend(std::iter::repeat_n(now_us(), size));
            self.publisher.send_all(&messages).await?;
            for _ in 0..size {
                self.publisher.answer().await?;
            }
            while self.heard.count.load(Ordering::SeqCst) < expected {
                let waited = tokio::time::timeout(Duration::from_secs(20), self.heard.reached.notified()).await;
                ensure!(waited.is_ok(), "somebody did not hear everything");
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a count of frames")]
        let frames = (expected - before) as f64;
        Ok((frames / seconds, (cpu_us(self.side.process().id) - cpu) / frames))
    }

    /// Speaks at a steady pace, whether or not the last message was answered: a server that is behind
    /// must not slow down who measures it.
    async fn pace(&mut self, a_second: u32, span: Duration) -> anyhow::Result<()> {
        self.heard.timed.store(true, Ordering::Relaxed);
        let mut beat = tokio::time::interval(Duration::from_secs(1) / a_second);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
        let (began, mut unanswered) = (Instant::now(), 0);
        while began.elapsed() < span || unanswered > 0 {
            tokio::select! {
                answer = self.publisher.answer() => {
                    answer?;
                    unanswered -= 1;
                }
                _ = beat.tick(), if began.elapsed() < span => {
                    let message = self.side.message(self.form)?;
                    self.heard.sent().push(now_us());
                    self.publisher.send(&message).await?;
                    unanswered += 1;
                }
            }
        }
        Ok(())
    }

    /// Everyone goes; how long each message took to each listener.
    async fn close(self) -> anyhow::Result<Vec<u64>> {
        drop(self.publisher);
        // From now on a listener that hears nothing for a while has heard everything.
        self.heard.target.store(u64::MAX, Ordering::SeqCst);
        let mut spans = Vec::new();
        for listener in self.listeners {
            spans.extend(listener.await.unwrap_or_default());
        }
        Ok(spans)
    }
}

/// Samples of one listener are kept where the room can take them when it closes.
async fn listen(mut wire: Wire, heard: Arc<Heard>) -> Vec<u64> {
    let (mut spans, mut mine) = (Vec::new(), 0);
    loop {
        let waited = tokio::time::timeout(Duration::from_millis(200), wire.next()).await;
        match waited {
            Ok(Ok(message)) => {
                if holds(message, HEARD) {
                    if heard.timed.load(Ordering::Relaxed)
                        && let Some(sent) = heard.sent().get(mine)
                    {
                        spans.push(now_us().saturating_sub(*sent));
                    }
                    mine += 1;
                    let count = heard.count.fetch_add(1, Ordering::SeqCst) + 1;
                    if count == heard.target.load(Ordering::SeqCst) {
                        heard.reached.notify_one();
                    }
                }
            }
            Ok(Err(_)) => return spans,
            Err(_) if heard.target.load(Ordering::SeqCst) == u64::MAX => return spans,
            Err(_) => {}
        }
    }
}

/// Whether a message holds these words.
fn holds(message: &[u8], words: &str) -> bool {
    message.windows(words.len()).any(|part| part == words.as_bytes())
}

/// What the kernel can do at most: plain writes to as many sockets.
async fn ceiling() -> anyhow::Result<f64> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let mut ends = Vec::new();
    for _ in 0..AUDIENCE {
        let end = std::net::TcpStream::connect(("127.0.0.1", port))?;
        end.set_nodelay(true)?;
        let (mut other, _) = listener.accept().await?;
        tokio::spawn(async move {
            let mut buffer = vec![0; 4096];
            while tokio::io::AsyncReadExt::read(&mut other, &mut buffer)
                .await
                .is_ok_and(|count| count > 0)
            {}
        });
        ends.push(end);
    }
    let written = tokio::task::spawn_blocking(move || -> std::io::Result<f64> {
        let (began, frame) = (Instant::now(), [7; 160]);
        let mut rounds = 0;
        while began.elapsed() < Duration::from_secs(3) {
            for end in &mut ends {
                end.write_all(&frame)?;
            }
            rounds += AUDIENCE;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of writes")]
        let writes = rounds as f64;
        Ok(writes / began.elapsed().as_secs_f64())
    });
    Ok(written.await??)
}

/// Targets 1 and 2.
pub(crate) async fn throughput(ours: &Ours, baseline: &Process) -> anyhow::Result<()> {
    say(&format!("fan-out 1 : {AUDIENCE}"));
    let mut figures = Vec::new();
    for side in [Side::Baseline(baseline), Side::Ours(ours)] {
        let mut room = Room::open(side).await?;
        let burst = room.bursts(64, Duration::from_secs(4)).await?;
        let single = room.bursts(1, Duration::from_secs(4)).await?;
        say(&format!(
            "  {}: bursts of 64: {:.0} frames/s, {:.2} us of processor a frame; one by one: {:.0} frames/s, {:.2} us",
            side.name(),
            burst.0,
            burst.1,
            single.0,
            single.1
        ));
        room.close().await?;
        figures.push((burst, single));
    }
    let (b, us) = (&figures[0], &figures[1]);
    let ceiling = ceiling().await?;
    say(&format!("  C: {ceiling:.0} plain writes/s to {AUDIENCE} sockets"));
    say(&format!(
        "  target 1: {:.1} x B at bursts (>= 8); one by one {:.2} C (>= 0.75)",
        us.0.0 / b.0.0,
        us.1.0 / ceiling
    ));
    say(&format!(
        "  target 2: 1/{:.1} of B's processor time a frame (<= 1/12)",
        b.0.1 / us.0.1
    ));
    Ok(())
}

/// Target 3.
pub(crate) async fn tail(ours: &Ours, baseline: &Process) -> anyhow::Result<()> {
    for a_second in [100, 400] {
        say(&format!(
            "tail at {}k frames/s ({a_second} messages a second to {AUDIENCE})",
            a_second
        ));
        for side in [Side::Baseline(baseline), Side::Ours(ours)] {
            let mut room = Room::open(side).await?;
            room.pace(a_second, Duration::from_secs(5)).await?;
            let spans = Spans::of(room.close().await?);
            say(&format!("  {}: {}", side.name(), spans.text()));
        }
    }
    stalled(ours).await
}

/// How much the server holds for readers that stall, and what the others feel of them and of a flood of
/// sign-ins.
async fn stalled(ours: &Ours) -> anyhow::Result<()> {
    const A_SECOND: u32 = 100;
    let side = Side::Ours(ours);
    let mut calm = Room::open(side).await?;
    calm.pace(A_SECOND, Duration::from_secs(5)).await?;
    let before = Spans::of(calm.close().await?);

    let mut room = Room::open(side).await?;
    room.bursts(64, Duration::from_secs(1)).await?;
    let memory = memory_kib(ours.process.id);
    let mut stalled = Vec::new();
    for _ in 0..STALLED {
        stalled.push(side.listener(room.form).await?);
    }
    // More than the kernel keeps for a connection that nobody reads from.
    let mut told = 0;
    while told < STALL_BYTES {
        room.bursts(64, Duration::ZERO).await?;
        told += 64 * 160;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few sockets")]
    let held = (memory_kib(ours.process.id) - memory) / STALLED as f64;
    let flood: Vec<_> = (0..4).map(|_| tokio::spawn(flood(ours.process.port))).collect();
    room.pace(A_SECOND, Duration::from_secs(5)).await?;
    for task in flood {
        task.abort();
    }
    let after = Spans::of(room.close().await?);
    say(&format!(
        "with {STALLED} readers that stall and a flood of sign-ins, at 100k frames/s"
    ));
    say(&format!("  before: {}", before.text()));
    say(&format!("  with:   {}", after.text()));
    say(&format!(
        "  target 3: p99 {:.2} x (<= 1.5); {held:.0} KiB a stalled reader (<= 256)",
        after.at(0.99) / before.at(0.99)
    ));
    let began = Instant::now();
    let mut wire = stalled.swap_remove(0);
    let told = wire.wait_for(|message| (message == br#""resync""#).then_some(())).await;
    let ms = began.elapsed().as_secs_f64() * 1000.0;
    match told {
        Ok(()) => say(&format!(
            "  a stalled reader that reads again is told to resync after {ms:.0} ms (<= 10,000)"
        )),
        Err(error) => say(&format!("  a stalled reader was not told to resync: {error}")),
    }
    Ok(())
}

/// Guesses passwords for ever.
async fn flood(port: u16) -> anyhow::Result<()> {
    let mut wire = greeted(port).await?;
    loop {
        wire.send(&request(2, sign_in("nobody@example.test", "guess"))).await?;
        wire.wait_for(|message| message.starts_with(br#"{"refused""#).then_some(()))
            .await?;
    }
}
