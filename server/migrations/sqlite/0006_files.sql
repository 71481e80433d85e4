-- Files that fields hold: the bytes are in the data directory, under their SHA-256.
CREATE TABLE files (
    hash      BLOB PRIMARY KEY NOT NULL,
    size      INTEGER NOT NULL,
    media     TEXT NOT NULL, -- what they are, as the server found out
    thumbnail BLOB           -- a small JPEG of a picture
) STRICT;

-- Which records had which file at any save: their history needs it as long as they are there.
CREATE TABLE file_uses (
    record_id BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    hash      BLOB NOT NULL,
    PRIMARY KEY (record_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_uses_by_hash ON file_uses (hash);
