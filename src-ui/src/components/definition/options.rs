//! The options of a choice: a line each. Renaming one keeps it, and the records that have it.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::definition::{OPTIONS, colour_property, key, option_property};
use baton_protocol::field::{ChoiceOption, OptionColour, Value};
use baton_protocol::form::FormSnapshot;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::new_id;
use crate::components::{Select, drag_source, here_badge};
use crate::hooks::FormHandle;
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct OptionsProps {
    pub(super) form: FormHandle,
    pub(super) view: Rc<FormSnapshot>,
    /// The field's id.
    pub(super) field: String,
}

/// What a person does with the list.
enum Action {
    /// New options behind this place, with these labels.
    Add(usize, Vec<String>),
    Rename(String, String),
    Paint(String, String),
    Remove(String),
    /// The option goes to this place.
    Move(String, usize),
    BringBack(String),
}

impl OptionsProps {
    fn name_of(&self, option: &str) -> String {
        key(&self.field, &option_property(option))
    }

    fn ids(&self) -> Vec<String> {
        self.view.value(&key(&self.field, OPTIONS)).items().to_vec()
    }

    fn emit(&self, name: &str, value: Value) {
        if let Some(field) = self.view.field(name) {
            self.form.on_input().emit((field, value));
        }
    }

    /// Carries it out; returns the option that is to have the focus.
    fn act(&self, action: Action) -> Option<String> {
        let mut ids = self.ids();
        let focused = match action {
            Action::Add(behind, labels) => {
                let new: Vec<(String, String)> = labels.into_iter().map(|label| (new_id(), label)).collect();
                let at = behind.min(ids.len());
                ids.splice(at..at, new.iter().map(|(id, _)| id.clone()));
                for (id, label) in new.iter().filter(|(_, label)| !label.is_empty()) {
                    self.emit(&self.name_of(id), Value::from_text(label.as_str()));
                }
                new.last().map(|(id, _)| id.clone())
            }
            Action::Rename(id, label) => {
                self.emit(&self.name_of(&id), Value::from_text(label));
                return None;
            }
            Action::Remove(id) => {
                let at = ids.iter().position(|other| *other == id)?;
                ids.remove(at);
                let saved = self.view.entity.fields.iter().find(|field| field.id == self.field);
                let was_saved = saved.is_some_and(|field| field.options.iter().any(|option| option.id == id));
                if !was_saved {
                    // Nothing has it: nothing of it is left.
                    self.emit(&self.name_of(&id), Value::Empty);
                    self.emit(&key(&self.field, &colour_property(&id)), Value::Empty);
                }
                ids.get(at.saturating_sub(1)).cloned()
            }
            Action::Paint(id, colour) => {
                let colour = Value::from_text(if colour == "plain" { String::new() } else { colour });
                self.emit(&key(&self.field, &colour_property(&id)), colour);
                return None;
            }
            Action::Move(id, to) => {
                ids.retain(|other| *other != id);
                ids.insert(to.min(ids.len()), id);
                None
            }
            Action::BringBack(id) => {
                ids.push(id);
                None
            }
        };
        self.emit(&key(&self.field, OPTIONS), Value::from_items(ids));
        focused
    }
}

