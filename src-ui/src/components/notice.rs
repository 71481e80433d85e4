//! What is told in the corner, for a while.

use std::time::Duration;

use patternfly_yew::prelude::{AlertType, Toast};

/// How long it stays. What must not be missed is said on the page itself.
const STAYS: Duration = Duration::from_secs(6);

/// The notice.
pub(crate) fn notice(r#type: AlertType, title: impl Into<String>) -> Toast {
    Toast {
        title: title.into(),
        r#type,
        timeout: Some(STAYS),
        ..Toast::default()
    }
}

/// The same, until it is closed.
pub(crate) fn staying_notice(title: impl Into<String>) -> Toast {
    Toast {
        timeout: None,
        ..notice(AlertType::Info, title)
    }
}
