//! Options of a choice: named in one window, felt in every other.

use baton_protocol::form::Role::{Owner, Spectator};
use baton_tests::story;

#[tokio::test]
async fn an_option_is_renamed_while_others_look_at_it_and_removed_and_brought_back() -> anyhow::Result<()> {
    story("options", async |world| {
        let ada = world.desktop("ada").await?;
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        ada.define("Paint", "Paints").await?;
        ada.add_field("select", "Shade").await?;
        ada.add_options(&["Red", "Blue", "Green"]).await?;
        ada.select("[data-field$=':default']", "Blue").await?;
        ada.add_field("checkboxes", "Uses").await?;
        ada.add_options(&["Wall", "Door"]).await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;

        anna.new_record("Paints").await?;
        anna.expect_role(Owner).await?;
        anna.expect_value("shade", "Blue").await?;
        anna.fill("title", "Coat").await?;
        anna.choose("shade", "Red").await?;
        anna.tick("uses", "Door").await?;
        anna.save().await?;
        anna.expect_save_status("saved").await?;
        ben.open_record("Paints", "Coat").await?;
        ben.expect_role(Spectator).await?;
        ben.expect_value("shade", "Red").await?;

        // What is renamed keeps its records, whoever looks at them at that moment.
        ada.open_field("Shade").await?;
        ada.put(".baton-options li:nth-child(1) input", "Crimson").await?;
        ada.open_field("Uses").await?;
        ada.put(".baton-options li:nth-child(2) input", "Doors").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        for desktop in [&anna, &ben] {
            desktop.expect_value("shade", "Crimson").await?;
            desktop.expect_ticked("uses", &["Doors"]).await?;
        }
        anna.leave_form().await?;
        anna.open_list("Paints").await?;
        anna.expect_cell("Coat", "shade", "Crimson").await?;
        anna.filter("Shade", "is", "Crimson").await?;
        anna.expect_total("1 record").await?;

        ada.open_field("Shade").await?;
        ada.select("[aria-label='Colour of Crimson']", "Red").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        anna.expect_there("tr[data-record=Coat] [data-column=shade] .pf-m-red")
            .await?;

        // What is removed can be brought back, before and after it is saved.
        ada.press("[aria-label='Remove Green']").await?;
        ada.expect_text(".baton-retired", "Green").await?;
        ada.press("[aria-label='Bring back Green']").await?;
        ada.press("[aria-label='Remove Crimson']").await?;
        ada.expect_text("#impact", "for example Crimson").await?;
        ada.press("[aria-label='Bring back Crimson']").await?;
        ada.expect_gone("#impact").await
    })
    .await
}
