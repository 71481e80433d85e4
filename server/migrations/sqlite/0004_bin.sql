-- Records out of their list (semantics 4.6): how, by whom and when, as JSON.
ALTER TABLE records ADD COLUMN gone TEXT;
-- Purging looks for what was deleted before a time.
ALTER TABLE records ADD COLUMN deleted_at INTEGER;

DROP INDEX records_newest_first;
CREATE INDEX records_newest_first ON records (entity_id, id DESC) WHERE gone IS NULL;
CREATE INDEX records_gone ON records (entity_id, id DESC) WHERE gone IS NOT NULL;
CREATE INDEX records_deleted ON records (deleted_at) WHERE deleted_at IS NOT NULL;

-- What was purged: an old link to it must not begin a new record.
CREATE TABLE purged (
    record_id BLOB PRIMARY KEY NOT NULL
) STRICT;
