//! Who comes and goes at one moment is told together, and everybody knows the same of it (6.2).

use baton_protocol::form::{FormCommand, FormSnapshot, Notice};
use baton_protocol::id::{FormKey, Ticket};
use baton_protocol::message::ToServer;
use tokio::task::JoinSet;

use crate::support::{Peer, Server};

/// Who is there and not away.
fn present(view: &FormSnapshot) -> Vec<Ticket> {
    let there = view.editors.iter().filter(|editor| editor.reserved_ms.is_none());
    there.map(|editor| editor.ticket).collect()
}

/// Applies what is told until something is typed.
async fn follow(peer: &mut Peer, view: &mut FormSnapshot) {
    loop {
        let notice = peer.hear_notice(|notice| Some(notice.clone())).await;
        if matches!(notice, Notice::Changed { .. }) {
            return;
        }
        view.apply(&notice).expect("it follows what was told before");
    }
}

/// What became of somebody who came.
enum Came {
    Stays(Peer, Ticket),
    Left(Peer, Ticket),
    LineBroke,
}

/// Comes, and goes again in one of the ways that there are, or stays.
async fn pass_through(mut peer: Peer, form: FormKey, number: usize) -> Came {
    let place = peer.join(form).await.me.expect("a place");
    match number % 4 {
        0 => Came::Stays(peer, place),
        1 => Came::LineBroke,
        2 => {
            peer.ask(ToServer::Leave { form }).await.expect("left");
            Came::Left(peer, place)
        }
        _ => {
            peer.ask(ToServer::Leave { form }).await.expect("left");
            let place = peer.join(form).await.me.expect("another place");
            Came::Stays(peer, place)
        }
    }
}

#[tokio::test]
async fn whoever_comes_and_goes_at_one_moment_is_known_to_everybody_before_what_is_typed_next() {
    const MANY: usize = 16;
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let mut hers = anna.join(form).await;
    for round in 0..4 {
        let mut comers = JoinSet::new();
        for number in 0..MANY {
            comers.spawn(pass_through(server.peer("ben").await, form, number));
        }
        // In the middle of it: what they see first is neither what was before nor what will be.
        let mut witness = server.peer("ben").await;
        let mut seen = witness.join(form).await;
        let mut stay = Vec::new();
        let mut left = Vec::new();
        while let Some(comer) = comers.join_next().await {
            match comer.expect("no panic") {
                Came::Stays(peer, place) => stay.push((peer, place)),
                Came::Left(peer, place) => left.push((peer, place)),
                Came::LineBroke => {}
            }
        }
        anna.change(form, hers.fence, "title", &format!("Round {round}"))
            .await
            .expect("accepted");
        follow(&mut anna, &mut hers).await;
        follow(&mut witness, &mut seen).await;
        let known = present(&hers);
        assert_eq!(known, present(&seen), "round {round}");
        assert!(stay.iter().all(|(_, place)| known.contains(place)), "round {round}");
        assert!(left.iter().all(|(_, place)| !known.contains(place)), "round {round}");
        for (mut peer, _) in stay {
            peer.ask(ToServer::Leave { form }).await.expect("left");
        }
        witness.ask(ToServer::Leave { form }).await.expect("left");
    }
}

#[tokio::test]
async fn nothing_overtakes_who_came_and_went() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let mut hers = anna.join(form).await;
    for round in 0..8 {
        let (mut ben, mut comer) = (server.peer("ben").await, server.peer("ben").await);
        let asker = ben.join(form).await.me.expect("a place");
        ben.give(form, FormCommand::RequestEdit).await.expect("asked");
        // Whoever comes opens the window, in which it is still to be told that the asker went.
        comer.join(form).await;
        ben.ask(ToServer::Leave { form }).await.expect("left");
        loop {
            let notice = anna.hear_notice(|notice| Some(notice.clone())).await;
            hers.apply(&notice).expect("it follows what was told before");
            if matches!(notice, Notice::Asked { ask: None, .. }) {
                break;
            }
        }
        let is_there = hers.editors.iter().any(|editor| editor.ticket == asker);
        assert!(!is_there, "round {round}: nobody asks any more, and the asker is there");
        comer.ask(ToServer::Leave { form }).await.expect("left");
    }
}
