//! The draft: any list of changes applies or is refused, and a refused one leaves the draft alone.
#![no_main]

use baton_protocol::draft::{Change, Draft};
use baton_protocol::field::{Field, FieldType};
use baton_protocol::id::UserId;
use baton_protocol::person::Person;
use baton_protocol::values::Values;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(changes) = serde_json::from_str::<Vec<Change>>(text) else {
        return;
    };
    let fields = |name: &str| match name {
        "text" => Some(Field::new("text", "Text", FieldType::Textarea)),
        "yes" => Some(Field::new("yes", "Yes", FieldType::Boolean)),
        _ => None,
    };
    let author = Person {
        id: UserId(uuid::Uuid::nil()),
        name: "Anna".into(),
    };
    let mut draft = Draft::default();
    for change in &changes {
        let before = draft.clone();
        if draft.apply(&Values::new(), fields, change, &author).is_err() {
            assert_eq!(draft, before);
        }
    }
});
