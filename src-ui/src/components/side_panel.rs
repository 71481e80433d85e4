//! What stands beside a form: who is here and in which field, the last saves, what else is known of it.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::form::{EditorSummary, FormSnapshot};
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{FormKind, RecordId, Version};
use baton_protocol::values::SLUG;
use gloo_utils::window;
use yew::prelude::*;
use yew_hooks::use_event_with_window;

use crate::components::{Comments, CopyButton, FollowRecordButton, LinkedFrom};
use crate::format;
use crate::hooks::{CommentsHandle, Saves, focus_on, on_show_field};

/// How many saves it lists.
const RECENT: usize = 5;
/// Where it is remembered whether the panel is folded.
const KEY: &str = "side-panel";
/// The button that folds it.
pub(crate) const TOGGLE: &str = "panel";
/// The button of the drawer.
const CLOSE: &str = "panel-close";
/// From this width of the window on there is room beside the fields, in pixels.
const WIDE: f64 = 1100.0;

/// Whether the panel is shown, and what changes it. Where there is room it is until it is folded, which is
/// remembered; in a narrow window it is a drawer that begins closed. It opens whenever `wanted` is another number.
#[hook]
pub(crate) fn use_side_panel(wanted: Option<u64>) -> (bool, Callback<()>) {
    let open = use_state_eq(begins_open);
    {
        // What stood beside the fields would cover them in a window that became narrow.
        let (open, was_wide) = (open.clone(), use_mut_ref(is_wide));
        use_event_with_window("resize", move |_: Event| {
            if was_wide.replace(is_wide()) != is_wide() {
                open.set(begins_open());
            }
        });
    }
    {
        let open = open.setter();
        use_effect_with(wanted, move |wanted| {
            if wanted.is_some() {
                open.set(true);
            }
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |()| {
            if is_wide()
                && let Ok(Some(storage)) = window().local_storage()
            {
                // Without storage the choice lasts until the window closes.
                storage.set_item(KEY, if *open { "folded" } else { "open" }).ok();
            }
            open.set(!*open);
            if *open {
                focus_on(TOGGLE);
            }
        })
    };
    (*open, toggle)
}

fn begins_open() -> bool {
    is_wide() && remembered().as_deref() != Some("folded")
}

fn is_wide() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_none_or(|width| width >= WIDE)
}

fn remembered() -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(KEY).ok().flatten()
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct SidePanelProps {
    pub(crate) view: Rc<FormSnapshot>,
    /// What is said about the record; none of a definition.
    pub(crate) comments: Option<CommentsHandle>,
    /// The saves, once they are read.
    pub(crate) saves: Option<Saves>,
    /// The address that leads here from outside, for what is saved.
    pub(crate) link: Option<AttrValue>,
    /// Shows what a version changed; `None`: all versions.
    pub(crate) on_history: Callback<Option<Version>>,
    pub(crate) on_close: Callback<()>,
}

/// The panel.
#[component]
pub(crate) fn SidePanel(props: &SidePanelProps) -> Html {
    let SidePanelProps { view, saves, .. } = props;
    // As a drawer it is over everything else.
    use_effect_with((), |()| {
        if !is_wide() {
            focus_on(CLOSE);
        }
    });
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !is_wide() {
                on_close.emit(());
            }
        })
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <aside class="baton-side-panel" id="side-panel" aria-label={t::form::about_this_form()} {onkeydown}>
            <button type="button" id={CLOSE} class="pf-v6-c-button pf-m-plain baton-side-panel-close" aria-label={t::common::close()} onclick={close}>
                <i class="fas fa-times" aria-hidden="true" />
            </button>
            <HereNow view={view.clone()} />
            if view.version.0 > 0 {
                if let Some(comments) = &props.comments {
                    <Comments comments={comments.clone()} view={view.clone()} />
                }
                <section>
                    <h2>{ t::form::last_saves() }</h2>
                    { match saves {
                        None => Html::default(),
                        Some(Err(problem)) => html! { <p class="baton-quiet">{ problem.message.to_string() }</p> },
                        Some(Ok(saves)) => recent(view, saves, &props.on_history),
                    } }
                </section>
                if view.form.kind == FormKind::Record {
                    <LinkedFrom entity={view.entity.id} record={RecordId(view.form.id)} />
                }
                { details(view, saves.as_ref().and_then(|saves| saves.as_ref().ok()), props.link.clone()) }
            }
        </aside>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct HereNowProps {
    view: Rc<FormSnapshot>,
}

