//! Entities in real windows: defined, filled, worked with by the hundred.

use std::path::Path;

use baton_protocol::form::Role::{Owner, Spectator, Viewer};
use baton_tests::{Desktop, World, story};

/// The labels of what is defined, in their order.
const FIELDS: [&str; 15] = [
    "Code",
    "Notes",
    "Profile",
    "Mail",
    "Rating",
    "Page",
    "Trusted",
    "Since",
    "Next call",
    "Country",
    "Size",
    "Ships by",
    "Products",
    "Contract",
    "Logo",
];

const UP: &str = "\u{e013}";
const DOWN: &str = "\u{e015}";
const BACKSPACE: &str = "\u{e003}";

/// An entity with every type of field.
async fn define_suppliers(ada: &Desktop) -> anyhow::Result<()> {
    ada.define("Supplier", "Suppliers").await?;
    ada.expect_value("name", "supplier").await?;
    for (field_type, label) in [
        ("text", "Code"),
        ("textarea", "Notes"),
        ("rich_text", "Profile"),
        ("email", "Mail"),
        ("url", "Page"),
        ("number", "Rating"),
        ("boolean", "Trusted"),
        ("date", "Since"),
        ("date_time", "Next call"),
    ] {
        ada.add_field(field_type, label).await?;
        if label == "Rating" {
            ada.set_property("max", "5").await?;
        }
    }
    for (field_type, label) in [("select", "Country"), ("radio", "Size"), ("checkboxes", "Ships by")] {
        ada.add_field(field_type, label).await?;
        ada.add_options(&["Red", "Green", "Blue"]).await?;
    }
    ada.add_field("relation", "Products").await?;
    ada.link_to("Products").await?;
    ada.add_field("file", "Contract").await?;
    ada.set_property("endings", "pdf").await?;
    ada.add_field("image", "Logo").await?;
    ada.move_by_keys("Rating", UP).await?;
    ada.expect_fields(&FIELDS).await?;
    ada.expect_preview(&FIELDS).await?;
    ada.save().await?;
    ada.expect_save_status("saved").await
}

/// Whoever does not define watches the definition live, as every form.
async fn watch_the_definition(ada: &Desktop, anna: &Desktop) -> anyhow::Result<()> {
    anna.open_list("Suppliers").await?;
    anna.open_definition().await?;
    anna.expect_role(Viewer).await?;
    anna.expect_fields(&FIELDS).await?;
    for field in FIELDS {
        anna.open_field(field).await?;
        anna.expect_read_only().await?;
    }
    ada.fill("description", "Whom we buy from.").await?;
    anna.expect_value("description", "Whom we buy from.").await?;
    ada.save().await?;
    ada.expect_save_status("saved").await
}

/// A new record that is saved and edited on, while somebody watches.
async fn begin_a_supplier(anna: &Desktop, ben: &Desktop) -> anyhow::Result<()> {
    anna.new_record("Suppliers").await?;
    anna.expect_role(Owner).await?;
    anna.fill("title", "Nordlicht").await?;
    anna.expect_save_status("draft").await?;
    anna.save().await?;
    anna.expect_save_status("saved").await?;
    ben.open_record("Suppliers", "Nordlicht").await?;
    ben.expect_read_only().await?;
    ben.expect_role(Spectator).await
}

