//! The first start.

use std::collections::BTreeSet;

use anyhow::Context as _;
use baton_protocol::audit::{Act, SettingChange};
use baton_protocol::origin::Origin;
use baton_protocol::person::{AccountState, UserRole};

use crate::app::App;
use crate::sample;
use crate::store::Write;
use crate::{audit, people};

/// Set where the system keeps what is printed.
const JOURNAL: &str = "JOURNAL_STREAM";
/// Where the first admin's password is then, for the server's user only.
const FIRST_ADMIN: &str = "first-admin.txt";

/// Has the audit tell which settings are not what they were at the last start.
///
/// # Errors
/// If the store fails.
pub async fn note_settings(app: &App) -> anyhow::Result<()> {
    let (before, now) = (app.store.settings().await?, &app.config.stated);
    if before == *now {
        return Ok(());
    }
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let changes: Vec<SettingChange> = names
        .into_iter()
        .filter(|name| before.get(*name) != now.get(*name))
        .map(|name| SettingChange {
            name: name.clone(),
            from: before.get(name).cloned(),
            to: now.get(name).cloned(),
        })
        .collect();
    let act = Act::SettingsChanged(changes);
    let entry = audit::entry(app.clock.now(), None, Origin::default(), act);
    // Nothing is known of before the first start.
    let entry = (!before.is_empty()).then_some(entry);
    app.store.write(Write::Settings(now.clone(), entry)).await?;
    Ok(())
}

/// Makes the first admin, or the sample data, if there is nobody yet.
///
/// # Errors
/// If the store fails.
pub async fn first_start(app: &App) -> anyhow::Result<()> {
    if app.store.has_users().await? {
        return Ok(());
    }
    if app.config.sample_data {
        return sample::load(app).await;
    }
    let email = app.config.admin_email.clone();
    let (_, password) =
        people::add_as_operator(app, &email, "Admin", UserRole::Admin, AccountState::PasswordGiven).await?;
    let sentence = format!("The first admin is {email}, with the password {password}");
    if std::env::var_os(JOURNAL).is_none() {
        people::print(&format!("{sentence} (shown only now)."));
        return Ok(());
    }
    // What is printed would stay in the journal.
    let file = app.config.data_dir.join(FIRST_ADMIN);
    std::fs::write(&file, format!("{sentence}. Delete this file when you have read it.\n"))
        .with_context(|| format!("cannot write {}", file.display()))?;
    tracing::info!(file = %file.display(), "the first admin's password is in this file; delete it when you have read it");
    Ok(())
}
