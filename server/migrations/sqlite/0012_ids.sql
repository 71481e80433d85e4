-- What a program of this schema still has to carry over by itself, once, when it opens the database.
CREATE TABLE upgrades (
    name TEXT PRIMARY KEY NOT NULL
) STRICT;

-- Forms of definitions hold ids instead of words, and options have ids (store::sqlite::upgrade).
INSERT INTO upgrades (name) VALUES ('ids');
