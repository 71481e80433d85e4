//! Everything by its name: Ctrl+K, a few letters, Enter.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::desktop::{InstallUpdate, NewWindow, UpdateState};
use baton_protocol::entity::{Entity, EntityStatus};
use baton_protocol::id::RecordId;
use baton_protocol::list_query::{ListQuery, words};
use baton_protocol::message::{CorrectSearch, GetPage};
use baton_protocol::rights::Right;
use futures_util::future::join_all;
use gloo_timers::callback::Timeout;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::components::use_unsaved_work;
use crate::format::{self, icon_of};
use crate::hooks::{SessionHandle, use_entities, use_first_focus, use_session};
use crate::plain::plain;
use crate::route::Route;

/// How many records of one entity are offered.
const OF_EACH: usize = 4;
/// Out of so many: those that begin with what is typed come first.
const RANKED: u32 = 24;
/// How long the search waits for the next letter, in milliseconds.
const WAIT: u32 = 120;

/// Something that can be chosen.
#[derive(Clone, PartialEq)]
struct Entry {
    icon: String,
    label: String,
    /// What it is one of.
    kind: String,
    does: Does,
}

#[derive(Clone, PartialEq)]
enum Does {
    Go(Route),
    OpenWindow,
    Update,
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PaletteProps {
    /// It is closed.
    pub(crate) on_close: Callback<()>,
}

/// The palette.
#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let text = use_state_eq(String::new);
    let at = use_state_eq(|| 0usize);
    // Whether Enter was pressed before anything was found: then what comes first is meant.
    let entered = use_state_eq(|| false);
    let input = use_node_ref();
    use_first_focus(input.clone());
    let Entries {
        entries,
        searching,
        similar,
    } = use_entries(&text);
    let last = entries.len().saturating_sub(1);
    let now = (*at).min(last);
    use_effect_with(now, |now| show(*now));
    let choose = use_choose(&props.on_close);
    use_entered(&entries, &entered, searching, &choose);
    let onkeydown = {
        let (at, on_close, choose) = (at.clone(), props.on_close.clone(), choose.clone());
        let (chosen, entered) = (entries.get(now).map(|entry| entry.does.clone()), entered.setter());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => at.set((now + 1).min(last)),
                "ArrowUp" => at.set(now.saturating_sub(1)),
                "Enter" => match &chosen {
                    Some(does) => choose.emit(does.clone()),
                    None => entered.set(true),
                },
                "Escape" => on_close.emit(()),
                // There is nothing else in it to go to.
                "Tab" => {}
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let oninput = {
        let (text, at, entered) = (text.setter(), at.setter(), entered.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                text.set(input.value());
                at.set(0);
                entered.set(false);
            }
        })
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    let stay = Callback::from(|event: MouseEvent| event.stop_propagation());
    html! {
        <div class="baton-veil baton-high" onmousedown={close}>
            <div class="baton-palette" role="dialog" aria-modal="true" aria-label={t::shell::find_anything()} onmousedown={stay} {onkeydown}>
                <span class="pf-v6-c-form-control">
                    <input id="palette" ref={input} type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" autocomplete="off"
                        aria-label={t::shell::find_hint()} placeholder={t::shell::find_hint()}
                        aria-activedescendant={format!("palette-{now}")} value={(*text).clone()} {oninput} />
                </span>
                if similar {
                    <p class="baton-quiet baton-palette-note" role="status">{ t::shell::only_similar(text.trim()) }</p>
                }
                <ul id="palette-list" role="listbox" aria-label={t::shell::what_was_found()}>
                    { for entries.iter().enumerate().map(|(index, entry)| option(index, entry, index == now, &choose)) }
                    if entries.is_empty() {
                        <li class="baton-quiet" role="option" aria-selected="false">
                            { if searching { t::shell::searching() } else { t::shell::nothing_found() } }
                        </li>
                    }
                </ul>
            </div>
        </div>
    }
}

/// What there is to choose from.
struct Entries {
    entries: Vec<Entry>,
    /// Whether more may come.
    searching: bool,
    /// Whether nothing is what was typed, and these are only near it.
    similar: bool,
}

