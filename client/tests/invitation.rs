//! Invitations are shown where nobody is signed in, and change nothing by themselves.

use crate::harness::Harness;
use baton_client::core::Control;
use baton_protocol::desktop::{SignIn, UiEvent};
use baton_protocol::invitation::Invitation;
use baton_protocol::message::Code;

fn follow(harness: &mut Harness, server: &str) -> Result<(), Code> {
    let invitation = Invitation {
        server: server.into(),
        email: "cara@example.test".into(),
        password: "abcd-efgh".into(),
    };
    let link = invitation.to_string();
    harness.call(Control::FollowLink { link });
    match harness.replies.last().expect("a reply") {
        Ok(_) => Ok(()),
        Err(problem) => Err(problem.code),
    }
}

fn shown(harness: &Harness) -> Option<&Invitation> {
    let mut shown = harness.told.iter().filter_map(|event| match event {
        UiEvent::Invitation(invitation) => Some(invitation),
        _ => None,
    });
    shown.next_back()
}

#[test]
fn an_invitation_is_shown_and_nothing_is_sent_or_stored() {
    let mut harness = Harness::started_with(SignIn {
        email: "anna@example.test".into(),
        password: "not tried yet".into(),
        code: None,
    });
    let sent = harness.sent.len();
    assert_eq!(follow(&mut harness, "other.example:7420"), Ok(()));
    assert_eq!(
        shown(&harness).map(|shown| shown.server.as_str()),
        Some("other.example:7420")
    );
    assert_eq!(harness.sent.len(), sent, "its person has not accepted it");
}

#[test]
fn whoever_is_signed_in_is_not_asked_in() {
    let mut harness = Harness::signed_in();
    assert_eq!(follow(&mut harness, "other.example:7420"), Err(Code::Forbidden));
    assert_eq!(shown(&harness), None);
}
