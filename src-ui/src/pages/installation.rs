//! Help, About this installation: version, where things are, what is set and by whom.

use baton_locales::t;
use baton_protocol::desktop::{
    Installation as AskInstallation, InstallationDetails, Preference, SaveReport, SetPreference,
};
use baton_protocol::message::Problem;
use baton_protocol::status_text::setting_origin;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::{Loading, PageTitle, UpdatePanel, use_toaster};

/// The page.
#[component]
pub(crate) fn Installation() -> Html {
    let details = use_state_eq(|| None::<Result<InstallationDetails, Problem>>);
    let toaster = use_toaster();
    let read = {
        let details = details.setter();
        Callback::from(move |()| {
            let details = details.clone();
            spawn_local(async move { details.set(Some(backend::call(AskInstallation {}).await)) });
        })
    };
    {
        let read = read.clone();
        use_effect_with((), move |()| read.emit(()));
    }
    let prefer = {
        let (read, toaster) = (read.clone(), toaster.clone());
        Callback::from(move |preference: Preference| {
            let (read, toaster) = (read.clone(), toaster.clone());
            spawn_local(async move {
                if let (Err(problem), Some(toaster)) = (backend::call(SetPreference { preference }).await, toaster) {
                    toaster.failed("preference", problem.message.to_string());
                }
                read.emit(());
            });
        })
    };
    let report = Callback::from(move |_: MouseEvent| {
        let toaster = toaster.clone();
        spawn_local(async move {
            let saved = backend::call(SaveReport {}).await;
            if let Some(toaster) = toaster {
                toaster.saved("report", saved.as_deref());
            }
        });
    });
    html! {
        <>
            <PageSection>
                <PageTitle title={t::shell::about_this_installation()} />
                <p class="baton-quiet">{ t::installation::what_a_helper_asks_for() }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                { match &*details {
                    None => html! { <Loading /> },
                    Some(Err(problem)) => html! {
                        <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} />
                    },
                    Some(Ok(details)) => html! { <Panels details={details.clone()} {prefer} {report} /> },
                } }
            </PageSection>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PanelsProps {
    details: InstallationDetails,
    prefer: Callback<Preference>,
    report: Callback<MouseEvent>,
}

#[component]
fn Panels(props: &PanelsProps) -> Html {
    let PanelsProps {
        details,
        prefer,
        report,
    } = props;
    html! {
        <div class="baton-panels">
            <section class="baton-panel">
                <h2 class="pf-v6-c-title pf-m-md">{ t::installation::this_program() }</h2>
                <dl class="baton-facts">
                    <dt>{ t::installation::version() }</dt><dd id="version">{ &details.version }</dd>
                    <dt>{ t::installation::installed_as() }</dt><dd>{ &details.package }</dd>
                    <dt>{ t::installation::system() }</dt><dd>{ &details.system }</dd>
                    <dt>{ t::installation::remembers_in() }</dt><dd class="baton-path">{ &details.data }</dd>
                    <dt>{ t::installation::log() }</dt><dd class="baton-path">{ &details.log }</dd>
                </dl>
                <div class="baton-actions">
                    <Button id="save-report" variant={ButtonVariant::Secondary} onclick={report.clone()} label={t::installation::save_a_report()} />
                </div>
                <p class="baton-help">{ t::installation::what_a_report_has() }</p>
            </section>
            <section class="baton-panel">
                <h2 class="pf-v6-c-title pf-m-md">{ t::installation::updates() }</h2>
                <UpdatePanel />
                if details.autostart.or(details.run_in_background).or(details.menu_entry).is_some() {
                    <h2 class="pf-v6-c-title pf-m-md baton-next">{ t::installation::you_choose() }</h2>
                }
                if let Some(on) = details.autostart {
                    <Choice id="autostart" label={t::installation::autostart()} {on}
                        onchange={prefer.reform(Preference::Autostart)} />
                }
                if let Some(on) = details.menu_entry {
                    <Choice id="menu-entry" label={t::installation::in_the_menu()} {on}
                        onchange={prefer.reform(Preference::MenuEntry)} />
                }
                if let Some(on) = details.run_in_background {
                    <Choice id="run-in-background" label={t::installation::beside_the_clock()} {on}
                        onchange={prefer.reform(Preference::RunInBackground)} />
                }
            </section>
            <section class="baton-panel baton-wide">
                <h2 class="pf-v6-c-title pf-m-md">{ t::installation::settings() }</h2>
                <table class="baton-settings" id="settings">
                    <thead><tr><th>{ t::installation::setting() }</th><th>{ t::installation::value() }</th><th>{ t::installation::set_by() }</th></tr></thead>
                    <tbody>
                        { for details.settings.iter().map(|setting| html! {
                            <tr key={setting.name.clone()}>
                                <th scope="row">{ &setting.name }</th>
                                <td>{ &setting.value }</td>
                                <td class="baton-quiet">{ setting_origin(&setting.from) }</td>
                            </tr>
                        }) }
                    </tbody>
                </table>
            </section>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ChoiceProps {
    id: AttrValue,
    label: AttrValue,
    on: bool,
    onchange: Callback<bool>,
}

#[component]
fn Choice(props: &ChoiceProps) -> Html {
    let on = props.on;
    let onchange = props.onchange.reform(move |_: Event| !on);
    html! {
        <label class="baton-choice" for={props.id.clone()}>
            <input type="checkbox" id={props.id.clone()} checked={on} {onchange} />
            { &props.label }
        </label>
    }
}
