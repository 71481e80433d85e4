//! The history of saves: every version, what it changed, any two compared, one restored.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::field::{Field, Value};
use baton_protocol::form::FormSnapshot;
use baton_protocol::history::{SavedVersion, differences, values_at};
use baton_protocol::id::Version;
use baton_protocol::values::Values;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::{Loading, Owners, Select, word_diff};
use crate::format;
use crate::hooks::{FormHandle, Saves};
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct HistoryProps {
    /// The form.
    pub(crate) form: FormHandle,
    /// What it shows.
    pub(crate) view: Rc<FormSnapshot>,
    /// The saves, once they are read.
    pub(crate) saves: Option<Saves>,
    /// The version that it begins with, with what it changed; `None`: the newest.
    pub(crate) version: Option<Version>,
}

/// The history of a form.
#[component]
pub(crate) fn History(props: &HistoryProps) -> Html {
    let HistoryProps { form, view, .. } = props;
    let chosen = use_state_eq(|| props.version.map(changed_by));
    {
        let chosen = chosen.setter();
        let before = use_mut_ref(|| view.version);
        // Somebody saved meanwhile: the last two again.
        use_effect_with(view.version, move |version| {
            if before.replace(*version) != *version {
                chosen.set(None);
            }
        });
    }
    let versions = match &props.saves {
        None => return html! { <Loading /> },
        Some(Err(problem)) => {
            return html! {
                <div class="baton-notice">
                    <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} />
                </div>
            };
        }
        Some(Ok(versions)) => Rc::clone(versions),
    };
    let newest = view.version;
    let (older, newer) = (*chosen).unwrap_or((Version(newest.0.saturating_sub(1)), newest));
    let choose = |pick: fn((Version, Version), Version) -> (Version, Version)| {
        let chosen = chosen.clone();
        Callback::from(move |version| chosen.set(Some(pick((older, newer), version))))
    };
    let show = choose(|_, version| changed_by(version));
    let compare_now = {
        let chosen = chosen.clone();
        Callback::from(move |_: MouseEvent| chosen.set(Some((newer, newest))))
    };
    let here = values_at(&view.values, &versions, older);
    let there = values_at(&view.values, &versions, newer);
    let restore = {
        let (form, view, there) = (form.clone(), view.clone(), there.clone());
        Callback::from(move |_: MouseEvent| {
            // Also what that version had, and the form has no more.
            let gone = there.keys().filter_map(|name| view.field(name));
            let fields: Vec<Field> = view.fields().into_iter().chain(gone).collect();
            form.restore(&fields, &there);
        })
    };
    html! {
        <div class="baton-history" id="history-panel">
            <div class="baton-history-side">
                { version_list(view, &versions, newer, &show) }
                <Owners form={form.key()} />
            </div>
            <div class="baton-compare">
                <div class="baton-heading">
                    <VersionChoice label={t::history::from()} value={older} versions={versions.clone()}
                        on_choice={choose(|(_, newer), version| (version, newer))} />
                    <VersionChoice label={t::history::to()} value={newer} versions={versions.clone()}
                        on_choice={choose(|(older, _), version| (older, version))} />
                    <span class="baton-push" />
                    if newer != newest {
                        <Button id="compare-now" variant={ButtonVariant::Link} onclick={compare_now}
                            label={t::history::compare_with_now()} />
                    }
                    if view.can_edit() && newer != newest {
                        <Button id="restore" variant={ButtonVariant::Secondary} onclick={restore}
                            label={t::history::restore_version(&newer)} />
                    }
                </div>
                { differing(form, view, &here, &there) }
            </div>
        </div>
    }
}

/// A version, and the one before it.
fn changed_by(version: Version) -> (Version, Version) {
    (Version(version.0.saturating_sub(1)), version)
}

fn version_list(view: &FormSnapshot, versions: &[SavedVersion], newer: Version, show: &Callback<Version>) -> Html {
    html! {
        <ol class="baton-versions">
            { for versions.iter().map(|save| {
                let version = save.version;
                let onclick = show.reform(move |_: MouseEvent| version);
                let current = (version == newer).then_some("baton-here");
                html! {
                    <li key={version.0}>
                        <button type="button" class={classes!("baton-version", current)} {onclick}
                            data-version={version.0.to_string()}>
                            <strong>{ t::history::version(&version) }</strong>
                            <span>{ format!("{}, {}", save.saved.by.name, format::moment(save.saved.at)) }</span>
                            <span class="baton-quiet">{ changed_fields(view, save) }</span>
                        </button>
                    </li>
                }
            }) }
        </ol>
    }
}

fn changed_fields(view: &FormSnapshot, save: &SavedVersion) -> String {
    let labels: Vec<_> = save.fields.iter().map(|change| view.label(&change.field)).collect();
    labels.join(", ")
}

fn differing(form: &FormHandle, view: &FormSnapshot, here: &Values, there: &Values) -> Html {
    let changes = differences(here, there);
    if changes.is_empty() {
        return html! { <p class="baton-quiet">{ t::history::versions_are_the_same() }</p> };
    }
    changes
        .into_iter()
        .map(|(name, before, after)| {
            html! {
                <div class="baton-difference" key={name.to_owned()} data-difference={name.to_owned()}>
                    <div class="baton-heading">
                        <div class="baton-label">{ view.label(name) }</div>
                        { bring_back(form, view, name, before) }
                    </div>
                    <p>{ word_diff(&words::form_value(view, name, before), &words::form_value(view, name, after)) }</p>
                </div>
            }
        })
        .collect()
}

/// Puts what the older version had into the form, unsaved; for whoever edits, where the form says something else.
fn bring_back(form: &FormHandle, view: &FormSnapshot, name: &str, before: &Value) -> Html {
    let Some(field) = view.field(name).filter(|_| view.can_edit_field(name)) else {
        return Html::default();
    };
    if view.value(name) == before {
        return html! { <span class="baton-changed">{ t::history::in_the_form() }</span> };
    }
    let (on_input, before) = (form.on_input(), before.clone());
    let onclick = Callback::from(move |_: MouseEvent| on_input.emit((field.clone(), before.clone())));
    html! { <Button class="baton-bring-back" variant={ButtonVariant::Link} {onclick} label={t::history::bring_back()} /> }
}

#[derive(Clone, PartialEq, Properties)]
struct VersionChoiceProps {
    label: AttrValue,
    value: Version,
    versions: Rc<Vec<SavedVersion>>,
    on_choice: Callback<Version>,
}

#[component]
fn VersionChoice(props: &VersionChoiceProps) -> Html {
    let on_choice = {
        let on_choice = props.on_choice.clone();
        Callback::from(move |version: String| {
            if let Ok(version) = version.parse() {
                on_choice.emit(Version(version));
            }
        })
    };
    let saved = props.versions.iter().map(|save| save.version);
    let options: Vec<(AttrValue, AttrValue)> = saved
        .chain([Version(0)])
        .map(|version| {
            let text = if version == Version(0) {
                t::history::nothing().to_owned()
            } else {
                t::history::version(&version)
            };
            (version.to_string().into(), text.into())
        })
        .collect();
    html! {
        <label class="baton-version-choice">
            <span>{ &props.label }</span>
            <Select value={props.value.to_string()} {options} {on_choice} />
        </label>
    }
}
