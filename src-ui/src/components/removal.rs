//! Taking a record out of its list, and the way back, on its own page.

use std::rc::Rc;

use baton_protocol::record::Removal;
use baton_protocol::view::FormView;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::Dialog;
use crate::hooks::FormHandle;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RemovalProps {
    /// The form.
    pub(crate) form: FormHandle,
    /// What it shows.
    pub(crate) view: Rc<FormView>,
    /// Whether the server is reached.
    pub(crate) live: bool,
}

/// The buttons; a question comes before what is done.
#[component]
pub(crate) fn RemovalActions(props: &RemovalProps) -> Html {
    let asking = use_state_eq(|| None::<Removal>);
    let RemovalProps { form, view, live } = props;
    {
        // Somebody else did it meanwhile: the question is over.
        let asking = asking.setter();
        use_effect_with(view.gone.is_some(), move |_| asking.set(None));
    }
    let ask = |how: Removal| {
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
            Callback::from(move |_: MouseEvent| form.bring_back())
        };
        return html! {
            <Button id="bring-back" variant={ButtonVariant::Primary} {disabled} onclick={restore} label="Restore" />
        };
    }
    html! {
        <>
            <Button id="archive" variant={ButtonVariant::Link} onclick={ask(Removal::Archived)} label="Archive" />
            <Button id="delete" variant={ButtonVariant::Link} onclick={ask(Removal::Deleted)} label="Delete" />
            if let Some(how) = *asking {
                <Question {how} view={view.clone()} form={form.clone()} {cancel} />
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct QuestionProps {
    how: Removal,
    view: Rc<FormView>,
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
    let (title, then, label) = match how {
        Removal::Archived => ("Archive this record?", "It goes to the archive", "Archive"),
        Removal::Deleted => ("Delete this record?", "It goes to the bin", "Delete"),
    };
    let act = {
        let (form, cancel) = (form.clone(), cancel.clone());
        Callback::from(move |_: MouseEvent| {
            form.remove(how);
            cancel.emit(());
        })
    };
    let editor = view.owner().filter(|owner| Some(owner.ticket) != view.me);
    let kept = if view.unsaved() {
        ", and what is unsaved in it is kept with it"
    } else {
        ""
    };
    html! {
        <Dialog {title} on_cancel={cancel.clone()}>
            if let Some(editor) = editor {
                <p><strong>{ format!("{} is editing it at this moment.", editor.person.name) }</strong></p>
            }
            <p>{ format!("{then}{kept}. Anybody who edits can restore it from there.") }</p>
            <div class="baton-actions">
                <Button variant={ButtonVariant::Secondary} onclick={cancel.reform(|_| ())} label="Cancel" />
                <Button id="remove-yes" variant={ButtonVariant::Danger} onclick={act} {label} />
            </div>
        </Dialog>
    }
}
