//! How the form of a record is laid out, and how its reader writes numbers.

use baton_tests::{Desktop, story};

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

#[tokio::test]
async fn a_date_is_typed_as_each_reader_writes_it_or_chosen_from_a_calendar() -> anyhow::Result<()> {
    const TAB: &str = "\u{e004}";
    story("dates", async |world| {
        world.speak("en_US.UTF-8");
        let ada = world.desktop("ada").await?;
        world.speak("de_DE.UTF-8");
        let greta = world.desktop("anna").await?;
        ada.define("Crate", "Crates").await?;
        ada.add_field("date", "Due").await?;
        ada.add_field("date_time", "Tour").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;

        greta.new_record("Crates").await?;
        greta.fill("title", "Oak").await?;
        // What is being typed stays as it is typed, and is the same date for everybody; who is done may leave out a part.
        greta.fill("due", "31.5.2026").await?;
        greta.expect_value("due", "31.5.2026").await?;
        greta.press_keys(TAB).await?;
        greta.expect_value("due", "31.05.2026").await?;
        greta.fill("tour", "1.6.26 9:15").await?;
        greta.press_keys(TAB).await?;
        greta.expect_value("tour", "01.06.2026 09:15").await?;
        greta.save().await?;
        greta.expect_save_status("saved").await?;
        ada.open_list("Crates").await?;
        ada.expect_cell("Oak", "due", "05/31/2026").await?;
        ada.expect_cell("Oak", "tour", "06/01/2026 9:15 AM").await?;
        ada.open_record("Crates", "Oak").await?;
        ada.expect_value("tour", "06/01/2026 9:15 AM").await?;

        choose_from_a_calendar(&ada, &greta).await?;
        // What is no date stays as it was typed, and is refused with a sentence.
        greta.fill("due", "31.6.2026").await?;
        greta.save().await?;
        let why = greta.expect_error_at("due").await?;
        anyhow::ensure!(why.contains("muss ein Datum"), "{why}");
        greta.expect_value("due", "31.6.2026").await?;
        greta.fill("due", "30.6.2026").await?;
        greta.save().await?;
        greta.expect_save_status("saved").await?;
        ada.leave_form().await?;
        greta.leave_form().await?;
        greta.open_list("Crates").await?;
        greta.expect_cell("Oak", "due", "30.06.2026").await?;
        greta.open_record("Crates", "Oak").await?;
        greta.fill("due", "24.12.26").await?;
        greta.press_keys("\u{e009}s\u{e000}").await?;
        greta.expect_save_status("saved").await?;
        greta.leave_form().await?;
        greta.open_list("Crates").await?;
        // In a cell, Enter and pressing elsewhere take it.
        greta.edit_cell("Oak", "due", "").await?;
        greta.expect_there("#cell-input:focus:not([readonly])").await?;
        greta
            .press_keys(&format!("{}23.12.26{ENTER}", BACKSPACE.repeat(10)))
            .await?;
        greta.expect_gone("#cell-editor").await?;
        greta.expect_cell("Oak", "due", "23.12.2026").await?;
        greta.edit_cell("Oak", "due", "").await?;
        greta.expect_there("#cell-input:focus:not([readonly])").await?;
        greta.press_keys(&format!("{}24.12.26", BACKSPACE.repeat(10))).await?;
        greta.press("h1").await?;
        greta.expect_gone("#cell-editor").await?;
        greta.expect_cell("Oak", "due", "24.12.2026").await
    })
    .await
}

/// The form of "Oak" is Greta's, and Ada watches.
async fn choose_from_a_calendar(ada: &Desktop, greta: &Desktop) -> anyhow::Result<()> {
    const DOWN: &str = "\u{e015}";
    const RIGHT: &str = "\u{e014}";
    const PAGE_DOWN: &str = "\u{e00f}";
    const ESCAPE: &str = "\u{e00c}";
    // By keys: from the field into the month, through it, and on to the time.
    greta.type_into("tour", DOWN).await?;
    greta
        .expect_there("[data-day='2026-06-01'][tabindex='0']:focus")
        .await?;
    greta.expect_text(".baton-picker-month th", "Mo").await?;
    for (key, day) in [(RIGHT, "2026-06-02"), (DOWN, "2026-06-09"), (PAGE_DOWN, "2026-07-09")] {
        greta.press_keys(key).await?;
        greta.expect_there(&format!("[data-day='{day}']:focus")).await?;
    }
    greta.press_keys(ENTER).await?;
    greta.expect_there("#picker-time:focus").await?;
    greta
        .press_keys(&format!("{}16:45{ENTER}", BACKSPACE.repeat(5)))
        .await?;
    greta.expect_gone(".baton-picker").await?;
    greta.expect_value("tour", "09.07.2026 16:45").await?;
    greta.expect_there("[data-field=tour]:focus").await?;
    ada.expect_value("tour", "07/09/2026 4:45 PM").await?;
    // By mouse; and nothing is chosen by Escape.
    greta.press("[data-picker=due]").await?;
    greta.press("[aria-label='Nächster Monat']").await?;
    greta.press("[data-day='2026-06-15']").await?;
    greta.expect_value("due", "15.06.2026").await?;
    greta.press("[data-picker=due]").await?;
    greta.expect_there("[data-day='2026-06-15']:focus").await?;
    greta.press_keys(ESCAPE).await?;
    greta.expect_gone(".baton-picker").await
}
