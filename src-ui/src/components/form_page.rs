//! What every form has around its fields: the strip, who asks, the way back, history, texts to decide about.

use std::rc::Rc;

use baton_protocol::view::FormView;
use patternfly_yew::prelude::*;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{AskPrompt, BranchNotice, Conflicts, History, KeptWithoutForm, Loading, StatusStrip, notice};
use crate::hooks::{FormHandle, use_session};
use crate::route::Route;
use crate::state::form::News;

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
    /// Whether the fields take the whole width.
    #[prop_or_default]
    pub(crate) wide: bool,
    /// The fields.
    pub(crate) children: Html,
}

/// What the page shows of the form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// Its fields.
    Form,
    /// Its saves.
    History,
    /// The viewer's own texts, to be decided about.
    Conflicts,
}

/// The page.
#[component]
pub(crate) fn FormPage(props: &FormPageProps) -> Html {
    let FormPageProps { form, crumbs, .. } = props;
    let session = use_session();
    use_news(form);
    let mode = use_state_eq(|| Mode::Form);
    use_decisions(form, &mode);
    let on_key = {
        let form = form.clone();
        Callback::from(move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("s") {
                event.prevent_default();
                form.save();
            }
        })
    };
    if let Some(problem) = &form.state.problem {
        return html! {
            <PageSection>
                <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} />
                if let Some((why, texts)) = &form.state.branch {
                    <p>{ why }</p>
                    <KeptWithoutForm texts={texts.clone()} form={form.clone()} />
                }
                if let Some((back, _)) = crumbs.last() {
                    <p><Link<Route> to={*back}>{ "Back to the list" }</Link<Route>></p>
                }
            </PageSection>
        };
    }
    let Some(view) = form.state.view.clone() else {
        return html! { <PageSection><Loading /></PageSection> };
    };
    let go_to = |to: Mode| {
        let mode = mode.setter();
        Callback::from(move |_: MouseEvent| mode.set(to))
    };
    let heading = classes!("baton-heading", (!props.wide).then_some("baton-form-heading"));
    html! {
        <div class="baton-form-page" onkeydown={on_key}>
            <StatusStrip form={form.clone()} live={session.live()} offline={session.offline()} admin={session.is_admin()} />
            <AskPrompt form={form.clone()} />
            <PageSection>
                <nav class="baton-crumbs" aria-label="Where you are">
                    { for crumbs.iter().enumerate().map(|(index, (route, label))| html! {
                        <>
                            if index > 0 {
                                <span aria-hidden="true">{ "›" }</span>
                            }
                            <Link<Route> to={*route}>{ label }</Link<Route>>
                        </>
                    }) }
                </nav>
                <div class={heading}>
                    <h1 class="pf-v6-c-title pf-m-2xl" id="form-title">{ &props.title }</h1>
                    <span class="baton-push" />
                    { props.actions.clone() }
                    if *mode != Mode::Form {
                        <Button id="history" variant={ButtonVariant::Link} onclick={go_to(Mode::Form)} label="Back to the form" />
                    } else if view.version.0 > 0 {
                        <Button id="history" variant={ButtonVariant::Link} onclick={go_to(Mode::History)} label="History" />
                    }
                </div>
                { beside(*mode, form, &view, go_to(Mode::Conflicts)) }
                <div hidden={*mode != Mode::Form}>{ props.children.clone() }</div>
            </PageSection>
        </div>
    }
}

/// What is shown before the fields, or in their place.
fn beside(mode: Mode, form: &FormHandle, view: &Rc<FormView>, on_look: Callback<MouseEvent>) -> Html {
    match (mode, &form.state.branch) {
        (Mode::History, _) => html! { <History form={form.clone()} view={view.clone()} /> },
        (Mode::Conflicts, Some((_, texts))) => html! {
            <Conflicts texts={texts.clone()} view={view.clone()} form={form.clone()} />
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
    let (decide, any) = (form.state.must_decide(), form.state.branch.is_some());
    let (now, set) = (**mode, mode.setter());
    use_effect_with((decide, any), move |(decide, any)| {
        if *decide && now == Mode::Form {
            set.set(Mode::Conflicts);
        } else if !any && now == Mode::Conflicts {
            set.set(Mode::Form);
        }
    });
}

/// Tells what happened, once, in a corner: promotion, saves, refusals.
#[hook]
fn use_news(form: &FormHandle) {
    let toaster = use_toaster();
    use_effect_with(form.state.news.clone(), move |news| {
        if let (Some((_, news)), Some(toaster)) = (news, &toaster) {
            toaster.toast(toast(news));
        }
    });
}

fn toast(news: &News) -> Toast {
    let (r#type, title) = match news {
        News::Promoted { inherited: None } => (AlertType::Success, "You are editing now.".to_owned()),
        News::Promoted { inherited: Some(name) } => (
            AlertType::Success,
            format!("You are editing now, and go on from {name}’s unsaved changes."),
        ),
        News::Saved { by, version } => (AlertType::Success, format!("{by} saved version {version}.")),
        News::Passed { what, lost: true } => (AlertType::Warning, what.clone()),
        News::Passed { what, lost: false } => (AlertType::Info, what.clone()),
        News::Replaced { what } => (AlertType::Info, what.clone()),
        News::Refused(problem) => (AlertType::Danger, problem.message.clone()),
    };
    notice(r#type, title)
}
