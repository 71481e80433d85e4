//! The viewer's own text that the server never accepted: to compare, to use, to copy, to drop
//! (semantics 3.8).

use std::rc::Rc;

use baton_protocol::desktop::KeptText;
use baton_protocol::view::FormView;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::word_diff;
use crate::hooks::FormHandle;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct BranchNoticeProps {
    /// What happened.
    pub(crate) why: String,
    /// The texts, oldest first.
    pub(crate) texts: Vec<KeptText>,
    /// The form that they were typed into.
    pub(crate) view: Rc<FormView>,
    /// The way to use and to drop them.
    pub(crate) form: FormHandle,
}

/// The notice.
#[component]
pub(crate) fn BranchNotice(props: &BranchNoticeProps) -> Html {
    let drop = {
        let form = props.form.clone();
        Callback::from(move |_: MouseEvent| form.drop_branch())
    };
    html! {
        <div class="baton-notice" id="branch">
            <Alert inline=true r#type={AlertType::Warning} title="Your own text is kept">
                <p>{ &props.why }</p>
                { for props.texts.iter().map(|kept| html! {
                    <Kept kept={kept.clone()} view={props.view.clone()} form={props.form.clone()} />
                }) }
                <Button variant={ButtonVariant::Link} onclick={drop} label="I have what I need, drop it" />
            </Alert>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct KeptProps {
    kept: KeptText,
    view: Rc<FormView>,
    form: FormHandle,
}

/// One kept text beside what the form says now.
#[component]
fn Kept(props: &KeptProps) -> Html {
    let comparing = use_state_eq(|| false);
    let KeptProps { kept, view, form } = props;
    let field = view.fields().into_iter().find(|field| field.name == kept.field);
    let label = field
        .as_ref()
        .map_or_else(|| kept.field.clone(), |field| field.label.clone());
    let now = view.value(&kept.field);
    let toggle = {
        let comparing = comparing.clone();
        Callback::from(move |_: MouseEvent| comparing.set(!*comparing))
    };
    let use_it = field.filter(|_| view.can_edit() && *now != kept.value).map(|field| {
        let (on_input, value) = (form.on_input(), kept.value.clone());
        Callback::from(move |_: MouseEvent| on_input.emit((field.clone(), value.clone())))
    });
    html! {
        <div class="baton-branch-field" data-kept={kept.field.clone()}>
            <label>
                <span class="baton-label">{ label }</span>
                if *comparing {
                    <p class="baton-difference">{ word_diff(now, &kept.value) }</p>
                } else {
                    <span class="pf-v6-c-form-control pf-m-readonly">
                        <textarea readonly=true rows="2" value={kept.value.text().to_owned()} />
                    </span>
                }
            </label>
            <div class="baton-branch-actions">
                <Button variant={ButtonVariant::Link} onclick={toggle}
                    label={if *comparing { "Show the text" } else { "Compare with the form" }} />
                if let Some(use_it) = use_it {
                    <Button variant={ButtonVariant::Link} onclick={use_it} label="Put it into the form" />
                }
            </div>
        </div>
    }
}
