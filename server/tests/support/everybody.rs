//! One person of each permission.

use std::collections::BTreeMap;

use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::message::{Code, Problem, ToServer};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Access, GroupChange};
use uuid::Uuid;

use super::requests::Thing;
use super::{Peer, Server, set, set_items};

/// Whether an answer is a refusal for want of a right. What is not there for somebody is not found by them.
pub(crate) fn denied<T>(answer: &Result<T, Problem>) -> bool {
    let denials = [Code::NotFound, Code::Forbidden, Code::NotJoined];
    answer.as_ref().is_err_and(|problem| denials.contains(&problem.code))
}

/// One person of each permission, none of them an admin, and an admin.
pub(crate) struct Everybody {
    pub(crate) admin: Peer,
    pub(crate) people: BTreeMap<Access, Peer>,
    groups: BTreeMap<Access, baton_protocol::id::GroupId>,
}

impl Everybody {
    pub(crate) async fn of(server: &Server) -> Self {
        let mut admin = server.peer("ada").await;
        let (mut people, mut groups) = (BTreeMap::new(), BTreeMap::new());
        for level in Access::ALL {
            let name = format!("{level:?}");
            let (peer, id) = server.newcomer(&mut admin, &name, UserRole::None).await;
            groups.insert(level, admin.make_group(&name, &[id], &[]).await);
            people.insert(level, peer);
        }
        Self { admin, people, groups }
    }

    /// An entity with a record, of which each has their permission.
    pub(crate) async fn thing(&mut self) -> Thing {
        let entity = EntityId(Uuid::now_v7());
        let definition = self.admin.open(FormKey::entity(entity), None).await;
        let name = format!("n{}", entity.0.simple());
        let changes = vec![
            set("label", &name),
            set("label_plural", &name),
            set("status", "published"),
            set_items("fields", &["a"]),
            set("f:a:label", "Code"),
            set("f:a:type", "text"),
        ];
        self.admin.edit(&definition, changes).await.expect("accepted");
        self.admin.save(&definition).await.expect("saved");
        let form = definition.form;
        self.admin.ask(ToServer::Leave { form }).await.expect("left");
        for (level, group) in &self.groups {
            let change = GroupChange::Grant(*group, entity, Some(*level));
            self.admin.change_groups(change).await.expect("granted");
        }
        let record = self.record(entity).await;
        Thing { entity, record }
    }

    pub(crate) async fn record(&mut self, entity: EntityId) -> RecordId {
        RecordId(self.admin.saved_record(entity, "Coat").await.id)
    }
}
