no-kind-of-act = “{ $word }” is no kind of act.
password-was-given = This password was given to you. Choose one of your own with “baton password”.
set-up-a-factor-first = This server asks for a second factor. Set it up in the desktop first.
no-such-collection = There is no collection “{ $name }”.
is-editing-the-definition = { $name } is editing the definition at this moment.
only-whoever-manages-an = Only whoever manages a collection defines it.
records-left-out = { $count } left out.
nobody-has-the-address = Nobody has the address { $address }.
