//! Whether rows make records, or change those that have the same key.

use baton_locales::t;
use baton_protocol::field::Field;
use yew::prelude::*;

use crate::components::Select;

/// What rows do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) enum Mode {
    /// Each makes a record.
    #[default]
    Make,
    /// The same, and one bad row keeps all others out.
    AllOrNothing,
    /// Each changes the record that has the same in this field, and makes one if there is none.
    ByKey(String),
}

impl Mode {
    /// The mode while these are the keys to choose from: a key whose column goes into another field by now is no key.
    pub(super) fn valid_for(&self, keys: &[Field]) -> Self {
        match self {
            Self::ByKey(key) if !keys.iter().any(|field| field.name == *key) => Self::Make,
            Self::Make | Self::AllOrNothing | Self::ByKey(_) => self.clone(),
        }
    }

    /// The field by which records are found.
    pub(super) fn key(&self) -> Option<&String> {
        match self {
            Self::ByKey(key) => Some(key),
            Self::Make | Self::AllOrNothing => None,
        }
    }
}

/// The fields of the table's columns by which records can be found, those first that no two records share.
pub(super) fn key_fields(fields: &[Field], columns: &[Option<String>]) -> Vec<Field> {
    let is_filled = |field: &&Field| columns.iter().flatten().any(|name| *name == field.name);
    let mut keys: Vec<Field> = fields
        .iter()
        .filter(is_filled)
        .filter(|field| field.field_type.is_lookup_key())
        .cloned()
        .collect();
    keys.sort_by_key(|field| !field.unique);
    keys
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ModeChoiceProps {
    /// The fields by which records can be found.
    pub(super) keys: Vec<Field>,
    pub(super) mode: Mode,
    pub(super) on_choice: Callback<Mode>,
}

/// The choice.
#[component]
pub(super) fn ModeChoice(props: &ModeChoiceProps) -> Html {
    let ModeChoiceProps { keys, mode, on_choice } = props;
    let choose = |mode: Mode| on_choice.reform(move |_: Event| mode.clone());
    let strict = *mode == Mode::AllOrNothing;
    html! {
        <fieldset class="baton-import-mode">
            <legend class="baton-label">{ t::import::rows() }</legend>
            <label class="baton-choice">
                <input type="radio" name="import-rows" id="import-make" checked={mode.key().is_none()} onchange={choose(Mode::Make)} />
                <span>{ t::import::each_row_makes_a_record() }</span>
            </label>
            if mode.key().is_none() {
                <label class="baton-choice baton-import-strict">
                    <input type="checkbox" id="all-or-nothing" checked={strict}
                        onchange={choose(if strict { Mode::Make } else { Mode::AllOrNothing })} />
                    <span>{ t::import::all_or_nothing() }</span>
                </label>
            }
            { by_key(keys, mode, on_choice) }
        </fieldset>
    }
}

/// The choice of the field; nothing where no column names records.
fn by_key(keys: &[Field], mode: &Mode, on_choice: &Callback<Mode>) -> Html {
    let Some(first) = keys.first() else {
        return Html::default();
    };
    let options: Vec<(AttrValue, AttrValue)> = keys
        .iter()
        .map(|field| (field.name.clone().into(), field.label.clone().into()))
        .collect();
    let value = mode.key().unwrap_or(&first.name).clone();
    let choose = {
        let value = value.clone();
        on_choice.reform(move |_: Event| Mode::ByKey(value.clone()))
    };
    html! {
        <>
            <div class="baton-actions">
                <label class="baton-choice">
                    <input type="radio" name="import-rows" id="import-update" checked={mode.key().is_some()} onchange={choose} />
                    <span>{ t::import::row_changes_the_record() }</span>
                </label>
                <Select id="import-key" label={t::import::key_field()} {value} {options}
                    on_choice={on_choice.reform(Mode::ByKey)} />
            </div>
            if mode.key().is_some() {
                <p class="baton-help">
                    { t::import::how_a_key_works() }
                </p>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::field::FieldType;

    use super::*;

    #[test]
    fn a_key_that_no_column_fills_any_more_is_none() {
        let keys = [Field::new("sku", "SKU", FieldType::Text)];
        let mode = Mode::ByKey("sku".into());
        assert_eq!(mode.valid_for(&keys), mode);
        assert_eq!(mode.valid_for(&[]), Mode::Make);
        assert_eq!(Mode::AllOrNothing.valid_for(&[]), Mode::AllOrNothing);
    }

    #[test]
    fn keys_are_the_columns_that_name_records_and_unique_ones_come_first() {
        let field = |name: &str, kind| Field::new(name, name, kind);
        let unique = Field {
            unique: true,
            ..field("sku", FieldType::Text)
        };
        let fields = [
            field("title", FieldType::Text),
            field("story", FieldType::RichText),
            unique,
            field("left_out", FieldType::Text),
        ];
        let columns = [Some("title".to_owned()), Some("story".into()), None, Some("sku".into())];
        let keys = key_fields(&fields, &columns);
        let names: Vec<&str> = keys.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["sku", "title"]);
    }
}
