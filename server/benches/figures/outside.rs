//! A keystroke's whole way, from socket to socket with the disk in between, beside the same bytes over plain sockets:
//! what editors of this kind are compared by.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use baton_protocol::id::{EntityId, FormKey};
use baton_protocol::message::{ToServer, Topic};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::machine::{Spans, cpu_us, memory_kib};
use crate::peers::{Ours, answer, ask, change, changes, greeted, insert, join, new_form, request, use_token};
use crate::statistics::join_at_once;
use crate::wire::Wire;
use crate::{micros, say};

const SPAN: Duration = Duration::from_secs(4);
/// How many watch one form.
const AUDIENCE: usize = 1000;
/// How many keystrokes are under way where more than one is.
const UNDER_WAY: usize = 64;
/// How many pairs of an owner and a spectator, a form each.
const PAIRS: usize = 500;
/// The bytes of a keystroke's frame where plain sockets carry it.
const FRAME: usize = 60;

/// All rows.
pub(crate) async fn outside(ours: &Ours) -> anyhow::Result<()> {
    say("\nFrom outside: every keystroke durable before it is shown");
    one_to_one(ours).await?;
    one_to_many(ours).await?;
    for a_second in [1_000, 10_000] {
        pairs(ours, a_second).await?;
    }
    for joins in [500, 2_000] {
        join_at_once(ours, joins).await?;
    }
    for desktops in [2_000, 10_000] {
        storm(ours, desktops).await?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark")]
fn per_second(count: usize, began: Instant) -> f64 {
    count as f64 / began.elapsed().as_secs_f64()
}

/// A keystroke whose text nobody else types.
fn key(form: FormKey, number: usize) -> String {
    request(9, change(form, "title", &mark(number)))
}

/// What is looked for in a frame: the last keystroke that was sent.
fn mark(number: usize) -> String {
    format!("k{number}.")
}

fn holds(message: &[u8], mark: &str) -> bool {
    message.windows(mark.len()).any(|part| part == mark.as_bytes())
}

async fn until(wire: &mut Wire, mark: &str) -> anyhow::Result<()> {
    wire.wait_for(|message| holds(message, mark).then_some(())).await
}

/// One owner and one spectator.
async fn one_to_one(ours: &Ours) -> anyhow::Result<()> {
    let (mut owner, mut spectator) = (ours.peer(&ours.editor).await?, ours.peer(&ours.admin).await?);
    let form = new_form();
    join(&mut owner, form, ours.entities[0]).await?;
    join(&mut spectator, form, ours.entities[0]).await?;
    let (began, mut number, mut spans) = (Instant::now(), 0, Vec::new());
    while began.elapsed() < SPAN {
        let typed = Instant::now();
        owner.send(&key(form, number)).await?;
        until(&mut spectator, &mark(number)).await?;
        spans.push(micros(typed));
        owner.answer().await?;
        number += 1;
    }
    let (raw_rate, raw) = raw_ping().await?;
    say(&format!(
        "  1 to 1, one at a time: {:.0} keystrokes/s, {}; plain sockets {raw_rate:.0}/s, p50 {:.3} ms",
        per_second(number, began),
        Spans::of(spans).text(),
        raw.at(0.5)
    ));
    letters(ours, &mut owner, &mut spectator).await?;
    let (began, cpu, first) = (Instant::now(), cpu_us(ours.process.id), number);
    let mut beat = tokio::time::interval(Duration::from_millis(1));
    while began.elapsed() < SPAN {
        beat.tick().await;
        owner.send(&key(form, number)).await?;
        owner.answer().await?;
        number += 1;
    }
    until(&mut spectator, &mark(number - 1)).await?;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand keystrokes")]
    let each = (cpu_us(ours.process.id) - cpu) / (number - first) as f64;
    say(&format!(
        "  the same at {:.0}/s: {each:.0} us of the server's processor a keystroke",
        per_second(number - first, began)
    ));
    let (began, first) = (Instant::now(), number);
    while began.elapsed() < SPAN {
        burst(&mut owner, form, &mut number).await?;
        until(&mut spectator, &mark(number - 1)).await?;
    }
    say(&format!(
        "  1 to 1, {UNDER_WAY} under way: {:.0} keystrokes/s",
        per_second(number - first, began)
    ));
    Ok(())
}

/// What a letter costs on a spectator's line.
async fn letters(ours: &Ours, owner: &mut Wire, spectator: &mut Wire) -> anyhow::Result<()> {
    const LETTERS: usize = 200;
    let form = new_form();
    join(owner, form, ours.entities[0]).await?;
    join(spectator, form, ours.entities[0]).await?;
    ask(owner, change(form, "description", "Some words before.")).await?;
    until(spectator, "words before").await?;
    let before = spectator.received;
    for at in 0..LETTERS {
        ask(owner, changes(form, vec![insert("description", 5 + at, "k")])).await?;
        spectator.next().await?;
    }
    say(&format!(
        "  bytes a frame of one letter: {}",
        (spectator.received - before) / LETTERS as u64
    ));
    Ok(())
}

/// Types as many keystrokes as may be under way, and waits for their answers.
async fn burst(owner: &mut Wire, form: FormKey, number: &mut usize) -> anyhow::Result<()> {
    let keys: Vec<String> = (0..UNDER_WAY).map(|at| key(form, *number + at)).collect();
    owner.send_all(&keys).await?;
    for _ in keys {
        owner.answer().await?;
        *number += 1;
    }
    Ok(())
}

/// How often a second a frame goes there and comes back over a plain socket.
async fn raw_ping() -> anyhow::Result<(f64, Spans)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut here = TcpStream::connect(listener.local_addr()?).await?;
    let (mut there, _) = listener.accept().await?;
    here.set_nodelay(true)?;
    there.set_nodelay(true)?;
    tokio::spawn(async move {
        let mut frame = [0; FRAME];
        while there.read_exact(&mut frame).await.is_ok() && there.write_all(&frame).await.is_ok() {}
    });
    let (mut frame, mut spans, began) = ([7; FRAME], Vec::new(), Instant::now());
    while began.elapsed() < SPAN / 2 {
        let sent = Instant::now();
        here.write_all(&frame).await?;
        here.read_exact(&mut frame).await?;
        spans.push(micros(sent));
    }
    Ok((per_second(spans.len(), began), Spans::of(spans)))
}

/// What spectators have seen, together.
#[derive(Default)]
struct Seen {
    /// The number of the keystroke that everybody is waited for with.
    wanted: AtomicU64,
    /// How many have it.
    have: AtomicU64,
    news: Notify,
}

/// Many who watch one form.
struct Audience(Arc<Seen>);

impl Audience {
    async fn open(ours: &Ours, form: FormKey) -> anyhow::Result<Self> {
        let seen = Arc::<Seen>::default();
        for _ in 0..AUDIENCE {
            let mut wire = ours.peer(&ours.admin).await?;
            join(&mut wire, form, ours.entities[0]).await?;
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let mut last = u64::MAX;
                // It ends with the server.
                while let Ok(message) = wire.next().await {
                    let wanted = seen.wanted.load(Ordering::Acquire);
                    if wanted != last && holds(message, &format!("k{wanted}.")) {
                        last = wanted;
                        seen.have.fetch_add(1, Ordering::AcqRel);
                        seen.news.notify_one();
                    }
                }
            });
        }
        Ok(Self(seen))
    }

    /// From now on everybody is waited for with this keystroke.
    fn want(&self, number: usize) {
        self.0.have.store(0, Ordering::Release);
        self.0.wanted.store(number as u64, Ordering::Release);
    }

    async fn all_have_it(&self) -> anyhow::Result<()> {
        let all = async {
            loop {
                let news = self.0.news.notified();
                if self.0.have.load(Ordering::Acquire) >= AUDIENCE as u64 {
                    return;
                }
                news.await;
            }
        };
        let all = tokio::time::timeout(Duration::from_secs(60), all).await;
        all.context("not every spectator saw it within a minute")
    }
}

