//! The contract between the UI and the desktop's shell: every call with its reply, and every event.
//! Both ends compile against these types, so no call can be misspelt.

mod call;
mod connection;
mod event;
mod installation;

pub use call::*;
pub use connection::{BegunSignIn, Check, Checked, ConnectionDetails, Started};
pub use event::{
    Alert, Destination, EventBatch, FormUpdate, Link, OutboxEntry, PendingComment, PendingEdit, TopicUpdate, UiEvent,
};
pub use installation::{InstallationDetails, Preference, SettingOrigin, SettingShown, UpdateState, ZoomStep};
