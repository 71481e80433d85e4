//! What is remembered of lists, patched by what happens.

use super::*;

/// One transaction about one server and person.
pub(super) struct Writing<'a> {
    pub(super) db: &'a mut SqliteConnection,
    pub(super) database: &'a Database,
    pub(super) scope: i64,
}

impl Writing<'_> {
    /// A list as it is, in place of what was remembered of it.
    pub(super) async fn list(&mut self, topic: Topic, seq: Seq, snapshot: &Snapshot) -> Result<()> {
        let (head, rows, total) = match snapshot {
            Snapshot::Records {
                entity, rows, total, ..
            } => {
                let head = Snapshot::Records {
                    entity: entity.clone(),
                    rows: Vec::new(),
                    total: 0,
                    editing: Vec::new(),
                };
                (self.database.seal(&head)?, rows.as_slice(), *total)
            }
            Snapshot::Entities(_) | Snapshot::Drafts(_) | Snapshot::Bin { .. } | Snapshot::Live(_) => {
                (self.database.seal(snapshot)?, [].as_slice(), 0)
            }
        };
        self.delete_rows(topic).await?;
        sqlx::query("INSERT OR REPLACE INTO lists (scope, topic, at, seq, total, head) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(self.scope)
            .bind(text(&topic))
            .bind(now().0)
            .bind(i64::try_from(seq.0).unwrap_or(i64::MAX))
            .bind(i64::try_from(total).unwrap_or(i64::MAX))
            .bind(head)
            .execute(&mut *self.db)
            .await?;
        self.upsert(topic, rows).await
    }

    pub(super) async fn delete_rows(&mut self, topic: Topic) -> Result<()> {
        sqlx::query("DELETE FROM list_rows WHERE scope = ? AND topic = ?")
            .bind(self.scope)
            .bind(text(&topic))
            .execute(&mut *self.db)
            .await?;
        Ok(())
    }

    /// Rows of a list, many in one statement.
    pub(super) async fn upsert(&mut self, topic: Topic, rows: &[RecordRow]) -> Result<()> {
        const AT_ONCE: usize = 100;
        for rows in rows.chunks(AT_ONCE) {
            let places = vec!["(?, ?, ?, ?, ?)"; rows.len()].join(", ");
            let sql = format!("INSERT OR REPLACE INTO list_rows (scope, topic, id, num, record) VALUES {places}");
            let (scope, topic) = (self.scope, text(&topic));
            let mut insert = sqlx::query(AssertSqlSafe(sql));
            for row in rows {
                insert = insert
                    .bind(scope)
                    .bind(topic.clone())
                    .bind(row.id.0)
                    .bind(i64::try_from(row.num).unwrap_or(i64::MAX))
                    .bind(self.database.seal(row)?);
            }
            insert.execute(&mut *self.db).await?;
        }
        Ok(())
    }

    /// Patches what is remembered, as the screen is patched.
    pub(super) async fn happened(&mut self, topic: Topic, event: &Event) -> Result<()> {
        let more = match event {
            Event::RecordCreated { row } | Event::RecordRestored { row } => {
                self.upsert(topic, std::slice::from_ref(row)).await?;
                1
            }
            Event::RecordUpdated { row } => {
                self.upsert(topic, std::slice::from_ref(row)).await?;
                0
            }
            Event::RecordRemoved { record } => {
                sqlx::query("DELETE FROM list_rows WHERE scope = ? AND topic = ? AND id = ?")
                    .bind(self.scope)
                    .bind(text(&topic))
                    .bind(record.0)
                    .execute(&mut *self.db)
                    .await?;
                -1
            }
            Event::EntityPurged { entity } => {
                self.entities(event).await?;
                return self.forget_entity(*entity).await;
            }
            Event::RecordCount { .. } | Event::EntitySaved { .. } => return self.entities(event).await,
            Event::Redefined { entity } => return self.redefined(topic, entity).await,
            Event::Renamed { person } => {
                self.bin(topic, event).await?;
                return self.renamed(person).await;
            }
            Event::BinAdded(_) | Event::BinRemoved { .. } => return self.bin(topic, event).await,
            // The list is read again as a whole.
            Event::RecordsChanged { .. } => return Ok(()),
        };
        sqlx::query("UPDATE lists SET total = max(total + ?, 0) WHERE scope = ? AND topic = ?")
            .bind(more)
            .bind(self.scope)
            .bind(text(&topic))
            .execute(&mut *self.db)
            .await?;
        Ok(())
    }

    async fn entities(&mut self, event: &Event) -> Result<()> {
        let topic = Topic::Entities;
        let Some(Snapshot::Entities(mut rows)) = self.head(topic).await? else {
            return Ok(());
        };
        event.apply_to_entities(&mut rows);
        self.set_head(topic, &Snapshot::Entities(rows)).await
    }

    /// Applies an event to a bin; to another list nothing of it is applied.
    async fn bin(&mut self, topic: Topic, event: &Event) -> Result<()> {
        let Some(mut snapshot) = self.head(topic).await? else {
            return Ok(());
        };
        let Snapshot::Bin { rows, .. } = &mut snapshot else {
            return Ok(());
        };
        event.apply_to_bin(rows);
        self.set_head(topic, &snapshot).await
    }

    /// The definition that the rows of a list obey.
    pub(super) async fn redefined(&mut self, topic: Topic, defined: &Entity) -> Result<()> {
        let Some(mut snapshot) = self.head(topic).await? else {
            return Ok(());
        };
        if let Snapshot::Records { entity, .. } = &mut snapshot {
            **entity = defined.clone();
        }
        self.set_head(topic, &snapshot).await
    }

    /// What is not there any more, or not for this person, is not remembered either.
    pub(super) async fn forget_entity(&mut self, entity: EntityId) -> Result<()> {
        for topic in [Topic::Records(entity), Topic::Bin(entity)] {
            self.delete_rows(topic).await?;
            sqlx::query("DELETE FROM lists WHERE scope = ? AND topic = ?")
                .bind(self.scope)
                .bind(text(&topic))
                .execute(&mut *self.db)
                .await?;
        }
        let forms: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT form, view FROM forms WHERE scope = ?")
            .bind(self.scope)
            .fetch_all(&mut *self.db)
            .await?;
        for (form, view) in forms {
            let view: FormSnapshot = self.database.unseal(&view)?;
            if view.entity.id == entity {
                for table in ["forms", "histories"] {
                    let sql = format!("DELETE FROM {table} WHERE scope = ? AND form = ?");
                    sqlx::query(AssertSqlSafe(sql))
                        .bind(self.scope)
                        .bind(&form)
                        .execute(&mut *self.db)
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// A person has another name in every row that names them.
    pub(super) async fn renamed(&mut self, person: &Person) -> Result<()> {
        let rows: Vec<(String, Vec<u8>, Vec<u8>)> =
            sqlx::query_as("SELECT topic, id, record FROM list_rows WHERE scope = ?")
                .bind(self.scope)
                .fetch_all(&mut *self.db)
                .await?;
        for (topic, id, record) in rows {
            let mut row: RecordRow = self.database.unseal(&record)?;
            if !row.rename(person) {
                continue;
            }
            sqlx::query("UPDATE list_rows SET record = ? WHERE scope = ? AND topic = ? AND id = ?")
                .bind(self.database.seal(&row)?)
                .bind(self.scope)
                .bind(topic)
                .bind(id)
                .execute(&mut *self.db)
                .await?;
        }
        Ok(())
    }

    pub(super) async fn head(&mut self, topic: Topic) -> Result<Option<Snapshot>> {
        let head: Option<Vec<u8>> = sqlx::query_scalar("SELECT head FROM lists WHERE scope = ? AND topic = ?")
            .bind(self.scope)
            .bind(text(&topic))
            .fetch_optional(&mut *self.db)
            .await?;
        head.map(|head| self.database.unseal(&head)).transpose()
    }

    pub(super) async fn set_head(&mut self, topic: Topic, snapshot: &Snapshot) -> Result<()> {
        sqlx::query("UPDATE lists SET head = ? WHERE scope = ? AND topic = ?")
            .bind(self.database.seal(snapshot)?)
            .bind(self.scope)
            .bind(text(&topic))
            .execute(&mut *self.db)
            .await?;
        Ok(())
    }
}
