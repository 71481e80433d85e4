//! Links that let somebody in for the first time: `baton://invitation/EMAIL/PASSWORD?server=HOST` (semantics 7.1).
//!
//! The password is a given one: it works until its person chooses their own, and for a settable time at most. A link
//! that is used twice or late is therefore refused where every wrong password is.

use std::fmt;
use std::str::FromStr;

use baton_locales::{Text, say};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::person::Secret;
use crate::record_link::{SCHEME, is_plain_address};

/// The longest link, in bytes.
const MAX_BYTES: usize = 1024;

/// What is written as it is; everything else is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'@');

/// An invitation to a server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Invitation {
    /// The server's address.
    pub server: String,
    /// Whom it is for.
    pub email: String,
    /// The given password.
    pub password: Secret,
}

/// Why a link is no invitation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoInvitation;

impl NoInvitation {
    /// A sentence for whoever wrote it.
    #[must_use]
    pub fn text(self) -> Text {
        say::refusals::no_invitation()
    }
}

impl fmt::Display for NoInvitation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(out)
    }
}

impl std::error::Error for NoInvitation {}

impl Invitation {
    /// Whether a text means to be an invitation, complete or not.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.starts_with("baton://invitation")
    }
}

impl FromStr for Invitation {
    type Err = NoInvitation;

    fn from_str(text: &str) -> Result<Self, NoInvitation> {
        if text.len() > MAX_BYTES {
            return Err(NoInvitation);
        }
        let rest = text.strip_prefix("baton://invitation/").ok_or(NoInvitation)?;
        let (path, query) = rest.split_once('?').ok_or(NoInvitation)?;
        let (email, password) = path.split_once('/').ok_or(NoInvitation)?;
        let server = query.strip_prefix("server=").ok_or(NoInvitation)?;
        if !is_plain_address(server) {
            return Err(NoInvitation);
        }
        Ok(Self {
            server: server.to_owned(),
            email: decoded(email)?,
            password: decoded(password)?.into(),
        })
    }
}

impl fmt::Display for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (email, password) = (encoded(&self.email), encoded(&self.password.0));
        write!(f, "{SCHEME}://invitation/{email}/{password}?server={}", self.server)
    }
}

fn encoded(text: &str) -> impl fmt::Display {
    utf8_percent_encode(text, ENCODED)
}

/// A part of the path as it was before it was encoded: something, without control characters.
fn decoded(part: &str) -> Result<String, NoInvitation> {
    let text = percent_decode_str(part).decode_utf8().map_err(|_| NoInvitation)?;
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(NoInvitation);
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_invitation_names_server_person_and_password() {
        let invitation = Invitation {
            server: "https://baton.example.com:8443".into(),
            email: "cara.o'neil+work@example.test".into(),
            password: "abcd-efgh-jkmn-pqrs".into(),
        };
        let link = invitation.to_string();
        assert_eq!(
            link,
            "baton://invitation/cara.o%27neil%2Bwork@example.test/abcd-efgh-jkmn-pqrs?server=https://baton.example.com:8443"
        );
        assert_eq!(link.parse(), Ok(invitation.clone()));
        let debug = format!("{invitation:?}");
        assert!(!debug.contains("abcd"), "a log shows no password: {debug}");
    }

    #[test]
    fn what_is_cut_off_or_changed_is_none() {
        let link = "baton://invitation/c@x/secret?server=h";
        assert!(link.parse::<Invitation>().is_ok());
        let cut = (0..link.len()).map(|end| link[..end].to_owned());
        let changed = [
            "baton://invitation/c@x/secret",
            "baton://invitation/c@x?server=h",
            "baton://invitation//secret?server=h",
            "baton://invitation/c@x/?server=h",
            "baton://invitation/c@x/secret?server=h&then=x",
            "baton://invitation/c@x/secret?server=user@h",
            "baton://invitation/c%0a@x/secret?server=h",
            "baton://invitation/c%ff@x/secret?server=h",
            "BATON://invitation/c@x/secret?server=h",
            "--server=evil",
        ];
        for text in cut.chain(changed.map(ToOwned::to_owned)) {
            assert_eq!(text.parse::<Invitation>(), Err(NoInvitation), "{text}");
        }
        let long = format!("{link}{}", "a".repeat(MAX_BYTES));
        assert_eq!(long.parse::<Invitation>(), Err(NoInvitation));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_the_same(email in "[^\\p{Cc}]{1,40}", password in "[^\\p{Cc}]{1,40}") {
            let invitation = Invitation { server: "h:1".into(), email, password: password.into() };
            prop_assert_eq!(invitation.to_string().parse(), Ok(invitation));
        }
    }
}
