nothing-is-here = Nothing is here
what-appears-here = A record that anybody archives or deletes appears here, with the text that was unsaved in it.
archive-and-bin = Archive and bin
select-everything = Select everything
title = Title
where-column = Where
since = Since
delete-for-ever = Delete for ever…
clear = Clear
place-archive = Archive
place-bin = Bin
how-long-it-stays =
    What is archived stays until somebody wants it back. What was deleted is deleted for ever after { $days ->
         [one] 1 day
        *[other] { $days } days
    }.
