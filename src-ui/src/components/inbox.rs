//! What its person is told of, in the top bar: read here, it is read on all their desktops.

use baton_locales::t;
use baton_protocol::message::ReadNotifications;
use baton_protocol::notification::ReadMark;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::Loading;
use crate::hooks::{Notifications, PopoverHandle, show_notified_later, use_notifications, use_popover};
use crate::route::Route;
use crate::{backend, format, words};

/// The button with how many are unread, and behind it the list.
#[component]
pub(crate) fn Inbox() -> Html {
    let all = use_notifications();
    let PopoverHandle {
        open,
        place,
        toggle,
        close,
        on_key,
    } = use_popover();
    let unread = all.unread().count();
    let label = match unread {
        0 => t::inbox::notifications().to_owned(),
        unread => t::inbox::notifications_unread(unread),
    };
    html! {
        <div class="baton-connection" ref={place} onkeydown={on_key}>
            <button type="button" class="baton-badge baton-bell" id="inbox" aria-expanded={open.to_string()} aria-haspopup="dialog"
                aria-label={label.clone()} title={label} data-unread={unread.to_string()} onclick={toggle}>
                <i class="fas fa-bell" aria-hidden="true" />
                if unread > 0 {
                    <span class="baton-unread" aria-hidden="true">{ unread.min(99) }</span>
                }
            </button>
            if open {
                <div class="baton-popover baton-inbox" role="dialog" aria-label={t::inbox::notifications()}>
                    { list(&all, &close) }
                </div>
            }
        </div>
    }
}

fn list(all: &Notifications, close: &Callback<()>) -> Html {
    let all = match &all.0 {
        None => return html! { <Loading /> },
        Some(Err(problem)) => return html! { <p class="baton-error">{ problem.message.to_string() }</p> },
        Some(Ok(all)) if all.is_empty() => {
            return html! { <p class="baton-quiet">{ t::inbox::nothing_yet() }</p> };
        }
        Some(Ok(all)) => all,
    };
    let newest = all
        .first()
        .map(|one| one.id)
        .filter(|_| all.iter().any(|one| !one.read));
    html! {
        <>
            <ul>
                { for all.iter().map(|one| {
                    let (to, text) = (Route::of(&one.what.about), words::notification_text(&one.what));
                    let (close, id, about) = (close.clone(), one.id, one.what.about.clone());
                    let onclick = Callback::from(move |_: MouseEvent| {
                        show_notified_later(&about);
                        read(ReadMark::One(id));
                        close.emit(());
                    });
                    html! {
                        <li key={one.id} class={classes!((!one.read).then_some("baton-new"))} {onclick}>
                            <Link<Route> {to}>
                                <span>{ words::notification(&one.what) }</span>
                                if !text.is_empty() {
                                    <span class="baton-quiet baton-excerpt">{ text }</span>
                                }
                                <span class="baton-quiet">{ format::moment(one.at) }</span>
                            </Link<Route>>
                        </li>
                    }
                }) }
            </ul>
            if let Some(newest) = newest {
                <button type="button" class="baton-inline-link" id="all-read" onclick={Callback::from(move |_: MouseEvent| read(ReadMark::UpTo(newest)))}>
                    { t::inbox::mark_all_as_read() }
                </button>
            }
        </>
    }
}

fn read(read: ReadMark) {
    spawn_local(async move {
        // It stays unread, and is asked for again.
        backend::query(ReadNotifications { read }).await.ok();
    });
}
