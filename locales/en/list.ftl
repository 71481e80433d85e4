exporting = Exporting
saved-as = Saved as { $path }
without = Without { $field }
too-many-options = { $field } has too many options for a board: { $cut } of them are not shown.
list-by = { $collection } by { $field }
more-than-in-brackets = (more than { $limit })
select-all = Select all { $total }
set-fields = Set fields
archive = Archive
clear = Clear
field-is-gone = This field is not there any more.
another-field = Another field
field = Field
do-not-set = Do not set { $field }
new-value = New value
working = Working
skipped = { $records } skipped.
skipped-records = Skipped records
only-some-are-shown = Only { $shown } of { $total } are shown.
drag-onto-another-day = Drag it onto another day, or press Shift with an arrow key
select-record = Select { $name }
open-in-a-form = Open in a form at this moment
typed-and-not-saved = What was typed is kept and not saved
unsaved-changes-of = Unsaved changes of { $name }
not-read-yet = You have not read what happened here
unread = { $count } new
change-field = Change { $field }
no-such-field-any-more = There is no such field any more.
opening = Opening…
not-saved-either = { $field } of { $name } is not saved either, and would be saved with it.
open-the-form = Open the form
is-editing-this-record = { $name } is editing this record. You see their typing.
cannot-be-changed-now = This record cannot be changed now.
columns = Columns
move-to-the-left = Move { $field } to the left
export-records = Export { $records }
format = Format
all-columns = All columns, not only those shown
export = Export
all-of-this-holds = Show only records of which all of this holds
or = or
comparison = Comparison
value = Value
choose = Choose…
or-another = or…
drop-filter-of = Drop the filter of { $field }
by = By
select-all-rows = Select all rows that are here
title = Title
filters = Filters
filters-of-count = Filters ({ $count })
search = Search
search-in-this-list = Search in this list
views = Views
not-in-the-list-any-more = { $title } is not in the list any more.
has-unsaved-changes = { $title } has unsaved changes. Open it to save them first.
cannot-be-changed-from-here = { $title } cannot be changed from here. Open it.
is-editing-it-now = { $name } is editing { $title } at this moment.
may-look-but-not-edit = You may look at { $title }, but not edit it.
no-views-yet = None yet. Filter and sort the list, then keep it here.
views-for-everybody = for everybody
view-by = by { $name }
delete-view = Delete the view { $name }
name-of-the-view = Name of this list
for-everybody = For everybody
save-view = Save view
import = Import
definition = Definition
as-remembered-from = As this computer remembers it, from { $when }.
only-here-so-far = Only on this computer so far
none-yet = No { $collection } yet
first-one-appears-here = The first one that anybody saves appears here at once, for everyone.
nothing-contains = Nothing contains “{ $words }”.
nothing-contains-filtered = Nothing contains “{ $words }” of which the filters hold.
no-record-is-like-that = No record is like that.
search-instead-for = Search for “{ $words }” instead
show-all = Show all
set-in-records =
    Set in { $records ->
         [one] 1 record
        *[other] { $records } records
    }
records-changed =
    { $records ->
         [one] 1 record changed.
        *[other] { $records } records changed.
    }
is-editing =
    { $name } is editing{ $others ->
         [0] { "" }
        *[other] , { $others } waiting
    }
ask-to-undo =
    Undo { $records ->
         [one] 1 record
        *[other] { $records } records
    }?
