-- What lists, quotas and people's own unsaved work ask of a form, without reading its state.
ALTER TABLE forms ADD COLUMN entity_id BLOB;
ALTER TABLE forms ADD COLUMN presence TEXT;                       -- who has it open, as JSON; NULL: nobody
ALTER TABLE forms ADD COLUMN author TEXT;                         -- whose unsaved changes it has first, as JSON
ALTER TABLE forms ADD COLUMN authors TEXT NOT NULL DEFAULT '';    -- the ids of all of them, in hexadecimal digits
ALTER TABLE forms ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE forms ADD COLUMN never_saved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE forms ADD COLUMN touched_at INTEGER NOT NULL DEFAULT 0;
UPDATE forms SET
    entity_id = unhex(replace(state ->> '$.entity', '-', '')),
    presence = CASE WHEN occupied > 0 THEN json_object(
        'owner', state -> '$.queue.editors[0].person',
        'others', json_array_length(state, '$.queue.editors') - 1) END,
    author = (SELECT value -> '$.author' FROM json_each(state, '$.draft.fields') LIMIT 1),
    authors = coalesce((SELECT group_concat(DISTINCT replace(value ->> '$.author.id', '-', ''))
                        FROM json_each(state, '$.draft.fields')), ''),
    never_saved = CASE kind WHEN 'record' THEN NOT EXISTS (SELECT 1 FROM records WHERE records.id = forms.id)
                            ELSE NOT EXISTS (SELECT 1 FROM entities WHERE entities.id = forms.id) END,
    title = coalesce(
        state ->> '$.draft.fields.title.value', state ->> '$.draft.fields.label_plural.value',
        (SELECT title FROM records WHERE records.id = forms.id),
        (SELECT definition ->> '$.label_plural' FROM entities WHERE entities.id = forms.id), ''),
    touched_at = max(coalesce(state ->> '$.active', 0), 1);
DROP INDEX forms_occupied;
CREATE INDEX forms_occupied ON forms (entity_id, kind) WHERE occupied > 0 OR authors <> '';
CREATE INDEX forms_with_drafts ON forms (authors, touched_at) WHERE authors <> '';
CREATE INDEX forms_never_saved ON forms (touched_at) WHERE never_saved;

-- Accepted changes since a form's state was written last: a keystroke costs itself, not the text around it.
CREATE TABLE form_log (
    kind  TEXT NOT NULL,
    id    BLOB NOT NULL,
    rev   INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (kind, id, rev)
) STRICT, WITHOUT ROWID;

-- Grows whenever a person's role or password changes: a sign-in that began before is worth nothing.
ALTER TABLE users ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
CREATE INDEX tokens_of_user ON tokens (user_id, created_at);

-- Who is told: 0 everybody who watches, 1 admins only.
ALTER TABLE changes ADD COLUMN audience INTEGER NOT NULL DEFAULT 0;

-- Whose limit a file counts against.
ALTER TABLE files ADD COLUMN owner BLOB;
CREATE INDEX files_of_owner ON files (owner, size);

-- Work on many records that was begun: begun again with the same id, it is not done twice.
CREATE TABLE jobs (
    id       BLOB PRIMARY KEY NOT NULL,
    user_id  BLOB NOT NULL,
    begun_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
