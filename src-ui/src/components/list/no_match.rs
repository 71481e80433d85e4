//! A list of which nothing is what was looked for: what may have been meant, and the way back to everything.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::id::EntityId;
use baton_protocol::list::View;
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::CorrectSearch;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct NoMatchProps {
    /// Of which entity.
    pub(crate) entity: EntityId,
    /// What the list was asked for.
    pub(crate) query: ListQuery,
    /// What it shows.
    pub(crate) view: Rc<View>,
    /// It shows something else.
    pub(crate) on_view: Callback<View>,
}

/// Nothing is found.
#[component]
pub(crate) fn NoMatch(props: &NoMatchProps) -> Html {
    let correction = use_correction(props.entity, &props.query);
    let all = on_change(props, |query| {
        query.filters.clear();
        query.search.clear();
    });
    let all = Action::new(t::list::show_all(), all);
    let search = props.view.query.search.trim();
    let title = match (search.is_empty(), props.view.query.filters.is_empty()) {
        (false, true) => t::list::nothing_contains(search),
        (false, false) => t::list::nothing_contains_filtered(search),
        (true, _) => t::list::no_record_is_like_that().to_owned(),
    };
    let (primary, secondaries) = match correction {
        Some(words) => {
            let label = t::list::search_instead_for(&words);
            let corrected = on_change(props, move |query| query.search.clone_from(&words));
            (Action::new(label, corrected), vec![all])
        }
        None => (all, Vec::new()),
    };
    html! {
        <div class="baton-no-match">
            <EmptyState {title} icon={Icon::Search} {primary} {secondaries} />
        </div>
    }
}

/// Shows the list with another query.
fn on_change(props: &NoMatchProps, change: impl Fn(&mut ListQuery) + 'static) -> Callback<()> {
    let (view, on_view) = (props.view.clone(), props.on_view.clone());
    Callback::from(move |()| {
        let mut view = (*view).clone();
        change(&mut view.query);
        on_view.emit(view);
    })
}

/// What may have been meant, as soon as the server has said so.
#[hook]
fn use_correction(entity: EntityId, query: &ListQuery) -> Option<String> {
    let found = use_state_eq(|| None::<(ListQuery, String)>);
    let set = found.setter();
    use_effect_with((entity, query.clone()), move |(entity, query)| {
        let (entity, query) = (*entity, query.clone());
        if query.search.trim().is_empty() {
            return;
        }
        spawn_local(async move {
            let asked = CorrectSearch {
                entity: Some(entity),
                query: query.clone(),
            };
            // Without the server nobody knows any.
            let found = backend::query(asked).await.unwrap_or_default();
            if let Some((_, words)) = found.into_iter().next() {
                set.set(Some((query, words)));
            }
        });
    });
    let (asked, words) = (*found).clone()?;
    (asked == *query).then_some(words)
}
