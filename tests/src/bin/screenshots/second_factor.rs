//! The second factor: set up where the server asks for it, asked for at a sign-in, and on the page of one's account.

use anyhow::Context as _;
use baton_tests::{Desktop, World};
use totp_rs::{Builder, Totp};

use crate::Album;

/// Each person shows the pages in one of the colours: other colours load a page anew, and it begins at its start.
pub(crate) async fn second_factor(album: &Album) -> anyhow::Result<()> {
    let world = World::begin_with(&["--second-factor", "everybody"]).await?;
    for (person, dark, colours) in [("anna", false, "light"), ("ben", true, "dark")] {
        let desktop = world.new_desktop(person).await?;
        let (email, password) = {
            let server = world.server.lock().await;
            let email = format!("{person}@example.test");
            let password = server.passwords().await?.remove(&email).context("a password")?;
            desktop.give_server(&server.address()).await?;
            (email, password)
        };
        desktop.colours(dark).await?;
        desktop.try_to_sign_in(&email, &password).await?;
        desktop.expect_page("Set up a second factor").await?;
        desktop.put("#factor-password", &password).await?;
        desktop.press("#factor-next").await?;
        let phone = scan(&desktop).await?;
        desktop.settle().await?;
        album.put(&desktop, &format!("second-factor-set-up-{colours}")).await?;
        desktop.put("#factor-code", &shows(&phone, 0)?).await?;
        desktop.press("#factor-next").await?;
        desktop.expect_there("#recovery-codes").await?;
        desktop.settle().await?;
        album.put(&desktop, &format!("second-factor-codes-{colours}")).await?;
        desktop.press("#codes-noted").await?;
        desktop.press("#sign-out").await?;
        desktop.try_to_sign_in(&email, &password).await?;
        desktop.expect_there("#code").await?;
        desktop.settle().await?;
        album.put(&desktop, &format!("sign-in-code-{colours}")).await?;
        desktop.put("#code", &shows(&phone, 30)?).await?;
        desktop.press("#sign-in:not([disabled])").await?;
        desktop.press(".baton-me").await?;
        desktop.press("#set-up-factor").await?;
        desktop.put("#factor-password", &password).await?;
        desktop.press("#factor-next").await?;
        desktop.expect_there(".baton-qr").await?;
        desktop.settle().await?;
        album.put(&desktop, &format!("second-factor-dialog-{colours}")).await?;
    }
    Ok(())
}

/// What an admin does from Live, and who edited a form when.
pub(crate) async fn moment(album: &Album) -> anyhow::Result<()> {
    let world = World::begin_with(&["--grace-ms", "600000"]).await?;
    let (ada, anna, ben) = (
        world.desktop("ada").await?,
        world.desktop("anna").await?,
        world.desktop("ben").await?,
    );
    anna.open_record("Products", "Laptop 10").await?;
    anna.type_into("title", " Plus").await?;
    anna.expect_save_status("draft").await?;
    ben.open_record("Products", "Laptop 10").await?;
    anna.kill()?;
    ada.press("a[href$='/live']").await?;
    ada.expect_text("tr[data-open^='Laptop 10']", "away, held for").await?;
    album.take(&ada, "live-away").await?;
    ada.resize(800, 600).await?;
    album.take(&ada, "live-away-800").await?;
    ada.resize(1280, 800).await?;
    for (dark, name) in [(false, "live-message-light"), (true, "live-message-dark")] {
        ada.colours(dark).await?;
        ada.click_link("tr[data-session=Ben] button", "Message").await?;
        ada.put(
            "#message-text",
            "The server restarts at six. Please save what you have open.",
        )
        .await?;
        ada.settle().await?;
        album.put(&ada, name).await?;
        ada.press("#message-send").await?;
        ben.expect_notice("Ada says").await?;
    }
    ben.still().await?;
    album.put(&ben, "message-light").await?;
    ben.press(".baton-toast-close").await?;
    ada.click_link("tr[data-open^='Laptop 10'] button", "Release place")
        .await?;
    ben.expect_strip("You are editing").await?;
    // What an admin wrote stays until it is closed.
    ben.press(".baton-toast-close").await?;
    ben.press("#history").await?;
    ben.press("#owners").await?;
    ben.expect_there("#owner-list li").await?;
    album.take(&ben, "form-owners").await?;
    Ok(())
}

async fn scan(desktop: &Desktop) -> anyhow::Result<Totp> {
    let key: String = desktop.text("#factor-key").await?.split_whitespace().collect();
    let key = totp_rs::Secret::try_from_base32(&key)?;
    Ok(Builder::new().with_secret(key).build()?)
}

fn shows(phone: &Totp, later: u64) -> anyhow::Result<String> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)?
        .as_secs();
    Ok(phone.generate(now + later).to_string())
}
