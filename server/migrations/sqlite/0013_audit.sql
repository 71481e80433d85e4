-- Who did what, when and from where (semantics 7.4). Each entry's hash covers the one before.
CREATE TABLE audit_log (
    number  INTEGER PRIMARY KEY NOT NULL, -- 1, 2, 3 ... without a gap
    at      INTEGER NOT NULL,
    person  BLOB,          -- who did it
    subject BLOB,          -- the form or the account that it was done to
    kind    TEXT NOT NULL,
    entry   TEXT NOT NULL, -- all of it, as JSON
    hash    BLOB NOT NULL
) STRICT;
CREATE INDEX audit_of_person ON audit_log (person, number) WHERE person IS NOT NULL;
CREATE INDEX audit_of_subject ON audit_log (subject, number) WHERE subject IS NOT NULL;
CREATE INDEX audit_of_kind ON audit_log (kind, number);

-- The last entry that was forgotten: the chain goes on from it. One row at most.
CREATE TABLE audit_base (
    number INTEGER NOT NULL,
    hash   BLOB NOT NULL
) STRICT;

-- An account that was ended, and one whose person has to choose a password of their own.
ALTER TABLE users ADD COLUMN deactivated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN password_given INTEGER NOT NULL DEFAULT 0;

-- A sign-in that its person, or an admin, sees and ends.
ALTER TABLE tokens ADD COLUMN id BLOB;
ALTER TABLE tokens ADD COLUMN origin TEXT NOT NULL DEFAULT '{}';
ALTER TABLE tokens ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
UPDATE tokens SET id = randomblob(16), used_at = created_at;
CREATE UNIQUE INDEX tokens_by_id ON tokens (id);
