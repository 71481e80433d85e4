//! Whether rows make records, or change those that have the same key.

use baton_protocol::field::{Field, FieldType};
use yew::prelude::*;

use crate::components::Select;

/// The fields of the table's columns by which records can be found, those first that no two records share.
pub(super) fn key_fields(fields: &[Field], columns: &[Option<String>]) -> Vec<Field> {
    let is_filled = |field: &&Field| columns.iter().flatten().any(|name| *name == field.name);
    let names = |field: &&Field| {
        matches!(
            field.field_type,
            FieldType::Text
                | FieldType::Email
                | FieldType::Url
                | FieldType::Number
                | FieldType::Date
                | FieldType::DateTime
        )
    };
    let mut keys: Vec<Field> = fields.iter().filter(is_filled).filter(names).cloned().collect();
    keys.sort_by_key(|field| !field.unique);
    keys
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct KeyChoiceProps {
    /// What there is to choose from.
    pub(super) keys: Vec<Field>,
    /// The key; none: every row makes a record.
    pub(super) chosen: Option<String>,
    pub(super) on_choice: Callback<Option<String>>,
}

/// The choice; nothing where no column names records.
#[component]
pub(super) fn KeyChoice(props: &KeyChoiceProps) -> Html {
    let KeyChoiceProps {
        keys,
        chosen,
        on_choice,
    } = props;
    let Some(first) = keys.first() else {
        return Html::default();
    };
    let choose = |key: Option<String>| on_choice.reform(move |_: Event| key.clone());
    let options: Vec<(AttrValue, AttrValue)> = keys
        .iter()
        .map(|field| (field.name.clone().into(), field.label.clone().into()))
        .collect();
    let value = chosen.clone().unwrap_or_else(|| first.name.clone());
    html! {
        <fieldset class="baton-import-key">
            <legend class="baton-label">{ "Rows" }</legend>
            <label class="baton-choice">
                <input type="radio" name="import-rows" id="import-make" checked={chosen.is_none()} onchange={choose(None)} />
                <span>{ "Each row makes a record" }</span>
            </label>
            <div class="baton-actions">
                <label class="baton-choice">
                    <input type="radio" name="import-rows" id="import-update" checked={chosen.is_some()}
                        onchange={choose(Some(value.clone()))} />
                    <span>{ "A row changes the record that has the same" }</span>
                </label>
                <Select id="import-key" label="The field by which records are found" {value} {options}
                    on_choice={on_choice.reform(Some)} />
            </div>
            if chosen.is_some() {
                <p class="baton-help">
                    { "Rows that find no record make one. Empty cells change nothing. What somebody edits is skipped." }
                </p>
            }
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
