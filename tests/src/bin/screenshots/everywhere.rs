//! Every page in every language, at every width that it is to be read at, for whoever looks at them: hundreds of pictures,
//! below `target/everywhere` and not in the repository.

use std::path::Path;

use baton_tests::{Desktop, World};

use crate::Album;

const LANGUAGES: [(&str, &str); 3] = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")];
const SIZES: [(u32, u32); 3] = [(800, 700), (1280, 800), (1920, 1080)];

/// Takes them all.
///
/// # Errors
/// If a page cannot be reached.
pub(crate) async fn everywhere() -> anyhow::Result<()> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/everywhere");
    std::fs::create_dir_all(&directory)?;
    let album = Album { directory };
    let world = World::begin().await?;
    let ada = world.desktop("ada").await?;
    let anna = world.desktop("anna").await?;
    anna.open_record("Products", "Laptop 23").await?;
    anna.type_into("title", " Pro").await?;
    anna.expect_save_status("draft").await?;
    let pages = pages(&ada).await?;
    for (code, language) in LANGUAGES {
        ada.visit("/account").await?;
        ada.select("#language", language).await?;
        ada.expect_there(&format!("html[lang={code}]")).await?;
        for (width, height) in SIZES {
            ada.resize(width, height).await?;
            for (name, path) in &pages {
                ada.visit(path).await?;
                let name = format!("{name}-{code}-{width}");
                if width == 1280 {
                    album.take(&ada, &name).await?;
                } else {
                    ada.settle().await?;
                    album.put(&ada, &format!("{name}-light")).await?;
                }
            }
        }
    }
    Ok(())
}

/// The path of each page, by what it is called.
async fn pages(ada: &Desktop) -> anyhow::Result<Vec<(&'static str, String)>> {
    let path = async || -> anyhow::Result<String> {
        let address = ada.address().await?;
        Ok(address.rsplit('#').next().unwrap_or_default().to_owned())
    };
    ada.open_list("Products").await?;
    let list = path().await?;
    ada.open_record("Products", "Laptop 23").await?;
    let form = path().await?;
    let below = |page: &str| format!("{list}/{page}");
    let mut pages = vec![
        ("collections", "/".to_owned()),
        ("list", list.clone()),
        ("form", form),
        ("definition", below("definition")),
        ("import", below("import")),
        ("bin", below("bin")),
    ];
    let others = [
        "activity",
        "unsaved",
        "people",
        "groups",
        "live",
        "audit",
        "account",
        "connection",
        "installation",
    ];
    pages.extend(others.map(|page| (page, format!("/{page}"))));
    Ok(pages)
}
