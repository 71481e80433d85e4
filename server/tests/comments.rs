//! What people say about records, whom that is told, and what changed (semantics 7.7).

use crate::support::groups::grant;
use crate::support::{Peer, Server, set};
use baton_protocol::activity::{ActivityFilter, ActivityKind, ActivityPage};
use baton_protocol::comment::{Comment, CommentChange, CommentText, MAX_COMMENTS};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::form::{FormCommand, Notice};
use baton_protocol::id::{CommentId, EntityId, FormKey, RecordId, UserId, Version};
use baton_protocol::message::{
    ChangeComment, Code, GetActivity, GetColleagues, GetComments, GetNotifications, PersonalNotice, Problem,
    ReadNotifications, ToClient,
};
use baton_protocol::notification::{Notification, NotificationReason, ReadMark};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Access, FieldLimit, GroupChange};
use uuid::Uuid;

fn text(text: &str, mentions: &[UserId]) -> CommentText {
    CommentText {
        text: text.into(),
        mentions: mentions.to_vec(),
    }
}

impl Peer {
    async fn comments(&mut self, record: RecordId) -> Vec<Comment> {
        self.query(GetComments { record }).await.expect("they see the record")
    }

    async fn comment(&mut self, record: RecordId, change: CommentChange) -> Result<CommentId, Problem> {
        let comment = CommentId(Uuid::now_v7());
        self.change_comment(record, comment, change).await.map(|()| comment)
    }

    async fn change_comment(
        &mut self,
        record: RecordId,
        comment: CommentId,
        change: CommentChange,
    ) -> Result<(), Problem> {
        let query = ChangeComment {
            record,
            comment,
            change,
        };
        self.query(query).await
    }

    /// Begins a thread about the record, or one of its fields.
    async fn begin(&mut self, record: RecordId, field: Option<&str>, text: CommentText) -> CommentId {
        let field = field.map(ToOwned::to_owned);
        let thread = None;
        let add = CommentChange::Add { thread, field, text };
        self.comment(record, add).await.expect("written")
    }

    async fn notifications(&mut self) -> Vec<Notification> {
        self.query(GetNotifications {}).await.expect("one's own")
    }

    async fn id(&mut self, name: &str, entity: EntityId) -> UserId {
        let colleagues = self.query(GetColleagues { entity }).await.expect("they see it");
        let person = colleagues.into_iter().find(|person| person.name == name);
        person.expect("a colleague").id
    }

    /// Saves another price, deletes the record and restores it; the version that the save made.
    async fn change_delete_and_restore(&mut self, product: FormKey) -> Version {
        let view = self.join(product).await;
        self.edit(&view, vec![set("price", "12.50")]).await.expect("accepted");
        let version = self.save(&view).await.expect("saved");
        let command = FormCommand::Delete {
            kind: DeletionKind::Deleted,
        };
        self.give(product, command).await.expect("deleted");
        self.give(product, FormCommand::Restore).await.expect("back");
        version
    }

    async fn activity(&mut self, filter: ActivityFilter, rows: u32) -> ActivityPage {
        let (before, after) = (None, None);
        let query = GetActivity {
            filter,
            before,
            after,
            rows,
        };
        self.query(query).await.expect("everybody's")
    }
}

fn answer(thread: CommentId, what: &str) -> CommentChange {
    CommentChange::Add {
        thread: Some(thread),
        field: None,
        text: text(what, &[]),
    }
}

