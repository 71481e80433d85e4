nobody-left-anything = Nobody left anything unsaved
what-appears-here = What somebody types and does not save appears here, with whose it is.
typed-and-not-saved = Changes that were typed and not saved.
everybodys-unsaved-work = Everybody’s unsaved work
new-definition = New definition
definition = Definition
new-record = New record
record = Record
title = Title
collection = Collection
kind = Kind
whose = Whose
last-change = Last change
typed-and-removed-after =
    Changes that were typed and not saved. A record that was never saved is removed { $days ->
         [one] 1 day
        *[other] { $days } days
    } after its last change.
