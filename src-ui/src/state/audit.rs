//! The pages of the audit that were read.

use baton_protocol::audit::{ActKind, AuditEntry, AuditFilter};
use baton_protocol::id::UserId;

/// How many entries are read at once.
pub(crate) const PAGE: u32 = 100;

/// Entries, newest first, as far as they were read.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Entries {
    read: Vec<AuditEntry>,
    /// Whether there are older ones.
    more: bool,
}

impl Entries {
    /// With a page that was read behind what is there.
    #[must_use]
    pub(crate) fn then(mut self, page: Vec<AuditEntry>) -> Self {
        self.more = page.len() == PAGE as usize;
        self.read.extend(page);
        self
    }

    pub(crate) fn all(&self) -> &[AuditEntry] {
        &self.read
    }

    /// Before which entry the next page begins; `None`: everything was read.
    pub(crate) fn next(&self) -> Option<u64> {
        self.read.last().map(|last| last.number).filter(|_| self.more)
    }
}

/// The filter that menus make: each empty word does not narrow it down.
pub(crate) fn filter(person: &str, kind: &str) -> AuditFilter {
    AuditFilter {
        person: person.parse().ok().map(UserId),
        kind: ActKind::parse(kind),
        ..AuditFilter::default()
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::audit::Act;
    use baton_protocol::origin::Origin;
    use baton_protocol::time::Timestamp;

    use super::*;

    fn page(from: u64, entries: u64) -> Vec<AuditEntry> {
        let entry = |number| AuditEntry {
            number,
            at: Timestamp(0),
            by: None,
            origin: Origin::default(),
            act: Act::SignedIn,
        };
        (from - entries..from).rev().map(entry).collect()
    }

    #[test]
    fn a_full_page_has_another_one_behind_it() {
        let entries = Entries::default().then(page(251, 100));
        assert_eq!(entries.next(), Some(151));
        let entries = entries.then(page(151, 100)).then(page(51, 50));
        assert_eq!((entries.all().len(), entries.next()), (250, None));
    }

    #[test]
    fn a_menu_that_says_nothing_does_not_narrow_it_down() {
        assert_eq!(filter("", ""), AuditFilter::default());
        assert_eq!(filter("", "saves").kind, Some(ActKind::Saves));
    }
}
