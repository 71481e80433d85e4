//! Whoever began an import is told when it is over, wherever they are by then.

use baton_protocol::id::{EntityId, JobId};
use baton_protocol::job::JobOutcome;
use baton_protocol::notification::{NotificationBody, NotificationReason, NotificationSubject};
use baton_protocol::person::Person;

use crate::app::App;
use crate::store::{NewNotification, Write};

pub(super) async fn notify(app: &App, person: &Person, (job, entity): (JobId, EntityId), outcome: &JobOutcome) {
    let Some(definition) = app.bus.definitions().get(entity) else {
        // It is gone, and they cannot go there.
        return;
    };
    let what = NotificationBody {
        by: person.clone(),
        about: NotificationSubject::Import {
            job,
            entity,
            records: outcome.records,
            left_out: outcome.left_out,
            problem: outcome.problem.clone(),
        },
        title: definition.label_plural.clone(),
        text: String::new(),
        why: NotificationReason::ImportEnded,
    };
    let new = NewNotification {
        user: person.id,
        at: app.clock.now(),
        what: what.clone(),
    };
    if let Err(error) = app.store.write(Write::Notify(new)).await {
        tracing::warn!(%error, "nobody is told that an import is over");
        return;
    }
    let muted = app.store.muted(person.id).await;
    if muted.is_ok_and(|muted| !muted.contains(&what.why)) {
        app.bus.publish_notification(person.id, what);
    }
}
