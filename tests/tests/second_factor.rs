//! A second factor is set up where the server asks for one, asked for at the next sign-in, and replaced.

use anyhow::Context as _;
use baton_tests::{Desktop, keys, story, story_with};
use totp_rs::{Builder, Totp};

/// The authenticator on somebody's phone: it has scanned what the window shows.
struct Phone(Totp);

impl Phone {
    async fn scans(desktop: &Desktop) -> anyhow::Result<Self> {
        let key: String = desktop.text("#factor-key").await?.split_whitespace().collect();
        let key = totp_rs::Secret::try_from_base32(&key)?;
        Ok(Self(Builder::new().with_secret(key).build()?))
    }

    /// What it shows now, or half a minute from now: a code is taken once.
    fn shows(&self, later: bool) -> anyhow::Result<String> {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)?
            .as_secs();
        Ok(self.0.generate(if later { now + 30 } else { now }).to_string())
    }
}

#[tokio::test]
async fn somebody_sets_up_a_second_factor_and_signs_in_with_it() -> anyhow::Result<()> {
    story_with("second_factor", &["--second-factor", "everybody"], async |world| {
        let anna = world.new_desktop("anna").await?;
        let server = world.server.lock().await.address();
        let passwords = world.server.lock().await.passwords().await?;
        let password = passwords.get("anna@example.test").context("her password")?;
        anna.give_server(&server).await?;
        anna.try_to_sign_in("anna@example.test", password).await?;
        anna.expect_page("Set up a second factor").await?;
        anna.put("#factor-password", "a guess").await?;
        anna.press("#factor-next").await?;
        anna.expect_text("#factor-problem", "not your present password").await?;
        anna.put("#factor-password", password).await?;
        anna.press("#factor-next").await?;
        let phone = Phone::scans(&anna).await?;
        anna.expect_there("img.baton-qr").await?;
        anna.put("#factor-code", "000000").await?;
        anna.press("#factor-next").await?;
        anna.expect_text("#factor-problem", "not the right one").await?;
        anna.put("#factor-code", &phone.shows(false)?).await?;
        anna.press("#factor-next").await?;
        // The program is behind it already; what is shown only once stays until it is noted.
        let codes = anna.text("#recovery-codes").await?;
        let spare = codes.lines().next().context("a code")?.to_owned();
        anna.press("#codes-noted").await?;
        anna.expect_gone("#recovery-codes").await?;
        anna.expect_text("#me", "Anna").await?;
        anna.open_record("Products", "Laptop 10").await?;
        anna.type_into("title", " of Anna").await?;
        anna.expect_save_status("draft").await?;
        anna.leave_form().await?;

        // From now on the password alone is not enough.
        anna.press("#sign-out").await?;
        anna.expect_page("Sign in").await?;
        anna.try_to_sign_in("anna@example.test", password).await?;
        anna.put("#code", "000000").await?;
        anna.press("#sign-in:not([disabled])").await?;
        anna.expect_text("#refused", "not the right one").await?;
        anna.put("#code", &phone.shows(true)?).await?;
        anna.press("#sign-in:not([disabled])").await?;
        anna.expect_text("#me", "Anna").await?;

        // The phone is lost: a recovery code lets her in, and she sets up another one.
        anna.press("#sign-out").await?;
        anna.try_to_sign_in("anna@example.test", password).await?;
        anna.put("#code", &spare.to_uppercase()).await?;
        anna.press("#sign-in:not([disabled])").await?;
        anna.expect_text("#me", "Anna").await?;
        anna.press(".baton-me").await?;
        anna.expect_page("My account").await?;
        anna.press("#remove-factor").await?;
        anna.put("#factor-password", password).await?;
        anna.press("#factor-next").await?;
        anna.expect_text("#factor-problem", "asks for a second factor").await?;
        anna.press("#factor-cancel").await?;
        anna.press("#set-up-factor").await?;
        anna.put("#factor-password", password).await?;
        anna.press("#factor-next").await?;
        let phone = Phone::scans(&anna).await?;
        anna.put("#factor-code", &phone.shows(false)?).await?;
        anna.press("#factor-next").await?;
        anna.expect_there("#recovery-codes").await?;
        anna.press("#codes-noted").await?;
        anna.expect_gone(".baton-dialog").await
    })
    .await
}

#[tokio::test]
async fn a_second_factor_is_set_up_and_used_with_real_keys() -> anyhow::Result<()> {
    story("second_factor_keys", async |world| {
        let anna = world.desktop("anna").await?;
        let passwords = world.server.lock().await.passwords().await?;
        let password = passwords.get("anna@example.test").context("her password")?;
        anna.press(".baton-me").await?;
        anna.expect_page("My account").await?;
        let hands = anna.hands()?;
        let enter = || hands.press(&[], keys::ENTER);
        hands.click(anna.place("#set-up-factor").await?)?;
        // The field has the focus as soon as it is there, and so has the next one.
        anna.expect_there("#factor-password:focus").await?;
        hands.write(password)?;
        enter()?;
        let phone = Phone::scans(&anna).await?;
        anna.expect_there("#factor-code:focus").await?;
        hands.write(&phone.shows(false)?)?;
        enter()?;
        anna.expect_there("#recovery-codes").await?;
        // Escape does not take away what is shown only once.
        hands.press(&[], keys::ESCAPE)?;
        hands.press(&[], keys::TAB)?;
        anna.expect_there("#codes-noted:focus").await?;
        enter()?;
        anna.expect_gone("#recovery-codes").await?;
        anna.expect_text("main", "takes a code of your authenticator").await?;

        anna.press("#sign-out").await?;
        anna.expect_there("#password:focus").await?;
        hands.write(password)?;
        enter()?;
        anna.expect_there("#code:focus").await?;
        hands.write(&phone.shows(true)?)?;
        enter()?;
        anna.expect_text("#me", "Anna").await
    })
    .await
}
