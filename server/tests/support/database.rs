//! The server's database, written while nobody serves it.

use super::Server;

impl Server {
    /// Is killed, finds in its database what this statement wrote, and runs again with these settings.
    pub(crate) async fn while_it_rests(&mut self, settings: &[&str], statement: &'static str) {
        self.kill().await;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.directory.path().join("baton.db"));
        let mut database = sqlx::ConnectOptions::connect(&options).await.expect("opens");
        let done = sqlx::query(statement).execute(&mut database).await.expect("written");
        assert!(done.rows_affected() > 0);
        sqlx::Connection::close(database).await.expect("closed");
        self.restart_with(settings).await;
    }
}
