//! Groups give what roles do not, hide fields, and what they stop giving ends at once (semantics 7.2), over a raw
//! socket.

use crate::support::groups::grant;
use crate::support::requests::{first_page, searched};
use crate::support::{Peer, Server, new_op, new_record, set, set_items};
use baton_protocol::definition::key;
use baton_protocol::draft::Change;
use baton_protocol::field::{Operator, Value};
use baton_protocol::file::{FileRef, Source};
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey, GroupId, JobId, RecordId, Seq, UploadId, UserId, ViewId};
use baton_protocol::job::{BulkAction, Fault, Format, Job, RecordSelection};
use baton_protocol::list::{SavedView, View};
use baton_protocol::list_query::{Filter, ListQuery, Sort};
use baton_protocol::message::{
    Answer, Code, CommitUpload, CorrectSearch, DownloadPart, GetHistory, GetRows, GetThumbnail, GetViews, SaveView,
    Snapshot, StartJob, ToClient, ToServer, Topic,
};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Access, FieldLimit, GroupChange};
use baton_protocol::values::Values;
use uuid::Uuid;

/// What stands in the hidden field, and nowhere else.
const SECRET: &str = "Zanzibar";

/// A collection with an open field, a hidden one, a hidden file and one that is read-only for Cara's group.
struct Wages {
    entity: EntityId,
    form: FormKey,
    scan: FileRef,
}

async fn wages(ada: &mut Peer) -> Wages {
    let entity = EntityId(Uuid::now_v7());
    let definition = ada.open(FormKey::entity(entity), None).await;
    let fields = [
        ("a", "Place", "text"),
        ("b", "Salary", "text"),
        ("c", "Scan", "file"),
        ("d", "Code", "text"),
    ];
    let mut changes = vec![
        set("label", "Wage"),
        set("label_plural", "Wages"),
        set("status", "published"),
        set_items("fields", &["a", "b", "c", "d"]),
    ];
    for (id, label, kind) in fields {
        changes.extend([set(&key(id, "label"), label), set(&key(id, "type"), kind)]);
    }
    ada.edit(&definition, changes).await.expect("accepted");
    ada.save(&definition).await.expect("saved");
    ada.ask(ToServer::Leave { form: definition.form }).await.expect("left");
    let upload = ada.bring(SECRET.as_bytes()).await;
    let (op, name) = (new_op(), "scan.txt".into());
    let scan = ada.query(CommitUpload { op, upload, name }).await.expect("kept");
    let view = ada.open(new_record(), Some(entity)).await;
    let changes = vec![
        set("title", "Ben"),
        set("place", "Harbour"),
        set("salary", SECRET),
        set("scan", &scan.to_string()),
        set("code", "K7"),
    ];
    ada.edit(&view, changes).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    ada.ask(ToServer::Leave { form: view.form }).await.expect("left");
    Wages {
        entity,
        form: view.form,
        scan,
    }
}

/// Cara, whose group edits this collection, without its wage and scan, and with a code that she only sees.
async fn cara(server: &Server, ada: &mut Peer, entity: EntityId) -> (Peer, UserId, GroupId) {
    let (cara, id) = server.newcomer(ada, "Cara", UserRole::None).await;
    let limits = [
        ("b", FieldLimit::Hidden),
        ("c", FieldLimit::Hidden),
        ("d", FieldLimit::ReadOnly),
    ];
    let grants = [(entity, grant(Access::Edit, &limits))];
    let group = ada.make_group("Temps", &[id], &grants).await;
    (cara, id, group)
}

async fn watch(peer: &mut Peer, topic: Topic) -> Answer {
    let (rows, since) = (100, None);
    peer.ask(ToServer::Watch { topic, rows, since }).await.expect("watches")
}

fn filtered(field: &str) -> ListQuery {
    let filter = Filter::new(field, Operator::Contains, Value::from_text("Z"));
    ListQuery {
        filters: vec![filter],
        ..ListQuery::default()
    }
}

