//! One value of one row.

use baton_locales::t;
use baton_protocol::deletion::Stamp;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, OptionColour, Value};
use baton_protocol::file::FileRef;
use baton_protocol::form::Presence;
use baton_protocol::person::Person;
use baton_protocol::record::RecordRow;
use baton_protocol::values::{CREATED_AT, CREATED_BY, DRAFT, PUBLISHED, SLUG, STATUS, UPDATED_AT, UPDATED_BY};
use yew::prelude::*;
use yew_router::Routable as _;

use crate::components::{FileName, RecordTitles};
use crate::route::Route;
use crate::{format, words};

/// What the row has in this column.
pub(super) fn cell(field: &Field, record: &RecordRow) -> Html {
    let saved = |stamp: &Stamp| html! { <span class="baton-quiet">{ format!("{}, {}", stamp.by.name, format::moment(stamp.at)) }</span> };
    match field.name.as_str() {
        STATUS => status_label(&record.status),
        SLUG => html! { &record.slug },
        CREATED_AT => saved(&record.created),
        UPDATED_AT => saved(&record.updated),
        CREATED_BY => html! { &record.created.by.name },
        UPDATED_BY => html! { &record.updated.by.name },
        name => {
            let value = record.cells.get(name);
            if field.field_type == FieldType::Relation {
                let items = value.map(|value| value.items().to_vec()).unwrap_or_default();
                return html! { <RecordTitles {items} /> };
            }
            if let Some(file) = value
                .filter(|_| field.field_type.is_file())
                .and_then(|value| FileRef::parse(value.text()))
            {
                return html! { <FileName {file} /> };
            }
            match value.map(|value| coloured(field, value)) {
                Some(labels) if !labels.is_empty() => html! { { for labels } },
                Some(_) | None => html! { { format::cell(field, value) } },
            }
        }
    }
}

/// The options of a value as labels, if one of them has a colour.
fn coloured(field: &Field, value: &Value) -> Vec<Html> {
    let options = value.items().iter().map(|id| {
        let known = field.options.iter().find(|option| option.id == *id);
        (
            words::option(field, id),
            known.map_or(OptionColour::Plain, |option| option.colour),
        )
    });
    let options: Vec<(String, OptionColour)> = options.collect();
    if options.iter().all(|(_, colour)| *colour == OptionColour::Plain) {
        return Vec::new();
    }
    let labels = options.into_iter().map(|(words, colour)| option_label(words, colour));
    labels.collect()
}

/// An option in its colour.
pub(super) fn option_label(words: String, colour: OptionColour) -> Html {
    let colour = match colour {
        OptionColour::Plain | OptionColour::Grey => "pf-m-grey",
        OptionColour::Blue => "pf-m-blue",
        OptionColour::Teal => "pf-m-teal",
        OptionColour::Green => "pf-m-green",
        OptionColour::Yellow => "pf-m-yellow",
        OptionColour::Orange => "pf-m-orange",
        OptionColour::Red => "pf-m-red",
        OptionColour::Purple => "pf-m-purple",
    };
    label(colour, words)
}

/// The way to the record, who edits it, and what of it waits.
pub(super) fn title(
    entity: &Entity,
    record: &RecordRow,
    editing: Option<&Presence>,
    unsaved: Option<&Person>,
    waits: Option<&str>,
) -> Html {
    let title = format::title(&record.title);
    html! {
        <>
            <a href={format!("#{}", Route::record(entity.id, record.id).to_path())}>{ title }</a>
            if let Some(editing) = editing {
                <span class="baton-editing" title={t::list::open_in_a_form()}>
                    { editing_text(&editing.owner.name, editing.others) }
                </span>
            }
            if let (Some(author), None) = (unsaved, editing) {
                <span class="baton-unsaved-of" data-unsaved-of={author.name.clone()} title={t::list::typed_and_not_saved()}>
                    { t::list::unsaved_changes_of(&author.name) }
                </span>
            }
            if let Some(waits) = waits {
                <span class="baton-waits">{ waits }</span>
            }
        </>
    }
}

fn editing_text(owner: &str, others: usize) -> String {
    t::list::is_editing(owner, others)
}

/// As the component set's label, without a component: a long list draws many.
fn status_label(status: &str) -> Html {
    let (colour, label) = match status {
        PUBLISHED => ("pf-m-green", t::words::status_published()),
        DRAFT => ("pf-m-grey", t::words::status_draft()),
        other => ("pf-m-orange", other),
    };
    self::label(colour, label.to_owned())
}

fn label(colour: &'static str, words: String) -> Html {
    html! {
        <span class={classes!("pf-v6-c-label", "pf-m-compact", colour)}>
            <span class="pf-v6-c-label__content"><span class="pf-v6-c-label__text">{ words }</span></span>
        </span>
    }
}

/// That somebody is told of something at a record, and has not read it.
pub(super) fn unread_mark(unread: usize) -> Html {
    if unread == 0 {
        return Html::default();
    }
    html! {
        <span class="baton-unread-here" data-unread={unread.to_string()} title={t::list::not_read_yet()}>
            <i class="fas fa-comment" aria-hidden="true" />
            { t::list::unread(unread) }
        </span>
    }
}
