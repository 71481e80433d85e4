//! The words of what the program itself defines: types of field, statuses, orders, comparisons. Forms and records hold
//! ids; re-wording one here changes no stored byte.

use baton_locales::t;
use baton_protocol::activity::ActivityKind;
use baton_protocol::audit::AuditedJob;
use baton_protocol::definition::{FIELDS, OPTIONS, is_of_option, key, option_property, parts};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::field::{Field, FieldType, Operator, OptionColour, Value};
use baton_protocol::file::{FileRef, size_text};
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::{EntityId, FormKind, Version};
use baton_protocol::list::Layout;
use baton_protocol::list_query::Span;
use baton_protocol::live::Page;
use baton_protocol::message::PersonalNotice;
use baton_protocol::notification::{NotificationBody, NotificationReason, NotificationSubject};
use baton_protocol::person::{AccountState, UserRole};
use baton_protocol::rights::{Access, FieldLimit};

use yew::prelude::*;

use crate::notation;

pub(crate) mod audit;

/// What a person may do.
pub(crate) fn role(role: UserRole) -> &'static str {
    match role {
        UserRole::None => t::words::groups_only(),
        UserRole::Viewer => t::words::viewer(),
        UserRole::Editor => t::words::editor(),
        UserRole::Admin => t::words::admin(),
    }
}

/// What somebody may do with a collection.
pub(crate) fn access(access: Access) -> &'static str {
    match access {
        Access::None => t::words::no_access(),
        Access::View => t::words::access_view(),
        Access::Edit => t::words::access_edit(),
        Access::Manage => t::words::access_manage(),
    }
}

/// How somebody is kept from a field.
pub(crate) fn field_limit(limit: Option<FieldLimit>) -> &'static str {
    match limit {
        None => t::words::as_the_collection(),
        Some(FieldLimit::ReadOnly) => t::words::read_only(),
        Some(FieldLimit::Hidden) => t::words::hidden(),
    }
}

/// What an account is good for.
pub(crate) fn account_state(state: AccountState) -> &'static str {
    match state {
        AccountState::Active => t::words::active(),
        AccountState::PasswordGiven => t::words::has_to_choose_a_password(),
        AccountState::SecondFactorMissing => t::words::has_to_set_up_a_factor(),
        AccountState::Deactivated => t::words::deactivated(),
        AccountState::Former => t::words::forgotten(),
    }
}

/// What somebody is told of.
pub(crate) fn notification(body: &NotificationBody) -> String {
    let title = match body.title.trim() {
        "" => t::words::a_record().to_owned(),
        title => t::common::quoted(title),
    };
    match body.why {
        NotificationReason::Mentioned => t::words::mentioned_you_at(&body.by.name, &title),
        NotificationReason::Answered => t::words::answered_you_at(&body.by.name, &title),
        NotificationReason::Saved => t::words::saved_title(&body.by.name, &title),
        NotificationReason::Asked => t::words::asked_to_edit(&body.by.name, &title),
        NotificationReason::Promoted => t::words::you_edit_now_after(&title, &body.by.name),
        NotificationReason::HandedOver => t::words::handed_to_you(&body.by.name, &title),
        NotificationReason::TakenOver => t::words::took_over(&body.by.name, &title),
        NotificationReason::ImportEnded => import_ended(body),
    }
}

fn import_ended(body: &NotificationBody) -> String {
    let into = &body.title;
    match body.about {
        NotificationSubject::Import { problem: Some(_), .. } => t::words::import_failed(into),
        NotificationSubject::Import { records, left_out, .. } => t::words::import_ended(into, records, left_out),
        NotificationSubject::Record { .. } => t::words::import_ended(into, 0u64, 0u64),
    }
}

/// What was said besides; empty where nothing was.
pub(crate) fn notification_text(body: &NotificationBody) -> String {
    match &body.about {
        NotificationSubject::Import {
            problem: Some(problem), ..
        } => problem.to_string(),
        NotificationSubject::Import { .. } | NotificationSubject::Record { .. } => body.text.clone(),
    }
}

