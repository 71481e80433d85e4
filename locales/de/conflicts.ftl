your-own-text-is-kept = Ihr eigener Text bleibt erhalten
look-at-it = Ansehen
compare-and-decide = Vergleichen und entscheiden
fields-wait-for-you =
    { $fields ->
         [one] 1 Feld wartet auf Ihre Entscheidung
        *[other] { $fields } Felder warten auf Ihre Entscheidung
    }
by-not-saved-yet = { $name }, noch nicht gespeichert
your-text-and-the-forms = Ihr Text und der Text des Formulars
nothing-is-lost = Nichts geht verloren, bis Sie sich entscheiden. Sie können diese Seite verlassen und später zurückkehren, auch nach einem Neustart.
take-theirs = Andere Fassung übernehmen
drop-mine = Meine Fassung verwerfen
before = Vorher
mine = Meine Fassung
theirs = Andere Fassung
take-mine = Meine Fassung übernehmen
keep-both = Beide behalten
do-not-edit = Nicht bearbeiten
no-such-field-any-more = Dieses Feld gibt es im Formular nicht mehr. Kopieren Sie, was Sie brauchen.
as-soon-as-you-edit = Sie können Ihren Text übernehmen, sobald Sie dieses Formular bearbeiten. Kopieren Sie bis dahin, was Sie brauchen.
empty = Leer
text = Text
use-this-text = Diesen Text verwenden
decided = Sie haben über { $field } entschieden.
