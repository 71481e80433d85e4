//! The one strip on top of a form: who edits, where one stands, where the text is, what to press.

use baton_locales::t;
use baton_protocol::form::{FormCommand, FormSnapshot, Role};
use baton_protocol::status_text::{Strip, strip, strip_offline};
use gloo_timers::callback::Timeout;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::connection::use_elapsed;
use crate::components::{Roster, TakeOver};
use crate::format;
use crate::hooks::{Follow, FormHandle, use_focus_in_sight, use_session};
use crate::state::form::SaveStatus;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct StatusStripProps {
    /// The form.
    pub(crate) form: FormHandle,
    /// Whether the server is reached.
    pub(crate) live: bool,
    /// Whether the server was tried and cannot be reached.
    pub(crate) offline: bool,
    /// Whether the viewer may take a form over.
    pub(crate) takes_over: bool,
    /// Whether the page scrolls to the field that the owner is in.
    pub(crate) follow: Follow,
    /// Joins the queue; `None` unless the form was opened read-only.
    pub(crate) on_edit: Option<Callback<()>>,
}

/// The strip.
#[component]
pub(crate) fn StatusStrip(props: &StatusStripProps) -> Html {
    use_focus_in_sight();
    let form = &props.form;
    let view = form.state.view.clone();
    let held = view
        .as_ref()
        .is_some_and(|view| view.editors.iter().any(|editor| editor.reserved_ms.is_some()));
    let elapsed = use_elapsed(form.state.told_at, held);
    let state = use_session();
    let saves_later = state
        .state()
        .is_some_and(|state| state.outbox.iter().any(|entry| entry.form == form.key() && entry.save));
    let status = form.state.save_status(props.live, saves_later);
    let shown = use_settled(&status);
    let Some(view) = view else {
        return Html::default();
    };
    let remembered = form.state.remembered.is_some();
    let Strip { headline, detail } = words(&view, props.offline, remembered, elapsed);
    // What is read out says where one stands, and not how the seconds go by.
    let announced = words(&view, props.offline, remembered, 0);
    let (role, class) = match view.role() {
        Role::Owner if view.gone.is_some() || props.offline => ("owner", "baton-strip-spectator"),
        Role::Owner => ("owner", "baton-strip-owner"),
        Role::Spectator => ("spectator", "baton-strip-spectator"),
        Role::Viewer => ("viewer", "baton-strip-spectator"),
    };
    html! {
        <section class={classes!("baton-strip", class)} data-role={role} aria-label={t::form::who_edits()}>
            <p class="pf-v6-screen-reader" role="status">{ format!("{}. {}", announced.headline, announced.detail) }</p>
            <div class="baton-strip-words" aria-hidden="true" title={format!("{headline}. {detail}")}>
                <strong id="strip-headline">{ headline }</strong>
                <span id="strip-detail">{ detail }</span>
            </div>
            if remembered {
                if let Some(Some(at)) = form.state.remembered {
                    <span class="baton-quiet" id="remembered">{ t::form::as_of(format::moment(at)) }</span>
                }
            } else {
                <Roster editors={view.editors.clone()} me={view.me} />
            }
            <span class="baton-push" />
            <span class="baton-save-status" data-save={status.state} title={shown.text.clone()}>
                if view.unsaved() {
                    <span class="baton-dot" title={t::form::unsaved_changes()} />
                }
                <span role="status">{ shown.text }</span>
            </span>
            if !view.can_edit() && view.owner().is_some() {
                <FollowButton follow={props.follow.clone()} />
            }
            if let Some(edit) = &props.on_edit {
                <div class="baton-actions">
                    <span class="baton-quiet">{ t::form::any_letter_edits() }</span>
                    <Button id="edit" variant={ButtonVariant::Primary} onclick={edit.reform(|_: MouseEvent| ())} label={t::common::edit()} />
                </div>
            } else if view.can_edit() {
                <OwnerActions form={form.clone()} unsaved={view.unsaved()} discarded={view.discarded.is_some()} />
            } else if view.me.is_some() && view.gone.is_none() {
                <SpectatorActions form={form.clone()} takes_over={props.takes_over} mine_elsewhere={view.mine_elsewhere()}
                    asked={view.ask.is_some()} disabled={!props.live} />
            }
        </section>
    }
}

