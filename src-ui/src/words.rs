//! The words of what the program itself defines: types of field, statuses, orders, comparisons. Forms and records hold
//! ids; re-wording one here changes no stored byte.

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
use baton_protocol::notification::{NotificationBody, NotificationReason};
use baton_protocol::person::{AccountState, UserRole};
use baton_protocol::rights::{Access, FieldLimit};

use crate::notation;

pub(crate) mod audit;

/// What a person may do.
pub(crate) fn role(role: UserRole) -> &'static str {
    match role {
        UserRole::None => "Groups only",
        UserRole::Viewer => "Viewer",
        UserRole::Editor => "Editor",
        UserRole::Admin => "Admin",
    }
}

/// What somebody may do with a collection.
pub(crate) fn access(access: Access) -> &'static str {
    match access {
        Access::None => "No access",
        Access::View => "View",
        Access::Edit => "Edit",
        Access::Manage => "Manage",
    }
}

/// How somebody is kept from a field.
pub(crate) fn field_limit(limit: Option<FieldLimit>) -> &'static str {
    match limit {
        None => "As the collection",
        Some(FieldLimit::ReadOnly) => "Read only",
        Some(FieldLimit::Hidden) => "Hidden",
    }
}

/// What an account is good for.
pub(crate) fn account_state(state: AccountState) -> &'static str {
    match state {
        AccountState::Active => "Active",
        AccountState::PasswordGiven => "Has to choose a password",
        AccountState::SecondFactorMissing => "Has to set up a second factor",
        AccountState::Deactivated => "Deactivated",
        AccountState::Former => "Forgotten",
    }
}

/// What somebody is told of.
pub(crate) fn notification(body: &NotificationBody) -> String {
    let title = match body.title.trim() {
        "" => "a record".to_owned(),
        title => format!("“{title}”"),
    };
    match body.why {
        NotificationReason::Mentioned => format!("{} mentioned you at {title}", body.by.name),
        NotificationReason::Answered => format!("{} answered you at {title}", body.by.name),
        NotificationReason::Saved => format!("{} saved {title}", body.by.name),
        NotificationReason::Asked => format!("{} asked to edit {title}", body.by.name),
        NotificationReason::Promoted => format!("You edit {title} now, after {}", body.by.name),
        NotificationReason::HandedOver => format!("{} handed {title} to you", body.by.name),
        NotificationReason::TakenOver => format!("{} took over {title}", body.by.name),
    }
}

/// What a person can choose not to be told of.
pub(crate) fn notification_reason(why: NotificationReason) -> &'static str {
    match why {
        NotificationReason::Mentioned => "Somebody mentions me in a comment",
        NotificationReason::Answered => "Somebody answers in a thread in which I wrote",
        NotificationReason::Saved => "A record that I follow is saved",
        NotificationReason::Asked => "Somebody asks to edit what I am editing",
        NotificationReason::Promoted => "It is my turn to edit",
        NotificationReason::HandedOver => "Somebody hands a form to me",
        NotificationReason::TakenOver => "Somebody takes over what I was editing",
    }
}

/// What somebody did, before the name of what they did it to.
pub(crate) fn activity(what: &ActivityKind, kind: FormKind) -> &'static str {
    match (what, kind) {
        (
            ActivityKind::Saved {
                version: Version(1), ..
            },
            FormKind::Record,
        ) => "created",
        (
            ActivityKind::Saved {
                version: Version(1), ..
            },
            FormKind::Entity,
        ) => "created the collection",
        (ActivityKind::Saved { .. }, FormKind::Record) => "changed",
        (ActivityKind::Saved { .. }, FormKind::Entity) => "changed the definition of",
        (ActivityKind::Removed(DeletionKind::Archived), _) => "archived",
        (ActivityKind::Removed(DeletionKind::Deleted), FormKind::Record) => "deleted",
        (ActivityKind::Removed(DeletionKind::Deleted), FormKind::Entity) => "deleted the collection",
        (ActivityKind::Restored, FormKind::Record) => "restored",
        (ActivityKind::Restored, FormKind::Entity) => "restored the collection",
        (ActivityKind::Job { what, .. }, _) => match what {
            AuditedJob::Import => "imported into",
            AuditedJob::Export => "exported",
            AuditedJob::Bulk => "changed or deleted many records of",
            AuditedJob::Purge => "deleted for ever from",
            AuditedJob::Undo => "undid a bulk change of",
        },
    }
}

/// What one person is told.
pub(crate) fn personal(notice: &PersonalNotice) -> String {
    match notice {
        PersonalNotice::Message { from, text } => format!("{} says: {text}", from.name),
        PersonalNotice::Notification(body) => notification(body),
        PersonalNotice::SignInsPaused { email, seconds } => format!(
            "Ten sign-ins with {email} failed in a row. New ones wait for {} minutes; a new password ends that.",
            seconds.div_ceil(60)
        ),
    }
}

