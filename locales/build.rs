//! Makes a function of each message of `en`, and one table of patterns a language. A message that a language lacks, an
//! argument that English does not have, and whatever else would be wrong at run time, ends the build with a sentence.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Variant, VariantKey};

/// English first: it says which messages there are, and with which arguments.
const LANGUAGES: [&str; 3] = ["en", "de", "ar"];

/// The messages of a language by file and name.
type Catalogue = BTreeMap<(String, String), Message<String>>;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for language in LANGUAGES {
        println!("cargo::rerun-if-changed={language}");
    }
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let (messages, texts) = generate().unwrap_or_else(|wrong| panic!("{wrong}"));
    fs::write(out.join("messages.rs"), messages).expect("cargo made the directory");
    fs::write(out.join("texts.rs"), texts).expect("cargo made the directory");
}

/// The code of `t` and of `say`.
fn generate() -> Result<(String, String), String> {
    let catalogues = LANGUAGES.map(read);
    let mut tables = Vec::new();
    let mut signatures = BTreeMap::new();
    for (language, catalogue) in LANGUAGES.into_iter().zip(catalogues) {
        let catalogue = catalogue?;
        if language == LANGUAGES[0] {
            for (key, message) in &catalogue {
                let mut arguments = Vec::new();
                collect(value(message)?, &mut arguments)?;
                signatures.insert(key.clone(), arguments);
            }
        }
        tables.push(table(language, &catalogue, &signatures)?);
    }
    let mut code = functions(&signatures, &tables[0], words_now);
    let texts = functions(&signatures, &tables[0], text);
    write_names(&mut code, &signatures);
    for (language, table) in LANGUAGES.into_iter().zip(&tables) {
        let _ = writeln!(
            code,
            "pub(crate) static {}: [&str; {}] = {table:?};",
            language.to_uppercase(),
            table.len()
        );
    }
    Ok((code, texts))
}

/// The messages in the files of one language.
fn read(language: &str) -> Result<Catalogue, String> {
    let mut catalogue = Catalogue::new();
    let files = fs::read_dir(language).map_err(|error| format!("{language}: {error}"))?;
    for file in files {
        let path = file.map_err(|error| error.to_string())?.path();
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let resource =
            fluent_syntax::parser::parse(text).map_err(|(_, errors)| format!("{}: {errors:?}", path.display()))?;
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    let key = (stem(&path), message.id.name.clone());
                    if catalogue.insert(key.clone(), message).is_some() {
                        return Err(format!("{}: {} is there twice", path.display(), key.1));
                    }
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                Entry::Term(term) => return Err(format!("{}: no terms, please: {}", path.display(), term.id.name)),
                Entry::Junk { content } => return Err(format!("{}: unreadable: {content}", path.display())),
            }
        }
    }
    Ok(catalogue)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn value(message: &Message<String>) -> Result<&Pattern<String>, String> {
    let name = &message.id.name;
    if !message.attributes.is_empty() {
        return Err(format!("{name}: no attributes, please"));
    }
    message.value.as_ref().ok_or_else(|| format!("{name} says nothing"))
}

/// The names of what is put into a pattern, in the order in which they stand in it.
fn collect(pattern: &Pattern<String>, names: &mut Vec<String>) -> Result<(), String> {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        if literal(expression).is_some() {
            continue;
        }
        let (argument, variants) = parts(expression)?;
        if !names.iter().any(|known| known == argument) {
            names.push(argument.to_owned());
        }
        for variant in variants {
            collect(&variant.value, names)?;
        }
    }
    Ok(())
}

/// Text in quotation marks, which may be empty or begin with a space.
fn literal(expression: &Expression<String>) -> Option<&str> {
    let Expression::Inline(InlineExpression::StringLiteral { value }) = expression else {
        return None;
    };
    Some(value)
}

/// What is put in, and between what it chooses.
fn parts(expression: &Expression<String>) -> Result<(&str, &[Variant<String>]), String> {
    let (inline, variants) = match expression {
        Expression::Inline(inline) => (inline, [].as_slice()),
        Expression::Select { selector, variants } => (selector, variants.as_slice()),
    };
    let InlineExpression::VariableReference { id } = inline else {
        return Err(format!("only arguments can be put in: {inline:?}"));
    };
    Ok((&id.name, variants))
}

