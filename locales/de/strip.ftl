as-it-was = Sie sehen den letzten Stand.
unsaved-is-kept = Die ungespeicherten Änderungen bleiben erhalten: Stellen Sie es wieder her oder kopieren Sie, was Sie brauchen.
restore-to-edit = Stellen Sie es wieder her, um es zu bearbeiten.
nobody-is-editing = Niemand bearbeitet
as-it-was-left = Sie sehen das Formular im letzten Stand.
you-are-editing = Sie bearbeiten
you-are-editing-elsewhere = Sie bearbeiten in einem anderen Fenster
your-typing-read-only = Sie sehen Ihre Eingaben hier schreibgeschützt.
place-is-kept-for = Verbindung unterbrochen; der Platz bleibt noch { $seconds } s reserviert.
you-see-their-typing = Sie sehen die Eingaben live.
you-watch-only = Sie sehen nur zu.
you-are-next = Sie sind als Nächstes an der Reihe.
you-are-number = Platz { $place } in der Warteschlange.
somebody-is-editing = { $name } bearbeitet
kept-until-reached = Ihre Eingaben bleiben auf diesem Computer und werden gesendet, sobald der Server erreichbar ist.
go-on-typing = Arbeiten Sie weiter: Ihre Eingaben bleiben auf diesem Computer. Andere sehen sie, sobald der Server wieder erreichbar ist.
as-when-it-broke = Sie sehen das Formular im Stand vor der Unterbrechung.
as-remembered = Sie sehen das Formular im Stand auf diesem Computer.
you-are-offline = Sie sind offline
set-by-administrator = Ihr Administrator, in { $place }
set-by-start = Aufruf von Baton
set-by-you = Sie
set-by-default = Standard
check-works = Funktioniert
check-fails = Fehlgeschlagen
check-skipped = Nicht geprüft
one-watches = { $name } sieht zu.
two-watch = { $name } und { $other } sehen zu.
many-watch = { $name } und { $others } weitere sehen zu.
nobody-else-is-here = Sonst ist niemand hier.
next-sees-your-typing = { $name } sieht Ihre Eingaben und ist als Nächstes an der Reihe.
next-and-others-see =
    { $name } ist als Nächstes an der Reihe; { $others ->
         [one] 1 weitere Person sieht
        *[other] { $others } weitere Personen sehen
    } Ihre Eingaben ebenfalls.
somebody-archived-this = { $name } hat dies archiviert
somebody-deleted-this = { $name } hat dies gelöscht
one-left-unsaved = { $name } hat hier ungespeicherte Änderungen hinterlassen.
two-left-unsaved = { $name } und { $other } haben hier ungespeicherte Änderungen hinterlassen.
many-left-unsaved = { $name } und { $others } weitere haben hier ungespeicherte Änderungen hinterlassen.
