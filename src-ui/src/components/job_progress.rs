//! How far a job is, and what came of it.

use baton_locales::t;
use baton_protocol::job::{Fault, JobState};
use patternfly_yew::prelude::*;
use yew::prelude::*;

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
        t::jobs::getting_ready().to_owned()
    } else {
        t::jobs::done_of(done, total)
    };
    html! {
        <div class="baton-progress" id="job-progress">
            <span>{ format!("{}: {text}", props.what) }</span>
            <div class="baton-progress-bar" role="progressbar" aria-label={props.what.clone()} aria-valuenow={percent.to_string()}
                aria-valuemin="0" aria-valuemax="100">
                <span style={format!("width: {percent}%")} />
            </div>
            <Button id="job-cancel" variant={ButtonVariant::Secondary} label={t::common::cancel()} onclick={props.on_cancel.reform(|_: MouseEvent| ())} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct JobReportProps {
    /// The job.
    pub(crate) job: JobHandle,
    /// What it does.
    pub(crate) work: WorkOnRecords,
}

/// What a job does to many records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorkOnRecords {
    Restore,
    Purge,
    Undo,
}

impl WorkOnRecords {
    /// While it is done.
    fn under_way(self) -> &'static str {
        match self {
            Self::Restore => t::jobs::restoring(),
            Self::Purge => t::jobs::deleting(),
            Self::Undo => t::jobs::undoing(),
        }
    }

    /// To how many records it was done.
    fn done(self, records: u64) -> String {
        match self {
            Self::Restore => t::jobs::restored(records),
            Self::Purge => t::jobs::deleted(records),
            Self::Undo => t::jobs::undone(records),
        }
    }

    /// The heading above what was left out.
    fn left_out(self) -> &'static str {
        match self {
            Self::Restore => t::jobs::not_restored(),
            Self::Purge => t::jobs::not_deleted(),
            Self::Undo => t::jobs::not_undone(),
        }
    }
}

/// How far a job is, and then what came of it; nothing before it was begun.
#[component]
pub(crate) fn JobReport(props: &JobReportProps) -> Html {
    let JobReportProps { job, work } = props;
    match &job.work {
        Work::None => Html::default(),
        Work::Going(state) => html! {
            <JobProgress state={state.clone()} what={work.under_way()} on_cancel={job.cancel.clone()} />
        },
        Work::Failed(problem) => html! { <p class="baton-error">{ problem.message.to_string() }</p> },
        Work::Over(state) => {
            let outcome = state.outcome.clone().unwrap_or_default();
            html! {
                <div class="baton-job-report" role="status">
                    <p>{ work.done(outcome.records) }</p>
                    if let Some(problem) = outcome.problem {
                        <p class="baton-error">{ problem.to_string() }</p>
                    }
                    <Faults faults={outcome.faults} label={work.left_out()} />
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
    let columns: Vec<Column> = all_columns()
        .into_iter()
        .filter(|(_, text)| single.iter().any(|fault| !text(fault).is_empty()))
        .collect();
    html! {
        <>
            <p class="baton-label baton-faults-label">{ label }</p>
            { for general.into_iter().map(|fault| html! { <p class="baton-quiet" data-fault="">{ fault.message.to_string() }</p> }) }
            if !single.is_empty() {
                <table class="pf-v6-c-table pf-m-compact baton-table baton-faults" aria-label={label.clone()}>
                    <thead class="pf-v6-c-table__thead">
                        <tr class="pf-v6-c-table__tr">
                            { for columns.iter().map(|(name, _)| html! { <th class="pf-v6-c-table__th" scope="col">{ *name }</th> }) }
                            <th class="pf-v6-c-table__th" scope="col">{ t::jobs::why() }</th>
                        </tr>
                    </thead>
                    <tbody class="pf-v6-c-table__tbody">{ for single.into_iter().map(|fault| line(fault, &columns)) }</tbody>
                </table>
            }
            if more > 0 {
                <p class="baton-quiet">{ t::jobs::more_reasons(more) }</p>
            }
        </>
    }
}

/// A column's heading and what it says of one fault.
type Column = (&'static str, fn(&Fault) -> String);

fn all_columns() -> [Column; 3] {
    [
        (t::jobs::row(), row_of),
        (t::jobs::title(), |fault| fault.title.clone()),
        (t::jobs::field(), |fault| fault.field.clone()),
    ]
}

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
            <td class="pf-v6-c-table__td baton-wrap">{ fault.message.to_string() }</td>
        </tr>
    }
}
