//! A field that is shown as soon as its record is: whoever comes by a notification is at the place that it is about.

use std::cell::RefCell;

use baton_protocol::id::RecordId;
use baton_protocol::notification::NotificationSubject;
use yew::prelude::*;

use super::use_follow::show_field;
use crate::hooks::FormHandle;

thread_local! {
    static LATER: RefCell<Option<(RecordId, String)>> = RefCell::default();
}

/// Has the field with this id shown once the record is open.
pub(crate) fn show_later(record: RecordId, field: Option<String>) {
    LATER.set(field.map(|field| (record, field)));
}

/// Has the field shown that somebody is notified of, once its record is open.
pub(crate) fn show_notified_later(about: &NotificationSubject) {
    if let Some(record) = about.record() {
        show_later(record, about.field().map(ToOwned::to_owned));
    }
}

/// Shows the field of this record that was asked for.
#[hook]
pub(crate) fn use_shown_later(form: &FormHandle) {
    let view = form.state.view.clone();
    use_effect(move || {
        let Some(view) = view else { return };
        let wanted = LATER.with_borrow_mut(|later| later.take_if(|(record, _)| record.0 == view.form.id));
        let field = wanted.and_then(|(_, id)| view.fields().into_iter().find(|field| field.id == id));
        if let Some(field) = field {
            show_field(&field.name);
        }
    });
}
