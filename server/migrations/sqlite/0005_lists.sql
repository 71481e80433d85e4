-- A record's place in the order of first saves, and in the order that people give by hand.
ALTER TABLE records ADD COLUMN num INTEGER;
ALTER TABLE records ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
UPDATE records SET num = ranked.num, position = ranked.num * 1024
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS num FROM records) AS ranked WHERE ranked.id = records.id;
CREATE UNIQUE INDEX records_num ON records (num);
CREATE INDEX records_by_num ON records (entity_id, num);

-- How many records the entity's list has; which column of `cells` each field has, as JSON; and what the
-- records must still be converted from after a change of the definition.
ALTER TABLE entities ADD COLUMN records INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entities ADD COLUMN slots TEXT NOT NULL DEFAULT '{}';
ALTER TABLE entities ADD COLUMN converting TEXT;
UPDATE entities SET records = (SELECT count(*) FROM records WHERE entity_id = entities.id AND gone IS NULL);

-- What lists filter and sort by: one row a record that is in its list, one text a value, compared byte by
-- byte. Narrow, so that reading all rows of an entity is quick. The columns belong to the entity's fields.
CREATE TABLE cells (
    entity_id BLOB NOT NULL,
    num INTEGER NOT NULL,
    id BLOB NOT NULL,
    title TEXT, slug TEXT, status TEXT, position TEXT,
    created_at TEXT, created_by TEXT, updated_at TEXT, updated_by TEXT,
    c0 TEXT, c1 TEXT, c2 TEXT, c3 TEXT, c4 TEXT, c5 TEXT, c6 TEXT, c7 TEXT,
    c8 TEXT, c9 TEXT, c10 TEXT, c11 TEXT, c12 TEXT, c13 TEXT, c14 TEXT, c15 TEXT,
    c16 TEXT, c17 TEXT, c18 TEXT, c19 TEXT, c20 TEXT, c21 TEXT, c22 TEXT, c23 TEXT,
    c24 TEXT, c25 TEXT, c26 TEXT, c27 TEXT, c28 TEXT, c29 TEXT, c30 TEXT, c31 TEXT,
    c32 TEXT, c33 TEXT, c34 TEXT, c35 TEXT, c36 TEXT, c37 TEXT, c38 TEXT, c39 TEXT,
    c40 TEXT, c41 TEXT, c42 TEXT, c43 TEXT, c44 TEXT, c45 TEXT, c46 TEXT, c47 TEXT,
    c48 TEXT, c49 TEXT, c50 TEXT, c51 TEXT, c52 TEXT, c53 TEXT, c54 TEXT, c55 TEXT,
    c56 TEXT, c57 TEXT, c58 TEXT, c59 TEXT, c60 TEXT, c61 TEXT, c62 TEXT, c63 TEXT,
    PRIMARY KEY (entity_id, num)
) STRICT, WITHOUT ROWID;

-- The words of every record that is in its list.
CREATE VIRTUAL TABLE search USING fts5 (
    text, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);

-- The values of fields of which no two records may have the same.
CREATE TABLE unique_values (
    entity_id BLOB NOT NULL,
    field     TEXT NOT NULL,
    key       TEXT NOT NULL,
    record_id BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    PRIMARY KEY (entity_id, field, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX unique_values_of_record ON unique_values (record_id);

-- What every save changed (semantics 4.5), of records and of definitions.
CREATE TABLE saves (
    kind     TEXT NOT NULL,
    id       BLOB NOT NULL,
    version  INTEGER NOT NULL,
    saved_by BLOB NOT NULL REFERENCES users (id),
    saved_at INTEGER NOT NULL,
    fields   TEXT NOT NULL,
    PRIMARY KEY (kind, id, version)
) STRICT;
INSERT INTO saves SELECT 'record', record_id, version, saved_by, saved_at, fields FROM history;
DROP TABLE history;

-- Lists that people keep: their filters, order and columns, as JSON.
CREATE TABLE views (
    id        BLOB PRIMARY KEY NOT NULL,
    entity_id BLOB NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    owner     BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    shared    INTEGER NOT NULL,
    name      TEXT NOT NULL,
    view      TEXT NOT NULL
) STRICT;
CREATE INDEX views_of_entity ON views (entity_id);
