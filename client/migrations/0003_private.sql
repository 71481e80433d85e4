-- Contents are bytes from now on: encrypted where the system has a keychain for the key.
CREATE TABLE held_as_bytes (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    form TEXT NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (scope, form)
) STRICT, WITHOUT ROWID;
INSERT INTO held_as_bytes SELECT scope, form, CAST(state AS BLOB) FROM held;
DROP TABLE held;
ALTER TABLE held_as_bytes RENAME TO held;

-- Long texts of what is held, as they were written whole last: a keystroke is kept as what it changes of them.
CREATE TABLE stems (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    form TEXT NOT NULL,
    field TEXT NOT NULL,
    text BLOB NOT NULL,
    PRIMARY KEY (scope, form, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE forms_as_bytes (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    form TEXT NOT NULL,
    at INTEGER NOT NULL,
    view BLOB NOT NULL,
    PRIMARY KEY (scope, form)
) STRICT, WITHOUT ROWID;
INSERT INTO forms_as_bytes SELECT scope, form, at, CAST(view AS BLOB) FROM forms;
DROP TABLE forms;
ALTER TABLE forms_as_bytes RENAME TO forms;

-- The saves of forms, as they were seen last.
CREATE TABLE histories (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    form TEXT NOT NULL,
    versions BLOB NOT NULL,
    PRIMARY KEY (scope, form)
) STRICT, WITHOUT ROWID;

CREATE TABLE lists_as_bytes (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    topic TEXT NOT NULL,
    at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    total INTEGER NOT NULL,
    head BLOB NOT NULL,
    PRIMARY KEY (scope, topic)
) STRICT, WITHOUT ROWID;
INSERT INTO lists_as_bytes SELECT scope, topic, at, seq, total, CAST(head AS BLOB) FROM lists;
DROP TABLE lists;
ALTER TABLE lists_as_bytes RENAME TO lists;

CREATE TABLE list_rows_as_bytes (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    topic TEXT NOT NULL,
    id BLOB NOT NULL,
    num INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (scope, topic, id)
) STRICT, WITHOUT ROWID;
INSERT INTO list_rows_as_bytes
    SELECT scope, topic, id, coalesce(record ->> '$.num', 0), CAST(record AS BLOB) FROM list_rows;
DROP TABLE list_rows;
ALTER TABLE list_rows_as_bytes RENAME TO list_rows;
CREATE INDEX list_rows_newest_first ON list_rows (scope, topic, num DESC);

-- Something that only the right key can read, once everything is encrypted.
CREATE TABLE key_check (
    proof BLOB NOT NULL
) STRICT;
