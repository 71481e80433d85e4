collection-is-gone = Diese Sammlung ist nicht mehr vorhanden.
what-an-import-takes = Eine Tabelle als CSV, XLSX oder JSON. Die erste Zeile benennt die Spalten. Es wird nichts angelegt, bevor Sie gesehen haben, was dabei herauskommt.
step-file = 1. Datei
choose-another-file = Andere Datei auswählen
choose-a-file = Datei auswählen
the-file = Die Datei
sending = Wird gesendet: { $there } von { $size } kB
no-readable-table = „{ $name }“ ist keine lesbare Tabelle. Wählen Sie eine Datei mit der Endung .csv, .xlsx oder .json.
sheet = Tabellenblatt
one-of-the-sheets = Eines von { $sheets }; die anderen werden nicht importiert.
not-imported = Nicht importieren
columns = Spalten
column = Spalte
first-values = Erste Werte
field = Feld
field-for = Feld für { $column }
rows = Zeilen
each-row-makes-a-record = Jede Zeile ergibt einen Datensatz
all-or-nothing = Alles oder nichts: Eine fehlerhafte Zeile verhindert den gesamten Import
row-changes-the-record = Eine Zeile ändert den Datensatz mit gleichem Wert im Feld
key-field = Das Feld, an dem Datensätze erkannt werden
how-a-key-works = Zeilen ohne passenden Datensatz legen einen neuen an; Groß- und Kleinschreibung spielt keine Rolle. Leere Zellen ändern nichts. Was gerade jemand bearbeitet, wird übersprungen.
importing = Importieren
looking-at-every-row = Zeilen prüfen
rows-to-be-skipped = Zeilen, die übersprungen würden
notes = Hinweise
step-result = 3. Ergebnis
was-cancelled = Der Import wurde abgebrochen.
skipped-rows = Übersprungene Zeilen
save-skipped-rows = Übersprungene Zeilen als Tabelle speichern
go-to = Zu „{ $collection }“
rows-would-be-skipped =
    { $rows ->
         [one] 1 Zeile würde übersprungen.
        *[other] { $rows } Zeilen würden übersprungen.
    }
import-records =
    { $records ->
         [one] 1 Datensatz importieren
        *[other] { $records } Datensätze importieren
    }
rows-were-skipped =
    { $rows ->
         [one] 1 Zeile wurde übersprungen.
        *[other] { $rows } Zeilen wurden übersprungen.
    }
would-be-made =
    { $made ->
         [one] 1 Datensatz würde angelegt.
        *[other] { $made } Datensätze würden angelegt.
    }
would-be-changed =
    { $changed ->
         [one] 1 Datensatz würde geändert.
        *[other] { $changed } Datensätze würden geändert.
    }
would-be-changed-and-made =
    { $changed ->
         [one] 1 Datensatz würde geändert
        *[other] { $changed } Datensätze würden geändert
    }, { $made ->
         [one] 1 Datensatz würde angelegt.
        *[other] { $made } Datensätze würden angelegt.
    }
match-already =
    { $records ->
         [one] 1 Datensatz stimmt bereits überein.
        *[other] { $records } Datensätze stimmen bereits überein.
    }
were-made =
    { $made ->
         [one] 1 Datensatz wurde angelegt.
        *[other] { $made } Datensätze wurden angelegt.
    }
were-changed =
    { $changed ->
         [one] 1 Datensatz wurde geändert.
        *[other] { $changed } Datensätze wurden geändert.
    }
were-changed-and-made =
    { $changed ->
         [one] 1 Datensatz wurde geändert
        *[other] { $changed } Datensätze wurden geändert
    }, { $made ->
         [one] 1 Datensatz wurde angelegt.
        *[other] { $made } Datensätze wurden angelegt.
    }
step-columns =
    2. Spalten in { $file } ({ $rows ->
         [one] 1 Zeile
        *[other] { $rows } Zeilen
    })
