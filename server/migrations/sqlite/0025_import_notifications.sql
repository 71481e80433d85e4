-- Notifications are not of records only: an import that is over is about none.
CREATE TABLE notifications_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    record_id  BLOB REFERENCES records (id) ON DELETE CASCADE,   -- none: it is about no record
    comment_id BLOB REFERENCES comments (id) ON DELETE CASCADE,  -- none: it is about no comment
    at         INTEGER NOT NULL,
    read       INTEGER NOT NULL DEFAULT 0,
    what       TEXT NOT NULL        -- as JSON
) STRICT;
INSERT INTO notifications_new (id, user_id, record_id, comment_id, at, read, what)
    SELECT id, user_id, record_id, comment_id, at, read, what FROM notifications;
DROP TABLE notifications;
ALTER TABLE notifications_new RENAME TO notifications;
CREATE INDEX notifications_of_person ON notifications (user_id, id);
CREATE INDEX notifications_of_record ON notifications (record_id, user_id) WHERE record_id IS NOT NULL;
CREATE INDEX notifications_of_comment ON notifications (comment_id) WHERE comment_id IS NOT NULL;
