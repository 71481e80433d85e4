//! The pages of accounts: people, groups, what happens now, the audit.

use baton_tests::{Desktop, World};

use crate::Album;

/// People, one's own account, and the audit.
pub(crate) async fn accounts(world: &World, album: &Album, ada: &Desktop) -> anyhow::Result<()> {
    ada.press("a[href$='/people']").await?;
    ada.press("#add-person").await?;
    ada.put("#person-name", "Cara Berg").await?;
    ada.put("#person-email", "cara@example.test").await?;
    album.take(ada, "person-add").await?;
    ada.press("#person-add").await?;
    let given = ada.text("#given-password").await?;
    album.take(ada, "person-password").await?;
    ada.press("#password-done").await?;
    let cara = world.new_desktop("cara").await?;
    let server = world.server.lock().await.address();
    cara.first_sign_in(&server, "cara@example.test", &given).await?;
    cara.change_password(&given, "password123", "password123").await?;
    cara.expect_there("#password-problem").await?;
    album.take(&cara, "choose-password").await?;
    ada.click_link("tr[data-person='ben@example.test'] button", "Deactivate")
        .await?;
    album.take(ada, "person-deactivate").await?;
    ada.press("#person-yes").await?;
    ada.expect_text("tr[data-person='ben@example.test']", "Deactivated")
        .await?;
    album.take(ada, "people").await?;
    ada.click_link("tr[data-person='cara@example.test'] button", "Edit")
        .await?;
    album.take(ada, "person-edit").await?;
    ada.press("#person-no").await?;
    ada.click_link("tr[data-person='ben@example.test'] button", "Forget name")
        .await?;
    album.take(ada, "person-forget").await?;
    ada.press("#person-no").await?;
    ada.resize(800, 600).await?;
    album.take(ada, "people-800").await?;
    ada.resize(1280, 800).await?;
    groups(album, ada).await?;
    ada.press("a[href$='/live']").await?;
    ada.expect_there("tr[data-session]").await?;
    album.take(ada, "live").await?;
    ada.press("a[href$='/audit']").await?;
    ada.expect_there("tr[data-entry]").await?;
    album.take(ada, "audit").await?;
    ada.press(".baton-me").await?;
    ada.expect_there(".baton-sign-in").await?;
    album.take(ada, "account").await
}

/// Groups and collections, one group, and taking a form over.
async fn groups(album: &Album, ada: &Desktop) -> anyhow::Result<()> {
    ada.press("a[href$='/groups']").await?;
    ada.expect_page("Groups").await?;
    album.take(ada, "groups-none").await?;
    for (name, access) in [("Sales", "Edit"), ("Temps", "View"), ("Managers of the shop", "Manage")] {
        ada.press("#add-group").await?;
        ada.put("#group-name", name).await?;
        if name == "Temps" {
            album.take(ada, "group-add").await?;
        }
        ada.press("#group-yes").await?;
        let cell = format!("tr[data-collection=product] td[data-of='{name}'] select");
        ada.select(&cell, access).await?;
    }
    ada.select("tr[data-collection=supplier] td select", "Groups only")
        .await?;
    ada.press("th[data-group=Temps] a").await?;
    ada.expect_page("Temps").await?;
    for (person, email) in [("Cara Berg", "cara@example.test"), ("Anna", "anna@example.test")] {
        ada.select("#add-member", person).await?;
        ada.expect_there(&format!("[data-member='{email}']")).await?;
    }
    ada.press("[data-access=product] .baton-limits").await?;
    ada.select("[data-limit=price] select", "Hidden").await?;
    ada.select("[data-limit=category] select", "Read only").await?;
    ada.expect_text("[data-access=product] .baton-limits", "2 fields limited")
        .await?;
    album.take(ada, "group").await?;
    ada.resize(800, 600).await?;
    album.take(ada, "group-800").await?;
    ada.press("a[href$='/groups']").await?;
    ada.expect_there("th[data-group=Temps]").await?;
    album.take(ada, "groups-800").await?;
    ada.resize(1280, 800).await?;
    album.take(ada, "groups").await
}
