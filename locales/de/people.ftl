what-group-may-do-with = Was { $group } mit { $collection } tun darf
all-fields = Alle Felder
limits-of = { $collection }: { $limits }
limit-of = { $collection }: { $field }
only-groups-and-admins = Nur die folgenden Gruppen und Administratoren.
by-role = Je nach Rolle: Bearbeiter bearbeiten die Sammlung, Betrachter sehen sie, Administratoren definieren sie.
who-may-see-and-edit = Wer sie sehen und bearbeiten darf
change-at-the-groups = Bei den Gruppen ändern
choose-a-person = Person hinzufügen…
add-a-person = Person hinzufügen
nobody-in-this-group = In dieser Gruppe ist noch niemand.
remove-person = { $name } entfernen
name = Name
fields-limited =
    { $count ->
         [one] 1 Feld eingeschränkt
        *[other] { $count } Felder eingeschränkt
    }
e-mail = E-Mail
role = Rolle
none = Keine
group = Gruppe
name-and-address-of = Name und Adresse von { $name }
everybody-reads-the-name = Alle sehen ihn sofort, wo immer diese Person genannt wird.
address = Adresse
signs-in-with-the-address = Ab jetzt meldet sich die Person damit an; bestehende Anmeldungen bleiben bestehen.
reads-it-in-every-window = { $name } sieht die Nachricht in jedem geöffneten Fenster.
message-to = Nachricht an { $name }
message = Nachricht
sees-it-at-once = { $name } sieht die Nachricht sofort. Sie wird nicht aufbewahrt; das Prüfprotokoll vermerkt, dass Sie geschrieben haben.
send = Senden
let-in = Zugang für { $name }
send-this-link = Senden Sie diesen Link an { $name }. Er öffnet Baton auf dem Computer dieser Person, und sie wählt ein eigenes Passwort.
or-with-this-password = Oder die Person meldet sich als { $email } mit diesem Passwort an:
shown-only-now = Beides wird nur jetzt angezeigt und gilt, bis ein eigenes Passwort gewählt wurde. Geben Sie es so weiter, dass niemand sonst es liest.
role-of = Rolle von { $name }
state = Status
with-a-second-factor = mit zweitem Faktor
sign-ins = Anmeldungen
new-password = Neues Passwort
remove-second-factor = Zweiten Faktor entfernen
deactivate = Deaktivieren
reactivate = Reaktivieren
forget-name = Namen löschen
sign-ins-of = Anmeldungen von { $name }
ask-for-new-password = Neues Passwort für { $name }?
what-a-new-password-does = { $name } wird überall abgemeldet, und das bisherige Passwort wird ungültig.
ask-to-remove-second-factor = Zweiten Faktor von { $name } entfernen?
what-removing-a-factor-does = Für Personen, die ihre Authenticator-App und ihre Wiederherstellungscodes verloren haben. Danach genügt das Passwort, um sich als { $name } anzumelden, bis ein neuer zweiter Faktor eingerichtet ist. Vergewissern Sie sich, dass die Bitte wirklich von { $name } kommt.
ask-to-forget = Namen von { $name } löschen?
what-forgetting-does = Wo immer { $name } genannt wird, steht künftig „Ehemaliges Teammitglied“, und die Adresse wird gelöscht. Das Prüfprotokoll behält seine Einträge. Dies lässt sich nicht rückgängig machen, und das Konto wird nie wieder verwendet.
forget = Namen löschen
ask-to-deactivate = { $name } deaktivieren?
what-deactivating-does = { $name } wird sofort überall abgemeldet und kann sich nicht mehr anmelden. Was diese Person getan und was sie ungespeichert hinterlassen hat, bleibt erhalten. Sie können das Konto später reaktivieren.
signed-in-nowhere = Nirgends angemeldet.
unknown-computer = unbekannter Computer
this-one = diese hier
connected-now = jetzt verbunden
last-used = zuletzt verwendet: { $when }
sign-in-since = seit { $when } · { $now }
new-passwords-differ = Die beiden neuen Passwörter stimmen nicht überein.
new-password-again = Neues Passwort wiederholen
password-advice = Mindestens 10 Zeichen. Mehrere Wörter sind leicht zu merken und schwer zu erraten.
change-password = Passwort ändern
go-on = Weiter
scan-and-enter-the-code = Scannen Sie dies mit einer Authenticator-App und geben Sie den Code ein, den sie danach anzeigt.
qr-code-of-the-key = QR-Code des Schlüssels
or-type-the-key = Oder geben Sie den Schlüssel ein:
turn-on = Aktivieren
your-password = Ihr Passwort
code = Code
your-recovery-codes = Ihre Wiederherstellungscodes
keep-the-recovery-codes = Jeder davon gilt einmal anstelle eines Codes, etwa wenn Sie Ihr Telefon verloren haben. Sie werden nur jetzt angezeigt: Bewahren Sie sie bei Ihren wichtigen Unterlagen auf.
i-have-noted-them = Ich habe sie notiert
password-alone-again = Zur Anmeldung genügt wieder Ihr Passwort.
password-and-code = Zur Anmeldung mit Ihrem Passwort ist auch ein Code Ihrer Authenticator-App nötig.
why-a-second-factor = Mit einem zweiten Faktor genügt Ihr Passwort allein nicht, um sich in Ihrem Namen anzumelden.
set-up-another-one = Neu einrichten
set-up = Einrichten
ask-to-remove-own-factor = Ihren zweiten Faktor entfernen?
recovery-codes-end = Ihre Wiederherstellungscodes werden damit ungültig.
no-such-group = Diese Gruppe gibt es nicht mehr.
rename = Umbenennen
members = Mitglieder
what-they-may-do = Was sie dürfen
all-groups = Alle Gruppen
another-name = Gruppe umbenennen
ask-to-remove-group = Gruppe „{ $group }“ entfernen?
what-removing-a-group-does = Die Mitglieder behalten, was ihre Rolle und ihre anderen Gruppen erlauben. Was nur diese Gruppe erlaubt hat, endet sofort; nicht gespeicherter Text bleibt bei den Datensätzen.
no-groups-yet = Noch keine Gruppen
make-a-group = Legen Sie eine Gruppe an, nehmen Sie Personen auf und wählen Sie, was die Gruppe mit jeder Sammlung tun darf.
new-group = Neue Gruppe
how-groups-count = Es gilt das stärkste Recht aus der Rolle und den Gruppen einer Person. Eine Sammlung, die nur für Gruppen offen ist, ist für andere nicht vorhanden; Administratoren sehen alles.
make-the-group = Gruppe anlegen
what-groups-may-do = Was Gruppen mit Sammlungen tun dürfen
groups-and-collections = Gruppen und Sammlungen
collection = Sammlung
roles = Rollen
as-the-role-says = Gemäß Rolle
groups-only = Nur Gruppen
what-roles-give-of = Was Rollen erlauben: { $collection }
name-or-e-mail = Name oder E-Mail
search-people = Personen suchen
nobody-called-that = Niemand gefunden
look-for-a-part = Suchen Sie nach einem Teil des Namens oder der E-Mail-Adresse.
actions = Aktionen
count-of-groups =
    { $count ->
         [one] 1 Gruppe
        *[other] { $count } Gruppen
    }
count-of-people =
    { $count ->
         [one] 1 Person
        *[other] { $count } Personen
    }
count-of-accounts =
    { $count ->
         [one] 1 Konto
        *[other] { $count } Konten
    }
end-sign-in = Beenden
