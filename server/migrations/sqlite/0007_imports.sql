-- Records of an import that is all or nothing and not over: a server that was killed in its middle unmakes them.
CREATE TABLE unfinished (
    import_id BLOB NOT NULL,
    record_id BLOB NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    PRIMARY KEY (import_id, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unfinished_by_record ON unfinished (record_id);