#[tokio::test]
async fn a_comment_reaches_everybody_at_once_and_notifies_whom_it_mentions() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let product = ben.a_product().await;
    let (record, entity) = (RecordId(product.id), ben.entity("product").await);
    ben.join(product).await;
    let to_ben = anna.id("Ben", entity).await;
    let thread = anna
        .begin(record, Some("price"), text("@Ben, is it right?", &[to_ben]))
        .await;
    ben.hear_notice(|notice| matches!(notice, Notice::Commented).then_some(()))
        .await;
    let body = ben
        .hear(|message| match message {
            ToClient::Personal(PersonalNotice::Notification(body)) => Some(body.clone()),
            _ => None,
        })
        .await;
    assert_eq!(
        (body.why, body.about.record()),
        (NotificationReason::Mentioned, Some(record))
    );
    assert_eq!(body.text, "@Ben, is it right?");
    let seen = ben.comments(record).await;
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].written.by.name.as_str(), seen[0].field.as_deref()),
        ("Anna", Some("price"))
    );
    assert_eq!(seen[0].mentions[0].name, "Ben");

    // Whoever wrote in the thread hears of the answer; its author does not.
    ben.comment(record, answer(thread, "It is.")).await.expect("written");
    let told = anna.notifications().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].what.why, NotificationReason::Answered);
    assert_eq!(ben.notifications().await.len(), 1);

    // It is settled, and not any more.
    anna.change_comment(record, thread, CommentChange::Resolve(true))
        .await
        .expect("settled");
    let resolved = ben.comments(record).await[0].resolved.clone().expect("by somebody");
    assert_eq!(resolved.by.name, "Anna");
    ben.change_comment(record, thread, CommentChange::Resolve(false))
        .await
        .expect("opened again");
    assert_eq!(ben.comments(record).await[0].resolved, None);
}

#[tokio::test]
async fn a_comment_is_its_authors_and_is_written_once() {
    let server = Server::start().await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let record = RecordId(anna.a_product().await.id);
    let thread = anna.begin(record, None, text("first", &[])).await;
    // The answer was lost, and it is sent again.
    let again = CommentChange::Add {
        thread: None,
        field: None,
        text: text("first", &[]),
    };
    anna.change_comment(record, thread, again).await.expect("it is there");
    assert_eq!(anna.comments(record).await.len(), 1);

    let edit = || CommentChange::Edit(text("second", &[]));
    let refused = ben.change_comment(record, thread, edit()).await.expect_err("not his");
    assert_eq!(refused.code, Code::Forbidden);
    anna.change_comment(record, thread, edit()).await.expect("hers");
    let changed = &anna.comments(record).await[0];
    assert_eq!((changed.text.as_str(), changed.edited_at.is_some()), ("second", true));

    let refused = ben.change_comment(record, thread, CommentChange::Delete).await;
    assert_eq!(refused.expect_err("not his").code, Code::Forbidden);
    let reply = ben.comment(record, answer(thread, "answered")).await.expect("written");
    let refused = anna.change_comment(record, thread, CommentChange::Delete).await;
    assert_eq!(refused.expect_err("it is answered").code, Code::Forbidden);
    let refused = anna.change_comment(record, reply, CommentChange::Resolve(true)).await;
    assert_eq!(refused.expect_err("no first comment").code, Code::Malformed);
    // Whoever manages the collection takes back what should not stand there.
    ada.change_comment(record, reply, CommentChange::Delete)
        .await
        .expect("gone");
    for _ in 0..2 {
        anna.change_comment(record, thread, CommentChange::Delete)
            .await
            .expect("gone");
    }
    assert_eq!(anna.comments(record).await, []);

    for (bad, code) in [
        (text(" \n ", &[]), Code::Malformed),
        (text(&"x".repeat(2001), &[]), Code::Malformed),
        (text("a\u{0}b", &[]), Code::Malformed),
        (text("all", &[UserId(Uuid::nil()); 21]), Code::Malformed),
    ] {
        let (thread, field) = (None, None);
        let add = CommentChange::Add {
            thread,
            field,
            text: bad,
        };
        assert_eq!(anna.comment(record, add).await.expect_err("no comment").code, code);
    }
    let nowhere = RecordId(Uuid::now_v7());
    assert_eq!(
        anna.query(GetComments { record: nowhere })
            .await
            .expect_err("no record")
            .code,
        Code::NotFound
    );
    let refused = anna.comment(record, answer(CommentId(Uuid::nil()), "to nothing")).await;
    assert_eq!(refused.expect_err("no such thread").code, Code::NotFound);
}

