//! A desktop's data directory as it is after somebody signed in and looked at the content once.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use baton_client::core::Control;
use baton_protocol::desktop::{EngineCall, SignIn, TopicUpdate, UiEvent, Watch};
use baton_protocol::id::EntityId;
use baton_protocol::message::{Snapshot, Topic};

use crate::Server;

/// Signs a sample person in with a desktop's engine, lets it see the entities, and quits; the first entity.
///
/// # Errors
/// If the server does not answer.
pub async fn signed_in_desktop(server: &Server, person: &str, directory: &Path) -> anyhow::Result<EntityId> {
    let email = format!("{person}@example.test");
    let passwords = server.passwords().await?;
    let password = passwords.get(&email).with_context(|| format!("{email} is nobody"))?;
    let (handle, mut events) = baton_client::start(baton_client::Config {
        server: baton_client::Server::Given(server.address()),
        sign_in: Some(SignIn {
            email,
            password: password.clone(),
            code: None,
        }),
        ..baton_client::Config::in_directory(directory.to_owned())
    });
    let topic = Topic::Entities;
    handle.call(0, EngineCall::Watch(Watch { topic, rows: 10 })).await?;
    let entity = loop {
        let told = tokio::time::timeout(Duration::from_secs(30), events.recv()).await;
        let (_, event) = told
            .context("the server does not answer")?
            .context("the engine ended")?;
        if let UiEvent::Topic {
            update: TopicUpdate::Snapshot(Snapshot::Entities(rows)),
            ..
        } = event
        {
            break rows.first().context("an entity")?.entity.id;
        }
    };
    handle.call(0, Control::Quit { anyway: true }).await?;
    Ok(entity)
}
