//! The pages of the audit that were read, and by which choice.

use std::time::Duration;

use baton_protocol::audit::{ActKind, AuditEntry, AuditFilter};
use baton_protocol::id::UserId;
use baton_protocol::time::Timestamp;

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

/// What is chosen above the table, as it is typed and named; what is empty does not narrow it down.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Choice {
    pub(crate) person: String,
    pub(crate) kind: String,
    /// The first day or minute.
    pub(crate) from: String,
    /// The last one.
    pub(crate) until: String,
}

impl Choice {
    /// Returns the filter that it makes. What `moment` makes nothing of does not narrow it down; it is asked whether the
    /// last moment of a day is meant.
    pub(crate) fn filter(&self, moment: impl Fn(&str, bool) -> Option<Timestamp>) -> AuditFilter {
        AuditFilter {
            person: self.person.parse().ok().map(UserId),
            kind: ActKind::parse(&self.kind),
            form: None,
            from: moment(&self.from, false),
            until: moment(&self.until, true).map(|last| last + Duration::from_millis(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::audit::Act;
    use baton_protocol::origin::Origin;

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
        let nothing = |_: &str, _| None;
        assert_eq!(Choice::default().filter(nothing), AuditFilter::default());
        let kind = "saves".to_owned();
        let choice = Choice {
            kind,
            ..Choice::default()
        };
        assert_eq!(choice.filter(nothing).kind, Some(ActKind::Saves));
    }

    #[test]
    fn the_last_day_is_in_it_to_its_end() {
        let choice = Choice {
            from: "1".into(),
            until: "2".into(),
            ..Choice::default()
        };
        let day = |text: &str, last| Some(Timestamp(text.parse::<i64>().ok()? * 1000 + if last { 999 } else { 0 }));
        let filter = choice.filter(day);
        assert_eq!(
            (filter.from, filter.until),
            (Some(Timestamp(1000)), Some(Timestamp(3000)))
        );
    }
}
