-- Values of unique fields are noted under the field and its type, so that a field gets another type in steps, too.
DELETE FROM unique_values WHERE NOT EXISTS
    (SELECT 1 FROM unique_fields f WHERE f.entity_id = unique_values.entity_id AND f.field = unique_values.field AND f.ready);
DELETE FROM unique_fields WHERE NOT ready;
UPDATE unique_values SET field = field || ':' ||
    (SELECT f.definition ->> '$.field_type' FROM unique_fields f
     WHERE f.entity_id = unique_values.entity_id AND f.field = unique_values.field);
UPDATE unique_fields SET field = field || ':' || (definition ->> '$.field_type');
