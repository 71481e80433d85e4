//! What a choice offers. A value holds the ids, a person reads the labels: renaming an option changes no record.

use serde::{Deserialize, Deserializer, Serialize};

/// What an option is told apart by at a glance.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionColour {
    /// None of its own.
    #[default]
    Plain,
    /// Grey.
    Grey,
    /// Blue.
    Blue,
    /// Teal.
    Teal,
    /// Green.
    Green,
    /// Yellow.
    Yellow,
    /// Orange.
    Orange,
    /// Red.
    Red,
    /// Purple.
    Purple,
}

impl OptionColour {
    /// All of them with their ids, in the order in which a person is offered them.
    pub const IDS: [(Self, &'static str); 9] = [
        (Self::Plain, "plain"),
        (Self::Grey, "grey"),
        (Self::Blue, "blue"),
        (Self::Teal, "teal"),
        (Self::Green, "green"),
        (Self::Yellow, "yellow"),
        (Self::Orange, "orange"),
        (Self::Red, "red"),
        (Self::Purple, "purple"),
    ];

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
    fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

/// One option of a choice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChoiceOption {
    /// What values hold; never changes. It is compared letter for letter.
    pub id: String,
    /// What a person reads; empty for the program's own options, whose words are the UI's.
    pub label: String,
    /// Its colour.
    #[serde(skip_serializing_if = "OptionColour::is_plain")]
    pub colour: OptionColour,
    /// Whether it was removed: no record can take it any more, but histories still have its words.
    #[serde(skip_serializing_if = "is_false")]
    pub retired: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl ChoiceOption {
    /// An option that is offered.
    #[must_use]
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            colour: OptionColour::Plain,
            retired: false,
        }
    }

    /// An option whose id is its label.
    #[must_use]
    pub fn from_label(label: &str) -> Self {
        Self::new(label, label)
    }

    /// One of the program's own options: the UI has its words.
    #[must_use]
    pub fn built_in(id: &str) -> Self {
        Self::new(id, "")
    }

    /// Its label, or its id where it has none.
    #[must_use]
    pub fn words(&self) -> &str {
        if self.label.is_empty() { &self.id } else { &self.label }
    }
}

/// A text is an option whose id is its label: so were all of them before protocol 4, and so they may be written in a
/// file.
impl<'de> Deserialize<'de> for ChoiceOption {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Stored {
            Label(String),
            Option {
                id: String,
                #[serde(default)]
                label: String,
                #[serde(default)]
                colour: OptionColour,
                #[serde(default)]
                retired: bool,
            },
        }
        Ok(match Stored::deserialize(deserializer)? {
            Stored::Label(label) => Self::from_label(&label),
            Stored::Option {
                id,
                label,
                colour,
                retired,
            } => Self {
                id,
                label,
                colour,
                retired,
            },
        })
    }
}