/// Everything that the text finds, what is at hand first.
#[hook]
fn use_entries(text: &str) -> Entries {
    let entities = use_entities();
    let session = use_session();
    let known: Vec<Rc<Entity>> = entities.living().map(|row| Rc::new((*row.entity).clone())).collect();
    let found = use_found_records(text, &known);
    let work = use_unsaved_work();
    let mut entries: Vec<Entry> = work
        .into_iter()
        .map(|work| Entry {
            icon: "pencil-alt".into(),
            label: work.title,
            kind: t::shell::unsaved_of(&work.kind),
            does: Does::Go(work.route),
        })
        .collect();
    entries.extend(commands(&known, &session));
    if let Some(UpdateState::Ready { .. }) = session.state().map(|state| &state.update) {
        entries.push(Entry {
            icon: "sync".into(),
            label: t::shell::restart_and_update().into(),
            kind: t::shell::command().into(),
            does: Does::Update,
        });
    }
    let wanted = words(&plain(text));
    entries.retain(|entry| {
        let label = plain(&entry.label);
        wanted
            .iter()
            .all(|word| label.split(' ').any(|part| part.starts_with(word.as_str())))
    });
    let searching = found.is_none() || entities.rows.is_none();
    // What is only near does not come before a command that is what was typed.
    let shown = found.filter(|found| !found.similar || entries.is_empty());
    let similar = shown.as_ref().is_some_and(|found| found.similar);
    let records = shown.iter().flat_map(|found| found.records.iter()).cloned();
    let wanted = wanted.join(" ");
    // What is called so comes before what only has the words somewhere, and what is looked for mostly is a record.
    let begins = |entry: &Entry| !wanted.is_empty() && plain(&entry.label).starts_with(&wanted);
    let (called, others): (Vec<Entry>, Vec<Entry>) = records.partition(begins);
    let (first, commands): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(begins);
    let entries = [first, called, others, commands].into_iter().flatten().collect();
    Entries {
        entries,
        searching,
        similar,
    }
}

/// Does what was chosen, and closes.
#[hook]
fn use_choose(on_close: &Callback<()>) -> Callback<Does> {
    let (navigator, on_close) = (use_navigator(), on_close.clone());
    Callback::from(move |does: Does| {
        on_close.emit(());
        match (does, &navigator) {
            (Does::Go(route), Some(navigator)) => navigator.push(&route),
            (Does::Go(_), None) => {}
            (Does::OpenWindow, _) => backend::send_quietly(NewWindow { page: None }),
            (Does::Update, _) => backend::send_quietly(InstallUpdate {}),
        }
    })
}

/// Chooses what comes first if Enter was pressed before anything was found.
#[hook]
fn use_entered(entries: &[Entry], entered: &UseStateHandle<bool>, searching: bool, choose: &Callback<Does>) {
    let (choose, set) = (choose.clone(), entered.setter());
    let first = entries.first().map(|entry| entry.does.clone());
    use_effect_with(
        (**entered, first, searching),
        move |(entered, first, searching)| match first {
            Some(does) if *entered => choose.emit(does.clone()),
            Some(_) => {}
            None if *searching => {}
            None => set.set(false),
        },
    );
}

/// Scrolls an entry into sight.
fn show(entry: usize) {
    let entry = gloo_utils::document().get_element_by_id(&format!("palette-{entry}"));
    if let Some(entry) = entry {
        let seen = ScrollIntoViewOptions::new();
        seen.set_block(ScrollLogicalPosition::Nearest);
        entry.scroll_into_view_with_scroll_into_view_options(&seen);
    }
}

fn option(index: usize, entry: &Entry, chosen: bool, choose: &Callback<Does>) -> Html {
    let does = entry.does.clone();
    html! {
        <li key={index} id={format!("palette-{index}")} role="option" aria-selected={chosen.to_string()}
            data-entry={entry.label.clone()} onclick={choose.reform(move |_: MouseEvent| does.clone())}>
            <i class={format!("fas fa-{}", entry.icon)} aria-hidden="true" />
            <span>{ &entry.label }</span>
            <span class="baton-push" />
            <span class="baton-quiet">{ &entry.kind }</span>
        </li>
    }
}

fn commands(entities: &[Rc<Entity>], session: &SessionHandle) -> Vec<Entry> {
    let mut entries: Vec<Entry> = entities
        .iter()
        .flat_map(|entity| of_collection(entity, session))
        .collect();
    entries.extend(of_everybody());
    if session.is_admin() {
        entries.extend(of_admins());
    }
    entries.push(Entry {
        icon: "window-restore".into(),
        label: t::shell::new_window().into(),
        kind: t::shell::command().into(),
        does: Does::OpenWindow,
    });
    entries
}

fn go(icon: &str, label: impl Into<String>, kind: &str, route: Route) -> Entry {
    Entry {
        icon: icon.into(),
        label: label.into(),
        kind: kind.into(),
        does: Does::Go(route),
    }
}

