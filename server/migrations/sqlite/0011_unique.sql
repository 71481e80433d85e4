-- The fields of which no two records may have the same value. One that is not ready is about to become such a field: its
-- values are noted a few records at a time; `conflict` says that a record was saved meanwhile with what another one has.
CREATE TABLE unique_fields (
    entity_id BLOB NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    field     TEXT NOT NULL,
    definition TEXT NOT NULL,
    ready     INTEGER NOT NULL,
    conflict  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (entity_id, field)
) STRICT, WITHOUT ROWID;
INSERT INTO unique_fields (entity_id, field, definition, ready)
    SELECT e.id, f.value ->> '$.name', f.value, 1 FROM entities e, json_each(e.definition, '$.fields') f
    WHERE f.value ->> '$.unique';
