//! Whatever names a rule, a guarantee, a decision or a test names one that is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::{Source, files, shown};
use crate::build::root;

/// Names every reference that leads nowhere.
pub(super) fn check(sources: &[Source], wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let semantics = fs::read_to_string(root().join("docs/semantics.md")).context("docs/semantics.md is missing")?;
    let known = Known {
        anchors: between(&semantics, "<a id=\"", '"').collect(),
        decisions: decisions(&root().join("docs/decisions"))?,
    };
    for source in sources {
        known.check(&source.shown, &source.text, "//", wrong);
    }
    for (extension, prose) in [("md", ""), ("sql", "--"), ("toml", "#")] {
        for path in files(&root(), extension)? {
            known.check(&shown(&path), &fs::read_to_string(&path)?, prose, wrong);
        }
    }
    let mut claims = Vec::new();
    for line in semantics.lines().filter(|line| line.starts_with("Held by:")) {
        claims.extend(claimed(line));
    }
    for (name, file) in claims {
        let has_it = |source: &&Source| source.text.contains(&format!("fn {name}("));
        if !sources
            .iter()
            .filter(|source| source.shown == file)
            .any(|source| has_it(&source))
        {
            let found = sources.iter().find(has_it).map_or("nowhere", |source| &source.shown);
            wrong.push(format!(
                "docs/semantics.md: the test `{name}` is not in {file} but: {found}"
            ));
        }
    }
    Ok(())
}

/// The tests that a line names, each with the file that it names behind them.
fn claimed(line: &str) -> Vec<(&str, &str)> {
    let (mut claims, mut names) = (Vec::new(), Vec::new());
    for word in between(line, "`", '`') {
        if word.contains('/') {
            claims.extend(names.drain(..).map(|name| (name, word)));
        } else if word.contains('_') && !word.contains(['.', ':']) {
            names.push(word);
        }
    }
    claims.extend(names.into_iter().map(|name| (name, "any file")));
    claims
}

/// What stands between each `before` and the `after` that follows it.
fn between<'a>(text: &'a str, before: &'a str, after: char) -> impl Iterator<Item = &'a str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, from) = rest.split_once(before)?;
        let (found, behind) = from.split_once(after)?;
        rest = behind;
        Some(found)
    })
}

fn decisions(directory: &Path) -> anyhow::Result<BTreeSet<u32>> {
    let mut numbers = BTreeSet::new();
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        numbers.extend(name.split('-').next().and_then(|number| number.parse::<u32>().ok()));
    }
    Ok(numbers)
}

/// What can be named.
struct Known<'a> {
    anchors: BTreeSet<&'a str>,
    decisions: BTreeSet<u32>,
}

impl Known<'_> {
    /// Names what the prose of a file names and is not there; a line's prose begins with `prose`.
    fn check(&self, shown: &str, text: &str, prose: &str, wrong: &mut Vec<String>) {
        for (number, line) in text.lines().enumerate() {
            let Some(at) = line.find(prose) else { continue };
            for reference in self.missing(&line[at..]) {
                wrong.push(format!("{shown}:{}: {reference} is nowhere", number + 1));
            }
        }
    }

    /// What a line names that is not there.
    fn missing(&self, line: &str) -> Vec<String> {
        let mut missing = Vec::new();
        for (word, anchor) in [("semantics ", ""), ("seed row ", "row-"), ("seed rows ", "row-")] {
            for named in after(line, word) {
                for number in numbers(named).filter(|number| !self.anchors.contains(&*format!("{anchor}{number}"))) {
                    missing.push(format!("{word}{number}"));
                }
            }
        }
        for word in ["decision ", "decisions "] {
            for named in after(line, word) {
                let numbers = numbers(named).filter_map(|number| number.parse::<u32>().ok());
                let absent = numbers.filter(|number| !self.decisions.contains(number));
                missing.extend(absent.map(|number| format!("{word}{number}")));
            }
        }
        // A rule in brackets: (3.4), (4.2, 5.1).
        for named in after(line, "(") {
            let list: Vec<&str> = numbers(named).collect();
            let is_rule =
                |number: &&str| number.len() <= 4 && number.starts_with(|first: char| ('3'..='6').contains(&first));
            if list.iter().all(|number| number.contains('.')) && closes(named) {
                for number in list.into_iter().filter(is_rule) {
                    if !self.anchors.contains(number) {
                        missing.push(format!("({number})"));
                    }
                }
            }
        }
        for named in after(line, "G") {
            let digits: &str = &named[..named.bytes().take_while(u8::is_ascii_digit).count()];
            let whole = !named[digits.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_');
            if digits.len() == 1 && whole && stands_alone(line, named) && !self.anchors.contains(&*format!("g{digits}"))
            {
                missing.push(format!("G{digits}"));
            }
        }
        missing
    }
}

/// What follows each time that this stands in the line.
fn after<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(word).map(|(at, _)| &line[at + word.len()..])
}

/// Whether the letter before what `named` follows begins a word.
fn stands_alone(line: &str, named: &str) -> bool {
    let before = &line[..line.len() - named.len() - 1];
    !before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
}

/// Whether a bracket has nothing but numbers.
fn closes(named: &str) -> bool {
    let rest = named.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | ' '));
    rest.starts_with(')')
}

/// The numbers of a list at the beginning of a text: `3.3, 3.4 and 5`.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ',' | ' '))
        .unwrap_or(text.len());
    text[..end]
        .split([',', ' '])
        .map(|number| number.trim_matches('.'))
        .filter(|number| !number.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(line: &str) -> Vec<String> {
        let known = Known {
            anchors: ["3.4", "4.2", "row-17", "g3"].into(),
            decisions: [7].into(),
        };
        known.missing(line)
    }

    #[test]
    fn what_is_there_is_found() {
        for line in [
            "as said (3.4), by (4.2, 3.4)",
            "semantics 3.4, 4.2. More",
            "G3: seed row 17, decision 7",
            "GET, G12, PNG3, version (0.23), (512)",
        ] {
            assert!(missing(line).is_empty(), "{line}: {:?}", missing(line));
        }
    }

    #[test]
    fn a_test_is_claimed_of_the_file_behind_it() {
        let line = "Held by: `a_b`, `c_d` (`x/y.rs`: when); `e_f` (`z/w.rs`); `g_h`";
        assert_eq!(
            claimed(line),
            [
                ("a_b", "x/y.rs"),
                ("c_d", "x/y.rs"),
                ("e_f", "z/w.rs"),
                ("g_h", "any file")
            ]
        );
    }

    #[test]
    fn what_leads_nowhere_is_named() {
        let line = "(3.9) semantics 3.4, 7.1; G9, seed row 99, decision 8";
        assert_eq!(
            missing(line),
            ["semantics 7.1", "seed row 99", "decision 8", "(3.9)", "G9"]
        );
    }
}
