show-baton = Show Baton
hide-baton = Hide Baton
quit = Quit
asks-for-untitled = { $name } asks for a record that you edit
asks-for = { $name } asks for “{ $title }”
not-connected = Not connected
no-server-yet = No server yet
person-says = { $name } says
sign-ins-paused = Sign-ins with { $email } are paused
mentioned-you-at = { $name } mentioned you at “{ $title }”
answered-you-at = { $name } answered you at “{ $title }”
saved = { $name } saved “{ $title }”
asked-to-edit = { $name } asked to edit “{ $title }”
you-edit-now-after = You edit “{ $title }” now, after { $name }
handed-to-you = { $name } handed “{ $title }” to you
took-over = { $name } took over “{ $title }”
import-is-over = Your import into { $title } is over
open = Open
a-new-record = a new record
asks-to-edit = { $name } asks to edit { $title }
open-it-to-hand-it-over = You are editing it. Open it to hand it over, or to go on.
you-are-editing-now = You are editing { $title } now
it-is-your-turn = It is your turn.
quit-baton = Quit Baton
menu-file = File
menu-view = View
larger = Larger
smaller = Smaller
actual-size = Actual size
menu-help = Help
server-you-gave = The one that you gave
server-preset = { $address }, unless you gave another one
server-locked = { $address }, and no other
while-signed-in = As long as you are signed in
updates-installed = Fetched, and installed when you say so
updates-told = You are told of them
updates-off = Off
is-set = Set
is-not-set = None
setting-server = Server
setting-plain = Other machines without encryption
setting-remember = Sign-in is remembered
setting-cache = What you saw is remembered
setting-updates = Updates
setting-channel = Update channel
setting-key = Key of updates
setting-log-level = Log level
debian-package = Debian package
rpm-package = RPM package
windows-setup = Windows setup
windows-installer-package = Windows installer package
macos-application = macOS application
built-from-its-sources = Built from its sources
file-is-gone = The file is not there any more.
file-not-kept = The file could not be kept on this computer: { $error }.
no-address-of-a-page = This is no address of a page or a mailbox.
opens-no-links = This system opens no links. Copy the address instead.
no-server-for-updates = There is no server yet.
did-not-start = It did not start on this computer, so the version of before is back.
update-is-ready = Baton { $version } is ready
installed-when-you-quit = It is installed when you quit Baton.
no-update-to-install = There is no update to install.
ask-your-administrator = Ask your administrator to install it.
administrator-turned-off = Your administrator turned updates off.
updated-at-its-sources = This program was built from its sources, and is updated there.
no-release-key = This desktop knows no key that updates are signed with.
server-does-not-answer = The server does not answer, so what you typed last may not be there yet.
cannot-print = This computer cannot print from here.
sign-in-cancelled = The sign-in was cancelled.
nobody-came-back = Nobody came back from the browser. Begin again.
no-browser-here = This computer does not let Baton hear of the browser. Sign in with your password.
system-sees-to-it = The system's own installation sees to that.
could-not-be-set = It could not be set: { $error }.
no-window-opened = No window could be opened.
page-too-slow = The page was too slow and has to begin anew.
window-is-closing = The window is closing.
records-wait =
    { $records ->
         [one] 1 record waits for the server
        *[other] { $records } records wait for the server
    }
ten-failed =
    Ten failed in a row. They are possible again in { $minutes ->
         [one] 1 minute
        *[other] { $minutes } minutes
    }.
keeps-days =
    { $days ->
         [one] 1 day
        *[other] { $days } days
    }
go-back = Go back to Baton
goes-on = Baton goes on by itself. You can close this page.
start-again = Close this window when it is solved, and start Baton again. Nothing that you typed before is lost by it.
menu-edit = Edit
