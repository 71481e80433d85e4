-- How often a form was stored: a write that was made for another number is refused (decision 39). What is there now was
-- stored once.
ALTER TABLE forms ADD COLUMN n INTEGER NOT NULL DEFAULT 1;
