unnamed-field = Unnamed field
required-to-publish = Required to publish
remove = Remove { $named }
choose = Choose…
links-to = Links to
fields = Fields
every-record-also-has = Every record also has a title, a status and a slug.
no-fields-yet = No fields yet. Add what a record of this kind has.
add-a-field = Add a field
types-of-field = Types of field
the-collection = The collection
icon = Icon
choose-an-icon = Choose an icon
search = Search
search-for-an-icon = Search for an icon
icons = Icons
when-you-save-this = When you save this
stays-in-history = What a record had stays in its history, and can be brought back from there.
for-example = for example
choices = Choices
add-a-choice = Add a choice
removed-choices = Removed; histories still have them:
bring-back = Bring back { $option }
bring-it-back = Bring it back
colour-of = Colour of { $named }
this-choice = this choice
choice-number = Choice { $number }
preview = Preview
a-new-record = A new { $label }
is-removed =
    “{ $field }” is removed{ $records ->
         [0] . No record holds a value in it.
         [one] : 1 record holds a value in it.
        *[other] : { $records } records hold a value in it.
    }
is-converted =
    “{ $field }” is converted: all values of { $records ->
         [one] 1 record
        *[other] { $records } records
    } can be kept.
loses-values =
    “{ $field }”: of { $records ->
         [one] 1 record
        *[other] { $records } records
    }, { $lost } cannot keep the value,
