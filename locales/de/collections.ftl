last-saved-by-you = Zuletzt von Ihnen gespeichert
nothing-for-you-yet = Hier gibt es noch nichts für Sie
administrators-define-collections = Administratoren definieren Sammlungen und bestimmen, wer sie sieht. Was für Sie bestimmt ist, erscheint hier sofort.
nothing-is-defined-yet = Noch keine Sammlungen
define-what-this-server-keeps = Legen Sie fest, was dieser Server aufbewahren soll: Produkte, Personen, Prüfungen.
what-the-server-keeps = Alles, was dieser Server aufbewahrt. Öffnen Sie eine Sammlung, um ihre Datensätze zu sehen und zu bearbeiten.
deleted = Gelöscht
definition-is-open = Die Definition ist gerade geöffnet
is-editing-the-definition = { $name } bearbeitet die Definition
definition-typed-not-saved = Die Eingaben in der Definition bleiben erhalten, sind aber nicht gespeichert
definition-unsaved-changes-of = Definition: ungespeicherte Änderungen von { $name }
collection-and-records =
    „{ $collection }“ mit { $records ->
         [one] 1 Datensatz
        *[other] { $records } Datensätzen
    }
records-deleted-by =
    { $records ->
         [one] 1 Datensatz
        *[other] { $records } Datensätze
    }, gelöscht von { $name }, { $when }
favourites = Favoriten
