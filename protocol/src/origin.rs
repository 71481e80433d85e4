//! Where what somebody does comes from.

use serde::{Deserialize, Serialize};

/// Where an act came from.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Origin {
    /// The address of the computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The desktop, as it named itself in its greeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The name and the system of the computer, as the desktop says them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computer: Option<String>,
}

impl Origin {
    /// Whether nothing is known: the server itself did it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.address.is_none() && self.client.is_none()
    }
}
