//! What an admin does from the page of what happens at this moment.

use baton_tests::story_with;

#[tokio::test]
async fn an_admin_writes_to_a_colleague_and_releases_the_place_of_one_who_is_away() -> anyhow::Result<()> {
    // Whoever waited for the grace period would not see the end of this story.
    story_with("moment", &["--grace-ms", "600000"], async |world| {
        let (ada, anna, ben) = (
            world.desktop("ada").await?,
            world.desktop("anna").await?,
            world.desktop("ben").await?,
        );
        anna.open_record("Products", "Laptop 10").await?;
        anna.type_into("title", " of Anna").await?;
        anna.expect_save_status("draft").await?;
        ben.open_record("Products", "Laptop 10").await?;
        ben.expect_strip("Anna is editing").await?;

        ada.press("a[href$='/live']").await?;
        ada.click_link("tr[data-session=Ben] button", "Message").await?;
        ada.put("#message-text", "Anna is on her way home.").await?;
        ada.press("#message-send").await?;
        ada.expect_notice("Ben reads it").await?;
        ben.expect_notice("Ada says: Anna is on her way home.").await?;

        anna.kill()?;
        ada.expect_text("tr[data-open^='Laptop 10']", "away, held for").await?;
        ada.click_link("tr[data-open^='Laptop 10'] button", "Release place")
            .await?;
        ben.expect_strip("You are editing").await?;
        ben.expect_text("main", "Anna left unsaved changes here").await?;
        ben.press("#history").await?;
        ben.press("#owners").await?;
        ben.expect_text(
            "#owner-list li:first-child",
            "Ben edits: the place of Anna, who was away, was ended",
        )
        .await
    })
    .await
}
