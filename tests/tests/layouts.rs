//! Lists as boards and calendars: what is put elsewhere has another value, for everybody.

use std::path::Path;

use baton_tests::{keys, story};

fn card(lane: &str, title: &str) -> String {
    format!("[data-lane={lane}] li[data-record='{title}']")
}

#[tokio::test]
async fn a_card_is_put_into_another_lane_by_mouse_and_by_keys_but_not_under_whoever_edits_it() -> anyhow::Result<()> {
    story("board", async |world| {
        let (anna, ben) = (world.desktop("anna").await?, world.desktop("ben").await?);
        for desktop in [&anna, &ben] {
            desktop.open_list("Products").await?;
            desktop.show_as("board").await?;
        }
        let title = anna.text("[data-lane=Audio] li a").await?;
        let handle = anna.place(&format!("{} .baton-handle", card("Audio", &title))).await?;
        let computers = anna.place("[data-lane=Computers] h2").await?;
        anna.drag(handle, computers).await?;
        for desktop in [&anna, &ben] {
            desktop.expect_there(&card("Computers", &title)).await?;
            desktop.expect_gone(&card("Audio", &title)).await?;
        }

        let handle = format!("{} .baton-handle", card("Computers", &title));
        anna.type_keys(&handle, "\u{e010}").await?;
        anna.hands()?.press(&[], keys::LEFT)?;
        anna.expect_there(&format!("{} .baton-handle:focus", card("Audio", &title)))
            .await?;
        ben.expect_there(&card("Audio", &title)).await?;

        ben.press(&format!("{} a", card("Audio", &title))).await?;
        ben.expect_value("title", &title).await?;
        anna.expect_text(&card("Audio", &title), "Ben is editing").await?;
        anna.hands()?.press(&[], keys::LEFT)?;
        anna.expect_notice(&format!("Ben is editing {title}")).await?;
        anna.expect_there(&card("Audio", &title)).await
    })
    .await
}

#[tokio::test]
async fn a_record_is_on_its_day_and_is_put_onto_another() -> anyhow::Result<()> {
    story("calendar", async |world| {
        world.speak("en_US.UTF-8");
        let anna = world.desktop("anna").await?;
        anna.open_list("Products").await?;
        anna.show_as("calendar").await?;
        let today = anna.attribute(".baton-today", "data-day").await?;
        // As weeks begin in the United States.
        anna.expect_text(".baton-month th", "Sun").await?;
        anna.show_as("table").await?;
        anna.open_record("Products", "Laptop 10").await?;
        anna.fill("available_from", &today).await?;
        anna.save().await?;
        anna.expect_save_status("saved").await?;

        anna.open_list("Products").await?;
        anna.show_as("calendar").await?;
        let here = ".baton-today li[data-record='Laptop 10']";
        anna.expect_there(here).await?;
        anna.press("[aria-label='The next month']").await?;
        anna.press("[aria-label='The month before']").await?;
        anna.expect_there(here).await?;
        // A day that is of this month, too.
        let arrow = if today.ends_with("-01") {
            keys::RIGHT
        } else {
            keys::LEFT
        };
        // It has the focus then.
        anna.type_keys(&format!("{here} a"), "\u{e010}").await?;
        anna.hands()?.press(&[keys::SHIFT], arrow)?;
        anna.expect_gone(here).await?;
        let elsewhere = ".baton-day:not(.baton-today) li[data-record='Laptop 10']";
        anna.expect_there(&format!("{elsewhere} a:focus")).await?;
        let (from, to) = (
            anna.place(elsewhere).await?,
            anna.place(".baton-today .baton-day-number").await?,
        );
        anna.drag(from, to).await?;
        anna.expect_there(here).await?;
        anna.press(&format!("{here} a")).await?;
        let (year, month, day) = (&today[..4], &today[5..7], &today[8..]);
        anna.expect_value("available_from", &format!("{month}/{day}/{year}"))
            .await
    })
    .await
}

#[tokio::test]
async fn a_gallery_shows_the_image_of_each_record() -> anyhow::Result<()> {
    story("gallery", async |world| {
        let (ada, ben) = (world.desktop("ada").await?, world.desktop("ben").await?);
        ada.define("Room", "Rooms").await?;
        ada.add_field("text", "Floor").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        // There is nothing that it could show yet.
        ben.open_list("Rooms").await?;
        ben.press("#layout").await?;
        ben.expect_there("[data-layout=gallery]:disabled").await?;
        ben.press_escape("#layout").await?;
        ada.add_field("image", "Photo").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;

        let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../icons/128x128.png");
        for (title, has_photo) in [("Hall", true), ("Cellar", false)] {
            ada.new_record("Rooms").await?;
            ada.fill("title", title).await?;
            if has_photo {
                ada.attach("photo", &photo).await?;
                ada.expect_picture("photo", "128x128.png").await?;
            }
            ada.save().await?;
            ada.expect_save_status("saved").await?;
            ada.leave_form().await?;
        }
        ben.show_as("gallery").await?;
        ben.expect_there("[data-record=Hall] img[alt='128x128.png']").await?;
        ben.expect_there("[data-record=Cellar] .baton-card-image i").await?;
        // What it shows large is not said once more below.
        ben.expect_gone("[data-record=Hall] .baton-file-name").await?;
        ben.select_row("Hall").await?;
        ben.expect_there("[data-record=Hall].baton-selected").await?;
        ben.press("[data-record=Hall] h2 a").await?;
        ben.expect_value("title", "Hall").await
    })
    .await
}
