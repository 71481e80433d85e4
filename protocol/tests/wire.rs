//! Every message as it travels: a change of the wire is a change of these files, and a decision (`PROTOCOL`).

mod asked;
mod said;
mod things;

use baton_protocol::codec;
use serde::Serialize;

/// A line a message.
fn lines<T: Serialize>(messages: &[T]) -> String {
    let lines: Vec<String> = messages.iter().map(codec::encode).collect();
    lines.join("\n")
}

#[test]
fn what_a_desktop_asks_is_written_like_this() {
    insta::assert_snapshot!("to_server", lines(&asked::to_server()));
    insta::assert_snapshot!("form_command", lines(&asked::form_commands()));
    insta::assert_snapshot!("query", lines(&asked::queries()));
}

#[test]
fn what_the_server_says_is_written_like_this() {
    insta::assert_snapshot!("to_client", lines(&said::to_client()));
    insta::assert_snapshot!("answer", lines(&said::answers()));
    insta::assert_snapshot!("reply", lines(&said::replies()));
    insta::assert_snapshot!("reply_about_what_happened", lines(&said::replies_about_what_happened()));
    insta::assert_snapshot!("event", lines(&said::events()));
    insta::assert_snapshot!("notice", lines(&said::notices()));
}

#[test]
fn the_page_about_the_protocol_names_its_version() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md")).expect("the page");
    let version = format!("The version is {}.", baton_protocol::message::PROTOCOL);
    assert!(page.contains(&version), "docs/protocol.md does not say: {version}");
}
