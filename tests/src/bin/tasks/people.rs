//! Colleagues who come and go, and one's own account.

use anyhow::{Context as _, ensure};
use baton_tests::{World, keys};

use crate::counted::{Counted, Person, counted};

pub(crate) async fn tasks() -> anyhow::Result<Vec<Counted>> {
    let mut all = counted("tasks_colleagues", colleagues).await?;
    all.extend(counted("tasks_own_account", own_account).await?);
    Ok(all)
}

async fn colleagues(world: &World) -> anyhow::Result<Vec<Counted>> {
    let ada = world.desktop("ada").await?;
    // A group that edits one collection.
    ada.expect_there(".baton-side .baton-count").await?;
    ada.press("a[href$='/groups']").await?;
    ada.press("#add-group").await?;
    ada.put("#group-name", "Products only").await?;
    ada.press("#group-yes").await?;
    ada.select("tr[data-collection=product] td[data-of='Products only'] select", "Edit")
        .await?;
    let ada = Person::at(ada)?;
    ada.took();
    ada.click("a[href$='/people']").await?;
    ada.click("#add-person").await?;
    ada.expect_there("#person-name:focus").await?;
    ada.enter("Cara")?;
    ada.next_value()?;
    ada.enter("cara@example.test")?;
    let invite = ada.took();
    // The role and the group are chosen by their first letters.
    ada.next_value()?;
    ada.enter("Groups")?;
    ada.next_value()?;
    ada.enter("Products")?;
    let restrict = ada.took();
    ada.click("#person-add").await?;
    ada.expect_there("#given-password").await?;
    let invite = invite + ada.took();
    ada.press("#password-done").await?;
    let row = "tr[data-person='cara@example.test']";
    ada.expect_text(row, "Products only").await?;
    ada.took();
    ada.click(&format!("{row} .baton-deactivate")).await?;
    ada.click("#person-yes").await?;
    ada.expect_text(row, "Deactivated").await?;
    Ok(vec![
        Counted::new("20  invite a colleague", invite, 4),
        Counted::new("20  give them one collection only", restrict, 3),
        Counted::new("20  deactivate them", ada.took(), 2),
    ])
}

async fn own_account(world: &World) -> anyhow::Result<Vec<Counted>> {
    let passwords = world.server.lock().await.passwords().await?;
    let given = passwords.get("anna@example.test").context("a password")?;
    let anna = Person::at(world.desktop("anna").await?)?;
    let _elsewhere = world.desktop("anna").await?;
    anna.took();
    anna.click(".baton-me").await?;
    anna.expect_page("My account").await?;
    anna.click("#current-password").await?;
    anna.enter(given)?;
    for _ in 0..2 {
        anna.next_value()?;
        anna.enter("four brown socks")?;
    }
    anna.key(keys::ENTER)?;
    anna.expect_notice("password").await?;
    let password = anna.took();
    // Every other sign-in ended with the password: another one.
    let _elsewhere = {
        let desktop = world.new_desktop("anna").await?;
        desktop.give_server(&world.server.lock().await.address()).await?;
        desktop.sign_in("anna@example.test", "four brown socks").await?;
        desktop
    };
    anna.press(".baton-brand").await?;
    anna.took();
    anna.click(".baton-me").await?;
    anna.expect_there(".baton-sign-in[data-own=false]").await?;
    anna.click(".baton-sign-in[data-own=false] button").await?;
    anna.expect_gone(".baton-sign-in[data-own=false]").await?;
    let sessions = anna.took();
    ensure!(sessions > 0, "nothing was pressed");
    Ok(vec![
        Counted::new("21  change one's own password", password, 3),
        Counted::new("21  see and end one's other sessions", sessions, 2),
    ])
}
