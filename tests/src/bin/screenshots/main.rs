//! Takes a picture of every page and state, in light and dark, from real windows.
//!
//! `cargo xtask screenshots` runs it; the pictures go to `docs/screenshots`. `cargo xtask screenshots --only everywhere` takes
//! every page in every language and at every width, into `target/everywhere`.

mod accounts;
mod dates;
mod everywhere;
mod fields;
mod import;
mod providers;
mod search;
mod second_factor;
mod together;
mod tray;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use baton_protocol::form::Role;
use baton_tests::image::{self, Image};
use baton_tests::{Desktop, Proxy, World, keys};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots");
    std::fs::create_dir_all(&directory)?;
    let album = Album { directory };
    // All of them, or one part.
    let part = std::env::args().nth(1);
    let wanted = |name: &str| part.as_deref().is_none_or(|part| part == name);
    if wanted("pages") {
        let world = World::begin().await?;
        before_sign_in(&world, &album).await?;
        pages(&world, &album).await?;
    }
    if wanted("lists") {
        lists(&World::begin().await?, &album).await?;
    }
    if wanted("dates") {
        dates::dates(&album).await?;
    }
    if wanted("providers") {
        providers::sign_in(&album).await?;
        providers::online(&album).await?;
    }
    if wanted("second-factor") {
        second_factor::second_factor(&album).await?;
    }
    if wanted("moment") {
        second_factor::moment(&album).await?;
    }
    if wanted("together") {
        together::together(&album).await?;
    }
    if wanted("updates") {
        updates(&album).await?;
    }
    if wanted("tray") {
        tray::tray(&album).await?;
    }
    // Only when it is named.
    if part.as_deref() == Some("everywhere") {
        everywhere::everywhere().await?;
    }
    Ok(())
}

struct Album {
    directory: PathBuf,
}

impl Album {
    async fn take(&self, desktop: &Desktop, name: &str) -> anyhow::Result<()> {
        for (dark, colours) in [(false, "light"), (true, "dark")] {
            desktop.colours(dark).await?;
            desktop.settle().await?;
            self.put(desktop, &format!("{name}-{colours}")).await?;
        }
        desktop.colours(false).await
    }

    async fn put(&self, desktop: &Desktop, name: &str) -> anyhow::Result<()> {
        let file = self.directory.join(format!("{name}.png"));
        std::fs::write(&file, desktop.page_screenshot().await?)
            .with_context(|| format!("cannot write {}", file.display()))
    }
}

async fn before_sign_in(world: &World, album: &Album) -> anyhow::Result<()> {
    let desktop = world.new_desktop("nobody").await?;
    desktop.expect_page("Welcome to Baton").await?;
    album.take(&desktop, "first-start").await?;
    desktop.put("#server", "127.0.0.1:9").await?;
    desktop.expect_there("[data-tried=fails]").await?;
    album.put(&desktop, "first-start-no-server-light").await?;
    let address = world.server.lock().await.address();
    desktop.put("#server", &address).await?;
    desktop.expect_there("[data-tried=works]").await?;
    album.put(&desktop, "first-start-server-light").await?;
    desktop.give_server(&address).await?;
    desktop.expect_page("Sign in").await?;
    album.take(&desktop, "sign-in").await?;
    for (dark, name) in [(false, "sign-in-refused-light"), (true, "sign-in-refused-dark")] {
        // Other colours load this page anew.
        desktop.colours(dark).await?;
        desktop.try_to_sign_in("anna@example.test", "wrong").await?;
        desktop
            .expect_notice("This e-mail address and password do not go together.")
            .await?;
        album.put(&desktop, name).await?;
    }
    desktop.colours(false).await
}

async fn pages(world: &World, album: &Album) -> anyhow::Result<()> {
    let anna = world.desktop("anna").await?;
    let ben = world.desktop("ben").await?;
    let ada = world.desktop("ada").await?;
    anna.open_installation().await?;
    album.take(&anna, "installation").await?;
    anna.open_record("Products", "Laptop 10").await?;
    anna.press("#favourite").await?;
    anna.expect_there("#favourite[aria-pressed=true]").await?;
    album.take(&anna, "form-favourite").await?;
    anna.leave_form().await?;
    anna.press(".baton-brand").await?;
    anna.expect_there("#favourites").await?;
    album.take(&anna, "entities").await?;

    watched(album, &anna, &ben, &ada).await?;
    handed_over(album, &anna, &ben).await?;

    ada.new_record("Equipment checks").await?;
    ada.expect_role(Role::Owner).await?;
    album.take(&ada, "form-new").await?;

    removal(album, &anna, &ben, &ada).await?;
    reconnecting(world, album, &anna, &ben).await?;
    offline(world, album).await
}

