//! Many records at once: the same to many, tables in and out, and tables that mean harm.

use std::time::Duration;

use crate::support::Server;
use crate::support::harm::{sparse_sheet, zip_bomb};
use crate::support::tables::{import, search};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::field::{Operator, Value};
use baton_protocol::file::Source;
use baton_protocol::id::{FormKey, JobId, RecordId, UploadId};
use baton_protocol::job::{BulkAction, Format, Job, RecordSelection};
use baton_protocol::list_query::{Filter, ListQuery};
use baton_protocol::message::{Answer, AnyReply, Code, DownloadPart, StartJob, UploadPart};
use baton_protocol::values::Values;
use baton_protocol::values::{SLUG, STATUS, TITLE};
use uuid::Uuid;

fn of_category(category: &str) -> ListQuery {
    ListQuery {
        filters: vec![Filter::new("category", Operator::Is, Value::from_text(category))],
        ..ListQuery::default()
    }
}

#[tokio::test]
async fn the_same_is_done_to_many_and_undone_but_never_over_somebody_who_edits() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = anna.entity("product").await;
    let audio = anna.page(entity, of_category("Audio")).await;
    let (total, edited) = (audio.total, audio.rows[0].id);
    ben.join(FormKey::record(edited)).await;
    let set = Job::Bulk {
        entity,
        which: RecordSelection::Query(of_category("Audio")),
        action: BulkAction::Set(Values::from([
            ("category".into(), Value::from_text("Video")),
            ("price".into(), Value::from_text("7.00")),
        ])),
    };
    let outcome = anna.run(set).await.expect("it begins");
    assert_eq!((outcome.records, outcome.left_out), (total - 1, 1));
    assert_eq!(outcome.faults[0].message.english(), "Ben is editing it at this moment.");
    let video = anna.page(entity, of_category("Video")).await.rows;
    let sevens = video
        .iter()
        .filter(|row| row.cells.get("price") == Some(&Value::from_text("7.00")));
    assert!(sevens.count() + 1 >= audio.rows.len(), "both fields are set in each");
    assert_eq!(anna.page(entity, of_category("Audio")).await.rows[0].id, edited);

    let undo = Job::Bulk {
        entity,
        which: RecordSelection::Records(Vec::new()),
        action: BulkAction::Revert(outcome.changed),
    };
    assert_eq!(anna.run(undo).await.expect("it begins").records, total - 1);
    assert_eq!(anna.page(entity, of_category("Audio")).await.total, total);

    // Where it was so already, nothing was done, and nothing is undone.
    let again = Job::Bulk {
        entity,
        which: RecordSelection::Query(of_category("Audio")),
        action: BulkAction::Set(Values::from([("category".into(), Value::from_text("Audio"))])),
    };
    let outcome = anna.run(again).await.expect("it begins");
    assert_eq!((outcome.records, outcome.changed), (0, Vec::new()));

    let of = |action| Job::Bulk {
        entity,
        which: RecordSelection::Records(audio.rows.iter().map(|row| row.id).collect()),
        action,
    };
    let gone = anna
        .run(of(BulkAction::Remove(DeletionKind::Deleted)))
        .await
        .expect("it begins");
    assert_eq!(
        (gone.records, anna.page(entity, of_category("Audio")).await.total),
        (total, 0)
    );
    anna.run(of(BulkAction::Restore)).await.expect("it begins");
    assert_eq!(anna.page(entity, of_category("Audio")).await.total, total);

    let nothing = Job::Bulk {
        entity,
        which: RecordSelection::Query(ListQuery::default()),
        action: BulkAction::Set(Values::new()),
    };
    assert_eq!(anna.run(nothing).await.expect_err("no field").code, Code::Malformed);
    let bad = Job::Bulk {
        entity,
        which: RecordSelection::Query(ListQuery::default()),
        action: BulkAction::Set(Values::from([("price".into(), Value::from_text("cheap"))])),
    };
    assert_eq!(anna.run(bad).await.expect_err("no price").code, Code::BadChange);
}

