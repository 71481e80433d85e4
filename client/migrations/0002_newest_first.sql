-- The order in which a list is opened most often, without reading the rows themselves.
ALTER TABLE list_rows ADD COLUMN num INTEGER GENERATED ALWAYS AS (record ->> '$.num') VIRTUAL;
CREATE INDEX list_rows_newest_first ON list_rows (scope, topic, num DESC);
