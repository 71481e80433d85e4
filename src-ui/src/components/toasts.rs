//! What is said in passing: one toast for each subject, in a row of its own at the window's end, so that it covers nothing.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::desktop::ShowDownload;
use baton_protocol::message::Problem;
use gloo_timers::callback::Timeout;
use patternfly_yew::prelude::AlertType;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;

/// How long a toast stays. What must not be missed is said on the page itself.
const STAYS_MS: u32 = 6000;
/// The most that are shown at once; the oldest go first.
const MAX_TOASTS: usize = 3;

/// Something that is said in passing.
#[derive(Clone, PartialEq)]
pub(crate) struct Toast {
    /// What it is about: a newer toast about the same takes its place.
    pub(crate) subject: &'static str,
    /// How it is coloured.
    pub(crate) kind: AlertType,
    /// What is said.
    pub(crate) text: AttrValue,
    /// What can be done about it: the button's label, and what it does.
    pub(crate) action: Option<(AttrValue, Callback<()>)>,
    /// Whether it stays until it is closed.
    pub(crate) stays: bool,
}

impl Toast {
    pub(crate) fn new(subject: &'static str, kind: AlertType, text: impl Into<AttrValue>) -> Self {
        Self {
            subject,
            kind,
            text: text.into(),
            action: None,
            stays: false,
        }
    }
}

/// The toasts that are shown, oldest first, each with its number.
#[derive(Clone, PartialEq, Default)]
struct Toasts {
    shown: Vec<(u64, Toast)>,
    last: u64,
}

enum ToastAction {
    Show(Toast),
    Close(u64),
}

impl Reducible for Toasts {
    type Action = ToastAction;

    fn reduce(self: Rc<Self>, action: Self::Action) -> Rc<Self> {
        let mut toasts = (*self).clone();
        match action {
            ToastAction::Show(toast) => {
                toasts.last += 1;
                toasts
                    .shown
                    .retain(|(_, shown)| shown.stays || shown.subject != toast.subject);
                toasts.shown.push((toasts.last, toast));
                // What stays until it is closed makes no room for others.
                let over = toasts.shown.len().saturating_sub(MAX_TOASTS);
                let passing = toasts.shown.iter().filter(|(_, shown)| !shown.stays);
                let oldest: Vec<u64> = passing.map(|(number, _)| *number).take(over).collect();
                toasts.shown.retain(|(number, _)| !oldest.contains(number));
            }
            ToastAction::Close(number) => toasts.shown.retain(|(shown, _)| *shown != number),
        }
        Rc::new(toasts)
    }
}

/// Shows toasts.
#[derive(Clone, PartialEq)]
pub(crate) struct Toaster(UseReducerDispatcher<Toasts>);

impl Toaster {
    /// Shows this one, in place of the one about the same.
    pub(crate) fn show(&self, toast: Toast) {
        self.0.dispatch(ToastAction::Show(toast));
    }

    /// Says where a file was saved, or why it was not.
    pub(crate) fn saved(&self, subject: &'static str, saved: Result<&str, &Problem>) {
        match saved {
            Ok(path) => {
                let call = ShowDownload { path: path.to_owned() };
                let toaster = self.clone();
                let show = Callback::from(move |()| {
                    let (call, toaster) = (call.clone(), toaster.clone());
                    spawn_local(async move {
                        if let Err(problem) = backend::call(call).await {
                            toaster.failed(subject, problem.message.to_string());
                        }
                    });
                });
                self.show(Toast {
                    action: Some((t::shell::show_in_folder().into(), show)),
                    ..Toast::new(subject, AlertType::Success, t::shell::saved_as(path))
                });
            }
            Err(problem) => self.failed(subject, problem.message.to_string()),
        }
    }

    /// Says that something did not go well.
    pub(crate) fn failed(&self, subject: &'static str, text: impl Into<AttrValue>) {
        self.show(Toast::new(subject, AlertType::Danger, text));
    }
}

