//! One history: a server, four desktops, and everything that can fail between them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_protocol::deletion::Stamp;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::Limits;
use baton_protocol::form::Role;
use baton_protocol::id::{EntityId, FormKey, RecordId, UserId, Version};
use baton_protocol::person::{Account, AccountState, Person as Author, PlaceVisibility, UserRole};
use baton_protocol::record::{self, Record};
use baton_protocol::time::Timestamp;
use baton_protocol::values::{SLUG, TITLE};
use baton_server::app::App;
use baton_server::auth::{self, Passwords};
use baton_server::bus::Bus;
use baton_server::clock::Clock;
use baton_server::config::{Config, Settings};
use baton_server::file_store::FileStore;
use baton_server::sessions::{Ids, Sessions};
use baton_server::store::UserRow;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::watch;
use turmoil::Sim;
use uuid::Uuid;

use crate::desktop::{Desktop, Person, SharedScreen};
use crate::disk::{Disk, SharedDisk, SimStore};
use crate::network::{Door, PORT, SERVER};
use crate::oracle::{Covered, GRACE, Oracle, SharedOracle};

/// How long things fail.
const CHAOS: Duration = Duration::from_secs(15);
/// How long everything has to come right again.
const CALM: Duration = Duration::from_secs(14);
/// How long a message takes, at least and at most.
const QUICKEST: Duration = Duration::from_millis(1);
const SLOWEST: Duration = Duration::from_millis(40);
const TICK: Duration = Duration::from_millis(2);
/// The time at the simulation's beginning.
const BEGINNING: Timestamp = Timestamp(1_800_000_000_000);

const PEOPLE: [(&str, UserRole); 4] = [
    ("a", UserRole::Admin),
    ("b", UserRole::Editor),
    ("c", UserRole::Editor),
    ("d", UserRole::Viewer),
];

struct World<'a> {
    sim: Sim<'a>,
    rng: StdRng,
    oracle: SharedOracle,
    disk: SharedDisk,
    screens: Vec<SharedScreen>,
    forms: Vec<FormKey>,
    /// What comes right again, and when.
    repairs: Vec<(Duration, Fault)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fault {
    /// Nothing passes between a desktop and the server, in one or both directions.
    Cut(usize, Direction),
    /// Everything passes later.
    PendingForm(usize),
    /// The server is down.
    ServerDown,
    /// A desktop is down.
    DesktopDown(usize),
    /// The disk takes no writes.
    DiskFull,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Direction {
    Both,
    ToServer,
    FromServer,
}

/// Runs one history and panics with what it broke.
pub(crate) fn run(seed: u64) -> Covered {
    let mut world = World::new(seed);
    let mut next_fault = Duration::from_millis(1500);
    while world.sim.elapsed() < CHAOS {
        world.step();
        world.repair(false);
        if world.sim.elapsed() >= next_fault {
            world.fail();
            next_fault += Duration::from_millis(world.rng.random_range(150..1200));
        }
    }
    world.repair(true);
    for screen in &world.screens {
        screen.lock().unwrap_or_else(PoisonError::into_inner).settle = true;
    }
    while world.sim.elapsed() < CHAOS + CALM {
        world.step();
        world.restart_who_quit();
    }
    world.judge()
}

fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 + number)
}

fn config() -> Config {
    let mut config = Config::of(
        Settings {
            data_dir: Some("/nowhere".into()),
            grace_ms: Some(2000),
            heartbeat_ms: Some(500),
            ..Settings::default()
        },
        None,
    )
    .expect("sensible");
    config.limits = Limits {
        grace: GRACE,
        idle: Duration::from_secs(3),
        answer: Duration::from_secs(1),
    };
    config
}

