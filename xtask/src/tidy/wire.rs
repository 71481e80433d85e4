//! The page about the protocol names what the protocol has.

use std::fs;

use anyhow::Context as _;

use super::files;
use crate::build::root;

/// `docs/protocol.md` names every message and every error code.
pub(super) fn check(wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let document = fs::read_to_string(root().join("docs/protocol.md")).context("docs/protocol.md is missing")?;
    let mut messages = fs::read_to_string(root().join("protocol/src/form/command.rs"))?;
    for file in files(&root().join("protocol/src/message"), "rs")? {
        messages.push_str(&fs::read_to_string(file)?);
    }
    let queries = fs::read_to_string(root().join("protocol/src/message/query.rs"))?;
    let mut examples = String::new();
    for file in files(&root().join("protocol/tests/snapshots"), "snap")? {
        examples.push_str(&fs::read_to_string(file)?);
    }
    let groups = ["ToServer", "FormCommand", "ToClient", "Answer", "Event", "Code"];
    let mut names: Vec<_> = groups.map(|group| (group, variants(&messages, group))).into();
    names.push(("the queries", rows(&queries)));
    for (group, variants) in names {
        anyhow::ensure!(!variants.is_empty(), "nothing is read of {group}");
        for variant in variants {
            let word = snake_case(&variant);
            if !document.contains(&format!("`{word}`")) {
                wrong.push(format!("docs/protocol.md does not name `{word}` of {group}"));
            }
            // Codes stand in refusals, which are an example of one.
            if group != "Code" && !examples.contains(&format!("\"{word}\"")) {
                wrong.push(format!("protocol/tests/wire has no example of `{word}` of {group}"));
            }
        }
    }
    Ok(())
}

/// The rows of the table of queries.
fn rows(source: &str) -> Vec<String> {
    let table = source.split("\nqueries! {\n").nth(1).unwrap_or_default();
    let table = table.split("\n}\n").next().unwrap_or_default();
    let row = |line: &str| {
        let name = line.strip_prefix("    ")?.split(" {").next()?;
        let is_name = name.starts_with(|first: char| first.is_ascii_uppercase());
        is_name.then(|| name.to_owned())
    };
    table.lines().filter_map(row).collect()
}

/// The variants of an enum, read from its source.
fn variants(source: &str, name: &str) -> Vec<String> {
    let Some(start) = source.find(&format!("pub enum {name} {{")) else {
        return Vec::new();
    };
    source[start..]
        .lines()
        .skip(1)
        .take_while(|line| *line != "}")
        .filter(|line| line.starts_with("    ") && !line.starts_with("     "))
        .map(|line| {
            line.trim()
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect::<String>()
        })
        .filter(|variant| variant.starts_with(|first: char| first.is_ascii_uppercase()))
        .collect()
}

fn snake_case(name: &str) -> String {
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_read_from_the_source() {
        let source = "pub enum Code {\n    /// Doc.\n    TooLarge,\n    Refused {\n        /// Why.\n        Why: u8,\n    },\n}\n";
        assert_eq!(variants(source, "Code"), ["TooLarge", "Refused"]);
        assert_eq!(snake_case("TooLarge"), "too_large");
        let source = "\nqueries! {\n    /// Doc.\n    GetRows {\n        before: RecordId,\n    } -> Vec<RecordRow>, Read;\n    GetPeople {} -> Vec<Account>, Read;\n}\n";
        assert_eq!(rows(source), ["GetRows", "GetPeople"]);
    }
}