/// What the strip says, so many milliseconds after the form's editors were told last.
fn words(view: &FormSnapshot, offline: bool, remembered: bool, elapsed: u64) -> Strip {
    match (offline, remembered) {
        (true, remembered) => strip_offline(view, remembered),
        (false, true) => Strip {
            headline: t::form::opening().into(),
            detail: t::form::you_see_what_is_remembered().into(),
        },
        (false, false) => strip(view, elapsed),
    }
}

/// How long something may be under way before the status says so, in milliseconds.
const SETTLES: u32 = 800;

/// The status without the flicker of each keystroke: what is under way is named once it takes long; until then it says
/// what is true of it whichever way it ends.
#[hook]
fn use_settled(status: &SaveStatus) -> SaveStatus {
    let late = use_state_eq(|| false);
    // What was said last, if it says that something is not saved: of one key more it is as true.
    let unsaved = use_mut_ref(|| None::<SaveStatus>);
    {
        let late = late.setter();
        use_effect_with(status.passes(), move |passes| {
            let timer = if *passes {
                Some(Timeout::new(SETTLES, move || late.set(true)))
            } else {
                late.set(false);
                None
            };
            move || drop(timer)
        });
    }
    if status.passes() && !*late {
        let before = unsaved.borrow().clone();
        return before.unwrap_or_else(|| SaveStatus {
            text: t::form::not_saved().into(),
            ..status.clone()
        });
    }
    if !status.passes() {
        let says_so = matches!(status.state, "draft" | "waiting");
        *unsaved.borrow_mut() = says_so.then(|| status.clone());
    }
    status.clone()
}

#[derive(Clone, PartialEq, Properties)]
struct FollowButtonProps {
    follow: Follow,
}

#[component]
fn FollowButton(props: &FollowButtonProps) -> Html {
    let follow = &props.follow;
    let (label, title) = if follow.is_on() {
        (t::form::following(), t::form::scrolls_until_you_scroll())
    } else {
        (t::form::follow(), t::form::scroll_to_what_is_typed())
    };
    html! {
        <button id="follow" class="pf-v6-c-button pf-m-link" type="button" aria-pressed={follow.is_on().to_string()}
            {title} onclick={follow.toggle()}>
            <span class="pf-v6-c-button__text">{ label }</span>
        </button>
    }
}

/// Gives the form this command when it is clicked.
fn on_click(form: &FormHandle, command: FormCommand) -> Callback<MouseEvent> {
    let form = form.clone();
    Callback::from(move |_| form.command(command.clone()))
}

#[derive(Clone, PartialEq, Properties)]
struct OwnerActionsProps {
    form: FormHandle,
    unsaved: bool,
    discarded: bool,
}

#[component]
fn OwnerActions(props: &OwnerActionsProps) -> Html {
    let form = &props.form;
    html! {
        <div class="baton-actions">
            if props.unsaved {
                <Button id="discard" variant={ButtonVariant::Link} onclick={on_click(form, FormCommand::discard_draft())}
                    label={t::form::discard()} />
            }
            if props.discarded && !props.unsaved {
                <Button id="undo-discard" variant={ButtonVariant::Link} onclick={on_click(form, FormCommand::restore_draft())}
                    label={t::form::bring_back_discarded_changes()} />
            }
            <Button id="save" variant={ButtonVariant::Primary} disabled={!props.unsaved}
                onclick={on_click(form, FormCommand::save())} label={t::common::save()} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SpectatorActionsProps {
    form: FormHandle,
    takes_over: bool,
    mine_elsewhere: bool,
    asked: bool,
    disabled: bool,
}

#[component]
fn SpectatorActions(props: &SpectatorActionsProps) -> Html {
    let form = &props.form;
    let disabled = props.disabled;
    html! {
        <div class="baton-actions">
            if props.mine_elsewhere {
                <Button id="move-here" variant={ButtonVariant::Primary} {disabled}
                    onclick={on_click(form, FormCommand::MoveHere)} label={t::form::edit_in_this_window()} />
            } else {
                if props.takes_over {
                    <TakeOver form={form.clone()} {disabled} />
                }
                <Button id="ask" variant={ButtonVariant::Secondary} disabled={disabled || props.asked}
                    onclick={on_click(form, FormCommand::RequestEdit)} label={t::form::ask_to_edit()} />
            }
        </div>
    }
}
