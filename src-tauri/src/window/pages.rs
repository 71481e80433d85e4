//! Which page each window shows, so that a program that ends for an update comes back where it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use baton_client::core::Window as Number;

/// So many windows come back.
const MAX_WINDOWS: usize = 20;
/// A page's address is no longer than this.
const MAX_ADDRESS: usize = 300;
/// What was kept longer ago is where nobody is any more.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// The pages of the windows.
pub(crate) struct Pages {
    file: PathBuf,
    shown: Mutex<BTreeMap<Number, String>>,
}

impl Pages {
    /// Kept in this directory.
    pub(crate) fn new(directory: &Path) -> Self {
        Self {
            file: directory.join("windows.json"),
            shown: Mutex::default(),
        }
    }

    /// A window shows this page now.
    pub(crate) fn set(&self, number: Number, page: String) {
        if is_page(&page) {
            self.lock().insert(number, page);
        }
    }

    /// The window is gone.
    pub(crate) fn forget(&self, number: Number) {
        self.lock().remove(&number);
    }

    /// Keeps them for the next start.
    pub(crate) fn save(&self) {
        let pages: Vec<String> = self.lock().values().take(MAX_WINDOWS).cloned().collect();
        let written = serde_json::to_vec(&pages)
            .map_err(std::io::Error::from)
            .and_then(|bytes| fs::write(&self.file, bytes));
        if let Err(error) = written {
            tracing::warn!(%error, "the next start does not know where this one was");
        }
    }

    /// What the program before this one kept, once.
    pub(crate) fn take_saved(&self) -> Vec<String> {
        let kept = fs::metadata(&self.file).and_then(|metadata| metadata.modified());
        let fresh = kept.is_ok_and(|at| SystemTime::now().duration_since(at).unwrap_or_default() < FRESH);
        let pages = fs::read(&self.file)
            .ok()
            .filter(|_| fresh)
            .and_then(|bytes| serde_json::from_slice::<Vec<String>>(&bytes).ok());
        fs::remove_file(&self.file).ok();
        let pages = pages.unwrap_or_default().into_iter();
        pages.filter(|page| is_page(page)).take(MAX_WINDOWS).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Number, String>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it is the address of a page: it is put behind the program's own.
pub(super) fn is_page(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-');
    text.starts_with('/') && text.len() <= MAX_ADDRESS && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_come_back_once() {
        let directory = tempfile::tempdir().expect("a directory");
        let pages = Pages::new(directory.path());
        pages.set(0, "/entity/01890a5d/record/7".into());
        pages.set(1, "/".into());
        pages.set(2, "javascript:alert(1)".into());
        pages.forget(1);
        pages.save();
        let next = Pages::new(directory.path());
        assert_eq!(next.take_saved(), ["/entity/01890a5d/record/7"]);
        assert_eq!(next.take_saved(), Vec::<String>::new());
    }
}
