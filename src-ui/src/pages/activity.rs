//! What changed, by whom and when, over everything that the reader may see.

use baton_locales::t;
use baton_protocol::activity::{Activity as Row, ActivityFilter, ActivityKind, ActivityPage};
use baton_protocol::desktop::CommandForm;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId};
use baton_protocol::message::{GetActivity, Problem};
use baton_protocol::rights::Right;
use gloo_timers::future::TimeoutFuture;
use gloo_utils::window;
use patternfly_yew::prelude::*;
use std::rc::Rc;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Loading, PageTitle, Select, UndoJob, use_toaster};
use crate::hooks::{SessionHandle, use_entities, use_session};
use crate::route::Route;
use crate::state::activity::ActivityRows;
use crate::state::entities::Entities;
use crate::{backend, format, words};

/// How much is read at once.
const PAGE: u32 = 50;
/// How often what is new is asked for while the page is shown, in milliseconds.
const AGAIN_MS: u32 = 4000;
/// Where it is remembered what its reader has seen.
const SEEN: &str = "activity-seen";

async fn read(filter: ActivityFilter, before: Option<u64>, after: Option<u64>) -> Result<ActivityPage, Problem> {
    let rows = PAGE;
    let query = GetActivity {
        filter,
        before,
        after,
        rows,
    };
    backend::query(query).await
}

type Loaded = Option<Result<Rc<ActivityRows>, Problem>>;

/// The page.
#[component]
pub(crate) fn Activity() -> Html {
    let session = use_session();
    let entities = use_entities();
    let (entity, own) = (use_state_eq(String::new), use_state_eq(|| false));
    let me = session
        .state()
        .and_then(|state| Some(state.account.as_ref()?.person.id));
    let filter = ActivityFilter {
        entity: Uuid::parse_str(&entity).ok().map(EntityId),
        person: me.filter(|_| *own),
    };
    let rows = use_rows(filter.clone(), session.live());
    let seen = use_seen(&rows);
    let older = {
        let rows = rows.clone();
        Callback::from(move |_: MouseEvent| {
            let Some(Ok(known)) = (*rows).clone() else { return };
            let (set, filter) = (rows.setter(), filter.clone());
            spawn_local(async move {
                // If it fails, what is there stays, and the button.
                if let Ok(page) = read(filter, known.next(), None).await {
                    set.set(Some(Ok(Rc::new(ActivityRows::clone(&known).then(page)))));
                }
            });
        })
    };
    let body = match &*rows {
        None => html! { <Loading /> },
        Some(Err(problem)) => {
            html! { <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} /> }
        }
        Some(Ok(rows)) if rows.rows().is_empty() && rows.next().is_none() => html! {
            <EmptyState title={t::activity::nothing_has_changed()} icon={Icon::Search}>
                { t::activity::what_appears_here() }
            </EmptyState>
        },
        Some(Ok(rows)) => html! {
            <>
                { list(rows, seen, &entities, &session) }
                if rows.next().is_some() {
                    <div class="baton-actions">
                        <Button id="older" variant={ButtonVariant::Secondary} disabled={!session.live()} onclick={older} label={t::activity::older()} />
                    </div>
                }
            </>
        },
    };
    html! {
        <>
            <PageSection>
                <PageTitle title={t::shell::activity()} />
                <p class="baton-quiet">{ t::activity::what_changed_and_who() }</p>
                <div class="baton-audit-filter">
                    <Select id="activity-collection" label={t::activity::collection()} value={(*entity).clone()} options={collections(&entities)}
                        on_choice={choose(&entity)} />
                    <Select id="activity-who" label={t::activity::who()} value={if *own { "own" } else { "" }} options={whose()} on_choice={
                        let own = own.setter();
                        Callback::from(move |word: String| own.set(word == "own"))
                    } />
                </div>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>{ body }</PageSection>
        </>
    }
}

fn choose(state: &UseStateHandle<String>) -> Callback<String> {
    let state = state.setter();
    Callback::from(move |word| state.set(word))
}

fn collections(entities: &Entities) -> Vec<(AttrValue, AttrValue)> {
    let all = entities.living().map(|row| {
        let name = row.entity.label_plural.clone();
        (row.entity.id.to_string().into(), name.into())
    });
    std::iter::once(("".into(), t::shell::all_collections().into()))
        .chain(all)
        .collect()
}

fn whose() -> Vec<(AttrValue, AttrValue)> {
    vec![
        ("".into(), t::activity::everybody().into()),
        ("own".into(), t::activity::only_me().into()),
    ]
}

/// What changed, with what is new again and again while the server is reached.
#[hook]
fn use_rows(filter: ActivityFilter, live: bool) -> UseStateHandle<Loaded> {
    let rows = use_state_eq(|| None as Loaded);
    let latest = use_mut_ref(|| None as Loaded);
    *latest.borrow_mut() = (*rows).clone();
    let set = rows.setter();
    use_effect_with((filter, live), move |(filter, live)| {
        let shown = Rc::new(());
        let (watch, filter, live) = (Rc::downgrade(&shown), filter.clone(), *live);
        spawn_local(async move {
            let mut first = true;
            while live && watch.strong_count() > 0 {
                let known = latest.borrow().clone().and_then(Result::ok).filter(|_| !first);
                let after = known.as_ref().map(|known| known.newest());
                let page = read(filter.clone(), None, after).await;
                if watch.strong_count() == 0 {
                    return;
                }
                // Older rows may have come meanwhile.
                let known = latest.borrow().clone().and_then(Result::ok).filter(|_| !first);
                let now = match (known, page) {
                    (Some(known), Ok(page)) => Ok(Rc::new(ActivityRows::clone(&known).refreshed(page))),
                    (Some(known), Err(_)) => Ok(known),
                    (None, page) => page.map(|page| Rc::new(ActivityRows::new(page))),
                };
                first = false;
                set.set(Some(now));
                TimeoutFuture::new(AGAIN_MS).await;
            }
        });
        move || drop(shown)
    });
    rows
}

