//! A question over everything else: it takes the focus, and Escape is its harmless answer.

use yew::prelude::*;

use crate::hooks::use_first_focus;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct DialogProps {
    /// What is asked.
    pub(crate) title: AttrValue,
    /// What Escape does.
    pub(crate) on_cancel: Callback<()>,
    /// What follows from the answers, and the answers.
    pub(crate) children: Html,
}

/// The dialog.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    use_first_focus(dialog.clone());
    let onkeydown = {
        let cancel = props.on_cancel.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                cancel.emit(());
            }
        })
    };
    html! {
        <div class="baton-veil">
            <div class="baton-dialog" role="alertdialog" aria-modal="true" aria-labelledby="dialog-title"
                tabindex="-1" ref={dialog} {onkeydown}>
                <h2 class="pf-v6-c-title pf-m-lg" id="dialog-title">{ &props.title }</h2>
                { props.children.clone() }
            </div>
        </div>
    }
}
