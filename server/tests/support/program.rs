//! The server's program, for something else than serving.

use std::path::Path;

use tokio::process::Command;

/// Runs it with a command that takes a path; what it said.
pub(crate) async fn run(data_dir: &Path, what: &str, path: &Path) -> Result<String, String> {
    run_with(data_dir, what, path, &[]).await
}

/// The same, with more arguments.
pub(crate) async fn run_with(data_dir: &Path, what: &str, path: &Path, more: &[&str]) -> Result<String, String> {
    let run = Command::new(env!("CARGO_BIN_EXE_baton-server"))
        .arg("--data-dir")
        .arg(data_dir)
        .arg(what)
        .arg(path)
        .args(more)
        .env("RUST_BACKTRACE", "0")
        .output();
    let output = run.await.expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}

/// Starts it to serve, where it must refuse; why.
pub(crate) async fn run_plain(data_dir: &Path) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_baton-server"))
        .arg("--data-dir")
        .arg(data_dir)
        .args(["--listen", "127.0.0.1:0"])
        .env("RUST_BACKTRACE", "0")
        .output();
    let output = run.await.expect("it runs");
    assert!(!output.status.success(), "it serves");
    String::from_utf8_lossy(&output.stderr).into_owned()
}
