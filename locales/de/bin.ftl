nothing-is-here = Hier ist nichts
what-appears-here = Hier erscheint jeder Datensatz, den jemand archiviert oder löscht, samt den ungespeicherten Änderungen darin.
archive-and-bin = Archiv und Papierkorb
select-everything = Alles auswählen
title = Titel
where-column = Ort
since = Seit
delete-for-ever = Endgültig löschen…
clear = Auswahl aufheben
place-archive = Archiv
place-bin = Papierkorb
how-long-it-stays =
    Archiviertes bleibt, bis es jemand zurückholt. Gelöschtes wird nach { $days ->
         [one] einem Tag
        *[other] { $days } Tagen
    } endgültig gelöscht.
