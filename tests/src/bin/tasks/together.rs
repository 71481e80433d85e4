//! What several do at once: sign in, watch, ask, find each other, mention.

use anyhow::{Context as _, ensure};
use baton_protocol::form::Role;
use baton_tests::{World, keys};

use crate::counted::{Counted, Person, counted};

pub(crate) async fn tasks() -> anyhow::Result<Vec<Counted>> {
    let mut all = counted("tasks_sign_in", sign_in).await?;
    all.extend(counted("tasks_watch_and_ask", watch_and_ask).await?);
    all.extend(counted("tasks_mention", mention).await?);
    all.extend(counted("tasks_by_keys", by_keys).await?);
    Ok(all)
}

async fn sign_in(world: &World) -> anyhow::Result<Vec<Counted>> {
    let (address, passwords) = {
        let server = world.server.lock().await;
        (server.address(), server.passwords().await?)
    };
    world.manage(&format!("server = \"{address}\"\n"))?;
    let anna = Person::at(world.new_desktop("anna").await?)?;
    anna.expect_page("Sign in").await?;
    anna.expect_there("#email:focus").await?;
    anna.enter("anna@example.test")?;
    anna.next_value()?;
    anna.enter(passwords.get("anna@example.test").context("a password")?)?;
    anna.key(keys::ENTER)?;
    anna.expect_there("#me").await?;
    let task = " 1  sign in on a machine that was prepared";
    Ok(vec![Counted::new(task, anna.took(), 1)])
}

async fn watch_and_ask(world: &World) -> anyhow::Result<Vec<Counted>> {
    let anna = Person::at(world.desktop("anna").await?)?;
    let ben = Person::at(world.desktop("ben").await?)?;
    anna.open_record("Products", "Laptop 23").await?;
    ben.open_list("Products").await?;
    ben.search("Laptop 23").await?;

    ben.click("tr[data-record='Laptop 23'] a").await?;
    ben.expect_role(Role::Spectator).await?;
    // The last field of the form, far below what his window shows.
    anna.click("[data-field=story]").await?;
    anna.enter("Seen")?;
    ben.expect_text("[data-field=story]", "Seen").await?;
    ben.expect_in_sight("[data-row=story]", true).await?;
    let watch = ben.took();

    ben.click("#ask").await?;
    anna.expect_ask("owner", "Ben asks to edit.").await?;
    anna.took();
    anna.click("#hand-over").await?;
    ben.expect_role(Role::Owner).await?;
    let (ask, give) = (ben.took(), anna.took());

    anna.leave_form().await?;
    anna.took();
    anna.click("#online").await?;
    anna.expect_text("[data-online=Ben]", "Laptop 23").await?;
    let see = anna.took();
    anna.click("[data-online=Ben] a").await?;
    anna.expect_value("title", "Laptop 23").await?;
    let go = anna.took();

    // Two records side by side.
    ben.leave_form().await?;
    ben.open_list("Staff").await?;
    ben.open_list("Products").await?;
    ben.took();
    let other = ben.first_row().await?;
    ben.click_holding(keys::CONTROL, &format!("tr[data-record='{other}'] a"))
        .await?;
    ben.expect_window(&format!("{other} – Baton")).await?;
    let beside = ben.took();

    // What changed, at once on the page.
    anna.click("a[href$='/activity']").await?;
    anna.expect_page("Activity").await?;
    Ok(vec![
        Counted::new(" 4  watch a colleague type, wherever in the form", watch, 1),
        Counted::new(" 5  ask to edit", ask, 1),
        Counted::new(" 5  be handed the form: its owner", give, 1),
        Counted::new(" 6  see who is online and what they edit", see, 1),
        Counted::new(" 6  go there", go, 1),
        Counted::new("22  what changed since yesterday", anna.took(), 1),
        Counted::new("27  two records side by side", beside, 1),
    ])
}

async fn mention(world: &World) -> anyhow::Result<Vec<Counted>> {
    let bus = world.with_bus().await?;
    let anna = Person::at(world.desktop("anna").await?)?;
    let ben = Person::at(world.desktop("ben").await?)?;
    anna.open_record("Products", "Laptop 23").await?;
    ben.hands().look_elsewhere()?;
    anna.click("[data-comment-on=price]").await?;
    anna.expect_there("#new-comment:focus").await?;
    anna.enter("@be")?;
    anna.expect_text("#new-comment-names [aria-selected=true]", "Ben")
        .await?;
    anna.key(keys::ENTER)?;
    anna.enter("is it right?")?;
    anna.control_key(keys::ENTER)?;
    anna.expect_text(".baton-thread", "@Ben is it right?").await?;
    let took = anna.took();
    // The desktop's own notification, and one press on it.
    bus.click_notification("Anna").await?;
    ben.expect_value("title", "Laptop 23").await?;
    ben.expect_role(Role::Viewer).await?;
    ensure!(took <= 3, "Ben needs one press, Anna {took}");
    Ok(vec![Counted::new(
        "23  mention a colleague at a field (they: 1)",
        took,
        3,
    )])
}

/// Tasks 2 to 5, by who has no mouse. What counts is that all of it can be done.
async fn by_keys(world: &World) -> anyhow::Result<Vec<Counted>> {
    const NO_LIMIT: u32 = 150;
    let anna = Person::at(world.desktop("anna").await?)?;
    let ben = Person::at(world.desktop("ben").await?)?;
    let find = |who: &Person| {
        who.control('k')?;
        anyhow::Ok(())
    };
    find(&anna)?;
    anna.expect_there("#palette:focus").await?;
    anna.letters("laptop 23")?;
    anna.expect_there("[data-entry='Laptop 23'][aria-selected=true]")
        .await?;
    anna.key(keys::ENTER)?;
    anna.expect_role(Role::Owner).await?;
    anna.tab_to("[data-field=price]").await?;
    anna.enter("43")?;
    anna.control('s')?;
    anna.expect_save_status("saved").await?;
    let change = anna.took();

    find(&ben)?;
    ben.expect_there("#palette:focus").await?;
    ben.letters("laptop 23")?;
    ben.expect_there("[data-entry='Laptop 23'][aria-selected=true]").await?;
    ben.key(keys::ENTER)?;
    ben.expect_role(Role::Spectator).await?;
    anna.tab_to("[data-field=story]").await?;
    anna.enter("Seen")?;
    ben.expect_in_sight("[data-row=story]", true).await?;
    let watch = ben.took();
    ben.tab_to("#ask").await?;
    ben.key(keys::ENTER)?;
    anna.expect_ask("owner", "Ben asks to edit.").await?;
    let ask = ben.took();
    anna.took();
    anna.tab_to("#hand-over").await?;
    anna.key(keys::ENTER)?;
    ben.expect_role(Role::Owner).await?;
    Ok(vec![
        Counted::new("25  2 and 3 by keyboard alone", change, NO_LIMIT),
        Counted::new("25  4 by keyboard alone", watch, NO_LIMIT),
        Counted::new("25  5 by keyboard alone", ask, NO_LIMIT),
        Counted::new("25  5 by keyboard alone: its owner", anna.took(), NO_LIMIT),
    ])
}
