-- What work on many records saved, so that it can be taken back: of which record as which version, and whether it was.
-- Whose work it was, and on which entity, is known of work that was begun from now on.
CREATE TABLE job_saves (
    job_id    BLOB NOT NULL,
    record_id BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    version   INTEGER NOT NULL,
    undone    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job_id, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_saves_by_record ON job_saves (record_id);
ALTER TABLE jobs ADD COLUMN entity_id BLOB;
CREATE INDEX jobs_by_begin ON jobs (begun_at);
