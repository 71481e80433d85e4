//! The command line on a real server; and tables that nobody here wrote, imported as they are.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use baton_tests::World;
use serde_json::{Value, json};

/// A script's person.
struct Script {
    server: String,
    email: String,
    password: String,
    directory: PathBuf,
}

impl Script {
    async fn of(world: &World, person: &str) -> anyhow::Result<Self> {
        let server = world.server.lock().await;
        let email = format!("{person}@example.test");
        let passwords = server.passwords().await?;
        let directory = world.data_of(person);
        std::fs::create_dir_all(&directory)?;
        Ok(Self {
            server: server.address(),
            password: passwords.get(&email).context("a password")?.clone(),
            email,
            directory,
        })
    }

    /// Has its person choose this password.
    async fn with_password(self, new: &str) -> anyhow::Result<Self> {
        let (code, _, err) = self.run(&["password", "--new", new]).await?;
        ensure!(code == 0, "{code}: {err}");
        Ok(Self {
            password: new.into(),
            ..self
        })
    }

    /// What it ended with, and what it wrote.
    async fn run(&self, arguments: &[&str]) -> anyhow::Result<(i32, String, String)> {
        let output = tokio::process::Command::new(baton_tests::program("baton"))
            .args(arguments)
            .env("BATON_SERVER", &self.server)
            .env("BATON_EMAIL", &self.email)
            .env("BATON_PASSWORD", &self.password)
            .output()
            .await
            .context("the command line is built by `cargo xtask test`")?;
        let code = output.status.code().context("it ended by itself")?;
        Ok((
            code,
            String::from_utf8(output.stdout)?,
            String::from_utf8(output.stderr)?,
        ))
    }

    /// The JSON that it wrote; it must end well.
    async fn json(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let (code, out, err) = self.run(arguments).await?;
        ensure!(code == 0, "{arguments:?} ended with {code}: {err}");
        serde_json::from_str(&out).with_context(|| out)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    async fn define(&self, definition: &Value) -> anyhow::Result<()> {
        let file = self.file("definition.json");
        std::fs::write(&file, definition.to_string())?;
        self.json(&["define", path(&file)?]).await.map(drop)
    }
}

fn path(file: &Path) -> anyhow::Result<&str> {
    file.to_str().context("a path in words")
}

/// A table of a public package, as it came.
fn public_table(name: &str) -> anyhow::Result<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data/node_modules/vega-datasets/data")
        .join(name);
    ensure!(
        file.is_file(),
        "{} is missing: `cargo xtask test` fetches it",
        file.display()
    );
    Ok(file)
}

