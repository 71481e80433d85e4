//! What is done to many records at once.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, Value};
use baton_protocol::id::RecordId;
use baton_protocol::job::{BulkAction, Job, JobOutcome, JobState, Which};
use baton_protocol::query::Query;
use baton_protocol::record::{Removal, SLUG, STATUS, TITLE};
use patternfly_yew::prelude::*;
use yew::prelude::*;

use super::tools::Popover;
use crate::components::{Faults, FieldInput, JobProgress, Select};
use crate::format;
use crate::hooks::{JobHandle, Work, use_job};

/// What is chosen.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Selection {
    /// These.
    pub(crate) records: Rc<BTreeSet<RecordId>>,
    /// Or all that the list shows, also on pages that did not come.
    pub(crate) all: bool,
}

impl Selection {
    /// Whether nothing is chosen.
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty() && !self.all
    }

    /// The chosen records, for a job.
    pub(crate) fn which(&self, query: &Query) -> Which {
        if self.all {
            Which::Query(query.clone())
        } else {
            Which::Records(self.records.iter().copied().collect())
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct BulkBarProps {
    /// What they are records of.
    pub(crate) entity: Arc<Entity>,
    /// What the list shows.
    pub(crate) query: Query,
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
    let last = use_state_eq(|| None::<BulkAction>);
    let BulkBarProps { entity, selection, .. } = props;
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
        let (entity, begin, last) = (entity.id, job.begin.clone(), last.clone());
        Callback::from(move |outcome: JobOutcome| {
            let records = outcome.changed.iter().map(|(record, _)| *record).collect();
            let action = match &*last {
                Some(BulkAction::Remove(_)) => BulkAction::Restore,
                _ => BulkAction::Revert(outcome.changed),
            };
            last.set(None);
            begin.emit(Job::Bulk {
                entity,
                which: Which::Records(records),
                action,
            });
        })
    };
    html! {
        <>
            if !selection.is_empty() {
                <Choice bar={props.clone()} {act} />
            }
            <Result job={job.clone()} can_undo={last.is_some()} on_undo={undo} />
        </>
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
    let choose = |selection: Selection| bar.on_selection.reform(move |_: MouseEvent| selection.clone());
    let remove = |how: Removal| act.reform(move |_: MouseEvent| BulkAction::Remove(how));
    html! {
        <div class="baton-bulk" role="region" aria-label="What is selected" id="bulk">
            <strong id="selected">{ format!("{count} selected") }</strong>
            if !bar.selection.all && chosen < bar.total {
                <Button id="select-all" variant={ButtonVariant::Link} label={format!("Select all {}", bar.total)}
                    onclick={choose(Selection { all: true, ..Selection::default() })} />
            }
            <span class="baton-push" />
            <Popover id="bulk-set" icon="fas fa-pen" label="Set a field">
                <SetField entity={bar.entity.clone()} {count} act={act.clone()} />
            </Popover>
            <Button id="bulk-archive" variant={ButtonVariant::Secondary} label="Archive" onclick={remove(Removal::Archived)} />
            <Button id="bulk-delete" variant={ButtonVariant::Danger} label="Delete" onclick={remove(Removal::Deleted)} />
            <Button id="bulk-clear" variant={ButtonVariant::Link} label="Clear" onclick={choose(Selection::default())} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SetFieldProps {
    entity: Arc<Entity>,
    count: u64,
    act: Callback<BulkAction>,
}

/// One field and its new value.
#[component]
fn SetField(props: &SetFieldProps) -> Html {
    let fields: Vec<Field> = props
        .entity
        .form_fields()
        .into_iter()
        .filter(|field| field.name != TITLE && field.name != SLUG && !field.unique && !field.field_type.is_file())
        .collect();
    let name = use_state_eq(|| fields.first().map(|field| field.name.clone()).unwrap_or_default());
    let value = use_state_eq(|| Value::Empty);
    let Some(field) = fields.iter().find(|field| field.name == *name).cloned() else {
        return Html::default();
    };
    let choose = {
        let (name, value) = (name.setter(), value.setter());
        Callback::from(move |chosen: String| {
            name.set(chosen);
            value.set(Value::Empty);
        })
    };
    let on_input = {
        let value = value.setter();
        Callback::from(move |typed: Value| value.set(typed))
    };
    // What every record has cannot be taken away.
    let wrong = field.check(&value, field.name == STATUS).err();
    let apply = {
        let action = BulkAction::Set {
            field: field.name.clone(),
            value: (*value).clone(),
        };
        let (act, fits) = (props.act.clone(), wrong.is_none());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if fits {
                act.emit(action.clone());
            }
        })
    };
    html! {
        <form class="baton-keep" onsubmit={apply}>
            <label class="baton-label" for="bulk-field">{ "Field" }</label>
            <Select id="bulk-field" value={field.name.clone()} on_choice={choose}
                options={fields.iter().map(|other| (other.name.clone().into(), other.label.clone().into())).collect::<Vec<_>>()} />
            <label class="baton-label" for="bulk-value">{ "New value" }</label>
            <FieldInput key={field.name.clone()} id="bulk-value" field={field.clone()} value={(*value).clone()} can_edit=true
                invalid={wrong.is_some()} described="bulk-wrong" {on_input} />
            <p class="baton-error" id="bulk-wrong">{ wrong.clone().unwrap_or_default() }</p>
            <Button id="bulk-apply" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} disabled={wrong.is_some()}
                label={format!("Set it in {}", format::count(props.count, "record", "records"))} />
        </form>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ResultProps {
    job: JobHandle,
    can_undo: bool,
    on_undo: Callback<JobOutcome>,
}

#[component]
fn Result(props: &ResultProps) -> Html {
    let ResultProps { job, can_undo, on_undo } = props;
    let outcome = match &job.work {
        Work::None => return Html::default(),
        Work::Going(state) => {
            return html! { <JobProgress state={state.clone()} what="Working" on_cancel={job.cancel.clone()} /> };
        }
        Work::Failed(problem) => {
            return html! { <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} /> };
        }
        Work::Over(state) => {
            let JobState { outcome, .. } = &**state;
            outcome.clone().unwrap_or_default()
        }
    };
    let undo = {
        let outcome = outcome.clone();
        on_undo.reform(move |_: MouseEvent| outcome.clone())
    };
    let done = match &outcome.problem {
        Some(problem) => problem.clone(),
        None => format!("{} changed.", format::count(outcome.records, "record", "records")),
    };
    html! {
        <div class="baton-bulk-result" role="status" id="bulk-result">
            <div class="baton-actions">
                <span>{ done }</span>
                if outcome.left_out > 0 {
                    <strong>{ format!("{} left out.", outcome.left_out) }</strong>
                }
                if *can_undo && !outcome.changed.is_empty() {
                    <Button id="bulk-undo" variant={ButtonVariant::Link} label="Undo" onclick={undo} />
                }
                <Button id="bulk-close" variant={ButtonVariant::Link} label="Close" onclick={job.forget.reform(|_: MouseEvent| ())} />
            </div>
            <Faults outcome={outcome.clone()} />
        </div>
    }
}