impl World<'_> {
    fn new(seed: u64) -> Self {
        let mut sim = turmoil::Builder::new()
            .rng_seed(seed)
            .tick_duration(TICK)
            .simulation_duration(CHAOS + CALM + CALM)
            .min_message_latency(QUICKEST)
            .max_message_latency(SLOWEST)
            .tcp_capacity(8192)
            .enable_random_order()
            .build();
        let oracle = SharedOracle::default();
        let entity = Entity::new(
            EntityId(id(1)),
            "notes",
            "Note",
            "Notes",
            vec![Field::new("text", "Text", FieldType::Textarea)],
        );
        let mut disk = Disk::new(seed, vec![entity.clone()]);
        let people: Vec<Account> = (10..)
            .zip(PEOPLE)
            .map(|(number, (name, role))| account(number, name, role))
            .collect();
        for (index, account) in people.iter().enumerate() {
            disk.users.push(UserRow {
                account: account.clone(),
                password_hash: String::new(),
                password_until: None,
                second_factor: None,
                epoch: 0,
            });
            let hash = auth::token_hash(&account.person.name);
            disk.tokens.insert(hash, index);
        }
        // Two records that were saved, and one that never was.
        let forms: Vec<FormKey> = (100..103).map(|number| FormKey::record(RecordId(id(number)))).collect();
        for (number, form) in forms.iter().enumerate() {
            let version = u64::from(number < 2);
            oracle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .begins(*form, version);
            if version == 1 {
                let record = saved(*form, &entity, &people[0].person, number);
                disk.records.insert(record.id, record);
            }
        }
        let disk = Arc::new(Mutex::new(disk));
        host_server(&mut sim, seed, &disk, &oracle);
        let screens: Vec<SharedScreen> = (0..)
            .zip(&people)
            .map(|(index, account)| {
                let person = Person {
                    name: PEOPLE[index].0,
                    token: account.person.name.clone(),
                    admin: account.role == UserRole::Admin,
                    forms: forms.clone(),
                    entity: entity.id,
                    seed: seed.wrapping_mul(1009).wrapping_add(index as u64),
                };
                host_desktop(&mut sim, &person, &oracle)
            })
            .collect();
        Self {
            sim,
            rng: StdRng::seed_from_u64(seed),
            oracle,
            disk,
            screens,
            forms,
            repairs: Vec::new(),
        }
    }

    fn oracle(&self) -> MutexGuard<'_, Oracle> {
        self.oracle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&mut self) {
        let stepped = self.sim.step();
        assert!(!self.oracle.is_poisoned(), "a guarantee is broken; see above");
        stepped.expect("no part of the simulation fails by itself");
        let now = self.sim.elapsed();
        let mut oracle = self.oracle.lock().unwrap_or_else(PoisonError::into_inner);
        oracle.now = now;
        if !self.repairs.is_empty() {
            oracle.calm_since = now;
        }
        for screen in &self.screens {
            let screen = screen.lock().unwrap_or_else(PoisonError::into_inner);
            if let (true, Some(session)) = (screen.quit, &screen.session) {
                oracle.gone(session, screen.goodbye);
            }
        }
        oracle.step();
    }

    /// Breaks something.
    fn fail(&mut self) {
        let desktop = self.rng.random_range(0..PEOPLE.len());
        if self.rng.random_ratio(1, 4) {
            let form = self.forms[self.rng.random_range(0..self.forms.len())];
            self.disk
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .store_elsewhere(form);
            *self.oracle().covered.faults.entry("stored elsewhere").or_default() += 1;
            return;
        }
        let (fault, name) = match self.rng.random_range(0..100) {
            0..30 => (Fault::Cut(desktop, Direction::Both), "cut both ways"),
            30..38 => (Fault::Cut(desktop, Direction::ToServer), "cut to the server"),
            38..46 => (Fault::Cut(desktop, Direction::FromServer), "cut from the server"),
            46..60 => (Fault::PendingForm(desktop), "held back"),
            60..72 => (Fault::ServerDown, "server killed"),
            72..86 => (Fault::DesktopDown(desktop), "desktop killed"),
            _ => (Fault::DiskFull, "disk full"),
        };
        let lasts = Duration::from_millis(self.rng.random_range(50..3500));
        if self
            .repairs
            .iter()
            .any(|(_, other)| *other == fault || other.host() == fault.host())
        {
            return;
        }
        tracing::info!(?fault, ?lasts, at = ?self.sim.elapsed(), "fails");
        *self.oracle().covered.faults.entry(name).or_default() += 1;
        match fault {
            Fault::Cut(desktop, Direction::Both) => self.sim.partition(PEOPLE[desktop].0, SERVER),
            Fault::Cut(desktop, Direction::ToServer) => self.sim.partition_oneway(PEOPLE[desktop].0, SERVER),
            Fault::Cut(desktop, Direction::FromServer) => self.sim.partition_oneway(SERVER, PEOPLE[desktop].0),
            Fault::PendingForm(desktop) => self.sim.hold(PEOPLE[desktop].0, SERVER),
            Fault::ServerDown => self.crash(SERVER),
            Fault::DesktopDown(desktop) => {
                let session = self.screens[desktop]
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .session
                    .take();
                if let Some(session) = session {
                    self.oracle().gone(&session, false);
                }
                self.crash(PEOPLE[desktop].0);
            }
            Fault::DiskFull => self.disk.lock().unwrap_or_else(PoisonError::into_inner).failing = true,
        }
        self.repairs.push((self.sim.elapsed() + lasts, fault));
    }

    /// Kills a machine. Its tasks end in no order that a seed decides, so the ends of its lines must
    /// all take the same time.
    fn crash(&mut self, host: &str) {
        self.sim.set_max_message_latency(QUICKEST);
        self.sim.crash(host);
        self.sim.set_max_message_latency(SLOWEST);
    }

    /// Repairs what is due, or everything.
    fn repair(&mut self, all: bool) {
        let now = self.sim.elapsed();
        let (due, rest) = std::mem::take(&mut self.repairs)
            .into_iter()
            .partition(|(at, _)| all || *at <= now);
        self.repairs = rest;
        for (_, fault) in due {
            tracing::info!(?fault, at = ?now, "comes right");
            match fault {
                Fault::Cut(desktop, _) => self.sim.repair(PEOPLE[desktop].0, SERVER),
                Fault::PendingForm(desktop) => self.sim.release(PEOPLE[desktop].0, SERVER),
                Fault::ServerDown => self.sim.bounce(SERVER),
                Fault::DesktopDown(desktop) => self.sim.bounce(PEOPLE[desktop].0),
                Fault::DiskFull => self.disk.lock().unwrap_or_else(PoisonError::into_inner).failing = false,
            }
        }
        self.restart_who_quit();
    }

    fn restart_who_quit(&mut self) {
        for (desktop, (name, _)) in PEOPLE.iter().enumerate() {
            let quit = self.screens[desktop]
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .quit;
            let down = self
                .repairs
                .iter()
                .any(|(_, fault)| *fault == Fault::DesktopDown(desktop));
            if quit && !down && !self.sim.is_host_running(*name) {
                self.sim.bounce(*name);
            }
        }
    }

    /// At the end, when everything has been well for a while.
    fn judge(self) -> Covered {
        assert_alone();
        let mut oracle = self.oracle.lock().unwrap_or_else(PoisonError::into_inner);
        let disk = self.disk.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = disk.listed().map(|record| (record.id, record.version)).collect();
        for (screen, (name, _)) in self.screens.iter().zip(PEOPLE) {
            let screen = screen.lock().unwrap_or_else(PoisonError::into_inner);
            assert_eq!(
                screen.rows.as_ref(),
                Some(&rows),
                "G5: the list that {name} sees at the end"
            );
            for form in &self.forms {
                let view = screen.forms.get(form).and_then(|open| open.view.as_ref());
                let view = view.unwrap_or_else(|| panic!("{name} cannot open {form} at the end"));
                oracle.finally_shown(name, *form, view.rev.0, view.value("text").text());
                let owner = oracle.owner(*form);
                assert_eq!(
                    view.role() == Role::Owner,
                    owner.as_deref() == Some(name),
                    "G1: who owns {form}, by {name}"
                );
                let branch = screen.branch.get(form).map_or("", String::as_str);
                for token in screen.typed.get(form).into_iter().flatten() {
                    let somewhere = oracle.arrived(*form, token) || branch.contains(token.as_str());
                    assert!(somewhere, "G7: {token} of {form} is nowhere");
                }
            }
        }
        oracle.finish()
    }
}