/// A value in every field but those of files: whoever watches sees each.
async fn fill_every_field(anna: &Desktop, ben: &Desktop) -> anyhow::Result<()> {
    for (field, text) in [
        ("code", "N-1"),
        ("notes", "A few words about them."),
        ("mail", "post@nordlicht.example"),
        ("page", "https://nordlicht.example"),
        ("rating", "7.5"),
        ("since", "2024-02-29"),
        ("next_call", "2026-12-01 09:30"),
    ] {
        anna.type_into(field, text).await?;
        ben.expect_value(field, text).await?;
    }
    anna.type_into("profile", "Old friends").await?;
    ben.expect_formatted("profile", "<p>Old friends</p>").await?;
    // A link of what is selected: the address is typed beside it.
    anna.press_keys("\u{e008}\u{e011}\u{e000}").await?;
    anna.link_words("profile", "https://nordlicht.example").await?;
    let link = "<a href=\"https://nordlicht.example\" rel=\"noopener noreferrer\">Old friends</a>";
    let link = format!("<p>{link}</p>");
    ben.expect_formatted("profile", &link).await?;
    anna.flip("trusted").await?;
    anna.choose("country", "Green").await?;
    ben.expect_value("country", "Green").await?;
    anna.tick("size", "Blue").await?;
    anna.tick("ships_by", "Blue").await?;
    anna.tick("ships_by", "Red").await?;
    ben.expect_ticked("size", &["Blue"]).await?;
    ben.expect_ticked("ships_by", &["Red", "Blue"]).await?;
    // One that is not there yet is made on the way; another one takes its place.
    anna.type_into("products", "Made while linked").await?;
    anna.press("[data-create='Made while linked']").await?;
    anna.expect_input("#linked-title", "Made while linked").await?;
    anna.press("#linked-create").await?;
    anna.expect_linked("Made while linked").await?;
    ben.expect_linked("Made while linked").await?;
    anna.link("products", "Laptop 10").await?;
    ben.expect_linked("Laptop 10").await
}

/// Files: those that a field does not take, and those that it does.
async fn attach_files(world: &World, anna: &Desktop, ben: &Desktop) -> anyhow::Result<()> {
    // What a field does not take is not even sent.
    let logo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../icons/128x128.png");
    anna.attach("contract", &logo).await?;
    anna.expect_text("[data-file-problem=contract]", "end in pdf").await?;
    anna.attach("logo", &logo).await?;
    anna.expect_picture("logo", "128x128.png").await?;
    ben.expect_picture("logo", "128x128.png").await?;
    ben.press("[data-enlarge='128x128.png']").await?;
    ben.expect_there("#whole-picture").await?;
    ben.press("#picture-close").await?;
    let contract = world.data_of("contract").with_file_name("contract.pdf");
    std::fs::create_dir_all(contract.parent().unwrap_or(&contract))?;
    std::fs::write(&contract, vec![b'%'; 3_000_000])?;
    anna.attach("contract", &contract).await?;
    anna.expect_text("[data-file-problem=contract]", "is not what its name says")
        .await?;
    std::fs::write(&contract, [b"%PDF-1.7 ".as_slice(), &[b'%'; 3_000_000]].concat())?;
    anna.attach("contract", &contract).await?;
    ben.expect_text("[data-kept='contract.pdf']", "2.8 MB").await?;
    let copy = ben.save_copy("contract.pdf").await?;
    anyhow::ensure!(std::fs::read(copy)? == std::fs::read(&contract)?, "the same bytes");
    Ok(())
}

/// What cannot be saved is said to both; what is saved is found by what it links to.
async fn save_and_find(anna: &Desktop, ben: &Desktop) -> anyhow::Result<()> {
    anna.save().await?;
    anna.expect_error_at("rating").await?;
    ben.expect_error_at("rating").await?;
    anna.fill("rating", "4.5").await?;
    anna.save().await?;
    anna.expect_save_status("saved").await?;
    ben.expect_save_status("saved").await?;
    anna.leave_form().await?;
    anna.open_list("Suppliers").await?;
    anna.expect_cell("Nordlicht", "rating", "4.5").await?;
    anna.filter_linked("Products", "Laptop 11").await?;
    anna.expect_total("0 records").await?;
    anna.press("[data-filter=products] button").await?;
    anna.filter_linked("Products", "Laptop 10").await?;
    anna.expect_total("1 record").await?;
    anna.open_record("Products", "Laptop 10").await?;
    anna.expect_text("#linked-from", "Nordlicht").await?;
    anna.leave_form().await
}

