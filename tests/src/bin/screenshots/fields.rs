//! A form with fields of every type.

use std::path::Path;

use baton_tests::{Desktop, World};

use super::Album;

/// A form with every type of field, and its list without a record.
pub(super) async fn field_types(world: &World, album: &Album, anna: &Desktop) -> anyhow::Result<()> {
    anna.new_record("Suppliers").await?;
    anna.fill("title", "Nordlicht").await?;
    anna.type_into(
        "profile",
        "# Who they are\u{e007}A small company in the north. It makes\u{e007}- lamps\u{e007}cables\u{e007}\u{e007}",
    )
    .await?;
    anna.press("[data-row=profile] [data-tool=table]").await?;
    anna.press_keys("Place\u{e004}People\u{e004}Since\u{e004}Oslo\u{e004}12\u{e004}1998")
        .await?;
    album.take(anna, "form-formatted").await?;
    anna.tick("ships_by", "Rail").await?;
    anna.link("products", "Laptop 10").await?;
    anna.type_into("products", "Laptop").await?;
    anna.expect_text("[data-option='Laptop 23']", "Laptop 23").await?;
    album.take(anna, "form-types").await?;
    files(world, album, anna).await?;
    anna.leave_form().await?;
    anna.open_list("Suppliers").await?;
    album.take(anna, "records-none").await
}

/// Files in a form, and in a list.
async fn files(world: &World, album: &Album, anna: &Desktop) -> anyhow::Result<()> {
    let contract = world.data_of("contract").with_file_name("Contract with Nordlicht.pdf");
    std::fs::create_dir_all(contract.parent().unwrap_or(&contract))?;
    std::fs::write(&contract, [b"%PDF-1.7 ".as_slice(), &[b'%'; 480_000]].concat())?;
    let logo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../icons/256x256.png");
    anna.press_keys("\u{e00c}").await?;
    anna.attach("logo", &logo).await?;
    anna.expect_picture("logo", "256x256.png").await?;
    anna.attach("contract", &logo).await?;
    anna.expect_text("[data-file-problem=contract]", "end in pdf").await?;
    anna.show("[data-file-problem=contract]").await?;
    album.take(anna, "form-file-refused").await?;
    anna.attach("contract", &contract).await?;
    anna.expect_text("[data-file=contract]", "468 kB").await?;
    album.take(anna, "form-files").await
}