/// A thread that works for a history decides by its speed what happens when: then a seed is not one history.
fn assert_alone() {
    for task in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        // A thread may end meanwhile.
        let name = std::fs::read_to_string(task.path().join("comm")).unwrap_or_default();
        assert_ne!(name.trim(), "tokio-rt-worker", "a real thread takes part in a history");
    }
}

impl Fault {
    /// What is already broken there cannot break in another way at the same time.
    fn host(self) -> Option<usize> {
        match self {
            Self::Cut(desktop, _) | Self::PendingForm(desktop) | Self::DesktopDown(desktop) => Some(desktop),
            Self::ServerDown => Some(usize::MAX),
            Self::DiskFull => Some(usize::MAX - 1),
        }
    }
}

fn account(number: u64, name: &str, role: UserRole) -> Account {
    Account {
        person: Author {
            id: UserId(id(number)),
            name: name.into(),
        },
        email: format!("{name}@example.test"),
        role,
        state: AccountState::Active,
        second_factor: false,
        place: PlaceVisibility::Shown,
    }
}

fn saved(form: FormKey, entity: &Entity, by: &Author, number: usize) -> Record {
    let mut values = record::new_values(entity);
    values.insert(TITLE.into(), Value::from_text(format!("Note {number}")));
    values.insert(SLUG.into(), Value::from_text(format!("note-{number}")));
    let stamp = Stamp {
        by: by.clone(),
        at: BEGINNING,
    };
    Record {
        id: RecordId(form.id),
        entity: entity.id,
        num: number as u64 + 1,
        position: 0,
        version: Version(1),
        values,
        created: stamp.clone(),
        updated: stamp,
        gone: None,
    }
}

