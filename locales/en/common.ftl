stay = Stay
cancel = Cancel
edit = Edit
delete = Delete
save = Save
ask-to-delete-for-ever = Delete { $what } for ever?
delete-for-ever = Delete for ever
nothing-can-be-brought-back = Nothing of it can be brought back: values, versions, comments and what was unsaved in it go too.
copy = Copy
copied = Copied
drag-or-arrow-keys = Drag, or use the arrow keys
move-by-arrow-keys = Move { $name } with the arrow keys
yes = Yes
no = No
close = Close
remove = Remove
you-in-brackets = (you)
restore = Restore
quoted = “{ $title }”
show-more = Show more
undo = Undo
add = Add
done = Done
loading = Loading
where-you-are = Where you are
collections = Collections
what-is-selected = What is selected
selected = { $count } selected
select-titled = Select { $title }
untitled = Untitled
records =
    { $records ->
         [one] 1 record
        *[other] { $records } records
    }
more-than-records = more than { $limit } records
