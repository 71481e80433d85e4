//! The bin and the archive of an entity: what was taken out of its list, and the way back.

use std::collections::BTreeSet;

use baton_locales::t;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::CommandForm;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::job::{BulkAction, Job, RecordSelection};
use baton_protocol::message::Problem;
use baton_protocol::record::BinRow;
use baton_protocol::rights::Right;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::components::{JobReport, Loading, PageTitle, WorkOnRecords, confirm_purge};
use crate::format;
use crate::hooks::{use_bin, use_job, use_session};
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct BinProps {
    /// Which entity.
    pub(crate) entity: Uuid,
}

/// The page.
#[component]
pub(crate) fn Bin(props: &BinProps) -> Html {
    let id = EntityId(props.entity);
    let bin = use_bin(id);
    let session = use_session();
    let (can_restore, can_purge) = (session.may(Right::Edit(id)), session.may(Right::Manage(id)));
    let problem = use_state_eq(|| None::<Problem>);
    let restore = {
        let problem = problem.setter();
        Callback::from(move |form: FormKey| {
            problem.set(None);
            let problem = problem.clone();
            let refused = Callback::from(move |refused| problem.set(Some(refused)));
            let command = FormCommand::Restore;
            backend::send(CommandForm { form, command }, refused);
        })
    };
    let refused = bin.problem.as_ref().map(|problem| problem.message.to_string());
    let deletion_message = bin.entity.as_ref().and_then(|entity| entity.deletion_message());
    if let Some(why) = refused.or(deletion_message.map(|why| why.to_string())) {
        return html! {
            <PageSection>
                <Alert inline=true r#type={AlertType::Danger} title={why} />
            </PageSection>
        };
    }
    let Some(entity) = &bin.entity else {
        return html! { <PageSection><Loading /></PageSection> };
    };
    html! {
        <>
            <PageSection>
                <nav class="baton-crumbs" aria-label={t::common::where_you_are()}>
                    <Link<Route> to={Route::Entities}>{ t::common::collections() }</Link<Route>>
                    <span aria-hidden="true">{ "›" }</span>
                    <Link<Route> to={Route::records(id)}>{ &entity.label_plural }</Link<Route>>
                </nav>
                <div class="baton-heading">
                    <PageTitle title={t::shell::archive_and_bin_of(&entity.label_plural)} />
                </div>
                <p class="baton-quiet">
                    { t::bin::how_long_it_stays(bin.keep_days) }
                </p>
                if let Some(problem) = &*problem {
                    <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} />
                }
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                if bin.rows.is_empty() {
                    <EmptyState title={t::bin::nothing_is_here()} icon={Icon::Cubes}>
                        { t::bin::what_appears_here() }
                    </EmptyState>
                }
                <BinTable entity={id} rows={bin.rows.clone()} restore={can_restore.then_some(restore)} {can_purge} />
            </PageSection>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct BinTableProps {
    entity: EntityId,
    rows: Vec<BinRow>,
    /// What brings a record back, for whoever may.
    restore: Option<Callback<FormKey>>,
    can_purge: bool,
}

/// What is out of the list; whoever may brings one of it back, or many.
#[component]
fn BinTable(props: &BinTableProps) -> Html {
    let BinTableProps {
        entity,
        rows,
        restore,
        can_purge,
    } = props;
    let asked = use_state_eq(Vec::<RecordId>::new);
    let purge = can_purge.then(|| {
        let asked = asked.setter();
        Callback::from(move |records: Vec<RecordId>| asked.set(records))
    });
    let purgeable: BTreeSet<RecordId> = rows
        .iter()
        .filter(|row| is_deleted(row))
        .map(|row| row.row.id)
        .collect();
    let chosen = use_state_eq(BTreeSet::<RecordId>::new);
    // What somebody else brought back meanwhile is not here any more.
    let here: BTreeSet<RecordId> = rows
        .iter()
        .map(|row| row.row.id)
        .filter(|id| chosen.contains(id))
        .collect();
    let all = !rows.is_empty() && here.len() == rows.len();
    let choose_all = {
        let (chosen, ids) = (
            chosen.setter(),
            rows.iter().map(|row| row.row.id).collect::<BTreeSet<_>>(),
        );
        Callback::from(move |_: Event| chosen.set(if all { BTreeSet::new() } else { ids.clone() }))
    };
    let choose = {
        let (set, here) = (chosen.setter(), here.clone());
        Callback::from(move |id: RecordId| {
            let mut now = here.clone();
            if !now.remove(&id) {
                now.insert(id);
            }
            set.set(now);
        })
    };
    let clear = {
        let chosen = chosen.setter();
        Callback::from(move |()| chosen.set(BTreeSet::new()))
    };
    html! {
        <>
            if !rows.is_empty() {
                <table class="pf-v6-c-table pf-m-grid-md pf-m-compact baton-table" aria-label={t::bin::archive_and_bin()}>
                    { head(restore.is_some().then_some((all, choose_all))) }
                    <tbody class="pf-v6-c-table__tbody">
                        { for rows.iter().map(|row| html! {
                            <Row key={row.row.id.to_string()} entity={*entity} row={row.clone()} restore={restore.clone()}
                                purge={purge.clone().filter(|_| is_deleted(row))} chosen={here.contains(&row.row.id)}
                                on_choice={choose.clone()} />
                        }) }
                    </tbody>
                </table>
            }
            <RestoreMany entity={*entity} purge={purge.clone()} purgeable={here.intersection(&purgeable).copied().collect::<Vec<_>>()}
                chosen={here.clone()} {clear} />
            <Purge entity={*entity} asked={(*asked).clone()} on_asked={purge.unwrap_or_default()} />
        </>
    }
}

/// The headings; and whether everything is chosen, with what chooses it, for whoever may do something with it.
fn head(choose_all: Option<(bool, Callback<Event>)>) -> Html {
    html! {
        <thead class="pf-v6-c-table__thead">
            <tr class="pf-v6-c-table__tr">
                if let Some((checked, onchange)) = choose_all {
                    <td class="pf-v6-c-table__td baton-check-cell">
                        <input type="checkbox" id="bin-all" aria-label={t::bin::select_everything()} {checked} {onchange} />
                    </td>
                }
                <th class="pf-v6-c-table__th" scope="col">{ t::bin::title() }</th>
                <th class="pf-v6-c-table__th" scope="col">{ t::bin::where_column() }</th>
                <th class="pf-v6-c-table__th" scope="col">{ t::bin::since() }</th>
                <td class="pf-v6-c-table__td" aria-hidden="true"></td>
            </tr>
        </thead>
    }
}

/// Whether it is in the bin, and not in the archive.
fn is_deleted(row: &BinRow) -> bool {
    row.gone.how == DeletionKind::Deleted
}

#[derive(Clone, PartialEq, Properties)]
struct PurgeProps {
    entity: EntityId,
    /// What is asked about; nothing if empty.
    asked: Vec<RecordId>,
    /// Something else is asked about.
    on_asked: Callback<Vec<RecordId>>,
}

/// Asks before records are deleted for ever, and says what came of it.
#[component]
fn Purge(props: &PurgeProps) -> Html {
    let job = use_job();
    let cancel = props.on_asked.reform(|()| Vec::new());
    let purge = {
        let (begin, props, cancel) = (job.begin.clone(), props.clone(), cancel.clone());
        Callback::from(move |()| {
            begin.emit(Job::Bulk {
                entity: props.entity,
                which: RecordSelection::Records(props.asked.clone()),
                action: BulkAction::Purge,
            });
            cancel.emit(());
        })
    };
    html! {
        <>
            if !props.asked.is_empty() {
                { confirm_purge(&t::common::records(props.asked.len()), purge, cancel) }
            }
            <JobReport {job} work={WorkOnRecords::Purge} />
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RestoreManyProps {
    entity: EntityId,
    chosen: BTreeSet<RecordId>,
    /// Which of it can be deleted for ever.
    purgeable: Vec<RecordId>,
    /// What deletes records for ever, for whoever may.
    purge: Option<Callback<Vec<RecordId>>>,
    clear: Callback<()>,
}

/// Brings what is chosen back, and says what came of it; or deletes it for ever.
#[component]
fn RestoreMany(props: &RestoreManyProps) -> Html {
    let job = use_job();
    let RestoreManyProps {
        entity,
        chosen,
        purgeable,
        purge,
        clear,
    } = props;
    let purge = purge.clone().filter(|_| !purgeable.is_empty()).map(|purge| {
        let purgeable = purgeable.clone();
        purge.reform(move |_: MouseEvent| purgeable.clone())
    });
    let begin = {
        let (entity, records) = (*entity, chosen.iter().copied().collect::<Vec<_>>());
        let (begin, clear) = (job.begin.clone(), clear.clone());
        Callback::from(move |_: MouseEvent| {
            begin.emit(Job::Bulk {
                entity,
                which: RecordSelection::Records(records.clone()),
                action: BulkAction::Restore,
            });
            clear.emit(());
        })
    };
    html! {
        <div class="baton-bulk-place">
            if !chosen.is_empty() {
                <div class="baton-bulk" role="region" aria-label={t::common::what_is_selected()} id="bulk">
                    <strong id="selected">{ t::common::selected(chosen.len()) }</strong>
                    <Button id="restore-many" variant={ButtonVariant::Secondary} onclick={begin} label={t::common::restore()} />
                    if let Some(onclick) = purge {
                        <Button id="purge-many" variant={ButtonVariant::Secondary} {onclick} label={t::bin::delete_for_ever()} />
                    }
                    <span class="baton-push" />
                    <Button id="bulk-clear" variant={ButtonVariant::Link} label={t::bin::clear()}
                        onclick={clear.reform(|_: MouseEvent| ())} />
                </div>
            }
            <JobReport job={job.clone()} work={WorkOnRecords::Restore} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    entity: EntityId,
    row: BinRow,
    /// What brings it back, for whoever may.
    restore: Option<Callback<FormKey>>,
    /// What deletes it for ever, for whoever may, if it can be.
    purge: Option<Callback<Vec<RecordId>>>,
    chosen: bool,
    /// It is chosen, or not any more.
    on_choice: Callback<RecordId>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let BinRow { row, gone } = &props.row;
    let (color, place) = match gone.how {
        DeletionKind::Archived => (Color::Orange, t::bin::place_archive()),
        DeletionKind::Deleted => (Color::Red, t::bin::place_bin()),
    };
    let form = FormKey::record(row.id);
    let restore = props
        .restore
        .as_ref()
        .map(|restore| restore.reform(move |_: MouseEvent| form));
    let id = row.id;
    let purge = props
        .purge
        .as_ref()
        .map(|purge| purge.reform(move |_: MouseEvent| vec![id]));
    let tick = props.on_choice.reform(move |_: Event| id);
    let title = format::title(&row.title);
    html! {
        <tr class="pf-v6-c-table__tr" data-record={row.title.clone()}>
            if props.restore.is_some() {
                <td class="pf-v6-c-table__td baton-check-cell">
                    <input type="checkbox" aria-label={t::common::select_titled(title)} checked={props.chosen} onchange={tick} />
                </td>
            }
            <td class="pf-v6-c-table__td" data-label={t::bin::title()}>
                <Link<Route> to={Route::record(props.entity, row.id)}>{ title }</Link<Route>>
            </td>
            <td class="pf-v6-c-table__td" data-label={t::bin::where_column()}><Label {color} label={place} compact=true /></td>
            <td class="pf-v6-c-table__td baton-quiet" data-label={t::bin::since()}>
                { format!("{}, {}", gone.stamp.by.name, format::moment(gone.stamp.at)) }
            </td>
            <td class="pf-v6-c-table__td baton-row-action">
                if let Some(restore) = restore {
                    <Button class="baton-restore" variant={ButtonVariant::Link} onclick={restore} label={t::common::restore()} />
                }
                if let Some(onclick) = purge {
                    <Button class="baton-purge" variant={ButtonVariant::Link} {onclick} label={t::bin::delete_for_ever()} />
                }
            </td>
        </tr>
    }
}
