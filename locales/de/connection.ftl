waits-for-the-server = Wartet auf den Server
check-the-connection = Verbindung prüfen
no-server = Kein Server
connecting = Verbindet…
connected = Verbunden
update-needed = Update erforderlich
offline-for = Offline seit { $since }, verbindet neu
server = Server
state = Status
round-trip = Antwortzeit
under-1-ms = unter 1 ms
last-heard = Letzte Antwort
ago = vor { $span }
why = Grund
next-try = Nächster Versuch
signed-in-until = Angemeldet bis
you-can-work-until-then = Bis dahin können Sie ohne den Server arbeiten.
this-computer = Dieser Computer
try-now = Jetzt versuchen
now = jetzt
in-span = in { $span }
server-cannot-be-reached = Der Server ist nicht erreichbar
everything-works = Alles Geprüfte funktioniert.
needs-your-decision = braucht Ihre Entscheidung
a-new-record = Neuer Datensatz
nothing-waits = Nichts wartet: Der Server hat alles.
kept-on-this-computer = Was Sie eingegeben haben, bleibt auf diesem Computer
sign-in-again-to-send = Melden Sie sich wieder an, dann wird es an den Server gesendet.
deletion-waits =
    wird gelöscht, sobald { $until ->
         [network] wieder eine Verbindung besteht
        *[turn] Sie an der Reihe sind
    }
archiving-waits =
    wird archiviert, sobald { $until ->
         [network] wieder eine Verbindung besteht
        *[turn] Sie an der Reihe sind
    }
discarding-waits =
    ungespeicherte Änderungen werden verworfen, sobald { $until ->
         [network] wieder eine Verbindung besteht
        *[turn] Sie an der Reihe sind
    }
save-waits =
    wird gespeichert, sobald { $until ->
         [network] wieder eine Verbindung besteht
        *[turn] Sie an der Reihe sind
    }
fields-to-be-saved-wait =
    { $fields ->
         [one] 1 Feld wird gespeichert
        *[other] { $fields } Felder werden gespeichert
    }, sobald { $until ->
         [network] wieder eine Verbindung besteht
        *[turn] Sie an der Reihe sind
    }
comments-wait =
    { $comments ->
         [one] 1 Kommentar wartet
        *[other] { $comments } Kommentare warten
    } auf den Server
fields-wait =
    { $fields ->
         [one] 1 Feld wird gesendet
        *[other] { $fields } Felder werden gesendet
    }, sobald { $until ->
         [network] wieder eine Verbindung besteht
        *[turn] Sie an der Reihe sind
    }
conflicts =
    { $count ->
         [one] 1 Konflikt
        *[other] { $count } Konflikte
    }
changes-wait =
    { $count ->
         [one] 1 Änderung wartet
        *[other] { $count } Änderungen warten
    }
work-on-without-it = Arbeiten Sie ohne Verbindung weiter: Was Sie eingeben, bleibt auf diesem Computer und wird gesendet, sobald der Server wieder erreichbar ist.
now-heading = Jetzt
the-way-to-the-server = Der Weg zum Server und zu anderen
what-the-check-does = Prüft jeden Schritt einzeln, öffnet dann ein Formular zweimal, gibt etwas ein und nennt in einem Satz, wo es hakt. Nichts davon bleibt zurück.
milliseconds = { $count } ms
