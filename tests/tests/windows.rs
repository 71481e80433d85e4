//! Real windows on a real server: the main job, and what each way of leaving does.

use baton_protocol::form::Role::{Owner, Spectator};
use baton_tests::{story, story_with};

#[tokio::test]
async fn two_people_edit_one_record_and_the_second_takes_over_when_the_first_is_killed() -> anyhow::Result<()> {
    story("main_job", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        let ada = world.desktop("ada").await?;

        ada.open_list("Products").await?;
        ada.mark_page().await?;

        anna.open_record("Products", "Laptop 10").await?;
        anna.expect_role(Owner).await?;
        anna.expect_strip("You are editing. Nobody else is here.").await?;
        ada.expect_row_to_say("Laptop 10", "Anna is editing").await?;

        ben.open_record("Products", "Laptop 10").await?;
        ben.expect_role(Spectator).await?;
        ben.expect_strip("Anna is editing. You see their typing. You are next in line.")
            .await?;
        ben.expect_inputs_enabled(false).await?;
        anna.expect_strip("Ben sees your typing and is next in line.").await?;

        anna.type_into("title", " Pro").await?;
        ben.expect_value("title", "Laptop 10 Pro").await?;
        anna.expect_save_status("draft").await?;
        ada.expect_row("Laptop 10").await?;

        anna.save().await?;
        anna.expect_save_status("saved").await?;
        ada.expect_row("Laptop 10 Pro").await?;
        ada.expect_same_page().await?;

        anna.type_into("description", " Unsaved words.").await?;
        anna.expect_save_status("draft").await?;
        let words = anna.value("description").await?;
        ben.expect_value("description", &words).await?;
        anna.kill()?;

        ben.expect_role(Owner).await?;
        ben.expect_notice("You are editing now, and go on from Anna’s unsaved changes.")
            .await?;
        ben.expect_inputs_enabled(true).await?;
        ben.expect_value("description", &words).await?;
        ben.type_into("description", " And Ben’s.").await?;
        ben.save().await?;
        ben.expect_save_status("saved").await?;
        ben.expect_value("description", &format!("{words} And Ben’s.")).await?;
        ada.expect_row_to_say("Laptop 10 Pro", "Ben").await
    })
    .await
}

#[tokio::test]
async fn leaving_the_form_and_closing_the_window_promote_at_once() -> anyhow::Result<()> {
    // Whoever waited for the grace period would not see the end of this story.
    story_with("clean_leave", &["--grace-ms", "600000"], async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Staff", "Amira Albers").await?;
        ben.open_record("Staff", "Amira Albers").await?;
        ben.expect_role(Spectator).await?;
        anna.type_into("phone", "7").await?;
        let phone = anna.value("phone").await?;
        ben.expect_value("phone", &phone).await?;

        anna.leave_form().await?;
        ben.expect_role(Owner).await?;
        ben.expect_value("phone", &phone).await?;

        anna.open_record("Staff", "Amira Albers").await?;
        anna.expect_role(Spectator).await?;
        anna.expect_value("phone", &phone).await?;
        ben.save().await?;
        ben.expect_save_status("saved").await?;
        ben.close_window().await?;
        anna.expect_role(Owner).await?;
        anna.expect_inputs_enabled(true).await?;
        anna.expect_value("phone", &phone).await?;
        anna.type_into("phone", "8").await?;
        anna.close_window_and_keep_the_draft().await
    })
    .await
}

#[tokio::test]
async fn a_record_deleted_under_its_editor_keeps_the_text_and_is_restored_with_it() -> anyhow::Result<()> {
    story("deleted_while_editing", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Staff", "Amira Albers").await?;
        anna.expect_role(Owner).await?;
        ben.open_record("Staff", "Amira Albers").await?;
        anna.type_into("phone", "5").await?;
        let phone = anna.value("phone").await?;
        ben.expect_value("phone", &phone).await?;

        ben.delete_record().await?;
        anna.expect_strip("Ben deleted this").await?;
        anna.expect_inputs_enabled(false).await?;
        anna.expect_value("phone", &phone).await?;
        ben.leave_form().await?;
        ben.expect_in_bin("Staff", "Amira Albers", true).await?;

        anna.restore_record().await?;
        anna.expect_inputs_enabled(true).await?;
        anna.expect_value("phone", &phone).await?;
        ben.expect_in_bin("Staff", "Amira Albers", false).await?;
        anna.save().await?;
        anna.expect_save_status("saved").await
    })
    .await
}

