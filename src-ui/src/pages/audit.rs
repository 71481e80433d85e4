//! Who did what, when and from where, for admins (semantics 7.4).

use baton_locales::t;
use baton_protocol::audit::{ActKind, AuditEntry, AuditFilter};
use baton_protocol::id::{FormKind, RecordId, UploadId};
use baton_protocol::job::Job;
use baton_protocol::message::{GetAudit, GetPeople, Problem};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{ExportOutcome, Loading, PageTitle, Select, use_export};
use crate::hooks::use_session;
use crate::route::Route;
use crate::state::audit::{Choice, Entries, PAGE};
use crate::{backend, format, words};

async fn read(filter: AuditFilter, before: Option<u64>) -> Result<Vec<AuditEntry>, Problem> {
    let rows = PAGE;
    backend::query(GetAudit { filter, before, rows }).await
}

/// The page.
#[component]
pub(crate) fn Audit() -> Html {
    let entries = use_state_eq(|| None::<Result<Entries, Problem>>);
    let choice = use_state_eq(Choice::default);
    let filter = choice.filter(format::moment_typed);
    let live = use_session().live();
    {
        let set = entries.setter();
        use_effect_with((filter.clone(), live), move |(filter, _)| {
            let filter = filter.clone();
            spawn_local(async move {
                set.set(Some(read(filter, None).await.map(|page| Entries::default().then(page))));
            });
        });
    }
    let older = {
        let (entries, filter) = (entries.clone(), filter.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(Ok(known)) = (*entries).clone() else {
                return;
            };
            let (set, filter) = (entries.setter(), filter.clone());
            spawn_local(async move {
                let page = read(filter, known.next()).await;
                set.set(Some(page.map(|page| known.then(page))));
            });
        })
    };
    let body = match &*entries {
        None => html! { <Loading /> },
        Some(Err(problem)) => {
            html! { <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} /> }
        }
        Some(Ok(entries)) if entries.all().is_empty() => html! {
            <EmptyState title={t::audit::nothing_like_that()} icon={Icon::Search}>{ t::audit::choose_everybody_and_everything() }</EmptyState>
        },
        Some(Ok(entries)) => html! {
            <>
                { table(entries.all()) }
                if entries.next().is_some() {
                    <div class="baton-actions">
                        <Button id="older" variant={ButtonVariant::Secondary} disabled={!live} onclick={older} label={t::audit::older_entries()} />
                    </div>
                }
            </>
        },
    };
    html! {
        <>
            <PageSection>
                <PageTitle title={t::shell::audit()} />
                <p class="baton-quiet">{ t::audit::who_did_what() }</p>
                <div class="baton-audit-filter">
                    <Whose person={choice.person.clone()} on_choice={chosen(&choice, |choice, word| choice.person = word)} />
                    <Select id="audit-kind" label={t::audit::what()} value={choice.kind.clone()} options={kinds()}
                        on_choice={chosen(&choice, |choice, word| choice.kind = word)} />
                    { day("audit-from", t::audit::from(), &choice.from, chosen(&choice, |choice, word| choice.from = word)) }
                    { day("audit-until", t::audit::until(), &choice.until, chosen(&choice, |choice, word| choice.until = word)) }
                    <span class="baton-push" />
                    <ExportAudit {filter} {live} />
                </div>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>{ body }</PageSection>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ExportAuditProps {
    filter: AuditFilter,
    live: bool,
}

/// All that the filter shows, as a file.
#[component]
fn ExportAudit(props: &ExportAuditProps) -> Html {
    let export = use_export();
    let begin = {
        let (begin, filter) = (export.begin.clone(), props.filter.clone());
        Callback::from(move |_: MouseEvent| {
            let upload = UploadId(Uuid::new_v4());
            let filter = filter.clone();
            begin.emit(("audit.jsonl".to_owned(), upload, Job::ExportAudit { filter, upload }));
        })
    };
    html! {
        <>
            <ExportOutcome {export} />
            <Button id="export-audit" variant={ButtonVariant::Secondary} disabled={!props.live} onclick={begin}
                label={t::audit::export_as_json_lines()} />
        </>
    }
}

fn chosen(choice: &UseStateHandle<Choice>, set: fn(&mut Choice, String)) -> Callback<String> {
    let choice = choice.clone();
    Callback::from(move |word| {
        let mut next = (*choice).clone();
        set(&mut next, word);
        choice.set(next);
    })
}

/// A field for a day or a minute. What is none is marked, and narrows nothing down.
fn day(id: &'static str, label: &'static str, value: &str, on_choice: Callback<String>) -> Html {
    let is_none = !value.trim().is_empty() && format::moment_typed(value, false).is_none();
    let onchange = Callback::from(move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            on_choice.emit(input.value());
        }
    });
    html! {
        <label class="baton-audit-day">
            <span>{ label }</span>
            <span class={classes!("pf-v6-c-form-control", is_none.then_some("pf-m-error"))}>
                <input {id} type="text" placeholder="2026-05-31" value={value.to_owned()} aria-invalid={is_none.to_string()}
                    title={is_none.then_some(t::audit::day_or_minute())} {onchange} />
            </span>
        </label>
    }
}

