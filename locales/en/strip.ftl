as-it-was = You see it as it was.
unsaved-is-kept = Its unsaved text is kept: restore it to go on, or copy what you need.
restore-to-edit = Restore it to edit it again.
nobody-is-editing = Nobody is editing
as-it-was-left = You see the form as it was left.
you-are-editing = You are editing
you-are-editing-elsewhere = You are editing in another window
your-typing-read-only = You see your typing here, read-only.
place-is-kept-for = Their connection broke; their place is kept for { $seconds } s.
you-see-their-typing = You see their typing.
you-watch-only = You watch only.
you-are-next = You are next in line.
you-are-number = You are number { $place } in line.
somebody-is-editing = { $name } is editing
kept-until-reached = What you type is kept on this computer and goes to the server when it is reached.
go-on-typing = Go on typing: it is kept on this computer. Others see it when the server is reached again.
as-when-it-broke = You see the form as it was when the connection broke.
as-remembered = You see the form as this computer remembers it.
you-are-offline = You are offline
set-by-administrator = Your administrator, in { $place }
set-by-start = How Baton was started
set-by-you = You
set-by-default = Default
check-works = Works
check-fails = Fails
check-skipped = Not tried
one-watches = { $name } is watching.
two-watch = { $name } and { $other } are watching.
many-watch = { $name } and { $others } others are watching.
nobody-else-is-here = Nobody else is here.
next-sees-your-typing = { $name } sees your typing and is next in line.
next-and-others-see =
    { $name } is next in line; { $others ->
         [one] 1 other person sees
        *[other] { $others } other people see
    } your typing too.
somebody-archived-this = { $name } archived this
somebody-deleted-this = { $name } deleted this
one-left-unsaved = { $name } left unsaved changes here.
two-left-unsaved = { $name } and { $other } left unsaved changes here.
many-left-unsaved = { $name } and { $others } others left unsaved changes here.
