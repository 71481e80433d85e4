waits-for-the-server = Waits for the server
check-the-connection = Check the connection
no-server = No server
connecting = Connecting…
connected = Connected
update-needed = Update needed
offline-for = Offline for { $since }, reconnecting
server = Server
state = State
round-trip = Round trip
under-1-ms = under 1 ms
last-heard = Last heard
ago = { $span } ago
why = Why
next-try = Next try
signed-in-until = Signed in until
you-can-work-until-then = Without the server you can work until then.
this-computer = This computer
try-now = Try now
now = now
in-span = in { $span }
server-cannot-be-reached = The server cannot be reached
everything-works = Everything that was tried works.
needs-your-decision = needs your decision
a-new-record = A new record
nothing-waits = Nothing waits: the server has everything.
kept-on-this-computer = What you typed is kept on this computer
sign-in-again-to-send = Sign in again, and it goes to the server.
deletion-waits =
    deletion { $until ->
         [network] waits for the network
        *[turn] waits for your turn
    }
archiving-waits =
    archiving { $until ->
         [network] waits for the network
        *[turn] waits for your turn
    }
discarding-waits =
    discarding the draft { $until ->
         [network] waits for the network
        *[turn] waits for your turn
    }
save-waits =
    save { $until ->
         [network] waits for the network
        *[turn] waits for your turn
    }
fields-to-be-saved-wait =
    { $fields ->
         [one] 1 field
        *[other] { $fields } fields
    }, to be saved, { $until ->
         [network] waits for the network
        *[turn] waits for your turn
    }
comments-wait =
    { $comments ->
         [one] 1 comment waits
        *[other] { $comments } comments wait
    } for the server
fields-wait =
    { $fields ->
         [one] 1 field
        *[other] { $fields } fields
    }, { $until ->
         [network] waits for the network
        *[turn] waits for your turn
    }
conflicts =
    { $count ->
         [one] 1 conflict
        *[other] { $count } conflicts
    }
changes-wait =
    { $count ->
         [one] 1 change waits
        *[other] { $count } changes wait
    }
work-on-without-it = Work on without it: what you type is kept on this computer and sent when it is back.
now-heading = Now
the-way-to-the-server = The way to the server, and to others
what-the-check-does = Tries each step by itself, then opens a form twice and types into it, and says in one sentence where it ends. Nothing of it stays.
milliseconds = { $count } ms