/// The patterns of a language, in the order of the signatures.
fn table(
    language: &str,
    catalogue: &Catalogue,
    signatures: &BTreeMap<(String, String), Vec<String>>,
) -> Result<Vec<String>, String> {
    if let Some((file, name)) = catalogue.keys().find(|key| !signatures.contains_key(*key)) {
        return Err(format!("{language}/{file}.ftl: English has no message {name}"));
    }
    let mut missing = Vec::new();
    let mut patterns = Vec::new();
    for (key, arguments) in signatures {
        match catalogue.get(key) {
            Some(message) => {
                let place = |wrong: String| format!("{language}/{}.ftl: {}: {wrong}", key.0, key.1);
                let mut text = String::new();
                encode(value(message).map_err(place)?, arguments, &mut text).map_err(place)?;
                patterns.push(text);
            }
            None => missing.push(format!("{}.ftl: {}", key.0, key.1)),
        }
    }
    if missing.is_empty() {
        Ok(patterns)
    } else {
        Err(format!("{language} lacks {}: {}", missing.len(), missing.join(", ")))
    }
}

/// A pattern as `baton_locales::pattern` reads it: `{0}` for the first argument, `{0?one=a day|*={0} days}` for a choice.
fn encode(pattern: &Pattern<String>, arguments: &[String], text: &mut String) -> Result<(), String> {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } if value.contains(['{', '}', '|']) => {
                return Err("no braces and no bars, please".into());
            }
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable { expression } if literal(expression).is_some() => {
                text.push_str(literal(expression).unwrap_or_default());
            }
            PatternElement::Placeable { expression } => {
                let (argument, variants) = parts(expression)?;
                let index = arguments
                    .iter()
                    .position(|known| known == argument)
                    .ok_or_else(|| format!("English has no argument {argument}"))?;
                let _ = write!(text, "{{{index}");
                for (place, variant) in variants.iter().enumerate() {
                    let key = match (&variant.key, variant.default) {
                        (_, true) => "*",
                        (VariantKey::Identifier { name }, false) => name,
                        (VariantKey::NumberLiteral { value }, false) => value,
                    };
                    let _ = write!(text, "{}{key}=", if place == 0 { '?' } else { '|' });
                    encode(&variant.value, arguments, text)?;
                }
                text.push('}');
            }
        }
    }
    Ok(())
}

/// A module for each file, and in it a function for each message.
fn functions(
    signatures: &BTreeMap<(String, String), Vec<String>>,
    english: &[String],
    body: impl Fn(usize, &[String]) -> (&'static str, String),
) -> String {
    let mut code = String::new();
    let mut module = "";
    for (index, ((file, name), arguments)) in signatures.iter().enumerate() {
        if file != module {
            let end = if module.is_empty() { "" } else { "}\n" };
            let _ = writeln!(
                code,
                "{end}/// The messages of `{file}.ftl`.\npub mod {} {{",
                file.replace('-', "_")
            );
            module = file;
        }
        let names: Vec<String> = arguments.iter().map(|name| name.replace('-', "_")).collect();
        let list: Vec<String> = names
            .iter()
            .map(|name| format!("{name}: impl Into<crate::Arg<'a>>"))
            .collect();
        let lifetime = if list.is_empty() { "" } else { "<'a>" };
        let (returns, body) = body(index, &names);
        let function = name.replace('-', "_");
        let _ = writeln!(code, "/// {:?}", english[index]);
        let _ = writeln!(
            code,
            "#[must_use] pub fn {function}{lifetime}({}) -> {returns} {{ {body} }}",
            list.join(", ")
        );
    }
    code + "}\n"
}

/// The words of the language that is spoken.
fn words_now(index: usize, names: &[String]) -> (&'static str, String) {
    if names.is_empty() {
        return ("&'static str", format!("crate::text({index})"));
    }
    ("String", format!("crate::fill({index}, &[{}])", given(names)))
}

/// What is put into words where it is read.
fn text(index: usize, names: &[String]) -> (&'static str, String) {
    (
        "crate::Text",
        format!("crate::Text::new({index}, vec![{}])", given(names)),
    )
}

fn given(names: &[String]) -> String {
    let given: Vec<String> = names.iter().map(|name| format!("{name}.into()")).collect();
    given.join(", ")
}

/// Each message's name with those of its arguments.
fn write_names(code: &mut String, signatures: &BTreeMap<(String, String), Vec<String>>) {
    let _ = writeln!(
        code,
        "pub(crate) static NAMES: [(&str, &[&str]); {}] = [",
        signatures.len()
    );
    for ((file, name), arguments) in signatures {
        let _ = writeln!(code, "({:?}, &{arguments:?}),", format!("{file}-{name}"));
    }
    code.push_str("];\n");
}
