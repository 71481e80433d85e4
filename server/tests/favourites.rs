//! The records that a person wants at hand.

use crate::support::groups::grant;
use crate::support::jobs::csv_import;
use crate::support::requests::searched;
use crate::support::{Peer, Server, new_record};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{FormKey, RecordId};
use baton_protocol::list::MAX_FAVOURITES;
use baton_protocol::message::{Code, GetFavourites, Problem, SetFavourite, ToServer};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Access, GroupChange};

impl Peer {
    async fn favourites(&mut self) -> Vec<RecordId> {
        let all = self.query(GetFavourites {}).await.expect("one's own");
        all.into_iter().map(|favourite| favourite.record).collect()
    }

    async fn set_favourite(&mut self, form: FormKey, favourite: bool) -> Result<(), Problem> {
        let record = RecordId(form.id);
        self.query(SetFavourite { record, favourite }).await
    }
}

/// So many products that are there for this.
async fn some_products(peer: &mut Peer, count: usize) -> Vec<FormKey> {
    let entity = peer.entity("product").await;
    let rows = (0..count).map(|number| format!("Wanted {number},W{number},1\n"));
    let table = format!("Title,SKU,Price\n{}", rows.collect::<String>());
    let upload = peer.bring(table.as_bytes()).await;
    let import = csv_import(entity, upload, &["title", "sku", "price"], true);
    peer.run(import).await.expect("imported");
    let rows = peer.page(entity, searched("wanted")).await.rows;
    assert_eq!(rows.len(), count);
    rows.iter().map(|row| FormKey::record(row.id)).collect()
}

#[tokio::test]
async fn favourites_are_their_persons_alone_and_outlive_a_crash_and_a_deletion() {
    let mut server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let products = some_products(&mut anna, 2).await;
    let (first, second) = (products[0], products[1]);
    for form in [first, second, first] {
        anna.set_favourite(form, true).await.expect("she sees it");
    }
    let both = anna.favourites().await;
    assert_eq!(both.len(), 2, "once each");
    assert!(both.contains(&RecordId(first.id)) && both.contains(&RecordId(second.id)));
    assert_eq!(ben.favourites().await, []);
    anna.set_favourite(second, false).await.expect("hers");
    anna.set_favourite(second, false).await.expect("it is none already");
    let nothing = anna.set_favourite(new_record(), true).await.expect_err("no record");
    assert_eq!(nothing.code, Code::NotFound);

    server.kill_and_restart().await;
    let mut anna = server.peer("anna").await;
    assert_eq!(anna.favourites().await, [RecordId(first.id)]);
    // What is deleted is none, until it is back.
    anna.join(first).await;
    anna.give(
        first,
        FormCommand::Delete {
            kind: DeletionKind::Deleted,
        },
    )
    .await
    .expect("deleted");
    assert_eq!(anna.favourites().await, []);
    anna.give(first, FormCommand::Restore).await.expect("restored");
    assert_eq!(anna.favourites().await, [RecordId(first.id)]);
}

#[tokio::test]
async fn what_somebody_sees_no_more_is_no_favourite_and_there_are_not_too_many() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let form = anna.a_product().await;
    let entity = anna.entity("product").await;
    let (mut cara, id) = server.newcomer(&mut ada, "Cara", UserRole::None).await;
    let hidden = cara.set_favourite(form, true).await.expect_err("she does not see it");
    assert_eq!(hidden.code, Code::NotFound);
    let group = ada
        .make_group("Temps", &[id], &[(entity, grant(Access::View, &[]))])
        .await;
    cara.set_favourite(form, true).await.expect("she sees it");
    assert_eq!(cara.favourites().await, [RecordId(form.id)]);
    ada.change_groups(GroupChange::Remove(group)).await.expect("removed");
    assert_eq!(cara.favourites().await, []);

    for form in some_products(&mut anna, MAX_FAVOURITES).await {
        anna.set_favourite(form, true).await.expect("not too many");
    }
    let over = anna.set_favourite(form, true).await.expect_err("too many");
    assert_eq!(over.code, Code::TooLarge);
    anna.ask(ToServer::Ping {}).await.expect("she goes on");
}
