//! What the sections of an archive are in SQLite.

use std::path::Path;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use baton_protocol::entity::Entity;
use baton_protocol::field::Value;
use baton_protocol::file::FileRef;
use baton_protocol::values::Values;
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{connect, connect_to_read, head};
use crate::store::archive::{Restore, Section, Snapshot, Take};
use crate::store::writer::index::Index;
use crate::store::writer::{files, unique};

/// The two statements of a section.
struct Statements {
    /// Gives its objects.
    select: &'static str,
    /// Takes many of them, as one JSON list.
    insert: &'static str,
}

impl Statements {
    fn of(section: Section) -> &'static Self {
        &STATEMENTS[section as usize].1
    }
}

/// In the order of [`Section::ALL`].
const STATEMENTS: [(Section, Statements); Section::ALL.len()] = [
    (Section::People, Statements {
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
    }),
    (Section::Identities, Statements {
        select: "SELECT json_object('provider', provider, 'subject', subject, 'person', lower(hex(user_id)))
                 FROM identities ORDER BY provider, subject",
        insert: "INSERT INTO identities (provider, subject, user_id)
                 SELECT value ->> 'provider', value ->> 'subject', unhex(value ->> 'person') FROM json_each(?)",
    }),
    (Section::Entities, Statements {
        select: "SELECT json_object('id', lower(hex(id)), 'position', position, 'definition', json(definition),
                     'converting', json(converting)) FROM entities ORDER BY position, id",
        insert: "INSERT INTO entities (id, name, position, definition, converting)
                 SELECT unhex(value ->> 'id'), value ->> '$.definition.name', value ->> 'position',
                     value -> 'definition', nullif(value -> 'converting', 'null') FROM json_each(?)",
    }),
    (Section::Records, Statements {
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
    }),
    (Section::History, Statements {
        select: "SELECT json_object('form', kind, 'id', lower(hex(id)), 'version', version,
                     'saved_by', lower(hex(saved_by)), 'saved_at', saved_at, 'fields', json(fields))
                 FROM saves ORDER BY kind, id, version",
        insert: "INSERT INTO saves (kind, id, version, saved_by, saved_at, fields)
                 SELECT value ->> 'form', unhex(value ->> 'id'), value ->> 'version', unhex(value ->> 'saved_by'),
                     value ->> 'saved_at', value -> 'fields' FROM json_each(?)",
    }),
    (Section::Comments, Statements {
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
    }),
    (Section::Followers, Statements {
        select: "SELECT json_object('record', lower(hex(record_id)), 'person', lower(hex(user_id)))
                 FROM followers ORDER BY record_id, user_id",
        insert: "INSERT INTO followers (record_id, user_id)
                 SELECT unhex(value ->> 'record'), unhex(value ->> 'person') FROM json_each(?)",
    }),
    (Section::Favourites, Statements {
        select: "SELECT json_object('record', lower(hex(record_id)), 'person', lower(hex(user_id)))
                 FROM favourites ORDER BY record_id, user_id",
        insert: "INSERT INTO favourites (record_id, user_id)
                 SELECT unhex(value ->> 'record'), unhex(value ->> 'person') FROM json_each(?)",
    }),
    (Section::Muted, Statements {
        select: "SELECT json_object('person', lower(hex(user_id)), 'why', why) FROM muted ORDER BY user_id, why",
        insert: "INSERT INTO muted (user_id, why) SELECT unhex(value ->> 'person'), value ->> 'why' FROM json_each(?)",
    }),
    (Section::Groups, Statements {
        select: "SELECT json_object('id', lower(hex(id)), 'name', name) FROM groups ORDER BY id",
        insert: "INSERT INTO groups (id, name) SELECT unhex(value ->> 'id'), value ->> 'name' FROM json_each(?)",
    }),
    (Section::GroupMembers, Statements {
        select: "SELECT json_object('group', lower(hex(group_id)), 'person', lower(hex(user_id)))
                 FROM group_members ORDER BY group_id, user_id",
        insert: "INSERT INTO group_members (group_id, user_id)
                 SELECT unhex(value ->> 'group'), unhex(value ->> 'person') FROM json_each(?)",
    }),
    (Section::GroupGrants, Statements {
        select: "SELECT json_object('group', lower(hex(group_id)), 'entity', lower(hex(entity_id)), 'grant', json(permit))
                 FROM group_grants ORDER BY group_id, entity_id",
        insert: "INSERT INTO group_grants (group_id, entity_id, permit)
                 SELECT unhex(value ->> 'group'), unhex(value ->> 'entity'), value -> 'grant' FROM json_each(?)",
    }),
    (Section::ClosedEntities, Statements {
        select: "SELECT json_object('entity', lower(hex(entity_id))) FROM closed_entities ORDER BY entity_id",
        insert: "INSERT INTO closed_entities (entity_id) SELECT unhex(value ->> 'entity') FROM json_each(?)",
    }),
    (Section::Purged, Statements {
        select: "SELECT json_object('record', lower(hex(record_id))) FROM purged ORDER BY record_id",
        insert: "INSERT INTO purged (record_id) SELECT unhex(value ->> 'record') FROM json_each(?)",
    }),
    (Section::Drafts, Statements {
        select: "SELECT json_object('form', kind, 'id', lower(hex(id)), 'state', json(state), 'log',
                     (SELECT json_group_array(json(entry)) FROM
                         (SELECT entry FROM form_log WHERE form_log.kind = forms.kind AND form_log.id = forms.id ORDER BY rev)))
                 FROM forms ORDER BY kind, id",
        insert: "INSERT INTO forms (kind, id, occupied, state)
                 SELECT value ->> 'form', unhex(value ->> 'id'), 0, value -> 'state' FROM json_each(?)",
    }),
    (Section::Lists, Statements {
        select: "SELECT json_object('id', lower(hex(id)), 'entity', lower(hex(entity_id)), 'owner', lower(hex(owner)),
                     'shared', shared, 'name', name, 'view', json(view)) FROM views ORDER BY id",
        insert: "INSERT INTO views (id, entity_id, owner, shared, name, view)
                 SELECT unhex(value ->> 'id'), unhex(value ->> 'entity'), unhex(value ->> 'owner'),
                     value ->> 'shared', value ->> 'name', value -> 'view' FROM json_each(?)",
    }),
    (Section::Audit, Statements {
        select: "SELECT json_object('at', at, 'form', kind, 'id', lower(hex(form_id)), 'passing', json(passing))
                 FROM audit ORDER BY id",
        insert: "INSERT INTO audit (at, kind, form_id, passing)
                 SELECT value ->> 'at', value ->> 'form', unhex(value ->> 'id'), value -> 'passing' FROM json_each(?)",
    }),
    (Section::AuditBase, Statements {
        select: "SELECT json_object('number', number, 'hash', lower(hex(hash))) FROM audit_base",
        insert: "INSERT INTO audit_base (number, hash)
                 SELECT value ->> 'number', unhex(value ->> 'hash') FROM json_each(?)",
    }),
    (Section::AuditLog, Statements {
        select: "SELECT json_object('number', number, 'at', at, 'person', lower(hex(person)),
                     'subject', lower(hex(subject)), 'kind', kind, 'entry', entry, 'hash', lower(hex(hash)))
                 FROM audit_log ORDER BY number",
        insert: "INSERT INTO audit_log (number, at, person, subject, kind, entry, hash)
                 SELECT value ->> 'number', value ->> 'at', unhex(nullif(value ->> 'person', '')),
                     unhex(nullif(value ->> 'subject', '')), value ->> 'kind', value ->> 'entry',
                     unhex(value ->> 'hash') FROM json_each(?)",
    }),
    (Section::Files, Statements {
        select: "SELECT json_object('hash', lower(hex(hash)), 'size', size, 'media', media,
                     'thumbnail', lower(hex(thumbnail))) FROM files ORDER BY hash",
        insert: "INSERT INTO files (hash, size, media, thumbnail)
                 SELECT unhex(value ->> 'hash'), value ->> 'size', value ->> 'media',
                     unhex(nullif(value ->> 'thumbnail', '')) FROM json_each(?)",
    }),
];