#[tokio::test]
async fn a_script_does_what_a_desktop_does_and_decides_by_how_it_ends() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (ada, anna) = (Script::of(&world, "ada").await?, Script::of(&world, "anna").await?);
    let entities = anna.json(&["entities"]).await?;
    ensure!(
        entities[0]["name"] == "product" && entities[0]["records"] == 140,
        "{entities}"
    );
    let audio = anna
        .json(&["records", "product", "--where", "category=Audio", "--sort", "-price"])
        .await?;
    let audio = audio.as_array().context("a list")?;
    ensure!(
        audio.len() == 14 && audio[0]["description"].is_string(),
        "all values are there"
    );

    anna.json(&[
        "set",
        "product",
        "--where",
        "category=Audio",
        "--field",
        "in_stock",
        "--value",
        "no",
    ])
    .await?;
    let left = anna
        .json(&[
            "records",
            "product",
            "--where",
            "category=Audio",
            "--where",
            "in_stock=yes",
        ])
        .await?;
    ensure!(left == json!([]), "{left}");
    anna.json(&["move", "bin", "product", "--search", "headset"]).await?;
    let found = anna.json(&["records", "product", "--search", "headset"]).await?;
    ensure!(found == json!([]), "{found}");

    let (code, _, words) = anna.run(&["entity", "nothing"]).await?;
    ensure!(code == 1 && words.contains("no collection"), "{code}: {words}");
    let (code, ..) = anna.run(&["fly"]).await?;
    ensure!(code == 2, "{code}");
    let wrong = Script {
        password: "wrong".into(),
        ..Script::of(&world, "anna").await?
    };
    ensure!(wrong.run(&["entities"]).await?.0 == 1, "a wrong password is refused");
    let nowhere = Script {
        server: "127.0.0.1:1".into(),
        ..Script::of(&world, "anna").await?
    };
    ensure!(nowhere.run(&["entities"]).await?.0 == 3, "no server is no refusal");

    let definition =
        json!({ "name": "note", "label": "Note", "label_plural": "Notes", "status": "published", "fields": [] });
    let file = anna.file("note.json");
    std::fs::write(&file, definition.to_string())?;
    let (code, _, words) = anna.run(&["define", path(&file)?]).await?;
    ensure!(
        code == 1 && words.contains("Only whoever manages a collection"),
        "{code}: {words}"
    );
    ada.define(&definition).await?;
    let table = anna.file("notes.csv");
    std::fs::write(&table, "title,status\nfirst,\nsecond,nowhere\n")?;
    let (code, out, _) = anna.run(&["import", "note", path(&table)?]).await?;
    ensure!(code == 4, "one row was left out: {out}");
    ensure!(anna.json(&["entities"]).await?[3]["records"] == 1, "and one was not");
    Ok(())
}

#[tokio::test]
async fn events_are_lines() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (anna, ben) = (Script::of(&world, "anna").await?, Script::of(&world, "ben").await?);
    let listening = async { anna.run(&["events", "product", "--count", "1"]).await };
    let changing = async {
        // Polls: nothing tells when the other one listens; what was changed before is not told.
        loop {
            ben.run(&[
                "set", "product", "--search", "headset", "--field", "in_stock", "--value", "no",
            ])
            .await?;
            ben.run(&[
                "set", "product", "--search", "headset", "--field", "in_stock", "--value", "yes",
            ])
            .await?;
        }
        #[expect(unreachable_code, reason = "the type of an endless loop")]
        anyhow::Ok(())
    };
    let (code, out, _) = tokio::select! {
        heard = listening => heard?,
        changed = changing => return changed,
    };
    let line: Value = serde_json::from_str(&out)?;
    ensure!(
        code == 0 && line["event"]["record_updated"]["row"]["title"].is_string(),
        "{line}"
    );
    Ok(())
}

/// A field of a definition.
fn field(name: &str, label: &str, field_type: &str) -> Value {
    json!({ "name": name, "label": label, "field_type": field_type })
}

/// Airports, each with a code of its own.
async fn import_airports(ada: &Script, anna: &Script) -> anyhow::Result<()> {
    ada.define(&json!({
        "name": "airport", "label": "Airport", "label_plural": "Airports", "status": "published",
        "fields": [
            { "name": "iata", "label": "IATA", "field_type": "text", "unique": true, "max_length": 4 },
            field("city", "City", "text"), field("state", "State", "text"), field("country", "Country", "text"),
            field("latitude", "Latitude", "number"), field("longitude", "Longitude", "number"),
        ],
    }))
    .await?;
    let airports = public_table("airports.csv")?;
    let lines = std::fs::read_to_string(&airports)?.lines().count() - 1;
    let outcome = anna
        .json(&["import", "airport", path(&airports)?, "--column", "name=title"])
        .await?;
    ensure!(outcome["records"] == lines, "{outcome}");
    let jfk = anna.json(&["records", "airport", "--where", "iata=JFK"]).await?;
    ensure!(
        jfk[0]["city"] == "New York" && jfk[0]["latitude"] == "40.63975111",
        "{jfk}"
    );
    let north = anna
        .json(&["records", "airport", "--where", "latitude>=70", "--sort", "-latitude"])
        .await?;
    ensure!(north[0]["state"] == "AK", "{north}");
    // Twice is once: the code of an airport is nobody else's.
    let (code, out, _) = anna
        .run(&["import", "airport", path(&airports)?, "--column", "name=title"])
        .await?;
    let outcome: Value = serde_json::from_str(&out)?;
    ensure!(
        code == 4 && outcome["records"] == 0 && outcome["left_out"] == lines,
        "{outcome}"
    );
    Ok(())
}