#[tokio::test]
async fn rows_become_records_and_each_bad_one_says_why() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let text = "\u{feff}Name;Code;Cost;Other\nFig;F1;1.50;x\nPear;P1;dear;y\n;N1;2;z\nFig;F2;2;\"two\nlines\"\n";
    let upload = anna.bring(text.as_bytes()).await;
    let head = anna.table(upload, Format::Csv).await.expect("a table");
    assert_eq!(head.columns, ["Name", "Code", "Cost", "Other"]);
    assert_eq!((head.total, head.rows[3][3].as_str()), (4, "two\nlines"));

    let entity = anna.entity("product").await;
    let before = anna.page(entity, ListQuery::default()).await.total;
    let columns = [TITLE, "sku", "price", ""];
    let mut job = import(entity, upload, Format::Csv, &columns);
    job.dry_run = true;
    let tried = anna.run(Job::Import(job.clone())).await.expect("it begins");
    assert_eq!((tried.records, tried.left_out), (2, 2));
    let faults: Vec<_> = tried
        .faults
        .iter()
        .map(|fault| (fault.row, fault.field.as_str()))
        .collect();
    // The rows are the sheet's: the first one names the columns.
    assert_eq!(faults, [(3, "price"), (4, TITLE)]);
    job.dry_run = false;
    job.all_or_nothing = true;
    let nothing = anna.run(Job::Import(job.clone())).await.expect("it begins");
    assert_eq!((nothing.records, nothing.left_out), (0, 2));
    assert_eq!(anna.page(entity, ListQuery::default()).await.total, before);
    job.all_or_nothing = false;
    let some = anna.run(Job::Import(job)).await.expect("it begins");
    assert_eq!((some.records, some.left_out), (2, 2));
    let figs = anna.page(entity, search("fig")).await;
    let slugs: Vec<_> = figs.rows.iter().map(|row| row.slug.as_str()).collect();
    assert_eq!(slugs, ["fig-2", "fig"]);
    let form = anna.join(FormKey::record(figs.rows[0].id)).await;
    assert_eq!(
        form.value("price"),
        &Value::from_text("2"),
        "an imported record is one like every other"
    );
}

#[tokio::test]
async fn what_is_exported_is_imported_as_it_was() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let columns = [
        TITLE,
        STATUS,
        "sku",
        "category",
        "price",
        "in_stock",
        "available_from",
        "description",
        "sold_in",
        SLUG,
    ];
    for format in Format::ALL {
        let mut first: serde_json::Value =
            serde_json::from_slice(&anna.export(entity, search("laptop"), &columns, Format::Json).await).expect("JSON");
        let file = anna.export(entity, search("laptop"), &columns, format).await;
        let ids: Vec<RecordId> = anna
            .page(entity, search("laptop"))
            .await
            .rows
            .iter()
            .map(|row| row.id)
            .collect();
        let count = ids.len() as u64;
        // A slug stays taken while its record is in the bin, so the old ones move out of the way.
        let renamed = Job::Bulk {
            entity,
            which: RecordSelection::Records(ids.clone()),
            action: BulkAction::Remove(DeletionKind::Deleted),
        };
        anna.run(renamed).await.expect("it begins");
        let outcome = anna.import(&file, format, SLUG).await;
        assert_eq!(
            (outcome.records, outcome.left_out),
            (count, 0),
            "{format:?}: {:?}",
            outcome.faults
        );
        let mut second: serde_json::Value =
            serde_json::from_slice(&anna.export(entity, search("laptop"), &columns, Format::Json).await).expect("JSON");
        for list in [&mut first, &mut second] {
            let records = list.as_array_mut().expect("a list");
            for record in records.iter_mut() {
                record[SLUG] = serde_json::Value::Null;
            }
            records.sort_by_key(|record| record["sku"].as_str().map(ToOwned::to_owned));
        }
        assert_eq!(first, second, "{format:?}");
    }
}

