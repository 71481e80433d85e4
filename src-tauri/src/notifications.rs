//! Desktop notifications for what happens in a window that does not have the focus.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use baton_client::core::Window as Number;
use baton_locales::t;
use baton_protocol::desktop::{Alert, Destination, UiEvent};
use baton_protocol::message::PersonalNotice;
use baton_protocol::notification::{NotificationBody, NotificationReason, NotificationSubject};
use notify_rust::Notification;
use tauri::{AppHandle, Manager as _};

use crate::events::Events;
use crate::window;

/// How many notifications wait for a click at once; later ones are only shown.
const MAX_OPEN: usize = 32;

static OPEN: AtomicUsize = AtomicUsize::new(0);

/// Shows an alert of a window, unless that window has the focus.
pub(crate) fn notify(app: &AppHandle, number: Number, alert: &Alert) {
    if window::has_focus(app, number) {
        return;
    }
    window::ask_for_attention(app, number);
    let (title, text) = words(alert);
    show(app, &title, &text, move |app| window::show(app, number));
}

/// Shows what a person is told, unless they look at a window of this program.
pub(crate) fn notify_person(app: &AppHandle, notice: &PersonalNotice) {
    if window::any_has_focus(app) {
        return;
    }
    let (title, text) = match notice {
        PersonalNotice::Message { from, text } => (t::desktop::person_says(&from.name), text.clone()),
        PersonalNotice::Notification(body) => (notification_title(body), body.text.clone()),
        PersonalNotice::SignInsPaused { email, seconds } => (
            t::desktop::sign_ins_paused(email),
            t::desktop::ten_failed(seconds.div_ceil(60)),
        ),
    };
    let to = match notice {
        PersonalNotice::Notification(body) => Some(destination(&body.about)),
        PersonalNotice::Message { .. } | PersonalNotice::SignInsPaused { .. } => None,
    };
    show(app, &title, &text, move |app| {
        window::come_to_the_front(app);
        if let (Some(to), Some(number)) = (to, window::in_front(app)) {
            app.state::<Events>().emit(number, UiEvent::Navigate(to));
        }
    });
}

fn destination(about: &NotificationSubject) -> Destination {
    match about {
        NotificationSubject::Import { entity, .. } => Destination::Records { entity: *entity },
        NotificationSubject::Record { entity, record, field } => Destination::Record {
            entity: *entity,
            record: *record,
            field: field.clone(),
        },
    }
}

fn notification_title(body: &NotificationBody) -> String {
    let (by, title) = (&body.by.name, &body.title);
    match body.why {
        NotificationReason::Mentioned => t::desktop::mentioned_you_at(by, title),
        NotificationReason::Answered => t::desktop::answered_you_at(by, title),
        NotificationReason::Saved => t::desktop::saved(by, title),
        NotificationReason::Asked => t::desktop::asked_to_edit(by, title),
        NotificationReason::Promoted => t::desktop::you_edit_now_after(title, by),
        NotificationReason::HandedOver => t::desktop::handed_to_you(by, title),
        NotificationReason::TakenOver => t::desktop::took_over(by, title),
        NotificationReason::ImportEnded => t::desktop::import_is_over(title),
    }
}

/// Shows a notification. A click runs `clicked`, on Linux only: elsewhere clicks are not reported.
pub(crate) fn show(app: &AppHandle, title: &str, text: &str, clicked: impl FnOnce(&AppHandle) + Send + 'static) {
    let waits_for_click = OPEN.fetch_add(1, Ordering::Relaxed) < MAX_OPEN;
    let mut notice = Notification::new();
    notice.appname("Baton").summary(title).body(text);
    #[cfg(target_os = "linux")]
    notice.icon("baton").action("default", t::desktop::open());
    let app = app.clone();
    // The system may take its time, and waits for whoever presses it.
    let waits = thread::Builder::new().name("notice".into()).spawn(move || {
        match notice.show() {
            #[cfg(target_os = "linux")]
            Ok(shown) if waits_for_click => shown.wait_for_action(|action| {
                if action == "default" {
                    clicked(&app);
                }
            }),
            Ok(_) => drop((app, clicked, waits_for_click)),
            Err(error) => tracing::info!(%error, "this system shows no notices"),
        }
        OPEN.fetch_sub(1, Ordering::Relaxed);
    });
    if let Err(error) = waits {
        OPEN.fetch_sub(1, Ordering::Relaxed);
        tracing::warn!(%error, "no notice can be shown");
    }
}

fn words(alert: &Alert) -> (String, String) {
    let named = |title: &str| match title.trim() {
        "" => t::desktop::a_new_record().to_owned(),
        title => t::common::quoted(title),
    };
    match alert {
        Alert::Asked { title, by, .. } => (
            t::desktop::asks_to_edit(by, named(title)),
            t::desktop::open_it_to_hand_it_over().into(),
        ),
        Alert::Promoted { title, .. } => (
            t::desktop::you_are_editing_now(named(title)),
            t::desktop::it_is_your_turn().into(),
        ),
    }
}
