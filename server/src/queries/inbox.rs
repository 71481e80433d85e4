//! What people are told of, what they follow, and what they do not want to hear (semantics 7.7).

use std::collections::BTreeSet;

use baton_protocol::id::RecordId;
use baton_protocol::message::{FollowRecord, Mute, Problem, ReadNotifications, ToClient};
use baton_protocol::notification::{Notification, NotificationReason};

use super::comments::{entity_of, sees};
use crate::app::App;
use crate::rights::SignedIn;
use crate::store::{RecordMark, Write};

/// What the viewer is told of, newest first: of records that they still see.
pub(crate) async fn all(app: &App, viewer: &SignedIn) -> Result<Vec<Notification>, Problem> {
    let mut notifications = app.store.notifications(viewer.id()).await?;
    notifications.retain(|notification| {
        let body = &notification.what;
        let entity = app.bus.definitions().get(body.about.entity());
        entity.is_some_and(|entity| viewer.rights().sees(&entity) && sees(viewer.rights(), &entity, body.about.field()))
    });
    Ok(notifications)
}

/// The viewer has read what they are told of; their other desktops are told that.
pub(crate) async fn read(app: &App, viewer: &SignedIn, query: ReadNotifications) -> Result<(), Problem> {
    let write = Write::ReadNotifications(viewer.id(), query.read);
    app.store.write(write).await?;
    app.bus.publish_to_person(viewer.id(), &ToClient::NotificationsChanged);
    Ok(())
}

/// The viewer is told of every save of a record from now on, or no more.
pub(crate) async fn follow(app: &App, viewer: &SignedIn, query: FollowRecord) -> Result<(), Problem> {
    entity_of(app, viewer, query.record).await?;
    let write = Write::Mark(viewer.id(), query.record, RecordMark::Followed, query.follow);
    Ok(app.store.write(write).await?)
}

/// Whether the viewer is told of every save of a record.
pub(crate) async fn is_followed(app: &App, viewer: &SignedIn, record: RecordId) -> Result<bool, Problem> {
    entity_of(app, viewer, record).await?;
    Ok(app.store.is_follower(viewer.id(), record).await?)
}

/// Which reasons the viewer has muted.
pub(crate) async fn muted(app: &App, viewer: &SignedIn) -> Result<BTreeSet<NotificationReason>, Problem> {
    Ok(app.store.muted(viewer.id()).await?)
}

/// Stores which reasons notify the viewer no longer.
pub(crate) async fn mute(app: &App, viewer: &SignedIn, query: Mute) -> Result<(), Problem> {
    Ok(app.store.write(Write::Mute(viewer.id(), query.muted)).await?)
}
