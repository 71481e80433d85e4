//! The first start makes an admin, and their password is nowhere that others read.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;

/// What a server prints and logs on its first start, up to where it serves and stops.
async fn first_start(directory: &std::path::Path, journal: bool) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton-server"));
    command
        .args(["--listen", "127.0.0.1:0", "--data-dir"])
        .arg(directory)
        .env_remove("JOURNAL_STREAM")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if journal {
        command.env("JOURNAL_STREAM", "8:1");
    }
    let mut server = command.spawn().expect("it starts");
    let mut log = BufReader::new(server.stderr.take().expect("a log")).lines();
    let mut logged = String::new();
    let serving = async {
        while let Ok(Some(line)) = log.next_line().await {
            logged.push_str(&line);
            logged.push('\n');
            if line.contains("serving") {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), serving)
        .await
        .expect("it serves");
    server.kill().await.expect("it runs");
    let mut printed = String::new();
    let mut out = server.stdout.take().expect("an output");
    out.read_to_string(&mut printed).await.expect("text");
    (printed, logged)
}

#[tokio::test]
async fn the_first_admins_password_is_printed_or_in_a_file_of_its_own() {
    let directory = tempfile::tempdir().expect("a directory");
    let (printed, logged) = first_start(directory.path(), false).await;
    let password = printed.split("the password ").nth(1).expect("it is printed");
    let password = password.split(' ').next().expect("a word");
    assert!(!logged.contains(password));
    assert!(!directory.path().join("first-admin.txt").exists());

    let directory = tempfile::tempdir().expect("a directory");
    let (printed, logged) = first_start(directory.path(), true).await;
    let file = directory.path().join("first-admin.txt");
    let said = std::fs::read_to_string(&file).expect("the file");
    let password = said.split("the password ").nth(1).expect("it is there");
    let password = password.split('.').next().expect("a word");
    assert!(password.len() > 8, "{said}");
    assert!(!printed.contains(password) && !logged.contains(password));
    assert!(logged.contains("first-admin.txt"), "{logged}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
