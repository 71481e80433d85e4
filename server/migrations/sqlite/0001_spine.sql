-- Ids are UUIDs as 16 bytes; times are milliseconds since the Unix epoch.

CREATE TABLE users (
    id            BLOB PRIMARY KEY NOT NULL,
    email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- Session tokens; only their hash is kept.
CREATE TABLE tokens (
    hash       BLOB PRIMARY KEY NOT NULL,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE entities (
    id         BLOB PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    position   INTEGER NOT NULL,
    definition TEXT NOT NULL
) STRICT;

CREATE TABLE records (
    id         BLOB PRIMARY KEY NOT NULL,
    entity_id  BLOB NOT NULL REFERENCES entities (id),
    version    INTEGER NOT NULL,
    title      TEXT NOT NULL,
    slug       TEXT NOT NULL,
    status     TEXT NOT NULL,
    content    TEXT NOT NULL, -- the values of the form, as JSON
    created_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_by BLOB NOT NULL REFERENCES users (id),
    updated_at INTEGER NOT NULL,
    UNIQUE (entity_id, slug)
) STRICT;

CREATE INDEX records_newest_first ON records (entity_id, id DESC);

-- What every save changed (semantics 4.5).
CREATE TABLE history (
    record_id BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    version   INTEGER NOT NULL,
    saved_by  BLOB NOT NULL REFERENCES users (id),
    saved_at  INTEGER NOT NULL,
    fields    TEXT NOT NULL,
    PRIMARY KEY (record_id, version)
) STRICT;

-- The living part of a form: queue, fence and draft, as JSON.
CREATE TABLE forms (
    kind     TEXT NOT NULL,
    id       BLOB NOT NULL,
    occupied INTEGER NOT NULL, -- how many editors it has
    state    TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

CREATE INDEX forms_occupied ON forms (occupied) WHERE occupied > 0;

-- The change log (semantics 6): written in the transaction of the change itself.
CREATE TABLE changes (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    at    INTEGER NOT NULL,
    topic TEXT NOT NULL,
    event TEXT NOT NULL
) STRICT;
