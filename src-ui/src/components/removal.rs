//! Taking a record out of its list, and the way back, on its own page.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::FormKind;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::Dialog;
use crate::hooks::{FormHandle, use_entities};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RemovalProps {
    /// The form.
    pub(crate) form: FormHandle,
    /// What it shows.
    pub(crate) view: Rc<FormSnapshot>,
    /// Whether the server is reached.
    pub(crate) live: bool,
}

/// The buttons; a question comes before what is done.
#[component]
pub(crate) fn RemovalActions(props: &RemovalProps) -> Html {
    let asking = use_state_eq(|| None::<DeletionKind>);
    let RemovalProps { form, view, live } = props;
    {
        // Somebody else did it meanwhile: the question is over.
        let asking = asking.setter();
        use_effect_with(view.gone.is_some(), move |_| asking.set(None));
    }
    let ask = |how: DeletionKind| {
        let asking = asking.setter();
        Callback::from(move |_: MouseEvent| asking.set(Some(how)))
    };
    let cancel = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    if view.gone.is_some() {
        let disabled = !live;
        let restore = {
            let form = form.clone();
            Callback::from(move |_: MouseEvent| form.command(FormCommand::Restore))
        };
        return html! {
            <Button id="bring-back" variant={ButtonVariant::Primary} {disabled} onclick={restore} label={t::common::restore()} />
        };
    }
    html! {
        <>
            if view.form.kind == FormKind::Record {
                <Button id="archive" variant={ButtonVariant::Link} onclick={ask(DeletionKind::Archived)} label={t::form::archive()} />
            }
            <Button id="delete" variant={ButtonVariant::Link} onclick={ask(DeletionKind::Deleted)} label={t::common::delete()} />
            if let Some(how) = *asking {
                <Question {how} view={view.clone()} form={form.clone()} {cancel} />
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct QuestionProps {
    how: DeletionKind,
    view: Rc<FormSnapshot>,
    form: FormHandle,
    cancel: Callback<()>,
}

#[component]
fn Question(props: &QuestionProps) -> Html {
    let QuestionProps {
        how,
        view,
        form,
        cancel,
    } = props;
    let how = *how;
    let records = use_entities()
        .living()
        .find(|row| row.entity.id == view.entity.id)
        .map_or(0, |row| row.records);
    let unsaved = if view.unsaved() { "yes" } else { "no" };
    let (title, text, label) = match (view.form.kind, how) {
        (FormKind::Entity, _) => {
            let title = t::form::ask_to_delete(&view.entity.label_plural);
            let text = t::form::what_deletes_a_collection(records, unsaved);
            (title, text, t::form::delete_with_records())
        }
        (FormKind::Record, DeletionKind::Archived) => {
            let text = t::form::goes_to_the_archive(unsaved);
            (t::form::ask_to_archive_record().to_owned(), text, t::form::archive())
        }
        (FormKind::Record, DeletionKind::Deleted) => {
            let text = t::form::goes_to_the_bin(unsaved);
            (t::form::ask_to_delete_record().to_owned(), text, t::common::delete())
        }
    };
    let act = {
        let (form, cancel) = (form.clone(), cancel.clone());
        Callback::from(move |_: MouseEvent| {
            form.command(FormCommand::Delete { kind: how });
            cancel.emit(());
        })
    };
    let editor = view.owner().filter(|owner| Some(owner.ticket) != view.me);
    html! {
        <Dialog {title} on_cancel={cancel.clone()}>
            if let Some(editor) = editor {
                <p><strong>{ t::form::is_editing_now(&editor.person.name) }</strong></p>
            }
            <p>{ text }</p>
            <div class="baton-actions">
                <Button variant={ButtonVariant::Secondary} onclick={cancel.reform(|_| ())} label={t::common::cancel()} />
                <Button id="remove-yes" variant={ButtonVariant::Danger} onclick={act} {label} />
            </div>
        </Dialog>
    }
}