#[tokio::test]
async fn an_entity_with_every_type_of_field_is_defined_and_a_record_filled_with_each() -> anyhow::Result<()> {
    story("define", async |world| {
        let ada = world.desktop("ada").await?;
        let anna = world.desktop("anna").await?;
        define_suppliers(&ada).await?;
        watch_the_definition(&ada, &anna).await?;
        let ben = world.desktop("ben").await?;
        begin_a_supplier(&anna, &ben).await?;
        fill_every_field(&anna, &ben).await?;
        attach_files(world, &anna, &ben).await?;
        save_and_find(&anna, &ben).await
    })
    .await
}

/// Sorts a list, and narrows it down with one filter after another.
async fn sort_and_filter(anna: &Desktop) -> anyhow::Result<()> {
    anna.press("[data-sort=price]").await?;
    anna.expect_first_rows(&["Desk lamp 15"]).await?;
    anna.press("[data-sort=price]").await?;
    anna.expect_first_rows(&["Laptop 21"]).await?;
    anna.filter("Category", "is", "Audio").await?;
    anna.expect_total("14 records").await?;
    anna.filter("Last saved", "is at most", "2020-01-31").await?;
    anna.expect_total("0 records").await?;
    anna.press("[data-filter=updated_at] button").await?;
    anna.expect_total("14 records").await?;
    anna.filter("Last saved", "is within", "the past").await?;
    anna.expect_total("0 records").await?;
    anna.filter_or("updated_at", ("Last saved", "is within", "today"))
        .await?;
    anna.expect_total("14 records").await?;
    anna.expect_text("[data-filter=updated_at]", "or").await?;
    anna.press("[data-filter=updated_at] button").await?;
    anna.press("[data-filter=updated_at] button").await?;
    anna.filter("Price", "is at least", "100").await
}

/// Changes one record and deletes all, and takes both back: a row that somebody else changes leaves a list that it
/// does not belong to any more.
async fn change_in_bulk(anna: &Desktop, ben: &Desktop, first: &str, all_dear: u64) -> anyhow::Result<()> {
    anna.select_row(first).await?;
    anna.press("#bulk-set").await?;
    anna.select("#bulk-field", "Category").await?;
    anna.select("#bulk-value", "Video").await?;
    anna.press("#bulk-apply").await?;
    anna.expect_text("#bulk-result", "1 record changed").await?;
    ben.expect_total("13 records").await?;
    anna.undo_bulk().await?;
    ben.expect_total("14 records").await?;
    anna.expect_total(&format!("{all_dear} records")).await?;

    anna.press("[data-filter=price] button").await?;
    anna.expect_total("14 records").await?;
    anna.select_row(first).await?;
    anna.press("#select-all").await?;
    anna.expect_text("#selected", "14 selected").await?;
    anna.press("#bulk-delete").await?;
    ben.expect_total("0 records").await?;
    anna.undo_bulk().await?;
    ben.expect_total("14 records").await
}

/// A value is changed in its place: the form is opened, changed, saved and left.
async fn change_in_place(anna: &Desktop, ben: &Desktop, first: &str) -> anyhow::Result<()> {
    let price = anna.cell(first, "price").await?;
    let price = format!("{}5", &price[..price.len() - 1]);
    anna.edit_cell(first, "price", "").await?;
    // Before it has the focus, what is typed goes elsewhere.
    anna.expect_there("#cell-input:focus:not([disabled])").await?;
    anna.press_keys(BACKSPACE).await?;
    anna.press_keys("x\u{e007}").await?;
    anna.expect_text("#cell-editor [data-error=price]", "must be a number")
        .await?;
    anna.press_keys(&format!("{BACKSPACE}5\u{e007}")).await?;
    anna.expect_gone("#cell-editor").await?;
    anna.expect_cell(first, "price", &price).await?;
    ben.expect_cell(first, "price", &price).await?;
    anna.edit_cell(first, "price", "77").await?;
    anna.press_keys("\u{e00c}").await?;
    anna.expect_gone("#cell-editor").await?;
    anna.expect_cell(first, "price", &price).await
}

