//! The records that link to one.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Operator, Value};
use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::list_query::{Filter, ListQuery};
use baton_protocol::message::GetPage;
use baton_protocol::record::RecordRow;
use futures_util::future::join_all;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::hooks::{use_entities, use_live};
use crate::route::Route;
use crate::{backend, format};

/// How many records of each collection are named.
const NAMED: u32 = 5;

/// The records that link by one field.
#[derive(Clone, PartialEq)]
struct Links {
    entity: EntityId,
    /// The collection and the field, as a person reads them.
    by: String,
    rows: Vec<Rc<RecordRow>>,
    total: u64,
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct LinkedFromProps {
    pub(crate) entity: EntityId,
    pub(crate) record: RecordId,
}

/// What links to a record, by collection; nothing where nothing does.
#[component]
pub(crate) fn LinkedFrom(props: &LinkedFromProps) -> Html {
    let entities = use_entities();
    let live = use_live();
    let links = use_state_eq(Vec::<Links>::new);
    let fields: Vec<(EntityId, String, Field)> = entities
        .living()
        .flat_map(|row| linking(&row.entity, props.entity))
        .collect();
    {
        let links = links.setter();
        use_effect_with((props.record, fields, live), move |(record, fields, _)| {
            let (record, fields) = (*record, fields.clone());
            spawn_local(async move {
                let found = join_all(
                    fields
                        .into_iter()
                        .map(|(entity, by, field)| load(entity, by, field, record)),
                )
                .await;
                links.set(
                    found
                        .into_iter()
                        .flatten()
                        .filter(|links| !links.rows.is_empty())
                        .collect(),
                );
            });
        });
    }
    if links.is_empty() {
        return Html::default();
    }
    html! {
        <section id="linked-from">
            <h2>{ t::form::linked_from() }</h2>
            { for links.iter().map(|links| {
                let entity = links.entity;
                let more = links.total.saturating_sub(links.rows.len() as u64);
                html! {
                    <div key={links.by.clone()}>
                        <p class="baton-quiet">{ &links.by }</p>
                        <ul class="baton-recent">
                            { for links.rows.iter().map(|row| html! {
                                <li key={row.id.to_string()}>
                                    <Link<Route> to={Route::record(entity, row.id)}>
                                        { format::title(&row.title) }
                                    </Link<Route>>
                                </li>
                            }) }
                        </ul>
                        if more > 0 {
                            <p class="baton-quiet">{ t::form::and_more(more) }</p>
                        }
                    </div>
                }
            }) }
        </section>
    }
}

/// The fields of a collection that link to another.
fn linking(entity: &Entity, target: EntityId) -> Vec<(EntityId, String, Field)> {
    let fields = entity.fields.iter();
    let fields = fields.filter(|field| field.field_type == FieldType::Relation && field.target == Some(target));
    fields
        .map(|field| {
            (
                entity.id,
                format!("{}, {}", entity.label_plural, field.label),
                field.clone(),
            )
        })
        .collect()
}

async fn load(entity: EntityId, by: String, field: Field, record: RecordId) -> Option<Links> {
    let filter = Filter::new(field.name, Operator::Is, Value::from_items([record.to_string()]));
    let query = GetPage {
        entity,
        query: ListQuery {
            filters: vec![filter],
            ..ListQuery::default()
        },
        after: None,
        rows: NAMED,
        ids: Vec::new(),
    };
    // Without the server it is not known.
    let page = backend::query(query).await.ok()?;
    let rows = page.rows.into_iter().map(Rc::new).collect();
    Some(Links {
        entity,
        by,
        rows,
        total: page.total,
    })
}
