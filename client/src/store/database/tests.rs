use super::*;
use crate::store::StoreError;

#[tokio::test]
async fn a_file_of_a_newer_program_is_left_as_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let database = Database::open(directory.path(), &StoreKey::None).await.expect("made");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'newer', 1, x'00', 0)",
    )
    .execute(&database.pool)
    .await
    .expect("written");
    database.pool.close().await;
    let file = crate::store::file(directory.path());
    let before = std::fs::read(&file).expect("there");
    let refused = Database::open(directory.path(), &StoreKey::None).await;
    assert!(matches!(refused, Err(StoreError::Newer)), "{refused:?}");
    assert_eq!(std::fs::read(&file).expect("there"), before);
}
