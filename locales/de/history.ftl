from = Von
restore-version = Version { $version } wiederherstellen
version = Version { $version }
versions-are-the-same = Diese beiden Versionen sind gleich.
in-the-form = Im Formular
bring-back = Zurückholen
nothing = Nichts
to = bis
