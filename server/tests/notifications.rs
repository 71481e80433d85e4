//! What people are told of besides comments: saves of what they follow, how forms pass to and from them, and the end of
//! their imports (7.7).

use crate::support::groups::grant;
use crate::support::tables::import;
use crate::support::{Peer, Server, new_record, set};
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{FormKey, RecordId};
use baton_protocol::job::{Format, Job};
use baton_protocol::message::{
    Code, FollowRecord, GetJobState, GetMuted, GetNotifications, IsFollowed, Mute, PersonalNotice, ReadNotifications,
    ToClient, ToServer,
};
use baton_protocol::notification::{NotificationReason, NotificationSubject, ReadMark};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Access, FieldLimit};

impl Peer {
    /// Who did what that they are told of, newest first, and whether they have read it.
    async fn notification_lines(&mut self) -> Vec<(String, NotificationReason, bool)> {
        let all = self.query(GetNotifications {}).await.expect("one's own");
        all.into_iter()
            .map(|one| (one.what.by.name, one.what.why, one.read))
            .collect()
    }

    async fn follow_record(&mut self, form: FormKey, follow: bool) {
        let record = RecordId(form.id);
        self.query(FollowRecord { record, follow }).await.expect("they see it");
    }

    async fn set_price(&mut self, form: FormKey, price: &str) -> FormSnapshot {
        let view = self.join(form).await;
        self.edit(&view, vec![set("price", price)]).await.expect("accepted");
        self.save(&view).await.expect("saved");
        self.ask(ToServer::Leave { form }).await.expect("left");
        view
    }
}

fn unread(by: &str, why: NotificationReason) -> (String, NotificationReason, bool) {
    (by.into(), why, false)
}

#[tokio::test]
async fn followers_are_notified_of_every_save_by_others() {
    let mut server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = ben.a_product().await;
    ben.follow_record(form, true).await;
    anna.set_price(form, "1.50").await;
    let body = ben
        .hear(|message| match message {
            ToClient::Personal(PersonalNotice::Notification(body)) => Some(body.clone()),
            _ => None,
        })
        .await;
    assert_eq!(
        (body.why, body.about.record()),
        (NotificationReason::Saved, Some(RecordId(form.id)))
    );
    ben.set_price(form, "2.50").await;
    assert_eq!(
        ben.notification_lines().await,
        [unread("Anna", NotificationReason::Saved)]
    );
    assert_eq!(anna.notification_lines().await, [], "she does not follow it");

    // It is so after a crash; and then no more.
    server.kill_and_restart().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let record = RecordId(form.id);
    assert!(ben.query(IsFollowed { record }).await.expect("he sees it"));
    ben.follow_record(form, false).await;
    anna.set_price(form, "3.50").await;
    assert_eq!(ben.notification_lines().await.len(), 1);
    let nothing = RecordId(new_record().id);
    let follow = FollowRecord {
        record: nothing,
        follow: true,
    };
    assert_eq!(ben.query(follow).await.expect_err("no record").code, Code::NotFound);
}

#[tokio::test]
async fn muted_reasons_notify_nobody_who_muted_them() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = ben.a_product().await;
    ben.follow_record(form, true).await;
    let muted = [NotificationReason::Saved, NotificationReason::Promoted];
    ben.query(Mute { muted: muted.into() }).await.expect("his own");
    assert_eq!(ben.query(GetMuted {}).await.expect("his own"), muted.into());
    anna.set_price(form, "1.50").await;
    anna.join(form).await;
    ben.join(form).await;
    anna.ask(ToServer::Leave { form }).await.expect("left");
    assert_eq!(ben.notification_lines().await, []);
    ben.ask(ToServer::Leave { form }).await.expect("left");
    ben.query(Mute { muted: [].into() }).await.expect("his own");
    anna.set_price(form, "2.50").await;
    assert_eq!(
        ben.notification_lines().await,
        [unread("Anna", NotificationReason::Saved)]
    );
}

