last-saved-by-you = Last saved by you
nothing-for-you-yet = Nothing is here for you yet
administrators-define-collections = Administrators define collections, and choose who sees them. What is for you appears here at once.
nothing-is-defined-yet = Nothing is defined yet
define-what-this-server-keeps = Define what this server keeps: products, people, checks.
what-the-server-keeps = Everything this server keeps. Open one to see and edit its records.
deleted = Deleted
definition-is-open = The definition is open at this moment
is-editing-the-definition = { $name } is editing the definition
definition-typed-not-saved = What was typed into the definition is kept and not saved
definition-unsaved-changes-of = Definition: unsaved changes of { $name }
collection-and-records =
    { $collection } and { $records ->
         [one] 1 record
        *[other] { $records } records
    }
records-deleted-by =
    { $records ->
         [one] 1 record
        *[other] { $records } records
    }, by { $name }, { $when }
favourites = Favourites
