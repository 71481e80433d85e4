//! What groups cost: the fan-out of one form to many kinds of viewers beside that to one kind, and how soon a change of
//! a group is felt.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use baton_protocol::entity::Entity;
use baton_protocol::id::{EntityId, FormKey, GroupId, OpId, UserId};
use baton_protocol::message::{AddPerson, Answer, ChangeGroups, ChangedAccount, Snapshot, ToServer, Topic};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Access, FieldLimit, GroupChange};
use sha2::{Digest as _, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::machine::Spans;
use crate::peers::{Ours, answer, ask, change, greeted, new_form, query, save, sign_in};
use crate::records::define;
use crate::wire::Wire;
use crate::{micros, say};

/// How many windows watch, and how many groups they are of.
const WINDOWS: usize = 1000;
const GROUPS: usize = 50;
const ENTITIES: usize = 20;
/// How long each fan-out is measured.
const SPAN: Duration = Duration::from_secs(5);
/// What every notice of a keystroke begins with.
const CHANGED: &[u8] = b"\"changed\"";

/// What all windows heard together.
#[derive(Default)]
struct Heard {
    keystrokes: AtomicU64,
    rights: AtomicU64,
    news: Notify,
}

impl Heard {
    async fn until(&self, count: &AtomicU64, wanted: u64) -> anyhow::Result<()> {
        let all = async {
            loop {
                let news = self.news.notified();
                if count.load(Ordering::Acquire) >= wanted {
                    return;
                }
                news.await;
            }
        };
        let all = tokio::time::timeout(Duration::from_secs(60), all).await;
        all.context("not every window heard it within a minute")
    }
}

async fn listen(mut wire: Wire, heard: Arc<Heard>) -> anyhow::Result<()> {
    loop {
        let message = wire.next().await?;
        let has = |words: &[u8]| message.windows(words.len()).any(|part| part == words);
        if has(CHANGED) {
            heard.keystrokes.fetch_add(1, Ordering::AcqRel);
        } else if message.starts_with(br#"{"rights_changed""#) {
            heard.rights.fetch_add(1, Ordering::AcqRel);
        } else {
            continue;
        }
        heard.news.notify_one();
    }
}

/// Types one letter after the other, each when all windows have heard the one before: frames a second, and how long a
/// keystroke takes to the last window, in microseconds.
async fn fan_out(owner: &mut Wire, form: FormKey, heard: &Heard) -> anyhow::Result<(f64, Vec<u64>)> {
    let mut took = Vec::new();
    let before = heard.keystrokes.load(Ordering::Acquire);
    let began = Instant::now();
    while began.elapsed() < SPAN {
        let typed = Instant::now();
        ask(owner, change(form, "title", &format!("Coat {}", took.len()))).await?;
        let wanted = before + (took.len() as u64 + 1) * WINDOWS as u64;
        heard.until(&heard.keystrokes, wanted).await?;
        took.push(micros(typed));
    }
    let frames = took.len() as f64 * WINDOWS as f64 / began.elapsed().as_secs_f64();
    took.sort_unstable();
    Ok((frames, took))
}

fn report(name: &str, (frames, took): &(f64, Vec<u64>)) {
    let at = |share: usize| {
        took.get(took.len().saturating_sub(1) * share / 100)
            .copied()
            .unwrap_or(0) as f64
            / 1000.0
    };
    say(&format!(
        "  {name:<44} {:>6.0}k frames/s, to the last window p50 {:.1} ms, p99 {:.1} ms",
        frames / 1000.0,
        at(50),
        at(99)
    ));
}

/// A person of a group of their own, who has chosen a password: their token.
async fn person(ours: &Ours, admin: &mut Wire, number: usize) -> anyhow::Result<(UserId, String)> {
    let email = format!("person-{number}@example.test");
    let added: ChangedAccount = query(
        admin,
        AddPerson {
            op: OpId(Uuid::new_v4()),
            email: email.clone(),
            name: format!("Person {number}"),
            role: UserRole::None,
        },
    )
    .await?;
    let given = added.password.context("a password")?;
    let mut wire = greeted(ours.process.port).await?;
    ask(&mut wire, sign_in(&email, &given.0)).await?;
    let chosen = ToServer::ChangePassword {
        current: given,
        new: "four brown socks".into(),
    };
    let Answer::SignedIn { token, .. } = answer(&mut wire, chosen).await? else {
        bail!("the password was not chosen");
    };
    Ok((added.account.person.id, token.context("a token")?.0))
}

async fn change_groups(admin: &mut Wire, change: GroupChange) -> anyhow::Result<()> {
    let op = OpId(Uuid::new_v4());
    query(admin, ChangeGroups { op, change }).await.map(drop)
}

/// The fields of an entity.
async fn definition(admin: &mut Wire, entity: EntityId) -> anyhow::Result<Entity> {
    let watch = ToServer::Watch {
        topic: Topic::Entities,
        rows: 100,
        since: None,
    };
    let Answer::Watching {
        snapshot: Snapshot::Entities(rows),
        ..
    } = answer(admin, watch).await?
    else {
        bail!("the entities are not listed");
    };
    let row = rows.iter().find(|row| row.entity.id == entity);
    Ok(Entity::clone(&row.context("the entity")?.entity))
}

/// People, each of a group; every group gives all entities, and every fifth hides a field of its own.
async fn groups(ours: &Ours, admin: &mut Wire, entities: &[EntityId]) -> anyhow::Result<(Vec<String>, Vec<GroupId>)> {
    let entity = entities[0];
    let fields = definition(admin, entity).await?.fields;
    let (mut tokens, mut groups) = (Vec::new(), Vec::new());
    for number in 0..GROUPS {
        let (id, token) = person(ours, admin, number).await?;
        let group = GroupId(Uuid::now_v7());
        change_groups(admin, GroupChange::Add(group, format!("Group {number}"))).await?;
        change_groups(admin, GroupChange::AddMember(group, id)).await?;
        for of in entities {
            change_groups(admin, GroupChange::Grant(group, *of, Some(Access::View))).await?;
            if *of == entity && number % 5 == 0 {
                let field = fields[number / 5 % fields.len()].id.clone();
                let hidden = Some(FieldLimit::Hidden);
                change_groups(admin, GroupChange::Limit(group, *of, field, hidden)).await?;
            }
        }
        tokens.push(token);
        groups.push(group);
    }
    Ok((tokens, groups))
}

/// Windows that have the form open, of these sign-ins in turn.
async fn windows(ours: &Ours, tokens: &[String], form: FormKey) -> anyhow::Result<Arc<Heard>> {
    let heard = Arc::new(Heard::default());
    for number in 0..WINDOWS {
        let mut wire = ours.peer(&tokens[number % tokens.len()]).await?;
        ask(&mut wire, ToServer::OpenReadOnly { form }).await?;
        tokio::spawn(listen(wire, Arc::clone(&heard)));
    }
    Ok(heard)
}

/// The figures of groups.
pub(crate) async fn people(ours: &Ours) -> anyhow::Result<()> {
    say(&format!(
        "\nGroups: one form, {WINDOWS} windows, one keystroke after the other"
    ));
    let mut admin = ours.peer(&ours.admin).await?;
    let entity = ours.entities[0];
    let opened = async || {
        let form = new_form();
        let mut owner = ours.peer(&ours.editor).await?;
        let join = ToServer::Join {
            form,
            entity: Some(entity),
        };
        ask(&mut owner, join).await?;
        ask(&mut owner, change(form, "title", "Coat")).await?;
        ask(&mut owner, save(form)).await?;
        anyhow::Ok((form, owner))
    };
    let (form, mut owner) = opened().await?;
    let heard = windows(ours, std::slice::from_ref(&ours.viewer), form).await?;
    let alone = fan_out(&mut owner, form, &heard).await?;
    report("without groups: one kind of viewer", &alone);
    let mut entities = ours.entities.clone();
    while entities.len() < ENTITIES {
        entities.push(define(ours, &format!("Thing {}", entities.len())).await?);
    }
    let (tokens, groups) = groups(ours, &mut admin, &entities).await?;
    let (form, mut owner) = opened().await?;
    let heard = windows(ours, &tokens, form).await?;
    let grouped = fan_out(&mut owner, form, &heard).await?;
    report(
        &format!("{GROUPS} groups, {ENTITIES} entities, {} hidden fields", GROUPS / 5),
        &grouped,
    );
    say(&format!("  with groups / without: {:.2}", grouped.0 / alone.0));
    let began = Instant::now();
    for group in &groups {
        change_groups(&mut admin, GroupChange::Grant(*group, entity, Some(Access::Edit))).await?;
    }
    heard.until(&heard.rights, WINDOWS as u64).await?;
    say(&format!(
        "  {GROUPS} changes of groups felt by all {WINDOWS} windows after {:.0} ms",
        began.elapsed().as_secs_f64() * 1000.0
    ));
    Ok(())
}

/// So many people are in one group.
const MEMBERS: usize = 1000;

/// People with a sign-in each, put into the database beside the server: their ids and tokens. To have each choose a
/// password would take minutes and measure nothing.
async fn members(data: &Path) -> anyhow::Result<Vec<(UserId, String)>> {
    let options = SqliteConnectOptions::new().filename(data.join("baton.db"));
    let mut database = options.busy_timeout(Duration::from_secs(10)).connect().await?;
    let mut transaction = database.begin().await?;
    let mut members = Vec::with_capacity(MEMBERS);
    for number in 0..MEMBERS {
        let (id, token) = (UserId(Uuid::now_v7()), format!("token of member {number}"));
        sqlx::query(
            "INSERT INTO users (id, email, name, role, password_hash, created_at) VALUES (?, ?, ?, 'none', '', 0)",
        )
        .bind(id.0)
        .bind(format!("member-{number}@example.test"))
        .bind(format!("Member {number}"))
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO tokens (id, hash, user_id, origin, created_at, used_at, renewed_at, expires_at)
             VALUES (?, ?, ?, '{}', ?4, ?4, ?4, ?4 + 86400000)",
        )
        .bind(Uuid::now_v7())
        .bind(Sha256::digest(token.as_bytes()).to_vec())
        .bind(id.0)
        .bind(i64::try_from(std::time::UNIX_EPOCH.elapsed()?.as_millis())?)
        .execute(&mut *transaction)
        .await?;
        members.push((id, token));
    }
    transaction.commit().await?;
    Ok(members)
}

