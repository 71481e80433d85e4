//! Everything that is kept, as sections of JSON objects and back. What can be made again from the rest
//! (the index, counts, who uses which file) is not in it, and neither are sign-ins and open connections.

use std::path::Path;

use anyhow::{Context as _, ensure};
use baton_protocol::audit::AuditEntry;
use baton_protocol::codec;
use baton_protocol::deletion::Deletion;
use baton_protocol::entity::Entity;
use baton_protocol::field::Value;
use baton_protocol::file::FileRef;
use baton_protocol::form::{FieldHistory, Form, Transfer};
use baton_protocol::list::View;
use baton_protocol::rights::Grant;
use baton_protocol::values::Values;
use futures_util::TryStreamExt as _;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::ConversionWrite;
use super::sqlite::forms::replayed;
pub(crate) use super::sqlite::object_of_format_1;
use super::sqlite::{connect, connect_to_read, head};
use super::writer::index::Index;
use super::writer::{files, unique};

/// One kind of thing, an object each, in one order always.
pub(crate) struct Section {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Gives its objects.
    select: &'static str,
    /// Takes many of them, as one JSON list.
    insert: &'static str,
    /// Whether what is in one can be read later.
    check: fn(&str) -> Result<(), serde_json::Error>,
}

fn reads<T: DeserializeOwned>(text: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<T>(text).map(drop)
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct EntityShape {
    definition: Entity,
    converting: Option<ConversionWrite>,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct GrantShape {
    grant: Grant,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct RecordShape {
    values: Values,
    gone: Option<Deletion>,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct SaveShape {
    fields: Vec<FieldHistory>,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct ViewShape {
    view: View,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct PassingShape {
    passing: Transfer,
}

#[derive(Deserialize)]
struct AuditShape {
    #[serde(deserialize_with = "reads_audit")]
    #[expect(dead_code, reason = "read to see that it can be")]
    entry: (),
}

fn reads_audit<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    let text = String::deserialize(deserializer)?;
    reads::<AuditEntry>(&text).map_err(serde::de::Error::custom)
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct FormShape {
    state: Form,
}

/// In the order in which one needs another.
pub(crate) const SECTIONS: [Section; 20] = [
    Section {
        name: "people",
        select: "SELECT json_object('id', lower(hex(id)), 'email', email, 'name', name, 'role', role,
                     'password_hash', password_hash, 'created_at', created_at, 'deactivated', deactivated,
                     'password_given', password_given, 'password_until', password_until,
                     'second_factor', second_factor, 'hides_place', hides_place, 'former', former,
                     'name_spreads', name_spreads) FROM users
                 ORDER BY id",
        insert: "INSERT INTO users (id, email, name, role, password_hash, created_at, deactivated, password_given,
                     password_until, second_factor, hides_place, former, name_spreads)
                 SELECT unhex(value ->> 'id'), value ->> 'email', value ->> 'name', value ->> 'role',
                     value ->> 'password_hash', value ->> 'created_at', coalesce(value ->> 'deactivated', 0),
                     coalesce(value ->> 'password_given', 0), value ->> 'password_until', value ->> 'second_factor',
                     coalesce(value ->> 'hides_place', 0), coalesce(value ->> 'former', 0),
                     coalesce(value ->> 'name_spreads', 0) FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "identities",
        select: "SELECT json_object('provider', provider, 'subject', subject, 'person', lower(hex(user_id)))
                 FROM identities ORDER BY provider, subject",
        insert: "INSERT INTO identities (provider, subject, user_id)
                 SELECT value ->> 'provider', value ->> 'subject', unhex(value ->> 'person') FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "entities",
        select: "SELECT json_object('id', lower(hex(id)), 'position', position, 'definition', json(definition),
                     'converting', json(converting)) FROM entities ORDER BY position, id",
        insert: "INSERT INTO entities (id, name, position, definition, converting)
                 SELECT unhex(value ->> 'id'), value ->> '$.definition.name', value ->> 'position',
                     value -> 'definition', nullif(value -> 'converting', 'null') FROM json_each(?)",
        check: reads::<EntityShape>,
    },
    Section {
        name: "records",
        select: "SELECT json_object('id', lower(hex(id)), 'entity', lower(hex(entity_id)), 'num', num,
                     'position', position, 'version', version, 'values', json(content),
                     'created_by', lower(hex(created_by)), 'created_at', created_at,
                     'updated_by', lower(hex(updated_by)), 'updated_at', updated_at,
                     'gone', json(gone), 'deleted_at', deleted_at) FROM records ORDER BY num",
        insert: "INSERT INTO records (id, entity_id, num, position, version, title, slug, status, content,
                     created_by, created_at, updated_by, updated_at, gone, deleted_at)
                 SELECT unhex(value ->> 'id'), unhex(value ->> 'entity'), value ->> 'num', value ->> 'position',
                     value ->> 'version', coalesce(value ->> '$.values.title', ''),
                     coalesce(value ->> '$.values.slug', ''), coalesce(value ->> '$.values.status', ''),
                     value -> 'values', unhex(value ->> 'created_by'), value ->> 'created_at',
                     unhex(value ->> 'updated_by'), value ->> 'updated_at', nullif(value -> 'gone', 'null'),
                     value ->> 'deleted_at' FROM json_each(?)",
        check: reads::<RecordShape>,
    },
    Section {
        name: "history",
        select: "SELECT json_object('form', kind, 'id', lower(hex(id)), 'version', version,
                     'saved_by', lower(hex(saved_by)), 'saved_at', saved_at, 'fields', json(fields))
                 FROM saves ORDER BY kind, id, version",
        insert: "INSERT INTO saves (kind, id, version, saved_by, saved_at, fields)
                 SELECT value ->> 'form', unhex(value ->> 'id'), value ->> 'version', unhex(value ->> 'saved_by'),
                     value ->> 'saved_at', value -> 'fields' FROM json_each(?)",
        check: reads::<SaveShape>,
    },
    Section {
        name: "comments",
        select: "SELECT json_object('id', lower(hex(id)), 'record', lower(hex(record_id)), 'thread', lower(hex(thread)),
                     'field', field, 'author', lower(hex(author)), 'at', at, 'edited_at', edited_at, 'text', text,
                     'mentions', json(mentions), 'resolved_by', lower(hex(resolved_by)), 'resolved_at', resolved_at)
                 FROM comments ORDER BY thread IS NOT NULL, at, id",
        insert: "INSERT INTO comments (id, record_id, thread, field, author, at, edited_at, text, mentions,
                     resolved_by, resolved_at)
                 SELECT unhex(value ->> 'id'), unhex(value ->> 'record'), unhex(nullif(value ->> 'thread', '')),
                     value ->> 'field', unhex(value ->> 'author'), value ->> 'at', value ->> 'edited_at',
                     value ->> 'text', value -> 'mentions', unhex(nullif(value ->> 'resolved_by', '')),
                     value ->> 'resolved_at' FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "followers",
        select: "SELECT json_object('record', lower(hex(record_id)), 'person', lower(hex(user_id)))
                 FROM followers ORDER BY record_id, user_id",
        insert: "INSERT INTO followers (record_id, user_id)
                 SELECT unhex(value ->> 'record'), unhex(value ->> 'person') FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "favourites",
        select: "SELECT json_object('record', lower(hex(record_id)), 'person', lower(hex(user_id)))
                 FROM favourites ORDER BY record_id, user_id",
        insert: "INSERT INTO favourites (record_id, user_id)
                 SELECT unhex(value ->> 'record'), unhex(value ->> 'person') FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "muted",
        select: "SELECT json_object('person', lower(hex(user_id)), 'why', why) FROM muted ORDER BY user_id, why",
        insert: "INSERT INTO muted (user_id, why) SELECT unhex(value ->> 'person'), value ->> 'why' FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "groups",
        select: "SELECT json_object('id', lower(hex(id)), 'name', name) FROM groups ORDER BY id",
        insert: "INSERT INTO groups (id, name) SELECT unhex(value ->> 'id'), value ->> 'name' FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "group_members",
        select: "SELECT json_object('group', lower(hex(group_id)), 'person', lower(hex(user_id)))
                 FROM group_members ORDER BY group_id, user_id",
        insert: "INSERT INTO group_members (group_id, user_id)
                 SELECT unhex(value ->> 'group'), unhex(value ->> 'person') FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "group_grants",
        select: "SELECT json_object('group', lower(hex(group_id)), 'entity', lower(hex(entity_id)), 'grant', json(permit))
                 FROM group_grants ORDER BY group_id, entity_id",
        insert: "INSERT INTO group_grants (group_id, entity_id, permit)
                 SELECT unhex(value ->> 'group'), unhex(value ->> 'entity'), value -> 'grant' FROM json_each(?)",
        check: reads::<GrantShape>,
    },
    Section {
        name: "closed_entities",
        select: "SELECT json_object('entity', lower(hex(entity_id))) FROM closed_entities ORDER BY entity_id",
        insert: "INSERT INTO closed_entities (entity_id) SELECT unhex(value ->> 'entity') FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "purged",
        select: "SELECT json_object('record', lower(hex(record_id))) FROM purged ORDER BY record_id",
        insert: "INSERT INTO purged (record_id) SELECT unhex(value ->> 'record') FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        // What is unsaved ([`unsaved`]); who was in the form is gone with their connections.
        name: DRAFTS,
        select: "SELECT json_object('form', kind, 'id', lower(hex(id)), 'state', json(state), 'log',
                     (SELECT json_group_array(json(entry)) FROM
                         (SELECT entry FROM form_log WHERE form_log.kind = forms.kind AND form_log.id = forms.id ORDER BY rev)))
                 FROM forms ORDER BY kind, id",
        insert: "INSERT INTO forms (kind, id, occupied, state)
                 SELECT value ->> 'form', unhex(value ->> 'id'), 0, value -> 'state' FROM json_each(?)",
        check: reads::<FormShape>,
    },
    Section {
        name: "lists",
        select: "SELECT json_object('id', lower(hex(id)), 'entity', lower(hex(entity_id)), 'owner', lower(hex(owner)),
                     'shared', shared, 'name', name, 'view', json(view)) FROM views ORDER BY id",
        insert: "INSERT INTO views (id, entity_id, owner, shared, name, view)
                 SELECT unhex(value ->> 'id'), unhex(value ->> 'entity'), unhex(value ->> 'owner'),
                     value ->> 'shared', value ->> 'name', value -> 'view' FROM json_each(?)",
        check: reads::<ViewShape>,
    },
    Section {
        name: "audit",
        select: "SELECT json_object('at', at, 'form', kind, 'id', lower(hex(form_id)), 'passing', json(passing))
                 FROM audit ORDER BY id",
        insert: "INSERT INTO audit (at, kind, form_id, passing)
                 SELECT value ->> 'at', value ->> 'form', unhex(value ->> 'id'), value -> 'passing' FROM json_each(?)",
        check: reads::<PassingShape>,
    },
    Section {
        name: "audit_base",
        select: "SELECT json_object('number', number, 'hash', lower(hex(hash))) FROM audit_base",
        insert: "INSERT INTO audit_base (number, hash)
                 SELECT value ->> 'number', unhex(value ->> 'hash') FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
    Section {
        name: "audit_log",
        select: "SELECT json_object('number', number, 'at', at, 'person', lower(hex(person)),
                     'subject', lower(hex(subject)), 'kind', kind, 'entry', entry, 'hash', lower(hex(hash)))
                 FROM audit_log ORDER BY number",
        insert: "INSERT INTO audit_log (number, at, person, subject, kind, entry, hash)
                 SELECT value ->> 'number', value ->> 'at', unhex(nullif(value ->> 'person', '')),
                     unhex(nullif(value ->> 'subject', '')), value ->> 'kind', value ->> 'entry',
                     unhex(value ->> 'hash') FROM json_each(?)",
        check: reads::<AuditShape>,
    },
    Section {
        name: "files",
        select: "SELECT json_object('hash', lower(hex(hash)), 'size', size, 'media', media,
                     'thumbnail', lower(hex(thumbnail))) FROM files ORDER BY hash",
        insert: "INSERT INTO files (hash, size, media, thumbnail)
                 SELECT unhex(value ->> 'hash'), value ->> 'size', value ->> 'media',
                     unhex(nullif(value ->> 'thumbnail', '')) FROM json_each(?)",
        check: reads::<IgnoredAny>,
    },
];

