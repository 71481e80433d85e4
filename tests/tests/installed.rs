//! How the desktop behaves on somebody's machine: links, notices, the tray, what an administrator set, the first start.

use anyhow::ensure;
use baton_protocol::form::Role;
use baton_tests::story;

/// The record that the desktop shows, as a link names it.
async fn link_of(desktop: &baton_tests::Desktop) -> anyhow::Result<String> {
    let address = desktop.address().await?;
    let (_, page) = address.split_once("#/entity/").unwrap_or_default();
    let ids = page.trim_end_matches("/read-only").replace("/record/", "/");
    Ok(format!("baton://record/{ids}"))
}

#[tokio::test]
async fn a_link_shows_its_record_and_takes_it_from_nobody_until_a_key_is_pressed() -> anyhow::Result<()> {
    story("links", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Laptop 10").await?;
        let link = link_of(&anna).await?;
        anna.leave_form().await?;
        anna.start_second(Some(&link)).await?;
        anna.expect_role(Role::Viewer).await?;
        anna.expect_strip("Nobody is editing").await?;
        anna.expect_inputs_enabled(false).await?;

        // Whoever opens it edits it, as if nobody looked.
        ben.open_record("Products", "Laptop 10").await?;
        ben.expect_role(Role::Owner).await?;
        ben.expect_strip("Anna is watching").await?;
        ben.type_into("title", " b").await?;
        anna.expect_value("title", "Laptop 10 b").await?;
        ben.leave_form().await?;
        anna.expect_strip("Nobody is editing").await?;

        let hands = anna.hands()?;
        hands.write("x")?;
        anna.expect_role(Role::Owner).await?;
        anna.expect_inputs_enabled(true).await?;
        anna.expect_value("title", "Laptop 10 b").await?;

        // What is no link to a record here says so, and nothing moves.
        anna.start_second(Some(&format!("{link}?server=evil.example"))).await?;
        anna.expect_notice("another server, evil.example").await?;
        anna.start_second(Some("baton://delete/everything")).await?;
        anna.expect_notice("no link to a record").await?;
        anna.expect_role(Role::Owner).await
    })
    .await
}

#[tokio::test]
async fn a_notification_is_shown_while_the_window_is_unfocused_and_its_click_opens_it() -> anyhow::Result<()> {
    story("notices", async |world| {
        let ben = world.desktop("ben").await?;
        let bus = world.with_bus().await?;
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Laptop 10").await?;
        ben.open_record("Products", "Laptop 10").await?;
        ben.expect_role(Role::Spectator).await?;

        // Before their eyes the page says it, and nothing else.
        let hands = anna.hands()?;
        ben.press("#ask").await?;
        anna.press("#decline").await?;
        ben.expect_there("#ask:not([disabled])").await?;
        hands.look_elsewhere()?;
        ben.press("#ask").await?;
        bus.expect_in_tray("Ben asks for “Laptop 10”").await?;
        bus.click_notification("Ben asks to edit “Laptop 10”").await?;
        anna.press("#hand-over").await?;
        ben.expect_role(Role::Owner).await?;
        hands.look_elsewhere()?;
        ben.leave_form().await?;
        bus.click_notification("You are editing “Laptop 10” now").await?;
        anna.expect_role(Role::Owner).await?;
        ensure!(
            bus.count_notifications("asks to edit") == 1,
            "what was before their eyes was told too"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_tray_says_how_things_stand_and_leads_back_and_out() -> anyhow::Result<()> {
    story("tray", async |world| {
        let bus = world.with_bus().await?;
        let anna = world.desktop("anna").await?;
        bus.expect_in_tray("Connected").await?;
        anna.open_record("Products", "Laptop 10").await?;
        world.server.lock().await.kill().await;
        bus.expect_in_tray("Not connected").await?;
        anna.type_into("title", " x").await?;
        bus.expect_in_tray("1 record waits for the server").await?;
        world.server.lock().await.launch().await?;
        bus.expect_in_tray("Connected").await?;
        anna.expect_save_status("draft").await?;
        bus.press_in_tray("Hide Baton").await?;
        anna.expect_hidden(true).await?;
        bus.press_in_tray("Show Baton").await?;
        anna.expect_hidden(false).await?;
        anna.save().await?;
        anna.expect_save_status("saved").await?;
        bus.press_in_tray("Quit").await?;
        anna.expect_ended().await
    })
    .await
}

#[tokio::test]
async fn what_an_administrator_set_holds_and_is_shown_with_where_it_stands() -> anyhow::Result<()> {
    story("managed", async |world| {
        let address = world.server.lock().await.address();
        world.manage(&format!(
            "server = \"{address}\"\nserver-locked = true\nupdates = \"off\"\nremember-sign-in = false\ncolour = \"red\"\n"
        ))?;
        let anna = world.new_desktop("anna").await?;
        anna.expect_notice("“colour” is no setting").await?;
        let passwords = world.server.lock().await.passwords().await?;
        anna.sign_in("anna@example.test", &passwords["anna@example.test"]).await?;
        anna.open_installation().await?;
        anna.expect_text("#settings", &format!("{address}, and no other")).await?;
        anna.expect_text("#settings", "Your administrator, in").await?;
        anna.expect_text("#update-state", "Your administrator turned updates off").await?;
        anna.press("#save-report").await?;
        anna.expect_notice("Saved as").await?;
        let report = anna.directory().join("downloads/Baton report.zip");
        ensure!(report.metadata()?.len() > 500, "the report is empty");

        // The sign-in was not to be remembered.
        let anna = world.start_again(anna).await?;
        anna.expect_there("#password").await?;
        anna.expect_gone(".baton-other-server").await
    })
    .await
}

#[tokio::test]
async fn the_first_start_tries_the_address_while_it_is_typed() -> anyhow::Result<()> {
    story("first_start", async |world| {
        let anna = world.new_desktop("anna").await?;
        anna.expect_there("#server").await?;
        anna.put("#server", "127.0.0.1:9").await?;
        anna.expect_there("[data-tried=fails]").await?;
        let address = world.server.lock().await.address();
        anna.put("#server", &address).await?;
        anna.expect_there("[data-tried=works]").await?;
        anna.press("#connect").await?;
        anna.expect_there("#password").await
    })
    .await
}

#[tokio::test]
async fn the_size_of_everything_is_changed_by_keys_and_remembered() -> anyhow::Result<()> {
    story("zoom", async |world| {
        let anna = world.desktop("anna").await?;
        let before = anna.width().await?;
        let hands = anna.hands()?;
        hands.press(&[baton_tests::keys::CONTROL], u32::from('-'))?;
        anna.expect_width(|now| now > before).await?;
        let smaller = anna.width().await?;
        let anna = world.start_again(anna).await?;
        anna.expect_there("#me").await?;
        anna.expect_width(|now| now == smaller).await?;
        let hands = anna.hands()?;
        hands.press(&[baton_tests::keys::CONTROL], u32::from('0'))?;
        anna.expect_width(|now| now == before).await
    })
    .await
}

#[tokio::test]
async fn a_startup_error_is_shown_in_a_window() -> anyhow::Result<()> {
    story("cannot_start", async |world| {
        let data = world.data_of("broken");
        let home = data.parent().expect("a folder");
        std::fs::create_dir_all(home)?;
        std::fs::write(&data, "this is no directory")?;
        let anna = world.prepared_desktop("anna", "broken").await?;
        anna.expect_text("#why", "cannot be made").await
    })
    .await
}
