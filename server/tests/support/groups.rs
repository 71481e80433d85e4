//! People in groups, and what the groups give them.

use baton_protocol::id::{EntityId, GroupId, UserId};
use baton_protocol::message::{AddPerson, ChangeGroups, Problem, ToServer};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Access, FieldLimit, Grant, GroupChange, Groups};
use uuid::Uuid;

use super::{Peer, Server, new_op};

/// What a group gives: this access, without these limits.
pub(crate) fn grant(access: Access, limits: &[(&str, FieldLimit)]) -> Grant {
    Grant {
        access,
        fields: limits
            .iter()
            .map(|(field, limit)| ((*field).to_owned(), *limit))
            .collect(),
    }
}

impl Server {
    /// A new person who has chosen a password, and their peer.
    pub(crate) async fn newcomer(&self, admin: &mut Peer, name: &str, role: UserRole) -> (Peer, UserId) {
        let email = format!("{}@new.test", name.to_lowercase());
        let add = AddPerson {
            op: new_op(),
            email: email.clone(),
            name: name.into(),
            role,
        };
        let made = admin.query(add).await.expect("added");
        let given = made.password.expect("said once");
        let mut peer = self.stranger().await;
        peer.hello(None).await;
        let password = given.clone();
        peer.ask(ToServer::sign_in(email, password)).await.expect("signs in");
        let chosen = ToServer::ChangePassword {
            current: given,
            new: "four brown socks".into(),
        };
        peer.ask(chosen).await.expect("chosen");
        (peer, made.account.person.id)
    }
}

impl Peer {
    pub(crate) async fn change_groups(&mut self, change: GroupChange) -> Result<Groups, Problem> {
        self.query(ChangeGroups { op: new_op(), change }).await
    }

    /// A new group with these members that gives this.
    pub(crate) async fn make_group(&mut self, name: &str, members: &[UserId], grants: &[(EntityId, Grant)]) -> GroupId {
        let group = GroupId(Uuid::now_v7());
        self.change_groups(GroupChange::Add(group, name.into()))
            .await
            .expect("made");
        for member in members {
            let change = GroupChange::AddMember(group, *member);
            self.change_groups(change).await.expect("a member");
        }
        for (entity, grant) in grants {
            let change = GroupChange::Grant(group, *entity, Some(grant.access));
            self.change_groups(change).await.expect("granted");
            for (field, limit) in &grant.fields {
                let change = GroupChange::Limit(group, *entity, field.clone(), Some(*limit));
                self.change_groups(change).await.expect("limited");
            }
        }
        group
    }
}
