//! What an entity is called, what it looks like, and who it is there for.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::definition::ICONS;
use baton_protocol::field::Value;
use baton_protocol::form::FormSnapshot;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Property;
use crate::hooks::FormHandle;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct DefinitionHeadProps {
    /// The form.
    pub(crate) form: FormHandle,
    /// What it shows.
    pub(crate) view: Rc<FormSnapshot>,
}

/// The entity's own properties.
#[component]
pub(crate) fn DefinitionHead(props: &DefinitionHeadProps) -> Html {
    let DefinitionHeadProps { form, view } = props;
    let property = |name: &str| {
        html! { <Property key={name.to_owned()} form={form.clone()} view={view.clone()} name={name.to_owned()} /> }
    };
    html! {
        <section class="baton-fields baton-definition-head" aria-label={t::definition::the_collection()}>
            <div class="baton-pair">
                <Property form={form.clone()} view={view.clone()} name="label" makes={(view.version.0 == 0).then(|| "name".to_owned())} />
                { property("label_plural") }
            </div>
            { property("description") }
            <div class="baton-pair">
                { property("name") }
                { property("status") }
            </div>
            <div class="baton-pair">
                { property("sort") }
                <IconPicker form={form.clone()} view={view.clone()} />
            </div>
        </section>
    }
}

/// Chooses the icon.
#[component]
fn IconPicker(props: &DefinitionHeadProps) -> Html {
    let DefinitionHeadProps { form, view } = props;
    let wanted = use_state_eq(String::new);
    let open = use_state_eq(|| false);
    let Some(field) = view.field("icon") else {
        return Html::default();
    };
    let present = view.value("icon").text().to_owned();
    let oninput = {
        let wanted = wanted.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                wanted.set(input.value().to_lowercase());
            }
        })
    };
    let choose = |icon: &'static str| {
        let (on_input, field, open) = (form.on_input(), field.clone(), open.setter());
        Callback::from(move |_: MouseEvent| {
            on_input.emit((field.clone(), Value::from_text(icon)));
            open.set(false);
        })
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let shown = if present.is_empty() { "box" } else { present.as_str() };
    html! {
        <div class="baton-field baton-icon-picker" data-row="icon">
            <div class="baton-field-head"><span class="baton-label" id="icon-label">{ t::definition::icon() }</span></div>
            <button type="button" id="field-icon" class="baton-tool" disabled={!view.can_edit()} onclick={toggle}
                aria-expanded={open.to_string()} aria-labelledby="icon-label field-icon">
                <i class={format!("fas fa-{shown}")} aria-hidden="true" />
                { if present.is_empty() { t::definition::choose_an_icon().to_owned() } else { present.replace('-', " ") } }
            </button>
            if *open && view.can_edit() {
                <div class="baton-icons">
                    <span class="pf-v6-c-form-control">
                        <input type="search" placeholder={t::definition::search()} aria-label={t::definition::search_for_an_icon()} value={(*wanted).clone()} {oninput} />
                    </span>
                    <div class="baton-icon-grid" role="listbox" aria-label={t::definition::icons()}>
                        { for ICONS.iter().filter(|icon| icon.contains(wanted.as_str())).map(|icon| html! {
                            <button key={*icon} type="button" role="option" aria-selected={(*icon == present).to_string()}
                                title={icon.replace('-', " ")} aria-label={icon.replace('-', " ")} onclick={choose(icon)}>
                                <i class={format!("fas fa-{icon}")} aria-hidden="true" />
                            </button>
                        }) }
                    </div>
                </div>
            }
        </div>
    }
}
