//! The preferred languages of the web view, from the environment. By itself WebKitGTK ignores a locale that is not installed.

/// Sets the preferred languages, which `navigator.language` returns.
#[cfg(target_os = "linux")]
pub(super) fn follow_system(window: &tauri::WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{WebContextExt as _, WebViewExt as _};

    let languages = languages(|name| std::env::var(name).ok());
    if languages.is_empty() {
        return Ok(());
    }
    window.with_webview(move |webview| {
        let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
        if let Some(context) = webview.inner().context() {
            context.set_preferred_languages(&languages);
        }
    })
}

/// The languages that the environment names, the one that is wanted most first, as the web names them: `de-DE`.
fn languages(variable: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|set| !set.is_empty()));
    let Some(named) = named else {
        return Vec::new();
    };
    // Without a language of its own the list of others does not count.
    let listed = if tag(&named).is_some() {
        variable("LANGUAGE")
    } else {
        None
    };
    let listed = listed.unwrap_or_default();
    let mut languages = Vec::new();
    for language in listed.split(':').chain([named.as_str()]).filter_map(tag) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

/// `de_DE.UTF-8@euro` as `de-DE`; nothing for `C` and whatever else names no language.
fn tag(locale: &str) -> Option<String> {
    let name = locale.split(['.', '@']).next().unwrap_or_default();
    let mut parts = name.split(['_', '-']);
    let language = parts.next().filter(|part| is_part(part, 2..=3))?;
    let rest: Vec<&str> = parts.collect();
    if !rest.iter().all(|part| is_part(part, 2..=8)) {
        return None;
    }
    Some([&[language], rest.as_slice()].concat().join("-"))
}

fn is_part(part: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_languages_as_systems_do() {
        let of = |set: &[(&str, &str)]| {
            languages(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[("LANG", "de_DE.UTF-8")]), ["de-DE"]);
        assert_eq!(of(&[("LANG", "de_AT"), ("LC_ALL", "sr_RS@latin")]), ["sr-RS"]);
        assert_eq!(
            of(&[("LANG", "fr_FR"), ("LANGUAGE", "fr:pt_BR:fr_FR")]),
            ["fr", "pt-BR", "fr-FR"]
        );
        assert_eq!(of(&[("LANG", "zh_Hans_CN.UTF-8"), ("LC_ALL", "")]), ["zh-Hans-CN"]);
        for none in ["C", "C.UTF-8", "POSIX", "", "../x", "de DE", "d"] {
            assert_eq!(
                of(&[("LANG", none), ("LANGUAGE", "de")]),
                Vec::<String>::new(),
                "{none}"
            );
        }
        assert_eq!(of(&[]), Vec::<String>::new());
    }
}
