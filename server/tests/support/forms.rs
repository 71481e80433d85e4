//! Lists and forms, as a peer works with them.

use baton_protocol::definition::key;
use baton_protocol::draft::Change;
use baton_protocol::form::{FormCommand, FormSnapshot, Notice, QueueChange, Role};
use baton_protocol::id::{EntityId, Fence, FormKey, UserId, Version};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{Answer, GetPeople, Problem, Snapshot, ToServer, Topic};
use baton_protocol::person::Account;
use baton_protocol::record::{BinRow, RecordRow};
use uuid::Uuid;

use super::requests::first_page;
use super::{Peer, new_op, new_record, set, set_items};

impl Peer {
    pub(crate) async fn entity(&mut self, name: &str) -> EntityId {
        match self
            .ask(ToServer::Watch {
                topic: Topic::Entities,
                rows: 10,
                since: None,
            })
            .await
        {
            Ok(Answer::Watching {
                snapshot: Snapshot::Entities(rows),
                ..
            }) => {
                let row = rows
                    .iter()
                    .find(|row| row.entity.name == name)
                    .expect("the sample entity");
                row.entity.id
            }
            other => panic!("{other:?} is no list of entities"),
        }
    }

    pub(crate) async fn records(&mut self, entity: EntityId) -> Vec<RecordRow> {
        match self
            .ask(ToServer::Watch {
                topic: Topic::Records(entity),
                rows: 1000,
                since: None,
            })
            .await
        {
            Ok(Answer::Watching {
                snapshot: Snapshot::Records { rows, .. },
                ..
            }) => rows,
            other => panic!("{other:?} is no list of records"),
        }
    }

    /// The form of the newest product.
    pub(crate) async fn a_product(&mut self) -> FormKey {
        let entity = self.entity("product").await;
        FormKey::record(self.records(entity).await[0].id)
    }

    /// A new record that was saved under this title, and closed.
    pub(crate) async fn saved_record(&mut self, entity: EntityId, title: &str) -> FormKey {
        let view = self.open(new_record(), Some(entity)).await;
        self.edit(&view, vec![set("title", title)]).await.expect("accepted");
        self.save(&view).await.expect("saved");
        let form = view.form;
        self.ask(ToServer::Leave { form }).await.expect("left");
        form
    }

    /// The newest records in the bin and the archive of an entity.
    pub(crate) async fn bin(&mut self, entity: EntityId) -> Vec<BinRow> {
        let watch = ToServer::Watch {
            topic: Topic::Bin(entity),
            rows: 100,
            since: None,
        };
        match self.ask(watch).await {
            Ok(Answer::Watching {
                snapshot: Snapshot::Bin { rows, .. },
                ..
            }) => rows,
            other => panic!("{other:?} is no bin"),
        }
    }

    /// The person of this name.
    pub(crate) async fn id_of(&mut self, name: &str) -> UserId {
        let people = self.people().await;
        let account = people.iter().find(|account| account.person.name == name);
        account.expect("somebody").person.id
    }

    /// Waits until somebody else's place in a form is reserved.
    pub(crate) async fn hear_reserved(&mut self) {
        self.hear_notice(|notice| match notice {
            Notice::Editors {
                change: QueueChange::Part { reserved, .. },
                ..
            } => (!reserved.is_empty()).then_some(()),
            _ => None,
        })
        .await;
    }

    /// Waits until it is their turn in a form that they wait in.
    pub(crate) async fn hear_promotion(&mut self, form: FormKey) {
        let mut view = self.again(form).await;
        while view.role() != Role::Owner {
            let notice = self.hear_notice(|notice| Some(notice.clone())).await;
            view.apply(&notice).ok();
        }
    }

    pub(crate) async fn join(&mut self, form: FormKey) -> FormSnapshot {
        match self.ask(ToServer::Join { form, entity: None }).await {
            Ok(Answer::Joined(view)) => *view,
            other => panic!("{other:?} is no form"),
        }
    }

    pub(crate) async fn change(
        &mut self,
        form: FormKey,
        fence: Fence,
        field: &str,
        text: &str,
    ) -> Result<Answer, Problem> {
        let op = new_op();
        let changes = vec![set(field, text)];
        self.give(
            form,
            FormCommand::Change {
                fence,
                op,
                rev: None,
                changes,
            },
        )
        .await
    }

    pub(crate) async fn open(&mut self, form: FormKey, entity: Option<EntityId>) -> FormSnapshot {
        match self.ask(ToServer::Join { form, entity }).await {
            Ok(Answer::Joined(view)) => *view,
            other => panic!("not joined: {other:?}"),
        }
    }

    pub(crate) async fn edit(&mut self, view: &FormSnapshot, changes: Vec<Change>) -> Result<Answer, Problem> {
        let change = ToServer::Form {
            form: view.form,
            command: FormCommand::Change {
                fence: view.fence,
                op: new_op(),
                rev: None,
                changes,
            },
        };
        self.ask(change).await
    }

    pub(crate) async fn save(&mut self, view: &FormSnapshot) -> Result<Version, Problem> {
        let save = ToServer::Form {
            form: view.form,
            command: FormCommand::Save {
                fence: view.fence,
                op: new_op(),
                version: view.version,
            },
        };
        match self.ask(save).await? {
            Answer::Saved { version } => Ok(version),
            other => panic!("not saved: {other:?}"),
        }
    }

    /// Joins again and has the whole form as it is now.
    /// Applies what is heard of a form until it is as wanted.
    pub(crate) async fn follow(&mut self, view: &mut FormSnapshot, wanted: impl Fn(&FormSnapshot) -> bool) {
        self.hear_notice(|notice| {
            view.apply(notice).expect("none is missed");
            wanted(view).then_some(())
        })
        .await;
    }

    pub(crate) async fn again(&mut self, form: FormKey) -> FormSnapshot {
        self.open(form, None).await
    }

    /// Defines parts, which have a code.
    pub(crate) async fn define_parts(&mut self) -> EntityId {
        let entity = EntityId(Uuid::now_v7());
        let view = self.open(FormKey::entity(entity), None).await;
        let definition = vec![
            set("label", "Part"),
            set("label_plural", "Parts"),
            set("status", "published"),
            set_items("fields", &["a"]),
            set(&key("a", "label"), "Code"),
            set(&key("a", "type"), "text"),
        ];
        self.edit(&view, definition).await.expect("accepted");
        self.save(&view).await.expect("saved");
        entity
    }

    /// How many records an entity has.
    pub(crate) async fn total(&mut self, entity: EntityId) -> u64 {
        let page = first_page(entity, ListQuery::default(), 1);
        self.query(page).await.expect("a page").total
    }

    /// Every account, as an admin reads them.
    pub(crate) async fn people(&mut self) -> Vec<Account> {
        self.query(GetPeople {}).await.expect("no people")
    }
}