/// Shows toasts, from any component.
#[hook]
pub(crate) fn use_toaster() -> Option<Toaster> {
    use_context()
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ToastAreaProps {
    pub(crate) children: Html,
}

/// The window's content, and the toasts below it.
#[component]
pub(crate) fn ToastArea(props: &ToastAreaProps) -> Html {
    let toasts = use_reducer(Toasts::default);
    let toaster = Toaster(toasts.dispatcher());
    let close = {
        let toasts = toasts.dispatcher();
        Callback::from(move |number| toasts.dispatch(ToastAction::Close(number)))
    };
    html! {
        <ContextProvider<Toaster> context={toaster}>
            <div class="baton-window">
                <div class="baton-screen">{ props.children.clone() }</div>
                // It is there before there is anything to say: only then what comes into it is read out.
                <div class="baton-toasts" role="status" aria-live="polite">
                    { for toasts.shown.iter().map(|(number, toast)| html! {
                        <ToastLine key={*number} number={*number} toast={toast.clone()} close={close.clone()} />
                    }) }
                </div>
            </div>
        </ContextProvider<Toaster>>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ToastLineProps {
    number: u64,
    toast: Toast,
    close: Callback<u64>,
}

/// One toast. It waits while the pointer or the focus is on it.
#[component]
fn ToastLine(props: &ToastLineProps) -> Html {
    let ToastLineProps { number, toast, close } = props;
    let held = use_state_eq(|| false);
    {
        let (number, close) = (*number, close.clone());
        use_effect_with((*held || toast.stays, number), move |(waits, number)| {
            let number = *number;
            let timeout = (!waits).then(|| Timeout::new(STAYS_MS, move || close.emit(number)));
            move || drop(timeout)
        });
    }
    let hold = |value: bool| {
        let held = held.setter();
        move || held.set(value)
    };
    let (over, out, focus, blur) = (hold(true), hold(false), hold(true), hold(false));
    let close = |then: Option<Callback<()>>| {
        let (number, close) = (*number, close.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(then) = &then {
                then.emit(());
            }
            close.emit(number);
        })
    };
    let (kind, icon) = match toast.kind {
        AlertType::Success => ("success", "fa-check-circle"),
        AlertType::Warning => ("warning", "fa-exclamation-triangle"),
        AlertType::Danger => ("danger", "fa-exclamation-circle"),
        AlertType::Info | AlertType::Custom => ("info", "fa-info-circle"),
    };
    html! {
        <div class={format!("baton-toast baton-toast-{kind}")} data-toast={toast.subject}
            onmouseenter={move |_: MouseEvent| over()} onmouseleave={move |_: MouseEvent| out()}
            onfocusin={move |_: FocusEvent| focus()} onfocusout={move |_: FocusEvent| blur()}>
            <i class={format!("fas {icon}")} aria-hidden="true" />
            <span>{ &toast.text }</span>
            if let Some((label, then)) = &toast.action {
                <button type="button" class="baton-inline-link" onclick={close(Some(then.clone()))}>{ label }</button>
            }
            <button type="button" class="baton-toast-close" aria-label={t::common::close()} onclick={close(None)}>
                <i class="fas fa-times" aria-hidden="true" />
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(toasts: &Toasts) -> Vec<&str> {
        toasts.shown.iter().map(|(_, toast)| toast.text.as_str()).collect()
    }

    fn show(toasts: Rc<Toasts>, subject: &'static str, text: &'static str) -> Rc<Toasts> {
        toasts.reduce(ToastAction::Show(Toast::new(subject, AlertType::Info, text)))
    }

    #[test]
    fn a_newer_toast_takes_the_place_of_the_one_about_the_same() {
        let toasts = show(Rc::default(), "form", "Anna edits");
        let toasts = show(toasts, "export", "Exported");
        let toasts = show(toasts, "form", "You edit");
        assert_eq!(texts(&toasts), ["Exported", "You edit"]);
        // The number of what went closes nothing else.
        let toasts = toasts.reduce(ToastAction::Close(1));
        assert_eq!(texts(&toasts), ["Exported", "You edit"]);
        let toasts = toasts.reduce(ToastAction::Close(2));
        assert_eq!(texts(&toasts), ["You edit"]);
    }

    #[test]
    fn what_stays_is_neither_replaced_nor_pushed_out() {
        let staying = Toast {
            stays: true,
            ..Toast::new("message", AlertType::Info, "read me")
        };
        let toasts = Rc::<Toasts>::default().reduce(ToastAction::Show(staying));
        let toasts = ["a", "b", "c", "message"]
            .into_iter()
            .fold(toasts, |toasts, one| show(toasts, one, one));
        assert_eq!(texts(&toasts), ["read me", "c", "message"]);
    }

    #[test]
    fn only_a_few_are_shown() {
        let toasts = show(Rc::default(), "a", "a");
        let toasts = ["b", "c", "d"]
            .into_iter()
            .fold(toasts, |toasts, one| show(toasts, one, one));
        assert_eq!(texts(&toasts), ["b", "c", "d"]);
    }
}
