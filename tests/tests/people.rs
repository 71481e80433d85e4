//! An admin adds somebody, who chooses a password and works; ends their account; and reads in the audit who did what.

use baton_tests::{Desktop, story};

/// The row of an account, on the page of people.
fn row(email: &str) -> String {
    format!("tr[data-person='{email}']")
}

async fn press_in_row(ada: &Desktop, email: &str, label: &str) -> anyhow::Result<()> {
    ada.click_link(&format!("{} button", row(email)), label).await
}

#[tokio::test]
async fn somebody_is_added_chooses_a_password_works_and_is_deactivated_while_they_look() -> anyhow::Result<()> {
    story("people", async |world| {
        let ada = world.desktop("ada").await?;
        ada.press("a[href$='/people']").await?;
        ada.expect_page("People").await?;
        ada.press("#add-person").await?;
        ada.put("#person-name", "Cara").await?;
        ada.put("#person-email", "cara@example.test").await?;
        ada.press("#person-add").await?;
        let given = ada.text("#given-password").await?;
        ada.press("#password-done").await?;
        ada.expect_text(&row("cara@example.test"), "Has to choose a password")
            .await?;

        let cara = world.new_desktop("cara").await?;
        cara.give_server(&world.server.lock().await.address()).await?;
        cara.try_to_sign_in("cara@example.test", &given).await?;
        cara.expect_page("Choose your password").await?;
        let choose = async |new: &str, again: &str| {
            cara.put("#current-password", &given).await?;
            cara.put("#new-password", new).await?;
            cara.put("#new-password-again", again).await?;
            cara.press("#change-password").await
        };
        choose("four brown socks", "four brown sock").await?;
        cara.expect_text("#password-problem", "differ").await?;
        choose("password123", "password123").await?;
        cara.expect_text("#password-problem", "among the first that are tried")
            .await?;
        choose("four brown socks", "four brown socks").await?;
        cara.expect_text("#me", "Cara").await?;
        cara.open_record("Products", "Laptop 10").await?;
        cara.type_into("title", " of Cara").await?;
        cara.expect_save_status("draft").await?;

        // The admin sees her form and what she shows, live.
        ada.press("a[href$='/live']").await?;
        ada.expect_text("tr[data-open^='Laptop 10']", "Cara").await?;
        ada.expect_text("tr[data-session=Cara]", "A record of Products").await?;
        ada.expect_text("#live-people", "2").await?;

        // Her own account: another name, and where she is signed in.
        cara.leave_form().await?;
        cara.press(".baton-me").await?;
        cara.expect_page("My account").await?;
        cara.put("#my-name", "Cara Berg").await?;
        cara.press("#rename-me").await?;
        cara.expect_text("#me", "Cara Berg").await?;
        cara.expect_text(".baton-sign-in[data-own=true]", "this one").await?;

        ada.expect_text("tr[data-session='Cara Berg']", "Another page").await?;
        ada.press("a[href$='/people']").await?;
        press_in_row(&ada, "cara@example.test", "Deactivate").await?;
        ada.press("#person-yes").await?;
        ada.expect_text(&row("cara@example.test"), "Deactivated").await?;
        cara.expect_text("#refused", "sign-in has ended").await?;
        cara.try_to_sign_in("cara@example.test", "four brown socks").await?;
        cara.expect_text("#refused", "deactivated").await?;

        ada.press("a[href$='/audit']").await?;
        ada.expect_page("Audit").await?;
        ada.expect_text("table[aria-label=Audit]", "deactivated Cara Berg")
            .await?;
        ada.expect_text("table[aria-label=Audit]", "opened “Laptop 10").await?;
        ada.expect_text("table[aria-label=Audit]", "renamed Cara to Cara Berg")
            .await?;
        ada.select("#audit-kind", "Accounts").await?;
        ada.expect_text("tbody tr:first-child", "deactivated Cara Berg").await?;
        ada.expect_text("tbody tr:nth-child(2)", "renamed Cara to Cara Berg")
            .await?;
        ada.expect_text("tbody tr:nth-child(3)", "changed their own password")
            .await
    })
    .await
}
