//! The table of an entity's records. Each row is drawn again only when it changed.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::id::RecordId;
use baton_protocol::record::{DRAFT, PUBLISHED, list_columns};
use yew::prelude::*;
use yew_router::Routable as _;

use crate::format;
use crate::hooks::{ROW, use_rows_in_view};
use crate::route::Route;
use crate::state::records::{Records, Row};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordTableProps {
    /// The list.
    pub(crate) records: Rc<Records>,
    /// Only rows with this in them.
    pub(crate) filter: String,
    /// What of a record the server does not have yet.
    pub(crate) waiting: BTreeMap<RecordId, String>,
}

/// The table. Only the rows in view are drawn, however many there are.
#[component]
pub(crate) fn RecordTable(props: &RecordTableProps) -> Html {
    let body = use_node_ref();
    let wanted = props.filter.trim().to_lowercase();
    let rows: Vec<&Row> = props.records.rows.iter().filter(|row| found(row, &wanted)).collect();
    let drawn = use_rows_in_view(body.clone(), rows.len());
    let Some(entity) = props.records.entity.clone() else {
        return Html::default();
    };
    let shown = u64::try_from(props.records.rows.len()).unwrap_or(u64::MAX);
    let above = drawn.start * ROW;
    let below = (rows.len() - drawn.end) * ROW;
    html! {
        <>
            <table class="pf-v6-c-table pf-m-compact baton-table" aria-label={entity.label_plural.clone()}
                aria-rowcount={(rows.len() + 1).to_string()}>
                <thead class="pf-v6-c-table__thead">
                    <tr class="pf-v6-c-table__tr" aria-rowindex="1">
                        <th class="pf-v6-c-table__th" scope="col">{ "Title" }</th>
                        <th class="pf-v6-c-table__th" scope="col">{ "Status" }</th>
                        { for list_columns(&entity).map(|field| html! {
                            <th class="pf-v6-c-table__th" scope="col">{ &field.label }</th>
                        }) }
                        <th class="pf-v6-c-table__th" scope="col">{ "Last saved" }</th>
                    </tr>
                </thead>
                <tbody class="pf-v6-c-table__tbody" ref={body}>
                    <tr key="above" class="baton-gap-row" aria-hidden="true" style={format!("height: {above}px")}></tr>
                    { for rows[drawn.clone()].iter().zip(drawn.start..).map(|(row, index)| html! {
                        <RecordTableRow key={row.record.id.to_string()} entity={entity.clone()} row={(*row).clone()} {index}
                            waits={props.waiting.get(&row.record.id).cloned()} />
                    }) }
                    <tr key="below" class="baton-gap-row" aria-hidden="true" style={format!("height: {below}px")}></tr>
                </tbody>
            </table>
            if rows.is_empty() {
                <p class="baton-quiet baton-no-match">{ format!("Nothing contains “{}”.", props.filter.trim()) }</p>
            } else if shown < props.records.total {
                <p class="baton-quiet baton-no-match">
                    { format!("The newest {shown} of {} are here so far.", props.records.total) }
                </p>
            }
        </>
    }
}

/// Whether a row's title or one of its cells contains this, in any case.
fn found(row: &Row, wanted: &str) -> bool {
    let contains = |text: &str| text.to_lowercase().contains(wanted);
    wanted.is_empty() || contains(&row.record.title) || row.record.cells.values().any(|value| contains(value.text()))
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    entity: Arc<Entity>,
    row: Row,
    /// Its place in the list, from 0.
    index: usize,
    /// What of it the server does not have yet.
    waits: Option<String>,
}

#[component]
fn RecordTableRow(props: &RowProps) -> Html {
    let Row { record, editing } = &props.row;
    let title = if record.title.is_empty() {
        "Untitled"
    } else {
        &record.title
    };
    html! {
        <tr class="pf-v6-c-table__tr" data-record={record.title.clone()} aria-rowindex={(props.index + 2).to_string()}>
            <td class="pf-v6-c-table__td" data-label="Title">
                <a href={format!("#{}", Route::record(props.entity.id, record.id).to_path())}>{ title }</a>
                if let Some(editing) = editing {
                    <span class="baton-editing" title="Open in a form at this moment">
                        { editing_text(&editing.owner.name, editing.others) }
                    </span>
                }
                if let Some(waits) = &props.waits {
                    <span class="baton-waits">{ waits }</span>
                }
            </td>
            <td class="pf-v6-c-table__td" data-label="Status">{ status_label(&record.status) }</td>
            { for list_columns(&props.entity).map(|field| html! {
                <td class="pf-v6-c-table__td" data-label={field.label.clone()}>
                    { format::cell(field, record.cells.get(&field.name)) }
                </td>
            }) }
            <td class="pf-v6-c-table__td baton-quiet" data-label="Last saved">
                { format!("{}, {}", record.updated.by.name, format::moment(record.updated.at)) }
            </td>
        </tr>
    }
}

fn editing_text(owner: &str, others: usize) -> String {
    match others {
        0 => format!("{owner} is editing"),
        others => format!("{owner} is editing, {others} waiting"),
    }
}

/// As the component set's label, without a component: a long list draws many.
fn status_label(status: &str) -> Html {
    let (colour, label) = match status {
        PUBLISHED => ("pf-m-green", "Published"),
        DRAFT => ("pf-m-grey", "Draft"),
        _ => ("pf-m-orange", "Archived"),
    };
    html! {
        <span class={classes!("pf-v6-c-label", "pf-m-compact", colour)}>
            <span class="pf-v6-c-label__content"><span class="pf-v6-c-label__text">{ label }</span></span>
        </span>
    }
}
