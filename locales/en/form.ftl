you-asked-to-edit = You asked { $owner } to let you edit.
yours-in-seconds = If { $owner } does nothing, the form is yours in { $seconds } s.
somebody-asks-to-edit = { $name } asks to edit.
passes-on-in-seconds = If you do nothing, the form passes on in { $seconds } s; the draft stays.
not-now = Not now
hand-over = Hand over
close-and-lose-text = Close and lose what you typed last?
close-anyway = Close anyway
close-without-saving = Close without saving?
close-keep-the-draft = Close, keep the draft
told-of-every-save = You are told of every save
tell-me-of-every-save = Tell me of every save
back-to-the-form = Back to the form
history = History
back-to-the-list = Back to the list
since = Since { $when }
hide-details = Hide details
show-details = Show details
you-are-editing-now = You are editing now.
editing-after = You are editing now, and go on from { $name }’s unsaved changes.
saved-version = Saved, version { $version }
linked-from = Linked from
and-more = and { $more } more
created-once-server-is-reached = It can be created as soon as the server is reached.
create-and-link = Create and link
who-edited-when = Who edited when
nobody-edited-it = Nothing is noted of it.
archive = Archive
ask-to-delete = Delete { $collection }?
delete-with-records = Delete it with its records
ask-to-archive-record = Archive this record?
ask-to-delete-record = Delete this record?
is-editing-now = { $name } is editing it at this moment.
who-has-it-open = Who has this form open, in order
roster-editing = editing
roster-number-in-line = number { $place } in line
roster-connection-broken = , connection broken
about-this-form = About this form
last-saves = Last saves
here-now = Here now
nobody-has-it-open = Nobody has it open for editing.
watching = Watching
show-the-field = Show the field
connection-broken = Connection broken
has-it-open = Has it open
editing = Editing
next-in-line = Next in line
number-in-line = Number { $place } in line
show-what-it-changed = Show what it changed
all-saves = All { $saves } saves
names-and-more = { $names } and { $more } more
details = Details
version = Version
created = Created
last-saved = Last saved
slug = Slug
id = Id
copy-link = Copy link
who-edits = Who edits
as-of = As of { $when }
unsaved-changes = Unsaved changes
any-letter-edits = Press any letter to edit
opening = Opening
you-see-what-is-remembered = You see what this computer remembers until the server answers.
not-saved = Not saved
following = Following
scrolls-until-you-scroll = Scrolls to the field that is typed into, until you scroll yourself
follow = Follow
scroll-to-what-is-typed = Scroll to the field that is typed into
discard = Discard
bring-back-discarded-changes = Bring back discarded changes
edit-in-this-window = Edit in this window
ask-to-edit = Ask to edit
take-over = Take over
ask-to-take-over = Take this form over from { $name }?
what-a-take-over-does = What { $name } typed stays in the draft, and goes on to you. { $name } reads your reason, and the audit keeps it.
reason = Reason
what-deletes-a-collection =
    { $records ->
         [one] Its record goes with it
        *[other] Its { $records } records go with it
    }{ $unsaved ->
         [yes] . What is unsaved in it is kept with it. An admin can bring all of it back from the page of all collections.
        *[no] . An admin can bring all of it back from the page of all collections.
    }
goes-to-the-archive =
    { $unsaved ->
         [yes] It goes to the archive, and what is unsaved in it is kept with it. Anybody who edits can restore it from there.
        *[no] It goes to the archive. Anybody who edits can restore it from there.
    }
goes-to-the-bin =
    { $unsaved ->
         [yes] It goes to the bin, and what is unsaved in it is kept with it. Anybody who edits can restore it from there.
        *[no] It goes to the bin. Anybody who edits can restore it from there.
    }
changed-fields-on = { $name } changed { $fields } on { $when }.
fields-need-attention =
    { $count ->
         [one] Not saved. 1 field needs your attention:
        *[other] Not saved. { $count } fields need your attention:
    }
the-list = The list
publish = Publish
previous-in-the-list = Previous in the list
next-in-the-list = Next in the list
copy-of-title = { $title } (copy)
duplicate = Duplicate
definition-changed = The definition of this form changed.
you-were-away = You were away for a while, so the form passed to { $name }, with the draft.
you-handed-over = You handed this form to { $name }.
handed-over = { $from } handed this form to { $to }.
typing = Typing…
will-be-saved = Will be saved when the server is back
not-saved-kept-here = Not saved, kept on this computer
kept-here-sending = Kept on this computer, sending…
sending = Sending…
as-last-seen = As it was last seen
asking-the-server = Asking the server…
not-saved-kept-on-server = Not saved, kept on the server
nothing-typed-yet = Nothing typed yet
somebody-saved =
    { $you ->
         [yes] You
        *[no] { $name }
    } saved version { $version }.
somebody-discarded =
    { $you ->
         [yes] You
        *[no] { $name }
    } discarded the unsaved changes.
somebody-brought-back =
    { $you ->
         [yes] You
        *[no] { $name }
    } brought the discarded changes back.
the-owner = The owner
goes-on-editing = { $name } goes on editing for now.
somebody-archived =
    { $you ->
         [yes] You
        *[no] { $name }
    } archived this record.
somebody-deleted =
    { $you ->
         [yes] You
        *[no] { $name }
    } deleted this record.
somebody-restored =
    { $you ->
         [yes] You
        *[no] { $name }
    } restored this record.
taken-from-you = { $name } took this form over. What you typed is in the draft.
taken-from-you-because = { $name } took this form over: “{ $reason }” What you typed is in the draft.
taken-over-because = { $name } took this form over from { $from }: “{ $reason }”
taken-over = { $name } took this form over from { $from }.
make-it-a-favourite = Make it a favourite
no-favourite-any-more = It is a favourite: remove it
