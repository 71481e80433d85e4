-- What this computer remembers of each server and person. Nothing here is the truth but `held`: what was
-- typed and is not on the server yet.
CREATE TABLE scopes (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE held (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    form TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (scope, form)
) STRICT, WITHOUT ROWID;

-- Forms as they were seen last.
CREATE TABLE forms (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    form TEXT NOT NULL,
    at INTEGER NOT NULL,
    view TEXT NOT NULL,
    PRIMARY KEY (scope, form)
) STRICT, WITHOUT ROWID;

-- Lists as they were seen last: the snapshot without its rows, up to `seq`.
CREATE TABLE lists (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    topic TEXT NOT NULL,
    at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    total INTEGER NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (scope, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_rows (
    scope INTEGER NOT NULL REFERENCES scopes (id),
    topic TEXT NOT NULL,
    id BLOB NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (scope, topic, id)
) STRICT, WITHOUT ROWID;