fn sorted(field: &str) -> ListQuery {
    let sort = Sort {
        field: field.into(),
        descending: false,
    };
    ListQuery {
        sort: Some(sort),
        ..ListQuery::default()
    }
}

fn shared_view(entity: EntityId, query: ListQuery) -> SaveView {
    let view = View {
        query,
        by: Some("salary".into()),
        ..View::default()
    };
    SaveView {
        view: SavedView::storable(ViewId(Uuid::new_v4()), entity, "Shared".into(), true, view).into(),
    }
}

/// Asks in every way for what is hidden; everything that comes is recorded.
async fn asks_for_what_is_hidden(cara: &mut Peer, wages: &Wages, view: &FormSnapshot) {
    let entity = wages.entity;
    for field in ["salary", "scan"] {
        for query in [filtered(field), sorted(field)] {
            let refused = cara
                .query(first_page(entity, query.clone(), 10))
                .await
                .expect_err("hidden");
            let unknown = serde_json::to_string(&query).expect("text").replace(field, "nothing");
            let unknown: ListQuery = serde_json::from_str(&unknown).expect("a query");
            let of_nothing = cara.query(first_page(entity, unknown, 10)).await.expect_err("unknown");
            assert_eq!(
                refused.message.english().replace(field, "nothing"),
                of_nothing.message.english()
            );
        }
        let hidden = cara.edit(view, vec![set(field, "mine")]).await.expect_err("hidden");
        let unknown = cara
            .edit(view, vec![set("nothing", "mine")])
            .await
            .expect_err("unknown");
        assert_eq!(
            hidden.message.english().replace(field, "nothing"),
            unknown.message.english()
        );
        let focus = |field: &str| FormCommand::Focus {
            field: Some(field.into()),
        };
        let hidden = cara.give(view.form, focus(field)).await.expect_err("hidden");
        let unknown = cara.give(view.form, focus("nothing")).await.expect_err("unknown");
        assert_eq!(
            hidden.message.english().replace(field, "nothing"),
            unknown.message.english()
        );
    }
    finds_only_what_is_hers(cara, view, entity).await;
    let source = Source::File(wages.scan.hash);
    assert!(cara.query(DownloadPart { source, offset: 0 }).await.is_err());
    assert!(cara.query(GetThumbnail { file: wages.scan.hash }).await.is_err());
    let form = FormKey::entity(entity);
    for body in [
        ToServer::Join { form, entity: None },
        ToServer::OpenReadOnly { form },
        GetHistory { form }.into(),
    ] {
        cara.ask(body)
            .await
            .expect_err("a definition says which fields there are");
    }
    works_on_what_is_hers(cara, entity).await;
}

/// Lists, searches and histories.
async fn finds_only_what_is_hers(cara: &mut Peer, view: &FormSnapshot, entity: EntityId) {
    let found = cara
        .query(first_page(entity, searched(SECRET), 10))
        .await
        .expect("a page");
    assert_eq!((found.total, found.rows.len()), (0, 0));
    let found = cara
        .query(first_page(entity, searched("harb"), 10))
        .await
        .expect("a page");
    assert_eq!((found.total, found.rows.len()), (1, 1));
    let near = cara.correction(entity, searched("Harbuor")).await;
    assert_eq!(near.as_deref(), Some("harbour"));
    assert_eq!(
        cara.correction(entity, searched("Zanzbiar")).await,
        None,
        "only others see it"
    );
    for (typed, meant) in [("Harbuor", vec![(entity, "harbour".to_owned())]), ("Zanzbiar", vec![])] {
        let everywhere = CorrectSearch {
            entity: None,
            query: searched(typed),
        };
        assert_eq!(cara.query(everywhere).await.expect("an answer"), meant, "{typed}");
    }
    cara.query(GetHistory { form: view.form }).await.expect("a history");
    let before = RecordId(Uuid::max());
    cara.query(GetRows {
        entity,
        before,
        rows: 10,
    })
    .await
    .expect("rows");
    cara.ask(ToServer::Watch {
        topic: Topic::Records(entity),
        rows: 10,
        since: Some(Seq(0)),
    })
    .await
    .expect("what happened");
}

