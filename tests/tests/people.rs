//! An admin adds somebody, who chooses a password and works; ends their account; and reads in the audit who did what.

use std::sync::Arc;

use baton_protocol::form::Role;
use baton_tests::{Desktop, story};

/// The row of an account, on the page of people.
fn row(email: &str) -> String {
    format!("tr[data-person='{email}']")
}

async fn press_in_row(ada: &Desktop, email: &str, label: &str) -> anyhow::Result<()> {
    ada.click_link(&format!("{} button", row(email)), label).await
}

/// The page of people. The collections above its link come first, and move it.
async fn to_people(ada: &Desktop) -> anyhow::Result<()> {
    ada.expect_there(".baton-side .baton-count").await?;
    ada.press("a[href$='/people']").await?;
    ada.expect_page("People").await
}

#[tokio::test]
async fn somebody_is_added_chooses_a_password_works_and_is_deactivated_while_they_look() -> anyhow::Result<()> {
    story("people", async |world| {
        let ada = world.desktop("ada").await?;
        to_people(&ada).await?;
        ada.press("#add-person").await?;
        ada.put("#person-name", "Cara").await?;
        ada.put("#person-email", "cara@example.test").await?;
        ada.press("#person-add").await?;
        let given = ada.text("#given-password").await?;
        ada.press("#password-done").await?;
        ada.expect_text(&row("cara@example.test"), "Has to choose a password")
            .await?;

        let cara = world.new_desktop("cara").await?;
        let server = world.server.lock().await.address();
        cara.first_sign_in(&server, "cara@example.test", &given).await?;
        cara.change_password(&given, "four brown socks", "four brown sock")
            .await?;
        cara.expect_text("#password-problem", "differ").await?;
        cara.change_password(&given, "password123", "password123").await?;
        cara.expect_text("#password-problem", "among the first that are tried")
            .await?;
        cara.change_password(&given, "four brown socks", "four brown socks")
            .await?;
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
        cara.expect_text("#refused", "Your account was deactivated").await?;
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
            .await?;
        narrow_the_audit_to_days(&ada).await?;
        ada.expect_text("tbody tr:first-child", "deactivated Cara Berg").await
    })
    .await
}

/// To the days from one that has not come; then to what is none, which narrows nothing down.
async fn narrow_the_audit_to_days(ada: &Desktop) -> anyhow::Result<()> {
    ada.put("#audit-from", "2099-01-01").await?;
    ada.press("h1").await?;
    ada.expect_text(".pf-v6-c-empty-state", "Nothing like that happened")
        .await?;
    ada.put("#audit-from", "some day").await?;
    ada.press("h1").await?;
    ada.expect_there("#audit-from[aria-invalid=true]").await
}

#[tokio::test]
async fn an_invitation_lets_its_person_in_and_once_only() -> anyhow::Result<()> {
    story("invitation", async |world| {
        let ada = world.desktop("ada").await?;
        to_people(&ada).await?;
        ada.press("#add-person").await?;
        ada.put("#person-name", "Cara").await?;
        ada.put("#person-email", "cara+work@example.test").await?;
        ada.press("#person-add").await?;
        let invitation = ada.text("#invitation").await?;
        ada.press("#password-done").await?;

        // Her desktop knows no server yet. Nothing is done before she accepts.
        let cara = world.new_desktop("cara").await?;
        let cut = &invitation[..invitation.len() / 2];
        cara.start_second(Some(cut)).await?;
        cara.expect_notice("may have been cut off").await?;
        cara.start_second(Some(&invitation)).await?;
        cara.expect_page("You are invited").await?;
        cara.expect_text(".baton-entrance-card", "as cara+work@example.test")
            .await?;
        cara.press("#accept:focus").await?;
        cara.expect_page("Choose your password").await?;
        cara.expect_text(".baton-entrance-card", "Welcome, Cara").await?;
        cara.expect_gone("#current-password").await?;
        cara.put("#new-password", "four brown socks").await?;
        cara.put("#new-password-again", "four brown socks").await?;
        cara.press("#change-password").await?;
        cara.expect_text("#me", "Cara").await?;

        // Somebody who is in is not asked in; and used twice it lets nobody in.
        cara.start_second(Some(&invitation)).await?;
        cara.expect_notice("You are signed in as Cara").await?;
        cara.press("#sign-out").await?;
        cara.expect_page("Sign in").await?;
        cara.start_second(Some(&invitation)).await?;
        cara.press("#accept").await?;
        cara.expect_text("#refused", "used already, or it is too late").await?;
        cara.press("#not-invited").await?;
        cara.try_to_sign_in("cara+work@example.test", "four brown socks")
            .await?;
        cara.expect_text("#me", "Cara").await
    })
    .await
}

