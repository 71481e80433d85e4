//! The language of a window: as the system, or as its person chooses.

use baton_tests::story;

#[tokio::test]
async fn a_window_speaks_the_language_that_its_person_chooses_and_so_do_refusals() -> anyhow::Result<()> {
    story("languages", async |world| {
        let ada = world.desktop("ada").await?;
        ada.press(".baton-me").await?;
        ada.expect_page("My account").await?;
        ada.select("#language", "Deutsch").await?;
        ada.expect_there("html[lang=de][dir=ltr]").await?;
        ada.expect_page("Mein Konto").await?;

        // The server does not know who reads what it refuses.
        ada.open_record("Products", "Laptop 10").await?;
        ada.fill("price", "abc").await?;
        ada.expect_save_status("draft").await?;
        ada.save().await?;
        let why = ada.expect_error_at("price").await?;
        anyhow::ensure!(why.contains("muss eine Zahl sein"), "{why}");
        ada.expect_strip("Sie bearbeiten").await?;

        // From right to left; what was typed is still there.
        ada.press(".baton-me").await?;
        ada.select("#language", "العربية").await?;
        ada.expect_there("html[lang=ar][dir=rtl]").await?;
        ada.open_record("Products", "Laptop 10").await?;
        ada.expect_value("price", "abc").await?;
        ada.press(".baton-me").await?;
        ada.select("#language", "English").await?;
        ada.expect_there("html[lang=en][dir=ltr]").await?;
        ada.expect_page("My account").await
    })
    .await
}
