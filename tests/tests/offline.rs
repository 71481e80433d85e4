//! Real windows without the server: work goes on, and arrives when it is back (semantics 5).

use baton_protocol::form::Role::Owner;
use baton_tests::{Proxy, story};

#[tokio::test]
async fn work_goes_on_without_the_server_and_through_a_restart_and_arrives() -> anyhow::Result<()> {
    story("offline_work", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Laptop 10").await?;
        anna.type_into("title", " Pro").await?;
        anna.expect_save_status("draft").await?;

        world.server.lock().await.kill().await;
        anna.expect_link("waiting").await?;
        anna.type_into("title", " (typed offline)").await?;
        anna.expect_save_status("waiting").await?;
        anna.expect_strip("You are offline. Go on typing: it is kept on this computer.")
            .await?;
        anna.expect_waiting(1).await?;

        // A record that the server has never heard of, with its rules checked all the same.
        anna.new_record("Products").await?;
        anna.expect_role(Owner).await?;
        anna.type_into("title", "Offline lamp").await?;
        anna.choose("status", "Published").await?;
        anna.save().await?;
        anna.expect_error_at("sku").await?;
        anna.type_into("sku", "LMP-1").await?;
        anna.type_into("price", "12.50").await?;
        anna.save().await?;
        anna.expect_gone("[data-error]").await?;
        anna.expect_waiting(2).await?;
        anna.open_list("Products").await?;
        anna.expect_text("#age", "As this computer remembers it").await?;
        anna.expect_text("#made-here", "Offline lamp").await?;
        anna.expect_text("#made-here", "to be saved").await?;
        anna.expect_row_to_say("Laptop 10", "waits for the network").await?;

        // She quits; nothing is asked, because nothing can be lost.
        anna.close_window().await?;
        let anna = world.start_again(anna).await?;
        anna.expect_waiting(2).await?;
        anna.open_record("Products", "Laptop 10").await?;
        anna.expect_role(Owner).await?;
        anna.expect_value("title", "Laptop 10 Pro (typed offline)").await?;
        anna.type_into("title", " (and on)").await?;
        anna.expect_save_status("waiting").await?;
        anna.leave_form().await?;

        world.server.lock().await.launch().await?;
        anna.expect_link("live").await?;
        anna.expect_waiting(0).await?;

        let ben = world.desktop("ben").await?;
        ben.expect_row_of("Products", "Offline lamp").await?;
        ben.open_record("Products", "Laptop 10").await?;
        ben.expect_value("title", "Laptop 10 Pro (typed offline) (and on)")
            .await?;
        ben.open_record("Products", "Offline lamp").await?;
        ben.expect_value("sku", "LMP-1").await?;
        ben.expect_save_status("saved").await
    })
    .await
}

#[tokio::test]
async fn what_others_saved_meanwhile_is_merged_and_what_both_changed_is_asked_about() -> anyhow::Result<()> {
    story("meanwhile", async |world| {
        let network = Proxy::start(world.server.lock().await.address()).await?;
        let anna = world.desktop_at("anna", &network.address()).await?;
        let ben = world.desktop("ben").await?;

        // Other fields: merged by itself.
        anna.open_record("Products", "Printer 15").await?;
        network.cut();
        anna.expect_link("waiting").await?;
        anna.type_into("title", " (Anna)").await?;
        anna.expect_save_status("waiting").await?;
        ben.open_record("Products", "Printer 15").await?;
        ben.expect_role(Owner).await?;
        ben.fill("price", "77.00").await?;
        ben.save().await?;
        ben.expect_save_status("saved").await?;
        ben.leave_form().await?;
        network.heal();
        anna.expect_link("live").await?;
        anna.expect_save_status("draft").await?;
        anna.expect_value("title", "Printer 15 (Anna)").await?;
        anna.expect_value("price", "77.00").await?;
        anna.expect_waiting(0).await?;
        anna.save().await?;
        anna.expect_save_status("saved").await?;

        // The same fields: she decides, and may do so later.
        network.cut();
        anna.expect_link("waiting").await?;
        anna.fill("title", "Printer by Anna").await?;
        anna.fill("sku", "SKU-ANNA").await?;
        anna.expect_save_status("waiting").await?;
        ben.open_record("Products", "Printer 15 (Anna)").await?;
        ben.expect_role(Owner).await?;
        ben.fill("title", "Printer by Ben").await?;
        ben.fill("sku", "SKU-BEN").await?;
        ben.save().await?;
        ben.expect_save_status("saved").await?;
        ben.leave_form().await?;
        network.heal();
        anna.expect_text("[data-conflict=title] [data-side=before]", "Printer 15 (Anna)")
            .await?;
        anna.expect_text("[data-conflict=title] [data-side=mine]", "Anna")
            .await?;
        anna.expect_text("[data-conflict=title] [data-side=theirs]", "Ben")
            .await?;
        anna.leave_form().await?;
        anna.expect_waiting(1).await?;
        anna.close_window().await?;

        let anna = world.start_again(anna).await?;
        anna.expect_waiting(1).await?;
        anna.open_record("Products", "Printer by Ben").await?;
        anna.press("[data-conflict=title] .baton-take-mine").await?;
        anna.expect_gone("[data-conflict=title]").await?;
        anna.press("[data-conflict=sku] .baton-take-theirs").await?;
        anna.expect_gone("[data-conflict=sku]").await?;
        // A decision can be taken back.
        anna.press("[data-toast=decision] .baton-inline-link").await?;
        anna.expect_text("[data-conflict=sku] [data-side=mine]", "SKU-ANNA")
            .await?;
        anna.press("[data-conflict=sku] .baton-take-theirs").await?;
        anna.expect_gone("[data-conflict=sku]").await?;
        anna.expect_value("title", "Printer by Anna").await?;
        anna.expect_value("sku", "SKU-BEN").await?;
        anna.expect_waiting(0).await?;
        anna.save().await?;
        anna.expect_save_status("saved").await?;
        ben.expect_row_of("Products", "Printer by Anna").await
    })
    .await
}

