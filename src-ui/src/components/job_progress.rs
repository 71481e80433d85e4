//! How far a job is, and what came of it.

use baton_protocol::job::{Fault, JobState};
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::format;
use crate::hooks::{JobHandle, Work};

/// How many faults are shown.
const SHOWN: usize = 100;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct JobProgressProps {
    /// How far it is.
    pub(crate) state: JobState,
    /// What is done: “Importing”.
    pub(crate) what: AttrValue,
    /// Ends it.
    pub(crate) on_cancel: Callback<()>,
}

/// A bar that grows.
#[component]
pub(crate) fn JobProgress(props: &JobProgressProps) -> Html {
    let JobState { done, total, .. } = props.state;
    let percent = (done * 100).checked_div(total).unwrap_or(0).min(100);
    let text = if total == 0 {
        "Getting ready…".to_owned()
    } else {
        format!("{done} of {total}")
    };
    html! {
        <div class="baton-progress" id="job-progress">
            <span>{ format!("{}: {text}", props.what) }</span>
            <div class="baton-progress-bar" role="progressbar" aria-label={props.what.clone()} aria-valuenow={percent.to_string()}
                aria-valuemin="0" aria-valuemax="100">
                <span style={format!("width: {percent}%")} />
            </div>
            <Button id="job-cancel" variant={ButtonVariant::Secondary} label="Cancel" onclick={props.on_cancel.reform(|_: MouseEvent| ())} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct JobReportProps {
    /// The job.
    pub(crate) job: JobHandle,
    /// What is done: “Undoing”.
    pub(crate) what: AttrValue,
    /// What was done to one record, and to many: “record was undone”, “records were undone”.
    pub(crate) done: (&'static str, &'static str),
    /// The heading above what was left out: “Not undone”.
    pub(crate) left_out: AttrValue,
}

/// How far a job is, and then what came of it; nothing before it was begun.
#[component]
pub(crate) fn JobReport(props: &JobReportProps) -> Html {
    let JobReportProps {
        job,
        what,
        done: (one, many),
        left_out,
    } = props;
    match &job.work {
        Work::None => Html::default(),
        Work::Going(state) => html! {
            <JobProgress state={state.clone()} {what} on_cancel={job.cancel.clone()} />
        },
        Work::Failed(problem) => html! { <p class="baton-error">{ &problem.message }</p> },
        Work::Over(state) => {
            let outcome = state.outcome.clone().unwrap_or_default();
            html! {
                <div class="baton-job-report" role="status">
                    <p>{ format!("{}.", format::count(outcome.records, one, many)) }</p>
                    if let Some(problem) = outcome.problem {
                        <p class="baton-error">{ problem }</p>
                    }
                    <Faults faults={outcome.faults} label={left_out.clone()} />
                </div>
            }
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FaultsProps {
    /// Which.
    pub(crate) faults: Vec<Fault>,
    /// The heading above the table: “Skipped rows”.
    pub(crate) label: AttrValue,
}

/// What happened to some records or rows, and why. What is said of all of them stands above the table, and a column
/// is there only where something is in it.
#[component]
pub(crate) fn Faults(props: &FaultsProps) -> Html {
    let FaultsProps { faults, label } = props;
    if faults.is_empty() {
        return Html::default();
    }
    let more = faults.len().saturating_sub(SHOWN);
    let of_all = |fault: &&Fault| row_of(fault).is_empty() && fault.title.is_empty() && fault.field.is_empty();
    let (general, single): (Vec<&Fault>, Vec<&Fault>) = faults.iter().take(SHOWN).partition(of_all);
    let columns: Vec<Column> = COLUMNS
        .into_iter()
        .filter(|(_, text)| single.iter().any(|fault| !text(fault).is_empty()))
        .collect();
    html! {
        <>
            <p class="baton-label baton-faults-label">{ label }</p>
            { for general.into_iter().map(|fault| html! { <p class="baton-quiet" data-fault="">{ &fault.message }</p> }) }
            if !single.is_empty() {
                <table class="pf-v6-c-table pf-m-compact baton-table baton-faults" aria-label={label.clone()}>
                    <thead class="pf-v6-c-table__thead">
                        <tr class="pf-v6-c-table__tr">
                            { for columns.iter().map(|(name, _)| html! { <th class="pf-v6-c-table__th" scope="col">{ *name }</th> }) }
                            <th class="pf-v6-c-table__th" scope="col">{ "Why" }</th>
                        </tr>
                    </thead>
                    <tbody class="pf-v6-c-table__tbody">{ for single.into_iter().map(|fault| line(fault, &columns)) }</tbody>
                </table>
            }
            if more > 0 {
                <p class="baton-quiet">{ format!("And {} more.", format::count(more as u64, "reason", "reasons")) }</p>
            }
        </>
    }
}

/// A column's heading and what it says of one fault.
type Column = (&'static str, fn(&Fault) -> String);

const COLUMNS: [Column; 3] = [
    ("Row", row_of),
    ("Title", |fault| fault.title.clone()),
    ("Field", |fault| fault.field.clone()),
];

fn row_of(fault: &Fault) -> String {
    match fault.row {
        0 => String::new(),
        row => row.to_string(),
    }
}

fn line(fault: &Fault, columns: &[Column]) -> Html {
    html! {
        <tr class="pf-v6-c-table__tr" data-fault={row_of(fault)}>
            { for columns.iter().map(|(_, text)| html! { <td class="pf-v6-c-table__td">{ text(fault) }</td> }) }
            <td class="pf-v6-c-table__td baton-wrap">{ &fault.message }</td>
        </tr>
    }
}
