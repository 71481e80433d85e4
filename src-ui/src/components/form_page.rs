//! What every form has around its fields: the strip, who asks, the way back, history, texts to decide about.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{FormKind, RecordId, Version};
use baton_protocol::message::Problem;
use baton_protocol::rights::Right;
use baton_protocol::status_text::left_unsaved;
use patternfly_yew::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{
    AskPrompt, BranchNotice, Conflicts, ErrorSummary, History, KeptWithoutForm, Loading, SidePanel, StatusStrip, Toast,
    use_side_panel, use_toaster,
};
use crate::components::{FavouriteButton, PageTitle, side_panel};
use crate::format;
use crate::hooks::{CommentsHandle, FormHandle, Saves, use_follow, use_saves, use_session};
use crate::keys;
use crate::route::Route;
use crate::state::form::News;

/// The first input of a form that can be typed into.
const FIRST_FIELD: &str =
    ".baton-form-page .baton-field :is(input, textarea, select, [contenteditable=true]):not(:disabled, [readonly])";

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FormPageProps {
    /// The form.
    pub(crate) form: FormHandle,
    /// What it is called.
    pub(crate) title: AttrValue,
    /// The ways back, outermost first.
    pub(crate) crumbs: Vec<(Route, AttrValue)>,
    /// What can be done with it besides.
    pub(crate) actions: Html,
    /// Joins the queue; `None` unless the form was opened read-only.
    #[prop_or_default]
    pub(crate) on_edit: Option<Callback<()>>,
    /// Whether the fields take the whole width, and nothing stands beside them.
    #[prop_or_default]
    pub(crate) wide: bool,
    /// The address that leads here from outside.
    #[prop_or_default]
    pub(crate) link: Option<AttrValue>,
    /// What is said about it.
    #[prop_or_default]
    pub(crate) comments: Option<CommentsHandle>,
    /// The fields.
    pub(crate) children: Html,
}

/// What the page shows of the form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// Its fields.
    Form,
    /// Its saves; those of one version, or the newest.
    History(Option<Version>),
    /// The viewer's own texts, to be decided about.
    Conflicts,
}

/// The page.
#[component]
pub(crate) fn FormPage(props: &FormPageProps) -> Html {
    let FormPageProps { form, crumbs, .. } = props;
    let session = use_session();
    use_keys_without_focus(form);
    use_news(form);
    let mode = use_state_eq(|| Mode::Form);
    use_decisions(form, &mode);
    use_field_at_promotion(form);
    let follow = use_follow(form);
    let about = props.comments.as_ref().and_then(|comments| (*comments.about).clone());
    let (panel, toggle_panel) = use_side_panel(about.map(|(number, _)| number));
    let version = form.state.view.as_ref().map(|view| view.version).unwrap_or_default();
    let saves = use_saves(form.key(), version, *mode != Mode::Form || (panel && !props.wide));
    if let Some(problem) = &form.state.problem {
        return cannot_be_shown(form, problem, crumbs);
    }
    let Some(view) = form.state.view.clone() else {
        return html! { <PageSection><Loading /></PageSection> };
    };
    let go_to = |to: Mode| {
        let mode = mode.setter();
        Callback::from(move |_: MouseEvent| mode.set(to))
    };
    html! {
        <div class="baton-form-page" onkeydown={on_key(form)}>
            <div class="baton-form-top">
                <StatusStrip form={form.clone()} live={session.live()} offline={session.offline()} takes_over={session.may(Right::Manage(view.entity.id))}
                    {follow} on_edit={props.on_edit.clone()} />
                <AskPrompt form={form.clone()} />
            </div>
            <PageSection>
                { ways_back(crumbs) }
                <div class="baton-heading">
                    <PageTitle title={props.title.clone()} id="form-title" />
                    if view.form.kind == FormKind::Record && view.version.0 > 0 {
                        <FavouriteButton record={RecordId(view.form.id)} />
                    }
                    <span class="baton-push" />
                    { props.actions.clone() }
                    if *mode != Mode::Form {
                        <Button id="history" variant={ButtonVariant::Link} onclick={go_to(Mode::Form)} label={t::form::back_to_the_form()} />
                    } else if view.version.0 > 0 {
                        <Button id="history" variant={ButtonVariant::Link} onclick={go_to(Mode::History(None))} label={t::form::history()} />
                    }
                    if !props.wide && *mode == Mode::Form {
                        <PanelButton open={panel} onclick={toggle_panel.reform(|_: MouseEvent| ())} />
                    }
                </div>
                <LeftUnsaved view={view.clone()} />
                { beside(*mode, form, &view, &saves, go_to(Mode::Conflicts)) }
                <div class="baton-form-columns" hidden={*mode != Mode::Form}>
                    <div class="baton-form-fields">
                        <ErrorSummary view={view.clone()} failed_saves={form.state.failed_saves} />
                        { props.children.clone() }
                    </div>
                    if panel && !props.wide {
                        <SidePanel view={view.clone()} comments={props.comments.clone()} {saves} link={props.link.clone()} on_close={toggle_panel}
                            on_history={history_of(&mode)} />
                    }
                </div>
            </PageSection>
        </div>
    }
}

