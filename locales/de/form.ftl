you-asked-to-edit = Sie haben { $owner } um Bearbeitung gebeten.
yours-in-seconds = Wenn { $owner } nicht reagiert, können Sie das Formular in { $seconds } s bearbeiten.
somebody-asks-to-edit = { $name } bittet um Bearbeitung.
passes-on-in-seconds = Wenn Sie nichts tun, wird das Formular in { $seconds } s übergeben; die ungespeicherten Änderungen bleiben erhalten.
not-now = Jetzt nicht
hand-over = Übergeben
close-and-lose-text = Schließen und die letzten Eingaben verlieren?
close-anyway = Trotzdem schließen
close-without-saving = Schließen, ohne zu speichern?
close-keep-the-draft = Schließen, Änderungen behalten
told-of-every-save = Sie werden bei jeder Speicherung benachrichtigt
tell-me-of-every-save = Bei jeder Speicherung benachrichtigen
back-to-the-form = Zurück zum Formular
history = Verlauf
back-to-the-list = Zurück zur Liste
since = Seit { $when }
hide-details = Details ausblenden
show-details = Details anzeigen
you-are-editing-now = Sie bearbeiten jetzt.
editing-after = Sie bearbeiten jetzt und führen die ungespeicherten Änderungen von { $name } fort.
saved-version = Gespeichert, Version { $version }
linked-from = Verknüpft in
and-more =
    und { $more ->
         [1] 1 weiterer
        *[other] { $more } weitere
    }
created-once-server-is-reached = Der Datensatz kann angelegt werden, sobald der Server erreichbar ist.
create-and-link = Anlegen und verknüpfen
who-edited-when = Wer wann bearbeitet hat
nobody-edited-it = Dazu ist nichts verzeichnet.
archive = Archivieren
ask-to-delete = Sammlung „{ $collection }“ löschen?
delete-with-records = Mit allen Datensätzen löschen
ask-to-archive-record = Diesen Datensatz archivieren?
ask-to-delete-record = Diesen Datensatz löschen?
is-editing-now = { $name } bearbeitet gerade.
who-has-it-open = Wer dieses Formular geöffnet hat, der Reihe nach
roster-editing = bearbeitet
roster-number-in-line = Platz { $place } in der Warteschlange
roster-connection-broken = , Verbindung unterbrochen
about-this-form = Über dieses Formular
last-saves = Letzte Speicherungen
here-now = Jetzt hier
nobody-has-it-open = Niemand hat das Formular zum Bearbeiten geöffnet.
watching = Sieht zu
show-the-field = Feld anzeigen
connection-broken = Verbindung unterbrochen
has-it-open = Hat das Formular geöffnet
editing = Bearbeitet
next-in-line = Als Nächstes an der Reihe
number-in-line = Platz { $place } in der Warteschlange
show-what-it-changed = Änderungen dieser Speicherung anzeigen
all-saves = Alle { $saves } Speicherungen
names-and-more =
    { $names } und { $more ->
         [1] 1 weiteres
        *[other] { $more } weitere
    }
details = Details
version = Version
created = Angelegt
last-saved = Zuletzt gespeichert
slug = Kurzname
id = ID
copy-link = Link kopieren
who-edits = Wer bearbeitet
as-of = Stand: { $when }
unsaved-changes = Ungespeicherte Änderungen
any-letter-edits = Zum Bearbeiten einen beliebigen Buchstaben drücken
opening = Wird geöffnet
you-see-what-is-remembered = Bis der Server antwortet, sehen Sie den Stand auf diesem Computer.
not-saved = Nicht gespeichert
following = Sie folgen
scrolls-until-you-scroll = Scrollt zu dem Feld, in das gerade eingegeben wird, bis Sie selbst scrollen
follow = Folgen
scroll-to-what-is-typed = Zu dem Feld scrollen, in das gerade eingegeben wird
discard = Verwerfen
bring-back-discarded-changes = Verworfene Änderungen zurückholen
edit-in-this-window = In diesem Fenster bearbeiten
ask-to-edit = Um Bearbeitung bitten
take-over = Übernehmen
ask-to-take-over = Dieses Formular von { $name } übernehmen?
what-a-take-over-does = Was { $name } eingegeben hat, bleibt als ungespeicherte Änderung erhalten und geht an Sie über. { $name } sieht Ihre Begründung, und sie wird im Prüfprotokoll festgehalten.
reason = Begründung
what-deletes-a-collection =
    { $records ->
         [0] Die Sammlung enthält keine Datensätze
         [one] Auch 1 Datensatz darin wird gelöscht
        *[other] Auch { $records } Datensätze darin werden gelöscht
    }{ $unsaved ->
         [yes] . Ungespeicherte Änderungen bleiben dabei erhalten. Ein Administrator kann alles auf der Seite „Alle Sammlungen“ wiederherstellen.
        *[no] . Ein Administrator kann alles auf der Seite „Alle Sammlungen“ wiederherstellen.
    }