/// A person of a group that edits products without their price.
async fn cara(world: &baton_tests::World, ada: &Desktop) -> anyhow::Result<Arc<Desktop>> {
    to_people(ada).await?;
    ada.press("#add-person").await?;
    ada.put("#person-name", "Cara").await?;
    ada.put("#person-email", "cara@example.test").await?;
    ada.select("#person-role", "Groups only").await?;
    ada.press("#person-add").await?;
    let given = ada.text("#given-password").await?;
    ada.press("#password-done").await?;
    let cara = world.new_desktop("cara").await?;
    let server = world.server.lock().await.address();
    cara.first_sign_in(&server, "cara@example.test", &given).await?;
    cara.change_password(&given, "four brown socks", "four brown socks")
        .await?;
    cara.expect_text("#me", "Cara").await?;
    cara.expect_text("main", "Nothing is here for you yet").await?;

    ada.press("a[href$='/groups']").await?;
    ada.press("#add-group").await?;
    ada.put("#group-name", "Temps").await?;
    ada.press("#group-yes").await?;
    ada.select("tr[data-collection=product] td[data-of=Temps] select", "Edit")
        .await?;
    ada.press("th[data-group=Temps] a").await?;
    ada.expect_page("Temps").await?;
    ada.select("#add-member", "Cara").await?;
    ada.expect_there("[data-member='cara@example.test']").await?;
    ada.select("#add-member", "Anna").await?;
    ada.expect_there("[data-member='anna@example.test']").await?;
    ada.press("[data-access=product] .baton-limits").await?;
    ada.select("[data-limit=price] select", "Hidden").await?;
    ada.expect_text("[data-access=product] .baton-limits", "1 field limited")
        .await?;
    Ok(cara)
}

/// She may see it again, types, and is out in the middle of it: her window says why, and her text is kept.
async fn deactivate_while_typing(ada: &Desktop, cara: &Desktop) -> anyhow::Result<()> {
    ada.leave_form().await?;
    ada.press("a[href$='/groups']").await?;
    ada.press("th[data-group=Temps] a").await?;
    ada.select("#add-member", "Cara").await?;
    cara.open_record("Products", "Laptop 10 of Cara").await?;
    cara.expect_role(Role::Owner).await?;
    cara.type_into("title", ", and more").await?;
    cara.expect_save_status("draft").await?;
    ada.press("a[href$='/people']").await?;
    press_in_row(ada, "cara@example.test", "Deactivate").await?;
    ada.press("#person-yes").await?;
    cara.expect_text("#refused", "Your account was deactivated").await?;
    ada.open_record("Products", "Laptop 10 of Cara").await?;
    ada.expect_value("title", "Laptop 10 of Cara again, and more").await
}

async fn expect_audit_in_order(ada: &Desktop) -> anyhow::Result<()> {
    ada.press("a[href$='/audit']").await?;
    ada.expect_text("table[aria-label=Audit]", "took Cara out of the group")
        .await?;
    let audit = ada.text("table[aria-label=Audit]").await?;
    // The newest first; of what happened twice, how it began.
    let story = [
        "deactivated Cara",
        "took Cara out of the group “Temps”",
        "ended a sign-in of Cara",
        "took “Laptop 10 of Cara” over from Cara: “The price is wrong”",
        "put Cara into the group “Temps”",
    ];
    let places: Vec<Option<usize>> = story.iter().map(|act| audit.rfind(act)).collect();
    anyhow::ensure!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{places:?}: {audit}"
    );
    Ok(())
}

