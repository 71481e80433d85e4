//! Ten thousand links, as anybody may put them into a page or a message: none takes a form, runs or sends anything.

use crate::harness::Harness;
use baton_client::core::Control;
use baton_protocol::desktop::{SignIn, UiEvent};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

/// Pieces of links and of what one might hope to smuggle in, in any order.
fn link() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(format!("baton://record/{ID}/{ID}")),
        Just("baton://".to_owned()),
        Just("baton://record/".to_owned()),
        Just("baton://invitation/".to_owned()),
        Just(ID.to_owned()),
        Just("/".to_owned()),
        Just("/..".to_owned()),
        Just("?server=127.0.0.1:7420".to_owned()),
        Just("?server=evil.example".to_owned()),
        Just("&password=abcd-efgh&email=cara@example.test".to_owned()),
        Just(" --server=evil.example".to_owned()),
        Just("/edit".to_owned()),
        Just("$(touch x)".to_owned()),
        Just("%00%0a%2f".to_owned()),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Follows them all; how many led somewhere.
fn follow_all(mut harness: Harness) -> usize {
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(10_000)
    });
    let harness = std::cell::RefCell::new(&mut harness);
    let followed = std::cell::Cell::new(0);
    let run = runner.run(&link(), |link| {
        let mut harness = harness.borrow_mut();
        let (sent, connects, settings) = (harness.sent.len(), harness.connects, harness.disk.kept.clone());
        harness.told.clear();
        harness.replies.clear();
        harness.call(Control::FollowLink { link });
        prop_assert_eq!(harness.sent.len(), sent, "the server is told");
        prop_assert_eq!(harness.connects, connects, "another server is reached");
        prop_assert_eq!(&harness.disk.kept, &settings, "something is remembered");
        prop_assert_eq!(harness.replies.len(), 1, "one answer");
        let shown = |event: &UiEvent| matches!(event, UiEvent::Navigate(_) | UiEvent::Invitation(_));
        prop_assert!(harness.told.iter().all(shown), "{:?}", harness.told);
        let led = !harness.told.is_empty();
        prop_assert_eq!(led, harness.replies[0].is_ok());
        followed.set(followed.get() + usize::from(led));
        Ok(())
    });
    run.expect("no link does more than show");
    followed.get()
}

#[test]
fn ten_thousand_links_take_nothing_from_whoever_is_signed_in() {
    assert!(follow_all(Harness::signed_in()) > 0, "some of them lead to a record");
}

#[test]
fn ten_thousand_links_take_nothing_where_nobody_is_signed_in() {
    let harness = Harness::started_with(SignIn {
        email: "anna@example.test".into(),
        password: "not tried yet".into(),
        code: None,
    });
    follow_all(harness);
}