/// A record that one edits while others watch.
async fn watched(album: &Album, anna: &Desktop, ben: &Desktop, ada: &Desktop) -> anyhow::Result<()> {
    anna.open_record("Products", "Laptop 23").await?;
    ben.open_record("Products", "Laptop 23").await?;
    ben.expect_role(Role::Spectator).await?;
    ada.open_list("Products").await?;
    ada.expect_row_to_say("Laptop 23", "Anna is editing, 1 waiting").await?;
    // The whole list again.
    ada.leave_form().await?;
    ada.open_list("Products").await?;
    album.take(ada, "records").await?;
    ada.resize(1024, 700).await?;
    album.take(ada, "records-1024").await?;
    ada.resize(1280, 800).await?;

    anna.type_into("title", " Pro").await?;
    anna.fill("price", "949.00").await?;
    anna.expect_save_status("draft").await?;
    ben.expect_value("price", "949.00").await?;
    album.take(anna, "form-owner").await?;
    // Back into the field, so that the spectator sees where she is.
    anna.type_into("price", "0").await?;
    ben.expect_value("price", "949.000").await?;
    album.take(ben, "form-spectator").await?;
    ben.resize(1024, 700).await?;
    album.take(ben, "form-spectator-1024").await?;
    ben.resize(800, 600).await?;
    album.take(ben, "form-spectator-800").await?;
    ben.resize(1280, 800).await?;

    anna.fill("sku", "").await?;
    anna.fill("price", "a lot").await?;
    anna.save().await?;
    ben.expect_error_at("price").await?;
    album.take(anna, "form-errors").await
}

/// A form is asked for and handed over; and what was saved in it.
async fn handed_over(album: &Album, anna: &Desktop, ben: &Desktop) -> anyhow::Result<()> {
    ben.press("#ask").await?;
    anna.expect_ask("owner", "Ben asks to edit.").await?;
    album.take(anna, "form-asked").await?;
    album.take(ben, "form-asking").await?;

    anna.leave_form().await?;
    ben.expect_role(Role::Owner).await?;
    ben.expect_notice("You are editing now").await?;
    ben.still().await?;
    album.put(ben, "form-promoted-light").await?;
    // The notice stays only for some seconds.
    ben.colours(true).await?;
    album.put(ben, "form-promoted-dark").await?;
    ben.colours(false).await?;

    ben.fill("sku", "COM-1130-B").await?;
    ben.fill("price", "939.00").await?;
    ben.fill("title", "Laptop 23 Pro for the road").await?;
    ben.save().await?;
    ben.expect_save_status("saved").await?;
    ben.press("#history").await?;
    ben.expect_text("[data-difference=title]", "for the road").await?;
    album.take(ben, "form-history").await?;
    ben.press("#history").await
}

/// The server goes away and comes back while somebody types.
async fn reconnecting(world: &World, album: &Album, anna: &Desktop, ben: &Desktop) -> anyhow::Result<()> {
    ben.open_record("Products", "Laptop 23 Pro for the road").await?;
    ben.expect_role(Role::Owner).await?;
    world.server.lock().await.kill().await;
    ben.expect_link("waiting").await?;
    ben.type_into("title", " Max").await?;
    ben.expect_save_status("waiting").await?;
    album.take(ben, "form-reconnecting").await?;

    // He sleeps while the server comes back, and his place goes to somebody else.
    ben.freeze()?;
    world.server.lock().await.launch().await?;
    anna.expect_link("live").await?;
    anna.open_record("Products", "Laptop 23 Pro for the road").await?;
    anna.expect_role(Role::Owner).await?;
    anna.type_into("title", ", light").await?;
    anna.expect_save_status("draft").await?;
    ben.thaw()?;
    ben.expect_role(Role::Spectator).await?;
    ben.expect_there("#pending").await?;
    album.take(ben, "form-kept-text").await
}

