//! The first start.

use anyhow::Context as _;
use baton_protocol::person::{AccountState, UserRole};

use crate::app::App;
use crate::people;
use crate::sample;

/// Set where the system keeps what is printed.
const JOURNAL: &str = "JOURNAL_STREAM";
/// Where the first admin's password is then, for the server's user only.
const FIRST_ADMIN: &str = "first-admin.txt";

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
