//! Whatever comes over the wire is read or refused, and never a panic.

use baton_protocol::codec;
use baton_protocol::draft::{Change, Draft};
use baton_protocol::field::{Field, FieldType};
use baton_protocol::id::UserId;
use baton_protocol::message::{Request, ToClient};
use baton_protocol::person::Person;
use baton_protocol::values::Values;
use proptest::prelude::*;
use uuid::Uuid;

/// Something close to a message: whole ones with a piece cut out, doubled or replaced.
fn nearly() -> impl Strategy<Value = String> {
    let whole = prop_oneof![
        Just(r#"{"id":1,"body":{"hello":{"protocol":2,"client":"x","resume":null}}}"#),
        Just(
            r#"{"id":2,"body":{"change":{"form":{"kind":"record","id":"01900000-0000-7000-8000-000000000001"},"fence":1,"op":"01900000-0000-7000-8000-000000000002","rev":3,"changes":[{"field":"text","edit":{"splice":{"at":0,"delete":1,"insert":"é👩"}}}]}}}"#
        ),
        Just(r#"{"id":3,"body":{"watch":{"topic":{"records":"01900000-0000-7000-8000-000000000001"},"rows":9}}}"#),
        Just(
            r#"{"event":{"seq":7,"topic":"entities","event":{"record_count":{"entity":"01900000-0000-7000-8000-000000000001","records":2}}}}"#
        ),
        Just(
            r#"{"form":{"form":{"kind":"record","id":"01900000-0000-7000-8000-000000000001"},"notice":{"focus":{"ticket":1,"field":null}}}}"#
        ),
    ];
    (
        whole,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        ".{0,6}",
    )
        .prop_map(|(whole, from, to, piece)| {
            let chars: Vec<char> = whole.chars().collect();
            let (from, to) = (from.index(chars.len()), to.index(chars.len()));
            let head: String = chars[..from].iter().collect();
            let tail: String = chars[to..].iter().collect();
            format!("{head}{piece}{tail}")
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read_or_refused(text in prop_oneof![nearly(), ".{0,200}"]) {
        if let Ok(request) = codec::decode::<Request>(&text) {
            // What was read means the same when it is written again.
            prop_assert_eq!(codec::decode::<Request>(&codec::encode(&request)), Ok(request));
        }
        if let Ok(message) = codec::decode::<ToClient>(&text) {
            prop_assert_eq!(codec::decode::<ToClient>(&codec::encode(&message)), Ok(message));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        codec::decode::<Request>(&text).ok();
        codec::decode::<ToClient>(&text).ok();
    }

    #[test]
    fn any_change_applies_or_is_refused_and_then_changes_nothing(
        text in ".{0,40}", at in any::<usize>(), delete in any::<usize>(), insert in ".{0,8}", field in "text|other",
    ) {
        let fields = |name: &str| (name == "text").then(|| Field::new("text", "Text", FieldType::Textarea));
        let saved = Values::from([("text".into(), baton_protocol::field::Value::from_text(text))]);
        let author = Person { id: UserId(Uuid::nil()), name: "Anna".into() };
        let mut draft = Draft::default();
        let change: Change = serde_json::from_value(serde_json::json!({
            "field": field, "edit": { "splice": { "at": at % 64, "delete": delete, "insert": insert } },
        })).expect("a change");
        if draft.apply(&saved, fields, &change, &author).is_err() {
            prop_assert!(draft.is_empty());
        }
    }
}
