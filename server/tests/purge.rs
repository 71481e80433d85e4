//! Deleting for ever by hand: who may, what goes, what stays, and what the audit keeps of it.

use std::time::Duration;

use crate::support::groups::grant;
use crate::support::live::live;
use crate::support::{Peer, Server, new_op};
use baton_protocol::audit::{Act, ActKind, AuditFilter};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, FormKey, JobId, RecordId};
use baton_protocol::job::{BulkAction, Job, JobOutcome, RecordSelection};
use baton_protocol::live::Live;
use baton_protocol::message::{ChangePerson, Code, GetAudit, Problem, StartJob, ToServer};
use baton_protocol::person::{PersonChange, UserRole};
use baton_protocol::rights::Access;
use uuid::Uuid;

async fn start(peer: &mut Peer, job: Job) -> Result<JobOutcome, Problem> {
    let id = JobId(Uuid::new_v4());
    peer.query(StartJob { id, job }).await?;
    Ok(peer.job_outcome(id).await)
}

fn purge(entity: EntityId, records: &[RecordId]) -> Job {
    Job::Bulk {
        entity,
        which: RecordSelection::Records(records.to_vec()),
        action: BulkAction::Purge,
    }
}

async fn purged(ada: &mut Peer) -> Vec<(String, String)> {
    let filter = AuditFilter {
        kind: Some(ActKind::Deletions),
        ..AuditFilter::default()
    };
    let (before, rows) = (None, 100);
    let entries = ada.query(GetAudit { filter, before, rows }).await.expect("an admin");
    let mut purged: Vec<_> = entries
        .into_iter()
        .filter_map(|entry| match entry.act {
            Act::Purged(form) => Some((entry.by.map_or_else(String::new, |by| by.name), form.title)),
            _ => None,
        })
        .collect();
    purged.sort();
    purged
}

async fn delete(peer: &mut Peer, form: FormKey, kind: DeletionKind) {
    peer.give(form, FormCommand::Delete { kind }).await.expect("deleted");
}

#[tokio::test]
async fn what_is_in_the_bin_goes_for_ever_and_nothing_else_does() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let entity = ada.entity("product").await;
    let mut forms = Vec::new();
    for title in ["Gone", "Open", "Archived", "Here"] {
        forms.push(anna.saved_record(entity, title).await);
    }
    delete(&mut anna, forms[0], DeletionKind::Deleted).await;
    delete(&mut anna, forms[1], DeletionKind::Deleted).await;
    delete(&mut anna, forms[2], DeletionKind::Archived).await;
    // Somebody looks at what was deleted.
    anna.ask(ToServer::OpenReadOnly { form: forms[1] })
        .await
        .expect("opened");
    let records: Vec<RecordId> = forms.iter().map(|form| RecordId(form.id)).collect();

    let refused = start(&mut anna, purge(entity, &records)).await.expect_err("an editor");
    assert_eq!(refused.code, Code::Forbidden);
    let outcome = start(&mut ada, purge(entity, &records)).await.expect("an admin");
    assert_eq!((outcome.records, outcome.left_out), (1, 3), "{outcome:?}");
    assert_eq!(outcome.changed, [], "nothing brings it back");
    let why = |title: &str| {
        let fault = outcome.faults.iter().find(|fault| fault.title == title);
        fault.expect("it says why").message.to_string()
    };
    assert!(why("Open").contains("open"), "{}", why("Open"));
    assert!(why("Archived").contains("not in the bin") && why("Here").contains("not in the bin"));

    let mut left: Vec<_> = ada.bin(entity).await.iter().map(|row| row.row.id).collect();
    left.sort();
    let mut expected = records[1..3].to_vec();
    expected.sort();
    assert_eq!(left, expected);
    let gone = ada
        .ask(ToServer::OpenReadOnly { form: forms[0] })
        .await
        .expect_err("for ever");
    assert_eq!(gone.code, Code::NotFound);
    assert_eq!(purged(&mut ada).await, [("Ada".to_owned(), "Gone".to_owned())]);
}

#[tokio::test]
async fn a_record_whose_last_place_ended_with_its_sign_in_is_open_to_nobody() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (person, entity) = (ada.id_of("Anna").await, ada.entity("product").await);
    let form = anna.saved_record(entity, "Coat").await;
    anna.join(form).await;
    delete(&mut ada, form, DeletionKind::Deleted).await;
    let purge = || purge(entity, &[RecordId(form.id)]);
    let open = start(&mut ada, purge()).await.expect("an admin");
    assert_eq!((open.records, open.left_out), (0, 1), "Anna has it open: {open:?}");
    anna.cut();
    // Her place waits for her, and nothing else has the form open any more.
    let waits = |live: &Live| {
        live.forms
            .iter()
            .any(|form| form.editors.iter().any(|editor| editor.reserved_ms.is_some()))
    };
    let reserved = async { while !waits(&live(&mut ada).await) {} };
    tokio::time::timeout(Duration::from_secs(60), reserved)
        .await
        .expect("in time");
    let (op, change) = (new_op(), PersonChange::Deactivate);
    let deactivate = ChangePerson { op, person, change };
    ada.query(deactivate).await.expect("done");
    let closed = start(&mut ada, purge()).await.expect("an admin");
    assert_eq!((closed.records, closed.left_out), (1, 0), "{closed:?}");
}

#[tokio::test]
async fn a_deleted_collection_goes_for_ever_with_its_records_by_whoever_manages_it() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let entity = ada.entity("product").await;
    let form = ada.saved_record(entity, "A last one").await;
    let mut people = Vec::new();
    for level in Access::ALL {
        let name = format!("{level:?}");
        let (peer, id) = server.newcomer(&mut ada, &name, UserRole::None).await;
        ada.make_group(&name, &[id], &[(entity, grant(level, &[]))]).await;
        people.push((level, peer));
    }
    let job = || Job::PurgeEntity { entity };
    let refused = start(&mut ada, job()).await.expect_err("it is in use");
    assert_eq!(refused.code, Code::Forbidden);
    delete(&mut ada, FormKey::entity(entity), DeletionKind::Deleted).await;

    for (level, peer) in &mut people {
        if *level < Access::Manage {
            let refused = start(peer, job()).await.expect_err("not theirs to decide");
            let codes = [Code::Forbidden, Code::NotFound];
            assert!(codes.contains(&refused.code), "{level:?}: {refused}");
        }
    }
    // While somebody looks at a record of it, it stays.
    ada.ask(ToServer::OpenReadOnly { form }).await.expect("opened");
    let (_, manager) = people.pop().expect("who manages");
    let mut manager = manager;
    let outcome = start(&mut manager, job()).await.expect("theirs to decide");
    assert!(outcome.problem.is_some_and(|why| why.english().contains("open")));
    ada.ask(ToServer::Leave { form }).await.expect("left");
    let outcome = start(&mut manager, job()).await.expect("theirs to decide");
    assert_eq!(outcome.problem, None);
    assert!(outcome.records >= 1);
    let gone = ada
        .ask(ToServer::OpenReadOnly {
            form: FormKey::entity(entity),
        })
        .await;
    assert_eq!(gone.expect_err("for ever").code, Code::NotFound);
    let purged = purged(&mut ada).await;
    assert!(
        purged.contains(&("Manage".to_owned(), "A last one".to_owned())),
        "{purged:?}"
    );
    assert!(purged.iter().any(|(_, title)| title == "Products"), "{purged:?}");
}
