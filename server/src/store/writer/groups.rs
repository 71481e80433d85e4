//! Groups, and who has access to entities.

use baton_protocol::rights::{GroupChange, MAX_GROUPS};
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;

use super::people::check_admin;
use super::*;

/// Whichever group is changed must be there.
async fn check_group(tx: &mut Tx<'_>, change: &GroupChange) -> Result<(), StoreError> {
    let Some(group) = change.group().filter(|_| !matches!(change, GroupChange::Add(..))) else {
        return Ok(());
    };
    let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM groups WHERE id = ?)")
        .bind(group.0)
        .fetch_one(&mut **tx)
        .await?;
    if known { Ok(()) } else { Err(StoreError::Missing) }
}

impl GroupWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        check_admin(tx, self.by).await?;
        check_group(tx, &self.change).await?;
        let changed = statement(&self.change).execute(&mut **tx).await;
        let changed = match changed {
            Ok(done) => done.rows_affected() > 0,
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Err(StoreError::NameTaken),
            Err(error) => return Err(error.into()),
        };
        let takes_away = matches!(
            self.change,
            GroupChange::RemoveMember(..) | GroupChange::Grant(_, _, None) | GroupChange::Close(_, false)
        );
        match (changed, takes_away) {
            (true, _) => turn.audit.push(self.audit.clone()),
            // It was so already.
            (false, true) => {}
            (false, false) => return Err(StoreError::Missing),
        }
        Ok(())
    }
}

/// The statement that makes a change.
fn statement(change: &GroupChange) -> Query<'_, Sqlite, SqliteArguments> {
    match change {
        GroupChange::Add(group, name) => {
            sqlx::query("INSERT INTO groups (id, name) SELECT ?, ? WHERE (SELECT count(*) FROM groups) < ?")
                .bind(group.0)
                .bind(name)
                .bind(number(MAX_GROUPS as u64))
        }
        GroupChange::Rename(group, name) => sqlx::query("UPDATE groups SET name = ? WHERE id = ?")
            .bind(name)
            .bind(group.0),
        GroupChange::Remove(group) => sqlx::query("DELETE FROM groups WHERE id = ?").bind(group.0),
        GroupChange::AddMember(group, person) => sqlx::query(
            "INSERT INTO group_members (group_id, user_id) SELECT ?1, id FROM users WHERE id = ?2
                     ON CONFLICT (group_id, user_id) DO UPDATE SET user_id = excluded.user_id",
        )
        .bind(group.0)
        .bind(person.0),
        GroupChange::RemoveMember(group, person) => {
            sqlx::query("DELETE FROM group_members WHERE group_id = ? AND user_id = ?")
                .bind(group.0)
                .bind(person.0)
        }
        GroupChange::Grant(group, entity, Some(access)) => sqlx::query(
            "INSERT INTO group_grants (group_id, entity_id, permit) SELECT ?1, id, ?3 FROM entities WHERE id = ?2
             ON CONFLICT (group_id, entity_id) DO UPDATE SET permit = json_patch(permit, excluded.permit)",
        )
        .bind(group.0)
        .bind(entity.0)
        .bind(codec::encode(&BTreeMap::from([("access", access)]))),
        // Only what is changed is: two changes at once do not undo each other. A limit that is null goes.
        GroupChange::Limit(group, entity, field, limit) => sqlx::query(
            "UPDATE group_grants SET permit = json_patch(permit, ?3) WHERE group_id = ?1 AND entity_id = ?2",
        )
        .bind(group.0)
        .bind(entity.0)
        .bind(codec::encode(&BTreeMap::from([(
            "fields",
            BTreeMap::from([(field, limit)]),
        )]))),
        GroupChange::Grant(group, entity, None) => {
            sqlx::query("DELETE FROM group_grants WHERE group_id = ? AND entity_id = ?")
                .bind(group.0)
                .bind(entity.0)
        }
        GroupChange::Close(entity, true) => sqlx::query(
            "INSERT INTO closed_entities (entity_id) SELECT id FROM entities WHERE id = ?
                     ON CONFLICT (entity_id) DO UPDATE SET entity_id = excluded.entity_id",
        )
        .bind(entity.0),
        GroupChange::Close(entity, false) => {
            sqlx::query("DELETE FROM closed_entities WHERE entity_id = ?").bind(entity.0)
        }
    }
}