/// The keys of a form also do what they do while nothing has the focus, as after a press on a button that is gone then.
#[hook]
fn use_keys_without_focus(form: &FormHandle) {
    let on_key = on_key(form);
    yew_hooks::use_event_with_window("keydown", move |event: KeyboardEvent| {
        let body = gloo_utils::document().body();
        let from_nowhere = event.target().as_ref() == body.as_ref().map(AsRef::as_ref);
        if from_nowhere && !event.default_prevented() {
            on_key.emit(event);
        }
    });
}

/// The keys of a form: saving, undoing and redoing.
fn on_key(form: &FormHandle) -> Callback<KeyboardEvent> {
    let form = form.clone();
    Callback::from(move |event: KeyboardEvent| {
        if keys::command(&event) == Some('s') {
            event.prevent_default();
            form.command(FormCommand::save());
        } else if let Some(history) = keys::history(&event).filter(|_| !in_another_input(&event)) {
            event.prevent_default();
            form.history(history);
        }
    })
}

/// Why the form cannot be shown, and what its viewer typed into it.
fn cannot_be_shown(form: &FormHandle, problem: &Problem, crumbs: &[(Route, AttrValue)]) -> Html {
    html! {
        <PageSection>
            <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} />
            if let Some((why, texts)) = &form.state.pending_edits {
                <p>{ why }</p>
                <KeptWithoutForm texts={texts.clone()} form={form.clone()} />
            }
            if let Some((back, _)) = crumbs.last() {
                <p><Link<Route> to={*back}>{ t::form::back_to_the_list() }</Link<Route>></p>
            }
        </PageSection>
    }
}

fn ways_back(crumbs: &[(Route, AttrValue)]) -> Html {
    html! {
        <nav class="baton-crumbs" aria-label={t::common::where_you_are()}>
            { for crumbs.iter().enumerate().map(|(index, (route, label))| html! {
                <>
                    if index > 0 {
                        <span aria-hidden="true">{ "›" }</span>
                    }
                    <Link<Route> to={*route}>{ label }</Link<Route>>
                </>
            }) }
        </nav>
    }
}

/// Whether the key is pressed in an input that holds no value of the form: a search, the address of a link.
fn in_another_input(event: &KeyboardEvent) -> bool {
    let from = event.target_dyn_into::<Element>();
    from.is_some_and(|from| {
        matches!(from.tag_name().as_str(), "INPUT" | "TEXTAREA") && !from.has_attribute("data-field")
    })
}

#[derive(Clone, PartialEq, Properties)]
struct LeftUnsavedProps {
    view: Rc<FormSnapshot>,
}

/// Whose unsaved changes the form has, and since when (semantics 3.4).
#[component]
fn LeftUnsaved(props: &LeftUnsavedProps) -> Html {
    let Some(whose) = left_unsaved(&props.view) else {
        return Html::default();
    };
    html! {
        <p class="baton-left-unsaved" id="left-unsaved">
            <i class="fas fa-pencil-alt" aria-hidden="true" />
            { whose }
            if let Some(at) = props.view.draft_since {
                <span class="baton-quiet">{ t::form::since(format::moment(at)) }</span>
            }
        </p>
    }
}

/// Whoever is promoted and is nowhere else on the page can type at once.
#[hook]
fn use_field_at_promotion(form: &FormHandle) {
    let can_edit = form.state.view.as_ref().map(|view| view.can_edit());
    let before = use_mut_ref(|| can_edit);
    use_effect_with(can_edit, move |now| {
        let promoted = before.replace(*now) == Some(false) && *now == Some(true);
        let document = gloo_utils::document();
        let nowhere = document
            .active_element()
            .is_none_or(|active| matches!(active.tag_name().as_str(), "BODY" | "H1"));
        if promoted && nowhere {
            let field = document.query_selector(FIRST_FIELD).ok().flatten();
            if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                // It can only fail for an element that cannot have the focus.
                field.focus().ok();
            }
        }
    });
}

