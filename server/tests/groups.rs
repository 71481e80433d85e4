//! Groups as admins change them: who has access to a closed entity, what makes no sense, and what the audit tells.

use crate::support::Server;
use crate::support::groups::grant;
use crate::support::requests::first_page;
use crate::support::{new_op, set};
use baton_protocol::audit::{Act, ActKind, AuditFilter};
use baton_protocol::file::Source;
use baton_protocol::form::{FormCommand, Notice};
use baton_protocol::id::{EntityId, GroupId, JobId, UploadId, UserId};
use baton_protocol::job::{Format, Job, RecordSelection};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{
    AddPerson, Code, DownloadPart, GetAudit, GetGroups, GetTitles, StartJob, ToServer, Topic,
};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Access, FieldLimit, GroupChange};
use uuid::Uuid;

#[tokio::test]
async fn an_entity_that_is_closed_to_roles_is_there_for_groups_and_admins_only() {
    let mut server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let entity = ada.entity("product").await;
    let record = ada.records(entity).await[0].id;
    anna.ask(ToServer::Watch {
        topic: Topic::Entities,
        rows: 10,
        since: None,
    })
    .await
    .expect("watches");
    ada.change_groups(GroupChange::Close(entity, true))
        .await
        .expect("closed");
    let refused = anna
        .query(first_page(entity, ListQuery::default(), 10))
        .await
        .expect_err("closed");
    assert_eq!(refused.code, Code::NotFound);
    let titles = GetTitles { records: vec![record] };
    assert_eq!(anna.query(titles.clone()).await.expect("titles"), []);
    assert_eq!(
        ada.query(titles).await.expect("titles").len(),
        1,
        "an admin always gets in"
    );
    // The same after a restart.
    server.kill_and_restart().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let refused = anna
        .query(first_page(entity, ListQuery::default(), 10))
        .await
        .expect_err("closed");
    assert_eq!(refused.code, Code::NotFound);
    ada.change_groups(GroupChange::Close(entity, false))
        .await
        .expect("opened");
    anna.query(first_page(entity, ListQuery::default(), 10))
        .await
        .expect("open");
}

#[tokio::test]
async fn what_makes_no_sense_of_groups_is_refused_with_a_sentence_and_changes_nothing() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let entity = ada.entity("product").await;
    let group = ada.make_group("Sales", &[], &[]).await;
    let before = ada.query(GetGroups {}).await.expect("groups");
    let (nobody, nothing) = (UserId(Uuid::new_v4()), EntityId(Uuid::new_v4()));
    let another = || GroupId(Uuid::new_v4());
    let given = Some(Access::View);
    for (change, code) in [
        (GroupChange::Add(another(), "sales".into()), Code::Malformed),
        (GroupChange::Add(another(), "  ".into()), Code::Malformed),
        (GroupChange::Add(another(), "x".repeat(81)), Code::Malformed),
        (GroupChange::Add(group, "Another".into()), Code::Malformed),
        (GroupChange::Rename(group, "Two\nlines".into()), Code::Malformed),
        (GroupChange::Rename(another(), "Any".into()), Code::NotFound),
        (GroupChange::Remove(another()), Code::NotFound),
        (GroupChange::AddMember(group, nobody), Code::NotFound),
        (GroupChange::AddMember(another(), nobody), Code::NotFound),
        (GroupChange::Grant(group, nothing, given), Code::NotFound),
        (
            GroupChange::Limit(group, entity, "a".into(), Some(FieldLimit::Hidden)),
            Code::NotFound,
        ),
        (GroupChange::Grant(another(), entity, given), Code::NotFound),
        (GroupChange::Close(nothing, true), Code::NotFound),
    ] {
        let refused = ada.change_groups(change.clone()).await.expect_err("no sense");
        assert_eq!(refused.code, code, "{change:?}");
        assert!(
            refused.message.english().ends_with('.'),
            "{change:?}: {}",
            refused.message
        );
    }
    for change in [
        GroupChange::Add(another(), "Mine".into()),
        GroupChange::Close(entity, true),
    ] {
        assert_eq!(
            anna.change_groups(change).await.expect_err("no admin").code,
            Code::Forbidden
        );
    }
    assert_eq!(
        anna.query(GetGroups {}).await.expect_err("no admin").code,
        Code::Forbidden
    );
    assert_eq!(ada.query(GetGroups {}).await.expect("groups"), before);
}

#[tokio::test]
async fn changes_of_groups_are_in_the_audit() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let entity = ada.entity("product").await;
    let (_cara, id) = server.newcomer(&mut ada, "Cara", UserRole::None).await;
    let group = ada
        .make_group("Sales", &[id], &[(entity, grant(Access::View, &[]))])
        .await;
    ada.change_groups(GroupChange::Close(entity, true))
        .await
        .expect("closed");
    // It was so already: no news.
    ada.change_groups(GroupChange::Close(entity, false))
        .await
        .expect("opened");
    ada.change_groups(GroupChange::Close(entity, false))
        .await
        .expect("open already");
    ada.change_groups(GroupChange::Remove(group)).await.expect("removed");
    let filter = AuditFilter {
        kind: Some(ActKind::Rights),
        ..AuditFilter::default()
    };
    let (before, rows) = (None, 50);
    let entries = ada.query(GetAudit { filter, before, rows }).await.expect("entries");
    let told: Vec<(Option<String>, Option<String>)> = entries
        .into_iter()
        .rev()
        .map(|entry| match entry.act {
            Act::Group { group, about, .. } => (group, about),
            other => panic!("{other:?}"),
        })
        .collect();
    let (sales, cara, products) = (
        Some("Sales".to_owned()),
        Some("Cara".to_owned()),
        Some("Products".to_owned()),
    );
    assert_eq!(
        told,
        [
            (sales.clone(), None),
            (sales.clone(), cara),
            (sales.clone(), products.clone()),
            (None, products.clone()),
            (None, products),
            (sales, None),
        ]
    );
}

