//! A table that is imported: its file, which column is which field, and what its rows do.

use baton_protocol::entity::Entity;
use baton_protocol::field::Field;
use baton_protocol::id::UploadId;
use baton_protocol::job::{Format, Import, Job};
use baton_protocol::message::Problem;

use crate::plain::plain;

/// How far the file is.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) enum TableFile {
    /// None was chosen.
    #[default]
    None,
    /// On its way to the server: how much of it is there, and of how much, in bytes.
    Sending { there: u64, size: u64 },
    /// The server has it.
    Sent(SentFile),
    /// It could not be sent.
    Failed(Problem),
}

/// A file that the server has.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct SentFile {
    pub(crate) name: String,
    pub(crate) upload: UploadId,
    pub(crate) format: Format,
    /// Which of its sheets, where it has any and one was chosen.
    pub(crate) sheet: Option<String>,
}

/// What changes it.
pub(crate) enum TableFileAction {
    /// A file was chosen; what became of an earlier one is forgotten.
    Chosen,
    /// Some of it arrived.
    Progress { there: u64, size: u64 },
    /// It is there, or not; `None` if nothing is to come of it any more.
    Ended(Result<Option<SentFile>, Problem>),
    /// Another of its sheets.
    Sheet(String),
}

impl TableFile {
    /// The file, once the server has it.
    pub(crate) fn sent(&self) -> Option<&SentFile> {
        match self {
            Self::Sent(file) => Some(file),
            Self::None | Self::Sending { .. } | Self::Failed(_) => None,
        }
    }

    /// The state after an action.
    pub(crate) fn after(self, action: TableFileAction) -> Self {
        match (action, self) {
            (TableFileAction::Chosen, _) => Self::Sending { there: 0, size: 0 },
            (TableFileAction::Progress { there, size }, Self::Sending { .. }) => Self::Sending { there, size },
            (TableFileAction::Ended(Ok(Some(file))), Self::Sending { .. }) => Self::Sent(file),
            (TableFileAction::Ended(Ok(None)), Self::Sending { .. }) => Self::None,
            (TableFileAction::Ended(Err(problem)), Self::Sending { .. }) => Self::Failed(problem),
            (TableFileAction::Sheet(sheet), Self::Sent(file)) => Self::Sent(SentFile {
                sheet: Some(sheet),
                ..file
            }),
            (TableFileAction::Progress { .. } | TableFileAction::Ended(_) | TableFileAction::Sheet(_), state) => state,
        }
    }
}

impl SentFile {
    /// Finds out how it begins.
    pub(crate) fn inspect(&self) -> Job {
        Job::Inspect {
            upload: self.upload,
            format: self.format,
            sheet: self.sheet.clone(),
        }
    }
}

/// What rows do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Mode {
    /// Each makes a record.
    #[default]
    Make,
    /// The same, and one bad row keeps all others out.
    AllOrNothing,
    /// Each changes the record that has the same in this field, and makes one if there is none.
    ByKey(String),
}

impl Mode {
    /// The field by which records are found.
    pub(crate) fn key(&self) -> Option<&String> {
        match self {
            Self::ByKey(key) => Some(key),
            Self::Make | Self::AllOrNothing => None,
        }
    }
}

/// Which column fills which field, and what rows do.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Mapping {
    /// The name of a field for each column; `None` where it is left out.
    pub(crate) columns: Vec<Option<String>>,
    mode: Mode,
}

/// What changes it.
pub(crate) enum MappingAction {
    /// The column with this index fills the field; an empty name: none.
    Assign(usize, String),
    Mode(Mode),
}

impl Mapping {
    /// Each column fills the field that it is most likely to be; no field twice.
    pub(crate) fn guess(fields: &[Field], columns: &[String]) -> Self {
        let mut free: Vec<&Field> = fields.iter().collect();
        let columns = columns.iter().map(|column| {
            let wanted = plain(column);
            let found = free
                .iter()
                .position(|field| plain(&field.name) == wanted || plain(&field.label) == wanted);
            found.map(|index| free.remove(index).name.clone())
        });
        Self {
            columns: columns.collect(),
            mode: Mode::default(),
        }
    }

    /// The mapping after an action.
    pub(crate) fn after(mut self, action: MappingAction) -> Self {
        match action {
            MappingAction::Assign(index, name) => {
                let chosen = Some(name).filter(|name| !name.is_empty());
                // A field is filled by one column.
                for column in self.columns.iter_mut().filter(|column| **column == chosen) {
                    *column = None;
                }
                if let Some(column) = self.columns.get_mut(index) {
                    *column = chosen;
                }
            }
            MappingAction::Mode(mode) => self.mode = mode,
        }
        self
    }

    /// What rows do. A key whose column fills another field by now is no key.
    pub(crate) fn mode(&self, keys: &[Field]) -> Mode {
        match &self.mode {
            Mode::ByKey(key) if !keys.iter().any(|field| field.name == *key) => Mode::Make,
            Mode::Make | Mode::AllOrNothing | Mode::ByKey(_) => self.mode.clone(),
        }
    }

