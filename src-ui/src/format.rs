//! Dates, values and counts as a person reads them.

use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::time::Timestamp;

/// "24 Nov, 19:05", with the year if it is not this one, in the computer's own time zone.
pub(crate) fn moment(at: Timestamp) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds fit a double for 200,000 years")]
    let date = js_sys::Date::new(&(at.0 as f64).into());
    let pad = |number: u32| format!("{number:02}");
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = months.get(date.get_month() as usize).copied().unwrap_or_default();
    let year = date.get_full_year();
    let year = if year == js_sys::Date::new_0().get_full_year() {
        String::new()
    } else {
        format!(" {year}")
    };
    format!(
        "{} {month}{year}, {}:{}",
        date.get_date(),
        pad(date.get_hours()),
        pad(date.get_minutes())
    )
}

/// "1 record", "12 records".
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}

/// "12 s", "3 min", "2 h", "4 days".
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86400 => format!("{} h", seconds / 3600),
        _ => count(seconds / 86400, "day", "days"),
    }
}

/// The name of an entity's icon.
pub(crate) fn icon_of(entity: &Entity) -> &str {
    match entity.icon.as_str() {
        "" => "box",
        icon => icon,
    }
}

/// A value in a list's cell.
pub(crate) fn cell(field: &Field, value: Option<&Value>) -> String {
    match (field.field_type, value) {
        (FieldType::Boolean, Some(Value::Flag(true))) => "Yes".into(),
        (FieldType::Boolean, Some(Value::Flag(false))) => "No".into(),
        (_, Some(Value::Text(text))) => text.clone(),
        (_, Some(Value::List(items))) => items.join(", "),
        (_, Some(Value::Empty | Value::Flag(_)) | None) => String::new(),
    }
}

/// "S" and "SB" for the round badge of a person.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next().unwrap_or('?');
    words
        .next_back()
        .into_iter()
        .fold(first.to_uppercase().to_string(), |text, last| {
            text + &last.to_uppercase().to_string()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(1, "record", "records"), "1 record");
        assert_eq!(count(0, "record", "records"), "0 records");
    }

    #[test]
    fn initials_come_from_the_first_and_the_last_name() {
        assert_eq!(initials("Anna"), "A");
        assert_eq!(initials("Ben van der Berg"), "BB");
        assert_eq!(initials(" "), "?");
        assert_eq!(initials("élodie"), "É");
    }
}