/// Exports and bulk work.
async fn works_on_what_is_hers(cara: &mut Peer, entity: EntityId) {
    let upload = UploadId(Uuid::new_v4());
    let columns = ["title", "salary", "place", "scan"].map(String::from).to_vec();
    let job = Job::Export {
        entity,
        which: RecordSelection::Query(ListQuery::default()),
        columns,
        format: Format::Csv,
        upload,
    };
    let id = JobId(Uuid::new_v4());
    cara.query(StartJob { id, job }).await.expect("started");
    assert_eq!(cara.job_outcome(id).await.records, 1);
    let table = String::from_utf8(cara.fetch(Source::Upload(upload)).await).expect("text");
    assert_eq!(table.trim_start_matches('\u{feff}'), "title,place\r\nBen,Harbour\r\n");
    for (field, code) in [("salary", Code::BadChange), ("code", Code::Forbidden)] {
        let job = Job::Bulk {
            entity,
            which: RecordSelection::Query(ListQuery::default()),
            action: BulkAction::Set(Values::from([(field.into(), Value::from_text("mine"))])),
        };
        let id = JobId(Uuid::new_v4());
        let refused = cara.query(StartJob { id, job }).await.expect_err("not hers to change");
        assert_eq!(refused.code, code);
    }
}

/// Somebody changes the hidden field, and the open one.
async fn follows_without_a_gap(ada: &mut Peer, cara: &mut Peer, view: &FormSnapshot) {
    cara.give(
        view.form,
        FormCommand::HandOver {
            fence: view.fence,
            to: view.me.expect("hers"),
        },
    )
    .await
    .ok();
    cara.ask(ToServer::Leave { form: view.form }).await.expect("left");
    let of_ada = ada.again(view.form).await;
    let mut shown = cara.again(view.form).await;
    let moves = |field: &str| FormCommand::Focus {
        field: Some(field.into()),
    };
    ada.give(view.form, moves("salary")).await.expect("moved");
    let changes: Vec<Change> = vec![set("salary", "Zanzibar and more"), set("place", "Quay")];
    for change in changes {
        ada.edit(&of_ada, vec![change]).await.expect("accepted");
    }
    cara.follow(&mut shown, |view| view.value("place").text() == "Quay")
        .await;
    ada.save(&of_ada).await.expect("saved");
    cara.follow(&mut shown, |view| view.version.0 == 2).await;
    assert_eq!(
        shown.values.len(),
        5,
        "title, status, slug, place and code: {:?}",
        shown.values
    );
    let renamed = FormCommand::Delete {
        kind: baton_protocol::deletion::DeletionKind::Archived,
    };
    ada.give(view.form, renamed).await.expect("archived");
    ada.give(view.form, FormCommand::Restore).await.expect("restored");
    cara.ask(ToServer::Ping).await.expect("answered");
}

