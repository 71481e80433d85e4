//! Links to records: what is linked, and a search for what could be.

use std::collections::BTreeMap;
use std::rc::Rc;

use baton_locales::t;
use baton_protocol::field::{Operator, Value};
use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::list_query::{Filter, ListQuery};
use baton_protocol::message::{GetPage, GetTitles};
use baton_protocol::record::RecordRow;
use baton_protocol::rights::Right;
use baton_protocol::values::TITLE;
use gloo_timers::callback::Timeout;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::FieldInputProps;
use crate::components::NewLinkedRecord;
use crate::hooks::{use_live, use_session};
use crate::plain::plain;
use crate::route::Route;
use crate::{backend, format};

/// How many records are offered at once.
const OFFERED: usize = 8;
/// Out of so many: those that begin with what is typed come first.
const RANKED: u32 = 24;
/// How long the search waits for the next letter, in milliseconds.
const WAIT: u32 = 120;

/// What some records are called; nothing while it is asked.
#[hook]
fn use_titles(items: &[String]) -> Rc<BTreeMap<String, String>> {
    let titles = use_state(|| Rc::new(BTreeMap::new()));
    let set = titles.setter();
    // What could not be asked is asked again when the server is back.
    let live = use_live();
    use_effect_with((items.to_vec(), live), move |(items, _)| {
        let records: Vec<RecordId> = items
            .iter()
            .filter_map(|item| Uuid::try_parse(item).ok().map(RecordId))
            .collect();
        if !records.is_empty() {
            spawn_local(async move {
                let query = GetTitles {
                    records: records.clone(),
                };
                if let Ok(found) = backend::query(query).await {
                    let mut known: BTreeMap<String, String> = records
                        .iter()
                        .map(|id| (id.to_string(), t::field::not_there_any_more().to_owned()))
                        .collect();
                    let named = |(id, title): (RecordId, String)| (id.to_string(), format::title(&title).to_owned());
                    known.extend(found.into_iter().map(named));
                    set.set(Rc::new(known));
                }
            });
        }
    });
    Rc::clone(&titles)
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordTitlesProps {
    /// The ids of the records.
    pub(crate) items: Vec<String>,
}

/// What linked records are called, for a list's cell.
#[component]
pub(crate) fn RecordTitles(props: &RecordTitlesProps) -> Html {
    let titles = use_titles(&props.items);
    let names: Vec<&str> = props
        .items
        .iter()
        .map(|item| titles.get(item).map_or("…", String::as_str))
        .collect();
    html! { <>{ names.join(", ") }</> }
}

/// The input.
#[component]
pub(super) fn Relation(props: &FieldInputProps) -> Html {
    let items = props.value.items().to_vec();
    let titles = use_titles(&items);
    let remove = |item: &String| {
        let rest: Vec<String> = items.iter().filter(|other| *other != item).cloned().collect();
        props
            .on_input
            .reform(move |_: MouseEvent| Value::from_items(rest.clone()))
    };
    let add = {
        let (items, many) = (items.clone(), props.field.many);
        props.on_input.reform(move |item: String| {
            let mut items = if many { items.clone() } else { Vec::new() };
            if !items.contains(&item) {
                items.push(item);
            }
            Value::from_items(items)
        })
    };
    html! {
        <div class="baton-relation" data-relation={props.field.name.clone()}>
            <ul class="baton-chips">
                { for items.iter().map(|item| {
                    let title = titles.get(item).cloned().unwrap_or_else(|| "…".into());
                    html! {
                        <li key={item.clone()} class="baton-chip" data-linked={title.clone()}>
                            { linked(props.field.target, item, &title) }
                            if props.can_edit {
                                <button type="button" aria-label={t::field::remove_the_link_to(&title)} onclick={remove(item)}>
                                    <i class="fas fa-times" aria-hidden="true" />
                                </button>
                            }
                        </li>
                    }
                }) }
                if items.is_empty() && !props.can_edit {
                    <li class="baton-quiet">{ t::field::no_record_is_linked() }</li>
                }
            </ul>
            if let (true, Some(target)) = (props.can_edit, props.field.target) {
                <Finder id={props.id.clone()} {target} label={props.field.label.clone()}
                    field={props.field.name.clone()} on_pick={add} />
            }
        </div>
    }
}

/// What a linked record is called, and the way to it.
fn linked(target: Option<EntityId>, item: &str, title: &str) -> Html {
    match (target, Uuid::try_parse(item)) {
        (Some(target), Ok(record)) => html! {
            <Link<Route> to={Route::record(target, RecordId(record))}>{ title }</Link<Route>>
        },
        (None, _) | (_, Err(_)) => html! { <span>{ title }</span> },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FinderProps {
    id: String,
    target: EntityId,
    label: String,
    /// The field's name.
    field: String,
    on_pick: Callback<String>,
}

/// What was found, and for which letters.
type Found = (Option<String>, Rc<Vec<RecordRow>>);

/// The records whose titles contain the letters, a moment after the last one was typed.
#[hook]
fn use_found(text: &str, open: bool, target: EntityId) -> UseStateHandle<Found> {
    let found = use_state(|| (None, Rc::default()));
    {
        let found = found.setter();
        use_effect_with((text.to_owned(), open, target), move |(text, open, target)| {
            let (search, entity) = (text.clone(), *target);
            let timer = open.then(|| {
                Timeout::new(WAIT, move || {
                    spawn_local(async move {
                        // By its title: a search of everything would find too much.
                        let title = Filter::new(TITLE, Operator::Contains, Value::from_text(search.trim()));
                        let query = ListQuery {
                            filters: if search.trim().is_empty() {
                                Vec::new()
                            } else {
                                vec![title]
                            },
                            ..ListQuery::default()
                        };
                        let query = GetPage {
                            entity,
                            query,
                            after: None,
                            rows: RANKED,
                            ids: Vec::new(),
                        };
                        if let Ok(mut page) = backend::query(query).await {
                            let typed = plain(&search);
                            page.rows.sort_by_key(|row| !plain(&row.title).starts_with(&typed));
                            page.rows.truncate(OFFERED);
                            found.set((Some(search), Rc::new(page.rows)));
                        }
                    });
                })
            });
            move || drop(timer)
        });
    }
    found
}

fn found_row(list: &str, index: usize, row: &RecordRow, current: bool, pick: &Callback<RecordId>) -> Html {
    let id = row.id;
    let onmousedown = {
        let pick = pick.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            pick.emit(id);
        })
    };
    html! {
        <li key={id.to_string()} id={format!("{list}-{index}")} role="option" aria-selected={current.to_string()}
            class={classes!(current.then_some("baton-here"))} data-option={row.title.clone()} {onmousedown}>
            { format::title(&row.title) }
        </li>
    }
}

/// What is typed names no record: it can be made.
struct Creating {
    /// Begins; none where there is nothing to make, or nobody may.
    begin: Option<Callback<()>>,
    /// What is asked of the new record.
    dialog: Html,
}

#[hook]
fn use_creating(target: EntityId, title: &str, rows: &[RecordRow], pick: &Callback<RecordId>) -> Creating {
    let creating = use_state_eq(|| None::<String>);
    let may_create = use_session().may(Right::Edit(target));
    let is_new = !title.is_empty() && rows.iter().all(|row| row.title != title);
    let begin = (may_create && is_new).then(|| {
        let (creating, title) = (creating.setter(), title.to_owned());
        Callback::from(move |()| creating.set(Some(title.clone())))
    });
    let stop = {
        let creating = creating.setter();
        Callback::from(move |()| creating.set(None))
    };
    let made = {
        let (stop, pick) = (stop.clone(), pick.clone());
        Callback::from(move |id: RecordId| {
            stop.emit(());
            pick.emit(id);
        })
    };
    let dialog = match &*creating {
        None => Html::default(),
        Some(title) => html! { <NewLinkedRecord {target} title={title.clone()} on_made={made} on_cancel={stop} /> },
    };
    Creating { begin, dialog }
}

/// What the keys do in the list of what was found.
#[derive(Clone)]
struct Keys {
    at: UseStateHandle<usize>,
    open: UseStateHandle<bool>,
    /// None while the answer is to earlier letters: another record may stand at its place.
    found: Option<Rc<Vec<RecordRow>>>,
    pick: Callback<RecordId>,
    begin: Option<Callback<()>>,
}

impl Keys {
    fn press(&self, event: &KeyboardEvent) {
        let Self { at, open, .. } = self;
        let rows = self.found.as_ref().map_or(0, |found| found.len());
        let last = (rows + usize::from(self.begin.is_some())).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => {
                open.set(true);
                at.set((**at + 1).min(last));
            }
            "ArrowUp" => at.set(at.saturating_sub(1)),
            "Enter" => match (self.found.as_ref().filter(|_| **open), &self.begin) {
                (Some(found), _) if **at < found.len() => self.pick.emit(found[**at].id),
                (Some(_), Some(begin)) => begin.emit(()),
                (Some(_), None) | (None, _) => {}
            },
            "Escape" if **open => open.set(false),
            _ => return,
        }
        event.prevent_default();
    }
}

