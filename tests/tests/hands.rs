//! Stories with real keys and a real mouse: what WebDriver's own events would hide.

use anyhow::ensure;
use baton_protocol::form::Role;
use baton_tests::{Desktop, keys, story};

/// What a Russian layout writes where others have S, K and Z.
const CYRILLIC: [(char, u32); 3] = [('s', 0x06d9), ('k', 0x06cc), ('z', 0x06d1)];

async fn click(desktop: &Desktop, css: &str) -> anyhow::Result<()> {
    let place = desktop.place(css).await?;
    desktop.hands()?.click(place)
}

#[tokio::test]
async fn what_is_typed_is_taken_back_and_typed_again_but_never_what_somebody_else_wrote() -> anyhow::Result<()> {
    story("hands_undo", async |world| {
        let anna = world.desktop("anna").await?;
        anna.new_record("Products").await?;
        let hands = anna.hands()?;
        click(&anna, "[data-field=title]").await?;
        hands.write("one two")?;
        anna.expect_value("title", "one two").await?;
        // Another field ends what is taken back at once.
        click(&anna, "[data-field=sku]").await?;
        hands.write("S1")?;
        anna.expect_value("sku", "S1").await?;
        click(&anna, "[data-field=title]").await?;
        hands.press(&[], keys::END)?;
        hands.write(" three")?;
        anna.expect_value("title", "one two three").await?;
        hands.press(&[keys::CONTROL], u32::from('z'))?;
        anna.expect_value("title", "one two").await?;
        hands.press(&[keys::CONTROL, keys::SHIFT], u32::from('z'))?;
        anna.expect_value("title", "one two three").await?;
        for _ in 0..3 {
            hands.press(&[keys::CONTROL], u32::from('z'))?;
        }
        anna.expect_value("title", "").await?;
        anna.expect_value("sku", "").await?;
        hands.press(&[keys::CONTROL], u32::from('y'))?;
        anna.expect_value("title", "one two").await?;

        // An input that is no field of a form has its own.
        anna.leave_form().await?;
        anna.open_list("Products").await?;
        click(&anna, "#filter").await?;
        hands.write("lap")?;
        hands.press(&[keys::CONTROL], u32::from('z'))?;
        anna.expect_input("#filter", "").await
    })
    .await
}

#[tokio::test]
async fn letters_with_accents_come_as_they_are_composed() -> anyhow::Result<()> {
    story("hands_compose", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Laptop 10").await?;
        ben.open_record("Products", "Laptop 10").await?;
        ben.expect_role(Role::Spectator).await?;
        let hands = anna.hands()?;
        let dead = hands.relabel(u32::from('`'), keys::DEAD_ACUTE)?;
        let compose = hands.relabel(u32::from('\\'), keys::COMPOSE)?;
        click(&anna, "[data-field=title]").await?;
        hands.press(&[], keys::END)?;
        hands.write(" caf")?;
        hands.press_place(&[], dead)?;
        hands.write("e ")?;
        hands.press_place(&[], compose)?;
        hands.write("oc")?;
        anna.expect_value("title", "Laptop 10 café ©").await?;
        ben.expect_value("title", "Laptop 10 café ©").await
    })
    .await
}

#[tokio::test]
async fn shortcuts_work_on_a_layout_without_latin_letters() -> anyhow::Result<()> {
    story("hands_layout", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Laptop 10").await?;
        let hands = anna.hands()?;
        click(&anna, "[data-field=title]").await?;
        hands.press(&[], keys::END)?;
        hands.write(" again")?;
        anna.expect_value("title", "Laptop 10 again").await?;
        anna.expect_save_status("draft").await?;
        let mut places = Vec::new();
        for (latin, cyrillic) in CYRILLIC {
            places.push(hands.relabel(u32::from(latin), cyrillic)?);
        }
        hands.press_place(&[keys::CONTROL], places[0])?;
        anna.expect_save_status("saved").await?;
        hands.press_place(&[keys::CONTROL], places[1])?;
        anna.expect_there("#palette").await?;
        hands.press(&[], keys::ESCAPE)?;
        anna.expect_gone("#palette").await
    })
    .await
}