/// The number of the last thing that the reader saw here before; what is shown now is seen from the next time on.
#[hook]
fn use_seen(rows: &Loaded) -> Option<u64> {
    let seen = use_memo((), |()| {
        let storage = window().local_storage().ok().flatten()?;
        storage.get_item(SEEN).ok().flatten()?.parse::<u64>().ok()
    });
    let newest = rows.as_ref().and_then(|rows| Some(rows.as_ref().ok()?.newest()));
    use_effect_with(newest, |newest| {
        if let (Some(newest), Ok(Some(storage))) = (newest, window().local_storage()) {
            let before = storage.get_item(SEEN).ok().flatten().and_then(|seen| seen.parse().ok());
            let newest = before.map_or(*newest, |before: u64| before.max(*newest));
            // Without storage there is no line between old and new.
            storage.set_item(SEEN, &newest.to_string()).ok();
        }
    });
    *seen
}

fn list(rows: &ActivityRows, seen: Option<u64>, entities: &Entities, session: &SessionHandle) -> Html {
    let all = rows.rows();
    let row = |(index, row): (usize, &Row)| {
        let before = index.checked_sub(1).and_then(|index| all.get(index));
        let day = format::day(row.at);
        let new_day = before.is_none_or(|before| format::day(before.at) != day);
        let is_seen = |row: &Row| seen.is_some_and(|seen| row.number <= seen);
        let line = is_seen(row) && before.is_some_and(|before| !is_seen(before));
        html! {
            <>
                if line {
                    <li class="baton-activity-line" id="seen-before"><span>{ t::activity::since_you_were_here() }</span></li>
                }
                if new_day {
                    <li class="baton-activity-day"><h2>{ day }</h2></li>
                }
                <ActivityRow key={row.number} row={row.clone()} entities={entity_words(entities, row)}
                    can_restore={rows.is_still_gone(row) && session.may(Right::to_edit(row.form, row.entity))} />
            </>
        }
    };
    html! { <ol class="baton-activity" aria-label={t::shell::activity()}>{ for all.iter().enumerate().map(row) }</ol> }
}

/// What a row's collection is called, and the fields that were changed.
fn entity_words(entities: &Entities, row: &Row) -> (String, Vec<String>) {
    let entity = entities
        .living()
        .find(|one| one.entity.id == row.entity)
        .map(|one| &one.entity);
    let collection = entity.map(|entity| entity.label_plural.clone()).unwrap_or_default();
    let label = |name: &String| {
        let field = entity.and_then(|entity| baton_protocol::schema::field(row.form.kind, entity, name));
        field.map_or_else(|| name.clone(), |field| field.label)
    };
    let fields = match &row.what {
        ActivityKind::Saved { fields, .. } => fields.iter().map(label).collect(),
        ActivityKind::Removed(_) | ActivityKind::Restored | ActivityKind::Job { .. } => Vec::new(),
    };
    (collection, fields)
}

#[derive(Clone, PartialEq, Properties)]
struct ActivityRowProps {
    row: Row,
    /// The collection's name, and those of the fields that were changed.
    entities: (String, Vec<String>),
    can_restore: bool,
}

#[component]
fn ActivityRow(props: &ActivityRowProps) -> Html {
    let ActivityRowProps {
        row,
        entities: (collection, fields),
        can_restore,
    } = props;
    let toaster = use_toaster();
    let restore = {
        let form: FormKey = row.form;
        Callback::from(move |_: MouseEvent| {
            let toaster = toaster.clone();
            let refused = Callback::from(move |problem: Problem| {
                if let Some(toaster) = &toaster {
                    toaster.failed("restore", problem.message.to_string());
                }
            });
            let command = FormCommand::Restore;
            backend::send(CommandForm { form, command }, refused);
        })
    };
    let to = match row.form.kind {
        FormKind::Entity if matches!(row.what, ActivityKind::Job { .. }) => Route::records(row.entity),
        FormKind::Record => Route::record(row.entity, RecordId(row.form.id)),
        FormKind::Entity => Route::Definition { entity: row.form.id },
    };
    let link = html! { <Link<Route> {to}>{ format::title(&row.title).to_owned() }</Link<Route>> };
    html! {
        <li class="baton-activity-row" data-activity={row.number.to_string()} data-title={row.title.clone()}>
            <span class="baton-quiet baton-activity-time">{ format::time(row.at) }</span>
            <span class="baton-avatar" aria-hidden="true">{ format::initials(&row.by.name) }</span>
            <div>
                <p>
                    <strong>{ &row.by.name }</strong>
                    { " " }
                    { words::with_link(&words::activity(&row.what, row.form.kind, words::LINK), link) }
                    if row.form.kind == FormKind::Record && !collection.is_empty() {
                        <span class="baton-quiet">{ " " }{ t::activity::in_collection(collection) }</span>
                    }
                </p>
                if !fields.is_empty() {
                    <p class="baton-quiet">{ fields.join(", ") }</p>
                }
            </div>
            if let ActivityKind::Job { job, undoable: records @ 1.., .. } = &row.what {
                <UndoJob job={*job} entity={row.entity} records={*records} />
            }
            if *can_restore {
                <Button class="baton-restore" variant={ButtonVariant::Link} onclick={restore} label={t::common::restore()} />
            }
        </li>
    }
}