#[tokio::test]
async fn formulas_are_harmless_in_an_export_and_themselves_again_after_an_import() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let formula = "=HYPERLINK(\"http://example.org\")";
    let text = format!("title,sku\n\"{}\",@S1\n", formula.replace('"', "\"\""));
    let outcome = anna.import(text.as_bytes(), Format::Csv, "").await;
    assert_eq!(outcome.records, 1);
    let file = anna
        .export(entity, search("hyperlink"), &[TITLE, "sku"], Format::Csv)
        .await;
    let text = String::from_utf8(file).expect("text");
    assert!(text.contains("\"'=HYPERLINK"), "{text}");
    assert!(text.contains("'@S1"), "{text}");
    anna.import(text.as_bytes(), Format::Csv, "").await;
    let page = anna.page(entity, search("hyperlink")).await;
    assert_eq!(page.rows.len(), 2);
    assert!(page.rows.iter().all(|row| row.title == formula));
}

/// Each file that means harm is refused with a sentence, and the server lives on.
#[tokio::test]
async fn tables_that_mean_harm_are_refused() {
    // Made before anybody connects: whoever is silent for so long counts as gone.
    let (bomb, far_away) = (zip_bomb(), sparse_sheet());
    let mut server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let open_quote = format!("title,sku\n\"{}", "x".repeat(12 * 1024 * 1024));
    let many_columns = vec!["c"; 2000].join(",");
    let deep = "[".repeat(200_000);
    let one_object = format!("[{{\"title\": \"{}\"}}]", "x".repeat(12 * 1024 * 1024));
    for (file, format, words) in [
        (open_quote.into_bytes(), Format::Csv, "quotation mark"),
        (many_columns.into_bytes(), Format::Csv, "more than 500 cells"),
        (b"PK\x03\x04\x00\x00".to_vec(), Format::Csv, "no text"),
        (b"title,sku\n".to_vec(), Format::Xlsx, "no spreadsheet"),
        (bomb, Format::Xlsx, "unpacks to more than"),
        (deep.into_bytes(), Format::Json, "no list of objects"),
        (one_object.into_bytes(), Format::Json, "larger than"),
        (b"{\"title\": 1}".to_vec(), Format::Json, "no list of objects"),
        (Vec::new(), Format::Csv, "not there any more"),
    ] {
        let upload = if file.is_empty() {
            UploadId(Uuid::new_v4())
        } else {
            anna.bring(&file).await
        };
        let problem = anna.table(upload, format).await.expect_err(words);
        assert!(problem.contains(words), "“{problem}” should say “{words}”");
        let entity = anna.entity("product").await;
        let outcome = anna.run(Job::Import(import(entity, upload, format, &[TITLE]))).await;
        let outcome = outcome.expect("it begins");
        assert!(outcome.problem.is_some(), "{words}");
        assert_eq!(outcome.records, 0, "{words}");
    }
    let upload = anna.bring(&far_away).await;
    let head = anna.table(upload, Format::Xlsx).await;
    assert!(
        head.is_err() || head.is_ok_and(|head| head.total <= 1),
        "a cell far down is one row"
    );
    assert!(server.is_running());
}

#[tokio::test]
async fn html_and_large_cells_become_text_or_a_fault() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let script = "<script>alert(1)</script>";
    let rows = serde_json::json!([
        { "title": format!("{script} one"), "sku": "H1", "story": format!("<p>ok</p>{script}") },
        { "title": "../../etc/passwd", "sku": "H2" },
        { "title": "large", "sku": "H3", "description": "y".repeat(1024 * 1024) },
    ]);
    let file = rows.to_string();
    let outcome = anna.import(file.as_bytes(), Format::Json, "").await;
    let named: Vec<_> = outcome
        .faults
        .iter()
        .map(|fault| (fault.row, fault.field.as_str()))
        .collect();
    assert_eq!((outcome.records, named), (2, vec![(3, "description")]));
    let page = anna.page(entity, search("script")).await;
    let form = anna.join(FormKey::record(page.rows[0].id)).await;
    assert_eq!(form.title(), format!("{script} one"), "text is text");
    assert_eq!(form.value("story"), &Value::from_text("<p>ok</p>"));
}

