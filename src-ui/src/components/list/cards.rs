//! The records as cards.

use std::collections::BTreeMap;
use std::rc::Rc;

use baton_locales::t;
use baton_protocol::field::{Field, Value};
use baton_protocol::file::FileRef;
use baton_protocol::id::RecordId;
use baton_protocol::list_query::column;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use super::cell::{cell, title, unread_mark};
use crate::components::CardImage;
use crate::hooks::{ListHandle, use_focus_returned, use_unread_by_record};
use crate::state::selection::{Pressed, Selection};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordCardsProps {
    /// The list.
    pub(crate) list: ListHandle,
    /// What each card shows besides the title.
    pub(crate) columns: Vec<String>,
    /// What of a record the server does not have yet.
    pub(crate) waiting: BTreeMap<RecordId, String>,
    /// The chosen records.
    pub(crate) selection: Selection,
    /// A record was chosen, or is no more; nothing where nobody may choose.
    pub(crate) on_select: Option<Callback<Pressed>>,
    /// The field whose image each card shows.
    #[prop_or_default]
    pub(crate) image: Option<Field>,
}

/// The cards that came, and the way to more.
#[component]
pub(crate) fn RecordCards(props: &RecordCardsProps) -> Html {
    let list = &props.list.list;
    use_focus_returned();
    let unread = use_unread_by_record();
    let Some(entity) = list.entity.clone() else {
        return Html::default();
    };
    let shown = props.image.as_ref().map(|field| &field.name);
    let columns = props.columns.iter().filter(|name| Some(*name) != shown);
    let columns: Rc<Vec<Field>> = Rc::new(columns.filter_map(|name| column(&entity, name)).collect());
    html! {
        <>
            <div class="baton-cards" role="list" aria-label={entity.label_plural.clone()}>
                { for list.rows.iter().map(|row| {
                    let id = row.record.id;
                    let waits = props.waiting.get(&id).map(String::as_str);
                    let selected = props.selection.all || props.selection.records.contains(&id);
                    let onclick = props.on_select.as_ref().map(|on_select| on_select.reform(move |event: MouseEvent| Pressed::row(id, &event)));
                    html! {
                        <div key={id.to_string()} class={classes!("baton-record-card", selected.then_some("baton-selected"))}
                            role="listitem" data-record={row.record.title.clone()} data-id={id.to_string()}>
                            if let Some(field) = &props.image {
                                <CardImage file={FileRef::parse(row.record.cells.get(&field.name).map_or("", Value::text))} />
                            }
                            <h2 class="baton-card-title">
                                if let Some(onclick) = onclick {
                                    <input type="checkbox" checked={selected} {onclick}
                                        aria-label={t::list::select_record(&row.record.title)} />
                                }
                                { title(&entity, &row.record, row.editing.as_ref(), row.unsaved.as_ref(), waits) }
                                { unread_mark(unread.get(&id).copied().unwrap_or_default()) }
                            </h2>
                            <dl class="baton-facts">
                                { for columns.iter().map(|field| html! {
                                    <>
                                        <dt>{ &field.label }</dt>
                                        <dd>{ cell(field, &row.record) }</dd>
                                    </>
                                }) }
                            </dl>
                        </div>
                    }
                }) }
            </div>
            if list.next.is_some() {
                <div class="baton-more">
                    <Button id="more" variant={ButtonVariant::Secondary} label={t::common::show_more()}
                        onclick={props.list.more.reform(|_: MouseEvent| ())} />
                </div>
            }
        </>
    }
}