/// How soon a change of a group of many people is felt by all of them.
pub(crate) async fn large_group(ours: &Ours, data: &Path) -> anyhow::Result<()> {
    let members = members(data).await?;
    let mut admin = ours.peer(&ours.admin).await?;
    let group = GroupId(Uuid::now_v7());
    change_groups(&mut admin, GroupChange::Add(group, "Everybody".into())).await?;
    let heard = Arc::new(Heard::default());
    for (id, token) in &members {
        change_groups(&mut admin, GroupChange::AddMember(group, *id)).await?;
        let wire = ours.peer(token).await?;
        tokio::spawn(listen(wire, Arc::clone(&heard)));
    }
    let mut took = Vec::new();
    for access in [Access::View, Access::Edit, Access::View, Access::Edit, Access::View] {
        let wanted = heard.rights.load(Ordering::Acquire) + MEMBERS as u64;
        let began = Instant::now();
        change_groups(&mut admin, GroupChange::Grant(group, ours.entities[0], Some(access))).await?;
        heard.until(&heard.rights, wanted).await?;
        took.push(micros(began));
    }
    say(&format!(
        "  a change of a group of {MEMBERS} people felt by all of them after {} (wanted: <= 1 s)",
        Spans::of(took).text()
    ));
    Ok(())
}
