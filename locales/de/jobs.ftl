getting-ready = Wird vorbereitet…
done-of = { $done } von { $total }
why = Grund
row = Zeile
title = Titel
field = Feld
restoring = Wiederherstellen
deleting = Löschen
undoing = Rückgängig machen
restored =
    { $records ->
         [one] 1 Datensatz wurde wiederhergestellt.
        *[other] { $records } Datensätze wurden wiederhergestellt.
    }
deleted =
    { $records ->
         [one] 1 Datensatz wurde endgültig gelöscht.
        *[other] { $records } Datensätze wurden endgültig gelöscht.
    }
undone =
    { $records ->
         [one] Bei 1 Datensatz wurde die Änderung rückgängig gemacht.
        *[other] Bei { $records } Datensätzen wurde die Änderung rückgängig gemacht.
    }
not-restored = Nicht wiederhergestellt
not-deleted = Nicht gelöscht
not-undone = Nicht rückgängig gemacht
more-reasons =
    { $reasons ->
         [one] Und 1 weiterer Grund.
        *[other] Und { $reasons } weitere Gründe.
    }
