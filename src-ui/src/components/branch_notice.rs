//! The viewer's own text that the server never accepted: to read, to copy, to drop (semantics 3.8).

use std::rc::Rc;

use baton_protocol::record::Values;
use baton_protocol::view::FormView;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::hooks::FormHandle;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct BranchNoticeProps {
    /// What happened.
    pub(crate) why: String,
    /// The text.
    pub(crate) values: Values,
    /// The form that it was typed into.
    pub(crate) view: Rc<FormView>,
    /// The way to drop it.
    pub(crate) form: FormHandle,
}

/// The notice.
#[component]
pub(crate) fn BranchNotice(props: &BranchNoticeProps) -> Html {
    let fields = props.view.fields();
    let label = |name: &str| {
        fields
            .iter()
            .find(|field| field.name == name)
            .map_or_else(|| name.to_owned(), |field| field.label.clone())
    };
    let drop = {
        let form = props.form.clone();
        Callback::from(move |_: MouseEvent| form.drop_branch())
    };
    html! {
        <div class="baton-notice" id="branch">
            <Alert inline=true r#type={AlertType::Warning} title="Your own text is kept">
                <p>{ &props.why }</p>
                { for props.values.iter().map(|(name, value)| html! {
                    <label class="baton-branch-field">
                        <span class="baton-label">{ label(name) }</span>
                        <span class="pf-v6-c-form-control pf-m-readonly">
                            <textarea readonly=true rows="2" value={value.text().to_owned()} />
                        </span>
                    </label>
                }) }
                <Button variant={ButtonVariant::Link} onclick={drop} label="I have what I need, drop it" />
            </Alert>
        </div>
    }
}
