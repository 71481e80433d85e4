//! Light or dark: as the system, until the user chooses.

use gloo_utils::{document_element, window};
use yew::prelude::*;

/// What the window looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

const KEY: &str = "theme";

impl Theme {
    /// The other one.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Light => Self::Dark,
            Self::Dark => Self::Light,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What the user chose, or else what the system says.
    pub(crate) fn chosen() -> Self {
        let storage = window().local_storage().ok().flatten();
        match storage
            .and_then(|storage| storage.get_item(KEY).ok().flatten())
            .as_deref()
        {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            Some(_) | None => Self::of_system(),
        }
    }

    fn of_system() -> Self {
        let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        if dark.is_some_and(|query| query.matches()) {
            Self::Dark
        } else {
            Self::Light
        }
    }

    /// Gives the window these colours.
    pub(crate) fn show(self) {
        let classes = document_element().class_list();
        // Fails only for a class name with a space in it.
        classes.toggle_with_force("pf-v6-theme-dark", self == Self::Dark).ok();
    }
}

/// The theme and the way to choose one; the choice is kept.
#[hook]
pub(crate) fn use_theme() -> (Theme, Callback<Theme>) {
    let theme = use_state_eq(Theme::chosen);
    use_effect_with(*theme, |theme| theme.show());
    let choose = {
        let theme = theme.clone();
        Callback::from(move |chosen: Theme| {
            if let Ok(Some(storage)) = window().local_storage() {
                // Without storage the choice lasts until the window closes.
                storage.set_item(KEY, chosen.name()).ok();
            }
            theme.set(chosen);
        })
    };
    (*theme, choose)
}
