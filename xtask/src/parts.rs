//! Cuts the compiled UI into the part that every window needs and those that are loaded behind it (decision 045).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use wasm_split_cli_support::{Options, transform};

use crate::build::target;

/// Where the parts are, beside the first one, and the script by which it loads them.
pub(crate) const FOLDER: &str = "parts";
const LOADER: &str = "load.js";
const MAGIC_AND_VERSION: usize = 8;
const CUSTOM_SECTION: u8 = 0;

/// The files that the program was cut into.
pub(crate) struct Parts {
    /// What every window needs; its bindings are still to be made.
    pub(crate) first: PathBuf,
    /// All the others, and the script that loads them.
    pub(crate) others: Vec<PathBuf>,
}

/// Cuts `compiled` where its functions say so.
///
/// # Errors
/// If it was compiled without what refers to what, or a file cannot be written.
pub(crate) fn cut(compiled: &Path) -> anyhow::Result<Parts> {
    let directory = target().join("ui/cut");
    // What an earlier build was cut into may be something else.
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(directory.join(FOLDER))?;
    let program = fs::read(compiled).with_context(|| format!("{} is missing", compiled.display()))?;
    let first = directory.join("first.wasm");
    let loader = format!("./{FOLDER}/{LOADER}");
    let mut options = Options::new(&program);
    options.output_dir = &directory;
    options.main_out_path = &first;
    options.main_module = "../baton_ui.js";
    options.link_name = &loader;
    let cut = transform(options).map_err(|error| anyhow!("cannot cut the UI into parts: {error:#}"))?;
    let mut others = vec![directory.join(&loader)];
    for part in cut.split_modules {
        let bytes = without_names(&fs::read(&part)?).with_context(|| format!("{}", part.display()))?;
        fs::write(&part, bytes)?;
        others.push(part);
    }
    Ok(Parts { first, others })
}

/// A module without its custom sections: names of functions, which nobody reads in a window.
fn without_names(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (head, mut rest) = module.split_at_checked(MAGIC_AND_VERSION).context("no module")?;
    let mut kept = head.to_vec();
    while let Some(&id) = rest.first() {
        let (size, digits) = leb128(&rest[1..])?;
        let (section, after) = rest.split_at_checked(1 + digits + size).context("a cut off section")?;
        if id != CUSTOM_SECTION {
            kept.extend_from_slice(section);
        }
        rest = after;
    }
    Ok(kept)
}

/// A number as modules write sizes, and of how many bytes it is.
fn leb128(bytes: &[u8]) -> anyhow::Result<(usize, usize)> {
    let mut value = 0;
    for (digit, &byte) in bytes.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * digit);
        if byte & 0x80 == 0 {
            return Ok((value, digit + 1));
        }
    }
    bail!("a size that is no number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_and_everything_else_stays() {
        let head = b"\0asm\x01\0\0\0";
        let code = [10, 3, 1, 2, 3];
        let mut long = vec![11, 0x80, 0x01];
        long.extend([7; 128]);
        let names = [0, 4, 1, b'n', 9, 9];
        let module = [&head[..], &code, &names, &long, &names].concat();
        assert_eq!(without_names(&module).unwrap(), [&head[..], &code, &long].concat());
        assert!(without_names(&module[..module.len() - 1]).is_err());
        assert!(without_names(b"\0as").is_err());
    }
}
