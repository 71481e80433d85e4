//! The table of an entity's records. Each row is drawn again only when it changed.

use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::record::{DRAFT, PUBLISHED, list_columns};
use patternfly_yew::prelude::*;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::format;
use crate::route::Route;
use crate::state::records::{Records, Row};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordTableProps {
    /// The list.
    pub(crate) records: Rc<Records>,
    /// Only titles with this in them.
    pub(crate) filter: String,
}

/// The table.
#[component]
pub(crate) fn RecordTable(props: &RecordTableProps) -> Html {
    let Some(entity) = props.records.entity.clone() else {
        return Html::default();
    };
    let wanted = props.filter.trim().to_lowercase();
    let rows: Vec<&Row> = props
        .records
        .rows
        .iter()
        .filter(|row| wanted.is_empty() || row.record.title.to_lowercase().contains(&wanted))
        .collect();
    if rows.is_empty() {
        return html! {
            <p class="baton-quiet baton-no-match">{ format!("No title contains “{}”.", props.filter.trim()) }</p>
        };
    }
    let shown = u64::try_from(props.records.rows.len()).unwrap_or(u64::MAX);
    html! {
        <>
            <table class="pf-v6-c-table pf-m-grid-md pf-m-compact baton-table" aria-label={entity.label_plural.clone()}>
                <thead class="pf-v6-c-table__thead">
                    <tr class="pf-v6-c-table__tr">
                        <th class="pf-v6-c-table__th" scope="col">{ "Title" }</th>
                        <th class="pf-v6-c-table__th" scope="col">{ "Status" }</th>
                        { for list_columns(&entity).map(|field| html! {
                            <th class="pf-v6-c-table__th" scope="col">{ &field.label }</th>
                        }) }
                        <th class="pf-v6-c-table__th" scope="col">{ "Last saved" }</th>
                    </tr>
                </thead>
                <tbody class="pf-v6-c-table__tbody">
                    { for rows.into_iter().map(|row| html! {
                        <RecordTableRow key={row.record.id.to_string()} entity={entity.clone()} row={row.clone()} />
                    }) }
                </tbody>
            </table>
            if shown < props.records.total {
                <p class="baton-quiet baton-no-match">
                    { format!("The newest {shown} of {} are shown.", props.records.total) }
                </p>
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    entity: Arc<Entity>,
    row: Row,
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
        <tr class="pf-v6-c-table__tr" data-record={record.title.clone()}>
            <td class="pf-v6-c-table__td" data-label="Title">
                <Link<Route> to={Route::record(props.entity.id, record.id)}>{ title }</Link<Route>>
                if let Some(editing) = editing {
                    <span class="baton-editing" title="Open in a form at this moment">
                        { editing_text(&editing.owner.name, editing.others) }
                    </span>
                }
            </td>
            <td class="pf-v6-c-table__td" data-label="Status"><StatusLabel status={record.status.clone()} /></td>
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

#[derive(Clone, PartialEq, Properties)]
struct StatusLabelProps {
    status: String,
}

#[component]
fn StatusLabel(props: &StatusLabelProps) -> Html {
    let (color, label) = match props.status.as_str() {
        PUBLISHED => (Color::Green, "Published"),
        DRAFT => (Color::Grey, "Draft"),
        _ => (Color::Orange, "Archived"),
    };
    html! { <Label {color} {label} compact=true /> }
}