/// What a desktop shows.
pub(crate) fn page(page: Page, collection: impl Fn(EntityId) -> String) -> String {
    match page {
        Page::Collections => "All collections".into(),
        Page::Records(entity) => format!("The list of {}", collection(entity)),
        Page::Record(entity) => format!("A record of {}", collection(entity)),
        Page::Definition(entity) => format!("The definition of {}", collection(entity)),
        Page::Other => "Another page".into(),
    }
}

/// What a type of field is called, and what it is for.
pub(crate) fn field_type(field_type: FieldType) -> (&'static str, &'static str) {
    match field_type {
        FieldType::Text => ("Text", "One line"),
        FieldType::Textarea => ("Long text", "Several lines"),
        FieldType::RichText => ("Formatted text", "Headings, lists, links"),
        FieldType::Email => ("E-mail", "An address to write to"),
        FieldType::Url => ("Web address", "The address of a page"),
        FieldType::Number => ("Number", "Exact, with decimals"),
        FieldType::Boolean => ("Yes or no", "A switch"),
        FieldType::Date => ("Date", "A day"),
        FieldType::DateTime => ("Date and time", "A day and the time on the wall"),
        FieldType::Select => ("Choice", "One of several, in a menu"),
        FieldType::Radio => ("Choice, all in sight", "One of a few"),
        FieldType::Checkboxes => ("Several choices", "Any of several"),
        FieldType::Relation => ("Link", "Records of another kind"),
        FieldType::File => ("File", "A document, kept by the server"),
        FieldType::Image => ("Picture", "PNG, JPEG, GIF or WebP"),
    }
}

/// What stands between a field and a value in a filter.
pub(crate) fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Contains => "contains",
        Operator::Is => "is",
        Operator::IsNot => "is not",
        Operator::AtLeast => "is at least",
        Operator::AtMost => "is at most",
        Operator::Between => "is between",
        Operator::Within => "is within",
        Operator::Mine => "is me",
        Operator::Empty => "is empty",
        Operator::Given => "is not empty",
    }
}

/// The colour of an option.
pub(crate) fn colour(colour: OptionColour) -> &'static str {
    match colour {
        OptionColour::Plain => "No colour",
        OptionColour::Grey => "Grey",
        OptionColour::Blue => "Blue",
        OptionColour::Teal => "Teal",
        OptionColour::Green => "Green",
        OptionColour::Yellow => "Yellow",
        OptionColour::Orange => "Orange",
        OptionColour::Red => "Red",
        OptionColour::Purple => "Purple",
    }
}

/// A layout of a list: its icon, its name, and what it needs.
pub(crate) fn layout(layout: Layout) -> (&'static str, &'static str, Option<&'static str>) {
    match layout {
        Layout::Table => ("fas fa-table", "Table", None),
        Layout::Cards => ("fas fa-th-large", "Cards", None),
        Layout::Board => ("fas fa-columns", "Board", Some("A board needs a field of one choice.")),
        Layout::Gallery => (
            "fas fa-images",
            "Gallery",
            Some("A gallery needs a field of a picture."),
        ),
        Layout::Calendar => (
            "fas fa-calendar-alt",
            "Calendar",
            Some("A calendar needs a field of a date."),
        ),
    }
}

/// A span of days around today.
pub(crate) fn span(span: Span) -> &'static str {
    match span {
        Span::Today => "today",
        Span::Yesterday => "yesterday",
        Span::ThisWeek => "this week",
        Span::ThisMonth => "this month",
        Span::ThisYear => "this year",
        Span::Last7Days => "the last 7 days",
        Span::Last30Days => "the last 30 days",
        Span::Next7Days => "the next 7 days",
        Span::Next30Days => "the next 30 days",
        Span::Past => "the past",
        Span::Future => "the future",
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
        ("status", "draft") => "Draft",
        ("status", "published") => "Published",
        ("status", "archived") => "Archived",
        ("sort", "newest") => "Newest first",
        ("sort", "title") => "By title",
        ("sort", "manual") => "By hand",
        ("width", "half") => "Half",
        ("width", "full") => "Full",
        ("on_delete", "keep") => "Keep the link, marked as deleted",
        ("on_delete", "refuse") => "Refuse to delete the linked record",
        _ => return None,
    })
}

/// A value as a person reads it; without its field, as it is.
pub(crate) fn value(field: Option<&Field>, value: &Value) -> String {
    let words = |id: &str| field.map_or_else(|| id.to_owned(), |field| option(field, id));
    match value {
        Value::Empty => String::new(),
        Value::Flag(true) => "Yes".into(),
        Value::Flag(false) => "No".into(),
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
