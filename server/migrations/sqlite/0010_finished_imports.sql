-- Imports that are over, and whose records stay: what is noted of each record in `unfinished` goes a little at a time.
CREATE TABLE finished_imports (
    import_id BLOB PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;
