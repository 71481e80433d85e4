-- What people say about records (semantics 7.7), and whom that is told.
CREATE TABLE comments (
    id          BLOB PRIMARY KEY NOT NULL,
    record_id   BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    thread      BLOB REFERENCES comments (id) ON DELETE CASCADE, -- the comment that began it; none: this one did
    field       TEXT,             -- the id of the field that the thread is about
    author      BLOB NOT NULL REFERENCES users (id),
    at          INTEGER NOT NULL,
    edited_at   INTEGER,
    text        TEXT NOT NULL,
    mentions    TEXT NOT NULL,    -- ids of people, as a JSON list
    resolved_by BLOB REFERENCES users (id),
    resolved_at INTEGER
) STRICT;
CREATE INDEX comments_of_record ON comments (record_id, at);
CREATE INDEX comments_of_thread ON comments (thread) WHERE thread IS NOT NULL;

CREATE TABLE notifications (
    id        INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id   BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    record_id BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    comment_id BLOB REFERENCES comments (id) ON DELETE CASCADE, -- none: it is about no comment
    at        INTEGER NOT NULL,
    read      INTEGER NOT NULL DEFAULT 0,
    what      TEXT NOT NULL       -- as JSON
) STRICT;
CREATE INDEX notifications_of_person ON notifications (user_id, id);
CREATE INDEX notifications_of_record ON notifications (record_id, user_id);
CREATE INDEX notifications_of_comment ON notifications (comment_id) WHERE comment_id IS NOT NULL;

-- Whoever is told of every save of a record.
CREATE TABLE followers (
    record_id BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    user_id   BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (record_id, user_id)
) STRICT, WITHOUT ROWID;

-- What people do not want to be told of.
CREATE TABLE muted (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    why     TEXT NOT NULL,
    PRIMARY KEY (user_id, why)
) STRICT, WITHOUT ROWID;