#[tokio::test]
async fn comments_on_a_hidden_field_are_hidden_and_notify_nobody_who_does_not_see_it() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let product = anna.a_product().await;
    let (record, entity) = (RecordId(product.id), anna.entity("product").await);
    let (mut cara, id) = server.newcomer(&mut ada, "Cara", UserRole::None).await;
    let gives = grant(Access::View, &[("price", FieldLimit::Hidden)]);
    let group = ada.make_group("Temps", &[id], &[(entity, gives)]).await;

    let hidden = anna.begin(record, Some("price"), text("@Cara, too dear?", &[id])).await;
    anna.comment(record, answer(hidden, "@Cara?")).await.expect("written");
    anna.begin(record, None, text("@Cara, look", &[id])).await;
    let seen = cara.comments(record).await;
    assert_eq!(
        seen.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(),
        ["@Cara, look"]
    );
    let told = cara.notifications().await;
    assert_eq!(
        told.iter().map(|one| one.what.text.as_str()).collect::<Vec<_>>(),
        ["@Cara, look"]
    );
    let refused = cara
        .comment(record, answer(hidden, "I guess"))
        .await
        .expect_err("it is not there");
    assert_eq!(refused.code, Code::NotFound);
    let add = CommentChange::Add {
        thread: None,
        field: Some("price".into()),
        text: text("I guess", &[]),
    };
    assert_eq!(
        cara.comment(record, add).await.expect_err("no such field").code,
        Code::NotFound
    );

    // What she does not see has nobody to mention; and what she was told of goes with the right to see it.
    let staff = anna.entity("staff").await;
    let refused = cara.query(GetColleagues { entity: staff }).await.expect_err("not hers");
    assert_eq!(refused.code, Code::NotFound);
    ada.change_groups(GroupChange::Remove(group)).await.expect("removed");
    assert_eq!(cara.notifications().await, []);
}

#[tokio::test]
async fn what_was_read_is_read_on_every_desktop_and_survives_a_crash() {
    let mut server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let record = RecordId(anna.a_product().await.id);
    let entity = anna.entity("product").await;
    let ben_id = anna.id("Ben", entity).await;
    for number in 0..3 {
        anna.begin(record, None, text(&format!("@Ben {number}"), &[ben_id]))
            .await;
    }
    server.kill_and_restart().await;
    let (mut ben, mut second) = (server.peer("ben").await, server.peer("ben").await);
    let told = ben.notifications().await;
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|one| !one.read));
    assert!(told[0].id > told[2].id, "newest first");
    let read = ReadMark::One(told[0].id);
    ben.query(ReadNotifications { read }).await.expect("read");
    second
        .hear(|message| matches!(message, ToClient::NotificationsChanged).then_some(()))
        .await;
    let reads = |told: Vec<Notification>| told.iter().map(|one| one.read).collect::<Vec<_>>();
    assert_eq!(reads(second.notifications().await), [true, false, false]);
    let read = ReadMark::UpTo(told[0].id);
    second.query(ReadNotifications { read }).await.expect("read");
    assert_eq!(reads(ben.notifications().await), [true, true, true]);
}

#[tokio::test]
async fn what_was_taken_back_or_changed_is_so_in_the_inbox_too() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let record = RecordId(anna.a_product().await.id);
    let entity = anna.entity("product").await;
    let to_ben = anna.id("Ben", entity).await;
    let comment = anna.begin(record, None, text("@Ben the code is 1234", &[to_ben])).await;
    let secret = anna.begin(record, None, text("@Ben and more", &[to_ben])).await;
    assert_eq!(ben.notifications().await.len(), 2);
    let edit = CommentChange::Edit(text("@Ben look", &[to_ben]));
    anna.change_comment(record, comment, edit).await.expect("hers");
    anna.change_comment(record, secret, CommentChange::Delete)
        .await
        .expect("hers");
    let texts: Vec<String> = ben.notifications().await.into_iter().map(|one| one.what.text).collect();
    assert_eq!(texts, ["@Ben look"], "and he is not told a second time");
}

