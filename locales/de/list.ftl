exporting = Exportieren
saved-as = Gespeichert unter { $path }
without = Ohne { $field }
too-many-options = „{ $field }“ hat zu viele Optionen für ein Board: { $cut } davon werden nicht angezeigt.
list-by = { $collection } nach { $field }
more-than-in-brackets = (mehr als { $limit })
select-all = Alle { $total } auswählen
set-fields = Felder setzen
archive = Archivieren
clear = Auswahl aufheben
field-is-gone = Dieses Feld ist nicht mehr vorhanden.
another-field = Weiteres Feld
field = Feld
do-not-set = { $field } nicht setzen
new-value = Neuer Wert
working = Ändern
skipped = { $records } übersprungen.
skipped-records = Übersprungene Datensätze
only-some-are-shown = Nur { $shown } werden angezeigt, vorhanden sind { $total }.
drag-onto-another-day = Auf einen anderen Tag ziehen oder Umschalt mit einer Pfeiltaste drücken
select-record = { $name } auswählen
open-in-a-form = Gerade in einem Formular geöffnet
typed-and-not-saved = Die Eingaben bleiben erhalten, sind aber nicht gespeichert
unsaved-changes-of = Ungespeicherte Änderungen von { $name }
not-read-yet = Sie haben noch nicht gelesen, was hier geschehen ist
unread = { $count } neu
change-field = { $field } ändern
no-such-field-any-more = Dieses Feld gibt es nicht mehr.
opening = Wird geöffnet…
not-saved-either = Auch „{ $field }“ von { $name } ist nicht gespeichert und würde mitgespeichert.
open-the-form = Formular öffnen
is-editing-this-record = { $name } bearbeitet diesen Datensatz. Sie sehen die Eingaben live.
cannot-be-changed-now = Dieser Datensatz kann gerade nicht geändert werden.
columns = Spalten
move-to-the-left = { $field } nach links verschieben
export-records = Export: { $records }
format = Format
all-columns = Alle Spalten, nicht nur die angezeigten
export = Exportieren
all-of-this-holds = Nur Datensätze anzeigen, auf die all dies zutrifft
or = oder
comparison = Vergleich
value = Wert
choose = Auswählen…
or-another = oder…
drop-filter-of = Filter für { $field } entfernen
by = Nach
select-all-rows = Alle geladenen Zeilen auswählen
title = Titel
filters = Filter
filters-of-count = Filter ({ $count })
search = Suchen
search-in-this-list = In dieser Liste suchen
views = Ansichten
not-in-the-list-any-more = „{ $title }“ ist nicht mehr in der Liste.
has-unsaved-changes = „{ $title }“ hat ungespeicherte Änderungen. Öffnen Sie den Datensatz, um sie zuerst zu speichern.
cannot-be-changed-from-here = „{ $title }“ kann von hier aus nicht geändert werden. Öffnen Sie den Datensatz.
is-editing-it-now = { $name } bearbeitet gerade „{ $title }“.
may-look-but-not-edit = Sie dürfen „{ $title }“ ansehen, aber nicht bearbeiten.
no-views-yet = Noch keine. Filtern und sortieren Sie die Liste und speichern Sie sie hier als Ansicht.
views-for-everybody = für alle
view-by = von { $name }
delete-view = Ansicht „{ $name }“ löschen
name-of-the-view = Name der Ansicht
for-everybody = Für alle
save-view = Ansicht speichern
import = Importieren
definition = Definition
as-remembered-from = Stand auf diesem Computer: { $when }
only-here-so-far = Bisher nur auf diesem Computer
none-yet = Noch nichts in „{ $collection }“
first-one-appears-here = Sobald jemand den ersten Datensatz speichert, erscheint er hier sofort für alle.
nothing-contains = Nichts enthält „{ $words }“.
nothing-contains-filtered = Nichts, worauf die Filter zutreffen, enthält „{ $words }“.
no-record-is-like-that = Kein Datensatz entspricht den Filtern.
search-instead-for = Stattdessen nach „{ $words }“ suchen
show-all = Alle anzeigen
set-in-records =
    In { $records ->
         [one] 1 Datensatz
        *[other] { $records } Datensätzen
    } setzen
records-changed =
    { $records ->
         [one] 1 Datensatz geändert.
        *[other] { $records } Datensätze geändert.
    }
is-editing =
    { $name } bearbeitet{ $others ->
         [0] { "" }
         [one] , 1 wartet
        *[other] , { $others } warten
    }
ask-to-undo =
    Änderung bei { $records ->
         [one] 1 Datensatz
        *[other] { $records } Datensätzen
    } rückgängig machen?