/// Finds a record as it is typed; arrows choose, Enter takes. What is not there can be made.
#[component]
fn Finder(props: &FinderProps) -> Html {
    let text = use_state_eq(String::new);
    let open = use_state_eq(|| false);
    let found = use_found(&text, *open, props.target);
    let at = use_state_eq(|| 0usize);
    let pick = {
        let (text, open, on_pick) = (text.setter(), open.setter(), props.on_pick.clone());
        Callback::from(move |id: RecordId| {
            on_pick.emit(id.to_string());
            text.set(String::new());
            open.set(false);
        })
    };
    let title = text.trim().to_owned();
    let is_current = found.0.as_ref() == Some(&*text);
    let Creating { begin, dialog } = use_creating(props.target, &title, &found.1, &pick);
    let begin = begin.filter(|_| is_current);
    let keys = Keys {
        at: at.clone(),
        open: open.clone(),
        found: is_current.then(|| Rc::clone(&found.1)),
        pick: pick.clone(),
        begin: begin.clone(),
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| keys.press(&event));
    let oninput = {
        let (text, open, at) = (text.setter(), open.setter(), at.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                text.set(input.value());
                open.set(true);
                at.set(0);
            }
        })
    };
    let show = |now: bool| {
        let open = open.setter();
        Callback::from(move |_: FocusEvent| open.set(now))
    };
    let list = format!("{}-found", props.id);
    let marks = *open && (!found.1.is_empty() || begin.is_some());
    html! {
        <div class="baton-finder">
            { dialog }
            <span class="pf-v6-c-form-control">
                <input id={props.id.clone()} data-field={props.field.clone()} type="text" role="combobox" autocomplete="off" value={(*text).clone()}
                    placeholder={t::field::search_for_a_record_to_link()} aria-label={t::field::find_a_record_for(&props.label)}
                    aria-expanded={open.to_string()} aria-controls={list.clone()} aria-autocomplete="list"
                    aria-activedescendant={marks.then(|| format!("{list}-{}", *at))}
                    {oninput} {onkeydown} onfocus={show(true)} onblur={show(false)} />
            </span>
            <ul class="baton-found" id={list.clone()} role="listbox" aria-label={t::field::records()} hidden={!*open}>
                { for found.1.iter().enumerate().map(|(index, row)| found_row(&list, index, row, index == *at, &pick)) }
                { ending(&list, &found.1, &title, *at, begin) }
            </ul>
        </div>
    }
}

/// What stands below the records that were found: a way to make the one that is named, or that there is none.
fn ending(list: &str, found: &[RecordRow], title: &str, at: usize, begin: Option<Callback<()>>) -> Html {
    let Some(begin) = begin else {
        return if found.is_empty() {
            html! { <li class="baton-quiet" role="option" aria-selected="false">{ t::field::nothing_found() }</li> }
        } else {
            Html::default()
        };
    };
    let current = at >= found.len();
    let onmousedown = Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        begin.emit(());
    });
    html! {
        <li id={format!("{list}-{}", found.len())} role="option" aria-selected={current.to_string()}
            class={classes!("baton-create-linked", current.then_some("baton-here"))} data-create={title.to_owned()} {onmousedown}>
            <i class="fas fa-plus" aria-hidden="true" />
            { t::field::create_titled(title) }
        </li>
    }
}
