//! Groups, and what they give.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::id::GroupId;
use baton_protocol::rights::{Grant, Group, Groups};

use super::*;

pub(in crate::store) async fn all(reads: &SqlitePool) -> Result<Groups, StoreError> {
    let mut tx = reads.begin().await?;
    let named: Vec<(Uuid, String)> = sqlx::query_as("SELECT id, name FROM groups ORDER BY name COLLATE NOCASE, id")
        .fetch_all(&mut *tx)
        .await?;
    let members: Vec<(Uuid, Uuid)> = sqlx::query_as("SELECT group_id, user_id FROM group_members")
        .fetch_all(&mut *tx)
        .await?;
    let grants: Vec<(Uuid, Uuid, String)> = sqlx::query_as("SELECT group_id, entity_id, permit FROM group_grants")
        .fetch_all(&mut *tx)
        .await?;
    let closed: Vec<Uuid> = sqlx::query_scalar("SELECT entity_id FROM closed_entities")
        .fetch_all(&mut *tx)
        .await?;
    let mut groups: BTreeMap<Uuid, Group> = named
        .iter()
        .map(|(id, name)| {
            let group = Group {
                id: GroupId(*id),
                name: name.clone(),
                members: BTreeSet::new(),
                grants: BTreeMap::new(),
            };
            (*id, group)
        })
        .collect();
    for (group, user) in members {
        if let Some(group) = groups.get_mut(&group) {
            group.members.insert(UserId(user));
        }
    }
    for (group, entity, grant) in grants {
        if let Some(group) = groups.get_mut(&group) {
            let grant: Grant = serde_json::from_str(&grant)?;
            group.grants.insert(EntityId(entity), grant);
        }
    }
    Ok(Groups {
        groups: named.iter().filter_map(|(id, _)| groups.remove(id)).collect(),
        closed: closed.into_iter().map(EntityId).collect(),
    })
}
