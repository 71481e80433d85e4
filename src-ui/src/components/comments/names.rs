//! The names that are offered while one is being written.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::person::Person;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::format;
use crate::state::comments::{Naming, naming};

/// What is offered where the cursor is, and which of it is chosen.
#[derive(Clone, PartialEq)]
pub(crate) struct NameChoice {
    input: NodeRef,
    text: UseStateHandle<String>,
    naming: UseStateHandle<Option<Naming>>,
    chosen: UseStateHandle<usize>,
    offered: Rc<[Person]>,
}

/// The names for what is written in a field.
#[hook]
pub(crate) fn use_name_choice(input: &NodeRef, text: &UseStateHandle<String>, colleagues: &[Person]) -> NameChoice {
    let naming = use_state_eq(|| None::<Naming>);
    let chosen = use_state_eq(|| 0usize);
    let offered = match &*naming {
        Some(naming) => naming.offered(colleagues).into_iter().cloned().collect(),
        None => Rc::from([]),
    };
    NameChoice {
        input: input.clone(),
        text: text.clone(),
        naming,
        chosen,
        offered,
    }
}

impl NameChoice {
    pub(crate) fn is_empty(&self) -> bool {
        self.offered.is_empty()
    }

    /// Something was typed; the cursor is there, in UTF-16 units.
    pub(crate) fn typed(&self, text: &str, cursor: u32) {
        self.naming.set(naming(text, cursor as usize));
        self.chosen.set(0);
    }

    /// Chooses another one: the next, or the one before.
    pub(crate) fn step(&self, by: isize) {
        if !self.is_empty() {
            let many = self.offered.len();
            self.chosen.set((*self.chosen + many).saturating_add_signed(by) % many);
        }
    }

    pub(crate) fn close(&self) {
        self.naming.set(None);
    }

    /// Takes the chosen one.
    pub(crate) fn take(&self) {
        self.take_this(*self.chosen);
    }

    fn take_this(&self, index: usize) {
        let person = self.offered.get(index);
        let input = self.input.cast::<HtmlTextAreaElement>();
        let (Some(naming), Some(person), Some(input)) = (&*self.naming, person, input) else {
            return;
        };
        let Some((complete, cursor)) = naming.complete(&input.value(), person) else {
            self.close();
            return;
        };
        input.set_value(&complete);
        // It can only fail for an input that has no selection.
        input.set_selection_range(cursor, cursor).ok();
        input.focus().ok();
        self.text.set(complete);
        self.naming.set(None);
        self.chosen.set(0);
    }

    /// The id of what is chosen, in a list of this id.
    pub(crate) fn active(&self, list: &str) -> Option<String> {
        self.offered
            .get(*self.chosen)
            .map(|_| format!("{list}-{}", *self.chosen))
    }
}

/// The list of what is offered.
pub(crate) fn names(choice: &NameChoice, list: &str) -> Html {
    if choice.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="baton-names" id={list.to_owned()} role="listbox" aria-label={t::shell::people()}>
            { for choice.offered.iter().enumerate().map(|(index, person)| {
                let here = index == *choice.chosen;
                let choice = choice.clone();
                // Before the field loses the focus.
                let onmousedown = Callback::from(move |event: MouseEvent| {
                    event.prevent_default();
                    choice.take_this(index);
                });
                html! {
                    <li key={index} id={format!("{list}-{index}")} role="option" aria-selected={here.to_string()}
                        class={classes!(here.then_some("baton-here"))} {onmousedown}>
                        <span class="baton-avatar" aria-hidden="true">{ format::initials(&person.name) }</span>
                        { &person.name }
                    </li>
                }
            }) }
        </ul>
    }
}
