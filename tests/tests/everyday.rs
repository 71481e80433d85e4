//! What somebody does all day: into a record and back to the list, many rows at once, two records side by side.

use anyhow::ensure;
use baton_protocol::form::Role;
use baton_tests::{Desktop, keys, story};

async fn click(desktop: &Desktop, css: &str) -> anyhow::Result<()> {
    let place = desktop.place(css).await?;
    desktop.hands()?.click(place)
}

fn link_of(title: &str) -> String {
    format!("tr[data-record='{title}'] a")
}

#[tokio::test]
async fn whoever_comes_back_from_a_record_finds_the_list_as_they_left_it() -> anyhow::Result<()> {
    story("way_back", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_list("Products").await?;
        anna.press("[data-sort=sku]").await?;
        anna.search("1").await?;
        anna.filter("Status", "is", "Published").await?;
        let chosen = anna.first_row().await?;
        anna.select_row(&chosen).await?;
        let rows = anna.total().await?;
        anna.scroll_list(false).await?;
        // The last row that is drawn is far down.
        let title = anna
            .text(".baton-table tbody tr[data-record]:nth-last-child(3) a")
            .await?;
        click(&anna, &link_of(&title)).await?;
        anna.expect_role(Role::Owner).await?;

        let hands = anna.hands()?;
        hands.press(&[keys::ALT], keys::LEFT)?;
        anna.expect_input("#filter", "1").await?;
        anna.expect_there("[data-filter=status]").await?;
        anna.expect_there("th[aria-sort=ascending] [data-sort=sku]").await?;
        anna.expect_text("#selected", "1 selected").await?;
        ensure!(anna.total().await? == rows, "another list");
        anna.expect_there(&format!("{}:focus", link_of(&title))).await?;
        anna.expect_in_sight(&link_of(&title), true).await?;

        // By way of another page it begins as usual.
        anna.open_list("Staff").await?;
        anna.open_list("Products").await?;
        anna.expect_input("#filter", "").await?;
        anna.expect_gone("[data-filter=status]").await
    })
    .await
}

#[tokio::test]
async fn rows_are_chosen_in_ranges_and_what_is_done_to_them_moves_none() -> anyhow::Result<()> {
    story("ranges", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_list("Products").await?;
        let titles = anna.rows(6).await?;
        let tick = |title: &str| format!("[aria-label='Select {title}']");
        let first = anna.place(&tick(&titles[0])).await?;
        let hands = anna.hands()?;
        hands.click(first)?;
        anna.expect_text("#selected", "1 selected").await?;
        let fifth = anna.place(&tick(&titles[4])).await?;
        hands.click_holding(&[keys::SHIFT], fifth)?;
        anna.expect_text("#selected", "5 selected").await?;
        let (_, top) = anna.place(&tick(&titles[0])).await?;
        ensure!(top.abs_diff(first.1) <= 1, "the rows moved");
        click(&anna, "#select-page").await?;
        anna.expect_text("#selected", "140 selected").await?;
        anna.press("#bulk-clear").await?;
        anna.expect_gone("#bulk").await
    })
    .await
}

#[tokio::test]
async fn a_link_that_is_pressed_with_control_opens_beside_and_windows_are_called_by_what_they_show()
-> anyhow::Result<()> {
    story("side_by_side", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_list("Products").await?;
        anna.expect_window("Products – Baton").await?;
        let place = anna.place(&link_of("Laptop 23")).await?;
        anna.hands()?.click_holding(&[keys::CONTROL], place)?;
        anna.expect_window("Laptop 23 – Baton").await?;
        anna.expect_window("Products – Baton").await?;
        anna.expect_page("Products").await
    })
    .await
}