/// One consistent picture of a database, also while a server serves from it.
pub(crate) struct Picture(SqliteConnection);

impl Picture {
    /// Begins it.
    pub(crate) async fn open(database: &Path) -> anyhow::Result<Self> {
        let mut connection = connect_to_read(database).await?;
        sqlx::query("BEGIN").execute(&mut connection).await?;
        Ok(Self(connection))
    }

    /// The last number that the change log gave.
    pub(crate) async fn seq(&mut self) -> anyhow::Result<u64> {
        Ok(head(&mut self.0).await?.0)
    }

    /// Gives every object of a section, in order.
    pub(crate) async fn each(
        &mut self,
        section: &Section,
        mut take: impl FnMut(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut objects = sqlx::query_scalar::<_, String>(section.select).fetch(&mut self.0);
        while let Some(object) = objects.try_next().await? {
            if section.name != DRAFTS {
                take(&object)?;
            } else if let Some(draft) = unsaved(&object)? {
                take(&draft)?;
            }
        }
        Ok(())
    }
}

/// The section of what is unsaved.
const DRAFTS: &str = "drafts";

/// A form with its log folded in and nobody in it; `None` where nothing of it is unsaved.
fn unsaved(row: &str) -> anyhow::Result<Option<String>> {
    #[derive(Deserialize)]
    struct Row<'a> {
        form: &'a str,
        id: &'a str,
        #[serde(borrow)]
        state: &'a RawValue,
        #[serde(borrow)]
        log: Vec<&'a RawValue>,
    }
    #[derive(Serialize)]
    struct Draft<'a> {
        form: &'a str,
        id: &'a str,
        state: Form,
    }
    let Row { form, id, state, log } = serde_json::from_str(row)?;
    let log: Vec<String> = log.iter().map(|entry| entry.get().to_owned()).collect();
    let (state, _) = replayed(state.get(), &log)?;
    if state.draft.is_empty() && state.discarded.is_none() {
        return Ok(None);
    }
    let state = state.without_editors();
    Ok(Some(codec::encode(&Draft { form, id, state })))
}

