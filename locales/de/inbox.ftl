notifications = Benachrichtigungen
notifications-unread = Benachrichtigungen, { $unread } ungelesen
nothing-yet = Noch nichts. Hier erfahren Sie von Erwähnungen, Antworten, Bitten um Bearbeitung und Datensätzen, denen Sie folgen.
mark-all-as-read = Alle als gelesen markieren
tell-me-when = Benachrichtigen, wenn
