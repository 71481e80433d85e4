//! Tables that are imported.

use baton_tests::{Desktop, World};

use super::Album;

/// A table that is imported.
pub(super) async fn import(world: &World, album: &Album, anna: &Desktop) -> anyhow::Result<()> {
    let file = world.data_of("table").with_extension("csv");
    std::fs::create_dir_all(file.parent().unwrap_or(&file))?;
    let table = "Title,SKU,Price,Remark\nFig,F-1,1.50,new\nPear,P-1,dear,\n,X-1,2,no title\nPlum,P-2,0.80,new\n";
    std::fs::write(&file, table)?;
    anna.press(".baton-import-link").await?;
    album.take(anna, "import-empty").await?;
    anna.bring(&file).await?;
    anna.expect_text("#import-fate", "2 records would be made").await?;
    album.take(anna, "import").await?;
    anna.press("#import-begin").await?;
    anna.expect_text("#import-done", "2 records were made").await?;
    album.take(anna, "import-done").await?;
    let table = "Title,SKU,Price\nFig,F-1,1.75\nPlum,P-2,0.80\nQuince,Q-1,3\nPear,,2\n";
    std::fs::write(&file, table)?;
    anna.open_list("Products").await?;
    anna.press(".baton-import-link").await?;
    anna.bring(&file).await?;
    anna.select("#import-key", "SKU").await?;
    anna.expect_text("#import-fate", "1 record would be changed, 1 record made")
        .await?;
    album.take(anna, "import-key").await?;
    anna.resize(800, 800).await?;
    album.put(anna, "import-key-800").await?;
    anna.resize(1280, 800).await?;
    anna.press("#import-begin").await?;
    anna.press(".baton-undo-job").await?;
    album.take(anna, "import-undo").await
}
