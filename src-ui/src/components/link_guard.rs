//! Links that are more than a step to another page: one out of the program shows its address first and opens in the
//! system's browser; one that is pressed with Control or the middle button opens in a new window.

use baton_locales::t;
use baton_protocol::desktop::{NewWindow, OpenLink};
use baton_protocol::rich_text::is_address;
use patternfly_yew::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;
use yew_hooks::use_event_with_window;

use crate::backend;
use crate::components::{Dialog, use_toaster};

/// The mouse's middle button.
const MIDDLE: i16 = 1;

/// Listens to presses on links.
#[component]
pub(crate) fn LinkGuard() -> Html {
    let wanted = use_state_eq(|| None::<String>);
    let toaster = use_toaster();
    {
        let wanted = wanted.clone();
        use_event_with_window("click", move |event: MouseEvent| {
            let in_new_window = event.ctrl_key() || event.meta_key();
            if let Some(page) = own_page(&event).filter(|_| in_new_window) {
                event.prevent_default();
                backend::send_quietly(NewWindow { page: Some(page) });
                return;
            }
            let Some((link, address)) = pressed(&event) else {
                return;
            };
            event.prevent_default();
            // In a text that is edited a press only puts the cursor there.
            let edited = link.closest("[contenteditable=true]").ok().flatten().is_some();
            if !edited || in_new_window {
                wanted.set(Some(address));
            }
        });
    }
    use_event_with_window("auxclick", |event: MouseEvent| {
        if let Some(page) = own_page(&event).filter(|_| event.button() == MIDDLE) {
            event.prevent_default();
            backend::send_quietly(NewWindow { page: Some(page) });
        }
    });
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
                    toaster.failed("link", problem.message.to_string());
                }
            });
        })
    };
    let to_mail = address.to_lowercase().starts_with("mailto:");
    let (title, label) = if to_mail {
        (t::shell::write_to_this_address(), t::shell::open_the_mail_program())
    } else {
        (t::shell::open_this_page(), t::shell::open_in_the_browser())
    };
    html! {
        <Dialog {title} on_cancel={close.clone()}>
            <p class="baton-quiet">{ t::shell::link_leads_outside() }</p>
            <p class="baton-address" id="link-address">{ &address }</p>
            <div class="baton-actions">
                <Button id="link-open" variant={ButtonVariant::Primary} {label} onclick={open} />
                <Button id="link-cancel" variant={ButtonVariant::Link} label={t::shell::stay_here()} onclick={close.reform(|_: MouseEvent| ())} />
            </div>
        </Dialog>
    }
}

/// The page of the program that the pressed link leads to.
fn own_page(event: &MouseEvent) -> Option<String> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href^='#/']").ok().flatten()?;
    link.get_attribute("href")?.strip_prefix('#').map(str::to_owned)
}

/// The link that was pressed, if it leads out of the program, and where.
fn pressed(event: &MouseEvent) -> Option<(Element, String)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]").ok().flatten()?;
    let address = link.get_attribute("href")?;
    is_address(&address).then_some((link, address))
}