fn of_collection(entity: &Entity, session: &SessionHandle) -> Vec<Entry> {
    let (id, many, kind) = (entity.id.0, &entity.label_plural, t::shell::command());
    let list = Route::records(entity.id);
    let mut entries = vec![go(icon_of(entity), many, t::shell::collection(), list)];
    if session.may(Right::Edit(entity.id)) && entity.status == EntityStatus::Published {
        let (new, import) = (t::shell::new_of(&entity.label), t::shell::import_into(many));
        let blank = Route::record(entity.id, RecordId(Uuid::now_v7()));
        entries.push(go("plus", new, kind, blank));
        entries.push(go("file-import", import, kind, Route::Import { entity: id }));
    }
    let (bin, definition) = (t::shell::archive_and_bin_of(many), t::shell::definition_of(many));
    entries.push(go("trash", bin, kind, Route::Bin { entity: id }));
    entries.push(go("sliders-h", definition, kind, Route::Definition { entity: id }));
    entries
}

fn of_everybody() -> [Entry; 5] {
    [
        ("th-large", t::shell::all_collections(), Route::Entities),
        ("stream", t::shell::activity(), Route::Activity),
        ("user", t::shell::my_account(), Route::Account),
        ("plug", t::shell::connection(), Route::Connection),
        ("info-circle", t::shell::about_this_installation(), Route::Installation),
    ]
    .map(|(icon, label, route)| go(icon, label, t::shell::command(), route))
}

fn of_admins() -> [Entry; 5] {
    let new = Route::Definition { entity: Uuid::now_v7() };
    [
        ("plus", t::shell::new_collection(), new),
        ("user-cog", t::shell::people(), Route::People),
        ("users", t::shell::groups(), Route::Groups),
        ("signal", t::shell::live(), Route::Live),
        ("history", t::shell::audit(), Route::Audit),
    ]
    .map(|(icon, label, route)| go(icon, label, t::shell::command(), route))
}

/// The records that were found.
#[derive(Clone, PartialEq, Default)]
struct Found {
    records: Vec<Entry>,
    /// Whether nothing is what was typed, and these are only near it.
    similar: bool,
}

/// The records of all entities that the words are found in, or words that are near them; none while they are looked for.
#[hook]
fn use_found_records(text: &str, entities: &[Rc<Entity>]) -> Option<Rc<Found>> {
    let found = use_state(|| (String::new(), Rc::new(Found::default())));
    let turn = use_mut_ref(|| 0u64);
    let set = found.setter();
    let entities: Vec<Rc<Entity>> = entities.to_vec();
    // An entity that comes later is searched, too.
    use_effect_with((text.to_owned(), entities.len()), move |(text, _)| {
        *turn.borrow_mut() += 1;
        let mine = *turn.borrow();
        let search = text.clone();
        let timer = Timeout::new(WAIT, move || {
            spawn_local(async move {
                let mut all = Found::default();
                if !words(&search).is_empty() {
                    let found = join_all(entities.iter().map(|entity| of_entity(entity, &search))).await;
                    all.records = found.into_iter().flatten().collect();
                    // Of what was typed since nobody wants to know what else it could have been.
                    if all.records.is_empty() && *turn.borrow() == mine {
                        all.records = near(&entities, &search).await;
                        all.similar = !all.records.is_empty();
                    }
                }
                // What was typed since is asked by itself.
                if *turn.borrow() == mine {
                    set.set((search, Rc::new(all)));
                }
            });
        });
        move || drop(timer)
    });
    // What was found for earlier letters may be chosen by none.
    (found.0 == text).then(|| Rc::clone(&found.1))
}

/// The records that words are found in which are near those of the search.
async fn near(entities: &[Rc<Entity>], search: &str) -> Vec<Entry> {
    let query = ListQuery {
        search: search.into(),
        ..ListQuery::default()
    };
    // Without the server nobody knows any.
    let corrected = backend::query(CorrectSearch { entity: None, query })
        .await
        .unwrap_or_default();
    let found = corrected.iter().filter_map(|(id, search)| {
        let entity = entities.iter().find(|entity| entity.id == *id)?;
        Some(of_entity(entity, search))
    });
    join_all(found).await.into_iter().flatten().collect()
}

async fn of_entity(entity: &Entity, search: &str) -> Vec<Entry> {
    let query = GetPage {
        entity: entity.id,
        query: ListQuery {
            search: search.into(),
            ..ListQuery::default()
        },
        after: None,
        rows: RANKED,
        ids: Vec::new(),
    };
    let Ok(page) = backend::query(query).await else {
        return Vec::new();
    };
    let entry = |row: baton_protocol::record::RecordRow| Entry {
        icon: icon_of(entity).into(),
        label: format::title(&row.title).into(),
        kind: entity.label.clone(),
        does: Does::Go(Route::record(entity.id, row.id)),
    };
    let typed = plain(search);
    let mut rows = page.rows;
    rows.sort_by_key(|row| !plain(&row.title).starts_with(&typed));
    rows.into_iter().take(OF_EACH).map(entry).collect()
}