#[tokio::test]
async fn whoever_began_an_import_is_notified_of_its_end_on_all_their_desktops() {
    let server = Server::start().await;
    let (mut anna, mut elsewhere, mut ben) = (
        server.peer("anna").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let entity = anna.entity("product").await;
    let upload = anna
        .bring("Name;Code;Cost\nFig;F1;1.50\nPear;P1;dear\n".as_bytes())
        .await;
    let mut import = import(entity, upload, Format::Csv, &["title", "sku", "price"]);
    import.dry_run = true;
    anna.run(Job::Import(import.clone())).await.expect("it begins");
    assert_eq!(anna.notification_lines().await, [], "it was only tried");

    import.dry_run = false;
    anna.run(Job::Import(import.clone())).await.expect("it begins");
    let body = elsewhere
        .hear(|message| match message {
            ToClient::Personal(PersonalNotice::Notification(body)) => Some(body.clone()),
            _ => None,
        })
        .await;
    let NotificationSubject::Import {
        job,
        entity: into,
        records,
        left_out,
        problem,
    } = body.about
    else {
        panic!("not an import");
    };
    assert_eq!((into, records, left_out, problem), (entity, 1, 1, None));
    assert_eq!(anna.query(GetJobState { job }).await.expect("hers").done, 2);
    assert_eq!(body.title, "Products");
    assert_eq!(
        anna.notification_lines().await,
        [unread("Anna", NotificationReason::ImportEnded)]
    );
    assert_eq!(ben.notification_lines().await, []);

    // Who does not want to hear of it does not.
    let muted = [NotificationReason::ImportEnded];
    anna.query(Mute { muted: muted.into() }).await.expect("her own");
    import.upload = anna.bring("Name;Code;Cost\nKiwi;K1;2\n".as_bytes()).await;
    anna.run(Job::Import(import)).await.expect("it begins");
    assert_eq!(anna.notification_lines().await.len(), 1);
}

#[tokio::test]
async fn requests_and_handovers_notify_and_are_read_with_the_record() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let form = ben.a_product().await;
    anna.join(form).await;
    ben.join(form).await;
    ben.give(form, FormCommand::RequestEdit).await.expect("asked");
    let view = anna.again(form).await;
    let hand_over = FormCommand::HandOver {
        fence: view.fence,
        to: view.ask.expect("he asks").by,
    };
    anna.give(form, hand_over).await.expect("handed over");
    ben.ask(ToServer::Leave { form }).await.expect("left");
    let why = "The price is wrong".to_owned();
    ada.join(form).await;
    ada.give(form, FormCommand::TakeOver { reason: why })
        .await
        .expect("taken over");
    assert_eq!(
        ben.notification_lines().await,
        [unread("Anna", NotificationReason::HandedOver)]
    );
    assert_eq!(
        anna.notification_lines().await,
        [
            unread("Ada", NotificationReason::TakenOver),
            unread("Ben", NotificationReason::Promoted),
            unread("Ben", NotificationReason::Asked),
        ]
    );
    let read = ReadMark::Record(RecordId(form.id));
    anna.query(ReadNotifications { read }).await.expect("read");
    assert!(anna.notification_lines().await.iter().all(|(.., read)| *read));

    // A record that was never saved is nobody's news, and passes on all the same.
    let entity = Some(ben.entity("product").await);
    let view = anna.open(new_record(), entity).await;
    ben.open(view.form, entity).await;
    anna.ask(ToServer::Leave { form: view.form }).await.expect("left");
    assert_eq!(ben.notification_lines().await.len(), 1);
}

#[tokio::test]
async fn a_save_of_hidden_fields_notifies_only_who_sees_them() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let form = anna.a_product().await;
    let entity = anna.entity("product").await;
    let (mut cara, id) = server.newcomer(&mut ada, "Cara", UserRole::None).await;
    let gives = grant(Access::View, &[("price", FieldLimit::Hidden)]);
    ada.make_group("Temps", &[id], &[(entity, gives)]).await;
    cara.follow_record(form, true).await;
    anna.set_price(form, "1.50").await;
    assert_eq!(cara.notification_lines().await, []);
    let view = anna.join(form).await;
    anna.edit(&view, vec![set("sku", "S-77")]).await.expect("accepted");
    anna.save(&view).await.expect("saved");
    assert_eq!(
        cara.notification_lines().await,
        [unread("Anna", NotificationReason::Saved)]
    );
}

#[tokio::test]
async fn the_same_request_once_more_takes_the_place_of_the_one_that_was_not_read() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = ben.a_product().await;
    anna.join(form).await;
    for _ in 0..3 {
        ben.join(form).await;
        ben.give(form, FormCommand::RequestEdit).await.expect("asked");
        ben.ask(ToServer::Leave { form }).await.expect("left");
    }
    assert_eq!(
        anna.notification_lines().await,
        [unread("Ben", NotificationReason::Asked)]
    );
    // What two windows of one person do with each other is no news to them.
    let mut second = server.peer("anna").await;
    second.join(form).await;
    second.give(form, FormCommand::RequestEdit).await.expect("asked");
    anna.ask(ToServer::Leave { form }).await.expect("left");
    assert_eq!(anna.notification_lines().await.len(), 1);
}
