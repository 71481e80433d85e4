//! Who is connected, and which forms are open, at this moment; for admins (semantics 7.3).

use std::rc::Rc;

use baton_protocol::form::EditorSummary;
use baton_protocol::id::{FormKind, RecordId, SignInId};
use baton_protocol::live::{Live as Moment, LiveSession, OpenForm, Sample};
use baton_protocol::message::{EndSignIn, GetLive};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Loading, notice};
use crate::hooks::{use_entities, use_polled, use_session};
use crate::route::Route;
use crate::{backend, format, words};

/// How often the server is asked while the page is shown, in milliseconds.
const AGAIN_MS: u32 = 2000;

/// The page.
#[component]
pub(crate) fn Live() -> Html {
    let live = use_session().live();
    let moment = use_polled(GetLive {}, live, AGAIN_MS);
    let toaster = use_toaster();
    let end = Callback::from(move |sign_in: SignInId| {
        let toaster = toaster.clone();
        spawn_local(async move {
            if let (Err(problem), Some(toaster)) = (backend::query(EndSignIn { sign_in }).await, toaster) {
                toaster.toast(notice(AlertType::Danger, problem.message));
            }
        });
    });
    html! {
        <>
            <PageSection>
                <h1 class="pf-v6-c-title pf-m-2xl">{ "Live" }</h1>
                <p class="baton-quiet">{ "Who is connected and what is open, at this moment." }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                { match &*moment {
                    None if !live => html! { <p class="baton-quiet">{ "The server cannot be reached at the moment." }</p> },
                    None => html! { <Loading /> },
                    Some(Err(problem)) => html! {
                        <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} />
                    },
                    Some(Ok(moment)) => html! { <Panels moment={Rc::clone(moment)} {live} {end} /> },
                } }
            </PageSection>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PanelsProps {
    moment: Rc<Moment>,
    live: bool,
    end: Callback<SignInId>,
}

#[component]
fn Panels(props: &PanelsProps) -> Html {
    let PanelsProps { moment, live, end } = props;
    let now = moment.now;
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
                { figure("live-people", moment.people, "people") }
                { figure("live-signed-in", now.signed_in, "signed-in windows and computers") }
                { figure("live-anonymous", now.connected.saturating_sub(now.signed_in), "not signed in") }
                { figure("live-forms", moment.forms.len(), "open forms") }
                { plot(&moment.hour, now) }
            </div>
            <Forms forms={moment.forms.clone()} />
            <h2 class="pf-v6-c-title pf-m-md baton-next">{ "Connections" }</h2>
            <Sessions sessions={moment.sessions.clone()} live={*live} end={end.clone()} />
        </>
    }
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
    let about = format!("Connections over the last hour, at most {most}");
    html! {
        <figure class="baton-plot">
            <svg viewBox="0 0 240 48" preserveAspectRatio="none" role="img" aria-label={about}>
                <polyline points={points.join(" ")} />
            </svg>
            <figcaption class="baton-quiet">{ format!("last hour, at most {most}") }</figcaption>
        </figure>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormsProps {
    forms: Vec<OpenForm>,
}

/// The forms that are open, each with its owner and who waits.
#[component]
fn Forms(props: &FormsProps) -> Html {
    if props.forms.is_empty() {
        return html! { <p class="baton-quiet baton-next">{ "No form is open." }</p> };
    }
    let row = |open: &OpenForm| {
        let to = match open.form.kind {
            FormKind::Record => Route::record(open.entity, RecordId(open.form.id)),
            FormKind::Entity => Route::Definition { entity: open.form.id },
        };
        let title = if open.title.trim().is_empty() {
            "Untitled"
        } else {
            open.title.trim()
        };
        let waits: Vec<String> = open.editors.iter().skip(1).map(editor).collect();
        let authors: Vec<&str> = open.authors.iter().map(|author| author.name.as_str()).collect();
        html! {
            <tr class="pf-v6-c-table__tr" key={open.form.to_string()} data-open={open.title.clone()}>
                <td class="pf-v6-c-table__td" data-label="Form"><Link<Route> {to}>{ title }</Link<Route>></td>
                <td class="pf-v6-c-table__td" data-label="Edits">{ open.editors.first().map(editor) }</td>
                <td class="pf-v6-c-table__td" data-label="In line">{ waits.join(", ") }</td>
                <td class="pf-v6-c-table__td" data-label="Look on">{ (open.viewers > 0).then_some(open.viewers) }</td>
                <td class="pf-v6-c-table__td" data-label="Unsaved changes of">{ authors.join(", ") }</td>
            </tr>
        }
    };
    html! {
        <>
            <h2 class="pf-v6-c-title pf-m-md baton-next">{ "Open forms" }</h2>
            { table("Open forms", &["Form", "Edits", "In line", "Look on", "Unsaved changes of"], props.forms.iter().map(row).collect()) }
        </>
    }
}

/// An editor, and for how long their place is held if they are away.
fn editor(editor: &EditorSummary) -> String {
    match editor.reserved_ms {
        None => editor.person.name.clone(),
        Some(ms) => format!(
            "{} (away, held for {})",
            editor.person.name,
            format::span(ms.div_ceil(1000))
        ),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SessionsProps {
    sessions: Vec<LiveSession>,
    live: bool,
    end: Callback<SignInId>,
}

/// The connections.
#[component]
fn Sessions(props: &SessionsProps) -> Html {
    let entities = use_entities();
    let row = |session: &LiveSession| {
        let name = session.person.as_ref().map_or("Nobody yet", |person| &person.name);
        let collection = |entity| {
            let known = entities.rows.iter().flatten().find(|row| row.entity.id == entity);
            known.map_or_else(|| "a collection".to_owned(), |row| row.entity.label_plural.clone())
        };
        let page = session.page.map(|page| words::page(page, collection));
        let client = session
            .origin
            .client
            .as_deref()
            .map(|version| format!("Baton {version}"));
        let end = session.sign_in.filter(|_| !session.own).map(|sign_in| {
            let onclick = props.end.reform(move |_: MouseEvent| sign_in);
            html! { <Button variant={ButtonVariant::Link} disabled={!props.live} {onclick} label="End sign-in" /> }
        });
        html! {
            <tr class="pf-v6-c-table__tr" data-session={name.to_owned()}>
                <td class="pf-v6-c-table__td" data-label="Who">
                    { name }
                    if session.own { <span class="baton-quiet">{ " (you)" }</span> }
                </td>
                <td class="pf-v6-c-table__td" data-label="Shows">{ page }</td>
                <td class="pf-v6-c-table__td" data-label="From">{ session.origin.address.clone() }</td>
                <td class="pf-v6-c-table__td baton-quiet" data-label="Program">{ client }</td>
                <td class="pf-v6-c-table__td baton-quiet" data-label="Since">{ format::moment(session.since) }</td>
                <td class="pf-v6-c-table__td baton-row-action">{ end }</td>
            </tr>
        }
    };
    table(
        "Connections",
        &["Who", "Shows", "From", "Program", "Since", ""],
        props.sessions.iter().map(row).collect(),
    )
}

fn table(name: &'static str, columns: &[&'static str], rows: Vec<Html>) -> Html {
    html! {
        <table class="pf-v6-c-table pf-m-grid-md pf-m-compact baton-table baton-flow" aria-label={name}>
            <thead class="pf-v6-c-table__thead">
                <tr class="pf-v6-c-table__tr">
                    { for columns.iter().map(|column| html! {
                        <th class="pf-v6-c-table__th" scope="col">
                            if column.is_empty() { <span class="pf-v6-screen-reader">{ "Actions" }</span> } else { { *column } }
                        </th>
                    }) }
                </tr>
            </thead>
            <tbody class="pf-v6-c-table__tbody">{ for rows }</tbody>
        </table>
    }
}
