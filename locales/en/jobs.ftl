getting-ready = Getting ready…
done-of = { $done } of { $total }
why = Why
row = Row
title = Title
field = Field
restoring = Restoring
deleting = Deleting
undoing = Undoing
restored =
    { $records ->
         [one] 1 record was restored.
        *[other] { $records } records were restored.
    }
deleted =
    { $records ->
         [one] 1 record was deleted for ever.
        *[other] { $records } records were deleted for ever.
    }
undone =
    { $records ->
         [one] 1 record was undone.
        *[other] { $records } records were undone.
    }
not-restored = Not restored
not-deleted = Not deleted
not-undone = Not undone
more-reasons =
    { $reasons ->
         [one] And 1 reason more.
        *[other] And { $reasons } reasons more.
    }
