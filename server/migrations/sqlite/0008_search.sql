-- Words are searched for as they are compared, in Latin letters: the index is made anew at the start.
DELETE FROM cells;
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5 (
    text, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);

-- Where a place in the order by hand is looked for.
CREATE INDEX records_by_position ON records (entity_id, position);