fn host_server(sim: &mut Sim<'_>, seed: u64, disk: &SharedDisk, oracle: &SharedOracle) {
    let passwords = Passwords::new().expect("random numbers");
    let (disk, oracle) = (Arc::clone(disk), Arc::clone(oracle));
    let ids = Ids::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))));
    sim.host(SERVER, move || {
        let (disk, oracle, passwords) = (Arc::clone(&disk), Arc::clone(&oracle), passwords.clone());
        let ids = ids.clone();
        async move {
            let clock = Clock::at(BEGINNING + turmoil::sim_elapsed().unwrap_or_default());
            let bus = Bus::default();
            let store = SimStore {
                disk,
                bus: bus.clone(),
                oracle: Some(oracle),
            };
            let (_stop, stopping) = watch::channel(false);
            let sessions = Sessions::new(ids);
            let mut app = App::of(config(), clock, bus, Arc::new(store), passwords, sessions, stopping);
            app.files = FileStore::disabled();
            let listener = turmoil::net::TcpListener::bind(("0.0.0.0", PORT)).await?;
            baton_server::run(Door(listener), app).await?;
            Ok(())
        }
    });
}

fn host_desktop(sim: &mut Sim<'_>, person: &Person, oracle: &SharedOracle) -> SharedScreen {
    let screen = SharedScreen::default();
    let (shown, oracle, person) = (Arc::clone(&screen), Arc::clone(oracle), person.clone());
    let starts = std::cell::Cell::new(0);
    sim.host(person.name, move || {
        let desktop = Desktop::new(person.clone(), starts.get(), Arc::clone(&shown), Arc::clone(&oracle));
        starts.set(starts.get() + 1);
        async move {
            desktop.run().await;
            Ok(())
        }
    });
    screen
}
