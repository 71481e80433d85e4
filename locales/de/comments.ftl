comments = Kommentare
hide-resolved = Erledigte ausblenden
show-resolved =
    { $open ->
         [one] 1 erledigten anzeigen
        *[other] { $open } erledigte anzeigen
    }
about = Zu „{ $label }“
write-a-comment = Kommentar schreiben. Mit @ erwähnen Sie jemanden.
comment = Kommentieren
when-the-server-is-back = Sobald der Server wieder erreichbar ist
was-changed = , geändert
change-the-comment = Kommentar ändern
resolved-by = Erledigt von { $name }, { $when }
answer = Antworten
resolve = Als erledigt markieren
open-again = Wieder öffnen
open = { $count } offen
not-sent-yet = Noch nicht gesendete Kommentare
not-taken = Nicht angenommen: { $why }
being-sent = Wird gesendet
sent-when-the-server-is-back = Wartet auf diesem Computer; wird gesendet, sobald der Server zurück ist
discard = Verwerfen