/// One owner and many spectators.
async fn one_to_many(ours: &Ours) -> anyhow::Result<()> {
    let form = new_form();
    let mut owner = ours.peer(&ours.editor).await?;
    join(&mut owner, form, ours.entities[0]).await?;
    let audience = Audience::open(ours, form).await?;
    let mut number = 0;
    let began = Instant::now();
    while began.elapsed() < SPAN {
        audience.want(number);
        owner.send(&key(form, number)).await?;
        audience.all_have_it().await?;
        owner.answer().await?;
        number += 1;
    }
    let single = per_second(number * AUDIENCE, began);
    let (raw_single, raw_together) = (raw_writes(1).await?, raw_writes(UNDER_WAY).await?);
    say(&format!(
        "  1 to {AUDIENCE}, one at a time: {:.0}k frames/s; plain sockets {:.0}k: {:.2} of it",
        single / 1e3,
        raw_single / 1e3,
        single / raw_single
    ));
    let (began, first) = (Instant::now(), number);
    while began.elapsed() < SPAN {
        audience.want(number + UNDER_WAY - 1);
        burst(&mut owner, form, &mut number).await?;
        audience.all_have_it().await?;
    }
    let together = per_second((number - first) * AUDIENCE, began);
    say(&format!(
        "  1 to {AUDIENCE}, {UNDER_WAY} under way: {:.0}k keystrokes shown/s; plain sockets, written together, {:.0}k: {:.2} of it",
        together / 1e3,
        raw_together / 1e3,
        together / raw_together
    ));
    for a_second in [100, 200] {
        let mut spans = Vec::new();
        let began = Instant::now();
        let mut due = began;
        while began.elapsed() < SPAN {
            tokio::time::sleep_until(due.into()).await;
            audience.want(number);
            owner.send(&key(form, number)).await?;
            audience.all_have_it().await?;
            owner.answer().await?;
            // Counted from when it was due: whoever falls behind shows it.
            spans.push(micros(due));
            due += Duration::from_secs(1) / a_second;
            number += 1;
        }
        say(&format!(
            "  the same at {a_second} keystrokes/s: {}",
            Spans::of(spans).text()
        ));
    }
    Ok(())
}

