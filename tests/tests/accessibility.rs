//! Every page: read as a screen reader reads it, and in the language of tests, in which each message stands in brackets.

use std::collections::BTreeSet;
use std::path::Path;

use baton_tests::{Desktop, story};

/// The language of tests.
const PSEUDO: &str = "qps";

/// Looks at the page that is shown, in both colours; in the language of tests, at what is said on it.
async fn check(desktop: &Desktop, page: &str) -> anyhow::Result<()> {
    if desktop.language().await? == PSEUDO {
        let unsaid: Vec<String> = desktop.outside_of_messages().await?;
        let unsaid: Vec<&String> = unsaid.iter().filter(|text| !is_data(text)).collect();
        anyhow::ensure!(unsaid.is_empty(), "{page} says what is in no message file: {unsaid:?}");
        return Ok(());
    }
    for dark in [false, true] {
        desktop.colours(dark).await?;
        desktop.settle().await?;
        let faults = desktop.accessibility_faults().await?;
        let colours = if dark { "dark" } else { "light" };
        anyhow::ensure!(faults.is_empty(), "{page}, {colours}:\n{}", faults.join("\n"));
    }
    desktop.colours(false).await
}

/// Whether a text is of the sample data, of this story, or the same in every language.
fn is_data(text: &str) -> bool {
    const SAMPLE: &str = include_str!("../../server/src/sample.rs");
    const OWN: &str = "Ada Anna Ben Cleo Baton WebSocket Paper Papers Cover Scan Sales is it right png example test \
                       admin localhost linux Linux kB MB qps https English Deutsch";
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        // A number, an id, a part of a version or of a code, as COM-1139, says nothing.
        let words = words.filter(|word| word.len() > 1 && word.chars().all(char::is_alphabetic));
        let words = words.filter(|word| word.chars().any(char::is_lowercase));
        words.map(str::to_lowercase).collect()
    };
    // What this computer is called is shown where one is signed in.
    let computer = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let known = &(&words(&SAMPLE.replace("\\n", " ")) | &words(OWN)) | &words(&computer);
    text.parse::<uuid::Uuid>().is_ok() || words(text).is_subset(&known)
}

/// A list, with everything that opens over it.
async fn check_list(ada: &Desktop) -> anyhow::Result<()> {
    ada.open_list("Products").await?;
    check(ada, "a list").await?;
    ada.press("#filters").await?;
    check(ada, "filters").await?;
    ada.press_escape("#filters").await?;
    ada.press("#columns").await?;
    check(ada, "columns").await?;
    ada.press_escape("#columns").await?;
    ada.press("#views").await?;
    check(ada, "lists that are kept").await?;
    ada.press_escape("#views").await?;
    ada.press("#export").await?;
    check(ada, "export").await?;
    ada.press_escape("#export").await?;
    let first = ada.first_row().await?;
    ada.select_row(&first).await?;
    check(ada, "a selection").await?;
    ada.select_row(&first).await?;
    ada.edit_cell(&first, "price", "x").await?;
    ada.press_keys("\u{e007}").await?;
    ada.expect_text("#cell-editor [data-error=price]", "must be a number")
        .await?;
    check(ada, "a value that is changed in its place").await?;
    ada.press_keys("\u{e00c}").await?;
    ada.press("#layout").await?;
    check(ada, "layouts").await?;
    ada.press_escape("#layout").await?;
    for layout in ["cards", "board", "calendar"] {
        ada.show_as(layout).await?;
        check(ada, layout).await?;
    }
    ada.show_as("table").await
}

/// The pages that are reached from a list.
async fn check_pages_of_records(ada: &Desktop) -> anyhow::Result<()> {
    ada.press(".baton-import-link").await?;
    check(ada, "import").await?;
    ada.open_record("Products", "Laptop 10").await?;
    check(ada, "a form").await?;
    ada.press("[data-picker=available_from]").await?;
    ada.expect_there("[data-day]:focus").await?;
    check(ada, "a calendar to choose from").await?;
    ada.press_keys("\u{e00c}").await?;
    ada.press("#history").await?;
    check(ada, "a history").await?;
    ada.open_list("Products").await?;
    ada.open_definition().await?;
    ada.open_field("Price").await?;
    check(ada, "a definition").await?;
    ada.press_keys("\u{e009}k").await?;
    check(ada, "the palette").await?;
    ada.press_keys("\u{e00c}").await?;
    ada.leave_form().await?;
    ada.open_list("Products").await?;
    ada.press(".baton-bin-link").await?;
    ada.expect_gone(".baton-bin-link").await?;
    check(ada, "the bin").await
}