/// Birds that struck aeroplanes: with columns that are left out; and out again.
async fn import_strikes(ada: &Script, anna: &Script) -> anyhow::Result<()> {
    ada.define(&json!({
        "name": "strike", "label": "Strike", "label_plural": "Strikes", "status": "published",
        "fields": [
            field("airport", "Airport", "text"), field("day", "Day", "date"), field("species", "Species", "text"),
            field("cost", "Cost", "number"), field("speed", "Speed", "number"),
        ],
    }))
    .await?;
    let strikes = public_table("birdstrikes.csv")?;
    let lines = std::fs::read_to_string(&strikes)?.lines().count() - 1;
    let columns = [
        "Aircraft Airline Operator=title",
        "Airport Name=airport",
        "Flight Date=day",
        "Wildlife Species=species",
        "Cost Total $=cost",
        "Speed IAS in knots=speed",
        // Nothing is left out in silence.
        "Aircraft Make Model=",
        "Effect Amount of damage=",
        "Origin State=",
        "Phase of flight=",
        "Wildlife Size=",
        "Time of day=",
        "Cost Other=",
        "Cost Repair=",
    ];
    let mut arguments = vec!["import", "strike", path(&strikes)?];
    for column in columns {
        arguments.extend(["--column", column]);
    }
    let outcome = anna.json(&arguments).await?;
    ensure!(outcome["records"] == lines, "{outcome}");
    let gulls = anna
        .json(&[
            "records",
            "strike",
            "--search",
            "gull",
            "--where",
            "cost>=100000",
            "--sort",
            "-cost",
        ])
        .await?;
    ensure!(
        gulls.as_array().is_some_and(|gulls| !gulls.is_empty()),
        "some gulls were dear"
    );
    let out = anna.file("strikes.xlsx");
    anna.run(&["export", "strike", "--file", path(&out)?]).await?;
    let outcome = anna
        .json(&["import", "strike", path(&out)?, "--dry-run", "--column", "slug="])
        .await?;
    ensure!(
        outcome["records"] == lines,
        "what was exported can be imported: {outcome}"
    );
    Ok(())
}

/// Airports, birds that struck aeroplanes, zip codes: as their publishers wrote them.
#[tokio::test]
async fn rows_change_the_records_that_a_key_names() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let anna = Script::of(&world, "anna").await?;
    let laptops = anna.json(&["records", "product", "--search", "laptop 23"]).await?;
    let sku = laptops[0]["sku"].as_str().context("a laptop")?;
    let file = world.data_of("prices").with_extension("csv");
    std::fs::create_dir_all(file.parent().context("a folder")?)?;
    std::fs::write(&file, format!("title,sku,price\n,{sku},77.50\nBrand new,NEW-1,5\n"))?;
    let arguments = ["import", "product", path(&file)?, "--key", "sku"];
    let done = anna.json(&arguments).await?;
    ensure!(done["records"] == 2 && done["updated"] == 1, "{done}");
    let changed = anna.json(&["records", "product", "--search", "laptop 23"]).await?;
    ensure!(changed[0]["price"] == "77.50", "{changed}");
    let again = anna.json(&arguments).await?;
    ensure!(again["records"] == 0 && again["unchanged"] == 2, "{again}");
    let (code, ..) = anna
        .run(&["import", "product", path(&file)?, "--key", "sku", "--all-or-nothing"])
        .await?;
    ensure!(code == 2, "{code}");
    Ok(())
}

