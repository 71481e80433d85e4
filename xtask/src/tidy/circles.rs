//! Modules that import each other in a circle.
//!
//! Looked for between modules of one parent, each with everything below it: a parent and its children know each other,
//! siblings only one way.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};

use super::Source;

/// A module's path below its crate.
type Module = Vec<String>;

/// Names every circle of a crate, whose sources are below `directory`.
pub(super) fn check(directory: &str, sources: &[Source], wrong: &mut Vec<String>) {
    let modules: BTreeMap<Module, &Source> = sources
        .iter()
        .filter_map(|source| Some((module_of(source.shown.strip_prefix(directory)?), source)))
        .collect();
    // Who imports whom, by their parent.
    let mut arrows: BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (from, source) in &modules {
        let mut imports = Imports {
            from,
            paths: Vec::new(),
        };
        imports.visit_file(&source.syntax);
        for path in imports.paths {
            let shared = from.iter().zip(&path).take_while(|(one, other)| one == other).count();
            let is_module = path.len() > shared && modules.keys().any(|module| module.starts_with(&path[..=shared]));
            if is_module && from.len() > shared {
                let siblings = arrows.entry(path[..shared].to_vec()).or_default();
                let to = siblings.entry(from[shared].clone()).or_default();
                to.insert(path[shared].clone());
            }
        }
    }
    for (parent, siblings) in arrows {
        for circle in circles(&siblings) {
            let parent = [directory.trim_end_matches("/src/"), &parent.join("::")].join(" ");
            wrong.push(format!(
                "{}: {} import each other",
                parent.trim_end(),
                circle.join(", ")
            ));
        }
    }
}

fn module_of(path: &str) -> Module {
    let mut module: Module = path.trim_end_matches(".rs").split('/').map(Into::into).collect();
    if module.last().is_some_and(|last| last == "main" || last == "lib") {
        module.pop();
    }
    module
}

/// The groups in which everybody reaches everybody.
fn circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = arrows
        .keys()
        .map(|from| {
            let mut reached = BTreeSet::new();
            let mut next: Vec<&String> = vec![from];
            while let Some(module) = next.pop() {
                let new = arrows
                    .get(module)
                    .into_iter()
                    .flatten()
                    .filter(|to| reached.insert(*to));
                next.extend(new);
            }
            (from, reached)
        })
        .collect();
    let mut groups = BTreeSet::new();
    for (from, to) in &reached {
        let back = |other: &&&String| reached.get(**other).is_some_and(|reached| reached.contains(from));
        let group: Vec<String> = to.iter().filter(back).map(|other| (*other).clone()).collect();
        if !group.is_empty() {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

/// What a module names of its crate, as full paths.
struct Imports<'a> {
    from: &'a Module,
    paths: Vec<Module>,
}

impl Imports<'_> {
    /// The full path of one that begins with `crate`, `self` or `super`.
    fn note(&mut self, segments: &[String]) {
        let mut path: Module = match segments.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("self" | "super") => self.from.clone(),
            _ => return,
        };
        for segment in segments {
            match segment.as_str() {
                "crate" | "self" => {}
                "super" => {
                    path.pop();
                }
                name => path.push(name.into()),
            }
        }
        self.paths.push(path);
    }

    fn note_tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.note_tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.note(&with(&name.ident)),
            syn::UseTree::Rename(rename) => self.note(&with(&rename.ident)),
            syn::UseTree::Glob(_) => self.note(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.note_tree(tree, before)),
        }
    }
}

impl<'ast> Visit<'ast> for Imports<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        // Tests may know everything.
        if module.ident != "tests" {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.note_tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.note(&segments);
        visit::visit_path(self, path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source::parse(path, text).expect("it is Rust"))
            .collect();
        let mut wrong = Vec::new();
        check("a/src/", &sources, &mut wrong);
        wrong
    }

    #[test]
    fn a_circle_of_siblings_is_found_and_children_are_their_parents() {
        let wrong = found(&[
            ("a/src/lib.rs", "mod b; mod c; mod d;"),
            ("a/src/b.rs", "use crate::c::{self, C};"),
            ("a/src/c.rs", "fn c() { crate::d::inner::d() }"),
            ("a/src/d.rs", "pub mod inner;"),
            ("a/src/d/inner.rs", "use super::super::b;"),
        ]);
        assert_eq!(wrong, ["a: b, c, d import each other"]);
    }

    #[test]
    fn a_parent_and_its_child_may_know_each_other() {
        let wrong = found(&[
            ("a/src/lib.rs", "mod b;"),
            ("a/src/b.rs", "mod c; use c::C; pub struct B;"),
            (
                "a/src/b/c.rs",
                "use super::B; use crate::b::B as A; #[cfg(test)] mod tests { use crate::d; }",
            ),
        ]);
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