#[tokio::test]
async fn whoever_has_a_record_open_reads_that_it_was_archived_and_by_whom_and_loses_no_text() -> anyhow::Result<()> {
    story("archived_while_editing", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        let ada = world.desktop("ada").await?;
        // In the order in which they came, and the same in every window.
        for desktop in [&anna, &ben, &ada] {
            desktop.open_record("Staff", "Amira Albers").await?;
            desktop.expect_there("[data-editor]").await?;
        }
        for desktop in [&anna, &ben, &ada] {
            desktop.expect_roster(&["Anna", "Ben", "Ada"]).await?;
        }
        anna.type_into("phone", "5").await?;
        let phone = anna.value("phone").await?;
        ben.expect_value("phone", &phone).await?;

        ada.press("#archive").await?;
        ada.press("#remove-yes").await?;
        anna.expect_strip("Ada archived this").await?;
        ben.expect_strip("Ada archived this").await?;
        anna.expect_read_only().await?;
        anna.expect_value("phone", &phone).await?;
        anna.leave_form().await?;
        anna.expect_in_bin("Staff", "Amira Albers", true).await?;

        ben.restore_record().await?;
        ben.expect_value("phone", &phone).await?;
        anna.expect_in_bin("Staff", "Amira Albers", false).await
    })
    .await
}

#[tokio::test]
async fn a_new_record_appears_in_every_list_and_its_errors_in_every_window() -> anyhow::Result<()> {
    story("new_record", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        ben.open_list("Products").await?;
        ben.mark_page().await?;

        anna.new_record("Products").await?;
        anna.expect_role(Owner).await?;
        anna.type_into("title", "Folding desk").await?;
        anna.choose("status", "Published").await?;
        anna.flip("in_stock").await?;
        anna.save().await?;
        let error = anna.expect_error_at("sku").await?;
        anyhow::ensure!(error == "SKU is needed.", "{error}");

        anna.type_into("sku", "OFF-9001").await?;
        anna.choose("category", "Office").await?;
        anna.type_into("price", "249.90").await?;
        anna.type_into("available_from", "2026-13-01").await?;
        anna.save().await?;
        let error = anna.expect_error_at("available_from").await?;
        anyhow::ensure!(error == "Available from must be a date like 2026-05-31.", "{error}");

        anna.fill("available_from", "2026-12-01").await?;
        anna.save().await?;
        anna.expect_save_status("saved").await?;
        anna.expect_value("slug", "folding-desk").await?;
        ben.expect_row_to_say("Folding desk", "OFF-9001").await?;
        ben.expect_same_page().await?;

        ben.open_record("Products", "Folding desk").await?;
        ben.expect_value("price", "249.90").await?;
        anna.fill("price", "much").await?;
        anna.save().await?;
        ben.expect_error_at("price").await.map(drop)
    })
    .await
}

#[tokio::test]
async fn a_wrong_password_is_refused_with_a_sentence() -> anyhow::Result<()> {
    story("wrong_password", async |world| {
        let desktop = world.new_desktop("anna").await?;
        desktop.give_server(&world.server.lock().await.address()).await?;
        desktop.try_to_sign_in("anna@example.test", "not this one").await?;
        desktop
            .expect_notice("This e-mail address and password do not go together.")
            .await
    })
    .await
}

#[tokio::test]
async fn a_server_that_is_killed_and_started_again_has_everything_and_the_owner_goes_on() -> anyhow::Result<()> {
    story("server_restart", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Headset 10").await?;
        ben.open_record("Products", "Headset 10").await?;
        ben.expect_role(Spectator).await?;
        anna.type_into("title", " (before)").await?;
        ben.expect_value("title", "Headset 10 (before)").await?;
        anna.expect_save_status("draft").await?;

        world.server.lock().await.kill().await;
        anna.expect_link("waiting").await?;
        anna.type_into("title", " (during)").await?;
        anna.expect_save_status("waiting").await?;
        world.server.lock().await.launch().await?;

        anna.expect_link("live").await?;
        anna.expect_save_status("draft").await?;
        anna.expect_value("title", "Headset 10 (before) (during)").await?;
        ben.expect_value("title", "Headset 10 (before) (during)").await?;
        // What is shown from before the kill would say the same: now both were told anew.
        anna.expect_role(Owner).await?;
        ben.expect_role(Spectator).await
    })
    .await
}