/// Files in definitions and forms; and what is deleted.
async fn check_files_and_deletion(ada: &Desktop) -> anyhow::Result<()> {
    ada.leave_form().await?;
    ada.define("Paper", "Papers").await?;
    ada.add_field("image", "Cover").await?;
    ada.add_field("file", "Scan").await?;
    ada.save().await?;
    ada.expect_save_status("saved").await?;
    check(ada, "a definition with files").await?;
    ada.new_record("Papers").await?;
    let cover = Path::new(env!("CARGO_MANIFEST_DIR")).join("../icons/128x128.png");
    ada.attach("cover", &cover).await?;
    ada.expect_picture("cover", "128x128.png").await?;
    check(ada, "a form with files").await?;
    ada.leave_form().await?;
    ada.open_list("Papers").await?;
    ada.open_definition().await?;
    ada.press("#delete").await?;
    check(ada, "a question").await?;
    ada.press("#remove-yes").await?;
    ada.expect_strip("Ada deleted this").await?;
    ada.press(".baton-brand").await?;
    ada.expect_text("[data-deleted=Papers]", "by Ada").await?;
    check(ada, "what was deleted").await
}

/// The pages of accounts.
async fn check_accounts(ada: &Desktop) -> anyhow::Result<()> {
    ada.open_record("Products", "Laptop 23").await?;
    ada.press("[data-comment-on=price]").await?;
    ada.put("#new-comment", "@Anna is it right?").await?;
    ada.press("#new-comment-send").await?;
    ada.expect_there(".baton-thread").await?;
    ada.fill("price", "949.00").await?;
    ada.save().await?;
    ada.expect_text("#recent-saves", "Ada").await?;
    check(ada, "a form with comments").await?;
    ada.press("a[href$='/activity']").await?;
    ada.expect_there(".baton-activity-row").await?;
    check(ada, "activity").await?;
    ada.press("#inbox").await?;
    ada.expect_there(".baton-inbox").await?;
    check(ada, "notifications").await?;
    ada.press("#inbox").await?;
    ada.press("a[href$='/people']").await?;
    ada.expect_there("tr[data-person]").await?;
    check(ada, "people").await?;
    ada.press("#add-person").await?;
    check(ada, "adding a person").await?;
    ada.press("#person-cancel").await?;
    ada.press("a[href$='/groups']").await?;
    ada.press("#add-group").await?;
    check(ada, "making a group").await?;
    ada.put("#group-name", "Sales").await?;
    ada.press("#group-yes").await?;
    ada.select("tr[data-collection=product] td[data-of=Sales] select", "Edit")
        .await?;
    check(ada, "groups").await?;
    ada.press("th[data-group=Sales] a").await?;
    ada.expect_page("Sales").await?;
    ada.press("[data-access=product] .baton-limits").await?;
    ada.expect_there("[data-limit=price]").await?;
    check(ada, "a group").await?;
    ada.press("a[href$='/live']").await?;
    ada.expect_there("tr[data-session]").await?;
    check(ada, "what happens now").await?;
    ada.press("a[href$='/audit']").await?;
    ada.expect_there("tr[data-entry]").await?;
    check(ada, "the audit").await?;
    ada.press(".baton-me").await?;
    ada.expect_there(".baton-sign-in").await?;
    check(ada, "my account").await?;
    ada.press(".baton-brand").await
}

#[tokio::test]
async fn no_page_has_a_fault_for_whoever_does_not_see_it() -> anyhow::Result<()> {
    story("accessibility", async |world| {
        let ada = world.desktop("ada").await?;
        // What looks can find something.
        ada.spoil_page().await?;
        let found = ada.accessibility_faults().await?;
        let names: Vec<&str> = found.iter().filter_map(|fault| fault.split(':').next()).collect();
        let wanted = ["heading-order", "image-alt", "color-contrast"];
        anyhow::ensure!(names == wanted, "{found:?}");
        check_all(&ada).await
    })
    .await
}

#[tokio::test]
async fn no_page_says_what_is_in_no_message_file() -> anyhow::Result<()> {
    story("messages", async |world| {
        world.speak("qps_PLOC.UTF-8");
        let ada = world.desktop("ada").await?;
        anyhow::ensure!(ada.language().await? == PSEUDO, "the system's language is spoken");
        // What looks can find something.
        ada.spoil_page().await?;
        let found = ada.outside_of_messages().await?;
        anyhow::ensure!(found.iter().any(|text| text.contains("Spoilt")), "{found:?}");
        check_all(&ada).await
    })
    .await
}

async fn check_all(ada: &Desktop) -> anyhow::Result<()> {
    ada.open_list("Staff").await?;
    ada.leave_form().await?;
    check(ada, "all collections").await?;
    check_accounts(ada).await?;
    check_list(ada).await?;
    check_pages_of_records(ada).await?;
    check_files_and_deletion(ada).await
}
