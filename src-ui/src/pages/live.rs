//! Who is connected, and which forms are open, at this moment; for admins (semantics 7.3).

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::form::EditorSummary;
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId, SignInId, UserId};
use baton_protocol::live::{ConnectionId, Live as LiveSnapshot, LiveSession, OpenForm, Page, Sample};
use baton_protocol::message::{EndSignIn, ReleasePlace};
use baton_protocol::person::Person;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Loading, MessageDialog, PageTitle, use_toaster};
use crate::hooks::{use_entities, use_live_state, use_session};
use crate::route::Route;
use crate::state::entities::Entities;
use crate::{backend, format, words};

/// What an admin does from here.
#[derive(Clone, PartialEq)]
enum What {
    /// Ends a sign-in.
    End(SignInId),
    /// Writes a message.
    Write(Person),
    /// Ends the place that waits for somebody who is away.
    Release(FormKey, UserId),
}

/// The page.
#[component]
pub(crate) fn Live() -> Html {
    let live = use_session().live();
    let state = use_live_state();
    let writes_to = use_state_eq(|| None::<Person>);
    let toaster = use_toaster();
    let act = {
        let writes_to = writes_to.setter();
        Callback::from(move |what: What| {
            let toaster = toaster.clone();
            let writes_to = writes_to.clone();
            spawn_local(async move {
                let done = match what {
                    What::Write(person) => return writes_to.set(Some(person)),
                    What::End(sign_in) => backend::query(EndSignIn { sign_in }).await,
                    What::Release(form, person) => backend::query(ReleasePlace { form, person }).await,
                };
                if let (Err(problem), Some(toaster)) = (done, toaster) {
                    toaster.failed("live", problem.message.to_string());
                }
            });
        })
    };
    let close = {
        let writes_to = writes_to.setter();
        Callback::from(move |()| writes_to.set(None))
    };
    html! {
        <>
            <PageSection>
                <PageTitle title={t::shell::live()} />
                <p class="baton-quiet">{ t::live::who_is_connected() }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                { match (&state.live, &state.problem) {
                    (Some(snapshot), _) => html! { <Panels snapshot={Rc::clone(snapshot)} {live} {act} /> },
                    (None, None) => html! { <Loading /> },
                    (None, Some(problem)) => html! {
                        <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} />
                    },
                } }
            </PageSection>
            if let Some(to) = &*writes_to {
                <MessageDialog to={to.clone()} on_close={close} />
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PanelsProps {
    snapshot: Rc<LiveSnapshot>,
    live: bool,
    act: Callback<What>,
}

#[component]
fn Panels(props: &PanelsProps) -> Html {
    let PanelsProps { snapshot, live, act } = props;
    let now = snapshot.now;
    let figure = |id: &'static str, number: usize, name: &str| {
        html! {
            <div class="baton-figure" {id}>
                <strong>{ number }</strong>
                <span class="baton-quiet">{ name }</span>
            </div>
        }
    };
    html! {
        <>
            <div class="baton-panel baton-figures">
                { figure("live-people", snapshot.people, t::live::people()) }
                { figure("live-signed-in", now.signed_in, t::live::signed_in()) }
                { figure("live-anonymous", now.connected.saturating_sub(now.signed_in), t::live::not_signed_in()) }
                { figure("live-forms", snapshot.open_forms, t::live::open_forms_figure()) }
                { plot(&snapshot.hour, now) }
            </div>
            <Forms forms={snapshot.forms.clone()} all={snapshot.open_forms} live={*live} act={act.clone()} />
            <Shown pages={snapshot.pages.clone()} />
            <h2 class="pf-v6-c-title pf-m-md baton-next">{ t::live::connections() }</h2>
            { cut_off(snapshot.sessions.len(), now.connected, t::live::newest_are_listed) }
            <Sessions sessions={snapshot.sessions.clone()} own={snapshot.own} live={*live} act={act.clone()} />
        </>
    }
}

/// That a table has not everything, if so.
fn cut_off(listed: usize, all: usize, words: impl Fn(usize, usize) -> String) -> Html {
    if listed >= all {
        return Html::default();
    }
    html! { <p class="baton-quiet">{ words(listed, all) }</p> }
}

#[derive(Clone, PartialEq, Properties)]
struct ShownProps {
    pages: Vec<(Page, usize)>,
}

/// What is shown by how many.
#[component]
fn Shown(props: &ShownProps) -> Html {
    let entities = use_entities();
    html! {
        <>
            <h2 class="pf-v6-c-title pf-m-md baton-next">{ t::live::what_is_shown() }</h2>
            <ul class="baton-shown" id="live-pages">
                { for props.pages.iter().map(|(page, count)| html! {
                    <li>
                        <span>{ words::page(*page, |entity| collection(&entities, entity)) }</span>
                        <span class="baton-count">{ *count }</span>
                    </li>
                }) }
            </ul>
        </>
    }
}

/// What a collection is called, if it is known.
fn collection(entities: &Entities, entity: EntityId) -> String {
    let known = entities.rows.iter().flatten().find(|row| row.entity.id == entity);
    known.map_or_else(
        || t::live::a_collection().to_owned(),
        |row| row.entity.label_plural.clone(),
    )
}

/// The last hour as a line, the present at its end.
fn plot(hour: &[Sample], now: Sample) -> Html {
    const WIDTH: f64 = 240.0;
    const HEIGHT: f64 = 48.0;
    let counts: Vec<usize> = hour.iter().chain([&now]).map(|sample| sample.connected).collect();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts of connections")]
    let place = |(number, count): (usize, &usize)| {
        let x = WIDTH * number as f64 / (counts.len().max(2) - 1) as f64;
        let y = HEIGHT - 2.0 - (HEIGHT - 4.0) * *count as f64 / most as f64;
        format!("{x:.1},{y:.1}")
    };
    let points: Vec<String> = counts.iter().enumerate().map(place).collect();
    let about = t::live::connections_over_the_hour(most);
    html! {
        <figure class="baton-plot">
            <svg viewBox="0 0 240 48" preserveAspectRatio="none" role="img" aria-label={about}>
                <polyline points={points.join(" ")} />
            </svg>
            <figcaption class="baton-quiet">{ t::live::last_hour(most) }</figcaption>
        </figure>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormsProps {
    forms: Vec<OpenForm>,
    /// How many there are in all.
    all: usize,
    live: bool,
    act: Callback<What>,
}

/// The forms that are open, each with its owner and who waits.
#[component]
fn Forms(props: &FormsProps) -> Html {
    if props.forms.is_empty() {
        return html! { <p class="baton-quiet baton-next">{ t::live::no_form_is_open() }</p> };
    }
    let row = |open: &OpenForm| {
        let to = match open.form.kind {
            FormKind::Record => Route::record(open.entity, RecordId(open.form.id)),
            FormKind::Entity => Route::Definition { entity: open.form.id },
        };
        let title = format::title(&open.title);
        let unnamed = open.places.saturating_sub(open.editors.len());
        let more = (unnamed > 0).then(|| t::live::more_editors(unnamed));
        let waits = open
            .editors
            .iter()
            .skip(1)
            .map(editor)
            .chain(more)
            .collect::<Vec<_>>()
            .join(", ");
        let away = open.editors.iter().filter(|editor| editor.reserved_ms.is_some());
        let release = |editor: &EditorSummary| {
            let (form, person) = (open.form, editor.person.id);
            let onclick = props.act.reform(move |_: MouseEvent| What::Release(form, person));
            let about = t::live::release_the_place_of(&editor.person.name);
            html! {
                <Button variant={ButtonVariant::Link} disabled={!props.live} {onclick} aria_label={about}
                    label={t::live::release_place()} />
            }
        };
        let since = open.draft_since.map(|at| t::live::since_when(format::moment(at)));
        let authors: Vec<&str> = open.authors.iter().map(|author| author.name.as_str()).collect();
        html! {
            <tr class="pf-v6-c-table__tr" key={open.form.to_string()} data-open={open.title.clone()}>
                <td class="pf-v6-c-table__td" data-label={t::live::form()}><Link<Route> {to}>{ title }</Link<Route>></td>
                <td class="pf-v6-c-table__td" data-label={t::live::edits()}>{ open.editors.first().map(editor) }</td>
                <td class="pf-v6-c-table__td" data-label={t::live::in_line()}>{ waits }</td>
                <td class="pf-v6-c-table__td" data-label={t::live::look_on()}>{ (open.viewers > 0).then_some(open.viewers) }</td>
                <td class="pf-v6-c-table__td" data-label={t::live::draft_of()} title={since}>{ authors.join(", ") }</td>
                <td class="pf-v6-c-table__td baton-row-action">{ for away.map(release) }</td>
            </tr>
        }
    };
    html! {
        <>
            <h2 class="pf-v6-c-title pf-m-md baton-next">{ t::live::open_forms() }</h2>
            { cut_off(props.forms.len(), props.all, t::live::some_are_listed) }
            { table(("baton-open-forms", t::live::open_forms()), &[t::live::form(), t::live::edits(), t::live::in_line(), t::live::look_on(), t::live::draft_of(), ""], props.forms.iter().map(row).collect()) }
        </>
    }
}

/// An editor, and for how long their place is held if they are away.
fn editor(editor: &EditorSummary) -> String {
    match editor.reserved_ms {
        None => editor.person.name.clone(),
        Some(ms) => t::live::away_held_for(&editor.person.name, format::span(ms.div_ceil(1000))),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SessionsProps {
    sessions: Vec<LiveSession>,
    /// Which of them is the reader's.
    own: Option<ConnectionId>,
    live: bool,
    act: Callback<What>,
}

/// The connections.
#[component]
fn Sessions(props: &SessionsProps) -> Html {
    let entities = use_entities();
    let own = props.sessions.iter().find(|session| Some(session.id) == props.own);
    let own = own.and_then(|session| session.sign_in);
    let row = |session: &LiveSession| {
        // Other windows of the same desktop are the reader's as well.
        let is_own = session.sign_in.is_some() && session.sign_in == own;
        let name = session
            .person
            .as_ref()
            .map_or(t::live::nobody_yet(), |person| &person.name);
        let page = session
            .page
            .map(|page| words::page(page, |entity| collection(&entities, entity)));
        let client = session
            .origin
            .client
            .as_deref()
            .map(|version| format!("Baton {version}"));
        let from = session.origin.computer.clone().or(session.origin.address.clone());
        let end = session.sign_in.filter(|_| !is_own).map(|sign_in| {
            let onclick = props.act.reform(move |_: MouseEvent| What::End(sign_in));
            html! { <Button variant={ButtonVariant::Link} disabled={!props.live} {onclick} label={t::live::end_sign_in()} /> }
        });
        let write = session.person.clone().filter(|_| !is_own).map(|person| {
            let onclick = props.act.reform(move |_: MouseEvent| What::Write(person.clone()));
            html! { <Button variant={ButtonVariant::Link} disabled={!props.live} {onclick} label={t::live::message()} /> }
        });
        html! {
            <tr class="pf-v6-c-table__tr" data-session={name.to_owned()}>
                <td class="pf-v6-c-table__td" data-label={t::live::who()}>
                    { name }
                    if is_own { <span class="baton-quiet">{ " " }{ t::common::you_in_brackets() }</span> }
                </td>
                <td class="pf-v6-c-table__td" data-label={t::live::shows()}>{ page }</td>
                <td class="pf-v6-c-table__td" data-label={t::live::from()} title={session.origin.address.clone()}>{ from }</td>
                <td class="pf-v6-c-table__td baton-quiet" data-label={t::live::program()}>{ client }</td>
                <td class="pf-v6-c-table__td baton-quiet" data-label={t::live::since()}>{ format::moment(session.since) }</td>
                <td class="pf-v6-c-table__td baton-quiet" data-label={t::live::active()}>{ format::moment(session.active) }</td>
                <td class="pf-v6-c-table__td baton-row-action">{ write }{ end }</td>
            </tr>
        }
    };
    table(
        ("baton-connections", t::live::connections()),
        &[
            t::live::who(),
            t::live::shows(),
            t::live::from(),
            t::live::program(),
            t::live::since(),
            t::live::active(),
            "",
        ],
        props.sessions.iter().map(row).collect(),
    )
}

fn table((class, name): (&'static str, &'static str), columns: &[&'static str], rows: Vec<Html>) -> Html {
    html! {
        <table class={classes!("pf-v6-c-table", "pf-m-grid-md", "pf-m-compact", "baton-table", "baton-flow", class)} aria-label={name}>
            <thead class="pf-v6-c-table__thead">
                <tr class="pf-v6-c-table__tr">
                    { for columns.iter().map(|column| html! {
                        <th class="pf-v6-c-table__th" scope="col">
                            if column.is_empty() { <span class="pf-v6-screen-reader">{ t::live::actions() }</span> } else { { *column } }
                        </th>
                    }) }
                </tr>
            </thead>
            <tbody class="pf-v6-c-table__tbody">{ for rows }</tbody>
        </table>
    }
}
