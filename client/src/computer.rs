//! The computer that this runs on, as its person knows it.

/// Its name and its system: "anna-laptop, Linux".
pub(crate) fn description() -> String {
    let name = gethostname::gethostname();
    let name = name.to_string_lossy();
    let system = match std::env::consts::OS {
        "linux" => "Linux",
        "macos" => "macOS",
        "windows" => "Windows",
        other => other,
    };
    match name.trim() {
        "" => system.to_owned(),
        name => format!("{name}, {system}"),
    }
}
