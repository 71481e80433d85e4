show-baton = Baton anzeigen
hide-baton = Baton ausblenden
quit = Beenden
asks-for-untitled = { $name } bittet um einen Datensatz, den Sie bearbeiten
asks-for = { $name } bittet um „{ $title }“
not-connected = Nicht verbunden
no-server-yet = Noch kein Server
person-says = { $name } schreibt
sign-ins-paused = Anmeldungen mit { $email } sind vorübergehend gesperrt
mentioned-you-at = { $name } hat Sie bei „{ $title }“ erwähnt
answered-you-at = { $name } hat Ihnen bei „{ $title }“ geantwortet
saved = { $name } hat „{ $title }“ gespeichert
asked-to-edit = { $name } bittet darum, „{ $title }“ zu bearbeiten
you-edit-now-after = Sie bearbeiten jetzt „{ $title }“, nach { $name }
handed-to-you = { $name } hat Ihnen „{ $title }“ übergeben
took-over = { $name } hat „{ $title }“ übernommen
import-is-over = Ihr Import in { $title } ist abgeschlossen
open = Öffnen
a-new-record = einen neuen Datensatz
asks-to-edit = { $name } bittet darum, { $title } zu bearbeiten
open-it-to-hand-it-over = Sie bearbeiten gerade. Öffnen Sie den Datensatz, um ihn zu übergeben oder weiter zu bearbeiten.
you-are-editing-now = Sie bearbeiten jetzt { $title }
it-is-your-turn = Sie sind an der Reihe.
quit-baton = Baton beenden
menu-file = Datei
menu-view = Ansicht
larger = Vergrößern
smaller = Verkleinern
actual-size = Originalgröße
menu-help = Hilfe
server-you-gave = Der von Ihnen angegebene
server-preset = { $address }, sofern Sie keinen anderen angegeben haben
server-locked = { $address } und kein anderer
while-signed-in = Solange Sie angemeldet sind
updates-installed = Werden heruntergeladen und auf Ihren Wunsch installiert
updates-told = Sie werden darüber informiert
updates-off = Aus
is-set = Festgelegt
is-not-set = Keiner
setting-server = Server
setting-plain = Andere Rechner ohne Verschlüsselung
setting-remember = Anmeldung wird gespeichert
setting-cache = Angesehenes wird gespeichert
setting-updates = Updates
setting-channel = Update-Kanal
setting-key = Schlüssel für Updates
setting-log-level = Log-Stufe
debian-package = Debian-Paket
rpm-package = RPM-Paket
windows-setup = Windows-Setup
windows-installer-package = Windows-Installer-Paket
macos-application = macOS-Programm
built-from-its-sources = Aus dem Quellcode gebaut
file-is-gone = Die Datei ist nicht mehr vorhanden.
file-not-kept = Die Datei konnte nicht auf diesem Computer gespeichert werden: { $error }.
no-address-of-a-page = Dies ist weder die Adresse einer Seite noch die eines Postfachs.
opens-no-links = Dieses System öffnet keine Links. Kopieren Sie stattdessen die Adresse.
no-server-for-updates = Es gibt noch keinen Server.
did-not-start = Sie ist auf diesem Computer nicht gestartet, deshalb ist die vorige Version wieder da.
update-is-ready = Baton { $version } ist bereit
installed-when-you-quit = Die Installation erfolgt, wenn Sie Baton beenden.
no-update-to-install = Es gibt kein Update zu installieren.
ask-your-administrator = Bitten Sie Ihren Administrator, sie zu installieren.
administrator-turned-off = Ihr Administrator hat Updates ausgeschaltet.
updated-at-its-sources = Dieses Programm wurde aus dem Quellcode gebaut und wird dort aktualisiert.
no-release-key = Dieses Programm kennt keinen Schlüssel, mit dem Updates signiert sind.
server-does-not-answer = Der Server antwortet nicht. Ihre letzten Eingaben sind dort vielleicht noch nicht angekommen.
cannot-print = Dieser Computer kann von hier aus nicht drucken.
sign-in-cancelled = Die Anmeldung wurde abgebrochen.
nobody-came-back = Vom Browser kam keine Rückmeldung. Beginnen Sie von vorn.
no-browser-here = Auf diesem Computer kann Baton keine Rückmeldung vom Browser erhalten. Melden Sie sich mit Ihrem Passwort an.
system-sees-to-it = Darum kümmert sich die Installation des Systems.
could-not-be-set = Die Einstellung konnte nicht geändert werden: { $error }.
no-window-opened = Es konnte kein Fenster geöffnet werden.
page-too-slow = Die Seite war zu langsam und muss neu beginnen.
window-is-closing = Das Fenster wird geschlossen.
records-wait =
    { $records ->
         [one] 1 Datensatz wartet auf den Server
        *[other] { $records } Datensätze warten auf den Server
    }
ten-failed =
    Zehn Versuche hintereinander sind fehlgeschlagen. Anmeldungen sind in { $minutes ->
         [one] einer Minute
        *[other] { $minutes } Minuten
    } wieder möglich.
keeps-days =
    { $days ->
         [one] 1 Tag
        *[other] { $days } Tage
    }
go-back = Zurück zu Baton
goes-on = Baton macht von selbst weiter. Sie können diese Seite schließen.
start-again = Schließen Sie dieses Fenster, sobald das Problem behoben ist, und starten Sie Baton erneut. Was Sie zuvor eingegeben haben, geht dabei nicht verloren.
menu-edit = Bearbeiten
