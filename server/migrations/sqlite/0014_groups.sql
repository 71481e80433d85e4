-- Groups of people, and what each gives its members of an entity (semantics 7.2).
CREATE TABLE groups (
    id   BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE
) STRICT;
CREATE TABLE group_members (
    group_id BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id  BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE group_grants (
    group_id  BLOB NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    entity_id BLOB NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
    permit    TEXT NOT NULL, -- what it gives, as JSON
    PRIMARY KEY (group_id, entity_id)
) STRICT, WITHOUT ROWID;

-- Entities of which roles give nothing.
CREATE TABLE closed_entities (
    entity_id BLOB PRIMARY KEY NOT NULL REFERENCES entities (id) ON DELETE CASCADE
) STRICT;

-- Who is told of a change is decided when it is told.
ALTER TABLE changes DROP COLUMN audience;