#[derive(Clone, PartialEq, Properties)]
struct PanelButtonProps {
    open: bool,
    onclick: Callback<MouseEvent>,
}

/// Shows and folds what stands beside the fields.
#[component]
fn PanelButton(props: &PanelButtonProps) -> Html {
    let label = if props.open {
        t::form::hide_details()
    } else {
        t::form::show_details()
    };
    html! {
        <button type="button" id={side_panel::TOGGLE} class="pf-v6-c-button pf-m-plain" aria-expanded={props.open.to_string()}
            aria-controls={props.open.then_some("side-panel")} aria-label={label} title={label} onclick={props.onclick.clone()}>
            <i class="fas fa-columns" aria-hidden="true" />
        </button>
    }
}

/// Shows the saves, or what one of them changed.
fn history_of(mode: &UseStateHandle<Mode>) -> Callback<Option<Version>> {
    let mode = mode.setter();
    Callback::from(move |version| mode.set(Mode::History(version)))
}

/// What is shown before the fields, or in their place.
fn beside(
    mode: Mode,
    form: &FormHandle,
    view: &Rc<FormSnapshot>,
    saves: &Option<Saves>,
    on_look: Callback<MouseEvent>,
) -> Html {
    let saves = saves.clone();
    match (mode, &form.state.pending_edits) {
        (Mode::History(version), _) => html! { <History form={form.clone()} view={view.clone()} {saves} {version} /> },
        (Mode::Conflicts, Some((_, texts))) => html! {
            <Conflicts texts={texts.clone()} view={view.clone()} form={form.clone()} {saves} />
        },
        (Mode::Form, Some((why, texts))) => html! {
            <BranchNotice why={why.clone()} texts={texts.clone()} {on_look} />
        },
        (Mode::Form | Mode::Conflicts, None) => Html::default(),
    }
}

/// The page for decisions opens by itself when there are some, and closes when there are none left.
#[hook]
fn use_decisions(form: &FormHandle, mode: &UseStateHandle<Mode>) {
    let (decide, any) = (form.state.must_decide(), form.state.pending_edits.is_some());
    let (now, set) = (**mode, mode.setter());
    use_effect_with((decide, any), move |(decide, any)| {
        if *decide && now == Mode::Form {
            set.set(Mode::Conflicts);
        } else if !any && now == Mode::Conflicts {
            set.set(Mode::Form);
        }
    });
}

/// Says what happened, once: promotion, saves, refusals.
#[hook]
fn use_news(form: &FormHandle) {
    let toaster = use_toaster();
    let view = form.state.view.clone();
    use_effect_with(form.state.news.clone(), move |news| {
        if let (Some((_, news)), Some(toaster)) = (news, &toaster) {
            toaster.show(toast(news, view.as_deref()));
        }
    });
}

fn toast(news: &News, view: Option<&FormSnapshot>) -> Toast {
    let (r#type, title) = match news {
        News::Promoted { inherited: None } => (AlertType::Success, t::form::you_are_editing_now().to_owned()),
        News::Promoted { inherited: Some(name) } => (AlertType::Success, t::form::editing_after(name)),
        News::Saved { what } => (AlertType::Success, what.clone()),
        News::Passed { what, lost: true } => (AlertType::Warning, what.clone()),
        News::Passed { what, lost: false } => (AlertType::Info, what.clone()),
        News::Replaced { what } => (AlertType::Info, what.clone()),
        News::Refused(problem) => (AlertType::Danger, refusal(problem, view)),
    };
    Toast::new("form", r#type, title)
}

/// Why something was refused, with who saved what meanwhile (4.4).
fn refusal(problem: &Problem, view: Option<&FormSnapshot>) -> String {
    let label = |field: &String| view.map_or_else(|| field.clone(), |view| view.label(field));
    let saves = problem.since.iter().map(|save| {
        let fields: Vec<String> = save.fields.iter().map(label).collect();
        let (by, at) = (&save.saved.by.name, format::moment(save.saved.at));
        format!(" {}", t::form::changed_fields_on(by, fields.join(", "), at))
    });
    problem.message.to_string() + &saves.collect::<String>()
}
