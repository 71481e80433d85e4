//! An import that is cancelled says what is there: some records, none or all, never something else.

use crate::support::Server;
use crate::support::jobs::csv_import;
use baton_protocol::id::JobId;
use baton_protocol::message::{CancelJob, StartJob};
use uuid::Uuid;

const ROWS: u64 = 1200;

#[tokio::test]
async fn whenever_an_import_is_cancelled_its_outcome_is_what_the_list_has() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let mut before = anna.total(entity).await;
    let (mut some, mut number) = (0, 0);
    // Sooner and later, up to its end.
    for (all_or_nothing, rows_before) in [false, true]
        .into_iter()
        .flat_map(|all| [0, 1, 200, 700, ROWS - 1, ROWS].map(|rows| (all, rows)))
    {
        number += 1;
        let rows: String = (0..ROWS).map(|row| format!("Row {row},C{number}-{row},1\n")).collect();
        let upload = anna.bring(format!("title,sku,price\n{rows}").as_bytes()).await;
        let id = JobId(Uuid::new_v4());
        let job = csv_import(entity, upload, &["title", "sku", "price"], all_or_nothing);
        anna.ask(StartJob { id, job }).await.expect("begun");
        while anna.job_is_before(id, rows_before).await {}
        // It may be over already.
        anna.ask(CancelJob { job: id }).await.ok();
        let outcome = anna.job_outcome(id).await;
        let after = anna.total(entity).await;
        assert_eq!(after - before, outcome.records, "{outcome:?}");
        assert_eq!(outcome.problem, None);
        match (all_or_nothing, outcome.cancelled) {
            (true, true) => assert_eq!(outcome.records, 0),
            (false, true) => {
                assert!(outcome.records < ROWS, "{outcome:?}");
                some += 1;
            }
            (_, false) => assert_eq!(outcome.records, ROWS),
        }
        before = after;
    }
    assert!(some > 0, "none was cancelled in its middle");
}