/// Work without the server, and what becomes of it.
async fn offline(world: &World, album: &Album) -> anyhow::Result<()> {
    let network = Proxy::start(world.server.lock().await.address()).await?;
    let anna = world.desktop_at("anna", &network.address()).await?;
    let ben = world.desktop("ben").await?;
    anna.open_record("Products", "Printer 15").await?;
    anna.leave_form().await?;
    network.cut();
    anna.expect_link("waiting").await?;
    anna.open_record("Products", "Printer 15").await?;
    anna.fill("title", "Printer 15, quiet").await?;
    anna.fill(
        "description",
        "Printer of the 15 series, quiet enough for an open office.",
    )
    .await?;
    anna.expect_save_status("waiting").await?;
    album.take(&anna, "offline-form").await?;
    anna.resize(1024, 700).await?;
    album.take(&anna, "offline-form-1024").await?;
    anna.resize(800, 600).await?;
    album.take(&anna, "offline-form-800").await?;
    anna.resize(1280, 800).await?;

    anna.new_record("Products").await?;
    anna.type_into("title", "Desk fan").await?;
    anna.expect_save_status("waiting").await?;
    anna.open_list("Products").await?;
    anna.expect_text("#made-here", "Desk fan").await?;
    album.take(&anna, "offline-list").await?;
    anna.press("#connection").await?;
    anna.expect_text(".baton-popover", "Next try").await?;
    album.take(&anna, "offline-details").await?;
    anna.press("#connection").await?;

    ben.open_record("Products", "Printer 15").await?;
    ben.fill("title", "Printer 15 for the whole floor").await?;
    ben.fill("description", "Printer of the 15 series for the whole floor.")
        .await?;
    ben.save().await?;
    ben.expect_save_status("saved").await?;
    ben.leave_form().await?;
    network.heal();
    anna.expect_link("live").await?;
    anna.open_record("Products", "Printer 15 for the whole floor").await?;
    anna.expect_text("[data-conflict=title]", "Mine").await?;
    album.take(&anna, "conflicts").await?;
    anna.press("[data-conflict=description] .baton-take-edited").await?;
    album.take(&anna, "conflicts-edit").await?;
    anna.press("#history").await?;
    anna.expect_text("#pending", "for your decision").await?;
    anna.still().await?;
    album.take(&anna, "conflicts-later").await?;
    anna.check_connection().await?;
    album.take(&anna, "connection").await?;

    let proxy = Proxy::without_upgrade(world.server.lock().await.address()).await?;
    let nobody = world.new_desktop("nobody").await?;
    nobody.give_server(&proxy.address()).await?;
    for (dark, name) in [
        (false, "connection-check-proxy-light"),
        (true, "connection-check-proxy-dark"),
    ] {
        // Other colours load this page anew.
        nobody.colours(dark).await?;
        nobody.press("#check-connection").await?;
        nobody
            .expect_text("#check-result", "strips the WebSocket upgrade")
            .await?;
        album.put(&nobody, name).await?;
    }
    Ok(())
}

/// A record that is deleted under its editor, and where it goes.
async fn removal(album: &Album, anna: &Desktop, ben: &Desktop, ada: &Desktop) -> anyhow::Result<()> {
    anna.open_record("Products", "Laptop 10").await?;
    anna.type_into("title", " with a long").await?;
    anna.expect_save_status("draft").await?;
    ben.open_record("Products", "Laptop 10").await?;
    ben.expect_role(Role::Spectator).await?;
    ben.press("#delete").await?;
    album.take(ben, "delete-question").await?;
    ben.press("#remove-yes").await?;
    anna.expect_strip("Ben deleted this").await?;
    anna.still().await?;
    album.take(anna, "form-deleted").await?;
    ada.expect_in_bin("Products", "Laptop 10", true).await?;
    album.take(ada, "bin").await?;
    ada.press(".baton-purge").await?;
    album.take(ada, "bin-purge").await?;
    ada.press("#purge-no").await
}

/// Definitions, and lists at work.
async fn lists(world: &World, album: &Album) -> anyhow::Result<()> {
    let (ada, anna) = (world.desktop("ada").await?, world.desktop("anna").await?);
    definition(album, &ada).await?;
    fields::field_types(world, album, &anna).await?;
    list_at_work(album, &anna).await?;
    import::import(world, album, &anna).await?;
    search::search(album, &anna).await?;
    deleted(album, &ada).await?;
    accounts::accounts(world, album, &ada).await
}

/// A definition in the making, and one that would lose something.
async fn definition(album: &Album, ada: &Desktop) -> anyhow::Result<()> {
    ada.define("Supplier", "Suppliers").await?;
    ada.add_field("text", "Code").await?;
    ada.add_field("rich_text", "Profile").await?;
    ada.add_field("number", "Rating").await?;
    ada.add_field("checkboxes", "Ships by").await?;
    ada.add_options(&["Road", "Rail", "Sea"]).await?;
    ada.add_field("relation", "Products").await?;
    ada.link_to("Products").await?;
    ada.add_field("image", "Logo").await?;
    ada.add_field("file", "Contract").await?;
    ada.set_property("endings", "pdf").await?;
    ada.set_property("max_size", "5").await?;
    ada.open_field("Rating").await?;
    ada.set_property("max", "5").await?;
    album.take(ada, "definition").await?;
    ada.open_field("Ships by").await?;
    album.take(ada, "definition-options").await?;
    ada.open_field("Rating").await?;
    ada.resize(1024, 700).await?;
    album.take(ada, "definition-1024").await?;
    ada.resize(1280, 800).await?;
    ada.press("#add-field").await?;
    album.take(ada, "definition-types").await?;
    ada.save().await?;
    ada.expect_save_status("saved").await?;

    ada.open_list("Products").await?;
    ada.open_definition().await?;
    ada.press("[aria-label='Remove Description']").await?;
    ada.open_field("SKU").await?;
    ada.choose_property("type", "Number").await?;
    ada.expect_text("#impact", "cannot keep the value").await?;
    album.take(ada, "definition-impact").await
}