/// What a person can choose not to be told of.
pub(crate) fn notification_reason(why: NotificationReason) -> &'static str {
    match why {
        NotificationReason::Mentioned => t::words::when_mentioned(),
        NotificationReason::Answered => t::words::when_answered(),
        NotificationReason::Saved => t::words::when_saved(),
        NotificationReason::Asked => t::words::when_asked(),
        NotificationReason::Promoted => t::words::when_promoted(),
        NotificationReason::HandedOver => t::words::when_handed_over(),
        NotificationReason::TakenOver => t::words::when_taken_over(),
        NotificationReason::ImportEnded => t::words::when_import_ended(),
    }
}

/// What somebody did, around the name of what they did it to.
pub(crate) fn activity(what: &ActivityKind, kind: FormKind, title: &str) -> String {
    match (what, kind) {
        (
            ActivityKind::Saved {
                version: Version(1), ..
            },
            FormKind::Record,
        ) => t::activity::created(title),
        (
            ActivityKind::Saved {
                version: Version(1), ..
            },
            FormKind::Entity,
        ) => t::activity::created_collection(title),
        (ActivityKind::Saved { .. }, FormKind::Record) => t::activity::changed(title),
        (ActivityKind::Saved { .. }, FormKind::Entity) => t::activity::changed_definition(title),
        (ActivityKind::Removed(DeletionKind::Archived), _) => t::activity::archived(title),
        (ActivityKind::Removed(DeletionKind::Deleted), FormKind::Record) => t::activity::deleted(title),
        (ActivityKind::Removed(DeletionKind::Deleted), FormKind::Entity) => t::activity::deleted_collection(title),
        (ActivityKind::Restored, FormKind::Record) => t::activity::restored(title),
        (ActivityKind::Restored, FormKind::Entity) => t::activity::restored_collection(title),
        (ActivityKind::Job { what, .. }, _) => match what {
            AuditedJob::Import => t::activity::imported(title),
            AuditedJob::Export => t::activity::exported(title),
            AuditedJob::Bulk => t::activity::changed_many(title),
            AuditedJob::Purge => t::activity::purged(title),
            AuditedJob::Undo => t::activity::undid_bulk_change(title),
        },
    }
}

/// A sentence with a link in the place of one of its arguments, whose words are [`LINK`].
pub(crate) fn with_link(sentence: &str, link: Html) -> Html {
    let (before, after) = sentence.split_once(LINK).unwrap_or((sentence, ""));
    html! { <>{ before.to_owned() }{ link }{ after.to_owned() }</> }
}

/// What stands for a link in a sentence until it is drawn.
pub(crate) const LINK: &str = "\u{fffc}";

/// What one person is told.
pub(crate) fn personal(notice: &PersonalNotice) -> String {
    match notice {
        PersonalNotice::Message { from, text } => t::words::person_says(&from.name, text),
        PersonalNotice::Notification(body) => notification(body),
        PersonalNotice::SignInsPaused { email, seconds } => t::words::sign_ins_paused(email, seconds.div_ceil(60)),
    }
}

/// What a desktop shows.
pub(crate) fn page(page: Page, collection: impl Fn(EntityId) -> String) -> String {
    match page {
        Page::Collections => t::shell::all_collections().into(),
        Page::Records(entity) => t::words::page_list_of(collection(entity)),
        Page::Record(entity) => t::words::page_record_of(collection(entity)),
        Page::Definition(entity) => t::words::page_definition_of(collection(entity)),
        Page::Other => t::words::page_other().into(),
    }
}

