//! What a person wants to be told of.

use std::collections::BTreeSet;
use std::rc::Rc;

use baton_locales::t;
use baton_protocol::message::{GetMuted, Mute};
use baton_protocol::notification::NotificationReason;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::{Loading, use_toaster};
use crate::hooks::use_live;
use crate::words;

/// A box for each kind of notification.
#[component]
pub(crate) fn NotificationChoices() -> Html {
    let muted = use_state_eq(|| None::<Rc<BTreeSet<NotificationReason>>>);
    let live = use_live();
    let toaster = use_toaster();
    {
        let muted = muted.setter();
        use_effect_with(live, move |_| {
            spawn_local(async move {
                if let Ok(found) = backend::query(GetMuted {}).await {
                    muted.set(Some(Rc::new(found)));
                }
            });
        });
    }
    let Some(now) = (*muted).clone() else {
        return html! { <Loading /> };
    };
    let toggle = |why: NotificationReason| {
        let (now, muted, toaster) = (Rc::clone(&now), muted.setter(), toaster.clone());
        Callback::from(move |_: Event| {
            let mut after = (*now).clone();
            if !after.remove(&why) {
                after.insert(why);
            }
            let (before, muted, toaster) = (Rc::clone(&now), muted.clone(), toaster.clone());
            muted.set(Some(Rc::new(after.clone())));
            spawn_local(async move {
                if let Err(problem) = backend::query(Mute { muted: after }).await {
                    muted.set(Some(before));
                    if let Some(toaster) = toaster {
                        toaster.failed("notifications", problem.message.to_string());
                    }
                }
            });
        })
    };
    html! {
        <fieldset class="baton-choices" id="notification-choices">
            <legend class="pf-v6-screen-reader">{ t::inbox::tell_me_when() }</legend>
            { for NotificationReason::ALL.map(|why| html! {
                <label class="baton-choice" key={why.as_str()}>
                    <input type="checkbox" data-notify={why.as_str()} checked={!now.contains(&why)} disabled={!live} onchange={toggle(why)} />
                    <span>{ words::notification_reason(why) }</span>
                </label>
            }) }
        </fieldset>
    }
}
