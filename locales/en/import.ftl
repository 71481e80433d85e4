collection-is-gone = This collection is not there any more.
what-an-import-takes = A table as CSV, XLSX or JSON. Its first row names the columns. Nothing is made before you have seen what would come of it.
step-file = 1. The file
choose-another-file = Choose another file
choose-a-file = Choose a file
the-file = The file
sending = Sending: { $there } of { $size } kB
no-readable-table = “{ $name }” is no table that can be read. Take a file that ends in .csv, .xlsx or .json.
sheet = Sheet
one-of-the-sheets = One of { $sheets }; the others are not imported.
not-imported = Not imported
columns = Columns
column = Column
first-values = First values
field = Field
field-for = Field for { $column }
rows = Rows
each-row-makes-a-record = Each row makes a record
all-or-nothing = All or nothing: one bad row keeps all others out
row-changes-the-record = A row changes the record that has the same
key-field = The field by which records are found
how-a-key-works = Rows that find no record make one; case does not matter. Empty cells change nothing. What somebody edits is skipped.
importing = Importing
looking-at-every-row = Looking at every row
rows-to-be-skipped = Rows that would be skipped
notes = Notes
step-result = 3. What comes of it
was-cancelled = It was cancelled.
skipped-rows = Skipped rows
save-skipped-rows = Save the skipped rows as a table
go-to = Go to the { $collection }
rows-would-be-skipped =
    { $rows ->
         [one] 1 row would be skipped.
        *[other] { $rows } rows would be skipped.
    }
import-records =
    Import { $records ->
         [one] 1 record
        *[other] { $records } records
    }
rows-were-skipped =
    { $rows ->
         [one] 1 row was skipped.
        *[other] { $rows } rows were skipped.
    }
would-be-made =
    { $made ->
         [one] 1 record
        *[other] { $made } records
    } would be made.
would-be-changed =
    { $changed ->
         [one] 1 record
        *[other] { $changed } records
    } would be changed.
would-be-changed-and-made =
    { $changed ->
         [one] 1 record
        *[other] { $changed } records
    } would be changed, { $made ->
         [one] 1 record
        *[other] { $made } records
    } made.
match-already =
    { $records ->
         [one] 1 record matches already.
        *[other] { $records } records match already.
    }
were-made =
    { $made ->
         [one] 1 record was made.
        *[other] { $made } records were made.
    }
were-changed =
    { $changed ->
         [one] 1 record was changed.
        *[other] { $changed } records were changed.
    }
were-changed-and-made =
    { $changed ->
         [one] 1 record was changed
        *[other] { $changed } records were changed
    }, { $made ->
         [one] 1 record was made.
        *[other] { $made } records were made.
    }
step-columns =
    2. The columns of { $file } ({ $rows ->
         [one] 1 row
        *[other] { $rows } rows
    })
