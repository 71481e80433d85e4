//! Who is told of what happens to a record's form, wherever they are (semantics 7.7).

use baton_protocol::audit::{Act, OwnerReason};
use baton_protocol::entity::Entity;
use baton_protocol::form::{Effect, Form, TransferReason};
use baton_protocol::id::{FormKind, RecordId, UserId};
use baton_protocol::message::ToClient;
use baton_protocol::notification::{NotificationBody, NotificationReason, NotificationSubject};
use baton_protocol::person::Person;
use baton_protocol::rights::Rights;
use baton_protocol::time::Timestamp;

use super::{Forms, Loaded};
use crate::store::NewNotification;

impl Forms {
    /// Whom these acts are told.
    pub(super) async fn notifications(
        &self,
        loaded: &Loaded,
        acts: &[(Option<Person>, Act)],
        effects: &[Effect],
        now: Timestamp,
    ) -> Vec<NewNotification> {
        let form = &loaded.form;
        if form.key.kind != FormKind::Record || form.version.0 == 0 {
            return Vec::new();
        }
        let mut notify = Vec::new();
        let mut add = |user: UserId, by: &Person, why: NotificationReason| {
            let what = body(form, by, why);
            notify.push(NewNotification { user, at: now, what });
        };
        for (by, act) in acts {
            if let (Act::AskedToEdit(_), Some(by), Some(owner)) = (act, by, form.queue.owner())
                && owner.person.id != by.id
            {
                add(owner.person.id, by, NotificationReason::Asked);
            }
            if let Some((user, by, why)) = of_owner(act) {
                add(user, by, why);
            }
            // Who follows a record knows of its first save.
            if let (Act::Saved(_, version), Some(by)) = (act, by)
                && version.0 > 1
            {
                for follower in self.followers(RecordId(form.key.id)).await {
                    let rights = self.shared.accounts.rights(follower);
                    if follower != by.id && rights.sees(&loaded.entity) && sees_any(&rights, &loaded.entity, effects) {
                        add(follower, by, NotificationReason::Saved);
                    }
                }
            }
        }
        notify
    }

    /// Who follows a record; nobody where that cannot be read: a save does not fail for it.
    async fn followers(&self, record: RecordId) -> Vec<UserId> {
        self.shared.store.followers(record).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "nobody is told of a save");
            Vec::new()
        })
    }

    /// Tells them, now that it is stored. What concerns somebody's own place is told by the form itself, too.
    pub(super) fn notify(&self, notify: Vec<NewNotification>) {
        for NewNotification { user, what, .. } in notify {
            if what.why == NotificationReason::Saved {
                self.shared.bus.publish_notification(user, what);
            } else {
                self.shared.bus.publish_to_person(user, &ToClient::NotificationsChanged);
            }
        }
    }
}

/// Whether somebody with these rights sees anything of what a save changed: else that there was one is hidden, too.
fn sees_any(rights: &Rights, entity: &Entity, effects: &[Effect]) -> bool {
    let hidden = &rights.permission(entity.id).hidden;
    let changed = effects.iter().filter_map(|effect| match effect {
        Effect::Save(saved) => Some(&saved.history),
        Effect::Append(_) | Effect::Removed(_) | Effect::Tell(_) | Effect::PresenceChanged(_) => None,
    });
    let is_seen = |name: &str| entity.field(name).is_none_or(|field| !hidden.contains(&field.id));
    hidden.is_empty() || changed.flatten().any(|change| is_seen(&change.field))
}

/// Whom it is told that a form passed on, who did it, and how.
fn of_owner(act: &Act) -> Option<(UserId, &Person, NotificationReason)> {
    let Act::Owner {
        from: Some(from),
        to: Some(to),
        why,
        ..
    } = act
    else {
        return None;
    };
    if from.id == to.id {
        // In another window of theirs, and by their own doing.
        return None;
    }
    match why {
        OwnerReason::Transferred(TransferReason::TakenOver) => Some((from.id, to, NotificationReason::TakenOver)),
        OwnerReason::Transferred(TransferReason::HandedOver) => Some((to.id, from, NotificationReason::HandedOver)),
        OwnerReason::Transferred(TransferReason::Idle)
        | OwnerReason::Left
        | OwnerReason::Unreachable
        | OwnerReason::Revoked
        | OwnerReason::Released
        | OwnerReason::SignInEnded => Some((to.id, from, NotificationReason::Promoted)),
        OwnerReason::Transferred(TransferReason::Moved) | OwnerReason::Opened | OwnerReason::Closed => None,
    }
}

fn body(form: &Form, by: &Person, why: NotificationReason) -> NotificationBody {
    NotificationBody {
        by: by.clone(),
        about: NotificationSubject::Record {
            record: RecordId(form.key.id),
            entity: form.entity,
            field: None,
        },
        title: form.title().to_owned(),
        text: String::new(),
        why,
    }
}
