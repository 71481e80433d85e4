-- Whose new name is not yet in everything that is kept: that goes on in the background, and after a restart.
ALTER TABLE users ADD COLUMN name_spreads INTEGER NOT NULL DEFAULT 0;
-- What they discarded may still name those who were forgotten before.
UPDATE users SET name_spreads = 1 WHERE former;
