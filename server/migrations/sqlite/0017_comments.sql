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
    comment_id BLOB NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    at        INTEGER NOT NULL,
    read      INTEGER NOT NULL DEFAULT 0,
    what      TEXT NOT NULL       -- as JSON
) STRICT;
CREATE INDEX notifications_of_person ON notifications (user_id, id);
CREATE INDEX notifications_of_record ON notifications (record_id);
CREATE INDEX notifications_of_comment ON notifications (comment_id);
