//! A record that is made while it is linked: what it cannot do without, in a dialog.

use baton_locales::t;
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::values::TITLE;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;

use crate::components::{Dialog, FieldRow, Loading};
use crate::hooks::{FormHandle, Opening, use_opened_form, use_session};
use crate::keys;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct NewLinkedRecordProps {
    /// The entity that it is made in.
    pub(crate) target: EntityId,
    /// What its title begins with.
    pub(crate) title: String,
    /// It was saved.
    pub(crate) on_made: Callback<RecordId>,
    pub(crate) on_cancel: Callback<()>,
}

/// The dialog. What is not saved is discarded with it.
#[component]
pub(crate) fn NewLinkedRecord(props: &NewLinkedRecordProps) -> Html {
    let record = *use_memo((), |()| RecordId(Uuid::now_v7()));
    let form = use_opened_form(FormKey::record(record), props.target, Opening::Edit);
    use_title(&form, &props.title);
    let live = use_session().live();
    let version = form.state.view.as_ref().map(|view| view.version.0).unwrap_or_default();
    {
        let on_made = props.on_made.clone();
        use_effect_with(version > 0, move |is_saved| {
            if *is_saved {
                on_made.emit(record);
            }
        });
    }
    let cancel = {
        let (form, on_cancel) = (form.clone(), props.on_cancel.clone());
        Callback::from(move |()| {
            form.command(FormCommand::discard_draft());
            on_cancel.emit(());
        })
    };
    let create = {
        let form = form.clone();
        Callback::from(move |()| form.command(FormCommand::save()))
    };
    let onkeydown = {
        let create = create.clone();
        Callback::from(move |event: KeyboardEvent| {
            let enters = event.key() == "Enter" && keys::in_a_line(&event);
            let saves = enters || keys::command(&event) == Some('s');
            if saves && !event.default_prevented() {
                event.prevent_default();
                create.emit(());
            }
            // The form around it has the same keys.
            if saves || keys::history(&event).is_some() {
                event.stop_propagation();
            }
        })
    };
    let label = form
        .state
        .view
        .as_ref()
        .map(|view| view.entity.label.clone())
        .unwrap_or_default();
    html! {
        <Dialog title={t::shell::new_of(&label)} on_cancel={cancel.clone()}>
            <div class="baton-new-linked" {onkeydown}>
                { fields(&form) }
                if let Some(why) = refusal(&form) {
                    <p class="baton-error" id="linked-refused">{ why }</p>
                } else if !live {
                    <p class="baton-quiet">{ t::form::created_once_server_is_reached() }</p>
                }
                <div class="baton-actions">
                    <Button id="linked-create" variant={ButtonVariant::Primary} label={t::form::create_and_link()} disabled={!live} onclick={create.reform(|_: MouseEvent| ())} />
                    <Button id="linked-cancel" variant={ButtonVariant::Link} label={t::common::cancel()} onclick={cancel.reform(|_: MouseEvent| ())} />
                </div>
            </div>
        </Dialog>
    }
}

/// The fields that a record cannot do without, or why they are not there.
fn fields(form: &FormHandle) -> Html {
    if let Some(problem) = &form.state.problem {
        return html! { <p class="baton-error">{ problem.message.to_string() }</p> };
    }
    let Some(view) = form.state.view.clone() else {
        return html! { <Loading /> };
    };
    let fields = view.fields().into_iter().filter(|field| is_needed(&view, &field.name));
    html! {
        <>
            { for fields.map(|field| {
                let name = field.name.clone();
                html! {
                    <FieldRow key={name.clone()} prefix="linked" value={view.value(&name).clone()} can_edit=true
                        error={view.error(&name).map(ToString::to_string)} unsaved=false here={None} {field}
                        status_needs={name == TITLE} on_input={form.on_input()} on_focus={form.on_focus()} />
                }
            }) }
        </>
    }
}

/// Fills in the title, once.
#[hook]
fn use_title(form: &FormHandle, title: &str) {
    let filled = use_mut_ref(|| false);
    let view = form.state.view.as_ref().filter(|view| view.can_edit());
    let field = view.and_then(|view| view.field(TITLE));
    let (form, title) = (form.clone(), title.to_owned());
    use_effect_with(field.is_some(), move |_| {
        if let Some(field) = field.filter(|_| !filled.replace(true)) {
            form.on_input().emit((field, Value::from_text(title)));
        }
    });
}

/// Why it was not saved, as far as none of the fields says so.
fn refusal(form: &FormHandle) -> Option<String> {
    if let Some((_, problem)) = form.state.refusal() {
        return Some(problem.message.to_string());
    }
    let view = form.state.view.as_ref()?;
    let elsewhere = view.errors.iter().find(|error| !is_needed(view, &error.field));
    elsewhere.map(|error| error.message.to_string())
}

/// Whether the dialog asks for a field.
fn is_needed(view: &FormSnapshot, name: &str) -> bool {
    let is_required = view.field(name).is_some_and(|field| field.required);
    (name == TITLE || is_required) && view.can_edit_field(name)
}