#[tokio::test]
async fn a_spectator_asks_is_declined_asks_again_and_is_handed_the_form() -> anyhow::Result<()> {
    story("ask_and_hand_over", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Webcam 15").await?;
        ben.open_record("Products", "Webcam 15").await?;
        ben.expect_role(Spectator).await?;
        anna.type_into("title", " Plus").await?;

        ben.press("#ask").await?;
        ben.expect_ask("mine", "You asked Anna to let you edit.").await?;
        anna.expect_ask("owner", "Ben asks to edit.").await?;
        anna.press("#decline").await?;
        ben.expect_notice("Anna goes on editing for now.").await?;

        ben.press("#ask").await?;
        anna.press("#hand-over").await?;
        ben.expect_role(Owner).await?;
        anna.expect_role(Spectator).await?;
        anna.expect_strip("Ben is editing. You see their typing. You are next in line.")
            .await?;
        anna.expect_inputs_enabled(false).await?;
        ben.expect_value("title", "Webcam 15 Plus").await?;
        ben.type_into("title", " 2").await?;
        anna.expect_value("title", "Webcam 15 Plus 2").await
    })
    .await
}

#[tokio::test]
async fn the_same_person_twice_is_one_owner_and_moves_between_windows_and_an_admin_takes_over() -> anyhow::Result<()> {
    story("same_person_twice", async |world| {
        let first = world.desktop("anna").await?;
        let second = world.desktop("anna").await?;
        let ada = world.desktop("ada").await?;
        first.open_record("Products", "Printer 15").await?;
        first.type_into("title", " (first)").await?;
        second.open_record("Products", "Printer 15").await?;
        second.expect_role(Spectator).await?;
        second.expect_strip("You are editing in another window.").await?;
        second.expect_value("title", "Printer 15 (first)").await?;

        second.press("#move-here").await?;
        second.expect_role(Owner).await?;
        first.expect_role(Spectator).await?;
        second.type_into("title", " (second)").await?;
        first.expect_value("title", "Printer 15 (first) (second)").await?;

        ada.open_record("Products", "Printer 15").await?;
        ada.press("#take-over").await?;
        ada.put("#take-over-reason", "Anna is ill").await?;
        ada.press("#take-over-yes").await?;
        ada.expect_role(Owner).await?;
        second.expect_role(Spectator).await?;
        second
            .expect_notice("Ada took this form over: “Anna is ill” What you typed is in the draft.")
            .await?;
        ada.expect_value("title", "Printer 15 (first) (second)").await?;

        // Left unsaved, it is found with its author by whoever looks after everybody's.
        ada.leave_form().await?;
        ada.press("a[href$='/unsaved']").await?;
        ada.expect_text("[data-draft='Printer 15 (first) (second)']", "Anna")
            .await
    })
    .await
}

#[tokio::test]
async fn a_desktop_that_is_frozen_loses_its_place_and_comes_back_as_a_spectator() -> anyhow::Result<()> {
    story("frozen_desktop", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Tablet 15").await?;
        ben.open_record("Products", "Tablet 15").await?;
        ben.expect_role(Spectator).await?;
        anna.type_into("title", " (kept)").await?;
        ben.expect_value("title", "Tablet 15 (kept)").await?;

        anna.freeze()?;
        ben.expect_role(Owner).await?;
        ben.type_into("title", " (Ben)").await?;
        ben.expect_save_status("draft").await?;
        anna.thaw()?;

        anna.expect_role(Spectator).await?;
        anna.expect_value("title", "Tablet 15 (kept) (Ben)").await?;
        ben.expect_value("title", "Tablet 15 (kept) (Ben)").await
    })
    .await
}