#[tokio::test]
async fn public_tables_are_imported_as_they_are() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (ada, anna) = (Script::of(&world, "ada").await?, Script::of(&world, "anna").await?);
    import_airports(&ada, &anna).await?;
    import_strikes(&ada, &anna).await
}

/// An account ends and comes back, and the audit says so.
async fn end_and_return(ada: &Script, cleo: &Script) -> anyhow::Result<()> {
    ada.json(&["people", "deactivate", "cleo@example.test"]).await?;
    let (code, _, err) = cleo.run(&["entities"]).await?;
    ensure!(code == 1 && err.contains("deactivated"), "{code}: {err}");
    ada.json(&["people", "reactivate", "cleo@example.test"]).await?;
    cleo.json(&["entities"]).await?;
    let (code, lines, err) = ada
        .run(&[
            "audit",
            "--person",
            "cleo@example.test",
            "--kind",
            "accounts",
            "--count",
            "3",
        ])
        .await?;
    ensure!(code == 0, "{err}");
    let last: Vec<_> = lines.lines().collect();
    ensure!(
        last.len() == 3 && last[0].contains("reactivated") && last[1].contains("deactivated"),
        "{lines}"
    );
    Ok(())
}

#[tokio::test]
async fn people_come_change_and_sign_in_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (ada, anna) = (Script::of(&world, "ada").await?, Script::of(&world, "anna").await?);
    let (code, _, err) = anna.run(&["people", "list"]).await?;
    ensure!(code == 1 && err.contains("Only an admin"), "{code}: {err}");
    let added = ada
        .json(&["people", "add", "cleo@example.test", "Cleo", "--role", "viewer"])
        .await?;
    let cleo = Script {
        email: "cleo@example.test".into(),
        password: added["password"].as_str().context("a password")?.into(),
        server: ada.server.clone(),
        directory: ada.directory.clone(),
    };
    let (code, _, err) = cleo.run(&["entities"]).await?;
    ensure!(code == 1 && err.contains("Choose one of your own"), "{code}: {err}");
    let cleo = cleo.with_password("four brown socks").await?;
    ensure!(
        cleo.json(&["entities"])
            .await?
            .as_array()
            .is_some_and(|rows| rows.len() == 3)
    );
    let set = [
        "set", "product", "--search", "laptop", "--field", "category", "--value", "Audio",
    ];
    let (code, _, err) = cleo.run(&set).await?;
    ensure!(code == 1 && err.contains("not edit"), "{code}: {err}");
    ada.json(&["people", "role", "cleo@example.test", "editor"]).await?;
    ensure!(cleo.run(&set).await?.0 == 0, "an editor may");
    let changed = ada.json(&["people", "new-password", "CLEO@example.test"]).await?;
    let (code, _, err) = cleo.run(&["entities"]).await?;
    ensure!(
        code == 1 && err.contains("do not go together"),
        "the old one is worth nothing: {code}: {err}"
    );
    let cleo = Script {
        password: changed["password"].as_str().context("a password")?.into(),
        ..cleo
    };
    let cleo = cleo.with_password("five brown socks").await?;
    cleo.json(&["entities"]).await?;
    end_and_return(&ada, &cleo).await?;
    ada.json(&["people", "rename", "cleo@example.test", "Cleopatra"])
        .await?;
    let people = ada.json(&["people", "list"]).await?;
    let names: Vec<_> = people
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["name"].as_str())
        .collect();
    ensure!(names == ["Ada", "Anna", "Ben", "Cleopatra"], "{names:?}");
    let (code, _, err) = ada.run(&["people", "add", "ben@example.test", "Ben"]).await?;
    ensure!(code == 1 && err.contains("has the address"), "{code}: {err}");
    let (code, _, err) = ada.run(&["people", "role", "ada@example.test", "viewer"]).await?;
    ensure!(code == 1 && err.contains("must be an admin"), "{code}: {err}");
    Ok(())
}
