//! Messages that nothing says any more.

use std::collections::HashSet;
use std::fs;

use anyhow::Context as _;

use super::Source;
use crate::build::root;

/// Names every message of the English files whose function is used nowhere.
pub(super) fn check(sources: &[Source], wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let used: HashSet<(&str, &str)> = sources.iter().flat_map(|source| paths(&source.text)).collect();
    let directory = root().join("locales/en");
    for file in fs::read_dir(&directory).with_context(|| format!("{} cannot be read", directory.display()))? {
        let path = file?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let module = stem.replace('-', "_");
        for name in names(&fs::read_to_string(&path)?) {
            if !used.contains(&(module.as_str(), name.replace('-', "_").as_str())) {
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

/// Each two names that `::` joins, the first and the second.
fn paths(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices("::").map(move |(at, joint)| {
        let (before, after) = (&text[..at], &text[at + joint.len()..]);
        let first = before.trim_end_matches(part).len();
        let second = after.find(|c| !part(c)).unwrap_or(after.len());
        (&before[first..], &after[..second])
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
        let says = |text| paths(text).any(|path| path == ("people", "name"));
        assert!(says("t::people::name()"));
        assert!(says("map(t::people::name)"));
        assert!(!says("t::people::name_of(x)"));
    }
}
