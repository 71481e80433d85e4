//! Archive and bin over a raw socket: who has the form open is told, nothing of it is lost, and it
//! comes back (semantics 4.6).

use crate::support::{Peer, Server, new_op, new_record};
use baton_protocol::deletion::{Deletion, DeletionKind};
use baton_protocol::form::{FormCommand, Notice};
use baton_protocol::id::{FormKey, RecordId};
use baton_protocol::message::{Code, Event, ToClient, ToServer};

async fn listed(peer: &mut Peer, form: FormKey) -> bool {
    let entity = peer.entity("product").await;
    peer.records(entity).await.iter().any(|row| row.id.0 == form.id)
}

fn removed(notice: &Notice) -> Option<Option<Deletion>> {
    match notice {
        Notice::Removed { gone, .. } => Some(gone.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn a_record_that_is_deleted_under_its_editor_keeps_the_draft_and_comes_back_with_it() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = ben.entity("product").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    anna.change(form, view.fence, "title", "Half written")
        .await
        .expect("accepted");
    assert!(ben.bin(entity).await.is_empty());

    let how = DeletionKind::Deleted;
    ben.give(form, FormCommand::Delete { kind: how })
        .await
        .expect("deleted");
    let gone = anna.hear_notice(removed).await.expect("it is gone");
    assert_eq!((gone.how, gone.stamp.by.name.as_str()), (how, "Ben"));
    let added = ben
        .hear(|message| match message {
            ToClient::Event {
                event: Event::BinAdded(row),
                ..
            } => Some(row.clone()),
            _ => None,
        })
        .await;
    assert_eq!(added.row.id, RecordId(form.id));
    assert!(!listed(&mut ben, form).await, "out of its list");
    let refused = anna
        .change(form, view.fence, "title", "More")
        .await
        .expect_err("refused");
    assert_eq!(refused.code, Code::Gone);
    assert_eq!(
        refused.message.english(),
        "Ben deleted this. Restore it to go on editing."
    );
    let save = ToServer::Form {
        form,
        command: FormCommand::Save {
            fence: view.fence,
            op: new_op(),
            version: view.version,
        },
    };
    assert_eq!(anna.ask(save).await.expect_err("refused").code, Code::Gone);

    // Once more is no second deletion, and what is in the bin does not go to the archive.
    ben.give(form, FormCommand::Delete { kind: how })
        .await
        .expect("as it is");
    let how = DeletionKind::Archived;
    assert_eq!(
        ben.give(form, FormCommand::Delete { kind: how })
            .await
            .expect_err("refused")
            .code,
        Code::Gone
    );
    assert_eq!(ben.bin(entity).await.len(), 1);
    // Whoever opens it sees the text, to copy it.
    let late = ben.join(form).await;
    assert_eq!(late.value("title").text(), "Half written");
    assert!(late.gone.is_some());

    ben.give(form, FormCommand::Restore).await.expect("restored");
    assert_eq!(anna.hear_notice(removed).await, None, "it is back");
    anna.change(form, view.fence, "title", "Half written, and more")
        .await
        .expect("she goes on where she was");
    assert!(listed(&mut ben, form).await);
    assert!(ben.bin(entity).await.is_empty());
}

#[tokio::test]
async fn what_is_gone_stays_gone_over_a_crash_and_is_purged_only_when_it_is_time_and_nobody_looks() {
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let forms: Vec<FormKey> = anna
        .records(entity)
        .await
        .iter()
        .take(3)
        .map(|row| FormKey::record(row.id))
        .collect();
    for (form, how) in [
        (forms[0], DeletionKind::Deleted),
        (forms[1], DeletionKind::Archived),
        (forms[2], DeletionKind::Deleted),
    ] {
        anna.give(form, FormCommand::Delete { kind: how })
            .await
            .expect("removed");
    }
    let total = anna.records(entity).await.len();
    // One of them is open: the restarted server holds the place, and so the form is in use.
    anna.join(forms[2]).await;
    server.kill_and_restart().await;
    let mut ben = server.peer("ben").await;
    assert_eq!(ben.bin(entity).await.len(), 3);
    assert_eq!(ben.records(entity).await.len(), total);

    ben.join(forms[2]).await;
    server.kill().await;
    server
        .restart_with(&["--keep-deleted-days", "0", "--grace-ms", "60000"])
        .await;
    let mut ada = server.peer("ada").await;
    // Polls: the house is kept beside the serving.
    let begun = std::time::Instant::now();
    let left = loop {
        let rows = ada.bin(entity).await;
        let left: Vec<_> = rows.into_iter().map(|row| row.row.id.0).collect();
        if !left.contains(&forms[0].id) {
            break left;
        }
        assert!(begun.elapsed() < crate::support::TIMEOUT, "deleted long enough ago");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert!(left.contains(&forms[1].id), "the archive is for ever");
    assert!(left.contains(&forms[2].id), "somebody has it open");
    let refused = ada
        .ask(ToServer::Join {
            form: forms[0],
            // As a desktop does that follows an old link.
            entity: Some(entity),
        })
        .await
        .expect_err("no such record any more");
    assert_eq!(refused.code, Code::NotFound);
}

#[tokio::test]
async fn only_editors_remove_and_only_what_was_saved() {
    let server = Server::start().await;
    let mut stranger = server.stranger().await;
    stranger.hello(None).await;
    let how = DeletionKind::Deleted;
    let form = new_record();
    let refused = stranger
        .give(form, FormCommand::Delete { kind: how })
        .await
        .expect_err("refused");
    assert_eq!(refused.code, Code::SignInNeeded);

    let mut anna = server.peer("anna").await;
    let entity = Some(anna.entity("product").await);
    let missing = anna
        .give(form, FormCommand::Delete { kind: how })
        .await
        .expect_err("refused");
    assert_eq!(missing.code, Code::NotFound);
    anna.ask(ToServer::Join { form, entity }).await.expect("a new record");
    let unsaved = anna
        .give(form, FormCommand::Delete { kind: how })
        .await
        .expect_err("refused");
    assert_eq!(
        unsaved.message.english(),
        "This was never saved. Discard what is typed instead."
    );
}
