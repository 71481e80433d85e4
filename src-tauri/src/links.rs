//! Links from outside, `baton://record/…` and `baton://invitation/…`, handed in by the system when somebody presses one; and links that lead
//! outside.

use std::sync::{Mutex, PoisonError};

use baton_client::Handle;
use baton_client::core::{Control, Window as Number};
use baton_locales::t;
use baton_protocol::desktop::UiEvent;
use baton_protocol::message::{Code, Problem};
use baton_protocol::rich_text;
use tauri::{AppHandle, Manager as _};

use crate::events::Events;

/// The link that the program was started with, until a page is there to show it.
#[derive(Default)]
pub(crate) struct FirstLink(Mutex<Option<String>>);

impl FirstLink {
    pub(crate) fn of(link: Option<String>) -> Self {
        Self(Mutex::new(link))
    }

    pub(crate) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Returns the link if its page has begun; keeps it otherwise, for the page to take when it begins.
    fn pass(&self, link: String, has_begun: impl Fn() -> bool) -> Option<String> {
        if has_begun() {
            return Some(link);
        }
        self.put(link);
        // The page may have begun, and found nothing, while the link was put there.
        has_begun().then(|| self.take()).flatten()
    }

    pub(crate) fn put(&self, link: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(link);
    }
}

/// Shows in a window where a link leads, or why it leads nowhere; once its page is there.
pub(crate) fn follow(app: &AppHandle, number: Number, link: String) {
    let Some(link) = app
        .state::<FirstLink>()
        .pass(link, || app.state::<Events>().has_begun(number))
    else {
        return;
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let handle = app.state::<Handle>().inner().clone();
        if let Err(problem) = handle.call(number, Control::FollowLink { link }).await {
            app.state::<Events>()
                .emit(number, UiEvent::Toast(problem.message.to_string()));
        }
    });
}

/// Opens an address in the system's browser, or its mail program; never in a window of this program.
///
/// # Errors
/// It is no address of a page or a mailbox, or the system opens none.
pub(crate) async fn open_outside(address: String) -> Result<(), Problem> {
    if !rich_text::is_address(&address) {
        return Err(Problem::new(Code::Malformed, t::desktop::no_address_of_a_page()));
    }
    let opened = tauri::async_runtime::spawn_blocking(move || open::that_detached(address)).await;
    opened
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| Problem::new(Code::Internal, t::desktop::opens_no_links()))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_link_waits_for_its_page_and_is_shown_once() {
        let first = FirstLink::of(None);
        assert_eq!(first.pass("a".into(), || true), Some("a".into()));
        assert_eq!(first.take(), None);
        assert_eq!(first.pass("b".into(), || false), None);
        assert_eq!(first.take(), Some("b".into()), "the page takes it when it begins");
        // It begins just now.
        let looks = Cell::new(0);
        let begins = || looks.replace(looks.get() + 1) > 0;
        assert_eq!(first.pass("c".into(), begins), Some("c".into()));
        assert_eq!(first.take(), None);
    }
}