/// A list that is filtered, changed, exported and shown as cards.
async fn list_at_work(album: &Album, anna: &Desktop) -> anyhow::Result<()> {
    anna.open_list("Products").await?;
    for layout in ["board", "calendar"] {
        anna.show_as(layout).await?;
        album.take(anna, &format!("records-{layout}")).await?;
    }
    anna.show_as("table").await?;
    anna.filter("Last saved", "is within", "the past").await?;
    anna.filter_or("updated_at", ("Last saved", "is within", "this week"))
        .await?;
    anna.press("#filters").await?;
    anna.press(".baton-filters .baton-chip-or").await?;
    album.take(anna, "records-filters").await?;
    anna.press_escape("#filters").await?;
    anna.press("[data-filter=updated_at] button").await?;
    anna.press("[data-filter=updated_at] button").await?;
    anna.press("#columns").await?;
    album.take(anna, "records-columns").await?;
    anna.press_escape("#columns").await?;
    anna.filter("Category", "is", "Audio").await?;
    anna.filter("Price", "is at least", "80").await?;
    let first = anna.first_row().await?;
    anna.edit_cell(&first, "price", "x").await?;
    anna.press_keys("\u{e007}").await?;
    anna.expect_text("#cell-editor [data-error=price]", "must be a number")
        .await?;
    album.take(anna, "records-cell").await?;
    anna.press_keys("\u{e00c}").await?;
    anna.expect_gone("#cell-editor").await?;
    anna.select_row(&first).await?;
    anna.press("#bulk-set").await?;
    album.take(anna, "records-bulk").await?;
    anna.press_escape("#bulk-set").await?;
    anna.press("#views").await?;
    album.take(anna, "records-lists").await?;
    anna.press_escape("#views").await?;
    anna.press("#export").await?;
    album.take(anna, "records-export").await?;
    anna.press_escape("#export").await?;
    anna.press("#layout").await?;
    album.take(anna, "records-layouts").await?;
    anna.press_escape("#layout").await?;
    anna.show_as("cards").await?;
    album.take(anna, "records-cards").await?;
    anna.show_as("table").await
}

/// The desktop as its packages make it: its window is worked with by hands, and taken from the display.
async fn updates(album: &Album) -> anyhow::Result<()> {
    let world = World::begin_with(&["--grace-ms", "60000"]).await?;
    world.manage(&format!("release-key = \"{}\"\n", image::release_key()?))?;
    image::hand_out(&world, &image::next_release()?).await?;
    let mut anna = Image::install(&world, "anna")?;
    anna.start(&world, "anna", None).await?;
    anna.expect_in_log("an update is ready", 1).await?;
    let hands = anna.hands().await?;
    let choose = |words: &str| {
        hands.press(&[keys::CONTROL], u32::from('k'))?;
        hands.write(words)?;
        hands.press(&[], keys::ENTER)
    };
    choose("about this")?;
    anna.screenshot(&album.directory.join("update-ready.png")).await?;
    let ada = world.desktop("ada").await?;
    ada.press("a[href$='/live']").await?;
    choose("new product")?;
    // Her form is there before the server stands still.
    ada.expect_text("tr[data-open]", "Anna").await?;
    world.server.lock().await.freeze();
    hands.write("Not on the server yet")?;
    choose("restart and")?;
    anna.expect_in_log("the update waits", 1).await?;
    anna.screenshot(&album.directory.join("update-waits.png")).await?;
    world.server.lock().await.thaw();
    Ok(())
}

/// A kind of content that is deleted, and the way back.
async fn deleted(album: &Album, ada: &Desktop) -> anyhow::Result<()> {
    ada.open_list("Staff").await?;
    ada.open_definition().await?;
    ada.press("#delete").await?;
    album.take(ada, "definition-delete").await?;
    ada.press("#remove-yes").await?;
    ada.expect_strip("Ada deleted this").await?;
    album.take(ada, "definition-deleted").await?;
    ada.press(".baton-brand").await?;
    ada.expect_text("[data-deleted=Staff]", "80 records").await?;
    album.take(ada, "entities-deleted").await
}