#[tokio::test]
async fn rows_and_fields_are_dragged_with_the_mouse() -> anyhow::Result<()> {
    story("hands_drag", async |world| {
        let ada = world.desktop("ada").await?;
        ada.open_list("Staff").await?;
        ada.open_definition().await?;
        let fields = ada.labels().await?;
        ensure!(fields.len() >= 3, "{fields:?}");
        let (third, first) = (
            ada.place(&format!("[data-card='{}'] .baton-handle", fields[2])).await?,
            ada.place(&format!("[data-card='{}']", fields[0])).await?,
        );
        ada.drag(third, first).await?;
        let moved = [fields[2].as_str(), fields[0].as_str(), fields[1].as_str()];
        ada.expect_first_fields(&moved).await?;
        ada.choose("sort", "By hand").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;

        let anna = world.desktop("anna").await?;
        anna.open_list("Staff").await?;
        let rows = anna.rows(4).await?;
        let (fourth, first) = (
            anna.place(&format!("tr[data-record='{}'] .baton-handle", rows[3]))
                .await?,
            anna.place(&format!("tr[data-record='{}'] td[data-label=Title]", rows[0]))
                .await?,
        );
        // Into its upper half.
        anna.drag(fourth, (first.0, first.1 - 8)).await?;
        anna.expect_first_rows(&[&rows[3], &rows[0], &rows[1], &rows[2]]).await
    })
    .await
}

#[tokio::test]
async fn a_link_shows_where_it_leads_and_never_takes_the_window() -> anyhow::Result<()> {
    story("hands_link", async |world| {
        let ada = world.desktop("ada").await?;
        ada.define("Note", "Notes").await?;
        ada.add_field("rich_text", "Words").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        ada.new_record("Notes").await?;
        ada.type_into("title", "With a link").await?;
        let hands = ada.hands()?;
        hands.copy(
            "<p>See <a href=\"http://127.0.0.1:9/away\">the manual</a> first.</p>",
            "See",
        )?;
        click(&ada, "[data-field=words]").await?;
        hands.press(&[keys::CONTROL], u32::from('v'))?;
        ada.expect_text("[data-field=words] a", "the manual").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        let ben = world.desktop("ben").await?;
        ben.open_record("Notes", "With a link").await?;
        ben.expect_role(Role::Spectator).await?;
        click(&ben, "[data-field=words] a").await?;
        ben.expect_text("#link-address", "http://127.0.0.1:9/away").await?;
        ben.press("#link-cancel").await?;
        // The window is the program still, and lives.
        ben.expect_strip("Ada is editing").await?;
        ada.type_into("title", " and more").await?;
        ben.expect_value("title", "With a link and more").await
    })
    .await
}

#[tokio::test]
async fn nothing_in_the_page_reaches_another_address_than_the_programs() -> anyhow::Result<()> {
    story("hands_reach", async |world| {
        let outside = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        outside.set_nonblocking(true)?;
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Laptop 10").await?;
        anna.type_into("title", " kept").await?;
        let broken = anna.try_to_reach(&format!("http://{}/", outside.local_addr()?)).await?;
        for rule in [
            "connect-src",
            "img-src",
            "frame-src",
            "object-src",
            "script-src-elem",
            "style-src-elem",
            "base-uri",
        ] {
            ensure!(broken.iter().any(|name| name == rule), "no rule {rule}: {broken:?}");
        }
        let reached = outside.accept();
        ensure!(reached.is_err(), "somebody was reached: {reached:?}");
        // The window is the program still, and lives.
        anna.expect_role(Role::Owner).await?;
        anna.expect_value("title", "Laptop 10 kept").await
    })
    .await
}

#[tokio::test]
async fn a_spectator_sees_the_field_that_is_typed_into_until_they_scroll_themselves() -> anyhow::Result<()> {
    story("hands_follow", async |world| {
        let (anna, ben) = (world.desktop("anna").await?, world.desktop("ben").await?);
        ben.resize(900, 480).await?;
        anna.open_record("Products", "Laptop 10").await?;
        ben.open_record("Products", "Laptop 10").await?;
        let (first, last) = ("[data-row=title]", "[data-row=story]");
        ben.expect_in_sight(last, false).await?;
        click(&anna, "[data-field=story]").await?;
        ben.expect_in_sight(last, true).await?;
        ben.expect_there(".baton-occupied[data-row=story]").await?;
        click(&anna, "[data-field=title]").await?;
        ben.expect_in_sight(first, true).await?;
        // Who scrolls looks at something else.
        let middle = ben.place(first).await?;
        ben.hands()?.turn_wheel(middle, 30, true)?;
        ben.expect_there("#follow[aria-pressed=false]").await?;
        ben.expect_in_sight(first, false).await?;
        anna.type_into("title", " moved").await?;
        ben.expect_value("title", "Laptop 10 moved").await?;
        ben.expect_in_sight(first, false).await?;
        ben.press("#follow").await?;
        ben.expect_in_sight(first, true).await
    })
    .await
}

#[tokio::test]
async fn a_record_is_printed_by_the_systems_own_dialog() -> anyhow::Result<()> {
    story("hands_print", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Laptop 10").await?;
        let hands = anna.hands()?;
        hands.press(&[keys::CONTROL], u32::from('p'))?;
        hands.expect_windows(2)?;
        hands.press(&[], keys::ESCAPE)?;
        hands.expect_windows(1)?;
        // The page goes on.
        anna.expect_value("title", "Laptop 10").await
    })
    .await
}
