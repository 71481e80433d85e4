//! What is done to many records at once.

use std::sync::Arc;

use baton_locales::t;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, Value};
use baton_protocol::job::{BulkAction, Job, JobOutcome, JobState, RecordSelection};
use baton_protocol::list::COUNT_LIMIT;
use baton_protocol::list_query::ListQuery;
use baton_protocol::values::{SLUG, STATUS, TITLE};
use patternfly_yew::prelude::*;
use yew::prelude::*;

use super::tools::Popover;
use crate::components::{Faults, FieldInput, JobProgress, Select};
use crate::hooks::{JobHandle, Work, focus_on, use_job, use_session};
use crate::state::selection::Selection;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct BulkBarProps {
    /// What they are records of.
    pub(crate) entity: Arc<Entity>,
    /// What the list shows.
    pub(crate) query: ListQuery,
    /// How many it shows in all.
    pub(crate) total: u64,
    /// What is chosen.
    pub(crate) selection: Selection,
    /// Something else is chosen.
    pub(crate) on_selection: Callback<Selection>,
}

/// The bar; nothing while nothing is chosen and nothing was done.
#[component]
pub(crate) fn BulkBar(props: &BulkBarProps) -> Html {
    let job = use_job();
    // What is under way, if it can be undone.
    let last = use_state_eq(|| None::<BulkAction>);
    // What was done last and can be undone, until it is.
    let done = use_state_eq(|| None::<(BulkAction, JobOutcome)>);
    let BulkBarProps { entity, selection, .. } = props;
    {
        let over = match &job.work {
            Work::Over(state) => state.outcome.clone(),
            Work::None | Work::Going(_) | Work::Failed(_) => None,
        };
        let (last, done) = (last.clone(), done.setter());
        use_effect_with(over, move |over| {
            if let Some(outcome) = over {
                let undoable = last.as_ref().filter(|_| !outcome.changed.is_empty());
                done.set(undoable.map(|action| (action.clone(), outcome.clone())));
            }
        });
    }
    let act = {
        let (entity, which) = (entity.id, selection.which(&props.query));
        let (begin, last, choose) = (job.begin.clone(), last.setter(), props.on_selection.clone());
        Callback::from(move |action: BulkAction| {
            last.set(Some(action.clone()));
            let which = which.clone();
            begin.emit(Job::Bulk { entity, which, action });
            choose.emit(Selection::default());
        })
    };
    let undo = {
        let (entity, begin, last, done) = (entity.id, job.begin.clone(), last.setter(), done.clone());
        Callback::from(move |()| {
            let Some((action, outcome)) = (*done).clone() else {
                return;
            };
            let records = outcome.changed.iter().map(|(record, _)| *record).collect();
            let action = match action {
                BulkAction::Remove(_) => BulkAction::Restore,
                BulkAction::Set(_) | BulkAction::Restore | BulkAction::Revert(_) => BulkAction::Revert(outcome.changed),
                BulkAction::Purge => return,
            };
            last.set(None);
            begin.emit(Job::Bulk {
                entity,
                which: RecordSelection::Records(records),
                action,
            });
        })
    };
    html! {
        <div class="baton-bulk-place">
            if !selection.is_empty() && !matches!(job.work, Work::Going(_)) {
                <Choice bar={props.clone()} {act} />
            }
            <Result job={job.clone()} can_undo={done.is_some()} on_undo={undo} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ChoiceProps {
    bar: BulkBarProps,
    act: Callback<BulkAction>,
}

#[component]
fn Choice(props: &ChoiceProps) -> Html {
    let ChoiceProps { bar, act } = props;
    let chosen = bar.selection.records.len() as u64;
    let count = if bar.selection.all { bar.total } else { chosen };
    let many = |count: u64| match count {
        many if many > COUNT_LIMIT && !bar.query.shows_all() => t::list::more_than_in_brackets(COUNT_LIMIT),
        count => count.to_string(),
    };
    let selected = many(count);
    let choose = |selection: Selection| bar.on_selection.reform(move |_: MouseEvent| selection.clone());
    let remove = |how: DeletionKind| act.reform(move |_: MouseEvent| BulkAction::Remove(how));
    html! {
        <div class="baton-bulk" role="region" aria-label={t::common::what_is_selected()} id="bulk">
            <strong id="selected">{ t::common::selected(&selected) }</strong>
            if !bar.selection.all && chosen < bar.total {
                <Button id="select-all" variant={ButtonVariant::Link} label={t::list::select_all(many(bar.total))}
                    onclick={choose(Selection { all: true, ..Selection::default() })} />
            }
            <span class="baton-push" />
            <Popover id="bulk-set" icon="fas fa-pen" label={t::list::set_fields()}>
                <SetField entity={bar.entity.clone()} {count} act={act.clone()} />
            </Popover>
            <Button id="bulk-archive" variant={ButtonVariant::Secondary} label={t::list::archive()} onclick={remove(DeletionKind::Archived)} />
            <Button id="bulk-delete" variant={ButtonVariant::Danger} label={t::common::delete()} onclick={remove(DeletionKind::Deleted)} />
            <Button id="bulk-clear" variant={ButtonVariant::Link} label={t::list::clear()} onclick={choose(Selection::default())} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SetFieldProps {
    entity: Arc<Entity>,
    count: u64,
    act: Callback<BulkAction>,
}

/// The names of fields, and their new values.
type Chosen = Vec<(String, Value)>;

fn changed(chosen: &UseStateHandle<Chosen>, with: impl Fn(&mut Chosen) + 'static) -> Callback<()> {
    let chosen = chosen.clone();
    Callback::from(move |()| {
        let mut now = (*chosen).clone();
        with(&mut now);
        chosen.set(now);
    })
}

/// Fields and their new values; one to begin with.
#[component]
fn SetField(props: &SetFieldProps) -> Html {
    let permission = use_session().permission(props.entity.id);
    let free =
        |field: &Field| field.name != TITLE && field.name != SLUG && !field.unique && !field.field_type.is_file();
    let fields: Vec<Field> = props
        .entity
        .form_fields()
        .into_iter()
        .filter(|field| free(field) && permission.edits_field(&field.id))
        .collect();
    let chosen = use_state_eq(|| {
        let first = fields.first().map(|field| (field.name.clone(), Value::Empty));
        first.into_iter().collect::<Chosen>()
    });
    let is_free = |name: &str| chosen.iter().all(|(other, _)| other != name);
    let rows: Vec<Option<Field>> = chosen
        .iter()
        .map(|(name, _)| fields.iter().find(|field| field.name == *name).cloned())
        .collect();
    // What every record has cannot be taken away.
    let wrong = |(field, (_, value)): (&Option<Field>, &(String, Value))| match field {
        Some(field) => field
            .check(value, field.name == STATUS)
            .err()
            .map(|why| why.to_string()),
        None => Some(t::list::field_is_gone().into()),
    };
    let wrongs: Vec<Option<String>> = rows.iter().zip(chosen.iter()).map(wrong).collect();
    let fits = wrongs.iter().all(Option::is_none) && !chosen.is_empty();
    let apply = {
        let action = BulkAction::Set(chosen.iter().cloned().collect());
        let act = props.act.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if fits {
                act.emit(action.clone());
            }
        })
    };
    let next = fields
        .iter()
        .find(|field| is_free(&field.name))
        .map(|field| field.name.clone());
    let more = next.map(|name| changed(&chosen, move |chosen| chosen.push((name.clone(), Value::Empty))));
    html! {
        <form class="baton-keep" onsubmit={apply}>
            { for rows.iter().zip(wrongs).enumerate().filter_map(|(index, (field, wrong))| {
                let field = field.clone()?;
                let (_, value) = chosen.get(index)?.clone();
                let options = fields.iter().filter(|other| other.name == field.name || is_free(&other.name)).cloned().collect::<Vec<_>>();
                let set = chosen.clone();
                let on_set = Callback::from(move |row: (String, Value)| {
                    let mut now = (*set).clone();
                    if let Some(here) = now.get_mut(index) {
                        *here = row;
                    }
                    set.set(now);
                });
                let remove = (chosen.len() > 1).then(|| changed(&chosen, move |chosen| drop(chosen.remove(index))));
                Some(html! { <SetRow key={index} {index} field={field.clone()} {value} {options} {wrong} {on_set} {remove} /> })
            }) }
            if let Some(more) = more {
                <Button id="bulk-more" variant={ButtonVariant::Link} onclick={more.reform(|_: MouseEvent| ())} label={t::list::another_field()} />
            }
            <Button id="bulk-apply" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} disabled={!fits}
                label={t::list::set_in_records(props.count)} />
        </form>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SetRowProps {
    /// Its place; the first is 0.
    index: usize,
    field: Field,
    value: Value,
    /// The fields that it can be instead, and itself.
    options: Vec<Field>,
    /// Why the value does not fit.
    wrong: Option<String>,
    on_set: Callback<(String, Value)>,
    remove: Option<Callback<()>>,
}

/// One field and its new value.
#[component]
fn SetRow(props: &SetRowProps) -> Html {
    let SetRowProps { index, field, .. } = props;
    // The first has the plain ids.
    let id = |name: &str| match index {
        0 => name.to_owned(),
        index => format!("{name}-{}", index + 1),
    };
    let choose = props.on_set.reform(|chosen: String| (chosen, Value::Empty));
    let on_input = {
        let name = field.name.clone();
        props.on_set.reform(move |value: Value| (name.clone(), value))
    };
    let options = props
        .options
        .iter()
        .map(|other| (other.name.clone().into(), other.label.clone().into()));
    {
        // Whoever adds a field chooses it next.
        let field_id = id("bulk-field");
        use_effect_with((), move |()| focus_on(&field_id));
    }
    html! {
        <div class="baton-set-row">
            <div class="baton-field-head">
                <label class="baton-label" for={id("bulk-field")}>{ t::list::field() }</label>
                <span class="baton-push" />
                if let Some(remove) = &props.remove {
                    <button type="button" class="baton-tool" aria-label={t::list::do_not_set(&field.label)}
                        onclick={remove.reform(|_: MouseEvent| ())}>
                        <i class="fas fa-times" aria-hidden="true" />
                    </button>
                }
            </div>
            <Select id={id("bulk-field")} value={field.name.clone()} on_choice={choose} options={options.collect::<Vec<_>>()} />
            <label class="baton-label" for={id("bulk-value")}>{ t::list::new_value() }</label>
            <FieldInput key={field.name.clone()} id={id("bulk-value")} field={field.clone()} value={props.value.clone()} can_edit=true
                invalid={props.wrong.is_some()} described={id("bulk-wrong")} {on_input} />
            <p class="baton-error" id={id("bulk-wrong")}>{ props.wrong.clone().unwrap_or_default() }</p>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ResultProps {
    job: JobHandle,
    can_undo: bool,
    on_undo: Callback<()>,
}

#[component]
fn Result(props: &ResultProps) -> Html {
    let ResultProps { job, can_undo, on_undo } = props;
    let ends = html! {
        <>
            if *can_undo {
                <Button id="bulk-undo" variant={ButtonVariant::Link} label={t::common::undo()} onclick={on_undo.reform(|_: MouseEvent| ())} />
            }
            <Button id="bulk-close" variant={ButtonVariant::Link} label={t::common::close()} onclick={job.forget.reform(|_: MouseEvent| ())} />
        </>
    };
    let outcome = match &job.work {
        Work::None => return Html::default(),
        Work::Going(state) => {
            return html! { <JobProgress state={state.clone()} what={t::list::working()} on_cancel={job.cancel.clone()} /> };
        }
        Work::Failed(problem) => {
            return html! {
                <div class="baton-bulk-result" role="status" id="bulk-result">
                    <div class="baton-actions">
                        <span class="baton-error">{ problem.message.to_string() }</span>
                        { ends }
                    </div>
                </div>
            };
        }
        Work::Over(state) => {
            let JobState { outcome, .. } = &**state;
            outcome.clone().unwrap_or_default()
        }
    };
    let done = match &outcome.problem {
        Some(problem) => problem.to_string(),
        None => t::list::records_changed(outcome.records),
    };
    html! {
        <div class="baton-bulk-result" role="status" id="bulk-result">
            <div class="baton-actions">
                <span>{ done }</span>
                if outcome.left_out > 0 {
                    <strong>{ t::list::skipped(outcome.left_out) }</strong>
                }
                { ends }
            </div>
            <Faults faults={outcome.faults.clone()} label={t::list::skipped_records()} />
        </div>
    }
}
