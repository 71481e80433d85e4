too-many-filters = At most { $limit } filters can be combined.
no-nested-alternatives = An alternative of a filter has no alternatives of its own.
filter-not-complete = The filter of { $field } is not complete.
cannot-be-sorted-by = A list cannot be sorted by { $field }.
not-resolved = A filter says “within” or “me”, and not which days or who that is.
no-such-field-any-more = There is no field “{ $field }” any more.
