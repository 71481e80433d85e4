//! One value of one record, changed from its list: its form is opened, changed, saved and left. What is dragged to another
//! place has another value.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey, RecordId, Version};
use yew::prelude::*;

use crate::components::use_toaster;
use crate::format;
use crate::hooks::use_form;

/// A value that a record is to have.
#[derive(Clone, PartialEq)]
pub(super) struct ValueChange {
    pub(super) record: RecordId,
    /// The field's name.
    pub(super) field: String,
    pub(super) value: Value,
}

#[derive(Clone, PartialEq, Default)]
struct Changes {
    /// Those that go on, by their numbers.
    under_way: Vec<(u64, ValueChange)>,
    last: u64,
}

enum Action {
    Begin(ValueChange),
    End(u64),
}

impl Reducible for Changes {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut changes = (*self).clone();
        match action {
            Action::Begin(change) => {
                changes.last += 1;
                // One at a time for each record: of those that wait for the first, the last is meant.
                let mut of_it = changes
                    .under_way
                    .iter()
                    .filter(|(_, other)| other.record == change.record);
                let waiting = of_it.nth(1).map(|(number, _)| *number);
                changes.under_way.retain(|(number, _)| Some(*number) != waiting);
                changes.under_way.push((changes.last, change));
            }
            Action::End(number) => changes.under_way.retain(|(other, _)| *other != number),
        }
        Rc::new(changes)
    }
}

/// Changes values; what is drawn for it shows nothing, and must stay while the list does.
#[hook]
pub(super) fn use_value_change(entity: EntityId) -> (Callback<ValueChange>, Html) {
    let changes = use_reducer(Changes::default);
    let begin = {
        let changes = changes.dispatcher();
        Callback::from(move |change| changes.dispatch(Action::Begin(change)))
    };
    let is_first = |(place, (_, change)): &(usize, &(u64, ValueChange))| {
        let before = &changes.under_way[..*place];
        !before.iter().any(|(_, other)| other.record == change.record)
    };
    let first = changes.under_way.iter().enumerate().filter(is_first);
    let under_way = first.map(|(_, (number, change))| {
        let (dispatcher, number) = (changes.dispatcher(), *number);
        let on_done = Callback::from(move |()| dispatcher.dispatch(Action::End(number)));
        html! { <UnderWay key={number} {entity} change={change.clone()} {on_done} /> }
    });
    (begin, html! { { for under_way } })
}

#[derive(Clone, PartialEq, Properties)]
struct UnderWayProps {
    entity: EntityId,
    change: ValueChange,
    on_done: Callback<()>,
}

/// How far it is.
enum Step {
    Opening,
    /// It was changed and saved from this.
    Saving(Value, Version),
}

#[component]
fn UnderWay(props: &UnderWayProps) -> Html {
    let form = use_form(FormKey::record(props.change.record), props.entity);
    let toaster = use_toaster();
    let step = use_mut_ref(|| Step::Opening);
    let refused = form.state.refusal().map(|(_, problem)| problem.message.to_string());
    let problem = form.state.problem.as_ref().map(|problem| problem.message.to_string());
    // What this computer remembers says nothing of who edits.
    let view = form.state.view.clone().filter(|_| form.state.remembered.is_none());
    let ValueChange { field, value, .. } = props.change.clone();
    let on_done = props.on_done.clone();
    use_effect_with((view, problem, refused), move |(view, problem, refused)| {
        let fail = |why: String| {
            if let Some(toaster) = &toaster {
                toaster.failed("move", why);
            }
            on_done.emit(());
        };
        if let Some(problem) = problem {
            return fail(problem.clone());
        }
        let Some(view) = view else { return };
        let Some(defined) = view.field(&field) else {
            return fail(t::list::no_such_field_any_more().into());
        };
        let mut step = step.borrow_mut();
        match &*step {
            Step::Opening if view.can_edit() && !view.unsaved() && view.value(&field) == &value => on_done.emit(()),
            Step::Opening if view.can_edit_field(&field) && view.draft.fields.is_empty() => {
                *step = Step::Saving(view.value(&field).clone(), view.version);
                form.on_input().emit((defined, value.clone()));
                form.command(FormCommand::save());
            }
            Step::Opening => {
                if let Some(why) = in_the_way(view, &field) {
                    fail(why);
                }
            }
            Step::Saving(_, version) if *version != view.version => on_done.emit(()),
            Step::Saving(before, _) => {
                let wrong = view.errors.first().map(|error| error.message.to_string());
                if let Some(why) = wrong.or_else(|| refused.clone()) {
                    form.on_input().emit((defined, before.clone()));
                    fail(why);
                }
            }
        }
    });
    Html::default()
}

/// Why the value cannot be changed from here; nothing while that is not known yet.
fn in_the_way(view: &FormSnapshot, field: &str) -> Option<String> {
    let title = format::title(view.title());
    if view.gone.is_some() {
        return Some(t::list::not_in_the_list_any_more(title));
    }
    if view.can_edit() {
        return Some(if view.can_edit_field(field) {
            t::list::has_unsaved_changes(title)
        } else {
            t::list::cannot_be_changed_from_here(title)
        });
    }
    match view.owner() {
        Some(owner) => Some(t::list::is_editing_it_now(&owner.person.name, title)),
        // Whoever only looks has no place.
        None => view.me.is_none().then(|| t::list::may_look_but_not_edit(title)),
    }
}
