//! Taking a record out of its list, and the way back, on its own page.

use std::rc::Rc;

use baton_protocol::deletion::DeletionKind;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::FormKind;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::Dialog;
use crate::format;
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
            <Button id="bring-back" variant={ButtonVariant::Primary} {disabled} onclick={restore} label="Restore" />
        };
    }
    html! {
        <>
            if view.form.kind == FormKind::Record {
                <Button id="archive" variant={ButtonVariant::Link} onclick={ask(DeletionKind::Archived)} label="Archive" />
            }
            <Button id="delete" variant={ButtonVariant::Link} onclick={ask(DeletionKind::Deleted)} label="Delete" />
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
    let kept = if view.unsaved() {
        ", and what is unsaved in it is kept with it"
    } else {
        ""
    };
    let (title, text, label) = match (view.form.kind, how) {
        (FormKind::Entity, _) => {
            let title = format!("Delete {}?", view.entity.label_plural);
            let go = match records {
                1 => "Its record goes".to_owned(),
                many => format!("Its {} go", format::count(many, "record", "records")),
            };
            let text = format!("{go} with it{kept}. An admin can bring all of it back from the page of all content.");
            (title, text, "Delete it with its records")
        }
        (FormKind::Record, DeletionKind::Archived) => {
            let text = format!("It goes to the archive{kept}. Anybody who edits can restore it from there.");
            ("Archive this record?".to_owned(), text, "Archive")
        }
        (FormKind::Record, DeletionKind::Deleted) => {
            let text = format!("It goes to the bin{kept}. Anybody who edits can restore it from there.");
            ("Delete this record?".to_owned(), text, "Delete")
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
                <p><strong>{ format!("{} is editing it at this moment.", editor.person.name) }</strong></p>
            }
            <p>{ text }</p>
            <div class="baton-actions">
                <Button variant={ButtonVariant::Secondary} onclick={cancel.reform(|_| ())} label="Cancel" />
                <Button id="remove-yes" variant={ButtonVariant::Danger} onclick={act} {label} />
            </div>
        </Dialog>
    }
}