#[tokio::test]
async fn a_group_that_changes_nothing_for_somebody_interrupts_nobody() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let mut first = server.peer("anna").await;
    let form = first.a_product().await;
    let view = first.again(form).await;
    let anna = ada
        .people()
        .await
        .into_iter()
        .find(|one| one.email.starts_with("anna@"))
        .expect("anna");
    ada.make_group("Nothing yet", &[anna.person.id], &[]).await;
    // A second desktop of hers, and a new name: her rights are the same all the while.
    let _second = server.peer("anna").await;
    first.ask(ToServer::Ping).await.expect("answered");
    let mut ben = server.peer("ben").await;
    ben.again(form).await;
    ben.give(form, FormCommand::RequestEdit).await.expect("asked");
    let asks = first.hear_notice(|notice| match notice {
        Notice::Asked { ask, .. } => ask.clone(),
        _ => None,
    });
    assert_eq!(asks.await.person.name, "Ben", "she hears of it still");
    assert!(first.edit(&view, vec![set("title", "Still here")]).await.is_ok());
}

#[tokio::test]
async fn somebody_who_has_to_choose_a_password_comes_into_a_group_like_everybody() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let entity = ada.entity("product").await;
    let add = AddPerson {
        op: new_op(),
        email: "dora@new.test".into(),
        name: "Dora".into(),
        role: UserRole::Editor,
    };
    let made = ada.query(add).await.expect("added");
    let mut dora = server.stranger().await;
    dora.hello(None).await;
    let (email, password) = ("dora@new.test".into(), made.password.expect("said once"));
    dora.ask(ToServer::sign_in(email, password)).await.expect("signs in");
    let given = [(entity, grant(Access::View, &[]))];
    let id = made.account.person.id;
    let group = ada.make_group("Temps", &[id], &given).await;
    let groups = ada.query(GetGroups {}).await.expect("groups").groups;
    let temps = groups.iter().find(|known| known.id == group).expect("there");
    assert!(temps.members.contains(&id));
}

#[tokio::test]
async fn a_table_that_was_made_for_somebody_ends_with_their_right_to_what_is_in_it() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let entity = ada.entity("staff").await;
    let (mut dora, id) = server.newcomer(&mut ada, "Dora", UserRole::None).await;
    let all = grant(Access::View, &[]);
    let group = ada.make_group("Office", &[id], &[(entity, all)]).await;
    let upload = UploadId(Uuid::new_v4());
    let job = Job::Export {
        entity,
        which: RecordSelection::Query(ListQuery::default()),
        columns: vec!["title".into()],
        format: Format::Csv,
        upload,
    };
    let made = JobId(Uuid::new_v4());
    dora.query(StartJob { id: made, job }).await.expect("started");
    assert_eq!(dora.job_outcome(made).await.records, 80);
    let table = DownloadPart {
        source: Source::Upload(upload),
        offset: 0,
    };
    assert!(dora.query(table.clone()).await.expect("hers").size > 500);
    ada.change_groups(GroupChange::RemoveMember(group, id))
        .await
        .expect("removed");
    let refused = dora.query(table).await.expect_err("not hers any more");
    assert_eq!(refused.code, Code::NotFound);
}

#[tokio::test]
async fn nobody_discards_what_they_do_not_see() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let form = anna.a_product().await;
    let entity = ada.entity("product").await;
    let (mut dora, id) = server.newcomer(&mut ada, "Dora", UserRole::None).await;
    let view = anna.join(form).await;
    let price = view.field("price").expect("it has one").id.clone();
    let limits = [(price.as_str(), FieldLimit::Hidden)];
    ada.make_group("Temps", &[id], &[(entity, grant(Access::Edit, &limits))])
        .await;
    anna.edit(&view, vec![set("price", "99.00"), set("title", "Dearer")])
        .await
        .expect("typed");
    dora.join(form).await;
    anna.ask(ToServer::Leave { form }).await.expect("left");
    let view = dora.again(form).await;
    assert!(!view.draft.fields.contains_key("price"), "she does not see it");
    let (fence, op, rev) = (view.fence, new_op(), None);
    let refused = dora.give(form, FormCommand::DiscardDraft { fence, op, rev }).await;
    assert_eq!(refused.expect_err("it has more than she sees").code, Code::Forbidden);
    dora.save(&view).await.expect("saving keeps all of it");
    let saved = ada.again(form).await;
    assert_eq!(saved.values["price"].text(), "99.00");
}
