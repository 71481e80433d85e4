//! Subscriptions exist for connections that live, once each, and end with them (seed rows 39 and 55).

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::{Peer, TIMEOUT};
use baton_protocol::message::{ToServer, Topic};
use baton_server::app::App;
use baton_server::bus::Bus;
use baton_server::config::{Config, Settings};
use tokio::net::TcpListener;
use tokio::sync::watch;

async fn until(bus: &Bus, topics: &[Topic], wanted: usize) {
    let began = tokio::time::Instant::now();
    // Polls: until each topic has so many.
    while topics.iter().any(|topic| bus.subscribers(*topic) != wanted) {
        assert!(began.elapsed() < TIMEOUT, "there are never {wanted}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn whoever_is_gone_is_subscribed_to_nothing_and_nobody_is_twice() {
    let directory = tempfile::tempdir().expect("a directory");
    let settings = Settings {
        data_dir: Some(directory.path().to_owned()),
        sample_data: Some(true),
        ..Settings::default()
    };
    let (_stop, stopping) = watch::channel(false);
    let app = App::open(Config::of(settings, None).expect("sensible"), stopping)
        .await
        .expect("it opens");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let bus = app.bus.clone();
    tokio::spawn(baton_server::run(listener, app));

    let mut anna = Peer::connect(port).await;
    anna.hello(None).await;
    let people = std::fs::read_to_string(directory.path().join("sample-people.json")).expect("sample people");
    let people: BTreeMap<String, String> = serde_json::from_str(&people).expect("readable");
    let email = "anna@example.test".to_owned();
    let password = people[&email].clone().into();
    anna.ask(ToServer::sign_in(email, password)).await.expect("signs in");
    let entity = anna.entity("product").await;
    let form = baton_protocol::id::FormKey::record(anna.records(entity).await[0].id);
    let topics = [
        Topic::Entities,
        Topic::Records(entity),
        Topic::Bin(entity),
        Topic::Form(form),
    ];
    for _ in 0..2 {
        for topic in &topics[..3] {
            let watch = ToServer::Watch {
                topic: *topic,
                rows: 10,
                since: None,
            };
            anna.ask(watch).await.expect("watched");
        }
        anna.join(form).await;
    }
    until(&bus, &topics, 1).await;
    anna.close().await;
    until(&bus, &topics, 0).await;
}
