//! Comments, notifications, activity, an invitation.

use baton_tests::World;

use crate::Album;

/// What people say about a record, and what changed.
pub(crate) async fn together(album: &Album) -> anyhow::Result<()> {
    let world = World::begin().await?;
    let anna = world.desktop("anna").await?;
    let ben = world.desktop("ben").await?;
    anna.open_record("Products", "Laptop 23").await?;
    anna.press("[data-comment-on=price]").await?;
    anna.put(
        "#new-comment",
        "@Ben is this still right? The supplier wrote of a rise.",
    )
    .await?;
    anna.press("#new-comment-send").await?;
    anna.expect_there(".baton-thread").await?;
    ben.expect_there("#inbox[data-unread='1']").await?;
    ben.press("#inbox").await?;
    ben.expect_there(".baton-inbox .baton-new").await?;
    album.take(&ben, "inbox").await?;
    ben.press(".baton-inbox .baton-new a").await?;
    ben.expect_there(".baton-thread").await?;
    ben.press(".baton-thread [data-act=answer]").await?;
    ben.put("[id^=answer-]", "I have asked them. Until then: yes.").await?;
    ben.press("[id^=answer-][id$=-send]").await?;
    anna.expect_text(".baton-thread", "Until then").await?;
    album.take(&anna, "comments").await?;
    anna.resize(1920, 1000).await?;
    album.take(&anna, "comments-1920").await?;
    anna.resize(1280, 800).await?;
    anna.put("#new-comment", "@b").await?;
    anna.expect_there("#new-comment-names").await?;
    album.take(&anna, "comments-mention").await?;
    anna.resize(800, 600).await?;
    anna.press("#panel").await?;
    anna.expect_there("#side-panel").await?;
    album.take(&anna, "comments-800").await?;
    anna.press("#panel-close").await?;
    anna.resize(1280, 800).await?;

    anna.fill("price", "949.00").await?;
    anna.save().await?;
    anna.press("#delete").await?;
    anna.press("#remove-yes").await?;
    ben.press("a[href$='/activity']").await?;
    ben.expect_there("[data-title='Laptop 23'] .baton-restore").await?;
    album.take(&ben, "activity").await?;
    ben.resize(800, 600).await?;
    album.take(&ben, "activity-800").await?;

    let ada = world.desktop("ada").await?;
    ada.press("a[href$='/people']").await?;
    ada.press("#add-person").await?;
    ada.put("#person-name", "Cara Berg").await?;
    ada.put("#person-email", "cara@example.test").await?;
    ada.press("#person-add").await?;
    let invitation = ada.text("#invitation").await?;
    album.take(&ada, "person-password").await?;
    let cara = world.new_desktop("cara").await?;
    cara.start_second(Some(&invitation)).await?;
    cara.expect_page("You are invited").await?;
    album.put(&cara, "invitation-light").await?;
    cara.press("#accept").await?;
    cara.expect_page("Choose your password").await?;
    album.take(&cara, "invitation-password").await
}