fn kinds() -> Vec<(AttrValue, AttrValue)> {
    let all = ActKind::ALL.map(|kind| (kind.as_str().into(), words::audit::kind(kind).into()));
    std::iter::once(("".into(), t::audit::everything().into()))
        .chain(all)
        .collect()
}

#[derive(Clone, PartialEq, Properties)]
struct WhoseProps {
    person: String,
    on_choice: Callback<String>,
}

/// Whose acts are shown.
#[component]
fn Whose(props: &WhoseProps) -> Html {
    let people = use_state_eq(Vec::<(AttrValue, AttrValue)>::new);
    {
        let people = people.setter();
        use_effect_with((), move |()| {
            spawn_local(async move {
                // Without the names, everybody's is shown.
                let accounts = backend::query(GetPeople {}).await.unwrap_or_default();
                let option = |account: baton_protocol::person::Account| {
                    (account.person.id.to_string().into(), account.person.name.into())
                };
                people.set(accounts.into_iter().map(option).collect());
            });
        });
    }
    let everybody = std::iter::once(("".into(), t::audit::everybody().into()));
    let options: Vec<_> = everybody.chain(people.iter().cloned()).collect();
    html! {
        <Select id="audit-person" label={t::audit::who()} value={props.person.clone()} {options} on_choice={props.on_choice.clone()} />
    }
}

fn table(entries: &[AuditEntry]) -> Html {
    html! {
        <table class="pf-v6-c-table pf-m-grid-md pf-m-compact baton-table baton-flow baton-audit" aria-label={t::shell::audit()}>
            <thead class="pf-v6-c-table__thead">
                <tr class="pf-v6-c-table__tr">
                    { for [t::audit::when(), t::audit::who(), t::audit::what(), t::audit::address()].map(|name| html! {
                        <th class="pf-v6-c-table__th" scope="col">{ name }</th>
                    }) }
                </tr>
            </thead>
            <tbody class="pf-v6-c-table__tbody">{ for entries.iter().map(row) }</tbody>
        </table>
    }
}

fn row(entry: &AuditEntry) -> Html {
    let text = words::audit::act(&entry.act);
    let what = match entry.act.form() {
        Some(form) => {
            let to = match form.form.kind {
                FormKind::Record => Route::record(form.entity, RecordId(form.form.id)),
                FormKind::Entity => Route::Definition { entity: form.form.id },
            };
            html! { <Link<Route> {to}>{ text }</Link<Route>> }
        }
        None => html! { text },
    };
    let address = entry.origin.address.clone().unwrap_or_else(|| "—".to_owned());
    let version = entry.origin.client.as_deref().map(|version| format!("Baton {version}"));
    let client = [entry.origin.computer.clone(), version].into_iter().flatten();
    let client = client.collect::<Vec<_>>().join(" · ");
    html! {
        <tr class="pf-v6-c-table__tr" key={entry.number} data-entry={entry.number.to_string()}>
            <td class="pf-v6-c-table__td baton-quiet" data-label={t::audit::when()}>{ format::moment(entry.at) }</td>
            <td class="pf-v6-c-table__td" data-label={t::audit::who()}>{ words::audit::who(entry) }</td>
            <td class="pf-v6-c-table__td baton-wrap" data-label={t::audit::what()}>{ what }</td>
            <td class="pf-v6-c-table__td baton-quiet" data-label={t::audit::address()} title={client}>{ address }</td>
        </tr>
    }
}