/// What a type of field is called, and what it is for.
pub(crate) fn field_type(field_type: FieldType) -> (&'static str, &'static str) {
    match field_type {
        FieldType::Text => (t::words::text(), t::words::type_text_for()),
        FieldType::Textarea => (t::words::long_text(), t::words::type_textarea_for()),
        FieldType::RichText => (t::words::formatted_text(), t::words::type_rich_text_for()),
        FieldType::Email => (t::words::e_mail(), t::words::type_email_for()),
        FieldType::Url => (t::words::web_address(), t::words::type_url_for()),
        FieldType::Number => (t::words::number(), t::words::type_number_for()),
        FieldType::Boolean => (t::words::yes_or_no(), t::words::type_boolean_for()),
        FieldType::Date => (t::words::date(), t::words::type_date_for()),
        FieldType::DateTime => (t::words::date_and_time(), t::words::type_date_time_for()),
        FieldType::Select => (t::words::choice(), t::words::type_select_for()),
        FieldType::Radio => (t::words::choice_all_in_sight(), t::words::type_radio_for()),
        FieldType::Checkboxes => (t::words::several_choices(), t::words::type_checkboxes_for()),
        FieldType::Relation => (t::words::link(), t::words::type_relation_for()),
        FieldType::File => (t::words::file(), t::words::type_file_for()),
        FieldType::Image => (t::words::picture(), t::words::type_image_for()),
    }
}

/// What stands between a field and a value in a filter.
pub(crate) fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Contains => t::words::contains(),
        Operator::Is => t::words::is(),
        Operator::IsNot => t::words::is_not(),
        Operator::AtLeast => t::words::is_at_least(),
        Operator::AtMost => t::words::is_at_most(),
        Operator::Between => t::words::is_between(),
        Operator::Within => t::words::is_within(),
        Operator::Mine => t::words::is_me(),
        Operator::IsEmpty => t::words::is_empty(),
        Operator::IsNotEmpty => t::words::is_not_empty(),
    }
}

/// The colour of an option.
pub(crate) fn colour(colour: OptionColour) -> &'static str {
    match colour {
        OptionColour::Plain => t::words::no_colour(),
        OptionColour::Grey => t::words::grey(),
        OptionColour::Blue => t::words::blue(),
        OptionColour::Teal => t::words::teal(),
        OptionColour::Green => t::words::green(),
        OptionColour::Yellow => t::words::yellow(),
        OptionColour::Orange => t::words::orange(),
        OptionColour::Red => t::words::red(),
        OptionColour::Purple => t::words::purple(),
    }
}

/// A layout of a list: its icon, its name, and what it needs.
pub(crate) fn layout(layout: Layout) -> (&'static str, &'static str, Option<&'static str>) {
    match layout {
        Layout::Table => ("fas fa-table", t::words::table(), None),
        Layout::Cards => ("fas fa-th-large", t::words::cards(), None),
        Layout::Board => ("fas fa-columns", t::words::board(), Some(t::words::board_needs())),
        Layout::Gallery => ("fas fa-images", t::words::gallery(), Some(t::words::gallery_needs())),
        Layout::Calendar => (
            "fas fa-calendar-alt",
            t::words::calendar(),
            Some(t::words::calendar_needs()),
        ),
    }
}

/// A span of days around today.
pub(crate) fn span(span: Span) -> &'static str {
    match span {
        Span::Today => t::words::today(),
        Span::Yesterday => t::words::yesterday(),
        Span::ThisWeek => t::words::this_week(),
        Span::ThisMonth => t::words::this_month(),
        Span::ThisYear => t::words::this_year(),
        Span::Last7Days => t::words::the_last_7_days(),
        Span::Last30Days => t::words::the_last_30_days(),
        Span::Next7Days => t::words::the_next_7_days(),
        Span::Next30Days => t::words::the_next_30_days(),
        Span::Past => t::words::the_past(),
        Span::Future => t::words::the_future(),
    }
}

/// The words of a field's option, also of one that it does not offer any more.
pub(crate) fn option(field: &Field, id: &str) -> String {
    let known = field.options.iter().find(|option| option.id == id);
    match known {
        Some(option) if option.label.is_empty() => built_in(&field.name, id).unwrap_or(id).to_owned(),
        _ => field.option_words(id).to_owned(),
    }
}

/// The options that a field offers, each with its words.
pub(crate) fn offered(field: &Field) -> Vec<(String, String)> {
    let words = |id: &str| (id.to_owned(), option(field, id));
    field.offered().map(|option| words(&option.id)).collect()
}

