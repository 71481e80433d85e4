//! A link out of the program: its address is shown first, and it opens in the system's browser.

use baton_protocol::desktop::OpenLink;
use baton_protocol::rich_text::is_address;
use patternfly_yew::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;
use yew_hooks::use_event_with_window;

use crate::backend;
use crate::components::{Dialog, notice};

/// Listens to presses on links.
#[component]
pub(crate) fn LinkGuard() -> Html {
    let wanted = use_state_eq(|| None::<String>);
    let toaster = use_toaster();
    {
        let wanted = wanted.clone();
        use_event_with_window("click", move |event: MouseEvent| {
            let Some((link, address)) = pressed(&event) else {
                return;
            };
            event.prevent_default();
            // In a text that is edited a press only puts the cursor there.
            let edited = link.closest("[contenteditable=true]").ok().flatten().is_some();
            if !edited || event.ctrl_key() || event.meta_key() {
                wanted.set(Some(address));
            }
        });
    }
    let Some(address) = (*wanted).clone() else {
        return Html::default();
    };
    let close = {
        let wanted = wanted.setter();
        Callback::from(move |()| wanted.set(None))
    };
    let open = {
        let (close, address) = (close.clone(), address.clone());
        Callback::from(move |_: MouseEvent| {
            let (toaster, address) = (toaster.clone(), address.clone());
            close.emit(());
            spawn_local(async move {
                if let (Err(problem), Some(toaster)) = (backend::call(OpenLink { address }).await, toaster) {
                    toaster.toast(notice(AlertType::Danger, problem.message));
                }
            });
        })
    };
    let to_mail = address.to_lowercase().starts_with("mailto:");
    let (title, label) = if to_mail {
        ("Write to this address?", "Open the mail program")
    } else {
        ("Open this page?", "Open in the browser")
    };
    html! {
        <Dialog {title} on_cancel={close.clone()}>
            <p class="baton-quiet">{ "This link leads outside Baton. Check its address before you open it." }</p>
            <p class="baton-address" id="link-address">{ &address }</p>
            <div class="baton-actions">
                <Button id="link-open" variant={ButtonVariant::Primary} {label} onclick={open} />
                <Button id="link-cancel" variant={ButtonVariant::Link} label="Stay here" onclick={close.reform(|_: MouseEvent| ())} />
            </div>
        </Dialog>
    }
}

/// The link that was pressed, if it leads out of the program, and where.
fn pressed(event: &MouseEvent) -> Option<(Element, String)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]").ok().flatten()?;
    let address = link.get_attribute("href")?;
    is_address(&address).then_some((link, address))
}