#[tokio::test]
async fn a_proxy_that_strips_the_upgrade_is_named() -> anyhow::Result<()> {
    story("stripping_proxy", async |world| {
        let proxy = Proxy::without_upgrade(world.server.lock().await.address()).await?;
        let anna = world.new_desktop("anna").await?;
        anna.give_server(&proxy.address()).await?;
        anna.press("#check-connection").await?;
        anna.expect_text("#check-result", "something between strips the WebSocket upgrade")
            .await?;

        // Over a good way, everything on it works.
        let ben = world.desktop("ben").await?;
        ben.check_connection().await?;
        ben.expect_text("#check-result", "Everything that was tried works")
            .await
    })
    .await
}

#[tokio::test]
async fn a_deletion_without_the_server_happens_when_it_is_back() -> anyhow::Result<()> {
    story("offline_deletion", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Tablet 15").await?;
        anna.expect_save_status("saved").await?;
        world.server.lock().await.kill().await;
        anna.expect_link("waiting").await?;
        anna.delete_record().await?;
        anna.expect_strip("Anna deleted this").await?;
        anna.expect_waiting(1).await?;
        anna.leave_form().await?;
        world.server.lock().await.launch().await?;
        anna.expect_link("live").await?;
        anna.expect_waiting(0).await?;
        anna.expect_in_bin("Products", "Tablet 15", true).await
    })
    .await
}

#[tokio::test]
async fn a_listed_record_is_edited_and_a_draft_discarded_without_the_server() -> anyhow::Result<()> {
    story("offline_unopened", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Laptop 10").await?;
        anna.type_into("title", " (half a thought)").await?;
        anna.expect_save_status("draft").await?;
        anna.leave_form().await?;
        anna.open_list("Products").await?;
        anna.expect_row("Monitor 10").await?;
        world.server.lock().await.kill().await;
        anna.expect_link("waiting").await?;

        // It was never opened on this computer.
        anna.open_record("Products", "Monitor 10").await?;
        anna.expect_role(Owner).await?;
        anna.type_into("title", " (from its row)").await?;
        anna.expect_save_status("waiting").await?;

        anna.open_record("Products", "Laptop 10").await?;
        anna.press("#discard").await?;
        anna.expect_value("title", "Laptop 10").await?;
        anna.expect_there("#undo-discard").await?;
        anna.leave_form().await?;
        anna.expect_waiting(2).await?;
        anna.close_window().await?;
        let anna = world.start_again(anna).await?;
        anna.expect_waiting(2).await?;

        world.server.lock().await.launch().await?;
        anna.expect_link("live").await?;
        anna.expect_waiting(0).await?;
        let ben = world.desktop("ben").await?;
        ben.open_record("Products", "Laptop 10").await?;
        ben.expect_value("title", "Laptop 10").await?;
        ben.expect_save_status("saved").await?;
        ben.open_record("Products", "Monitor 10").await?;
        ben.expect_value("title", "Monitor 10 (from its row)").await
    })
    .await
}