#[tokio::test]
async fn a_hidden_field_is_nowhere_and_its_record_is_live_all_the_same() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let wages = wages(&mut ada).await;
    let entity = wages.entity;
    for query in [filtered("salary"), searched("Harbour")] {
        ada.query(shared_view(entity, query)).await.expect("kept");
    }
    let (mut cara, ..) = cara(&server, &mut ada, entity).await;
    cara.record();
    let Answer::Watching {
        snapshot: Snapshot::Entities(rows),
        ..
    } = watch(&mut cara, Topic::Entities).await
    else {
        panic!("no entities");
    };
    let names: Vec<&str> = rows.iter().map(|row| row.entity.name.as_str()).collect();
    assert_eq!(names, ["wage"], "only what her group gives");
    let fields: Vec<&str> = rows[0].entity.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields, ["place", "code"]);
    watch(&mut cara, Topic::Records(entity)).await;
    watch(&mut cara, Topic::Bin(entity)).await;
    let view = cara.again(wages.form).await;
    assert!(view.can_edit() && view.can_edit_field("place"));
    assert!(!view.can_edit_field("code"), "she only sees it");
    let refused = cara.edit(&view, vec![set("code", "K8")]).await.expect_err("read-only");
    assert_eq!(refused.code, Code::Forbidden);
    asks_for_what_is_hidden(&mut cara, &wages, &view).await;
    let views = cara.query(GetViews { entity }).await.expect("views");
    assert_eq!(views.len(), 1, "the one that asks for the hidden field is not there");

    follows_without_a_gap(&mut ada, &mut cara, &view).await;
    // What she asked for by name is named back to her.
    let named_back = ["“salary”", "“scan”", "\"field\":\"salary\"", "\"field\":\"scan\""];
    let recorded = named_back.iter().fold(cara.recorded().to_string(), |recorded, named| {
        recorded.replace(named, "")
    });
    assert!(recorded.contains("Quay") && recorded.contains("record_updated"));
    for never in [
        SECRET,
        "salary",
        "Salary",
        "scan",
        "Scan",
        "hidden",
        &wages.scan.hash.to_string(),
    ] {
        let found = recorded.find(never).map(|at| {
            let from = recorded[..at].char_indices().rev().nth(120).map_or(0, |(at, _)| at);
            &recorded[from..(at + 40).min(recorded.len())]
        });
        assert_eq!(found, None, "{never}");
    }
}

#[tokio::test]
async fn a_right_that_ends_is_felt_at_once_and_the_text_stays() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let wages = wages(&mut ada).await;
    let (mut cara, id, group) = cara(&server, &mut ada, wages.entity).await;
    watch(&mut cara, Topic::Records(wages.entity)).await;
    let view = cara.again(wages.form).await;
    cara.edit(&view, vec![set("place", "Lighthouse")])
        .await
        .expect("accepted");
    let mut next = anna.again(wages.form).await;
    assert!(!next.can_edit());

    ada.change_groups(GroupChange::RemoveMember(group, id))
        .await
        .expect("changed");
    let felt = cara.hear(|message| match message {
        ToClient::RightsChanged { rights } => (rights.access(wages.entity) == Access::None).then_some(()),
        _ => None,
    });
    felt.await;
    anna.follow(&mut next, FormSnapshot::can_edit).await;
    assert_eq!(next.value("place").text(), "Lighthouse", "her text is with the record");
    let refused = cara
        .edit(&view, vec![set("place", "Pier")])
        .await
        .expect_err("not hers any more");
    assert_eq!(refused.code, Code::NotJoined);
    for body in [
        ToServer::Watch {
            topic: Topic::Records(wages.entity),
            rows: 10,
            since: None,
        },
        ToServer::Join {
            form: wages.form,
            entity: Some(wages.entity),
        },
        first_page(wages.entity, ListQuery::default(), 10).into(),
    ] {
        assert_eq!(cara.ask(body).await.expect_err("not there").code, Code::NotFound);
    }
    cara.record();
    anna.edit(&next, vec![set("place", "Mole")]).await.expect("accepted");
    anna.save(&next).await.expect("saved");
    cara.ask(ToServer::Ping).await.expect("answered");
    assert!(!cara.recorded().contains("Mole"), "{}", cara.recorded());
    // It comes back as it went.
    ada.change_groups(GroupChange::AddMember(group, id))
        .await
        .expect("changed");
    let felt = cara.hear(|message| match message {
        ToClient::RightsChanged { rights } => (rights.access(wages.entity) == Access::Edit).then_some(()),
        _ => None,
    });
    felt.await;
    let shown = cara.again(wages.form).await;
    assert_eq!(shown.value("place").text(), "Mole");
}

