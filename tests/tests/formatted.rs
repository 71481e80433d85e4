//! Stories of formatted text, with real keys and a real mouse.

use std::sync::Arc;

use anyhow::ensure;
use baton_protocol::form::Role;
use baton_tests::{Desktop, World, keys, story};

async fn click(desktop: &Desktop, css: &str) -> anyhow::Result<()> {
    let place = desktop.place(css).await?;
    desktop.hands()?.click(place)
}

/// Ada, in a new record of pages with a formatted text of the name `words`.
async fn new_page(world: &World, title: &str) -> anyhow::Result<Arc<Desktop>> {
    let ada = world.desktop("ada").await?;
    ada.define("Page", "Pages").await?;
    ada.add_field("rich_text", "Words").await?;
    ada.save().await?;
    ada.expect_save_status("saved").await?;
    ada.new_record("Pages").await?;
    ada.type_into("title", title).await?;
    Ok(ada)
}

#[tokio::test]
async fn pasted_html_is_shown_as_it_is_stored() -> anyhow::Result<()> {
    story("formatted_paste", async |world| {
        let ada = new_page(world, "Pasted").await?;
        let hands = ada.hands()?;
        hands.copy(
            "<table><tr><td>Bolts</td><td>12</td><td>34</td></tr><tr><td>Nuts</td><td>56</td><td></td></tr></table>\
             <h5>Below</h5><dl><dt>Term</dt><dd>Meaning</dd></dl>",
            "Bolts\t12\t34\nNuts\t56\n",
        )?;
        click(&ada, "[data-field=words]").await?;
        hands.press(&[keys::CONTROL], u32::from('v'))?;
        let kept = "<table><tr><td>Bolts</td><td>12</td><td>34</td></tr><tr><td>Nuts</td><td>56</td><td></td></tr></table>\
                    <h3>Below</h3><p>Term</p><p>Meaning</p>";
        ada.expect_formatted("words", kept).await?;
        hands.write(" more")?;
        ada.expect_formatted("words", &kept.replace("Meaning</p>", "Meaning more</p>"))
            .await?;
        hands.press(&[], keys::ENTER)?;
        hands.write("next")?;
        let whole = kept.replace("Meaning</p>", "Meaning more</p><p>next</p>");
        ada.expect_formatted("words", &whole).await?;
        let ben = world.desktop("ben").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        ben.open_record("Pages", "Pasted").await?;
        ben.expect_formatted("words", &whole).await
    })
    .await
}

#[tokio::test]
async fn lists_of_a_word_processor_are_pasted_as_lists() -> anyhow::Result<()> {
    // As Word puts them on the clipboard, shortened.
    const WORD: &str = "<html xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
        xmlns:w=\"urn:schemas-microsoft-com:office:word\"><head><style>p.MsoNormal {margin:0cm}</style></head><body>\
        <p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Before<o:p></o:p></b></p>\
        <p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]>\
        <span style='font-family:Symbol'><span style='mso-list:Ignore'>\u{b7}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span></span>\
        <![endif]>One<o:p></o:p></p>\
        <p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a)<span>&nbsp;</span></span>Inner</p>\
        <p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>\u{b7}<span>&nbsp;</span></span>Two</p>\
        <p class=MsoNormal>After <a href='https://example.com/'>there</a></p></body></html>";
    story("formatted_word", async |world| {
        let ada = new_page(world, "From Word").await?;
        let hands = ada.hands()?;
        hands.copy(WORD, "Before One Inner Two After there")?;
        click(&ada, "[data-field=words]").await?;
        hands.press(&[keys::CONTROL], u32::from('v'))?;
        ada.expect_formatted(
            "words",
            "<p><b>Before</b></p><ul><li>One<ol><li>Inner</li></ol></li><li>Two</li></ul>\
             <p>After <a href=\"https://example.com/\" rel=\"noopener noreferrer\">there</a></p>",
        )
        .await
    })
    .await
}

#[tokio::test]
async fn a_text_is_formatted_while_it_is_typed_and_everybody_sees_the_same() -> anyhow::Result<()> {
    story("formatted_typed", async |world| {
        let ada = new_page(world, "Typed").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        let ben = world.desktop("ben").await?;
        ben.open_record("Pages", "Typed").await?;
        ben.expect_role(Role::Spectator).await?;
        let hands = ada.hands()?;
        click(&ada, "[data-field=words]").await?;
        // A heading and a list by their signs.
        hands.write("# Parts")?;
        hands.press(&[], keys::ENTER)?;
        hands.write("- bolts")?;
        hands.press(&[], keys::ENTER)?;
        hands.press(&[keys::CONTROL], u32::from('b'))?;
        hands.write("nuts")?;
        hands.press(&[keys::CONTROL], u32::from('b'))?;
        let list = "<h2>Parts</h2><ul><li>bolts</li><li><strong>nuts</strong></li></ul>";
        ada.expect_formatted("words", list).await?;
        ben.expect_formatted("words", list).await?;
        // Out of the list, and a table.
        hands.press(&[], keys::ENTER)?;
        hands.press(&[], keys::ENTER)?;
        ada.use_tool("words", "table").await?;
        for cell in ["a", "b", "c", "d"] {
            hands.write(cell)?;
            hands.press(&[], keys::TAB)?;
        }
        ada.use_tool("words", "delete_column").await?;
        let table =
            "<table><tr><th>a</th><th>c</th></tr><tr><td>d</td><td></td></tr><tr><td></td><td></td></tr></table>";
        let whole = format!("{list}{table}");
        ada.expect_formatted("words", &whole).await?;
        ben.expect_formatted("words", &whole).await?;
        // What was done last is taken back, for everybody.
        hands.press(&[keys::CONTROL], u32::from('z'))?;
        let three = "<table><tr><th>a</th><th>b</th><th>c</th></tr><tr><td>d</td><td></td><td></td></tr>\
                     <tr><td></td><td></td><td></td></tr></table>";
        ben.expect_formatted("words", &format!("{list}{three}")).await?;
        hands.press(&[keys::CONTROL], u32::from('y'))?;
        ben.expect_formatted("words", &whole).await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        ada.leave_form().await?;
        ben.expect_role(Role::Owner).await?;
        // The editor goes on where the last one ended.
        click(&ben, "[data-field=words] h2").await?;
        let hands = ben.hands()?;
        hands.press(&[], keys::END)?;
        hands.write("!")?;
        ben.expect_formatted("words", &whole.replace("Parts", "Parts!")).await
    })
    .await
}

