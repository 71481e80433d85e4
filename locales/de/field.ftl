choose = Auswählen…
no-longer-offered-value = { $value } (nicht mehr verfügbar)
no-longer-offered = (nicht mehr verfügbar)
choose-from-calendar = { $field } im Kalender auswählen
choose-value-of = { $field } auswählen
time = Uhrzeit
no-file = Keine Datei
sending-the-file = Datei wird gesendet
sent-of = { $sent } von { $size }
choose-another-file = Andere Datei auswählen
choose-a-file = Datei auswählen oder hierher ziehen
not-put-in = „{ $file }“ wurde nicht übernommen: Inzwischen bearbeitet jemand anderes.
show-it-large = Groß anzeigen
show-file-large = { $file } groß anzeigen
save-a-copy-of = Kopie von { $file } speichern
save-a-copy = Kopie speichern
take-file-out-of = { $file } aus { $field } entfernen
too-large-to-show = Die Datei ist { $size } groß. Speichern Sie eine Kopie, um sie anzusehen.
the-month-before = Voriger Monat
the-next-month = Nächster Monat
not-there-any-more = (nicht mehr vorhanden)
remove-the-link-to = Verknüpfung mit { $title } entfernen
no-record-is-linked = Keine Verknüpfung
search-for-a-record-to-link = Datensatz zum Verknüpfen suchen
find-a-record-for = Datensatz für { $field } suchen
records = Datensätze
nothing-found = Nichts gefunden
create-titled = „{ $title }“ anlegen
bold = Fett
italic = Kursiv
heading = Überschrift
plain-paragraph = Normaler Absatz
list = Liste
numbered-list = Nummerierte Liste
quotation = Zitat
take-link-away = Link entfernen
no-formatting = Formatierung entfernen
formatting-of = Formatierung: { $label }
link-address-hint = https:// für einen Link
address-of-a-link = Adresse eines Links
link = Link
changed-by = geändert von { $name }
changed-by-at = geändert von { $name }, { $when }
read-only = Schreibgeschützt
needed = Pflichtfeld
only-the-beginning-is-here = Auf diesem Computer ist nur der Anfang. Der ganze Text ist da, sobald der Server erreichbar ist.
comment-on =
    „{ $field }“ kommentieren{ $threads ->
         [0] { "" }
         [one] : 1 offene Diskussion
        *[other] : { $threads } offene Diskussionen
    }
file-too-large = Die Datei ist zu groß: Höchstens { $size } sind möglich.
file-unreadable = Die Datei kann nicht gelesen werden.
changed = geändert