/// Everybody who has the form open, in order, with the field that they are in.
#[component]
fn HereNow(props: &HereNowProps) -> Html {
    let view = &props.view;
    html! {
        <section>
            <h2>{ t::form::here_now() }</h2>
            if view.editors.is_empty() && view.viewers.is_empty() {
                <p class="baton-quiet">{ t::form::nobody_has_it_open() }</p>
            }
            <ul class="baton-here-now" id="here-now">
                { for view.editors.iter().enumerate().map(|(place, editor)| present(view, place, editor)) }
                { for view.viewers.iter().map(|person| html! {
                    <li key={person.id.to_string()} data-viewer={person.name.clone()}>
                        <span class="baton-avatar" aria-hidden="true">{ format::initials(&person.name) }</span>
                        <div>
                            <strong>{ &person.name }</strong>
                            <span class="baton-quiet">{ t::form::watching() }</span>
                        </div>
                    </li>
                }) }
            </ul>
        </section>
    }
}

fn present(view: &FormSnapshot, place: usize, editor: &EditorSummary) -> Html {
    let name = &editor.person.name;
    let field = editor.field.as_ref().filter(|_| editor.reserved_ms.is_none());
    html! {
        <li key={editor.ticket.0} data-present={name.clone()}>
            <span class={classes!("baton-avatar", format::hue(editor.ticket))} aria-hidden="true">{ format::initials(name) }</span>
            <div>
                <strong>
                    { name }
                    if view.me == Some(editor.ticket) {
                        <span class="baton-quiet">{ " " }{ t::common::you_in_brackets() }</span>
                    }
                </strong>
                <span class="baton-quiet">
                    { what(view, place, editor) }
                    if let Some(field) = field {
                        { " · " }
                        <button type="button" class="baton-inline-link" onclick={on_show_field(field)} title={t::form::show_the_field()}>
                            { view.label(field) }
                        </button>
                    }
                </span>
            </div>
        </li>
    }
}

/// What an editor at this place in the queue does. Nobody edits a record that is out of its list.
fn what(view: &FormSnapshot, place: usize, editor: &EditorSummary) -> String {
    match (place, editor.reserved_ms) {
        (_, Some(_)) => t::form::connection_broken().into(),
        (_, None) if view.gone.is_some() => t::form::has_it_open().into(),
        (0, None) => t::form::editing().into(),
        (1, None) => t::form::next_in_line().into(),
        (place, None) => t::form::number_in_line(place),
    }
}

fn recent(view: &FormSnapshot, saves: &[SavedVersion], on_history: &Callback<Option<Version>>) -> Html {
    html! {
        <>
            <ol class="baton-recent" id="recent-saves">
                { for saves.iter().take(RECENT).map(|save| {
                    let version = save.version;
                    html! {
                        <li key={version.0}>
                            <button type="button" data-save={version.0.to_string()} title={t::form::show_what_it_changed()}
                                onclick={on_history.reform(move |_: MouseEvent| Some(version))}>
                                <span>{ format!("{}, {}", save.saved.by.name, format::moment(save.saved.at)) }</span>
                                <span class="baton-quiet">{ changed(view, save) }</span>
                            </button>
                        </li>
                    }
                }) }
            </ol>
            if saves.len() > RECENT {
                <button type="button" class="baton-inline-link" onclick={on_history.reform(|_: MouseEvent| None)}>
                    { t::form::all_saves(saves.len()) }
                </button>
            }
        </>
    }
}

/// The fields that a save changed; of many the first few.
fn changed(view: &FormSnapshot, save: &SavedVersion) -> String {
    const NAMED: usize = 3;
    let labels = save.fields.iter().take(NAMED).map(|change| view.label(&change.field));
    let named = labels.collect::<Vec<_>>().join(", ");
    match save.fields.len().saturating_sub(NAMED) {
        0 => named,
        more => t::form::names_and_more(&named, more),
    }
}

fn details(view: &FormSnapshot, saves: Option<&Rc<Vec<SavedVersion>>>, link: Option<AttrValue>) -> Html {
    let first = saves
        .and_then(|saves| saves.last())
        .filter(|save| save.version == Version(1));
    let last = saves.and_then(|saves| saves.first());
    let stamp = |save: &SavedVersion| format!("{}, {}", format::moment(save.saved.at), save.saved.by.name);
    html! {
        <section>
            <h2>{ t::form::details() }</h2>
            <dl class="baton-details">
                <dt>{ t::form::version() }</dt>
                <dd>{ view.version.to_string() }</dd>
                if let Some(first) = first {
                    <dt>{ t::form::created() }</dt>
                    <dd>{ stamp(first) }</dd>
                }
                if let Some(last) = last {
                    <dt>{ t::form::last_saved() }</dt>
                    <dd>{ stamp(last) }</dd>
                }
                if !view.value(SLUG).is_blank() {
                    <dt>{ t::form::slug() }</dt>
                    <dd><code>{ view.value(SLUG).text() }</code></dd>
                }
                <dt>{ t::form::id() }</dt>
                <dd><code>{ view.form.id.to_string() }</code></dd>
            </dl>
            <div class="baton-panel-actions">
                if let Some(link) = link {
                    <CopyButton id="panel-copy-link" text={link} label={t::form::copy_link()} />
                }
                if view.form.kind == FormKind::Record {
                    <FollowRecordButton record={RecordId(view.form.id)} />
                }
            </div>
        </section>
    }
}
