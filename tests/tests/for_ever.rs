//! What is deleted for ever, by whoever manages it.

use baton_tests::story;

#[tokio::test]
async fn what_is_deleted_for_ever_is_asked_about_first_and_is_gone_for_everybody() -> anyhow::Result<()> {
    story("for_ever", async |world| {
        let (ada, anna) = (world.desktop("ada").await?, world.desktop("anna").await?);
        anna.open_list("Products").await?;
        let titles = anna.delete_first_rows(3).await?;
        anna.expect_in_bin("Products", &titles[0], true).await?;
        // Whoever edits brings back, and no more.
        anna.expect_there(".baton-restore").await?;
        anna.expect_gone(".baton-purge").await?;

        ada.open_list("Products").await?;
        ada.expect_in_bin("Products", &titles[0], true).await?;
        let first = format!("tr[data-record='{}']", titles[0]);
        ada.press(&format!("{first} .baton-purge")).await?;
        ada.expect_text("#dialog-title", "Delete 1 record for ever?").await?;
        ada.press("#purge-no").await?;
        ada.expect_gone("#dialog-title").await?;
        ada.expect_there(&first).await?;
        ada.press(&format!("{first} .baton-purge")).await?;
        ada.press("#purge-yes").await?;
        ada.expect_text(".baton-job-report", "1 record was deleted for ever")
            .await?;
        ada.expect_gone(&first).await?;
        anna.expect_gone(&first).await?;
        ada.press("#bin-all").await?;
        ada.press("#purge-many").await?;
        ada.expect_text("#dialog-title", "Delete 2 records for ever?").await?;
        ada.press("#purge-yes").await?;
        ada.expect_text("main", "Nothing is here").await?;
        anna.expect_text("main", "Nothing is here").await?;

        ada.press("a[href$='/audit']").await?;
        ada.select("#audit-kind", "Deletions").await?;
        ada.expect_text("tbody tr:first-child", "for ever").await?;
        ada.press("#export-audit").await?;
        ada.expect_text("#exported", "audit.jsonl").await
    })
    .await
}

#[tokio::test]
async fn a_deleted_collection_is_deleted_for_ever_with_its_records() -> anyhow::Result<()> {
    story("collection_for_ever", async |world| {
        let ada = world.desktop("ada").await?;
        ada.open_list("Staff").await?;
        ada.open_definition().await?;
        ada.press("#delete").await?;
        ada.press("#remove-yes").await?;
        ada.expect_strip("Ada deleted this").await?;
        ada.press(".baton-brand").await?;
        let gone = "[data-deleted=Staff]";
        ada.press(&format!("{gone} .baton-purge")).await?;
        ada.expect_text("#dialog-title", "Staff and").await?;
        ada.press("#purge-yes").await?;
        ada.expect_gone(gone).await?;
        ada.expect_text(".baton-job-report", "deleted for ever").await
    })
    .await
}
