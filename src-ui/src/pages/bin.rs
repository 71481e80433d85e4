//! The bin and the archive of an entity: what was taken out of its list, and the way back.

use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::CommandForm;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, FormKey};
use baton_protocol::message::Problem;
use baton_protocol::record::BinRow;
use baton_protocol::rights::Right;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::components::{Loading, PageTitle};
use crate::format;
use crate::hooks::{use_bin, use_session};
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
    let can_restore = use_session().may(Right::Edit(id));
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
    let refused = bin.problem.as_ref().map(|problem| problem.message.clone());
    let deletion_message = bin.entity.as_ref().and_then(|entity| entity.deletion_message());
    if let Some(why) = refused.or(deletion_message) {
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
                <nav class="baton-crumbs" aria-label="Where you are">
                    <Link<Route> to={Route::Entities}>{ "Collections" }</Link<Route>>
                    <span aria-hidden="true">{ "›" }</span>
                    <Link<Route> to={Route::records(id)}>{ &entity.label_plural }</Link<Route>>
                </nav>
                <div class="baton-heading">
                    <PageTitle title={format!("Archive and bin of {}", entity.label_plural)} />
                </div>
                <p class="baton-quiet">
                    { format!("What is archived stays until somebody wants it back. What was deleted is purged after {}.",
                        format::count(bin.keep_days, "day", "days")) }
                </p>
                if let Some(problem) = &*problem {
                    <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} />
                }
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                if bin.rows.is_empty() {
                    <EmptyState title="Nothing is here" icon={Icon::Cubes}>
                        { "A record that anybody archives or deletes appears here, with the text that was unsaved in it." }
                    </EmptyState>
                } else {
                    <table class="pf-v6-c-table pf-m-grid-md pf-m-compact baton-table" aria-label="Archive and bin">
                        <thead class="pf-v6-c-table__thead">
                            <tr class="pf-v6-c-table__tr">
                                <th class="pf-v6-c-table__th" scope="col">{ "Title" }</th>
                                <th class="pf-v6-c-table__th" scope="col">{ "Where" }</th>
                                <th class="pf-v6-c-table__th" scope="col">{ "Since" }</th>
                                <td class="pf-v6-c-table__td" aria-hidden="true"></td>
                            </tr>
                        </thead>
                        <tbody class="pf-v6-c-table__tbody">
                            { for bin.rows.iter().map(|row| html! {
                                <Row key={row.row.id.to_string()} entity={id} row={row.clone()} restore={can_restore.then(|| restore.clone())} />
                            }) }
                        </tbody>
                    </table>
                }
            </PageSection>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    entity: EntityId,
    row: BinRow,
    /// What brings it back, for whoever may.
    restore: Option<Callback<FormKey>>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let BinRow { row, gone } = &props.row;
    let (color, place) = match gone.how {
        DeletionKind::Archived => (Color::Orange, "Archive"),
        DeletionKind::Deleted => (Color::Red, "Bin"),
    };
    let form = FormKey::record(row.id);
    let restore = props
        .restore
        .as_ref()
        .map(|restore| restore.reform(move |_: MouseEvent| form));
    let title = if row.title.is_empty() { "Untitled" } else { &row.title };
    html! {
        <tr class="pf-v6-c-table__tr" data-record={row.title.clone()}>
            <td class="pf-v6-c-table__td" data-label="Title">
                <Link<Route> to={Route::record(props.entity, row.id)}>{ title }</Link<Route>>
            </td>
            <td class="pf-v6-c-table__td" data-label="Where"><Label {color} label={place} compact=true /></td>
            <td class="pf-v6-c-table__td baton-quiet" data-label="Since">
                { format!("{}, {}", gone.stamp.by.name, format::moment(gone.stamp.at)) }
            </td>
            <td class="pf-v6-c-table__td baton-row-action">
                if let Some(restore) = restore {
                <Button class="baton-restore" variant={ButtonVariant::Link} onclick={restore} label="Restore" />
                }
            </td>
        </tr>
    }
}
