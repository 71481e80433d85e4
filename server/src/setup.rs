//! The first start, and adding people.

use anyhow::{Context as _, bail};
use baton_protocol::id::UserId;
use baton_protocol::person::{Account, Person, UserRole};
use uuid::Uuid;

use crate::app::App;
use crate::auth;
use crate::sample;
use crate::store::{NewUser, Write};

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
    let (_, password) = add_user(app, &email, "Admin", UserRole::Admin).await?;
    print(&format!(
        "The first admin is {email}, with the password {password} (shown only now)."
    ));
    Ok(())
}

/// Adds a person; the password is made here and kept only as a hash.
///
/// # Errors
/// If the address is taken or makes no sense, or the store fails.
pub async fn add_user(app: &App, email: &str, name: &str, role: UserRole) -> anyhow::Result<(Account, String)> {
    let email = email.trim();
    if !email.contains('@') || email.chars().any(char::is_whitespace) {
        bail!("“{email}” is not an e-mail address");
    }
    if name.trim().is_empty() {
        bail!("a person needs a name");
    }
    let password = auth::new_password();
    let account = Account {
        person: Person {
            id: UserId(Uuid::now_v7()),
            name: name.trim().into(),
        },
        email: email.into(),
        role,
    };
    let user = NewUser {
        account: account.clone(),
        password_hash: auth::hash_password(&password)?,
        at: app.clock.now(),
    };
    app.store
        .write(Write::User(user))
        .await
        .with_context(|| format!("cannot add {email}"))?;
    Ok((account, password))
}

/// Tells the person at the terminal what must not go into the log.
#[expect(clippy::print_stdout, reason = "passwords are shown once and are not for the log")]
pub(crate) fn print(line: &str) {
    println!("{line}");
}