#[tokio::test]
async fn every_tool_does_what_it_says_and_takes_it_back() -> anyhow::Result<()> {
    story("formatted_tools", async |world| {
        let ada = new_page(world, "Tools").await?;
        let hands = ada.hands()?;
        click(&ada, "[data-field=words]").await?;
        hands.write("word")?;
        ada.expect_formatted("words", "<p>word</p>").await?;
        for (tool, shown) in [
            ("heading", "<h2>word</h2>"),
            ("paragraph", "<p>word</p>"),
            ("bullets", "<ul><li>word</li></ul>"),
            ("bullets", "<p>word</p>"),
            ("numbers", "<ol><li>word</li></ol>"),
            ("numbers", "<p>word</p>"),
            ("quote", "<blockquote><p>word</p></blockquote>"),
            ("quote", "<p>word</p>"),
        ] {
            ada.use_tool("words", tool).await?;
            ada.expect_formatted("words", shown).await?;
        }
        hands.press(&[keys::CONTROL], u32::from('a'))?;
        for (tool, shown) in [
            ("bold", "<p><strong>word</strong></p>"),
            ("italic", "<p><strong><em>word</em></strong></p>"),
            ("underline", "<p><strong><em><u>word</u></em></strong></p>"),
            ("heading", "<h2><strong><em><u>word</u></em></strong></h2>"),
            ("plain", "<p>word</p>"),
        ] {
            ada.use_tool("words", tool).await?;
            ada.expect_formatted("words", shown).await?;
        }
        ada.link_words("words", "https://example.com").await?;
        let link = "<p><a href=\"https://example.com\" rel=\"noopener noreferrer\">word</a></p>";
        ada.expect_formatted("words", link).await?;
        ada.use_tool("words", "unlink").await?;
        ada.expect_formatted("words", "<p>word</p>").await?;
        hands.press(&[], keys::END)?;
        hands.press(&[], keys::ENTER)?;
        ada.use_tool("words", "table").await?;
        ada.use_tool("words", "add_row").await?;
        ada.use_tool("words", "add_column").await?;
        ada.expect_there("[data-field=words] tr:nth-child(4) td:nth-child(4)")
            .await?;
        ada.use_tool("words", "delete_row").await?;
        ada.expect_gone("[data-field=words] tr:nth-child(4)").await?;
        ada.use_tool("words", "plain").await?;
        ada.use_tool("words", "delete_table").await?;
        ada.expect_gone("[data-field=words] table").await?;
        // The window is the program still, and lives.
        ada.expect_gone("#failure").await
    })
    .await
}

#[tokio::test]
async fn what_a_spectator_selected_stays_selected_while_the_owner_types() -> anyhow::Result<()> {
    story("formatted_spectator", async |world| {
        let ada = new_page(world, "Long").await?;
        let hands = ada.hands()?;
        let lines: String = (1..=60).map(|line| format!("<p>Line {line}</p>")).collect();
        hands.copy(&lines, "Lines")?;
        click(&ada, "[data-field=words]").await?;
        hands.press(&[keys::CONTROL], u32::from('v'))?;
        ada.expect_text("[data-field=words] p:last-child", "Line 60").await?;
        ada.save().await?;
        ada.expect_save_status("saved").await?;
        let ben = world.desktop("ben").await?;
        ben.open_record("Pages", "Long").await?;
        ben.expect_role(Role::Spectator).await?;
        // He reads for himself.
        let there = ben.place("[data-field=words] p:nth-child(40)").await?;
        ben.hands()?.turn_wheel(there, 1, true)?;
        ben.expect_there("#follow[aria-pressed=false]").await?;
        ben.select_text_of("[data-field=words] p:nth-child(40)").await?;
        // The wheel turns on for a moment.
        ben.place("[data-field=words] p:nth-child(40)").await?;
        let before = ben.selection().await?;
        ensure!(before.0 == "Line 40", "{before:?}");
        click(&ada, "[data-field=words] p:nth-child(50)").await?;
        hands.press(&[], keys::END)?;
        hands.write(" and more")?;
        ben.expect_text("[data-field=words] p:nth-child(50)", "Line 50 and more")
            .await?;
        let after = ben.selection().await?;
        // The layout rounds to whole pixels.
        ensure!(
            after.0 == before.0 && after.1.abs_diff(before.1) <= 2,
            "{before:?} became {after:?}"
        );
        Ok(())
    })
    .await
}
