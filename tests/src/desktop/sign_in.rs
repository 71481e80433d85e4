//! The server is given, somebody signs in, and chooses a password.

use super::Desktop;

impl Desktop {
    /// Gives the server's address on the first page.
    ///
    /// # Errors
    /// If there is no such page.
    pub async fn give_server(&self, address: &str) -> anyhow::Result<()> {
        self.put("#server", address).await?;
        self.click("#connect").await
    }

    /// Signs in on the sign-in page and waits for the first page behind it.
    ///
    /// # Errors
    /// If it does not work.
    pub async fn sign_in(&self, email: &str, password: &str) -> anyhow::Result<()> {
        self.try_to_sign_in(email, password).await?;
        self.find("#me").await.map(drop)
    }

    /// Signs in on the sign-in page, whatever comes of it.
    ///
    /// # Errors
    /// If there is no such page.
    pub async fn try_to_sign_in(&self, email: &str, password: &str) -> anyhow::Result<()> {
        self.put("#email", email).await?;
        self.put("#password", password).await?;
        self.click("#sign-in:not([disabled])").await
    }

    /// Signs in with a password that was given, as far as the page on which another is chosen.
    ///
    /// # Errors
    /// If that page does not come.
    pub async fn first_sign_in(&self, server: &str, email: &str, given: &str) -> anyhow::Result<()> {
        self.give_server(server).await?;
        self.try_to_sign_in(email, given).await?;
        self.expect_page("Choose your password").await
    }

    /// Fills in the form of one's own password, and sends it.
    ///
    /// # Errors
    /// If there is no such form.
    pub async fn change_password(&self, current: &str, new: &str, again: &str) -> anyhow::Result<()> {
        self.put("#current-password", current).await?;
        self.put("#new-password", new).await?;
        self.put("#new-password-again", again).await?;
        self.press("#change-password").await
    }
}
