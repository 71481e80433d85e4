//! How the form of a record is laid out, and how its reader writes numbers.

use baton_tests::story;

const ENTER: &str = "\u{e007}";
const BACKSPACE: &str = "\u{e003}";

#[tokio::test]
async fn a_form_has_sections_and_units_and_numbers_as_each_reader_writes_them() -> anyhow::Result<()> {
    story("fields", async |world| {
        let ada = world.desktop("ada").await?;
        world.speak("de_DE.UTF-8");
        let greta = world.desktop("anna").await?;
        ada.define("Crate", "Crates").await?;
        for (label, field_type) in [("Price", "number"), ("Weight", "number"), ("Notes", "text")] {
            ada.add_field(field_type, label).await?;
            match label {
                "Price" => ada.set_property("unit", "€").await?,
                "Weight" => ada.set_property("section", "Shipping").await?,
                _ => ada.choose_property("width", "Full").await?,
            }
        }
        ada.expect_text("#preview h3", "Shipping").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;

        greta.new_record("Crates").await?;
        greta.expect_text("[data-section=Shipping] h2", "Shipping").await?;
        greta
            .expect_there("[data-section=Shipping] [data-row=weight].baton-half")
            .await?;
        greta
            .expect_there("[data-section=Shipping] [data-row=notes]:not(.baton-half)")
            .await?;
        greta
            .expect_there(".baton-fields:not([data-section]) [data-row=slug]")
            .await?;
        greta.expect_text("[data-unit=price]", "€").await?;
        greta.fill("title", "Oak").await?;
        // What is being typed stays as it is typed; it is a number all the same.
        greta.fill("price", "1.437,50").await?;
        greta.expect_value("price", "1.437,50").await?;
        greta.fill("weight", "12,5").await?;
        greta.save().await?;
        greta.expect_save_status("saved").await?;
        greta.expect_value("price", "1437,50").await?;

        ada.open_list("Crates").await?;
        ada.expect_cell("Oak", "price", "1,437.50 €").await?;
        ada.expect_cell("Oak", "weight", "12.5").await?;
        ada.open_record("Crates", "Oak").await?;
        ada.expect_value("price", "1437.50").await?;
        ada.expect_value("weight", "12.5").await?;
        greta.leave_form().await?;
        greta.open_list("Crates").await?;
        greta.expect_cell("Oak", "price", "1.437,50 €").await?;
        greta.expect_cell("Oak", "weight", "12,5").await?;
        ada.leave_form().await?;
        greta.edit_cell("Oak", "weight", "").await?;
        greta.expect_there("#cell-input:focus:not([disabled])").await?;
        greta.press_keys(&format!("{BACKSPACE}75{ENTER}")).await?;
        greta.expect_gone("#cell-editor").await?;
        greta.expect_cell("Oak", "weight", "12,75").await?;
        ada.open_record("Crates", "Oak").await?;
        ada.expect_value("weight", "12.75").await
    })
    .await
}
