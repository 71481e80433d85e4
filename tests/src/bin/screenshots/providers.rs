//! Signing in at an identity provider, who is online, and the check of collaboration.

use baton_tests::{Provider, World};

use crate::Album;

/// The sign-in page with another way to sign in, and while somebody is in the browser.
pub(crate) async fn sign_in(album: &Album) -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let mut provider = Provider::start(directory.path(), 0).await?;
    let settings = directory.path().join("server.toml");
    let help = "sign-in-help = \"Call the service desk, 1234, and have your badge at hand.\"\n";
    std::fs::write(
        &settings,
        format!("{help}{}", provider.settings("company", "create-accounts = true")),
    )?;
    let world = World::begin_with(&["--config", &settings.display().to_string()]).await?;
    let address = world.server.lock().await.address();
    provider.serve(&address).await?;
    world.open_no_links()?;
    let mia = world.new_desktop("mia").await?;
    mia.give_server(&address).await?;
    mia.expect_there(".baton-provider").await?;
    mia.press("#forgotten").await?;
    album.take(&mia, "sign-in-provider").await?;
    for (dark, name) in [(false, "sign-in-browser-light"), (true, "sign-in-browser-dark")] {
        // Other colours load this page anew.
        mia.colours(dark).await?;
        mia.press(".baton-provider").await?;
        mia.expect_there("#in-browser").await?;
        album.put(&mia, name).await?;
    }
    Ok(())
}

/// Who is online and where, and the check of the way to others.
pub(crate) async fn online(album: &Album) -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (anna, ben, ada) = (
        world.desktop("anna").await?,
        world.desktop("ben").await?,
        world.desktop("ada").await?,
    );
    anna.open_record("Products", "Laptop 10").await?;
    anna.type_into("title", " Plus").await?;
    anna.expect_save_status("draft").await?;
    ben.open_list("Staff").await?;
    ada.press("#online").await?;
    ada.expect_text("[data-online=Ben]", "Looks at Staff").await?;
    ada.expect_text("[data-online=Anna]", "Edits").await?;
    album.take(&ada, "online").await?;
    ben.check_connection().await?;
    album.take(&ben, "connection-check").await
}
