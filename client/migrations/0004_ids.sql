-- Forms of definitions hold ids now: what was seen of them is read again. What is held is carried over when it is read.
DELETE FROM forms WHERE form ->> '$.kind' = 'entity';
DELETE FROM histories WHERE form ->> '$.kind' = 'entity';
