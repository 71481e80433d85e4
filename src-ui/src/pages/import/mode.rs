//! Whether rows make records, or change those that have the same key.

use baton_locales::t;
use baton_protocol::field::Field;
use yew::prelude::*;

use crate::components::Select;
use crate::state::import::Mode;

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