/// A read transaction.
pub(crate) struct SqliteSnapshot(SqliteConnection);

impl SqliteSnapshot {
    /// Begins it.
    pub(crate) async fn open(database: &Path) -> anyhow::Result<Self> {
        let mut connection = connect_to_read(database).await?;
        sqlx::query("BEGIN").execute(&mut connection).await?;
        Ok(Self(connection))
    }
}

#[async_trait]
impl Snapshot for SqliteSnapshot {
    async fn seq(&mut self) -> anyhow::Result<u64> {
        Ok(head(&mut self.0).await?.0)
    }

    async fn each(&mut self, section: Section, take: &mut Take<'_>) -> anyhow::Result<()> {
        let mut objects = sqlx::query_scalar::<_, String>(Statements::of(section).select).fetch(&mut self.0);
        while let Some(object) = objects.try_next().await? {
            take(&object)?;
        }
        Ok(())
    }
}

/// A write transaction on an empty database.
pub(crate) struct SqliteRestore {
    connection: SqliteConnection,
}

impl SqliteRestore {
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
}

#[async_trait]
impl Restore for SqliteRestore {
    async fn take(&mut self, section: Section, objects: &[String]) -> anyhow::Result<()> {
        sqlx::query(Statements::of(section).insert)
            .bind(format!("[{}]", objects.join(",")))
            .execute(&mut self.connection)
            .await
            .with_context(|| format!("something in “{}” does not fit", section.name()))?;
        Ok(())
    }

    async fn end(mut self: Box<Self>, seq: u64) -> anyhow::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_has_its_own_statements() {
        for section in Section::ALL {
            assert_eq!(STATEMENTS[section as usize].0, section);
        }
    }
}