/// The list, with what was removed from it.
#[component]
pub(super) fn Options(props: &OptionsProps) -> Html {
    let OptionsProps { view, field, .. } = props;
    let name = key(field, OPTIONS);
    let ids = props.ids();
    let can_edit = view.can_edit();
    let to_focus = use_mut_ref(|| None::<String>);
    let dragged = use_state_eq(|| None::<String>);
    {
        let to_focus = to_focus.clone();
        use_effect_with(ids.clone(), move |_| {
            let id = to_focus.borrow_mut().take();
            let input = id.and_then(|id| gloo_utils::document().get_element_by_id(&id));
            if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
                // It may be gone again already.
                input.focus().ok();
            }
        });
    }
    let act = {
        let props = props.clone();
        Callback::from(move |action: Action| {
            let focused = props.act(action);
            *to_focus.borrow_mut() = focused.map(|id| format!("field-{}", props.name_of(&id)));
        })
    };
    let defined = view.defined();
    let defined = defined.fields.into_iter().find(|defined| defined.id == *field);
    let retired: Vec<ChoiceOption> = defined
        .map(|field| field.options.into_iter().filter(|option| option.retired).collect())
        .unwrap_or_default();
    let count = ids.len();
    html! {
        <div class={classes!("baton-field", "baton-options", view.draft.fields.contains_key(&name).then_some("baton-unsaved"))} data-row={name.clone()}>
            <div class="baton-field-head"><span class="baton-label" id={format!("label-{name}")}>{ t::definition::choices() }</span></div>
            <ol aria-labelledby={format!("label-{name}")}>
                { for ids.iter().enumerate().map(|(index, id)| html! {
                    <OptionRow key={id.clone()} name={props.name_of(id)} colour={key(field, &colour_property(id))} id={id.clone()} {index} form={props.form.clone()} view={view.clone()}
                        act={act.clone()} dragged={dragged.clone()} />
                }) }
            </ol>
            if let Some(error) = view.error(&name) {
                <p class="baton-error" data-error={name.clone()}>{ error.to_string() }</p>
            }
            if can_edit {
                <button type="button" class="baton-tool baton-add-option" data-add-option={field.clone()}
                    onclick={act.reform(move |_: MouseEvent| Action::Add(count, vec![String::new()]))}>
                    <i class="fas fa-plus" aria-hidden="true" />{ t::definition::add_a_choice() }
                </button>
            }
            if !retired.is_empty() {
                <div class="baton-retired">
                    <span class="baton-quiet">{ t::definition::removed_choices() }</span>
                    { for retired.iter().map(|option| {
                        let id = option.id.clone();
                        html! {
                            <span class="baton-chip" key={option.id.clone()}>
                                { option.words().to_owned() }
                                if can_edit {
                                    <button type="button" aria-label={t::definition::bring_back(option.words())} title={t::definition::bring_it_back()}
                                        onclick={act.reform(move |_: MouseEvent| Action::BringBack(id.clone()))}>
                                        <i class="fas fa-undo" aria-hidden="true" />
                                    </button>
                                }
                            </span>
                        }
                    }) }
                </div>
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OptionRowProps {
    /// The name of the value that holds its label.
    name: String,
    /// The name of the one that holds its colour.
    colour: String,
    id: String,
    /// Its place, from 0.
    index: usize,
    form: FormHandle,
    view: Rc<FormSnapshot>,
    act: Callback<Action>,
    dragged: UseStateHandle<Option<String>>,
}

impl OptionRowProps {
    fn act(&self, action: impl Fn(String) -> Action + 'static) -> Callback<()> {
        let (act, id) = (self.act.clone(), self.id.clone());
        Callback::from(move |()| act.emit(action(id.clone())))
    }

    fn on_input(&self) -> Callback<InputEvent> {
        let (act, id) = (self.act.clone(), self.id.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                act.emit(Action::Rename(id.clone(), input.value()));
            }
        })
    }

    /// Enter begins the next option, Backspace in an empty one removes it.
    fn on_key(&self, is_empty: bool) -> Callback<KeyboardEvent> {
        let (act, id, index) = (self.act.clone(), self.id.clone(), self.index);
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter" if !event.is_composing() => act.emit(Action::Add(index + 1, vec![String::new()])),
                "Backspace" if is_empty => act.emit(Action::Remove(id.clone())),
                _ => return,
            }
            event.prevent_default();
        })
    }

    /// A list that is pasted becomes options.
    fn on_paste(&self) -> Callback<Event> {
        let (act, id, index) = (self.act.clone(), self.id.clone(), self.index);
        Callback::from(move |event: Event| {
            let clipboard = event
                .dyn_ref::<ClipboardEvent>()
                .and_then(ClipboardEvent::clipboard_data);
            let text = clipboard
                .and_then(|data| data.get_data("text/plain").ok())
                .unwrap_or_default();
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let mut lines = lines.map(ToOwned::to_owned);
            if let (Some(first), rest) = (lines.next(), lines.collect::<Vec<_>>())
                && !rest.is_empty()
            {
                event.prevent_default();
                act.emit(Action::Rename(id.clone(), first));
                act.emit(Action::Add(index + 1, rest));
            }
        })
    }

    fn handle(&self, named: &str) -> Html {
        let onkeydown = {
            let (act, id, index) = (self.act.clone(), self.id.clone(), self.index);
            Callback::from(move |event: KeyboardEvent| {
                match event.key().as_str() {
                    "ArrowUp" if index > 0 => act.emit(Action::Move(id.clone(), index - 1)),
                    "ArrowDown" => act.emit(Action::Move(id.clone(), index + 1)),
                    _ => return,
                }
                event.prevent_default();
            })
        };
        let (start, ondragend) = drag_source(&self.dragged, self.id.clone(), self.id.clone());
        let ondragstart = Callback::from(move |event: DragEvent| {
            event.stop_propagation();
            start.emit(event);
        });
        html! {
            <button type="button" class="baton-handle" draggable="true" {ondragstart} {ondragend} {onkeydown}
                title={t::common::drag_or_arrow_keys()} aria-label={t::common::move_by_arrow_keys(named)}>
                <i class="fas fa-grip-vertical" aria-hidden="true" />
            </button>
        }
    }

    /// The colour in which lists and boards show it.
    fn colour_menu(&self, named: &str) -> Html {
        let (act, id) = (self.act.clone(), self.id.clone());
        let on_choice = Callback::from(move |colour: String| act.emit(Action::Paint(id.clone(), colour)));
        let chosen = match self.view.value(&self.colour).text() {
            "" => "plain".to_owned(),
            colour => colour.to_owned(),
        };
        let options = OptionColour::IDS.map(|(colour, id)| (id.into(), words::colour(colour).into()));
        html! {
            <span class={classes!("baton-option-colour", format!("baton-colour-{chosen}"))} data-colour={chosen.clone()}>
                <Select label={t::definition::colour_of(named)} value={chosen} options={options.to_vec()} disabled={!self.view.can_edit()} {on_choice} />
            </span>
        }
    }

    fn on_drop(&self) -> Callback<DragEvent> {
        let (dragged, act, index) = (self.dragged.clone(), self.act.clone(), self.index);
        Callback::from(move |event: DragEvent| {
            if let Some(id) = dragged.as_ref() {
                event.prevent_default();
                event.stop_propagation();
                act.emit(Action::Move(id.clone(), index));
            }
        })
    }
}