/// Somebody edits one of them: it is left out, and says why.
async fn leave_out_what_is_edited(anna: &Desktop, ben: &Desktop, first: &str) -> anyhow::Result<()> {
    ben.open_record("Products", first).await?;
    ben.expect_role(Owner).await?;
    anna.expect_row_to_say(first, "Ben is editing").await?;
    anna.edit_cell(first, "price", "").await?;
    anna.expect_text("#cell-reader", "Ben is editing this record").await?;
    anna.press_keys("\u{e00c}").await?;
    anna.search_for_nothing().await?;
    anna.select_row(first).await?;
    anna.press("#bulk-set").await?;
    anna.select("#bulk-field", "Category").await?;
    anna.select("#bulk-value", "Video").await?;
    anna.press("#bulk-apply").await?;
    anna.expect_text("#bulk-result", "Ben is editing it at this moment")
        .await
}

#[tokio::test]
async fn a_list_is_searched_sorted_filtered_changed_in_bulk_and_undone_while_others_watch() -> anyhow::Result<()> {
    story("list_work", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_list("Products").await?;
        ben.open_list("Products").await?;
        anna.expect_total("140 records").await?;

        sort_and_filter(&anna).await?;
        let all_dear = anna.total().await?;
        ben.filter("Category", "is", "Audio").await?;
        ben.expect_total("14 records").await?;

        let first = anna.first_row().await?;
        change_in_bulk(&anna, &ben, &first, all_dear).await?;
        change_in_place(&anna, &ben, &first).await?;
        leave_out_what_is_edited(&anna, &ben, &first).await
    })
    .await
}

