//! Every page read as a screen reader reads it: no serious fault.

use baton_tests::{Desktop, story};

/// Looks at the page that is shown, in both colours.
async fn check(desktop: &Desktop, page: &str) -> anyhow::Result<()> {
    for dark in [false, true] {
        desktop.colours(dark).await?;
        desktop.settle().await?;
        let faults = desktop.accessibility_faults().await?;
        let colours = if dark { "dark" } else { "light" };
        anyhow::ensure!(faults.is_empty(), "{page}, {colours}:\n{}", faults.join("\n"));
    }
    desktop.colours(false).await
}

#[tokio::test]
async fn no_page_has_a_serious_fault_for_whoever_does_not_see_it() -> anyhow::Result<()> {
    story("accessibility", async |world| {
        let ada = world.desktop("ada").await?;
        // What looks can find something.
        ada.spoil_page().await?;
        let found = ada.accessibility_faults().await?;
        anyhow::ensure!(found.len() == 1 && found[0].starts_with("image-alt"), "{found:?}");
        ada.open_list("Staff").await?;
        ada.leave_form().await?;
        check(&ada, "all content").await?;
        ada.open_list("Products").await?;
        check(&ada, "a list").await?;
        ada.press("#filters").await?;
        check(&ada, "filters").await?;
        ada.press_escape("#filters").await?;
        ada.press("#columns").await?;
        check(&ada, "columns").await?;
        ada.press_escape("#columns").await?;
        ada.press("#views").await?;
        check(&ada, "lists that are kept").await?;
        ada.press_escape("#views").await?;
        ada.press("#export").await?;
        check(&ada, "export").await?;
        ada.press_escape("#export").await?;
        let first = ada.first_row().await?;
        ada.select_row(&first).await?;
        check(&ada, "a selection").await?;
        ada.press("#layout").await?;
        check(&ada, "cards").await?;
        ada.press("#layout").await?;
        ada.press(".baton-import-link").await?;
        check(&ada, "import").await?;
        ada.open_record("Products", "Laptop 10").await?;
        check(&ada, "a form").await?;
        ada.press("#history").await?;
        check(&ada, "a history").await?;
        ada.open_list("Products").await?;
        ada.open_definition().await?;
        ada.open_field("Price").await?;
        check(&ada, "a definition").await?;
        ada.press_keys("\u{e009}k").await?;
        check_over(&ada, "the palette").await?;
        ada.press_keys("\u{e00c}").await?;
        ada.leave_form().await?;
        ada.expect_in_bin("Products", "nothing", false).await.ok();
        check(&ada, "the bin").await
    })
    .await
}

/// The same for what lies over the page: the button for colours is below it.
async fn check_over(desktop: &Desktop, what: &str) -> anyhow::Result<()> {
    let faults = desktop.accessibility_faults().await?;
    anyhow::ensure!(faults.is_empty(), "{what}:\n{}", faults.join("\n"));
    Ok(())
}