#[tokio::test]
async fn a_group_gives_one_collection_without_a_field_and_what_it_takes_back_is_explained() -> anyhow::Result<()> {
    story("groups", async |world| {
        let ada = world.desktop("ada").await?;
        let cara = cara(world, &ada).await?;
        // It is there at once, and nothing else.
        cara.open_record("Products", "Laptop 10").await?;
        cara.expect_there("#field-sku").await?;
        cara.expect_gone("#field-price").await?;
        // The field is not in the list either, nor in the history, and nobody talks about it.
        cara.leave_form().await?;
        cara.open_list("Products").await?;
        cara.expect_row("Laptop 10").await?;
        cara.expect_gone("[data-column=price]").await?;
        cara.open_record("Products", "Laptop 10").await?;
        cara.expect_gone("[data-comment-on=price]").await?;
        cara.press("#history").await?;
        cara.expect_there("[data-difference=sku]").await?;
        cara.expect_gone("[data-difference=price]").await?;
        cara.press("#history").await?;
        cara.type_into("title", " of Cara").await?;
        cara.expect_save_status("draft").await?;

        // The admin sees her form, and takes it over with a reason that she reads.
        ada.press("a[href$='/live']").await?;
        ada.expect_text("tr[data-open^='Laptop 10']", "Cara").await?;
        ada.press("tr[data-open^='Laptop 10'] a").await?;
        ada.press("#take-over").await?;
        ada.put("#take-over-reason", "The price is wrong").await?;
        ada.press("#take-over-yes").await?;
        ada.expect_value("title", "Laptop 10 of Cara").await?;
        cara.expect_notice("“The price is wrong”").await?;
        ada.fill("price", "999").await?;
        ada.save().await?;
        ada.leave_form().await?;
        cara.expect_role(Role::Owner).await?;
        cara.type_into("title", " again").await?;
        cara.expect_save_status("draft").await?;

        // Her sign-in is ended: her window says so, and what she typed is there when she comes back.
        ada.press("a[href$='/live']").await?;
        ada.click_link("tr[data-session=Cara] button", "End sign-in").await?;
        cara.expect_text("#refused", "An administrator ended").await?;
        cara.try_to_sign_in("cara@example.test", "four brown socks").await?;
        cara.expect_text("#me", "Cara").await?;
        cara.open_record("Products", "Laptop 10 of Cara").await?;
        cara.expect_value("title", "Laptop 10 of Cara again").await?;

        // What ends is said where she is, and what she typed stays.
        ada.press("a[href$='/groups']").await?;
        ada.press("th[data-group=Temps] a").await?;
        ada.press("[data-member='cara@example.test'] button").await?;
        cara.expect_text("main", "You may not see this").await?;
        ada.open_record("Products", "Laptop 10 of Cara").await?;
        ada.expect_value("title", "Laptop 10 of Cara again").await?;

        deactivate_while_typing(&ada, &cara).await?;
        expect_audit_in_order(&ada).await
    })
    .await
}

#[tokio::test]
async fn a_colleague_is_found_online_and_visited_without_taking_their_form() -> anyhow::Result<()> {
    story("online", async |world| {
        let (anna, ben) = (world.desktop("anna").await?, world.desktop("ben").await?);
        anna.open_record("Products", "Laptop 10").await?;
        anna.expect_role(Role::Owner).await?;
        ben.press("#online").await?;
        ben.expect_text("[data-online=Ben]", "(you)").await?;
        ben.expect_text("[data-online=Anna]", "Edits “Laptop 10”").await?;
        ben.click_link("[data-online=Anna] a", "Edits “Laptop 10”").await?;
        ben.expect_gone("[data-online]").await?;
        ben.expect_value("title", "Laptop 10").await?;
        anna.type_into("title", " Plus").await?;
        ben.expect_value("title", "Laptop 10 Plus").await?;
        anna.expect_role(Role::Owner).await?;

        // Where she is not any more is not said.
        anna.leave_form().await?;
        ben.press("#online").await?;
        ben.expect_text("[data-online=Anna]", "Elsewhere").await?;
        anna.close_window().await?;
        ben.expect_gone("[data-online=Anna]").await
    })
    .await
}

#[tokio::test]
async fn a_person_gets_another_address_and_whoever_left_is_a_former_colleague() -> anyhow::Result<()> {
    story("former", async |world| {
        let (ada, anna) = (world.desktop("ada").await?, world.desktop("anna").await?);
        anna.open_record("Products", "Laptop 10").await?;
        anna.type_into("title", " of Anna").await?;
        anna.expect_save_status("draft").await?;
        anna.leave_form().await?;
        to_people(&ada).await?;
        press_in_row(&ada, "anna@example.test", "Edit").await?;
        ada.put("#person-name", "Anna Berg").await?;
        ada.put("#person-email", "anna.berg@example.test").await?;
        ada.press("#person-yes").await?;
        ada.expect_text(&row("anna.berg@example.test"), "Anna Berg").await?;
        anna.expect_text("#me", "Anna Berg").await?;

        press_in_row(&ada, "anna.berg@example.test", "Deactivate").await?;
        ada.press("#person-yes").await?;
        anna.expect_text("#refused", "Your account was deactivated").await?;
        press_in_row(&ada, "anna.berg@example.test", "Forget name").await?;
        ada.expect_text("#dialog-title", "Forget the name of Anna Berg?")
            .await?;
        ada.press("#person-yes").await?;
        ada.expect_text(&row(""), "Former colleague").await?;
        ada.expect_text(&row(""), "Forgotten").await?;
        ada.expect_gone(&format!("{} button", row(""))).await?;
        ada.open_record("Products", "Laptop 10").await?;
        ada.expect_value("title", "Laptop 10 of Anna").await?;
        ada.expect_text("main", "Former colleague left unsaved changes").await
    })
    .await
}
