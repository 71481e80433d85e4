//! The one strip on top of a form: who edits, where one stands, where the text is, what to press.

use baton_protocol::status_text::{Strip, strip};
use baton_protocol::view::Role;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::Roster;
use crate::components::connection::use_elapsed;
use crate::hooks::FormHandle;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct StatusStripProps {
    /// The form.
    pub(crate) form: FormHandle,
    /// Whether the server is reached.
    pub(crate) live: bool,
}

/// The strip.
#[component]
pub(crate) fn StatusStrip(props: &StatusStripProps) -> Html {
    let form = &props.form;
    let view = form.state.view.clone();
    let held = view
        .as_ref()
        .is_some_and(|view| view.editors.iter().any(|editor| editor.held_ms.is_some()));
    let elapsed = use_elapsed(form.state.told_at, held);
    let Some(view) = view else {
        return Html::default();
    };
    let Strip { headline, detail } = strip(&view, elapsed);
    let status = form.state.save_status(props.live);
    let (role, class) = match view.role() {
        Role::Owner => ("owner", "baton-strip-owner"),
        Role::Spectator => ("spectator", "baton-strip-spectator"),
        Role::Watcher => ("watcher", "baton-strip-spectator"),
    };
    html! {
        <section class={classes!("baton-strip", class)} data-role={role} role="status" aria-live="polite">
            <div class="baton-strip-words">
                <strong id="strip-headline">{ headline }</strong>
                <span id="strip-detail">{ detail }</span>
            </div>
            <Roster editors={view.editors.clone()} me={view.me} />
            <span class="baton-push" />
            <span class="baton-save-status" data-save={status.state}>
                if view.unsaved() {
                    <span class="baton-dot" title="Unsaved changes" />
                }
                { status.text }
            </span>
            <Actions form={form.clone()} can_edit={view.can_edit()} unsaved={view.unsaved()} discarded={view.discarded} />
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ActionsProps {
    form: FormHandle,
    can_edit: bool,
    unsaved: bool,
    discarded: bool,
}

#[component]
fn Actions(props: &ActionsProps) -> Html {
    if !props.can_edit {
        return Html::default();
    }
    let on = |act: fn(&FormHandle)| {
        let form = props.form.clone();
        Callback::from(move |_: MouseEvent| act(&form))
    };
    html! {
        <div class="baton-actions">
            if props.unsaved {
                <Button id="discard" variant={ButtonVariant::Link} onclick={on(FormHandle::discard)} label="Discard" />
            }
            if props.discarded && !props.unsaved {
                <Button id="undo-discard" variant={ButtonVariant::Link} onclick={on(FormHandle::undo_discard)}
                    label="Bring back discarded changes" />
            }
            <Button id="save" variant={ButtonVariant::Primary} disabled={!props.unsaved} onclick={on(FormHandle::save)}
                label="Save" />
        </div>
    }
}