/// Frames a second that plain sockets take, so many in one write, of a reader each.
async fn raw_writes(together: usize) -> anyhow::Result<f64> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut ends = Vec::new();
    let read = Arc::new(AtomicU64::new(0));
    let news = Arc::new(Notify::new());
    for _ in 0..AUDIENCE {
        let end = TcpStream::connect(listener.local_addr()?).await?;
        end.set_nodelay(true)?;
        let (mut other, _) = listener.accept().await?;
        let (read, news) = (Arc::clone(&read), Arc::clone(&news));
        tokio::spawn(async move {
            let mut buffer = vec![0; FRAME * 256];
            while let Ok(count @ 1..) = other.read(&mut buffer).await {
                read.fetch_add(count as u64, Ordering::AcqRel);
                news.notify_one();
            }
        });
        ends.push(end);
    }
    let (frames, began, mut written) = (vec![7; FRAME * together], Instant::now(), 0);
    while began.elapsed() < SPAN / 2 {
        for end in &mut ends {
            end.write_all(&frames).await?;
        }
        written += AUDIENCE * together;
        while read.load(Ordering::Acquire) < (written * FRAME) as u64 {
            let news = news.notified();
            if read.load(Ordering::Acquire) < (written * FRAME) as u64 {
                news.await;
            }
        }
    }
    Ok(per_second(written, began))
}

