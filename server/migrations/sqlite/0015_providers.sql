-- Who somebody is at an identity provider (semantics 7.6).
CREATE TABLE identities (
    provider TEXT NOT NULL,
    subject  TEXT NOT NULL,
    user_id  BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (provider, subject)
) STRICT, WITHOUT ROWID;

-- By which provider a sign-in was made, and in which session there: it ends with that one.
ALTER TABLE tokens ADD COLUMN provider TEXT;
ALTER TABLE tokens ADD COLUMN provider_session TEXT;
