//! The language of the window: the one that its person chose on this computer, or else the system's.

use baton_locales::{Language, set_language, spoken};
use baton_protocol::desktop::{Preference, SetPreference};
use gloo_utils::{document_element, window};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::StorageEvent;

use crate::backend;

const KEY: &str = "language";

/// The language that was chosen; `None` if it follows the system.
pub(crate) fn chosen() -> Option<Language> {
    let storage = window().local_storage().ok().flatten()?;
    Language::from_tag(&storage.get_item(KEY).ok().flatten()?)
}

/// Speaks the language from the first paint on, and begins anew when another window chooses another one.
pub(crate) fn begin() {
    let system = || Language::from_tag(&window().navigator().language()?);
    set_language(chosen().or_else(system).unwrap_or(Language::English));
    let page = document_element();
    // Both names are attributes that every page may have.
    page.set_attribute("lang", spoken().tag()).ok();
    page.set_attribute("dir", if spoken().is_rtl() { "rtl" } else { "ltr" })
        .ok();
    backend::send_quietly(SetPreference {
        preference: Preference::Language(spoken().tag().into()),
    });
    let hear = Closure::<dyn Fn(StorageEvent)>::new(|event: StorageEvent| {
        if event.key().as_deref() == Some(KEY) {
            reload();
        }
    });
    // A page always hears of its storage.
    window()
        .add_event_listener_with_callback("storage", hear.as_ref().unchecked_ref())
        .ok();
    hear.forget();
}

/// Speaks another language from now on, or the system's: all windows are loaded again where they are.
pub(crate) fn choose(language: Option<Language>) {
    if let Ok(Some(storage)) = window().local_storage() {
        // Without storage there is no choice: the system's language stays.
        match language {
            Some(language) => storage.set_item(KEY, language.tag()).ok(),
            None => storage.remove_item(KEY).ok(),
        };
        reload();
    }
}

fn reload() {
    // A window that cannot be loaded again speaks as before.
    window().location().reload().ok();
}
