//! A reader that stalls: it is told to resync when it reads again, and nobody else notices
//! (semantics 6.3).

use crate::support::{Server, set};
use baton_protocol::form::Notice;
use baton_protocol::message::ToClient;

/// More than the kernel and the server's queue keep for one connection.
const MESSAGES: usize = 6000;
const LENGTH: usize = 4000;

#[tokio::test]
async fn a_reader_that_stalls_is_told_to_resync_and_the_others_hear_everything() {
    let mut server = Server::start().await;
    server.kill().await;
    // A minute, or a reader that stalls would be taken for gone.
    server.restart_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben, mut ada) = (
        server.peer("anna").await,
        server.peer("ben").await,
        server.peer("ada").await,
    );
    let form = anna.a_product().await;
    let fence = anna.join(form).await.fence;
    ben.join(form).await;
    ada.join(form).await;
    for number in 0..MESSAGES {
        let text = format!("{number:0>LENGTH$}");
        anna.change(form, fence, "description", &text).await.expect("accepted");
        let heard = ada
            .hear(|message| match message {
                ToClient::Resync => Some(None),
                ToClient::Form {
                    notice: Notice::Changed { changes, .. },
                    ..
                } => Some(Some(changes.clone())),
                _ => None,
            })
            .await;
        assert_eq!(
            heard,
            Some(vec![set("description", &text)]),
            "nothing is missing for who reads"
        );
    }
    let told = ben
        .hear(|message| matches!(message, ToClient::Resync).then_some(()))
        .await;
    assert_eq!(told, ());
    // It asks for everything again and is served like anybody.
    let view = ben.join(form).await;
    assert_eq!(view.value("description").text(), format!("{:0>LENGTH$}", MESSAGES - 1));
}