/// Many owners with a spectator each, so many keystrokes a second of them all; a keystroke counts from when it was due.
async fn pairs(ours: &Ours, a_second: u32) -> anyhow::Result<()> {
    let each = Duration::from_secs(1) * u32::try_from(PAIRS)? / a_second;
    let mut ready = Vec::new();
    for _ in 0..PAIRS {
        let (mut owner, mut spectator) = (ours.peer(&ours.editor).await?, ours.peer(&ours.admin).await?);
        let form = new_form();
        join(&mut owner, form, ours.entities[0]).await?;
        join(&mut spectator, form, ours.entities[0]).await?;
        ready.push((owner, spectator, form));
    }
    let (began, mut tasks) = (Instant::now(), JoinSet::new());
    let cpu = cpu_us(ours.process.id);
    for (at, (mut owner, mut spectator, form)) in ready.into_iter().enumerate() {
        tasks.spawn(async move {
            let mut spans = Vec::new();
            let mut due = began + each * u32::try_from(at)? / u32::try_from(PAIRS)?;
            let mut number = 0;
            while due < began + SPAN {
                tokio::time::sleep_until(due.into()).await;
                owner.send(&key(form, number)).await?;
                until(&mut spectator, &mark(number)).await?;
                spans.push(micros(due));
                owner.answer().await?;
                due += each;
                number += 1;
            }
            anyhow::Ok(spans)
        });
    }
    let mut spans = Vec::new();
    while let Some(done) = tasks.join_next().await {
        spans.extend(done??);
    }
    #[expect(clippy::cast_precision_loss, reason = "some thousand keystrokes")]
    let cpu = (cpu_us(ours.process.id) - cpu) / spans.len() as f64;
    say(&format!(
        "  {PAIRS} pairs at {a_second} keystrokes/s: {}; {cpu:.0} us of the server's processor each",
        Spans::of(spans).text()
    ));
    Ok(())
}

/// What a desktop asks for when it comes back.
fn subscriptions(form: FormKey, entities: &[EntityId]) -> Vec<ToServer> {
    let lists = entities.iter().take(2).map(|entity| Topic::Records(*entity));
    let topics = std::iter::once(Topic::Entities).chain(lists);
    let watches = topics.map(|topic| ToServer::Watch {
        topic,
        rows: 0,
        since: None,
    });
    let entity = Some(entities[0]);
    watches
        .chain(std::iter::once(ToServer::Join { form, entity }))
        .collect()
}

/// A connection that is signed in, tried again as desktops do while the server takes no more at once.
async fn signed_in(port: u16, token: &str) -> anyhow::Result<Wire> {
    const TRIES: u32 = 100;
    let mut tried = 0;
    loop {
        let wire = async {
            let mut wire = greeted(port).await?;
            ask(&mut wire, use_token(token)).await?;
            anyhow::Ok(wire)
        };
        match wire.await {
            Err(error) if tried == TRIES => return Err(error),
            Err(_) => {
                tried += 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            wire => return wire,
        }
    }
}

/// Many desktops, a form and three lists each, whose lines are cut at one moment: until all are back with everything.
async fn storm(ours: &Ours, desktops: usize) -> anyhow::Result<()> {
    let mut there = Vec::with_capacity(desktops);
    for _ in 0..desktops {
        let form = new_form();
        let mut wire = ours.peer(&ours.editor).await?;
        for body in subscriptions(form, &ours.entities) {
            answer(&mut wire, body).await?;
        }
        wire.forget();
        there.push((wire, form));
    }
    let memory = memory_kib(ours.process.id);
    let forms: Vec<FormKey> = there.iter().map(|(_, form)| *form).collect();
    let (cpu, began) = (cpu_us(ours.process.id), Instant::now());
    // All lines end in one go.
    drop(there);
    let mut tasks = JoinSet::new();
    for form in forms {
        let (port, token, entities) = (ours.process.port, ours.editor.clone(), ours.entities.clone());
        tasks.spawn(async move {
            let mut wire = signed_in(port, &token).await?;
            let mut frames = 2;
            for body in subscriptions(form, &entities) {
                wire.send(&request(7, body)).await?;
                while !crate::wire::answered(wire.next().await?)? {
                    frames += 1;
                }
                frames += 1;
            }
            anyhow::Ok((wire, frames))
        });
    }
    let (mut back, mut frames) = (Vec::with_capacity(desktops), 0);
    while let Some(done) = tasks.join_next().await {
        let (wire, heard) = done??;
        frames += heard;
        back.push(wire);
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of a benchmark")]
    let each = frames as f64 / desktops as f64;
    say(&format!(
        "  {desktops} desktops with a form and three lists each, cut at once: back in {:.2} s, {each:.1} frames each, {:.1} s of processor; {:.1} MiB before",
        began.elapsed().as_secs_f64(),
        (cpu_us(ours.process.id) - cpu) / 1e6,
        memory / 1024.0
    ));
    Ok(())
}
