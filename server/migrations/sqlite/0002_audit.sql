-- What must stay provable: who took a form over from whom (semantics 3.6).
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL, -- of the form
    form_id BLOB NOT NULL,
    passing TEXT NOT NULL  -- from whom to whom and how, as JSON
) STRICT;
