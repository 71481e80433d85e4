-- Titles are found by any part of their words: the index is made anew at the start.
DELETE FROM cells;
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5 (
    text, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('deletemerge', 0);

-- Notifications are not of comments only.
CREATE TABLE notifications_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    record_id  BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    comment_id BLOB REFERENCES comments (id) ON DELETE CASCADE, -- none: it is about no comment
    at         INTEGER NOT NULL,
    read       INTEGER NOT NULL DEFAULT 0,
    what       TEXT NOT NULL        -- as JSON
) STRICT;
INSERT INTO notifications_new (id, user_id, record_id, comment_id, at, read, what)
    SELECT id, user_id, record_id, comment_id, at, read, what FROM notifications;
DROP TABLE notifications;
ALTER TABLE notifications_new RENAME TO notifications;
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
