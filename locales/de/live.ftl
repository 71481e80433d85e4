who-is-connected = Wer gerade verbunden ist und was geöffnet ist.
connections = Verbindungen
what-is-shown = Was angezeigt wird
a-collection = unbekannte Sammlung
connections-over-the-hour = Verbindungen in der letzten Stunde, höchstens { $most }
last-hour = letzte Stunde, höchstens { $most }
no-form-is-open = Kein Formular ist geöffnet.
more-editors =
    { $count ->
         [1] 1 weitere Person
        *[other] { $count } weitere
    }
release-the-place-of = Reservierung von { $name } aufheben
release-place = Reservierung aufheben
since-when = Seit { $when }
form = Formular
edits = Wer bearbeitet
in-line = In der Warteschlange
look-on = Zuschauer
draft-of = Ungespeichert von
open-forms = Geöffnete Formulare
away-held-for = { $name } (abwesend, Reservierung endet in { $span })
nobody-yet = Noch niemand
end-sign-in = Anmeldung beenden
message = Nachricht
who = Wer
shows = Zeigt
from = Von
program = Programm
since = Seit
active = Aktiv
actions = Aktionen
people = Personen
signed-in = angemeldete Fenster und Computer
not-signed-in = nicht angemeldet
open-forms-figure = geöffnete Formulare
newest-are-listed = { $listed } von { $all } werden aufgeführt, die neuesten.
some-are-listed = { $listed } von { $all } werden aufgeführt.
