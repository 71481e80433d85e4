//! Searches of lists and of everything, and the list of keys.

use baton_tests::Desktop;

use crate::Album;

pub(crate) async fn search(album: &Album, anna: &Desktop) -> anyhow::Result<()> {
    const ESCAPE: &str = "\u{e00c}";
    anna.open_list("Products").await?;
    anna.search("nothing like this").await?;
    album.take(anna, "records-nothing-found").await?;
    anna.search("headste 23").await?;
    anna.expect_there(".baton-no-match .pf-m-primary").await?;
    album.take(anna, "records-similar").await?;

    anna.open_palette().await?;
    anna.press_keys("head").await?;
    anna.expect_text("[data-entry='Headset 23']", "Product").await?;
    album.take(anna, "palette").await?;
    anna.press_keys(ESCAPE).await?;
    anna.open_palette().await?;
    anna.press_keys("headste 23").await?;
    anna.expect_text("[data-entry='Headset 23']", "Product").await?;
    album.take(anna, "palette-similar").await?;
    anna.press_keys(ESCAPE).await?;
    // Away from the list's search, which takes what is typed.
    anna.leave_form().await?;
    anna.press_keys("?").await?;
    anna.expect_text("#keys", "Find records").await?;
    album.take(anna, "keys").await?;
    anna.press_keys(ESCAPE).await
}
