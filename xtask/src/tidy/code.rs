//! What every file of Rust keeps to: its size, the size of its functions, no clock and no chance where a seed decides,
//! no sleep in a test.

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::Source;

/// A longer file has two purposes.
const MAX_FILE_LINES: usize = 500;

/// A longer function cannot be read at a glance.
const MAX_FUNCTION_LINES: usize = 75;

/// Names every file and function that is too long.
pub(super) fn check_sizes(source: &Source, wrong: &mut Vec<String>) {
    let Source { shown, text, syntax } = source;
    let lines = text.lines().count();
    if lines > MAX_FILE_LINES {
        wrong.push(format!("{shown} has {lines} lines; at most {MAX_FILE_LINES}"));
    }
    let mut functions = Functions::default();
    functions.visit_file(syntax);
    for (name, lines) in functions.long {
        wrong.push(format!(
            "{shown}: {name} has {lines} lines; at most {MAX_FUNCTION_LINES}"
        ));
    }
}

/// Names what a file does that it must not.
pub(super) fn check(source: &Source, wrong: &mut Vec<String>) {
    let Source { shown, text, .. } = source;
    if shown.starts_with("protocol/src") && (text.contains("Instant::now") || text.contains("SystemTime::now")) {
        wrong.push(format!("{shown} reads a clock"));
    }
    let simulated = (shown.starts_with("server/src") && !shown.ends_with("main.rs")) || shown.contains("/simulation/");
    if simulated && chooses_by_chance(text) {
        wrong.push(format!(
            "{shown} has a `select!` that is not `biased`: chance, not the seed, would decide a simulated history"
        ));
    }
    let sleeps = ["thread::sleep", "time::sleep"]
        .iter()
        .any(|sleep| text.contains(sleep));
    if shown.contains("/tests/") && sleeps && !text.contains("// Polls:") {
        wrong.push(format!("{shown} sleeps; wait for a condition instead"));
    }
}

/// The functions that are too long, with their lines.
#[derive(Default)]
struct Functions {
    long: Vec<(String, usize)>,
}

impl Functions {
    fn note(&mut self, name: &syn::Ident, body: Span) {
        let lines = body.end().line + 1 - body.start().line;
        if lines > MAX_FUNCTION_LINES {
            self.long.push((name.to_string(), lines));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.note(&function.sig.ident, function.block.span());
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.note(&function.sig.ident, function.block.span());
        visit::visit_impl_item_fn(self, function);
    }
}

/// Whether a `select!` begins with anything but `biased;`.
fn chooses_by_chance(text: &str) -> bool {
    let mut choices = text.split("select! {").skip(1);
    choices.any(|choice| {
        let mut code = choice.lines().map(str::trim);
        let first = code.find(|line| !line.is_empty() && !line.starts_with("//"));
        first != Some("biased;")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        check_sizes(&Source::parse("server/src/a.rs", text).expect("it is Rust"), &mut wrong);
        wrong
    }

    #[test]
    fn a_choice_that_is_left_to_chance_is_found() {
        assert!(chooses_by_chance("tokio::select! {\n    a = b => {}\n}"));
        assert!(!chooses_by_chance(
            "tokio::select! {\n    // Why.\n    biased;\n    a = b => {}\n}"
        ));
    }

    #[test]
    fn what_is_too_long_is_found() {
        let function = |lines: usize| format!("impl A {{\nfn b() {{\n{}}}\n}}\n", "c();\n".repeat(lines));
        assert!(found(&function(MAX_FUNCTION_LINES - 2)).is_empty());
        let found_function = found(&function(MAX_FUNCTION_LINES - 1));
        assert_eq!(found_function, ["server/src/a.rs: b has 76 lines; at most 75"]);
        let found_file = found(&"const A: u8 = 1;\n".repeat(501));
        assert_eq!(found_file, ["server/src/a.rs has 501 lines; at most 500"]);
    }
}
