//! The UI as the desktop embeds it: wasm with its bindings, style sheets and fonts, in `src-ui/dist`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::build::{find, root, say, step, target};
use crate::tools::run;
use crate::{parts, wasm};

/// The style sheets of the component set that the UI uses, in their order.
const COMPONENTS: [&str; 13] = [
    "Alert/alert",
    "Alert/alert-group",
    "Button/button",
    "Card/card",
    "EmptyState/empty-state",
    "Form/form",
    "FormControl/form-control",
    "Label/label",
    "Page/page",
    "Spinner/spinner",
    "Switch/switch",
    "Table/table",
    "Title/title",
];

const FONTS: [&str; 4] = [
    "assets/fonts/RedHatDisplay/RedHatDisplayVF.woff2",
    "assets/fonts/RedHatText/RedHatTextVF.woff2",
    "assets/fonts/webfonts/fa-solid-900.woff2",
    "assets/pficon/pf-v6-pficon.woff2",
];

/// Builds the UI.
///
/// # Errors
/// If something is missing or does not compile.
pub(crate) fn build() -> anyhow::Result<()> {
    let packages = packages("src-ui", "fetch the style sheets and the editor of formatted text")?;
    let patternfly = packages.join("@patternfly/patternfly");
    let editor = bundle_editor(&packages)?;
    let compiled = wasm::compile()?;
    let parts = parts::cut(&compiled)?;
    let bindings = target().join("ui/bindings");
    Bindgen::new()
        .input_path(&parts.first)
        .out_name("baton_ui")
        // What the parts share with the first one.
        .keep_lld_exports(true)
        .web(true)?
        .typescript(false)
        // Names of functions: nobody reads them in a window, and everybody would load them.
        .remove_name_section(true)
        .generate(&bindings)
        .context("cannot write the bindings of the UI")?;

    let ui = root().join("src-ui");
    let dist = ui.join("dist");
    put(&bindings.join("baton_ui.js"), &dist.join("baton_ui.js"))?;
    put(&bindings.join("baton_ui_bg.wasm"), &dist.join("baton_ui_bg.wasm"))?;
    put_parts(&parts.others, &dist.join(parts::FOLDER))?;
    put(&ui.join("index.html"), &dist.join("index.html"))?;
    put(&ui.join("failed.html"), &dist.join("failed.html"))?;
    put(&ui.join("assets/start.js"), &dist.join("start.js"))?;
    put(&editor, &dist.join("editor.js"))?;
    put(&ui.join("assets/baton.css"), &dist.join("baton.css"))?;
    put(&root().join("icons/baton.svg"), &dist.join("baton.svg"))?;
    for font in FONTS {
        put(&patternfly.join(font), &dist.join(font))?;
    }
    put_text(&all_styles(&patternfly)?, &dist.join("patternfly.css"))?;
    let first = fs::metadata(dist.join("baton_ui_bg.wasm"))?.len();
    let mut others = 0;
    for part in &parts.others {
        others += fs::metadata(part)?.len();
    }
    say(&format!(
        "  the UI has {} KiB of wasm, and {} KiB that are loaded behind it",
        first / 1024,
        others / 1024
    ));
    Ok(())
}

/// Puts the parts into their folder, and takes out what an earlier build left there.
fn put_parts(parts: &[PathBuf], folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let names: Vec<_> = parts.iter().filter_map(|part| part.file_name()).collect();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !names.contains(&entry.file_name().as_os_str()) {
            fs::remove_file(entry.path())?;
        }
    }
    for (part, name) in parts.iter().zip(names) {
        put(part, &folder.join(name))?;
    }
    Ok(())
}

/// Makes one file of the editor of formatted text and the packages it uses; where it is.
fn bundle_editor(packages: &Path) -> anyhow::Result<PathBuf> {
    let bundled = target().join("ui/editor.js");
    run(Command::new(packages.join(".bin/esbuild"))
        .arg(root().join("src-ui/editor/editor.js"))
        .args([
            "--bundle",
            "--format=esm",
            "--minify",
            "--target=safari16",
            "--log-level=warning",
        ])
        .arg(format!("--outfile={}", bundled.display())))
    .context("the editor of formatted text cannot be bundled")?;
    Ok(bundled)
}

/// The packages that a folder's lock file names, fetched once.
///
/// # Errors
/// If they cannot be fetched.
pub(crate) fn packages(folder: &str, what: &str) -> anyhow::Result<PathBuf> {
    let folder = root().join(folder);
    let packages = folder.join("node_modules");
    let lock = folder.join("package-lock.json");
    let wanted = fs::read_to_string(&lock).with_context(|| format!("{} is missing", lock.display()))?;
    let stamp = packages.join(".baton-lock");
    if fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(packages);
    }
    if find("npm").is_none() {
        bail!("npm is needed to {what}; install it (on Debian: nodejs and npm).");
    }
    step(what, Command::new("npm").args(["ci", "--silent"]).current_dir(&folder))?;
    fs::write(stamp, wanted)?;
    Ok(packages)
}

fn all_styles(patternfly: &Path) -> anyhow::Result<String> {
    let mut styles = read(&patternfly.join("patternfly-base.css"))?;
    for component in COMPONENTS {
        styles += &read(&patternfly.join("components").join(format!("{component}.css")))?;
    }
    Ok(styles)
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} is missing", file.display()))
}

/// Copies a file, unless it is there already: the desktop is built again when one changes.
fn put(from: &Path, to: &Path) -> anyhow::Result<()> {
    let wanted = fs::read(from).with_context(|| format!("{} is missing", from.display()))?;
    put_bytes(&wanted, to)
}

fn put_text(text: &str, to: &Path) -> anyhow::Result<()> {
    put_bytes(text.as_bytes(), to)
}

fn put_bytes(wanted: &[u8], to: &Path) -> anyhow::Result<()> {
    if fs::read(to).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    if let Some(directory) = to.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(to, wanted).with_context(|| format!("cannot write {}", to.display()))
}