/// A database that is filled, all or nothing.
pub(crate) struct Filling {
    connection: SqliteConnection,
}

impl Filling {
    /// Begins to fill a database that has nothing in it.
    pub(crate) async fn begin(database: &Path) -> anyhow::Result<Self> {
        let mut connection = connect(database).await?;
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut connection)
            .await
            .context("a server is using this database")?;
        let used: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)")
            .fetch_one(&mut connection)
            .await?;
        ensure!(
            !used,
            "there is data in {} already; give an empty directory with --data-dir",
            database.display()
        );
        Ok(Self { connection })
    }

    /// Takes some objects of a section.
    pub(crate) async fn take(&mut self, section: &Section, objects: &[String]) -> anyhow::Result<()> {
        for object in objects {
            (section.check)(object).with_context(|| format!("something in “{}” cannot be read", section.name))?;
        }
        sqlx::query(section.insert)
            .bind(format!("[{}]", objects.join(",")))
            .execute(&mut self.connection)
            .await
            .with_context(|| format!("something in “{}” does not fit", section.name))?;
        Ok(())
    }

    /// Makes what was left out, and keeps everything.
    pub(crate) async fn end(mut self, seq: u64) -> anyhow::Result<()> {
        let connection = &mut self.connection;
        // Desktops go on from what they saw of the server that this is a copy of.
        sqlx::query("DELETE FROM sqlite_sequence WHERE name = 'changes'")
            .execute(&mut *connection)
            .await?;
        sqlx::query("INSERT INTO sqlite_sequence (name, seq) VALUES ('changes', ?)")
            .bind(i64::try_from(seq)?)
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "UPDATE entities SET records = (SELECT count(*) FROM records WHERE entity_id = entities.id AND gone IS NULL)",
        )
        .execute(&mut *connection)
        .await?;
        fill_uses(connection).await?;
        let definitions: Vec<String> = sqlx::query_scalar("SELECT definition FROM entities")
            .fetch_all(&mut *connection)
            .await?;
        for definition in definitions {
            let entity: Entity = serde_json::from_str(&definition)?;
            unique::declare(connection, &entity).await?;
            for field in entity.fields.iter().filter(|field| field.unique) {
                unique::fill_at_once(connection, entity.id, field).await?;
            }
        }
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        Index::open(connection).await?;
        Ok(())
    }
}