#[tokio::test]
async fn a_file_comes_in_parts_and_goes_on_where_it_stopped() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let upload = UploadId(Uuid::new_v4());
    let part = |offset, text: &str| UploadPart {
        upload,
        offset,
        data: STANDARD.encode(text),
    };
    assert_eq!(
        anna.ask(part(0, "title\n")).await,
        Ok(Answer::Reply(AnyReply::UploadPart(6)))
    );
    assert_eq!(
        anna.ask(part(0, "title\n")).await,
        Ok(Answer::Reply(AnyReply::UploadPart(6))),
        "twice is once"
    );
    assert_eq!(
        anna.ask(part(99, "x")).await,
        Ok(Answer::Reply(AnyReply::UploadPart(6))),
        "a gap is not filled"
    );
    assert_eq!(
        anna.ask(part(6, "Fig\n")).await,
        Ok(Answer::Reply(AnyReply::UploadPart(10)))
    );
    assert_eq!(anna.fetch(Source::Upload(upload)).await, b"title\nFig\n");
    let theirs = ben
        .ask(DownloadPart {
            source: Source::Upload(upload),
            offset: 0,
        })
        .await;
    assert_eq!(theirs.expect_err("it is Anna's").code, Code::NotFound);
    let nonsense = UploadPart {
        upload,
        offset: 10,
        data: "???".into(),
    };
    assert_eq!(anna.ask(nonsense).await.expect_err("no base 64").code, Code::Malformed);
}

#[tokio::test]
async fn all_or_nothing_is_nothing_after_a_kill_in_the_middle() {
    let mut server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let before = anna.page(entity, ListQuery::default()).await.total;
    let mut table = String::from("title,sku,price\n");
    for number in 0..20_000 {
        table.push_str(&format!("Row {number},R-{number},1\n"));
    }
    let upload = anna.bring(table.as_bytes()).await;
    let mut import = import(entity, upload, Format::Csv, &[TITLE, "sku", "price"]);
    import.all_or_nothing = true;
    let (id, job) = (JobId(Uuid::new_v4()), Job::Import(import));
    anna.query(StartJob { id, job }).await.expect("begun");
    // Polls: until some of it is made.
    let made = loop {
        let now = anna.page(entity, ListQuery::default()).await.total;
        if now > before {
            break now - before;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    server.kill_and_restart().await;
    assert!(made < 20_000, "it was in the middle");
    let mut anna = server.peer("anna").await;
    assert_eq!(anna.page(entity, ListQuery::default()).await.total, before);
    let found = ListQuery {
        search: "row".into(),
        ..ListQuery::default()
    };
    assert_eq!(anna.page(entity, found).await.total, 0, "nothing is left of it");
}

#[tokio::test]
async fn what_cannot_be_saved_in_bulk_leaves_nobody_in_the_form() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = anna.entity("product").await;
    let rows = anna.page(entity, of_category("Audio")).await.rows;
    let two: Vec<RecordId> = rows.iter().take(2).map(|row| row.id).collect();
    let set = Job::Bulk {
        entity,
        which: RecordSelection::Records(two.clone()),
        action: BulkAction::Set(Values::from([(SLUG.into(), Value::from_text("the-same"))])),
    };
    let outcome = anna.run(set).await.expect("it begins");
    assert_eq!((outcome.records, outcome.left_out), (1, 1));
    assert!(
        outcome.faults[0].message.english().contains("the-same"),
        "{:?}",
        outcome.faults
    );
    for record in two {
        let view = ben.join(FormKey::record(record)).await;
        assert!(
            view.can_edit() && !view.unsaved(),
            "nobody is in it, and nothing is unsaved"
        );
    }
}

#[tokio::test]
async fn words_of_every_script_are_found() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let titles = ["Straße nach Łódź", "Москва", "北京", "smørrebrød", "Ελλάδα"];
    let table = format!("title\n{}\n", titles.join("\n"));
    anna.import(table.as_bytes(), Format::Csv, "").await;
    let entity = anna.entity("product").await;
    for word in ["Straße", "strasse", "Łódź", "Москва", "北京", "smørrebrød", "Ελλάδα"] {
        let query = ListQuery {
            search: word.into(),
            ..ListQuery::default()
        };
        assert_eq!(anna.page(entity, query).await.total, 1, "{word}");
    }
}
