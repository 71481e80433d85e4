//! A record's form.

use baton_protocol::id::{EntityId, FormKey, RecordId};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen::JsCast as _;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{
    AskPrompt, BranchNotice, Conflicts, FieldRow, History, KeptWithoutForm, Loading, RemovalActions, StatusStrip,
};
use crate::hooks::{FormHandle, use_form, use_session};
use crate::route::Route;
use crate::state::form::News;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordProps {
    /// Which entity.
    pub(crate) entity: Uuid,
    /// Which record.
    pub(crate) record: Uuid,
}

/// A record's form: the strip, and one row a field.
#[component]
pub(crate) fn Record(props: &RecordProps) -> Html {
    let entity = EntityId(props.entity);
    let form = use_form(FormKey::record(RecordId(props.record)), Some(entity));
    let session = use_session();
    use_news(&form);
    use_title_focus(&form);
    let mode = use_state_eq(|| Mode::Form);
    use_decisions(&form, &mode);
    let on_key = {
        let form = form.clone();
        Callback::from(move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && event.key() == "s" {
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
                <p><Link<Route> to={Route::records(entity)}>{ "Back to the list" }</Link<Route>></p>
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
    let title = match view.title().trim() {
        "" => format!("New {}", view.entity.label.to_lowercase()),
        title => title.to_owned(),
    };
    let can_edit = view.can_edit();
    let on_input = form.on_input();
    let on_focus = form.on_focus();
    html! {
        <div class="baton-form-page" onkeydown={on_key}>
            <StatusStrip form={form.clone()} live={session.live()} offline={session.offline()} admin={session.is_admin()} />
            <AskPrompt form={form.clone()} />
            <PageSection>
                <nav class="baton-crumbs" aria-label="Where you are">
                    <Link<Route> to={Route::Entities}>{ "Content" }</Link<Route>>
                    <span aria-hidden="true">{ "›" }</span>
                    <Link<Route> to={Route::records(entity)}>{ &view.entity.label_plural }</Link<Route>>
                </nav>
                <div class="baton-heading baton-form-heading">
                    <h1 class="pf-v6-c-title pf-m-2xl" id="form-title">{ title }</h1>
                    <span class="baton-push" />
                    if view.version.0 > 0 && view.me.is_some() {
                        <RemovalActions form={form.clone()} view={view.clone()} live={session.live()} />
                    }
                    if *mode != Mode::Form {
                        <Button id="history" variant={ButtonVariant::Link} onclick={go_to(Mode::Form)} label="Back to the form" />
                    } else if view.version.0 > 0 {
                        <Button id="history" variant={ButtonVariant::Link} onclick={go_to(Mode::History)} label="History" />
                    }
                </div>
                { match (*mode, &form.state.branch) {
                    (Mode::History, _) => html! { <History form={form.clone()} view={view.clone()} /> },
                    (Mode::Conflicts, Some((_, texts))) => html! {
                        <Conflicts texts={texts.clone()} view={view.clone()} form={form.clone()} />
                    },
                    (Mode::Form, Some((why, texts))) => html! {
                        <BranchNotice why={why.clone()} texts={texts.clone()} on_look={go_to(Mode::Conflicts)} />
                    },
                    (Mode::Form | Mode::Conflicts, None) => Html::default(),
                } }
                <div class="baton-fields" hidden={*mode != Mode::Form}>
                    { for view.fields().into_iter().map(|field| {
                        let name = field.name.clone();
                        let here = view.editors.iter()
                            .filter(|editor| Some(editor.ticket) != view.me && editor.field.as_deref() == Some(name.as_str()))
                            .map(|editor| editor.person.name.clone())
                            .next();
                        html! {
                            <FieldRow key={name.clone()} value={view.value(&name).clone()} {can_edit}
                                error={view.error(&name).map(ToOwned::to_owned)}
                                unsaved={view.draft.fields.contains_key(&name)}
                                {here} {field} on_input={on_input.clone()} on_focus={on_focus.clone()} />
                        }
                    }) }
                </div>
            </PageSection>
        </div>
    }
}

/// What the page shows of the record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    Form,
    History,
    /// The viewer's own texts, to be decided about.
    Conflicts,
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

/// A new record begins with the cursor in its title.
#[hook]
fn use_title_focus(form: &FormHandle) {
    let new = form
        .state
        .view
        .as_ref()
        .is_some_and(|view| view.version.0 == 0 && view.can_edit() && !view.unsaved());
    use_effect_with(new, |new| {
        let input = gloo_utils::document().get_element_by_id("field-title");
        if let (true, Some(input)) = (
            *new,
            input.and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok()),
        ) {
            // It can only fail for an element that cannot have the focus.
            input.focus().ok();
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
    Toast {
        title,
        r#type,
        timeout: Some(std::time::Duration::from_secs(6)),
        ..Toast::default()
    }
}