    /// The fields of the columns by which records can be found, those first that no two records share.
    pub(crate) fn keys(&self, fields: &[Field]) -> Vec<Field> {
        let is_filled = |field: &&Field| self.columns.iter().flatten().any(|name| *name == field.name);
        let mut keys: Vec<Field> = fields
            .iter()
            .filter(is_filled)
            .filter(|field| field.field_type.is_lookup_key())
            .cloned()
            .collect();
        keys.sort_by_key(|field| !field.unique);
        keys
    }

    /// The import, or its preview.
    pub(crate) fn job(&self, entity: &Entity, file: &SentFile, dry_run: bool) -> Job {
        let mode = self.mode(&self.keys(&entity.form_fields()));
        Job::Import(Import {
            entity: entity.id,
            upload: file.upload,
            format: file.format,
            sheet: file.sheet.clone(),
            columns: self.columns.clone(),
            key: mode.key().cloned(),
            all_or_nothing: mode == Mode::AllOrNothing,
            dry_run,
        })
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::field::FieldType;
    use baton_protocol::id::EntityId;
    use baton_protocol::message::Code;
    use uuid::Uuid;

    use super::*;

    fn field(name: &str, label: &str, unique: bool) -> Field {
        Field {
            unique,
            ..Field::new(name, label, FieldType::Text)
        }
    }

    fn fields() -> Vec<Field> {
        vec![
            field("name", "Name", false),
            field("number", "Article number", true),
            field("colour", "Colour", false),
            Field::new("story", "Story", FieldType::RichText),
        ]
    }

    fn mapping(columns: &[&str]) -> Mapping {
        let columns: Vec<String> = columns.iter().map(|&column| column.into()).collect();
        Mapping::guess(&fields(), &columns)
    }

    fn file() -> SentFile {
        SentFile {
            name: "products.xlsx".into(),
            upload: UploadId(Uuid::nil()),
            format: Format::Xlsx,
            sheet: None,
        }
    }

    fn names(mapping: &Mapping) -> Vec<&str> {
        let names = mapping.columns.iter().map(|column| column.as_deref().unwrap_or("-"));
        names.collect()
    }

    #[test]
    fn columns_fill_the_fields_that_are_called_alike_and_no_field_twice() {
        let mapping = mapping(&["COLOUR", "Article Number", "number", "weight"]);
        assert_eq!(names(&mapping), ["colour", "number", "-", "-"]);
    }

    #[test]
    fn a_field_that_another_column_takes_is_taken_from_the_first() {
        let mapping = mapping(&["name", "colour"]).after(MappingAction::Assign(1, "name".into()));
        assert_eq!(names(&mapping), ["-", "name"]);
        let mapping = mapping.after(MappingAction::Assign(1, String::new()));
        assert_eq!(names(&mapping), ["-", "-"]);
        // A column that is not there changes nothing.
        let same = mapping.clone().after(MappingAction::Assign(7, "colour".into()));
        assert_eq!(same, mapping);
    }

    #[test]
    fn a_key_counts_only_while_a_column_fills_it() {
        let by_number = mapping(&["name", "story", "number"]).after(MappingAction::Mode(Mode::ByKey("number".into())));
        let keys = by_number.keys(&fields());
        assert_eq!(
            keys.iter().map(|field| &*field.name).collect::<Vec<_>>(),
            ["number", "name"]
        );
        assert_eq!(by_number.mode(&keys), Mode::ByKey("number".into()));
        let without = by_number.after(MappingAction::Assign(2, "colour".into()));
        assert_eq!(without.mode(&without.keys(&fields())), Mode::Make);
    }

    #[test]
    fn the_preview_is_the_import_but_for_what_it_writes() {
        let entity = Entity::new(EntityId(Uuid::nil()), "product", "Product", "Products", fields());
        let strict = mapping(&["name"]).after(MappingAction::Mode(Mode::AllOrNothing));
        let (Job::Import(preview), Job::Import(import)) =
            (strict.job(&entity, &file(), true), strict.job(&entity, &file(), false))
        else {
            panic!("no import");
        };
        assert!(preview.dry_run && preview.all_or_nothing && preview.key.is_none());
        assert_eq!(
            Import {
                dry_run: false,
                ..preview
            },
            import
        );
    }

    #[test]
    fn what_is_said_of_a_file_that_nobody_sends_any_more_is_passed_over() {
        let late = TableFileAction::Ended(Ok(Some(file())));
        assert_eq!(TableFile::None.after(late), TableFile::None);
        let failed = TableFile::None
            .after(TableFileAction::Chosen)
            .after(TableFileAction::Progress { there: 1, size: 2 })
            .after(TableFileAction::Ended(Err(Problem::new(Code::Malformed, "no table"))));
        assert!(matches!(failed, TableFile::Failed(_)));
        assert_eq!(
            failed.clone().after(TableFileAction::Progress { there: 2, size: 2 }),
            failed
        );
        let sent = failed
            .after(TableFileAction::Chosen)
            .after(TableFileAction::Ended(Ok(Some(file()))))
            .after(TableFileAction::Sheet("May".into()));
        assert_eq!(sent.sent().and_then(|file| file.sheet.as_deref()), Some("May"));
    }
}
