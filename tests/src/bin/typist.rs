//! Types into a form of a desktop without its server until it is killed: `typist DIRECTORY FORM ENTITY FIRST`,
//! form and entity as JSON. For `tests/kills.rs`.

use anyhow::Context as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, form, entity, first] = arguments.as_slice() else {
        anyhow::bail!("it takes a directory, a form, an entity and a number");
    };
    let form = serde_json::from_str(form).context("the form")?;
    let entity = serde_json::from_str(entity).context("the entity")?;
    baton_tests::type_for_ever(directory.as_ref(), form, entity, first.parse()?).await
}
