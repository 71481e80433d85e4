//! What a person chose about their desktop, beyond its pages.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use baton_locales::{Language, set_language};
use baton_protocol::desktop::ZoomStep;
use serde::{Deserialize, Serialize};

/// The sizes that there are, of 100.
const SIZES: [u16; 11] = [50, 67, 80, 90, 100, 110, 125, 150, 175, 200, 250];
const AS_MADE: u16 = 100;

/// What is chosen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Preferences {
    /// How large everything is, of 100.
    pub(crate) zoom: u16,
    /// Whether the program goes on in the tray when its last window is closed.
    pub(crate) run_in_background: bool,
    /// The tag of the language that its pages spoke last; the system's before that.
    pub(crate) language: Option<String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            zoom: AS_MADE,
            run_in_background: false,
            language: None,
        }
    }
}

impl Preferences {
    /// The zoom as a factor.
    pub(crate) fn factor(&self) -> f64 {
        f64::from(self.zoom.clamp(SIZES[0], SIZES[SIZES.len() - 1])) / 100.0
    }

    fn zoomed(&self, step: ZoomStep) -> u16 {
        match step {
            ZoomStep::Reset => AS_MADE,
            ZoomStep::In => SIZES.into_iter().find(|size| *size > self.zoom).unwrap_or(self.zoom),
            ZoomStep::Out => SIZES
                .into_iter()
                .rev()
                .find(|size| *size < self.zoom)
                .unwrap_or(self.zoom),
        }
    }
}

/// The file that they are kept in.
pub(crate) struct PreferenceFile {
    file: PathBuf,
    chosen: Mutex<Preferences>,
}

impl PreferenceFile {
    /// What was chosen before, from this directory; nothing, if it cannot be read.
    pub(crate) fn read(directory: &Path) -> Self {
        let file = directory.join("preferences.json");
        let chosen: Option<Preferences> = fs::read(&file)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self {
            file,
            chosen: Mutex::new(chosen.unwrap_or_default()),
        }
    }

    /// The language to begin with: the one of the pages, or else the system's.
    pub(crate) fn language(&self) -> Language {
        let own = self.chosen().language.as_deref().and_then(Language::from_tag);
        own.unwrap_or_else(baton_client::language::of_system)
    }

    pub(crate) fn chosen(&self) -> Preferences {
        self.lock().clone()
    }

    pub(crate) fn zoom(&self, step: ZoomStep) -> Preferences {
        self.change(|chosen| chosen.zoom = chosen.zoomed(step))
    }

    /// Speaks the language of the pages, now and after the next start.
    pub(crate) fn speak(&self, tag: &str) {
        if let Some(language) = Language::from_tag(tag) {
            set_language(language);
            if self.chosen().language.as_deref() != Some(tag) {
                self.change(|chosen| chosen.language = Some(language.tag().into()));
            }
        }
    }

    pub(crate) fn run_in_background(&self, keep: bool) {
        self.change(|chosen| chosen.run_in_background = keep);
    }

    fn change(&self, change: impl FnOnce(&mut Preferences)) -> Preferences {
        let mut chosen = self.lock();
        change(&mut chosen);
        let next = self.file.with_extension("new");
        let written = serde_json::to_vec(&*chosen)
            .map_err(std::io::Error::from)
            .and_then(|bytes| fs::write(&next, bytes))
            .and_then(|()| fs::rename(&next, &self.file));
        if let Err(error) = written {
            tracing::warn!(%error, "what was chosen is not remembered");
        }
        chosen.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Preferences> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_goes_by_steps_and_is_remembered() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = PreferenceFile::read(directory.path());
        assert_eq!(file.zoom(ZoomStep::In).zoom, 110);
        assert_eq!(file.zoom(ZoomStep::In).zoom, 125);
        assert_eq!(PreferenceFile::read(directory.path()).chosen().zoom, 125);
        for _ in 0..20 {
            file.zoom(ZoomStep::Out);
        }
        assert_eq!(file.chosen().zoom, 50);
        assert_eq!(file.zoom(ZoomStep::Reset).zoom, 100);
    }

    #[test]
    fn a_file_that_says_nonsense_is_none() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("preferences.json"), "{\"zoom\": 9000").expect("written");
        assert_eq!(PreferenceFile::read(directory.path()).chosen(), Preferences::default());
        fs::write(directory.path().join("preferences.json"), "{\"zoom\": 9000}").expect("written");
        assert!((PreferenceFile::read(directory.path()).chosen().factor() - 2.5).abs() < 0.001);
    }
}
