//! What a group gives of one collection: what its members do, and the fields that they are kept from.

use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::rights::{Access, FieldLimit, Grant, Group, GroupChange};
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::Select;
use crate::format::icon_of;
use crate::words;

/// What a group may say of a collection, for a menu.
fn access_options() -> Vec<(AttrValue, AttrValue)> {
    let named = Access::ALL.map(|access| (access.as_str().into(), words::access(access).into()));
    std::iter::once(("".into(), "—".into())).chain(named).collect()
}

/// How many fields a group keeps its members from, in words.
pub(super) fn fields_limited(grant: &Grant) -> Option<String> {
    let limits = grant.fields.len() as u64;
    (limits > 0 && grant.access < Access::Manage).then(|| t::people::fields_limited(limits))
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct AccessEditorProps {
    pub(crate) group: Group,
    pub(crate) entity: Arc<Entity>,
    /// Whether the fields can be limited here, too.
    #[prop_or_default]
    pub(crate) fields: bool,
    /// Whether the server is reached.
    pub(crate) live: bool,
    pub(crate) on_change: Callback<GroupChange>,
}

/// The choice, and on demand one a field.
#[component]
pub(crate) fn AccessEditor(props: &AccessEditorProps) -> Html {
    let AccessEditorProps {
        group,
        entity,
        live,
        on_change,
        ..
    } = props;
    let open = use_state_eq(|| false);
    let grant = group.grants.get(&entity.id);
    let (of, about) = (group.id, entity.id);
    let choose = on_change.reform(move |word: String| GroupChange::Grant(of, about, Access::parse(&word)));
    let label = t::people::what_group_may_do_with(&group.name, &entity.label_plural);
    let choice = html! {
        <Select {label} value={grant.map_or("", |grant| grant.access.as_str())} options={access_options()} disabled={!live}
            on_choice={choose} />
    };
    let limited = grant.and_then(fields_limited);
    if !props.fields {
        return html! {
            <>
                { choice }
                if let Some(limited) = limited {
                    <span class="baton-quiet baton-second">{ limited }</span>
                }
            </>
        };
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let limits_in_words = limited.unwrap_or_else(|| t::people::all_fields().to_owned());
    let can_limit = grant.is_some_and(|grant| grant.access < Access::Manage) && !entity.fields.is_empty();
    html! {
        <li class="baton-access" data-access={entity.name.clone()}>
            <div class="baton-access-head">
                <span class="baton-access-name">
                    <i class={format!("fas fa-{} baton-side-icon", icon_of(entity))} aria-hidden="true" />
                    { &entity.label_plural }
                </span>
                if can_limit {
                    <Button class="baton-limits" variant={ButtonVariant::Link} onclick={toggle}
                        aria_label={t::people::limits_of(&limits_in_words, &entity.label_plural)} label={limits_in_words.clone()} />
                }
                { choice }
            </div>
            if let Some(grant) = grant.filter(|_| *open && can_limit) {
                { limits(props, grant) }
            }
        </li>
    }
}

fn limits(props: &AccessEditorProps, grant: &Grant) -> Html {
    let AccessEditorProps {
        group,
        entity,
        live,
        on_change,
        ..
    } = props;
    let options: Vec<(AttrValue, AttrValue)> = [None, Some(FieldLimit::ReadOnly), Some(FieldLimit::Hidden)]
        .map(|limit| (limit_id(limit).into(), words::field_limit(limit).into()))
        .into();
    html! {
        <ul class="baton-field-limits">
            { for entity.fields.iter().map(|field| {
                let (of, about, id) = (group.id, entity.id, field.id.clone());
                let limit = grant.fields.get(&id).copied();
                let choose = on_change.reform(move |word: String| {
                    let limit = match word.as_str() {
                        "read_only" => Some(FieldLimit::ReadOnly),
                        "hidden" => Some(FieldLimit::Hidden),
                        _ => None,
                    };
                    GroupChange::Limit(of, about, id.clone(), limit)
                });
                html! {
                    <li key={field.id.clone()} data-limit={field.name.clone()}>
                        <span>{ &field.label }</span>
                        <Select label={t::people::limit_of(&field.label, &entity.label_plural)} value={limit_id(limit)}
                            options={options.clone()} disabled={!live} on_choice={choose} />
                    </li>
                }
            }) }
        </ul>
    }
}

fn limit_id(limit: Option<FieldLimit>) -> &'static str {
    match limit {
        None => "",
        Some(FieldLimit::ReadOnly) => "read_only",
        Some(FieldLimit::Hidden) => "hidden",
    }
}
