choose = Choose…
no-longer-offered-value = { $value } (no longer offered)
no-longer-offered = (no longer offered)
choose-from-calendar = Choose { $field } from a calendar
choose-value-of = Choose { $field }
time = Time
no-file = No file
sending-the-file = Sending the file
sent-of = { $sent } of { $size }
choose-another-file = Choose another file
choose-a-file = Choose a file, or drop it here
not-put-in = “{ $file }” was not put in: somebody else edits now.
show-it-large = Show it large
show-file-large = Show { $file } large
save-a-copy-of = Save a copy of { $file }
save-a-copy = Save a copy
take-file-out-of = Take { $file } out of { $field }
too-large-to-show = It has { $size }. Save a copy to see it.
the-month-before = The month before
the-next-month = The next month
not-there-any-more = (not there any more)
remove-the-link-to = Remove the link to { $title }
no-record-is-linked = No link
search-for-a-record-to-link = Search for a record to link
find-a-record-for = Find a record for { $field }
records = Records
nothing-found = Nothing found
create-titled = Create “{ $title }”
bold = Bold
italic = Italic
heading = Heading
plain-paragraph = Plain paragraph
list = List
numbered-list = Numbered list
quotation = Quotation
take-link-away = Remove link
no-formatting = No formatting
formatting-of = Formatting of { $label }
link-address-hint = https:// for a link
address-of-a-link = Address of a link
link = Link
changed-by = changed by { $name }
changed-by-at = changed by { $name }, { $when }
read-only = Read only
needed = Needed
only-the-beginning-is-here = Only the beginning is on this computer. All of it is here as soon as the server is reached.
comment-on =
    Comment on { $field }{ $threads ->
         [0] { "" }
         [one] : 1 open thread
        *[other] : { $threads } open threads
    }
file-too-large = The file is too large: at most { $size } are taken.
file-unreadable = The file cannot be read.
changed = changed
