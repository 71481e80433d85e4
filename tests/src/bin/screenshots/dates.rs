//! A day that is chosen from a month.

use baton_tests::World;

use super::Album;

pub(super) async fn dates(album: &Album) -> anyhow::Result<()> {
    let world = World::begin().await?;
    world.speak("de_DE.UTF-8");
    let (ada, anna) = (world.desktop("ada").await?, world.desktop("anna").await?);
    ada.define("Crate", "Crates").await?;
    for (field_type, label) in [("date", "Due"), ("date_time", "Tour")] {
        ada.add_field(field_type, label).await?;
    }
    ada.save().await?;
    ada.expect_save_status("saved").await?;
    anna.new_record("Crates").await?;
    anna.fill("title", "Oak").await?;
    anna.fill("due", "31.5.2026").await?;
    anna.fill("tour", "1.6.2026 9:15").await?;
    anna.press("[data-picker=due]").await?;
    anna.expect_there("[data-day='2026-05-31']:focus").await?;
    album.take(&anna, "form-date").await?;
    anna.resize(800, 700).await?;
    anna.press("[data-picker=tour]").await?;
    anna.expect_there("#picker-time").await?;
    album.take(&anna, "form-date-time-800").await
}
