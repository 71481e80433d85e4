//! One value of a row, changed in its place: the record's form is opened, changed, saved and left.

use std::cell::RefCell;
use std::rc::Rc;

use baton_locales::t;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey, RecordId};
use gloo_timers::callback::Timeout;
use patternfly_yew::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::FieldInput;
use crate::hooks::{FormHandle, use_form, use_press_outside, use_session};
use crate::keys;
use crate::route::Route;

/// The input's id.
const INPUT: &str = "cell-input";

#[derive(Clone, PartialEq, Properties)]
pub(super) struct CellEditorProps {
    pub(super) entity: EntityId,
    pub(super) record: RecordId,
    /// The field's name.
    pub(super) field: String,
    /// Whether it opens towards the beginning of the line.
    pub(super) at_end: bool,
    /// It is left.
    pub(super) on_done: Callback<()>,
}

/// The editor, below its cell.
#[component]
pub(super) fn CellEditor(props: &CellEditorProps) -> Html {
    let unsaved = use_unsaved();
    let form = use_form(FormKey::record(props.record), props.entity);
    let place = use_node_ref();
    let edit = use_edit(&form, props, &unsaved);
    use_focus(&form);
    // Pressing elsewhere takes what was typed, as in a spreadsheet; what cannot be saved stays open.
    use_press_outside(&place, {
        let save = edit.save.clone();
        Callback::from(move |()| {
            // The field that the press leaves has its say first.
            let save = save.clone();
            Timeout::new(0, move || save.emit(())).forget();
        })
    });
    let view = form.state.view.clone();
    let field = view.as_ref().and_then(|view| view.field(&props.field));
    let onkeydown = {
        let (edit, form) = (edit.clone(), form.clone());
        // A paragraph has lines of its own.
        let lines = field
            .as_ref()
            .is_some_and(|field| matches!(field.field_type, FieldType::Textarea | FieldType::RichText));
        Callback::from(move |event: KeyboardEvent| {
            let with_control = event.ctrl_key() || event.meta_key();
            let from = event.target_dyn_into::<web_sys::Element>();
            if let Some(history) = keys::history(&event) {
                event.prevent_default();
                event.stop_propagation();
                return form.history(history);
            }
            let control = from.is_some_and(|from| matches!(from.tag_name().as_str(), "BUTTON" | "A"));
            match event.key().as_str() {
                // A search in it took the key, or a button has it.
                "Enter" | "Escape" if event.default_prevented() => {}
                "Enter" if control => return event.stop_propagation(),
                "Enter" if !lines || with_control => edit.save.emit(()),
                _ if keys::command(&event) == Some('s') => edit.save.emit(()),
                "Escape" => edit.cancel.emit(()),
                // The keys of the table are not meant.
                _ => return event.stop_propagation(),
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let class = classes!("baton-cell-editor", props.at_end.then_some("baton-at-end"));
    html! {
        <div {class} ref={place} role="dialog" id="cell-editor" {onkeydown}
            aria-label={field.as_ref().map(|field| t::list::change_field(&field.label))}>
            { match (&form.state.problem, view, field) {
                (Some(problem), ..) => html! { <p class="baton-error">{ problem.message.to_string() }</p> },
                (None, Some(view), Some(field)) => shown(props, &form, &view, &field, &edit),
                (None, Some(_), None) => html! { <p class="baton-quiet">{ t::list::no_such_field_any_more() }</p> },
                (None, None, _) => html! { <p class="baton-quiet">{ t::list::opening() }</p> },
            } }
        </div>
    }
}

fn shown(props: &CellEditorProps, form: &FormHandle, view: &FormSnapshot, field: &Field, edit: &Edit) -> Html {
    let can_edit = view.can_edit();
    let error = view.error(&field.name);
    let on_input = {
        let (on_input, field) = (form.on_input(), field.clone());
        Callback::from(move |value: Value| on_input.emit((field.clone(), value)))
    };
    let elsewhere: Vec<String> = view
        .errors
        .iter()
        .filter(|error| error.field != field.name)
        .map(|error| error.message.to_string())
        .collect();
    let also = view.draft.fields.iter().find(|(name, _)| **name != field.name);
    html! {
        <>
            <label class="baton-label" for={INPUT}>{ &field.label }</label>
            <FieldInput id={INPUT} field={field.clone()} value={view.value(&field.name).clone()} {can_edit}
                invalid={error.is_some()} described="cell-help" {on_input} />
            <div id="cell-help">
                if let Some(error) = error {
                    <p class="baton-error" data-error={field.name.clone()}>{ error.to_string() }</p>
                }
                { for elsewhere.into_iter().map(|message| html! { <p class="baton-error">{ message }</p> }) }
                if let Some(problem) = &edit.refused {
                    <p class="baton-error">{ problem }</p>
                }
                if !can_edit {
                    <p class="baton-quiet" id="cell-reader">{ reader(view) }</p>
                } else if let Some((name, unsaved)) = also {
                    <p class="baton-quiet">
                        { t::list::not_saved_either(view.label(name), &unsaved.author.name) }
                    </p>
                }
            </div>
            <div class="baton-actions">
                if can_edit {
                    <Button id="cell-save" variant={ButtonVariant::Primary} label={t::common::save()} disabled={edit.saving}
                        onclick={edit.save.reform(|_: MouseEvent| ())} />
                }
                <Button id="cell-cancel" variant={ButtonVariant::Link} label={if can_edit { t::common::cancel() } else { t::common::close() }}
                    onclick={edit.cancel.reform(|_: MouseEvent| ())} />
                <span class="baton-push" />
                <Link<Route> to={Route::record(props.entity, props.record)}>{ t::list::open_the_form() }</Link<Route>>
            </div>
        </>
    }
}

fn reader(view: &FormSnapshot) -> String {
    match view.owner() {
        Some(owner) => t::list::is_editing_this_record(&owner.person.name),
        None => t::list::cannot_be_changed_now().into(),
    }
}

/// What can be done with the value.
#[derive(Clone, PartialEq)]
struct Edit {
    save: Callback<()>,
    cancel: Callback<()>,
    saving: bool,
    /// Why it was not saved, where no field is to blame.
    refused: Option<String>,
}

#[hook]
fn use_edit(form: &FormHandle, props: &CellEditorProps, unsaved: &Unsaved) -> Edit {
    let session = use_session();
    let saving = use_state_eq(|| false);
    // The value as it was when the form was opened.
    let before = use_mut_ref(|| None::<Value>);
    let view = form.state.view.clone();
    if let Some(view) = &view
        && before.borrow().is_none()
    {
        *before.borrow_mut() = Some(view.value(&props.field).clone());
    }
    let version = view.as_ref().map(|view| view.version);
    let mine = view.as_ref().filter(|view| view.can_edit());
    let changed = mine.is_some_and(|view| before.borrow().as_ref() != Some(view.value(&props.field)));
    // Also what was left unsaved in it before.
    let drafted = mine.is_some_and(|view| view.draft.fields.contains_key(&props.field));
    *unsaved.borrow_mut() = (changed && !*saving).then(|| form.clone());
    {
        let (saving, on_done) = (saving.clone(), props.on_done.clone());
        use_effect_with(version, move |_| {
            if *saving {
                on_done.emit(());
            }
        });
    }
    let refused = form.state.refusal();
    let refused = refused.map(|(number, problem)| (number, problem.message.to_string()));
    let wrong = view.as_ref().map(|view| view.errors.clone()).unwrap_or_default();
    {
        let saving = saving.setter();
        use_effect_with((refused.clone(), wrong.clone()), move |_| saving.set(false));
    }
    let save = {
        let (form, saving, on_done, live) = (form.clone(), saving.clone(), props.on_done.clone(), session.live());
        Callback::from(move |()| {
            if *saving {
                return;
            }
            if !drafted {
                // It says what is saved.
                on_done.emit(());
                return;
            }
            form.command(FormCommand::save());
            if live {
                saving.set(true);
            } else {
                // It waits on this computer, and its row says so.
                on_done.emit(());
            }
        })
    };
    let cancel = {
        let (form, before, on_done) = (form.clone(), before, props.on_done.clone());
        let field = view.as_ref().and_then(|view| view.field(&props.field));
        let unsaved = unsaved.clone();
        Callback::from(move |()| {
            *unsaved.borrow_mut() = None;
            if let (true, Some(field), Some(value)) = (changed, &field, before.borrow().clone()) {
                form.on_input().emit((field.clone(), value));
            }
            on_done.emit(());
        })
    };
    Edit {
        save,
        cancel,
        saving: *saving,
        refused: refused.filter(|_| wrong.is_empty()).map(|(_, message)| message),
    }
}

/// The form whose value is typed and not saved.
type Unsaved = Rc<RefCell<Option<FormHandle>>>;

/// Its row may go out of sight while it is typed in: what was typed is saved then. This stands before the form
/// itself, which is closed after it.
#[hook]
fn use_unsaved() -> Unsaved {
    let unsaved: Unsaved = use_mut_ref(|| None);
    {
        let unsaved = Rc::clone(&unsaved);
        use_effect_with((), move |()| {
            move || {
                if let Some(form) = unsaved.borrow_mut().take() {
                    form.command(FormCommand::save());
                }
            }
        });
    }
    unsaved
}

/// The cursor goes into the input as soon as it can be used.
#[hook]
fn use_focus(form: &FormHandle) {
    let can_edit = form.state.view.as_ref().map(|view| view.can_edit());
    use_effect_with(can_edit, move |can_edit| {
        let id = match can_edit {
            Some(true) => INPUT,
            Some(false) => "cell-cancel",
            None => return,
        };
        let input = gloo_utils::document().get_element_by_id(id);
        if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
            // It can only fail for an element that cannot have the focus.
            input.focus().ok();
        }
    });
}
