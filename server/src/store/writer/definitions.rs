//! Definitions of entities, and the lists that people keep.

use std::sync::Arc;

use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::id::{FormKey, UserId, ViewId};
use baton_protocol::list::SavedView;
use baton_protocol::time::Timestamp;

use super::{Batch, Tx, unique, write_save};
use crate::store::commit;
use crate::store::rows::counter;
use crate::store::{Conversion, ConversionWrite, DefinitionWrite, EntityWrite, StoreError};

/// A definition that has no form open.
pub(super) async fn write_alone(tx: &mut Tx<'_>, turn: &mut Batch<'_>, write: &EntityWrite) -> Result<(), StoreError> {
    write_entity(tx, turn, &write.entity, write.at).await
}

impl DefinitionWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        let entity = &self.entity;
        // What is half converted by one definition cannot be converted by another.
        let converting: Option<bool> = sqlx::query_scalar("SELECT converting IS NOT NULL FROM entities WHERE id = ?")
            .bind(entity.id.0)
            .fetch_optional(&mut **tx)
            .await?;
        if converting == Some(true) {
            return Err(StoreError::Converting);
        }
        for field in &self.newly_unique {
            unique::become_unique(tx, entity.id, field).await?;
        }
        write_entity(tx, turn, entity, self.saved.at).await?;
        let form = FormKey::entity(entity.id);
        write_save(tx, form, entity.version, &self.saved, &self.history).await?;
        if let Some(before) = &self.convert_from {
            let write = ConversionWrite {
                before: before.clone(),
                by: self.saved.by.clone(),
            };
            sqlx::query("UPDATE entities SET converting = ? WHERE id = ?")
                .bind(codec::encode(&write))
                .bind(entity.id.0)
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }
}

async fn write_entity(tx: &mut Tx<'_>, turn: &mut Batch<'_>, entity: &Entity, at: Timestamp) -> Result<(), StoreError> {
    let written = sqlx::query(
        "INSERT INTO entities (id, name, position, definition)
         VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM entities), ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, definition = excluded.definition
         RETURNING records",
    )
    .bind(entity.id.0)
    .bind(&entity.name)
    .bind(codec::encode(entity))
    .fetch_one(&mut **tx)
    .await;
    let written = match written {
        Ok(row) => row,
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Err(StoreError::NameTaken),
        Err(error) => return Err(error.into()),
    };
    turn.index.assign(tx, entity).await?;
    unique::declare(tx, entity).await?;
    turn.index.defined(entity);
    let records = counter(&written, "records")?;
    let outcome = commit::defined(Arc::new(entity.clone()), records);
    turn.publish(tx, at, entity.id, outcome).await
}

/// The records are all converted; what was to be converted since is not.
pub(super) async fn converted(tx: &mut Tx<'_>, conversion: &Conversion) -> Result<(), StoreError> {
    let write = ConversionWrite {
        before: conversion.before.clone(),
        by: conversion.by.clone(),
    };
    sqlx::query("UPDATE entities SET converting = NULL WHERE id = ? AND converting = ?")
        .bind(conversion.entity.0)
        .bind(codec::encode(&write))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Keeps a list. Only its owner changes it.
pub(super) async fn write_view(tx: &mut Tx<'_>, view: &SavedView) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO views (id, entity_id, owner, shared, name, view) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET shared = excluded.shared, name = excluded.name, view = excluded.view
         WHERE owner = excluded.owner",
    )
    .bind(view.id.0)
    .bind(view.entity.0)
    .bind(view.owner.id.0)
    .bind(view.shared)
    .bind(&view.name)
    .bind(codec::encode(&view.view))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Its owner keeps a list no more.
pub(super) async fn delete_view(tx: &mut Tx<'_>, view: ViewId, owner: UserId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM views WHERE id = ? AND owner = ?")
        .bind(view.0)
        .bind(owner.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
