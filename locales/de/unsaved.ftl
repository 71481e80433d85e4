nobody-left-anything = Keine ungespeicherten Änderungen
what-appears-here = Hier erscheint, was jemand eingibt und nicht speichert, und von wem es stammt.
typed-and-not-saved = Änderungen, die eingegeben, aber nicht gespeichert wurden.
everybodys-unsaved-work = Ungespeicherte Änderungen aller Personen
new-definition = Neue Definition
definition = Definition
new-record = Neuer Datensatz
record = Datensatz
title = Titel
collection = Sammlung
kind = Art
whose = Von wem
last-change = Letzte Änderung
typed-and-removed-after =
    Änderungen, die eingegeben, aber nicht gespeichert wurden. Ein nie gespeicherter Datensatz wird { $days ->
         [one] einen Tag
        *[other] { $days } Tage
    } nach seiner letzten Änderung entfernt.
