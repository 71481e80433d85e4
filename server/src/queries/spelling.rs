//! What somebody may have meant by a search that finds nothing.

use baton_protocol::id::EntityId;
use baton_protocol::list_query::{self, ListQuery};
use baton_protocol::message::{CorrectSearch, Problem};

use crate::app::App;
use crate::rights::SignedIn;

/// How many words are corrected at most: for each of them the words of all records are read.
const MAX_TYPED: usize = 4;
/// How many words are tried for each that is typed.
const WORDS: usize = 4;
/// How many searches are tried.
const SEARCHES: usize = 8;

/// The nearest search that finds something for whoever asks, in each entity where there is one: what others see does not
/// come up.
pub(crate) async fn correct(
    app: &App,
    viewer: &SignedIn,
    asked: CorrectSearch,
) -> Result<Vec<(EntityId, String)>, Problem> {
    let CorrectSearch { entity, query } = asked;
    let rights = viewer.rights();
    let entities = match entity {
        Some(entity) => vec![app.entity(rights, entity).await?.id],
        None => {
            let all = app.bus.definitions().all().into_iter();
            all.filter(|entity| entity.gone.is_none() && rights.sees(entity))
                .map(|entity| entity.id)
                .collect()
        }
    };
    let typed = list_query::words(&query.search);
    if typed.len() > MAX_TYPED {
        return Ok(Vec::new());
    }
    let mut choices = Vec::new();
    for typed in typed {
        let mut words = app.store.words_near(&typed, WORDS).await?;
        words.retain(|word| *word != typed);
        words.insert(0, typed);
        choices.push(words);
    }
    // The first is what was typed.
    let searches: Vec<String> = searches(&choices).iter().skip(1).map(|words| words.join(" ")).collect();
    let mut found = Vec::new();
    for entity in entities {
        for search in &searches {
            let query = ListQuery {
                search: search.clone(),
                ..query.clone()
            };
            if app.page(rights, entity, &query, None, (1, &[])).await?.total > 0 {
                found.push((entity, search.clone()));
                break;
            }
        }
    }
    Ok(found)
}

/// What was typed, which is the first choice of each word, and then at most [`SEARCHES`] other choices, the nearest first.
fn searches(choices: &[Vec<String>]) -> Vec<Vec<&str>> {
    let mut searches: Vec<(usize, Vec<&str>)> = vec![(0, Vec::new())];
    for words in choices {
        let longer = searches.iter().flat_map(|(cost, begun)| {
            words.iter().enumerate().map(move |(rank, word)| {
                let words = begun.iter().copied().chain([word.as_str()]).collect();
                (cost + rank, words)
            })
        });
        searches = longer.collect();
        searches.sort_by_key(|(cost, _)| *cost);
        searches.truncate(SEARCHES + 1);
    }
    searches.into_iter().map(|(_, words)| words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_tried_first_and_what_was_typed_before_all() {
        let choices = [vec!["blu", "blue"], vec!["lapm", "lamp", "lapel"]].map(|words| {
            let words: Vec<String> = words.into_iter().map(ToOwned::to_owned).collect();
            words
        });
        assert_eq!(
            searches(&choices),
            [
                ["blu", "lapm"],
                ["blu", "lamp"],
                ["blue", "lapm"],
                ["blu", "lapel"],
                ["blue", "lamp"],
                ["blue", "lapel"],
            ]
        );
        assert_eq!(searches(&[]), [Vec::<&str>::new()]);
        let many = vec![vec!["word".to_owned(); WORDS + 1]; 12];
        assert_eq!(searches(&many).len(), SEARCHES + 1);
    }
}
