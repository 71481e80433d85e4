unnamed-field = Unbenanntes Feld
required-to-publish = Zum Veröffentlichen erforderlich
remove = { $named } entfernen
choose = Auswählen…
links-to = Verknüpft mit
fields = Felder
every-record-also-has = Jeder Datensatz hat außerdem einen Titel, einen Status und einen Kurznamen.
no-fields-yet = Noch keine Felder. Fügen Sie hinzu, was ein Datensatz dieser Sammlung enthalten soll.
add-a-field = Feld hinzufügen
types-of-field = Feldtypen
the-collection = Die Sammlung
icon = Symbol
choose-an-icon = Symbol auswählen
search = Suchen
search-for-an-icon = Symbol suchen
icons = Symbole
when-you-save-this = Wenn Sie dies speichern
stays-in-history = Was ein Datensatz enthielt, bleibt in seinem Verlauf und lässt sich von dort zurückholen.
for-example = zum Beispiel
choices = Optionen
add-a-choice = Option hinzufügen
removed-choices = Entfernt, im Verlauf aber noch vorhanden:
bring-back = { $option } zurückholen
bring-it-back = Zurückholen
colour-of = Farbe: { $named }
this-choice = diese Option
choice-number = Option { $number }
preview = Vorschau
a-new-record = Neuer Eintrag: { $label }
is-removed =
    „{ $field }“ wird entfernt{ $records ->
         [0] . Kein Datensatz enthält darin einen Wert.
         [one] : 1 Datensatz enthält darin einen Wert.
        *[other] : { $records } Datensätze enthalten darin einen Wert.
    }
is-converted =
    „{ $field }“ wird umgewandelt: { $records ->
         [one] Der Wert von 1 Datensatz bleibt erhalten.
        *[other] Alle Werte von { $records } Datensätzen bleiben erhalten.
    }
loses-values =
    „{ $field }“: Bei { $lost } von { $records ->
         [one] 1 Datensatz
        *[other] { $records } Datensätzen
    } geht der Wert verloren,
