//! Links that open a record in the desktop: `baton://record/ENTITY/RECORD?server=HOST`.
//!
//! They come from mails and pages that anybody can write, so nothing but two ids and a plain address is read out
//! of one, and following one changes nothing.

use std::fmt;
use std::str::FromStr;

use baton_locales::{Text, say};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{EntityId, RecordId};

/// The scheme that the desktop registers for.
pub const SCHEME: &str = "baton";

/// The longest link, in bytes.
const MAX_BYTES: usize = 512;

/// A record that a link names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordLink {
    /// The record's entity.
    pub entity: EntityId,
    /// The record.
    pub record: RecordId,
    /// The server that keeps it, if the link says so.
    pub server: Option<String>,
}

/// Why a link is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoRecordLink;

impl NoRecordLink {
    /// A sentence for whoever wrote it.
    #[must_use]
    pub fn text(self) -> Text {
        say::refusals::no_record_link()
    }
}

impl fmt::Display for NoRecordLink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(out)
    }
}

impl std::error::Error for NoRecordLink {}

impl FromStr for RecordLink {
    type Err = NoRecordLink;

    fn from_str(text: &str) -> Result<Self, NoRecordLink> {
        if text.len() > MAX_BYTES {
            return Err(NoRecordLink);
        }
        let rest = text.strip_prefix("baton://record/").ok_or(NoRecordLink)?;
        let (path, server) = match rest.split_once('?') {
            None => (rest, None),
            Some((path, query)) => (path, Some(query.strip_prefix("server=").ok_or(NoRecordLink)?)),
        };
        let (entity, record) = path.split_once('/').ok_or(NoRecordLink)?;
        if server.is_some_and(|server| !is_plain_address(server)) {
            return Err(NoRecordLink);
        }
        Ok(Self {
            entity: EntityId(id(entity)?),
            record: RecordId(id(record)?),
            server: server.map(ToOwned::to_owned),
        })
    }
}

impl fmt::Display for RecordLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}://record/{}/{}", self.entity, self.record)?;
        match self.server.as_deref().filter(|server| is_plain_address(server)) {
            Some(server) => write!(f, "?server={server}"),
            None => Ok(()),
        }
    }
}

/// An id as it is written, and in no other of its forms.
fn id(text: &str) -> Result<Uuid, NoRecordLink> {
    const WRITTEN: usize = 36;
    if text.len() != WRITTEN {
        return Err(NoRecordLink);
    }
    Uuid::try_parse(text).map_err(|_| NoRecordLink)
}

/// Whether it is a host with a port and a path at most: no name of a person, no query, nothing that is encoded.
pub(crate) fn is_plain_address(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '/' | '[' | ']');
    !text.is_empty() && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENTITY: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    const RECORD: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

    #[test]
    fn a_link_names_a_record_and_perhaps_its_server() {
        let link: RecordLink = format!("baton://record/{ENTITY}/{RECORD}").parse().expect("a link");
        assert_eq!(link.entity.to_string(), ENTITY);
        assert_eq!(link.record.to_string(), RECORD);
        assert_eq!(link.server, None);
        let text = format!("baton://record/{ENTITY}/{RECORD}?server=https://baton.example.com:8443/b");
        let link: RecordLink = text.parse().expect("a link");
        assert_eq!(link.server.as_deref(), Some("https://baton.example.com:8443/b"));
        assert_eq!(link.to_string(), text);
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            String::new(),
            "baton://".into(),
            format!("baton://record/{ENTITY}"),
            format!("baton://record/{ENTITY}/"),
            format!("baton://record/{ENTITY}/{RECORD}/"),
            format!("baton://record/{ENTITY}/{RECORD}?"),
            format!("baton://record/{ENTITY}/{RECORD}?server="),
            format!("baton://record/{ENTITY}/{RECORD}?server=a&x=1"),
            format!("baton://record/{ENTITY}/{RECORD}?server=a@b"),
            format!("baton://record/{ENTITY}/{RECORD}?server=a%20b"),
            format!("baton://record/{ENTITY}/{RECORD}#x"),
            format!("baton://record/{{{ENTITY}}}/{RECORD}"),
            format!("BATON://record/{ENTITY}/{RECORD}"),
            format!("baton://delete/{ENTITY}/{RECORD}"),
            format!("baton://record/{ENTITY}/../{RECORD}"),
            format!("https://record/{ENTITY}/{RECORD}"),
            format!("--server=evil baton://record/{ENTITY}/{RECORD}"),
            format!("baton://record/{ENTITY}/{RECORD}?server={}", "a".repeat(MAX_BYTES)),
        ] {
            assert_eq!(text.parse::<RecordLink>(), Err(NoRecordLink), "{text}");
        }
    }

    /// Pieces of links, so that what is tried is nearly one.
    fn nearly() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("baton://".to_owned()),
            Just("record/".to_owned()),
            Just(ENTITY.to_owned()),
            Just(RECORD.to_owned()),
            Just("/".to_owned()),
            Just("?server=".to_owned()),
            Just("..".to_owned()),
            Just("%2f".to_owned()),
            Just("--server".to_owned()),
            "\\PC{0,8}",
        ];
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn what_is_read_is_written_the_same(text in nearly()) {
            if let Ok(link) = text.parse::<RecordLink>() {
                prop_assert_eq!(link.to_string().to_lowercase(), text.to_lowercase());
            }
        }
    }
}
