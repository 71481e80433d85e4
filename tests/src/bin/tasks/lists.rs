//! Many records at once: imports, and what is undone later.

use std::fs;

use baton_tests::World;

use crate::counted::{Counted, Person, counted};

pub(crate) async fn tasks() -> anyhow::Result<Vec<Counted>> {
    counted("tasks_lists", all).await
}

async fn all(world: &World) -> anyhow::Result<Vec<Counted>> {
    let anna = Person::at(world.desktop("anna").await?)?;
    let file = world.directory().join("prices.csv");
    let table = |cents: u32| -> String {
        let rows = (1..=200).map(|number| format!("Keyed {number},K-{number},{number}.{cents}\n"));
        std::iter::once("Title,SKU,Price\n".to_owned()).chain(rows).collect()
    };
    fs::write(&file, table(50))?;
    anna.open_list("Products").await?;
    anna.took();
    anna.click(".baton-import-link").await?;
    anna.choose_file(&file).await?;
    anna.expect_text("#import-fate", "200 records would be made").await?;
    anna.click("#import-begin").await?;
    anna.expect_text("#import-done", "200 records were made").await?;
    let first = anna.took();

    fs::write(&file, table(75))?;
    anna.open_list("Products").await?;
    anna.took();
    anna.click(".baton-import-link").await?;
    anna.choose_file(&file).await?;
    anna.click("#import-update").await?;
    anna.expect_text("#import-fate", "200 records would be changed").await?;
    anna.click("#import-begin").await?;
    anna.expect_text("#import-done", "200 records were changed").await?;
    let second = anna.took();
    anna.click(".baton-undo-job").await?;
    anna.click(".baton-undo-begin").await?;
    anna.expect_text(".baton-job-report", "200 records were undone").await?;
    let undo = anna.took();

    // Deleted, and an hour later missed.
    anna.open_list("Products").await?;
    let deleted = anna.delete_first_rows(2).await?;
    anna.open_list("Staff").await?;
    anna.took();
    anna.click("a[href$='/activity']").await?;
    let entry = format!("[data-title='{}']", deleted[0]);
    anna.click(&format!("{entry} .baton-restore")).await?;
    anna.expect_text(&entry, "Anna restored").await?;
    Ok(vec![
        Counted::new("10  import 200 rows", first, 4),
        Counted::new("10  again, with corrected prices by key", second, 5),
        Counted::new("10  undo it", undo, 2),
        Counted::new("13  undo a deletion an hour later", anna.took(), 3),
    ])
}