#[tokio::test]
async fn a_record_has_room_for_so_many_comments() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let record = RecordId(anna.a_product().await.id);
    for number in 0..MAX_COMMENTS {
        anna.begin(record, None, text(&format!("{number}"), &[])).await;
    }
    let (thread, field) = (None, None);
    let text = text("one more", &[]);
    let refused = anna.comment(record, CommentChange::Add { thread, field, text }).await;
    assert_eq!(refused.expect_err("it is full").code, Code::TooLarge);
    assert_eq!(anna.comments(record).await.len(), MAX_COMMENTS as usize);
}

#[tokio::test]
async fn activity_is_what_changed_as_far_as_one_sees_it() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let product = anna.a_product().await;
    let entity = anna.entity("product").await;
    let version = anna.change_delete_and_restore(product).await;

    let of_product = || ActivityFilter {
        entity: Some(entity),
        person: None,
    };
    let page = ada.activity(of_product(), 3).await;
    let what: Vec<_> = page.rows.iter().map(|row| row.what.clone()).collect();
    let saved = ActivityKind::Saved {
        version,
        fields: vec!["price".into()],
    };
    assert_eq!(
        what,
        [
            ActivityKind::Restored,
            ActivityKind::Removed(DeletionKind::Deleted),
            saved
        ]
    );
    assert!(page.rows.iter().all(|row| row.by.name == "Anna" && row.form == product));
    // All that there is fits into the page; only what is newer than the newest is asked for from then on.
    let (filter, before) = (of_product(), None);
    let newer = GetActivity {
        filter,
        before,
        after: Some(page.newest),
        rows: 3,
    };
    assert_eq!(ada.query(newer.clone()).await.expect("asked").rows, []);
    let view = anna.again(product).await;
    anna.edit(&view, vec![set("price", "13.50")]).await.expect("accepted");
    anna.save(&view).await.expect("saved");
    let rows = ada.query(newer).await.expect("asked").rows;
    assert_eq!(rows.len(), 1);
    let (filter, after) = (of_product(), None);
    let older = GetActivity {
        filter,
        before: Some(rows[0].number),
        after,
        rows: 2,
    };
    let older = ada.query(older).await.expect("asked");
    assert_eq!(older.rows.len(), 2);
    assert!(older.next.is_some(), "the page is full");
    let of_ada = ActivityFilter {
        entity: Some(entity),
        person: Some(
            ada.people()
                .await
                .iter()
                .find(|one| one.person.name == "Ada")
                .expect("her")
                .person
                .id,
        ),
    };
    assert_eq!(ada.activity(of_ada, 50).await.rows, []);
}

#[tokio::test]
async fn a_change_of_hidden_fields_is_no_activity_for_who_does_not_see_them() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let product = anna.a_product().await;
    let entity = anna.entity("product").await;
    anna.change_delete_and_restore(product).await;
    let of_product = || ActivityFilter {
        entity: Some(entity),
        person: None,
    };
    assert_eq!(ada.activity(of_product(), 50).await.rows.len(), 3);

    // From whom the price is hidden, its change is too; and a stranger to the collection sees nothing.
    let (mut cara, id) = server.newcomer(&mut ada, "Cara", UserRole::None).await;
    assert_eq!(cara.activity(ActivityFilter::default(), 50).await.rows, []);
    let gives = grant(Access::View, &[("price", FieldLimit::Hidden)]);
    ada.make_group("Temps", &[id], &[(entity, gives)]).await;
    let seen = cara.activity(of_product(), 2).await;
    let what: Vec<_> = seen.rows.into_iter().map(|row| row.what).collect();
    assert_eq!(
        what,
        [ActivityKind::Restored, ActivityKind::Removed(DeletionKind::Deleted)]
    );
    let all = cara.activity(of_product(), 50).await;
    assert!(
        all.rows.iter().all(|row| match &row.what {
            ActivityKind::Saved { fields, .. } => !fields.is_empty() && !fields.contains(&"price".to_owned()),
            ActivityKind::Removed(_) | ActivityKind::Restored | ActivityKind::Job { .. } => true,
        }),
        "{all:?}"
    );
}