#[tokio::test]
async fn a_saved_view_is_a_press_away_at_the_side() -> anyhow::Result<()> {
    story("side_views", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_list("Products").await?;
        anna.filter("Status", "is", "Draft").await?;
        anna.press("#views").await?;
        // Whoever opens the views can name one at once.
        anna.expect_there("#view-name:focus").await?;
        anna.hands()?.write("Drafts")?;
        anna.hands()?.press(&[], keys::ENTER)?;
        anna.expect_there("[data-side-view=Drafts]").await?;
        anna.open_list("Staff").await?;
        anna.expect_gone("[data-side-view=Drafts]").await?;
        anna.open_list("Products").await?;
        anna.expect_gone("[data-filter=status]").await?;
        click(&anna, "[data-side-view=Drafts]").await?;
        anna.expect_there("[data-filter=status]").await
    })
    .await
}

#[tokio::test]
async fn what_is_said_in_passing_covers_nothing_and_is_closed() -> anyhow::Result<()> {
    story("toasts", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Laptop 10").await?;
        for version in [2, 3] {
            anna.type_into("title", "!").await?;
            anna.save().await?;
            anna.expect_notice(&format!("You saved version {version}.")).await?;
        }
        anna.expect_gone(".baton-toast + .baton-toast").await?;
        let (_, toast) = anna.place(".baton-toast").await?;
        let (_, page) = anna.place(".baton-screen").await?;
        ensure!(toast > 2 * page - 10, "it stands below the page");
        click(&anna, ".baton-toast-close").await?;
        anna.expect_gone(".baton-toast").await
    })
    .await
}

#[tokio::test]
async fn whoever_follows_a_record_hears_of_its_saves_sees_it_in_the_list_and_gets_there() -> anyhow::Result<()> {
    story("follow", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        ben.open_record("Products", "Laptop 10").await?;
        ben.press("#follow-record[aria-pressed=false]").await?;
        ben.expect_there("#follow-record[aria-pressed=true]").await?;
        ben.leave_form().await?;
        ben.open_list("Products").await?;
        anna.open_record("Products", "Laptop 10").await?;
        anna.fill("price", "949.00").await?;
        anna.save().await?;
        ben.expect_text(".baton-toast", "Anna saved “Laptop 10”").await?;
        ben.expect_there("#inbox[data-unread='1']").await?;
        ben.search("Laptop 10").await?;
        ben.expect_there("tr[data-record='Laptop 10'] [data-unread='1']")
            .await?;
        click(&ben, "#inbox").await?;
        click(&ben, ".baton-inbox .baton-new a").await?;
        ben.expect_role(Role::Viewer).await?;
        // He looks at it: so it is read.
        ben.expect_there("#inbox[data-unread='0']").await
    })
    .await
}

#[tokio::test]
async fn a_spectator_of_a_definition_sees_the_field_that_its_owner_is_in() -> anyhow::Result<()> {
    story("watched_definition", async |world| {
        let ada = world.desktop("ada").await?;
        let ben = world.desktop("ben").await?;
        for desktop in [&ada, &ben] {
            desktop.open_list("Products").await?;
            desktop.open_definition().await?;
        }
        ada.open_field("Price").await?;
        ada.set_property("help", "In euros, with tax.").await?;
        ben.expect_there("[data-card=Price] [data-row$=help]").await?;
        ben.expect_in_sight("[data-card=Price] [data-row$=help]", true).await
    })
    .await
}

