//! Collections that staff define.

use baton_protocol::form::Role;
use baton_tests::{World, keys};

use crate::counted::{Counted, Person, counted};

/// Types and labels of the new fields.
const FIELDS: [(&str, &str); 5] = [
    ("text", "Street"),
    ("number", "Floors"),
    ("date", "Built"),
    ("boolean", "Lift"),
    ("url", "Plan"),
];

pub(crate) async fn tasks() -> anyhow::Result<Vec<Counted>> {
    counted("tasks_definitions", all).await
}

async fn all(world: &World) -> anyhow::Result<Vec<Counted>> {
    let ada = Person::at(world.desktop("ada").await?)?;
    ada.expect_there("#new-entity").await?;
    ada.click("#new-entity").await?;
    ada.expect_role(Role::Owner).await?;
    ada.expect_there("[data-field=label]:focus").await?;
    ada.enter("Building")?;
    ada.next_value()?;
    ada.expect_there("[data-field=label_plural]:focus").await?;
    ada.enter("Buildings")?;
    ada.expect_value("label_plural", "Buildings").await?;
    let mut fields = 0;
    let head = ada.took();
    for (field_type, label) in FIELDS {
        ada.click("#add-field").await?;
        ada.click(&format!("[data-type={field_type}]")).await?;
        ada.expect_there(".baton-card-body [data-field$=':label']:focus")
            .await?;
        ada.enter(label)?;
        ada.expect_there(&format!("[data-card={label}]")).await?;
        fields = ada.took().max(fields);
    }
    ada.control('s')?;
    ada.expect_save_status("saved").await?;
    let head = head + ada.took();

    // The handle of the last field, onto the first.
    ada.drag_to("[data-card=Plan] .baton-handle", "[data-card=Street] .baton-handle")
        .await?;
    ada.expect_first_fields(&["Plan", "Street"]).await?;
    let by_mouse = ada.took();
    ada.focus("[data-card=Street] .baton-card-name").await?;
    ada.took();
    ada.hands().press(&[keys::SHIFT], keys::TAB)?;
    ada.expect_there("[data-card=Street] .baton-handle:focus").await?;
    ada.key(keys::UP)?;
    ada.expect_first_fields(&["Street", "Plan"]).await?;
    Ok(vec![
        Counted::new(" 7  a new collection, but for its fields", head, 4),
        Counted::new(" 7  a field of it (each of 5 types)", fields, 3),
        Counted::new(" 8  reorder its fields by mouse", by_mouse, 1),
        Counted::new(" 8  by keyboard", ada.took() + 1, 2),
    ])
}
