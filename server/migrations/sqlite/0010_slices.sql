-- Imports that are over, and whose records stay: what is noted of each record in `unfinished` goes a little at a time.
CREATE TABLE finished_imports (
    import_id BLOB PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

-- Many deletions had the search merge whole segments in the transaction of one of them: seconds, for everybody. What is
-- deleted goes when a segment is merged for what is added to it.
INSERT INTO search (search, rank) VALUES ('deletemerge', 0);