#[tokio::test]
async fn rows_are_imported_change_what_they_name_and_are_taken_back() -> anyhow::Result<()> {
    story("import_key", async |world| {
        let anna = world.desktop("anna").await?;
        let file = world.data_of("table").with_extension("csv");
        std::fs::create_dir_all(file.parent().unwrap_or(&file))?;
        let table = |cents: u32, more: &str| -> String {
            let rows = (1..=200).map(|number| format!("Keyed {number},K-{number},{number}.{cents}\n"));
            std::iter::once("Title,SKU,Price\n".to_owned())
                .chain(rows)
                .chain([more.to_owned()])
                .collect()
        };
        std::fs::write(&file, table(50, ""))?;
        anna.open_list("Products").await?;
        anna.press(".baton-import-link").await?;
        anna.bring(&file).await?;
        anna.expect_text("#import-fate", "200 records would be made").await?;
        anna.press("#import-begin").await?;
        anna.expect_text("#import-done", "200 records were made").await?;

        // Corrected prices, one of them wrong, and one more record.
        std::fs::write(&file, table(75, "Keyed 1,K-0,dear\nKeyed more,K-201,1\n"))?;
        anna.open_list("Products").await?;
        anna.press(".baton-import-link").await?;
        anna.bring(&file).await?;
        anna.select("#import-key", "SKU").await?;
        anna.expect_there("#import-update:checked").await?;
        anna.expect_gone("#all-or-nothing").await?;
        anna.expect_text("#import-fate", "200 records would be changed, 1 record made")
            .await?;
        anna.press("#import-begin").await?;
        anna.expect_text("#import-done", "200 records were changed, 1 record was made")
            .await?;
        anna.press("#import-failed").await?;
        anna.expect_notice("product-skipped.csv").await?;
        anna.press(".baton-undo-job").await?;
        anna.press(".baton-undo-begin").await?;
        anna.expect_text(".baton-job-report", "201 records were undone").await?;
        anna.open_list("Products").await?;
        anna.search("keyed").await?;
        anna.expect_total("200 records").await?;
        anna.expect_cell("Keyed 200", "price", "200.50").await?;

        // Later, what was taken back is done again.
        anna.press("a[href$='/activity']").await?;
        anna.expect_text(".baton-activity", "Anna undid a bulk change of Products")
            .await?;
        anna.press(".baton-undo-job").await?;
        anna.press(".baton-undo-begin").await?;
        anna.expect_text(".baton-job-report", "200 records were undone").await?;
        anna.open_list("Products").await?;
        anna.search("keyed").await?;
        anna.expect_cell("Keyed 200", "price", "200.75").await
    })
    .await
}

#[tokio::test]
async fn many_are_brought_back_from_the_bin_at_once() -> anyhow::Result<()> {
    story("bin_many", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_list("Products").await?;
        let titles = anna.delete_first_rows(3).await?;
        anna.expect_in_bin("Products", &titles[0], true).await?;
        click(&anna, &format!("[aria-label='Select {}']", titles[1])).await?;
        anna.expect_text("#selected", "1 selected").await?;
        click(&anna, "#bin-all").await?;
        anna.expect_text("#selected", "3 selected").await?;
        anna.press("#restore-many").await?;
        anna.expect_text(".baton-job-report", "3 records were restored").await?;
        anna.open_list("Products").await?;
        anna.expect_total("140 records").await
    })
    .await
}

#[tokio::test]
async fn favourites_are_on_the_first_page_of_all_ones_desktops() -> anyhow::Result<()> {
    story("favourites", async |world| {
        let (anna, ben) = (world.desktop("anna").await?, world.desktop("ben").await?);
        anna.open_record("Products", "Laptop 10").await?;
        anna.press("#favourite").await?;
        anna.expect_there("#favourite[aria-pressed=true]").await?;
        anna.leave_form().await?;
        anna.press(".baton-brand").await?;
        anna.expect_there("[data-favourite='Laptop 10']").await?;
        ben.press(".baton-brand").await?;
        ben.expect_gone("#favourites").await?;

        let elsewhere = world.desktop("anna").await?;
        elsewhere.press("[data-favourite='Laptop 10'] a").await?;
        elsewhere.expect_value("title", "Laptop 10").await?;
        elsewhere.press("#favourite[aria-pressed=true]").await?;
        elsewhere.expect_there("#favourite[aria-pressed=false]").await?;
        // On her first page it goes at once.
        anna.expect_gone("#favourites").await
    })
    .await
}

#[tokio::test]
async fn what_one_saved_last_is_on_the_first_page() -> anyhow::Result<()> {
    story("recent", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Laptop 10").await?;
        anna.type_into("title", " again").await?;
        anna.save().await?;
        anna.expect_notice("You saved version 2").await?;
        anna.leave_form().await?;
        anna.press(".baton-brand").await?;
        anna.press("[data-recent='Laptop 10 again'] a").await?;
        anna.expect_value("title", "Laptop 10 again").await
    })
    .await
}
