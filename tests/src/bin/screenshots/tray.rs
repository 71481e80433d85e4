//! The tray's menu, in a panel of Xfce.

use baton_tests::{Proxy, World};

use super::Album;

pub(super) async fn tray(album: &Album) -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ben = world.desktop("ben").await?;
    let panel = world.with_panel().await?;
    let network = Proxy::start(world.server.lock().await.address()).await?;
    let anna = world.desktop_at("anna", &network.address()).await?;
    anna.open_record("Products", "Laptop 23").await?;
    anna.type_into("title", " Pro").await?;
    anna.expect_save_status("draft").await?;
    ben.open_record("Products", "Laptop 23").await?;
    ben.press("#ask").await?;
    anna.expect_ask("owner", "Ben asks to edit.").await?;
    panel.picture_of_menu(&album.directory.join("tray-menu.png")).await?;
    network.cut();
    anna.expect_link("waiting").await?;
    anna.type_into("title", " Max").await?;
    anna.expect_save_status("waiting").await?;
    panel
        .picture_of_menu(&album.directory.join("tray-menu-waiting.png"))
        .await
}
