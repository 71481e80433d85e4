//! A desktop that updates itself from its own server: what is right gets in place, what is wrong never does, and the
//! person is back where they were.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use baton_client::update::{Source, UpdateError};
use baton_protocol::form::Role;
use baton_protocol::release::Release;
use baton_tests::image::{self, Image};
use baton_tests::{Desktop, World, keys, story, story_with};

const TARGET: &str = "linux-x86_64-appimage";

/// The records' list of a colleague, and the link to one of its records.
async fn colleague(world: &World, title: &str) -> anyhow::Result<(std::sync::Arc<Desktop>, String)> {
    let ben = world.desktop("ben").await?;
    ben.open_record("Products", title).await?;
    let address = ben.address().await?;
    let (_, page) = address.split_once("#/entity/").context("a record's page")?;
    let link = format!("baton://record/{}", page.replace("/record/", "/"));
    ben.open_list("Products").await?;
    ben.search(title).await?;
    Ok((ben, link))
}

async fn source(world: &World) -> anyhow::Result<Source> {
    Ok(Source {
        server: world.server.lock().await.address(),
        plain: false,
        channel: "stable".into(),
        target: TARGET.into(),
        key: image::release_key()?,
    })
}

/// What is typed by hands stays in the record, and a palette entry is chosen by its name.
async fn choose_update(anna: &Image) -> anyhow::Result<()> {
    let hands = anna.hands().await?;
    hands.press(&[keys::CONTROL], u32::from('k'))?;
    hands.write("restart and")?;
    hands.press(&[], keys::ENTER)
}

#[tokio::test]
async fn an_old_version_becomes_the_new_one_and_its_person_is_back_at_the_same_record() -> anyhow::Result<()> {
    story("update", async |world| {
        world.manage(&format!("release-key = \"{}\"\n", image::release_key()?))?;
        let (ben, link) = colleague(world, "Laptop 10").await?;
        let next = image::next_release()?;
        image::hand_out(world, &next).await?;
        let mut anna = Image::install(world, "anna")?;
        anna.start(world, "anna", Some(&link)).await?;
        anna.expect_in_log("an update is ready", 1).await?;
        let hands = anna.hands().await?;
        types_into_the_title(&anna, &ben).await?;
        hands.write("kept ")?;
        hands.press(&[keys::CONTROL], u32::from('z'))?;
        hands.write("kept ")?;
        let before = fs::read(&anna.file)?;
        choose_update(&anna).await?;
        anna.expect_in_log("Baton starts version=0.1.1", 1).await?;
        ben.expect_row_to_say("Laptop 10", "Anna is editing").await?;
        ensure!(fs::read(&anna.file)? != before, "the file is the old one");
        ensure!(fs::read(&anna.file)? == fs::read(&next)?, "the file is the new one");
        settles(&anna).await?;
        ben.open_record("Products", "Laptop 10").await?;
        ben.expect_role(Role::Spectator).await?;
        ben.expect_in_value("title", "kept").await?;
        anna.check_store().await
    })
    .await
}

