//! Links from outside, `baton://record/…`, handed in by the system when somebody presses one; and links that lead
//! outside.

use std::sync::{Mutex, PoisonError};

use baton_client::Handle;
use baton_client::core::{Control, Window as Number};
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

    pub(crate) fn put(&self, link: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(link);
    }
}

/// Shows in a window where a link leads, or why it leads nowhere.
pub(crate) fn follow(app: &AppHandle, number: Number, link: String) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let handle = app.state::<Handle>().inner().clone();
        if let Err(problem) = handle.call(number, Control::FollowLink { link }).await {
            app.state::<Events>().emit(number, UiEvent::Toast(problem.message));
        }
    });
}

/// Opens an address in the system's browser, or its mail program; never in a window of this program.
///
/// # Errors
/// It is no address of a page or a mailbox, or the system opens none.
pub(crate) async fn open_outside(address: String) -> Result<(), Problem> {
    if !rich_text::is_address(&address) {
        return Err(Problem::new(
            Code::Malformed,
            "This is no address of a page or a mailbox.",
        ));
    }
    let opened = tauri::async_runtime::spawn_blocking(move || open::that_detached(address)).await;
    opened
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| Problem::new(Code::Internal, "This system opens no links. Copy the address instead."))
}
