-- A session that comes back asks for what happened to its topic since then.
CREATE INDEX changes_by_topic ON changes (topic, seq);
CREATE INDEX changes_by_age ON changes (at);
