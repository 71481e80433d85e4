//! A field for a comment, with the names of those who can be mentioned.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use baton_locales::t;
use baton_protocol::comment::CommentText;
use baton_protocol::id::CommentId;
use baton_protocol::message::Problem;
use baton_protocol::person::Person;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::names::{NameChoice, names, use_name_choice};
use crate::state::comments::mentioned;

thread_local! {
    /// What was written and not sent: it is there again when its field is, wherever its author was meanwhile.
    static UNSENT: RefCell<BTreeMap<String, String>> = RefCell::default();
}

/// A text that is to be sent, under an id that stays the same until it was taken (G8).
#[derive(Clone, PartialEq)]
pub(crate) struct Sending {
    pub(crate) comment: CommentId,
    pub(crate) text: CommentText,
    /// Hears what came of it.
    pub(crate) done: Callback<Result<(), Problem>>,
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ComposerProps {
    pub(crate) id: String,
    /// What the text is for: what is not sent is remembered by it.
    pub(crate) subject: String,
    /// Who can be mentioned.
    pub(crate) colleagues: Rc<Vec<Person>>,
    /// Whether the server is reached.
    pub(crate) live: bool,
    /// The field takes the focus whenever this is another number.
    #[prop_or_default]
    pub(crate) focus: Option<u64>,
    /// What it begins with.
    #[prop_or_default]
    pub(crate) text: AttrValue,
    /// Sends what was written.
    pub(crate) on_send: Callback<Sending>,
    /// Ends it without sending anything, where that is another thing than an empty field.
    #[prop_or_default]
    pub(crate) on_cancel: Option<Callback<()>>,
    /// What the empty field says.
    pub(crate) hint: AttrValue,
    /// What the button says.
    pub(crate) label: AttrValue,
}

/// The field.
#[component]
pub(crate) fn Composer(props: &ComposerProps) -> Html {
    let ComposerProps { id, live, hint, .. } = props;
    let input = use_node_ref();
    let text = use_state_eq(|| unsent(&props.subject).unwrap_or_else(|| props.text.to_string()));
    let state = use_state_eq(|| State::Writing(None));
    {
        let subject = props.subject.clone();
        use_effect_with((*text).clone(), move |text| remember(&subject, text));
    }
    use_effect_with((props.focus, input.clone()), |(focus, input)| {
        if let Some(input) = input.cast::<HtmlTextAreaElement>().filter(|_| focus.is_some()) {
            // It can only fail for an element that cannot have the focus.
            input.focus().ok();
        }
    });
    let choice = use_name_choice(&input, &text, &props.colleagues);
    let send = use_send(props, &text, &state);
    let oninput = {
        let (text, choice) = (text.setter(), choice.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlTextAreaElement>() {
                let cursor = input.selection_start().ok().flatten().unwrap_or_default();
                choice.typed(&input.value(), cursor);
                text.set(input.value());
            }
        })
    };
    let onkeydown = on_key(&choice, &send, props.on_cancel.clone());
    let list = format!("{id}-names");
    let sending = *state == State::Sending;
    let cancel = props.on_cancel.as_ref().map(|cancel| cancel.reform(|_: MouseEvent| ()));
    html! {
        <div class="baton-composer">
            <span class="pf-v6-c-form-control pf-m-textarea">
                <textarea id={id.clone()} ref={input} rows="2" placeholder={hint.clone()} aria-label={hint.clone()}
                    aria-autocomplete="list" aria-controls={(!choice.is_empty()).then(|| list.clone())}
                    aria-activedescendant={choice.active(&list)} value={(*text).clone()} {oninput} {onkeydown} />
            </span>
            { names(&choice, &list) }
            if let State::Writing(Some(problem)) = &*state {
                <p class="baton-error">{ problem }</p>
            }
            if !text.is_empty() || cancel.is_some() {
                <div class="baton-actions">
                    <Button id={format!("{id}-send")} variant={ButtonVariant::Primary} loading={sending}
                        disabled={!live || sending || text.trim().is_empty()} onclick={send.reform(|_: MouseEvent| ())} label={props.label.to_string()} />
                    if let Some(cancel) = cancel {
                        <Button variant={ButtonVariant::Link} onclick={cancel} label={t::common::cancel()} />
                    }
                    if !live {
                        <span class="baton-quiet">{ t::comments::when_the_server_is_back() }</span>
                    }
                </div>
            }
        </div>
    }
}

/// How far the text is.
#[derive(Clone, PartialEq, Eq, Debug)]
enum State {
    /// Its author writes; why it was not taken, if it was sent.
    Writing(Option<String>),
    /// It is on its way.
    Sending,
}

fn unsent(subject: &str) -> Option<String> {
    UNSENT.with_borrow(|unsent| unsent.get(subject).cloned())
}

fn remember(subject: &str, text: &str) {
    UNSENT.with_borrow_mut(|unsent| match text.trim() {
        "" => drop(unsent.remove(subject)),
        _ => drop(unsent.insert(subject.to_owned(), text.to_owned())),
    });
}

/// Sends what is written, if it is a comment, and once at a time. What is typed meanwhile stays.
#[hook]
fn use_send(props: &ComposerProps, text: &UseStateHandle<String>, state: &UseStateHandle<State>) -> Callback<()> {
    let comment = use_mut_ref(|| CommentId(Uuid::now_v7()));
    let latest = use_mut_ref(String::new);
    latest.borrow_mut().clone_from(text);
    let (text, state, subject) = (text.clone(), state.clone(), props.subject.clone());
    let (colleagues, on_send) = (Rc::clone(&props.colleagues), props.on_send.clone());
    Callback::from(move |()| {
        if *state == State::Sending {
            return;
        }
        let what = text.trim().to_owned();
        let mentions = mentioned(&what, &colleagues);
        let written = CommentText { text: what, mentions };
        if let Err(why) = written.check() {
            state.set(State::Writing(Some(why.to_string())));
            return;
        }
        state.set(State::Sending);
        let (set, state, subject, sent) = (text.setter(), state.setter(), subject.clone(), (*text).clone());
        let (next, latest) = (Rc::clone(&comment), Rc::clone(&latest));
        let done = Callback::from(move |outcome: Result<(), Problem>| match outcome {
            Ok(()) => {
                *next.borrow_mut() = CommentId(Uuid::now_v7());
                if *latest.borrow() == sent {
                    remember(&subject, "");
                    set.set(String::new());
                }
                state.set(State::Writing(None));
            }
            Err(refused) => state.set(State::Writing(Some(refused.message.to_string()))),
        });
        let (comment, text) = (*comment.borrow(), written);
        on_send.emit(Sending { comment, text, done });
    })
}

/// The keys of the field: those that choose a name while names are offered, and Ctrl+Enter, which sends.
fn on_key(choice: &NameChoice, send: &Callback<()>, cancel: Option<Callback<()>>) -> Callback<KeyboardEvent> {
    let (choice, send) = (choice.clone(), send.clone());
    Callback::from(move |event: KeyboardEvent| {
        let sends = event.ctrl_key() || event.meta_key();
        match (event.key().as_str(), choice.is_empty()) {
            ("Enter", _) if sends => {
                choice.close();
                send.emit(());
            }
            ("ArrowDown", false) => choice.step(1),
            ("ArrowUp", false) => choice.step(-1),
            ("Enter" | "Tab", false) => choice.take(),
            ("Escape", false) => choice.close(),
            ("Escape", true) => {
                if let Some(cancel) = &cancel {
                    cancel.emit(());
                }
                return;
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}
