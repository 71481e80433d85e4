//! An open form: joined on mount, left on unmount.

use std::rc::Rc;

use baton_protocol::desktop::{
    CloseForm, CommandForm, Decide, EditForm, FormUpdate, OpenForm, OpenReadOnly, PendingEdit, UiEvent, UndoDecision,
};
use baton_protocol::field::{Field, Value};
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, FormKey};
use baton_protocol::message::Problem;
use baton_protocol::values::Values;
use yew::prelude::*;

use crate::backend;
use crate::keys::History;
use crate::state::form::FormState;

#[derive(Clone, PartialEq, Default)]
struct Store(Rc<FormState>);

enum Action {
    ToastContent {
        seen: u64,
        generation: u64,
        update: Box<FormUpdate>,
        now: f64,
    },
    Typed {
        field: Box<Field>,
        value: Value,
        now: f64,
    },
    History(History),
    Refused(Problem),
    Forget,
}

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = (*self.0).clone();
        match action {
            Action::ToastContent {
                seen,
                generation,
                update,
                now,
            } => state.update(seen, generation, *update, now),
            Action::Refused(problem) => state.refused(problem),
            Action::Forget => state = FormState::default(),
            // The reducer alone knows the text that the change is made against.
            Action::Typed { field, value, now } => {
                if let Some(change) = state.typed(&field, &value, now) {
                    backend::send_quietly(change);
                }
            }
            Action::History(history) => {
                if let Some(change) = state.history(history) {
                    backend::send_quietly(change);
                }
            }
        }
        if state == *self.0 {
            self
        } else {
            Rc::new(Self(Rc::new(state)))
        }
    }
}

/// An open form and what its viewer can do with it.
#[derive(Clone, PartialEq)]
pub(crate) struct FormHandle {
    form: FormKey,
    /// What it shows.
    pub(crate) state: Rc<FormState>,
    dispatcher: UseReducerDispatcher<Store>,
}

impl FormHandle {
    /// What was typed into a field.
    pub(crate) fn on_input(&self) -> Callback<(Field, Value)> {
        let dispatcher = self.dispatcher.clone();
        Callback::from(move |(field, value)| {
            let field = Box::new(field);
            let now = js_sys::Date::now();
            dispatcher.dispatch(Action::Typed { field, value, now });
        })
    }

    /// Takes the viewer's last change back, or makes it again.
    pub(crate) fn history(&self, history: History) {
        self.dispatcher.dispatch(Action::History(history));
    }

    /// The viewer is in another field.
    pub(crate) fn on_focus(&self) -> Callback<Option<String>> {
        let form = self.form;
        Callback::from(move |field| {
            let command = FormCommand::Focus { field };
            backend::send_quietly(CommandForm { form, command });
        })
    }

    /// Does something with the form.
    pub(crate) fn command(&self, command: FormCommand) {
        let form = self.form;
        backend::send(CommandForm { form, command }, self.refused());
    }

    /// Makes the form hold these values again and saves it: a restore is a save (semantics 4.5).
    pub(crate) fn restore(&self, fields: &[Field], values: &Values) {
        let on_input = self.on_input();
        for field in fields {
            let value = values.get(&field.name).cloned().unwrap_or_default();
            on_input.emit((field.clone(), value));
        }
        self.command(FormCommand::save());
    }

    /// Which form.
    pub(crate) fn key(&self) -> FormKey {
        self.form
    }

    /// Joins the queue of a form that was opened read-only.
    pub(crate) fn edit(&self) {
        backend::send(EditForm { form: self.form }, self.refused());
    }

    /// Decides about one of the viewer's own texts: the form says `take`, or stays as it is. `done` hears that it was
    /// decided.
    pub(crate) fn decide(&self, kept: &PendingEdit, take: Option<Value>, done: impl FnOnce() + 'static) {
        let decide = Decide {
            form: self.form,
            field: kept.field.clone(),
            text: kept.value.clone(),
            take,
        };
        let refused = self.refused();
        backend::send_and_hear(decide, move |answer| match answer {
            Ok(()) => done(),
            Err(problem) => refused.emit(problem),
        });
    }

    /// Takes a decision back: the text waits for one again. `taken` is what the form said before and what it was to say.
    /// `refused` hears why that is too late, also once the form is not shown any more.
    pub(crate) fn undo_decision(&self, edit: &PendingEdit, taken: Option<(Value, Value)>, refused: Callback<Problem>) {
        let undo = UndoDecision {
            form: self.form,
            edit: edit.clone(),
            taken,
        };
        backend::send(undo, refused);
    }

    fn refused(&self) -> Callback<Problem> {
        let dispatcher = self.dispatcher.clone();
        Callback::from(move |problem| dispatcher.dispatch(Action::Refused(problem)))
    }
}

/// How a form is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Opening {
    /// To edit it, as soon as it is the viewer's turn.
    Edit,
    /// Read-only, without a place in its queue.
    ReadOnly,
}

/// The form of this key, joined while the page is shown.
#[hook]
pub(crate) fn use_form(form: FormKey, entity: EntityId) -> FormHandle {
    use_opened_form(form, entity, Opening::Edit)
}

/// The form of this key, opened in this way while the page is shown. How it is opened counts when it begins.
#[hook]
pub(crate) fn use_opened_form(form: FormKey, entity: EntityId, opening: Opening) -> FormHandle {
    let store = use_reducer(Store::default);
    let dispatcher = store.dispatcher();
    use_effect_with((form, entity), move |(form, entity)| {
        let (form, entity) = (*form, *entity);
        dispatcher.dispatch(Action::Forget);
        let subscription = backend::listen(Callback::from(move |event: Rc<UiEvent>| {
            if let UiEvent::Form {
                form: of,
                seen,
                generation,
                update,
            } = &*event
                && *of == form
            {
                dispatcher.dispatch(Action::ToastContent {
                    seen: *seen,
                    generation: *generation,
                    update: Box::new(update.clone()),
                    now: js_sys::Date::now(),
                });
            }
        }));
        match opening {
            Opening::Edit => backend::send_quietly(OpenForm {
                form,
                entity: Some(entity),
            }),
            Opening::ReadOnly => backend::send_quietly(OpenReadOnly { form, entity }),
        }
        move || {
            drop(subscription);
            backend::send_quietly(CloseForm { form });
        }
    });
    FormHandle {
        form,
        state: Rc::clone(&store.0),
        dispatcher: store.dispatcher(),
    }
}
