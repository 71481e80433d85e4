//! What the person is told of: read once for the whole window.

use std::collections::BTreeMap;
use std::rc::Rc;

use baton_protocol::id::{JobId, RecordId};
use baton_protocol::message::{GetNotifications, Problem, ReadNotifications};
use baton_protocol::notification::{Notification, NotificationSubject, ReadMark};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_hooks::use_event_with_window;

use crate::backend;
use crate::hooks::use_session;

/// What the person is told of, newest first; `None` until it is read.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Notifications(pub(crate) Option<Result<Rc<Vec<Notification>>, Problem>>);

impl Notifications {
    /// What they have not read.
    pub(crate) fn unread(&self) -> impl Iterator<Item = &Notification> {
        let all = self.0.iter().flatten().flat_map(|all| all.iter());
        all.filter(|one| !one.read)
    }
}

/// Reads what the person is told of, again whenever it is something else.
#[hook]
pub(crate) fn use_notifications_provider() -> Notifications {
    let session = use_session();
    // What they may see may be less than before.
    let changed = session.state().map(|state| (state.notifications, state.rights.clone()));
    let live = session.live();
    let all = use_state_eq(Notifications::default);
    {
        let all = all.setter();
        use_effect_with((changed, live), move |(_, live)| {
            if *live {
                spawn_local(async move {
                    let read = backend::query(GetNotifications {}).await;
                    all.set(Notifications(Some(read.map(Rc::new))));
                });
            }
        });
    }
    (*all).clone()
}

/// What the person is told of.
#[hook]
pub(crate) fn use_notifications() -> Notifications {
    use_context().unwrap_or_default()
}

/// How much of it is unread, by the record that it is about.
#[hook]
pub(crate) fn use_unread_by_record() -> Rc<BTreeMap<RecordId, usize>> {
    let notifications = use_notifications();
    use_memo(notifications, |notifications| {
        let mut unread = BTreeMap::new();
        for record in notifications.unread().filter_map(|one| one.what.about.record()) {
            *unread.entry(record).or_default() += 1;
        }
        unread
    })
}

/// What is about an import counts as read where its person sees what came of it.
#[hook]
pub(crate) fn use_import_read(job: Option<JobId>) {
    let notifications = use_notifications();
    let is_of_import =
        |one: &&Notification| matches!(one.what.about, NotificationSubject::Import { job: of, .. } if Some(of) == job);
    let unread = notifications.unread().find(is_of_import).map(|one| one.id);
    use_effect_with(unread, |unread| {
        if let Some(id) = *unread {
            spawn_local(async move {
                let read = ReadMark::One(id);
                // It stays unread.
                backend::query(ReadNotifications { read }).await.ok();
            });
        }
    });
}

/// What is about a record counts as read while its person looks at it.
#[hook]
pub(crate) fn use_read_here(record: RecordId) {
    let notifications = use_notifications();
    let here = notifications
        .unread()
        .filter(|one| one.what.about.record() == Some(record));
    let newest = here.map(|one| one.id).max();
    let looks = use_state_eq(|| gloo_utils::document().has_focus().unwrap_or(true));
    {
        let looks = looks.setter();
        use_event_with_window("focus", move |_: Event| looks.set(true));
    }
    {
        let looks = looks.setter();
        use_event_with_window("blur", move |_: Event| looks.set(false));
    }
    use_effect_with((record, newest.filter(|_| *looks)), |(record, newest)| {
        if newest.is_some() {
            let read = ReadMark::Record(*record);
            spawn_local(async move {
                // It stays unread.
                backend::query(ReadNotifications { read }).await.ok();
            });
        }
    });
}
