//! What helps whoever is asked for help, in one file: the log, versions, settings and a check of the connection. No
//! values of records and no passwords: the log holds none.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use baton_protocol::desktop::{Check, InstallationDetails};
use baton_protocol::status_text::{check_outcome, setting_origin};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Of a log file so much is taken, from its end.
const MAX_LOG: u64 = 1024 * 1024;

/// Writes it.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write(to: &mut File, details: &InstallationDetails, checks: &[Check], logs: &Path) -> io::Result<()> {
    let mut zip = ZipWriter::new(to);
    let options = SimpleFileOptions::default();
    zip.start_file("about.txt", options)?;
    zip.write_all(about(details, checks).as_bytes())?;
    let mut files: Vec<_> = fs::read_dir(logs)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        zip.start_file(format!("log/{name}"), options)?;
        zip.write_all(&end_of(&file)?)?;
    }
    zip.finish()?;
    Ok(())
}

fn end_of(file: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(file)?;
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(MAX_LOG)))?;
    let mut end = Vec::new();
    file.take(MAX_LOG).read_to_end(&mut end)?;
    Ok(end)
}

fn about(details: &InstallationDetails, checks: &[Check]) -> String {
    let mut lines = vec![
        format!("Baton {} ({})", details.version, details.package),
        format!("System: {}", details.system),
        format!("Data: {}", details.data),
        format!("Update: {:?}", details.update),
        String::new(),
        "Settings".to_owned(),
    ];
    for setting in &details.settings {
        let from = setting_origin(&setting.from);
        lines.push(format!("  {}: {} ({from})", setting.name, setting.value));
    }
    lines.extend([String::new(), "The way to the server".to_owned()]);
    for check in checks {
        let outcome = check_outcome(check.outcome);
        lines.push(format!("  {}: {outcome}. {}", check.name, check.text));
    }
    lines.push(String::new());
    lines.join("\n")
}