#[derive(Deserialize)]
struct Change {
    old: Value,
    new: Value,
}

/// Which records have or had which files.
async fn fill_uses(connection: &mut SqliteConnection) -> anyhow::Result<()> {
    let mut uses: Vec<(Uuid, FileRef)> = Vec::new();
    let named = |value: &Value| FileRef::parse(value.text());
    let select = "SELECT id, content FROM records WHERE content GLOB ?";
    // Only what may name a file: 64 digits of a hash.
    let hash = format!("*{}*", "[0-9a-f]".repeat(64));
    let rows: Vec<(Uuid, String)> = sqlx::query_as(select).bind(&hash).fetch_all(&mut *connection).await?;
    for (record, values) in rows {
        let values: Values = serde_json::from_str(&values)?;
        uses.extend(values.values().filter_map(named).map(|file| (record, file)));
    }
    let select = "SELECT id, fields FROM saves WHERE kind = 'record' AND fields GLOB ?
                  AND EXISTS (SELECT 1 FROM records WHERE records.id = saves.id)";
    let rows: Vec<(Uuid, String)> = sqlx::query_as(select).bind(&hash).fetch_all(&mut *connection).await?;
    for (record, changes) in rows {
        let changes: Vec<Change> = serde_json::from_str(&changes)?;
        let values = changes.iter().flat_map(|change| [&change.old, &change.new]);
        uses.extend(values.filter_map(named).map(|file| (record, file)));
    }
    for (record, file) in uses {
        files::write_use(connection, record, file.hash).await?;
    }
    Ok(())
}