async fn settles(anna: &Image) -> anyhow::Result<()> {
    let began = Instant::now();
    while !anna.is_settled()? {
        ensure!(
            began.elapsed() < Duration::from_secs(45),
            "the new version stays on trial"
        );
        // Polls: another process writes the file.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[tokio::test]
async fn an_update_that_is_ready_is_in_place_after_the_program_was_closed() -> anyhow::Result<()> {
    story("update_at_exit", async |world| {
        world.manage(&format!("release-key = \"{}\"\n", image::release_key()?))?;
        let next = image::next_release()?;
        image::hand_out(world, &next).await?;
        let mut anna = Image::install(world, "anna")?;
        anna.start(world, "anna", None).await?;
        anna.expect_in_log("an update is ready", 1).await?;
        anna.close().await?;
        ensure!(fs::read(&anna.file)? == fs::read(&next)?, "the file is the old one");
        anna.start(world, "anna", None).await?;
        anna.expect_in_log("Baton starts version=0.1.1", 1).await?;
        settles(&anna).await
    })
    .await
}

#[tokio::test]
async fn an_update_waits_for_what_was_typed_and_is_not_on_the_server() -> anyhow::Result<()> {
    // So long a server may be silent here before a desktop goes on without it.
    story_with("update_waits", &["--grace-ms", "60000"], async |world| {
        world.manage(&format!("release-key = \"{}\"\n", image::release_key()?))?;
        let (ben, link) = colleague(world, "Laptop 10").await?;
        image::hand_out(world, &image::next_release()?).await?;
        let mut anna = Image::install(world, "anna")?;
        let before = fs::read(&anna.file)?;
        anna.start(world, "anna", Some(&link)).await?;
        anna.expect_in_log("an update is ready", 1).await?;
        types_into_the_title(&anna, &ben).await?;
        world.server.lock().await.freeze();
        anna.hands().await?.write("unsent ")?;
        choose_update(&anna).await?;
        anna.expect_in_log("the update waits", 1).await?;
        ensure!(fs::read(&anna.file)? == before, "it was not to be installed");
        world.server.lock().await.thaw();
        ben.open_record("Products", "Laptop 10").await?;
        ben.expect_in_value("title", "unsent").await?;
        ben.leave_form().await?;
        ben.open_list("Products").await?;
        choose_update(&anna).await?;
        anna.expect_in_log("Baton starts version=0.1.1", 1).await?;
        settles(&anna).await
    })
    .await
}

#[tokio::test]
async fn a_version_that_does_not_come_up_gives_its_place_back() -> anyhow::Result<()> {
    story("update_taken_back", async |world| {
        world.manage(&format!("release-key = \"{}\"\n", image::release_key()?))?;
        let (ben, link) = colleague(world, "Laptop 10").await?;
        let broken = world.directory().join("broken.AppImage");
        fs::write(&broken, "#!/bin/sh\nexit 1\n")?;
        image::sign(&broken, &format!("baton 0.9.0 {TARGET}")).await?;
        image::hand_out(world, &broken).await?;
        let mut anna = Image::install(world, "anna")?;
        let before = fs::read(&anna.file)?;
        anna.start(world, "anna", Some(&link)).await?;
        anna.expect_in_log("an update is ready", 1).await?;
        anna.hands().await?.write("x")?;
        ben.expect_row_to_say("Laptop 10", "Anna is editing").await?;
        choose_update(&anna).await?;
        anna.expect_in_log("Baton starts version=0.1.0", 2).await?;
        ben.expect_row_to_say("Laptop 10", "Anna is editing").await?;
        ensure!(fs::read(&anna.file)? == before, "the old version is back");
        settles(&anna).await
    })
    .await
}

/// What comes of a release that the server says it has.
async fn fetched(source: &Source, release: &Release, folder: &Path) -> Result<Vec<u8>, UpdateError> {
    let file = source.fetch(release, folder, |_| ()).await?;
    Ok(fs::read(file)?)
}

/// Where a folder has what was fetched of the release so far.
fn part_in(folder: &Path) -> PathBuf {
    folder.join(format!("{TARGET}-0.3.0.part"))
}

/// Hands a file out, after everything that is not signed as it should be was refused; what the server offers then.
async fn hand_out_signed(world: &World, source: &Source, bytes: &[u8], tampered: &[u8]) -> anyhow::Result<Release> {
    let none = source.offer().await?;
    ensure!(none.release.is_none(), "nothing was added yet");
    let file = world.directory().join("Baton.AppImage");
    fs::write(&file, bytes)?;
    let refused = image::hand_out(world, &file).await;
    ensure!(refused.is_err(), "it was taken without a signature");
    image::sign(&file, "timestamp:1").await?;
    let why = format!("{:#}", image::hand_out(world, &file).await.expect_err("no version"));
    ensure!(why.contains("which version"), "{why}");
    image::sign(&file, &format!("baton 0.3.0 {TARGET}")).await?;
    fs::write(&file, tampered)?;
    let why = format!("{:#}", image::hand_out(world, &file).await.expect_err("tampered with"));
    ensure!(why.contains("not signed with the key"), "{why}");
    fs::write(&file, bytes)?;
    image::hand_out(world, &file).await?;
    let release = source.offer().await?.release.context("it is handed out")?;
    ensure!(release.version.to_string() == "0.3.0");
    Ok(release)
}

/// Broken off in the middle: only the rest is asked for.
async fn goes_on_where_it_broke_off(
    source: &Source,
    release: &Release,
    folder: &Path,
    bytes: &[u8],
) -> anyhow::Result<()> {
    let part = part_in(folder);
    fs::write(&part, &bytes[..2_000_000])?;
    let first = Mutex::new(None);
    let note = |percent| {
        let mut first = first.lock().expect("a note");
        first.get_or_insert(percent);
    };
    let again = source.fetch(release, folder, note).await?;
    ensure!(fs::read(again)? == bytes);
    let first = first.lock().expect("a note").context("nothing was fetched")?;
    ensure!(first >= 66, "it began anew, at {first}");
    Ok(())
}

/// The signature of another version, of another system, of another key.
async fn refuses_other_signatures(source: &Source, release: &Release, folder: &Path) -> anyhow::Result<()> {
    let newer = Release {
        version: "9.0.0".parse()?,
        ..release.clone()
    };
    ensure!(matches!(fetched(source, &newer, folder).await, Err(UpdateError::Stamp)));
    let other = Source {
        target: "windows-x86_64-setup".into(),
        ..source.clone()
    };
    ensure!(matches!(
        fetched(&other, release, folder).await,
        Err(UpdateError::Stamp)
    ));
    let stranger = Source {
        key: "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3".into(),
        ..source.clone()
    };
    ensure!(matches!(
        fetched(&stranger, release, folder).await,
        Err(UpdateError::Signature)
    ));
    Ok(())
}

#[tokio::test]
async fn what_is_tampered_with_or_signed_as_something_else_is_never_taken() -> anyhow::Result<()> {
    story("update_refused", async |world| {
        let source = source(world).await?;
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
        let mut tampered = bytes.clone();
        tampered[1_000_000] ^= 1;
        let release = hand_out_signed(world, &source, &bytes, &tampered).await?;

        let folder = world.directory().join("downloads");
        ensure!(fetched(&source, &release, &folder).await? == bytes);

        goes_on_where_it_broke_off(&source, &release, &folder, &bytes).await?;

        // What was changed on its way, or on the server's disk, is thrown away.
        let part = part_in(&folder);
        fs::write(&part, &tampered[..2_000_000])?;
        let wrong = fetched(&source, &release, &folder).await;
        ensure!(matches!(wrong, Err(UpdateError::Signature)), "{wrong:?}");
        ensure!(!part.exists(), "it stays");

        refuses_other_signatures(&source, &release, &folder).await?;

        // No room, or no right to write.
        let nowhere = part.with_extension("file");
        fs::write(&nowhere, "")?;
        let full = fetched(&source, &release, &nowhere.join("below")).await;
        ensure!(matches!(full, Err(UpdateError::Disk(_))), "{full:?}");
        Ok(())
    })
    .await
}

/// How long an update takes, from the key that chooses it until a colleague sees its person at the same record again.
async fn undisturbed(world: &World, ben: &Desktop, link: &str) -> anyhow::Result<Duration> {
    let mut anna = Image::install(world, "anna-first")?;
    anna.start(world, "anna", Some(link)).await?;
    anna.expect_in_log("an update is ready", 1).await?;
    anna.hands().await?.write("x")?;
    ben.expect_row_to_say("Laptop 10", "Anna is editing").await?;
    choose_update(&anna).await?;
    let began = Instant::now();
    anna.expect_in_log("Baton starts version=0.1.1", 1).await?;
    ben.expect_row_to_say("Laptop 10", "Anna is editing").await?;
    settles(&anna).await?;
    let took = began.elapsed();
    anna.kill().await;
    ben.expect_row_not_to_say("Laptop 10", "Anna is editing").await?;
    Ok(took)
}

/// Presses a key again and again until it has come of it what is looked for.
async fn press_until(anna: &Image, came: impl AsyncFn() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    let (began, hands) = (Instant::now(), anna.hands().await?);
    while !came().await? {
        ensure!(began.elapsed() < Duration::from_secs(60), "the page takes no keys");
        hands.write("x")?;
        // Polls: nothing shows from outside when a page takes keys.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

/// The first key that the page takes begins to edit.
async fn begins_to_edit(anna: &Image, ben: &Desktop) -> anyhow::Result<()> {
    press_until(anna, async || ben.row_says("Laptop 10", "Anna is editing").await).await
}

/// Keys are text as soon as the page is hers to type into.
async fn types_into_the_title(anna: &Image, ben: &Desktop) -> anyhow::Result<()> {
    begins_to_edit(anna, ben).await?;
    ben.open_record("Products", "Laptop 10").await?;
    press_until(anna, async || Ok(ben.value("title").await? != "Laptop 10")).await?;
    ben.leave_form().await?;
    ben.open_list("Products").await
}

/// As many as `BATON_UPDATE_KILLS` says: each takes some ten seconds.
#[expect(clippy::print_stdout, reason = "whoever runs it reads what it did")]
#[tokio::test]
#[ignore = "takes minutes; cargo xtask updates runs it"]
async fn killed_at_any_moment_of_an_update_one_version_starts_with_its_store() -> anyhow::Result<()> {
    let kills: u64 = std::env::var("BATON_UPDATE_KILLS")
        .ok()
        .map_or(Ok(5), |kills| kills.parse())?;
    story("update_kills", async |world| {
        world.manage(&format!("release-key = \"{}\"\n", image::release_key()?))?;
        let (ben, link) = colleague(world, "Laptop 10").await?;
        image::hand_out(world, &image::next_release()?).await?;
        let (mut old, mut new) = (0, 0);
        let took = undisturbed(world, &ben, &link).await?;
        println!("an update takes {} ms", took.as_millis());
        for kill in 0..kills {
            let mut anna = Image::install(world, &format!("anna-{kill}"))?;
            anna.start(world, "anna", Some(&link)).await?;
            anna.expect_in_log("an update is ready", 1).await?;
            anna.hands().await?.write("x")?;
            ben.expect_row_to_say("Laptop 10", "Anna is editing").await?;
            choose_update(&anna).await?;
            // Spread over everything that an update does.
            let moment = took.mul_f64(kill as f64 / kills as f64);
            // Polls: the moment of the kill is what is tried.
            tokio::time::sleep(moment).await;
            anna.kill().await;
            let began = anna.log_says("Baton starts")?;
            anna.start(world, "anna", Some(&link)).await?;
            anna.expect_in_log("Baton starts", began + 1).await?;
            begins_to_edit(&anna, &ben).await?;
            settles(&anna).await?;
            anna.check_store().await?;
            match anna.log_says("Baton starts version=0.1.1")? {
                0 => old += 1,
                _ => new += 1,
            }
            anna.kill().await;
            ben.expect_row_not_to_say("Laptop 10", "Anna is editing").await?;
        }
        println!("{kills} kills: {old} came up as the old version, {new} as the new one");
        Ok(())
    })
    .await
}
