your-own-text-is-kept = Your own text is kept
look-at-it = Look at it
compare-and-decide = Compare and decide
fields-wait-for-you =
    { $fields ->
         [one] 1 field waits for your decision
        *[other] { $fields } fields wait for your decision
    }
by-not-saved-yet = { $name }, not saved yet
your-text-and-the-forms = Your text and the form's
nothing-is-lost = Nothing is lost until you choose. You can leave this page and come back, also after a restart.
take-theirs = Take theirs
drop-mine = Drop mine
before = Before
mine = Mine
theirs = Theirs
take-mine = Take mine
keep-both = Keep both
do-not-edit = Do not edit
no-such-field-any-more = The form has no such field any more. Copy what you need.
as-soon-as-you-edit = You can take your text as soon as you edit this form. Until then, copy what you need.
empty = Empty
text = Text
use-this-text = Use this text
decided = You decided about { $field }.
