too-many-filters = Höchstens { $limit } Filter lassen sich kombinieren.
no-nested-alternatives = Eine Alternative eines Filters hat keine eigenen Alternativen.
filter-not-complete = Der Filter für „{ $field }“ ist unvollständig.
cannot-be-sorted-by = Eine Liste lässt sich nicht nach „{ $field }“ sortieren.
not-resolved = Ein Filter sagt „im Zeitraum“ oder „bin ich“, aber nicht, welche Tage oder wer das ist.
no-such-field-any-more = Ein Feld „{ $field }“ gibt es nicht mehr.