/// The words of an option of the program's own fields: those of a definition's form, and a record's status.
fn built_in(name: &str, id: &str) -> Option<&'static str> {
    let property = parts(name).map_or(name, |(_, property)| property);
    Some(match (property, id) {
        (property, id) if is_of_option(property) => {
            let known = OptionColour::IDS.into_iter().find(|(_, known)| *known == id);
            colour(known?.0)
        }
        ("type", id) => field_type(FieldType::from_id(id)?).0,
        ("status", "draft") => t::words::status_draft(),
        ("status", "published") => t::words::status_published(),
        ("status", "archived") => t::words::status_archived(),
        ("sort", "newest") => t::words::newest_first(),
        ("sort", "title") => t::words::by_title(),
        ("sort", "manual") => t::words::by_hand(),
        ("width", "half") => t::words::half(),
        ("width", "full") => t::words::full(),
        ("on_delete", "keep") => t::words::link_kept(),
        ("on_delete", "refuse") => t::words::link_refuses(),
        _ => return None,
    })
}

/// A value as a person reads it; without its field, as it is.
pub(crate) fn value(field: Option<&Field>, value: &Value) -> String {
    let words = |id: &str| field.map_or_else(|| id.to_owned(), |field| option(field, id));
    match value {
        Value::Empty => String::new(),
        Value::Bool(true) => t::common::yes().into(),
        Value::Bool(false) => t::common::no().into(),
        Value::Text(text) if field.is_some_and(|field| field.field_type == FieldType::Number) => {
            let unit = field.map_or("", |field| field.unit.as_str());
            notation::of_numbers().amount(text, unit)
        }
        Value::Text(text) if field.is_some_and(|field| field.field_type == FieldType::Date) => {
            notation::of_dates().day(text)
        }
        Value::Text(text) if field.is_some_and(|field| field.field_type == FieldType::DateTime) => {
            notation::of_dates().moment(text)
        }
        Value::Text(text) => FileRef::parse(text).map_or_else(
            || words(text),
            |file| format!("{} ({})", file.name, size_text(file.size)),
        ),
        Value::List(items) => {
            let words: Vec<String> = items.iter().map(|item| words(item)).collect();
            words.join(", ")
        }
    }
}

/// A value of a form as a person reads it: in the form of a definition, ids of fields and options by their labels.
pub(crate) fn form_value(view: &FormSnapshot, name: &str, held: &Value) -> String {
    let labels = |label: &dyn Fn(&str) -> String| {
        let words = held.items().iter().map(|id| match view.value(&label(id)).text() {
            "" => id.clone(),
            words => words.to_owned(),
        });
        words.collect::<Vec<_>>().join(", ")
    };
    match parts(name) {
        Some((field, OPTIONS)) => labels(&|id| key(field, &option_property(id))),
        None if name == FIELDS => labels(&|id| key(id, "label")),
        _ => value(view.field(name).as_ref(), held),
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::definition;
    use baton_protocol::entity::Entity;
    use baton_protocol::id::EntityId;

    use super::*;

    #[test]
    fn every_option_of_the_programs_own_has_words() {
        let entity = Entity::unsaved(EntityId(uuid::Uuid::nil()));
        let of_definition = ["status", "sort", "f:a:type", "f:a:on_delete", "f:a:width"]
            .map(|name| definition::field(name).expect("it is one"));
        let of_record = entity.form_field("status").expect("every record has one");
        for field in of_definition.iter().chain([&of_record]) {
            for (id, words) in offered(field) {
                assert_ne!(id, words, "{} has no words", field.name);
            }
        }
    }

    #[test]
    fn an_option_is_read_by_its_label_wherever_it_stands() {
        let mut field = Field::new("shade", "Shade", FieldType::Checkboxes);
        field.options = vec![baton_protocol::field::ChoiceOption::new("7", "Red")];
        assert_eq!(value(Some(&field), &Value::from_items(["7", "gone"])), "Red, gone");
        assert_eq!(value(None, &Value::from_text("7")), "7");
    }
}