#[component]
fn OptionRow(props: &OptionRowProps) -> Html {
    let OptionRowProps {
        name, view, dragged, ..
    } = props;
    let label = view.value(name).text().to_owned();
    let can_edit = view.can_edit();
    let error = view.error(name).map(ToString::to_string);
    let here = view.here(name);
    let on_focus = props.form.on_focus();
    let onfocus = {
        let name = name.clone();
        on_focus.reform(move |_: FocusEvent| Some(name.clone()))
    };
    let class = classes!(
        "baton-option",
        view.draft.fields.contains_key(name).then_some("baton-unsaved"),
        here.is_some().then_some("baton-occupied"),
        (dragged.as_deref() == Some(props.id.as_str())).then_some("baton-dragged"),
    );
    let named = if label.is_empty() {
        t::definition::this_choice()
    } else {
        label.as_str()
    };
    html! {
        <li {class} data-option={label.clone()} ondrop={props.on_drop()}
            ondragover={Callback::from(|event: DragEvent| event.prevent_default())}>
            <div class="baton-option-line">
                if can_edit {
                    { props.handle(named) }
                }
                <span class={classes!("pf-v6-c-form-control", (!can_edit).then_some("pf-m-disabled"), error.is_some().then_some("pf-m-error"))}>
                    <input id={format!("field-{name}")} data-field={name.clone()} type="text" value={label.clone()} disabled={!can_edit}
                        aria-label={t::definition::choice_number(props.index + 1)} aria-invalid={error.is_some().to_string()} autocomplete="off"
                        oninput={props.on_input()} onkeydown={props.on_key(label.is_empty())} onpaste={props.on_paste()}
                        {onfocus} onblur={on_focus.reform(|_: FocusEvent| None)} />
                </span>
                { here.map(here_badge) }
                { props.colour_menu(named) }
                if can_edit {
                    <button type="button" class="baton-tool" aria-label={t::definition::remove(named)}
                        onclick={props.act(Action::Remove).reform(|_: MouseEvent| ())}>
                        <i class="fas fa-trash" aria-hidden="true" />
                    </button>
                }
            </div>
            if let Some(error) = error {
                <p class="baton-error" data-error={name.clone()}>{ error.to_string() }</p>
            }
        </li>
    }
}