goes-to-the-archive =
    { $unsaved ->
         [yes] Der Datensatz kommt ins Archiv, und die ungespeicherten Änderungen darin bleiben erhalten. Wer bearbeiten darf, kann ihn dort wiederherstellen.
        *[no] Der Datensatz kommt ins Archiv. Wer bearbeiten darf, kann ihn dort wiederherstellen.
    }
goes-to-the-bin =
    { $unsaved ->
         [yes] Der Datensatz kommt in den Papierkorb, und die ungespeicherten Änderungen darin bleiben erhalten. Wer bearbeiten darf, kann ihn dort wiederherstellen.
        *[no] Der Datensatz kommt in den Papierkorb. Wer bearbeiten darf, kann ihn dort wiederherstellen.
    }
changed-fields-on = { $name } hat { $fields } geändert ({ $when }).
fields-need-attention =
    { $count ->
         [one] Nicht gespeichert. 1 Feld muss geprüft werden:
        *[other] Nicht gespeichert. { $count } Felder müssen geprüft werden:
    }
the-list = Die Liste
publish = Veröffentlichen
previous-in-the-list = Voriger Datensatz in der Liste
next-in-the-list = Nächster Datensatz in der Liste
copy-of-title = { $title } (Kopie)
duplicate = Duplizieren
definition-changed = Die Definition dieses Formulars wurde geändert.
you-were-away = Sie waren eine Weile abwesend, deshalb ging das Formular mit den ungespeicherten Änderungen an { $name } über.
you-handed-over = Sie haben dieses Formular an { $name } übergeben.
handed-over = { $from } hat dieses Formular an { $to } übergeben.
typing = Eingabe läuft…
will-be-saved = Wird gespeichert, sobald der Server wieder erreichbar ist
not-saved-kept-here = Nicht gespeichert, bleibt auf diesem Computer
kept-here-sending = Bleibt auf diesem Computer, wird gesendet…
sending = Wird gesendet…
as-last-seen = Zuletzt bekannter Stand
asking-the-server = Server wird abgefragt…
not-saved-kept-on-server = Nicht gespeichert, bleibt auf dem Server
nothing-typed-yet = Noch nichts eingegeben
somebody-saved =
    { $you ->
         [yes] Sie haben
        *[no] { $name } hat
    } Version { $version } gespeichert.
somebody-discarded =
    { $you ->
         [yes] Sie haben
        *[no] { $name } hat
    } die ungespeicherten Änderungen verworfen.
somebody-brought-back =
    { $you ->
         [yes] Sie haben
        *[no] { $name } hat
    } die verworfenen Änderungen zurückgeholt.
the-owner = Die bearbeitende Person
goes-on-editing = { $name } möchte vorerst weiter bearbeiten.
somebody-archived =
    { $you ->
         [yes] Sie haben
        *[no] { $name } hat
    } diesen Datensatz archiviert.
somebody-deleted =
    { $you ->
         [yes] Sie haben
        *[no] { $name } hat
    } diesen Datensatz gelöscht.
somebody-restored =
    { $you ->
         [yes] Sie haben
        *[no] { $name } hat
    } diesen Datensatz wiederhergestellt.
taken-from-you = { $name } hat dieses Formular übernommen. Was Sie eingegeben haben, bleibt als ungespeicherte Änderung erhalten.
taken-from-you-because = { $name } hat dieses Formular übernommen: „{ $reason }“ Was Sie eingegeben haben, bleibt als ungespeicherte Änderung erhalten.
taken-over-because = { $name } hat dieses Formular von { $from } übernommen: „{ $reason }“
taken-over = { $name } hat dieses Formular von { $from } übernommen.
make-it-a-favourite = Zum Favoriten machen
no-favourite-any-more = Ist ein Favorit: entfernen
