stay = Geöffnet lassen
cancel = Abbrechen
edit = Bearbeiten
delete = Löschen
save = Speichern
ask-to-delete-for-ever = { $what } endgültig löschen?
delete-for-ever = Endgültig löschen
nothing-can-be-brought-back = Nichts davon lässt sich zurückholen: Auch Werte, Versionen, Kommentare und ungespeicherte Änderungen werden gelöscht.
copy = Kopieren
copied = Kopiert
drag-or-arrow-keys = Ziehen oder die Pfeiltasten verwenden
move-by-arrow-keys = { $name } mit den Pfeiltasten verschieben
yes = Ja
no = Nein
close = Schließen
remove = Entfernen
you-in-brackets = (Sie)
restore = Wiederherstellen
quoted = „{ $title }“
show-more = Mehr anzeigen
undo = Rückgängig machen
add = Hinzufügen
done = Fertig
loading = Wird geladen
where-you-are = Navigationspfad
collections = Sammlungen
what-is-selected = Auswahl
selected = { $count } ausgewählt
select-titled = { $title } auswählen
untitled = Ohne Titel
records =
    { $records ->
         [one] 1 Datensatz
        *[other] { $records } Datensätze
    }
more-than-records = mehr als { $limit } Datensätze
