//! What the viewer can take back in a form: their own changes, one burst of typing at a time.

use std::collections::VecDeque;

use baton_protocol::field::Value;

/// How long a pause ends a burst of typing, in milliseconds.
const PAUSE: f64 = 1000.0;
/// How many steps are kept at most.
const MAX_STEPS: usize = 200;
/// How many bytes they hold at most.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// One burst of typing in one field.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Step {
    /// Which field.
    pub(crate) field: String,
    /// What it held before.
    pub(crate) before: Value,
    /// What it held after.
    pub(crate) after: Value,
    /// When it was typed into last, by the page's clock in milliseconds.
    at: f64,
}

/// The steps back and forth.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Undo {
    back: VecDeque<Step>,
    forth: Vec<Step>,
}

impl Undo {
    /// A field was changed by the viewer.
    pub(crate) fn note(&mut self, field: &str, before: &Value, after: &Value, now: f64) {
        self.forth.clear();
        let typed = is_a_letter(before.text(), after.text());
        match self.back.back_mut() {
            Some(last) if typed && last.field == field && last.after == *before && now - last.at < PAUSE => {
                last.after.clone_from(after);
                last.at = now;
            }
            _ => self.back.push_back(Step {
                field: field.to_owned(),
                before: before.clone(),
                after: after.clone(),
                // What is typed after more than a letter is a step of its own.
                at: if typed { now } else { f64::NEG_INFINITY },
            }),
        }
        let bytes = |step: &Step| step.before.bytes() + step.after.bytes();
        let mut all: usize = self.back.iter().map(bytes).sum();
        while self.back.len() > MAX_STEPS || (all > MAX_BYTES && self.back.len() > 1) {
            let Some(oldest) = self.back.pop_front() else { return };
            all -= bytes(&oldest);
        }
    }

    /// The change to take back; what it would take back must still be there.
    pub(crate) fn undo(&mut self, present: impl Fn(&str) -> Value) -> Option<Step> {
        let step = self.back.pop_back()?;
        if present(&step.field) != step.after {
            // Somebody else wrote there since: their words are not taken back.
            self.back.clear();
            self.forth.clear();
            return None;
        }
        self.forth.push(step.clone());
        Some(step)
    }

    /// The change to make again.
    pub(crate) fn redo(&mut self, present: impl Fn(&str) -> Value) -> Option<Step> {
        let mut step = self.forth.pop()?;
        if present(&step.field) != step.before {
            self.forth.clear();
            return None;
        }
        // What is typed next is a step of its own.
        step.at = f64::NEG_INFINITY;
        self.back.push_back(step.clone());
        Some(step)
    }
}

/// Whether no more than a letter came, went, or became another: anything larger was pasted, cut, or done by a tool.
fn is_a_letter(before: &str, after: &str) -> bool {
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = before
        .chars()
        .zip(after.chars())
        .take_while(same)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let (before, after) = (&before[start..], &after[start..]);
    let end: usize = before
        .chars()
        .rev()
        .zip(after.chars().rev())
        .take_while(same)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let is_short = |text: &str| text[..text.len() - end].chars().nth(1).is_none();
    is_short(before) && is_short(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::from_text(text)
    }

    fn typed(undo: &mut Undo, field: &str, words: &[&str], from: f64) {
        for (pair, number) in words.windows(2).zip(0u32..) {
            undo.note(field, &text(pair[0]), &text(pair[1]), from + f64::from(number) * 100.0);
        }
    }

    #[test]
    fn a_burst_of_typing_is_one_step_and_a_pause_or_another_field_begins_the_next() {
        let mut undo = Undo::default();
        typed(&mut undo, "title", &["", "a", "ab"], 0.0);
        typed(&mut undo, "title", &["ab", "abc"], 5000.0);
        typed(&mut undo, "note", &["", "x"], 5100.0);
        let held = |field: &str| text(if field == "note" { "x" } else { "abc" });
        let fields: Vec<_> = [(); 2]
            .iter()
            .filter_map(|()| undo.undo(held))
            .map(|step| (step.field, step.before))
            .collect();
        assert_eq!(
            fields,
            [("note".to_owned(), text("")), ("title".to_owned(), text("ab"))]
        );
        let first = undo.undo(|_| text("ab")).expect("one is left");
        assert_eq!(first.before, text(""));
        assert_eq!(undo.undo(|_| text("")), None);
        let again = undo.redo(|_| text("")).expect("it can be made again");
        assert_eq!(again.after, text("ab"));
    }

    #[test]
    fn what_is_pasted_or_done_by_a_tool_is_a_step_of_its_own() {
        let mut undo = Undo::default();
        typed(&mut undo, "words", &["", "a", "ab"], 0.0);
        typed(
            &mut undo,
            "words",
            &["ab", "ab pasted", "ab pasted!", "ab pasted!?"],
            200.0,
        );
        typed(&mut undo, "words", &["ab pasted!?", "<b>ab pasted!?</b>"], 500.0);
        let mut now = text("<b>ab pasted!?</b>");
        for before in ["ab pasted!?", "ab pasted", "ab", ""] {
            now = undo.undo(|_| now.clone()).expect("a step").before;
            assert_eq!(now, text(before));
        }
    }

    #[test]
    fn a_letter_is_one_whatever_it_is() {
        for (before, after, letter) in [
            ("", "é", true),
            ("aé", "aü", true),
            ("aa", "a", true),
            ("abc", "ac", true),
            ("a", "a日", true),
            ("a", "abc", false),
            ("ab", "ba", false),
        ] {
            assert_eq!(is_a_letter(before, after), letter, "{before} {after}");
        }
    }

    #[test]
    fn what_somebody_else_wrote_is_not_taken_back() {
        let mut undo = Undo::default();
        typed(&mut undo, "title", &["", "mine"], 0.0);
        assert_eq!(undo.undo(|_| text("theirs")), None);
        assert_eq!(undo.undo(|_| text("mine")), None, "nor later");
    }

    #[test]
    fn typing_ends_what_could_be_made_again_and_the_oldest_steps_go_first() {
        let mut undo = Undo::default();
        typed(&mut undo, "title", &["", "a"], 0.0);
        undo.undo(|_| text("a")).expect("one step");
        typed(&mut undo, "title", &["", "b"], 9000.0);
        assert_eq!(undo.redo(|_| text("b")), None);
        let long = "x".repeat(MAX_BYTES / 2);
        undo.note("note", &text(""), &text(&long), 20_000.0);
        undo.note("note", &text(&long), &text("y"), 30_000.0);
        undo.note("note", &text("y"), &text(&long), 40_000.0);
        assert!(undo.back.len() <= 3);
        assert!(undo.undo(|_| text(&long)).is_some(), "the last one is there");
    }
}
