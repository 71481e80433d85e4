-- Records that a person wants at hand.
CREATE TABLE favourites (
    record_id BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    user_id   BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (record_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX favourites_of_person ON favourites (user_id);
