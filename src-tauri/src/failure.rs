//! What keeps the program from starting, for a person who sees no terminal.

use baton_locales::{spoken, t};
use tauri::{WebviewUrl, WebviewWindowBuilder};

/// Shows it in a window until that is closed; then it is the program's error.
///
/// # Errors
/// Always: it is the error that is shown.
pub(crate) fn show(error: anyhow::Error) -> anyhow::Result<()> {
    let mut why = format!("{error:#}");
    if !why.ends_with('.') {
        why.push('.');
    }
    let words = serde_json::Value::String(why).to_string();
    let text = |words: &str| serde_json::Value::String(words.into()).to_string();
    let (title, again) = (text(t::shell::cannot_start()), text(t::desktop::start_again()));
    let (language, direction) = (text(spoken().tag()), if spoken().is_rtl() { "rtl" } else { "ltr" });
    let script = format!(
        "addEventListener('DOMContentLoaded', () => {{
            const show = (id, words) => {{ document.getElementById(id).textContent = words; }};
            show('title', {title}); show('why', {words}); show('again', {again});
            document.title = {title};
            document.documentElement.lang = {language};
            document.documentElement.dir = '{direction}';
        }});"
    );
    let app = tauri::Builder::default().setup(move |app| {
        WebviewWindowBuilder::new(app, "failed", WebviewUrl::App("failed.html".into()))
            .title(t::shell::cannot_start())
            .inner_size(720.0, 460.0)
            // Perhaps nothing can be written in the user's own directories.
            .data_directory(std::env::temp_dir().join("baton-cannot-start"))
            .initialization_script(script)
            .build()?;
        Ok(())
    });
    if let Ok(app) = app.build(crate::context()) {
        app.run_return(|_, _| ());
    }
    Err(error)
}