#[tokio::test]
async fn a_thousand_rows_are_imported_and_exported_as_they_were() -> anyhow::Result<()> {
    story("import", async |world| {
        let (anna, elsewhere) = (world.desktop("anna").await?, world.desktop("anna").await?);
        let file = world.data_of("table").with_extension("csv");
        let mut table = String::from("Title,SKU,Price,Category,Remark\n");
        for number in 1..=1000 {
            let price = if number == 500 {
                "dear".to_owned()
            } else {
                format!("{number}.50")
            };
            table.push_str(&format!("Imported {number},I-{number},{price},Office,left out\n"));
        }
        std::fs::create_dir_all(file.parent().unwrap_or(&file))?;
        std::fs::write(&file, table)?;
        anna.open_list("Products").await?;
        anna.press(".baton-import-link").await?;
        anna.bring(&file).await?;
        anna.expect_text("#import-fate", "999 records would be made").await?;
        anna.expect_text("[data-fault='501']", "must be a number").await?;
        anna.press("#import-begin").await?;
        anna.expect_text("#import-done", "999 records were made").await?;
        // Elsewhere its person hears of it; what is seen here is read.
        let done = "Your import into Products is done: 999 records, 1 row was skipped.";
        elsewhere.expect_text("[data-toast=notification]", done).await?;
        elsewhere.expect_there("#inbox[data-unread='0']").await?;
        anna.expect_gone("[data-toast=notification]").await?;

        anna.open_list("Products").await?;
        anna.search("imported").await?;
        anna.expect_total("999 records").await?;
        let exported = anna.export("csv", false).await?;
        let text = std::fs::read_to_string(&exported)?;
        anyhow::ensure!(text.lines().count() == 1000, "a row each, and the names");
        anyhow::ensure!(text.contains("Imported 7,draft,I-7,Office,7.50"), "{text:.300}");

        // The same again, out of what was exported.
        anna.select_row("Imported 1000").await?;
        anna.press("#select-all").await?;
        anna.press("#bulk-delete").await?;
        anna.expect_text("#bulk-result", "999 records changed").await?;
        anna.press(".baton-import-link").await?;
        anna.bring(&exported).await?;
        anna.expect_text("#import-fate", "999 records would be made").await?;
        anna.press("#import-begin").await?;
        anna.expect_text("#import-done", "999 records were made").await?;
        anna.open_list("Products").await?;
        anna.search("imported").await?;
        let again = std::fs::read_to_string(anna.export("csv", false).await?)?;
        let sorted = |text: &str| {
            // But for when it was saved.
            let mut lines: Vec<String> = text
                .lines()
                .map(|line| line.rsplit_once(',').map_or("", |(rest, _)| rest).to_owned())
                .collect();
            lines.sort();
            lines
        };
        anyhow::ensure!(sorted(&text) == sorted(&again), "the same records as before");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everything_is_found_by_its_name_and_every_key_is_listed() -> anyhow::Result<()> {
    story("palette", async |world| {
        const ENTER: &str = "\u{e007}";
        let anna = world.desktop("anna").await?;
        anna.open_palette().await?;
        anna.press_keys("laptop 2").await?;
        anna.expect_text("[data-entry='Laptop 23']", "Product").await?;
        anna.press_keys(ENTER).await?;
        anna.expect_role(Owner).await?;
        anna.open_palette().await?;
        anna.press_keys("archive staff").await?;
        anna.press_keys(ENTER).await?;
        anna.expect_page("Archive and bin of Staff").await?;
        // What is near it is found where nothing is it, and proposed in a list.
        anna.open_palette().await?;
        anna.press_keys("laptpo 23").await?;
        anna.expect_text(".baton-palette-note", "Nothing contains “laptpo 23”")
            .await?;
        anna.expect_there("[data-entry='Laptop 23']").await?;
        anna.press_keys("\u{e00c}").await?;
        anna.open_list("Products").await?;
        anna.search("laptpo 23").await?;
        anna.press(".baton-no-match .pf-m-primary").await?;
        anna.expect_there("tr[data-record='Laptop 23']").await?;
        // Enter counts also for whoever is quicker than the search.
        anna.open_palette().await?;
        anna.press_keys(&format!("amira iversen{ENTER}")).await?;
        anna.expect_role(Owner).await?;
        anna.expect_value("title", "Amira Iversen").await?;
        anna.press_keys("?").await?;
        anna.expect_text("#keys", "Find records, collections and commands")
            .await?;
        anna.press_keys("\u{e00c}").await?;
        anna.expect_gone("#keys").await
    })
    .await
}

#[tokio::test]
async fn an_order_by_hand_is_everybodys_and_a_deleted_kind_of_content_comes_back_with_its_records() -> anyhow::Result<()>
{
    story("by_hand", async |world| {
        let ada = world.desktop("ada").await?;
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        ada.open_list("Staff").await?;
        ada.open_definition().await?;
        ada.expect_role(Owner).await?;
        ada.choose("sort", "By hand").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        anna.open_list("Staff").await?;
        ben.open_list("Staff").await?;
        let rows = anna.rows(3).await?;
        let [first, second, third] = rows.as_slice() else {
            anyhow::bail!("too few rows: {rows:?}");
        };
        anna.move_row_by_keys(first, DOWN).await?;
        for desktop in [&anna, &ben] {
            desktop.expect_first_rows(&[second, first, third]).await?;
        }
        ben.move_row_by_keys(third, UP).await?;
        for desktop in [&anna, &ben] {
            desktop.expect_first_rows(&[second, third, first]).await?;
        }

        ben.open_record("Staff", first).await?;
        ben.expect_role(Owner).await?;
        ben.fill("phone", "not saved yet").await?;
        ben.expect_save_status("draft").await?;
        ada.press("#delete").await?;
        ada.expect_text(".baton-dialog", "Its 80 records go with it").await?;
        ada.press("#remove-yes").await?;
        anna.expect_notice("Ada deleted Staff, with all records").await?;
        anna.expect_page("Collections").await?;
        ben.expect_strip("Ada deleted this").await?;
        ben.expect_inputs_enabled(false).await?;
        ada.press(".baton-brand").await?;
        ada.press("[data-deleted=Staff] .baton-restore").await?;
        anna.open_list("Staff").await?;
        anna.expect_first_rows(&[second, third, first]).await?;
        ben.expect_strip("You are editing").await?;
        ben.expect_inputs_enabled(true).await?;
        ben.expect_value("phone", "not saved yet").await
    })
    .await
}
