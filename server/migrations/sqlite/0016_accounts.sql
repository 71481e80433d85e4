-- The second factor of an account, the end of a password that somebody gave, and whether others see where its person is
-- (semantics 7.1, 7.3).
ALTER TABLE users ADD COLUMN second_factor TEXT;
ALTER TABLE users ADD COLUMN password_until INTEGER;
ALTER TABLE users ADD COLUMN hides_place INTEGER NOT NULL DEFAULT 0;

-- A token is replaced now and then; the one before it works until the new one was used.
ALTER TABLE tokens ADD COLUMN old_hash BLOB;
ALTER TABLE tokens ADD COLUMN renewed_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX tokens_by_old_hash ON tokens (old_hash) WHERE old_hash IS NOT NULL;

-- The settings of the last start, so that the audit tells what is another one.
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