#[tokio::test]
async fn a_second_start_shows_the_window_that_is_there() -> anyhow::Result<()> {
    story("second_start", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Printer 12").await?;
        anna.expect_role(Owner).await?;
        anna.type_into("title", " (kept)").await?;
        let starts = (0..20).map(|_| anna.start_second(None));
        for ended in futures_util::future::join_all(starts).await {
            ended?;
        }
        anna.expect_role(Owner).await?;
        anna.type_into("title", " (on)").await?;
        anna.expect_save_status("draft").await?;
        anna.expect_value("title", "Printer 12 (kept) (on)").await
    })
    .await
}

#[tokio::test]
async fn an_answer_that_a_page_does_not_get_neither_skips_an_event_nor_types_twice() -> anyhow::Result<()> {
    story("lost_answers", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Printer 12").await?;
        ben.open_record("Products", "Printer 12").await?;
        ben.expect_role(Spectator).await?;
        anna.lose_answer("change_form").await?;
        ben.lose_answer("next_events").await?;

        anna.type_into("title", " (kept)").await?;
        ben.expect_value("title", "Printer 12 (kept)").await?;
        anna.expect_save_status("draft").await?;
        anna.expect_value("title", "Printer 12 (kept)").await?;
        anna.expect_there("body[data-lost=change_form]").await?;
        ben.expect_there("body[data-lost=next_events]").await?;
        anna.save().await?;
        ben.expect_save_status("saved").await
    })
    .await
}

#[tokio::test]
async fn a_page_whose_process_ends_comes_back_with_what_was_typed() -> anyhow::Result<()> {
    story("page_killed", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Printer 11").await?;
        ben.open_record("Products", "Printer 11").await?;
        ben.expect_role(Spectator).await?;
        anna.type_into("title", " (typed)").await?;
        // What the page has not yet passed on when its process is killed nobody can know.
        ben.expect_value("title", "Printer 11 (typed)").await?;
        anna.kill_page()?;
        // Her place goes to the next in line, with the draft; her window comes back to the record by itself.
        // WebDriver does not come back to the window: what it shows is seen from here.
        ben.expect_role(Owner).await?;
        ben.expect_value("title", "Printer 11 (typed)").await?;
        ben.expect_strip("Anna sees your typing and is next in line.").await?;
        ben.leave_form().await?;
        ben.open_record("Products", "Printer 11").await?;
        ben.expect_strip("Anna is editing. You see their typing. You are next in line.")
            .await
    })
    .await
}

#[tokio::test]
async fn every_version_can_be_seen_compared_and_restored() -> anyhow::Result<()> {
    story("history", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Monitor 15").await?;
        ben.open_record("Products", "Monitor 15").await?;
        anna.fill("title", "Monitor 15 wide").await?;
        anna.save().await?;
        anna.expect_save_status("saved").await?;
        anna.fill("title", "Monitor 15 very wide").await?;
        anna.save().await?;
        ben.expect_value("title", "Monitor 15 very wide").await?;
        ben.expect_save_status("saved").await?;

        ben.press("#history").await?;
        ben.expect_text("[data-difference=title]", "Monitor 15 very wide")
            .await?;
        anna.press("#history").await?;
        anna.press("[data-version='2']").await?;
        anna.expect_text("[data-difference=title]", "Monitor 15 wide").await?;
        anna.press("#restore").await?;
        anna.expect_text("[data-version='4']", "Version 4").await?;
        anna.press("#history").await?;
        anna.expect_value("title", "Monitor 15 wide").await?;
        ben.expect_text("[data-version='4']", "Anna").await
    })
    .await
}

#[tokio::test]
async fn a_server_that_stands_still_for_longer_than_the_grace_period_changes_no_owner() -> anyhow::Result<()> {
    story("frozen_server", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Keyboard 15").await?;
        ben.open_record("Products", "Keyboard 15").await?;
        ben.expect_role(Spectator).await?;
        anna.type_into("title", " (before)").await?;
        ben.expect_value("title", "Keyboard 15 (before)").await?;

        world.server.lock().await.freeze();
        anna.expect_link("waiting").await?;
        ben.expect_link("waiting").await?;
        anna.type_into("title", " (during)").await?;
        world.server.lock().await.thaw();

        anna.expect_link("live").await?;
        ben.expect_link("live").await?;
        anna.expect_save_status("draft").await?;
        ben.expect_value("title", "Keyboard 15 (before) (during)").await?;
        anna.expect_role(Owner).await?;
        ben.expect_role(Spectator).await
    })
    .await
}
