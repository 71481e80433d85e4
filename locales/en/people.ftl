what-group-may-do-with = What { $group } may do with { $collection }
all-fields = All fields
limits-of = { $limits } of { $collection }
limit-of = { $field } of { $collection }
only-groups-and-admins = Only the groups below, and admins.
by-role = Editors edit it and viewers see it, as their role says; admins define it.
who-may-see-and-edit = Who may see and edit it
change-at-the-groups = Change it at the groups
choose-a-person = Add a person…
add-a-person = Add a person
nobody-in-this-group = Nobody is in this group yet.
remove-person = Remove { $name }
name = Name
fields-limited =
    { $count ->
         [one] 1 field limited
        *[other] { $count } fields limited
    }
e-mail = E-mail
role = Role
none = None
group = Group
name-and-address-of = Name and address of { $name }
everybody-reads-the-name = Everybody reads it at once, wherever this person is named.
address = Address
signs-in-with-the-address = They sign in with it from now on; who is signed in stays so.
reads-it-in-every-window = { $name } reads it in every open window.
message-to = Message to { $name }
message = Message
sees-it-at-once = { $name } sees it at once. It is not kept; the audit notes that you wrote.
send = Send
let-in = Let { $name } in
send-this-link = Send { $name } this link. It opens Baton on their computer, and they choose a password of their own.
or-with-this-password = Or they sign in as { $email } with this password:
shown-only-now = Both are shown only now, and work until a password of their own is chosen. Hand them on in a way that nobody else reads.
role-of = Role of { $name }
state = State
with-a-second-factor = with a second factor
sign-ins = Sign-ins
new-password = New password
remove-second-factor = Remove second factor
deactivate = Deactivate
reactivate = Reactivate
forget-name = Forget name
sign-ins-of = Sign-ins of { $name }
ask-for-new-password = A new password for { $name }?
what-a-new-password-does = { $name } is signed out everywhere, and their present password is worth nothing any more.
ask-to-remove-second-factor = Remove the second factor of { $name }?
what-removing-a-factor-does = For somebody who lost their authenticator and their recovery codes. The password alone signs { $name } in then, until they set up another one. Make sure that it is really { $name } who asks.
ask-to-forget = Forget the name of { $name }?
what-forgetting-does = Wherever { $name } is named as an author, it is a former colleague from now on, and the address is gone. The audit keeps what it said. This cannot be undone, and the account is never used again.
forget = Forget
ask-to-deactivate = Deactivate { $name }?
what-deactivating-does = { $name } is signed out everywhere at once and cannot sign in. What they did, and what they left unsaved, stays. You can reactivate them later.
signed-in-nowhere = Signed in nowhere.
unknown-computer = unknown computer
this-one = this one
connected-now = connected now
last-used = last used { $when }
sign-in-since = since { $when } · { $now }
new-passwords-differ = The two new passwords differ.
new-password-again = New password again
password-advice = At least 10 characters. Several words are easy to remember and hard to guess.
change-password = Change password
go-on = Continue
scan-and-enter-the-code = Scan this with an authenticator, and enter the code that it shows then.
qr-code-of-the-key = QR code of the key
or-type-the-key = Or type the key:
turn-on = Turn on
your-password = Your password
code = Code
your-recovery-codes = Your recovery codes
keep-the-recovery-codes = Each of them works once in place of a code, for instance when your phone is lost. They are shown only now: keep them where you keep other important papers.
i-have-noted-them = I have noted them
password-alone-again = Your password alone signs you in again.
password-and-code = Signing in with your password takes a code of your authenticator too.
why-a-second-factor = With one, your password alone is not enough to sign in as you.
set-up-another-one = Set up another one
set-up = Set up
ask-to-remove-own-factor = Remove your second factor?
recovery-codes-end = Your recovery codes are worth nothing any more then.
no-such-group = There is no such group any more.
rename = Rename
members = Members
what-they-may-do = What they may do
all-groups = All groups
another-name = Another name
ask-to-remove-group = Remove the group “{ $group }”?
what-removing-a-group-does = Its members keep what their role and their other groups give them. What only this group gave ends at once; text that they have not saved stays with the records.
no-groups-yet = No groups yet
make-a-group = Make one, put people into it, and choose what it may do with each collection.
new-group = New group
how-groups-count = The strongest of a person's role and groups counts. A collection that is open to groups only is not there for others; admins see everything.
make-the-group = Make the group
what-groups-may-do = What groups may do with collections
groups-and-collections = Groups and collections
collection = Collection
roles = Roles
as-the-role-says = As the role says
groups-only = Groups only
what-roles-give-of = What roles give of { $collection }
name-or-e-mail = Name or e-mail
search-people = Search people
nobody-called-that = Nobody is called that
look-for-a-part = Look for a part of the name or the e-mail address.
actions = Actions
count-of-groups =
    { $count ->
         [one] 1 group
        *[other] { $count } groups
    }
count-of-people =
    { $count ->
         [one] 1 person
        *[other] { $count } people
    }
count-of-accounts =
    { $count ->
         [one] 1 account
        *[other] { $count } accounts
    }
end-sign-in = End
