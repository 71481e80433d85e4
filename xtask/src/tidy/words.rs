//! Names that went: the field has a standard word for each, and nobody is to bring the old one back.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

use super::Source;

/// What is not to be a name any more, and what is said instead.
const GONE: [(&str, &str); 50] = [
    ("AHEAD", "PREFETCH_ROWS"),
    ("APART", "POSITION_GAP"),
    ("AROUND", "OVERSCAN"),
    ("Ask", "EditRequest"),
    ("AskView", "EditRequest"),
    ("COUNTED", "COUNT_LIMIT"),
    ("EditorView", "EditorSummary"),
    ("FAREWELL", "QUIT_TIMEOUT"),
    ("Fate", "Resolution"),
    ("FormView", "FormSnapshot"),
    ("HeldText", "PendingEdit"),
    ("KeepFile", "SettingsFile"),
    ("KeepView", "SaveView"),
    ("Keeper", "StoreTask"),
    ("Kept", "a name for what it is"),
    ("KeptText", "PendingEdit"),
    ("KeptTexts", "GetPendingEdits"),
    ("LAST_LOOK", "FINAL_READ_TIMEOUT"),
    ("MOST", "MAX_BATCH"),
    ("Occupancy", "Presence"),
    ("PATIENCE", "TIMEOUT"),
    ("Passing", "Transfer"),
    ("RecalledForm", "LoadedForm"),
    ("RecalledList", "LoadedList"),
    ("RememberedForm", "CachedForm"),
    ("RememberedList", "CachedList"),
    ("Removal", "DeletionKind"),
    ("RowEditing", "FormPresence"),
    ("SIDE_BY_SIDE", "CONCURRENCY"),
    ("TURN", "MAX_TRANSACTION"),
    ("Told", "a name for what it is"),
    ("Undiscard", "RestoreDraft"),
    ("Unfit", "ProtocolError"),
    ("Unmake", "RollbackImport"),
    ("ask_view", "edit_request_summary"),
    ("break_all", "disconnect_all"),
    ("came_or_went", "entity_deleted_or_restored"),
    ("check_unneeded", "ensure_unreferenced"),
    ("errand", "Request"),
    ("farewell", "deletion_message"),
    ("flows", "auto_merge"),
    ("held_ms", "reserved_ms"),
    ("held_until", "reserved_until"),
    ("labelled", "from_label"),
    ("needed_by", "find_reference"),
    ("of_text", "from_text"),
    ("put_behind", "move_after"),
    ("put_first", "promote"),
    ("unmake", "rollback_import"),
    ("unmake_unfinished", "rollback_open_imports"),
];

/// Names every place where a name that went is defined.
pub(super) fn check(source: &Source, wrong: &mut Vec<String>) {
    let mut names = Names::default();
    names.visit_file(&source.syntax);
    for (gone, instead) in GONE.iter().filter(|(gone, _)| names.0.contains(*gone)) {
        wrong.push(format!("{}: `{gone}` went; say `{instead}`", source.shown));
    }
}

/// What a style must not go by: these attributes hold words, which are others in another language.
const WORDED: [&str; 5] = ["[aria-label", "[data-label", "[title", "[placeholder", "[alt"];

/// Names every style that goes by words.
pub(super) fn check_styles(shown: &str, text: &str, wrong: &mut Vec<String>) {
    for (number, line) in text.lines().enumerate() {
        if let Some(worded) = WORDED.iter().find(|worded| line.contains(**worded)) {
            wrong.push(format!(
                "{shown}:{}: a style goes by {worded}], which is translated",
                number + 1
            ));
        }
    }
}

/// The names that a file has in it.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_ident(&mut self, name: &'ast proc_macro2::Ident) {
        self.0.insert(name.to_string());
        visit::visit_ident(self, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_that_goes_by_words_is_found() {
        let mut wrong = Vec::new();
        check_styles("a.css", "td:nth-child(2) {}\ntd[data-label=\"Role\"] {}", &mut wrong);
        assert_eq!(wrong, ["a.css:2: a style goes by [data-label], which is translated"]);
    }

    #[test]
    fn a_name_that_went_is_found_wherever_it_is() {
        let source = Source::parse("a.rs", "/// Of FormView.\nfn f(a: u8) { g(a.of_text()) }").expect("it is Rust");
        let mut wrong = Vec::new();
        check(&source, &mut wrong);
        assert_eq!(wrong, ["a.rs: `of_text` went; say `from_text`"]);
    }
}
