//! What happens at this moment, as admins watch it.

use baton_protocol::id::Seq;
use baton_protocol::live::{Live, LiveChange};
use baton_protocol::message::{Answer, Problem, Snapshot, ToClient, ToServer, Topic};

use super::Peer;

/// Watches this moment; the number of what came, and what it is.
pub(crate) async fn watch_live(peer: &mut Peer) -> Result<(Seq, Live), Problem> {
    let watch = ToServer::Watch {
        topic: Topic::Live,
        rows: 0,
        since: None,
    };
    match peer.ask(watch).await? {
        Answer::Watching {
            seq,
            snapshot: Snapshot::Live(live),
        } => Ok((seq, *live)),
        other => panic!("{other:?} is not this moment"),
    }
}

/// This moment, asked for once.
pub(crate) async fn live(ada: &mut Peer) -> Live {
    let (_, live) = watch_live(ada).await.expect("an admin");
    ada.ask(ToServer::Unwatch { topic: Topic::Live }).await.expect("done");
    live
}

/// The next change that an admin who watches is told.
pub(crate) async fn live_change(peer: &mut Peer) -> (Seq, LiveChange) {
    peer.hear(|message| match message {
        ToClient::LiveChanged { seq, change } => Some((*seq, LiveChange::clone(change))),
        _ => None,
    })
    .await
}
