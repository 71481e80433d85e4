//! The windows that have a form open, and how each of them shows it.

use std::collections::BTreeMap;

use baton_protocol::field::Value;
use baton_protocol::form::FormSnapshot;

use crate::core::Window;

/// The windows that have a form open.
#[derive(Default, Debug)]
pub(super) struct Windows {
    pub(super) openings: BTreeMap<Window, Opening>,
    /// Which of them edits, if this desktop does: two would overwrite each other (semantics 3.5).
    pub(super) writer: Option<Window>,
    /// The field that the viewer is in.
    pub(super) field: Option<String>,
}

/// A form in one window.
#[derive(Default, Debug)]
pub(super) struct Opening {
    /// How many places in the window have it open.
    places: usize,
    /// The window's last change that was taken. Each opening counts its changes from 1.
    pub(super) seen: u64,
}

impl Windows {
    pub(super) fn is_open(&self) -> bool {
        !self.openings.is_empty()
    }

    pub(super) fn writer(&self) -> Option<Window> {
        self.writer
    }

    /// From now on this window edits, and the others look on.
    pub(super) fn set_writer(&mut self, window: Window) {
        self.writer = Some(window);
    }

    pub(super) fn opened(&mut self, window: Window) {
        let opening = self.openings.entry(window).or_default();
        opening.places += 1;
        opening.seen = 0;
        self.writer.get_or_insert(window);
    }

    pub(super) fn closed(&mut self, window: Window, wholly: bool) {
        if let Some(opening) = self.openings.get_mut(&window) {
            opening.places -= 1;
            if wholly || opening.places == 0 {
                self.openings.remove(&window);
            }
        }
        if self.writer.is_some_and(|writer| !self.openings.contains_key(&writer)) {
            self.writer = self.openings.keys().next().copied();
        }
    }

    /// Takes the window's next change; false if it came a second time, because the page did not get the answer to the
    /// first.
    pub(super) fn take_change(&mut self, window: Window, number: u64) -> bool {
        let Some(opening) = self.openings.get_mut(&window) else {
            return true;
        };
        let is_new = number > opening.seen;
        opening.seen = opening.seen.max(number);
        is_new
    }
}

/// What the windows have been shown.
#[derive(Default, Debug)]
pub(super) struct Shown {
    /// Which whole snapshot that is; grows when another one takes its place.
    pub(super) generation: u64,
    /// The snapshot before it: what was typed into it may still be on its way from the UI.
    pub(super) previous: Option<FormSnapshot>,
    /// What the viewer typed into each field since they lost the form, before their window knew it.
    pub(super) late: BTreeMap<String, Value>,
    /// Whether the windows are to be shown another snapshot than they have.
    pub(super) is_due: bool,
    /// Whether the windows know of texts that the server did not accept.
    pub(super) edits: bool,
    /// How many steps the windows know to be unacknowledged, and whether all is on the disk.
    pub(super) progress: Option<(usize, bool)>,
}

impl Shown {
    /// Another whole snapshot took the place of this one.
    pub(super) fn replaced(&mut self, before: Option<FormSnapshot>) {
        self.generation += 1;
        self.previous = before;
    }

    /// The snapshot that was shown before the one of another generation, if what crossed with that can be told.
    pub(super) fn crossed(&mut self, generation: u64) -> Option<&mut FormSnapshot> {
        self.previous.as_mut().filter(|_| generation != self.generation)
    }
}
