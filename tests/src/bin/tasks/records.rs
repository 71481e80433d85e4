//! A record's versions, files and links; and work without the server.

use baton_protocol::form::Role;
use baton_tests::{Proxy, World, keys};

use crate::counted::{Counted, Person, counted};

pub(crate) async fn tasks() -> anyhow::Result<Vec<Counted>> {
    let mut all = counted("tasks_versions", versions).await?;
    all.extend(counted("tasks_files_and_links", files_and_links).await?);
    all.extend(counted("tasks_offline", offline).await?);
    all.extend(counted("tasks_conflict", conflict).await?);
    Ok(all)
}

async fn versions(world: &World) -> anyhow::Result<Vec<Counted>> {
    let anna = Person::at(world.desktop("anna").await?)?;
    anna.open_record("Products", "Laptop 23").await?;
    for price in ["1.00", "2.00", "3.00"] {
        anna.fill("price", price).await?;
        anna.save().await?;
        anna.expect_save_status("saved").await?;
    }
    anna.expect_there("#recent-saves [data-save='2']").await?;
    anna.took();
    anna.click("#recent-saves [data-save='2']").await?;
    anna.click("#compare-now").await?;
    anna.expect_text("[data-difference=price]", "3").await?;
    let compare = anna.took();
    anna.click("[data-difference=price] .baton-bring-back").await?;
    anna.control('s')?;
    anna.expect_save_status("saved").await?;
    anna.expect_there("#recent-saves [data-save='5']").await?;
    Ok(vec![
        Counted::new("15  compare a version with today", compare, 2),
        Counted::new("15  restore one field of it", anna.took(), 2),
    ])
}

async fn files_and_links(world: &World) -> anyhow::Result<Vec<Counted>> {
    let ada = Person::at(world.desktop("ada").await?)?;
    ada.define("Supplier", "Suppliers").await?;
    ada.add_field("image", "Logo").await?;
    ada.add_field("relation", "Sells").await?;
    ada.link_to("Products").await?;
    ada.save().await?;
    ada.expect_save_status("saved").await?;
    ada.new_record("Suppliers").await?;
    ada.type_into("title", "Nordlicht").await?;
    ada.drop_picture("[data-file=logo]", "logo.png").await?;
    ada.expect_picture("logo", "logo.png").await?;
    ada.took();
    ada.click("[data-file=logo] .baton-enlarge").await?;
    ada.expect_there("#whole-picture").await?;
    let large = ada.took();
    ada.hands().press(&[], keys::ESCAPE)?;
    ada.expect_gone("#whole-picture").await?;

    ada.took();
    ada.click("[data-field=sells]").await?;
    ada.enter("Polar lamp")?;
    ada.click("[data-create='Polar lamp']").await?;
    ada.click("#linked-create:not([disabled])").await?;
    ada.expect_linked("Polar lamp").await?;
    Ok(vec![
        Counted::new("16  attach a picture by drop", 1, 1),
        Counted::new("16  see it large", large, 1),
        Counted::new("17  link to a record that is not there yet", ada.took(), 3),
    ])
}

async fn offline(world: &World) -> anyhow::Result<Vec<Counted>> {
    let network = Proxy::start(world.server.lock().await.address()).await?;
    let anna = world.desktop_at("anna", &network.address()).await?;
    anna.open_record("Products", "Laptop 23").await?;
    anna.expect_role(Role::Owner).await?;
    network.cut();
    anna.expect_link("waiting").await?;
    let anna = Person::at(anna)?;
    anna.click("[data-field=price]").await?;
    anna.enter("77")?;
    anna.control('s')?;
    anna.expect_there("[data-save=waiting][title*='Will be saved']").await?;
    let took = anna.took();
    // She quits, starts again, and the server comes back.
    let anna = world.start_again(anna.into_desktop()).await?;
    anna.expect_link("waiting").await?;
    network.heal();
    anna.expect_link("live").await?;
    let ben = world.desktop("ben").await?;
    ben.open_list("Products").await?;
    ben.search("Laptop 23").await?;
    ben.expect_cell("Laptop 23", "price", "77").await?;
    Ok(vec![Counted::new("18  change and save without the server", took, 2)])
}

async fn conflict(world: &World) -> anyhow::Result<Vec<Counted>> {
    let network = Proxy::start(world.server.lock().await.address()).await?;
    let anna = world.desktop_at("anna", &network.address()).await?;
    let ben = world.desktop("ben").await?;
    anna.open_record("Products", "Laptop 23").await?;
    anna.leave_form().await?;
    network.cut();
    anna.expect_link("waiting").await?;
    anna.open_record("Products", "Laptop 23").await?;
    anna.fill("description", "Hers.").await?;
    anna.expect_save_status("waiting").await?;
    ben.open_record("Products", "Laptop 23").await?;
    ben.fill("description", "His.").await?;
    ben.save().await?;
    ben.expect_save_status("saved").await?;
    ben.leave_form().await?;
    network.heal();
    anna.expect_there("[data-conflict=description]").await?;
    let anna = Person::at(anna)?;
    anna.click("[data-conflict=description] .baton-take-both").await?;
    anna.expect_in_value("description", "Hers.").await?;
    anna.control('s')?;
    anna.expect_save_status("saved").await?;
    let took = anna.took();
    anna.expect_in_value("description", "His.").await?;
    Ok(vec![Counted::new(
        "19  settle a conflict of one field, keeping both texts",
        took,
        2,
    )])
}
