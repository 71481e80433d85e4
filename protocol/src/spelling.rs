//! What somebody may have meant by a word that nothing is found by.

use std::cmp::Reverse;

/// The shortest word that is guessed at, in characters: of shorter ones too many are near.
const MIN_CHARS: usize = 4;
/// From this length on two letters may be wrong.
const LONG: usize = 8;
/// Of longer words nothing is guessed, in characters.
const MAX_CHARS: usize = 40;

/// The words among these that are near a typed one, which is the beginning of a word: the nearest first, of two as near
/// the one that is used more often. Each comes with how often it is used. All are folded, as searches compare them.
#[must_use]
pub fn nearest(typed: &str, words: impl IntoIterator<Item = (String, u64)>, limit: usize) -> Vec<String> {
    let typed: Vec<char> = typed.chars().collect();
    let Some(tolerance) = tolerance(&typed) else {
        return Vec::new();
    };
    let mut near: Vec<(Distance, Reverse<u64>, String)> = Vec::new();
    for (word, used) in words {
        let distance = distance(&typed, &word.chars().take(MAX_CHARS).collect::<Vec<_>>());
        if distance.of_beginning <= tolerance {
            near.push((distance, Reverse(used), word));
        }
    }
    near.sort();
    near.into_iter().take(limit).map(|(.., word)| word).collect()
}

/// The letters that a word begins with which is near this one: its own first one, or the second, where the first is one
/// too many or they changed places. Empty for a word that is not guessed at.
#[must_use]
pub fn first_letters(typed: &str) -> Vec<char> {
    let typed: Vec<char> = typed.chars().collect();
    if tolerance(&typed).is_none() {
        return Vec::new();
    }
    let mut letters: Vec<char> = typed.into_iter().take(2).collect();
    letters.dedup();
    letters
}

/// How many letters may be wrong; `None` for what is not guessed at: a short word, or a number, of which no other is meant.
fn tolerance(typed: &[char]) -> Option<usize> {
    let is_word = typed.iter().all(|letter| letter.is_alphabetic());
    match typed.len() {
        MIN_CHARS..LONG if is_word => Some(1),
        LONG..=MAX_CHARS if is_word => Some(2),
        _ => None,
    }
}

/// How many letters are wrong, missing, one too many, or have changed places with their neighbour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Distance {
    /// Between what is typed and the nearest beginning of the word.
    of_beginning: usize,
    /// Between what is typed and the whole word.
    of_whole: usize,
}

fn distance(typed: &[char], word: &[char]) -> Distance {
    // Rows of the optimal string alignment: of what is typed without its last letters, against each beginning of the word.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=word.len()).collect();
    for (row, letter) in typed.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, other) in word.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != other);
            let mut least = replaced.min(last[column + 1] + 1).min(now[column] + 1);
            if row > 0 && column > 0 && typed[row - 1] == *other && word[column - 1] == *letter {
                least = least.min(before[column - 1] + 1);
            }
            now.push(least);
        }
        before = std::mem::replace(&mut last, now);
    }
    Distance {
        of_beginning: last.iter().copied().min().unwrap_or_default(),
        of_whole: last.last().copied().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(typed: &str, words: &[&str]) -> Vec<String> {
        nearest(typed, words.iter().map(|word| ((*word).to_owned(), 1)), 10)
    }

    #[test]
    fn one_letter_may_be_wrong_and_two_of_a_long_word() {
        for typed in [
            "laptpo", "lpatop", "lapto", "laptoop", "lajtop", "laptopp", "aptop", "laptip",
        ] {
            assert_eq!(near(typed, &["laptop", "printer", "lamp"]), ["laptop"], "{typed}");
        }
        assert_eq!(near("lpatpo", &["laptop"]), Vec::<String>::new());
        assert_eq!(near("equipmnet", &["equipment"]), ["equipment"]);
        assert_eq!(near("equpmnet", &["equipment", "equal"]), ["equipment"]);
        // A beginning, too: whoever types has not come to the end.
        assert_eq!(near("eqiupm", &["equipment"]), ["equipment"]);
    }

    #[test]
    fn short_words_and_numbers_are_not_guessed_at() {
        for typed in ["", "lam", "1000", "com1000", &"x".repeat(MAX_CHARS + 1)] {
            assert_eq!(
                near(typed, &["lamp", "1001", "com1001", "laptop"]),
                Vec::<String>::new()
            );
            assert_eq!(first_letters(typed), Vec::<char>::new());
        }
    }

    #[test]
    fn the_nearest_comes_first_then_what_is_used_more() {
        let words = [("lamps", 1), ("lampe", 9), ("lamp", 2), ("lump", 50)];
        let words = words.map(|(word, used)| (word.to_owned(), used));
        assert_eq!(nearest("lamp", words, 3), ["lamp", "lampe", "lamps"]);
    }

    proptest! {
        #[test]
        fn a_word_with_one_fault_is_near_itself_and_found_by_its_first_letters(
            word in "[a-z]{5,12}", at in 0usize..12, other in "[a-z]", kind in 0..4,
        ) {
            let mut letters: Vec<char> = word.chars().collect();
            // A first letter that is another one altogether, or that is missing, is the one fault that is not looked for.
            let at = 1 + at % (letters.len() - 1);
            match kind {
                0 => letters[at] = other.chars().next().unwrap_or('x'),
                1 => drop(letters.remove(at)),
                2 => letters.insert(at, other.chars().next().unwrap_or('x')),
                _ => letters.swap(at - 1, at),
            }
            let typed: String = letters.into_iter().collect();
            prop_assert_eq!(near(&typed, &[&word]), [word.clone()]);
            prop_assert!(first_letters(&typed).contains(&word.chars().next().unwrap_or_default()));
        }

        #[test]
        fn any_two_words_have_a_distance(typed in ".{0,50}", word in ".{0,50}") {
            near(&typed, &[&word]);
        }
    }
}
