//! Messages that nothing says any more.

use std::fs;

use anyhow::Context as _;

use super::Source;
use crate::build::root;

/// Names every message of the English files whose function is used nowhere.
pub(super) fn check(sources: &[Source], wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let directory = root().join("locales/en");
    for file in fs::read_dir(&directory).with_context(|| format!("{} cannot be read", directory.display()))? {
        let path = file?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let module = stem.replace('-', "_");
        for name in names(&fs::read_to_string(&path)?) {
            let function = format!("{module}::{}", name.replace('-', "_"));
            if !sources.iter().any(|source| says(&source.text, &function)) {
                wrong.push(format!("locales/en/{stem}.ftl: nothing says {name}"));
            }
        }
    }
    Ok(())
}

fn names(text: &str) -> Vec<&str> {
    let begins = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
    let lines = text.lines().filter(begins);
    lines.filter_map(|line| Some(line.split_once(" =")?.0)).collect()
}

/// Whether the path stands there whole, and not as the beginning of a longer one.
fn says(text: &str, function: &str) -> bool {
    text.match_indices(function).any(|(at, found)| {
        let next = text[at + found.len()..].chars().next();
        next.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_used_only_by_its_whole_name() {
        assert_eq!(
            names("name = Name\nlong =\n    { $a ->\n        [one] b\n    }\n# not =\n"),
            ["name", "long"]
        );
        assert!(says("t::people::name()", "people::name"));
        assert!(says("map(t::people::name)", "people::name"));
        assert!(!says("t::people::name_of(x)", "people::name"));
    }
}
