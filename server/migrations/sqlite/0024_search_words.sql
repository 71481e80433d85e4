-- The words of the search's index: what somebody may have meant is looked for among them.
CREATE VIRTUAL TABLE search_words USING fts5vocab (search, row);
