no-kind-of-act = Eine Handlung der Art „{ $word }“ gibt es nicht.
password-was-given = Dieses Passwort wurde Ihnen vorgegeben. Wählen Sie mit „baton password“ ein eigenes.
set-up-a-factor-first = Dieser Server verlangt einen zweiten Faktor. Richten Sie ihn zuerst in der Desktop-Anwendung ein.
no-such-collection = Eine Sammlung „{ $name }“ gibt es nicht.
is-editing-the-definition = { $name } bearbeitet gerade die Definition.
only-whoever-manages-an = Nur wer eine Sammlung verwaltet, kann sie definieren.
records-left-out = { $count } ausgelassen.
nobody-has-the-address = Niemand hat die Adresse { $address }.