#[tokio::test]
async fn less_access_makes_an_open_form_read_only() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let wages = wages(&mut ada).await;
    let (mut cara, _, group) = cara(&server, &mut ada, wages.entity).await;
    let view = cara.again(wages.form).await;
    assert!(view.can_edit());
    let view_only = GroupChange::Grant(group, wages.entity, Some(Access::View));
    ada.change_groups(view_only).await.expect("changed");
    let refused = cara
        .edit(&view, vec![set("place", "Pier")])
        .await
        .expect_err("not hers to edit");
    assert_eq!(refused.code, Code::Forbidden);
    let shown = cara.again(wages.form).await;
    assert!(shown.me.is_none(), "she watches");
    assert_eq!(
        shown.value("salary").text(),
        "",
        "what was hidden from her is hidden still"
    );
    assert!(ada.again(wages.form).await.can_edit(), "her place is free");
}

/// The faults of a job on these records.
async fn faults(peer: &mut Peer, entity: EntityId, which: &[RecordId], action: BulkAction) -> Vec<Fault> {
    let which = RecordSelection::Records(which.to_vec());
    let job = Job::Bulk { entity, which, action };
    let id = JobId(Uuid::new_v4());
    peer.query(StartJob { id, job }).await.expect("started");
    peer.job_outcome(id).await.faults
}

#[tokio::test]
async fn a_job_reveals_no_hidden_field_and_no_record_of_another_entity() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let wages = wages(&mut ada).await;
    let (mut cara, ..) = cara(&server, &mut ada, wages.entity).await;
    let record = RecordId(wages.form.id);
    // The newest save changed what is hidden from her.
    let view = ada.again(wages.form).await;
    ada.edit(&view, vec![set("salary", "more")]).await.expect("accepted");
    let version = ada.save(&view).await.expect("saved");
    ada.ask(ToServer::Leave { form: wages.form }).await.expect("left");
    let undo = BulkAction::Revert(vec![(record, version)]);
    let told = faults(&mut cara, wages.entity, &[record], undo).await;
    assert_eq!(
        told[0].message.english(),
        "Its last save changed what you may not change."
    );
    assert_eq!(told[0].field, "");
    // A record of a collection that is not there for her, named as one of hers.
    let product = ada.entity("product").await;
    let elsewhere = ada.records(product).await[0].id;
    let archive = BulkAction::Remove(baton_protocol::deletion::DeletionKind::Archived);
    let told = faults(&mut cara, wages.entity, &[elsewhere], archive).await;
    assert_eq!(told[0].title, "", "its title is not hers to read");
}

#[tokio::test]
async fn what_was_typed_into_a_field_that_is_limited_since_is_not_saved_by_its_author() {
    let server = Server::start().await;
    let mut ada = server.peer("ada").await;
    let wages = wages(&mut ada).await;
    let (mut cara, id) = server.newcomer(&mut ada, "Cara", UserRole::None).await;
    let free = grant(Access::Edit, &[]);
    let group = ada.make_group("Temps", &[id], &[(wages.entity, free)]).await;
    let view = cara.again(wages.form).await;
    cara.edit(&view, vec![set("code", "K9")]).await.expect("accepted");
    let change = GroupChange::Limit(group, wages.entity, "d".into(), Some(FieldLimit::ReadOnly));
    ada.change_groups(change).await.expect("changed");
    let refused = cara.save(&view).await.expect_err("not hers to change any more");
    assert_eq!(refused.code, Code::Forbidden);
    let (fence, op, rev) = (view.fence, new_op(), None);
    cara.give(view.form, FormCommand::DiscardDraft { fence, op, rev })
        .await
        .expect("discarded");
    let op = new_op();
    let restored = cara.give(view.form, FormCommand::RestoreDraft { fence, op, rev }).await;
    assert_eq!(restored.expect_err("the same").code, Code::Forbidden);
    cara.edit(&view, vec![set("place", "Pier")]).await.expect("hers");
    cara.save(&view).await.expect("saved");
}
