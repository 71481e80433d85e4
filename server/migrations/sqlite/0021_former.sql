-- Accounts whose name and address were forgotten: nobody signs in with them again.
ALTER TABLE users ADD COLUMN former INTEGER NOT NULL DEFAULT 0;
