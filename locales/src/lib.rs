//! What the program says, in every language that it speaks.
//!
//! The messages stand in `en`, `de` and `ar`, in the format of Fluent; `build.rs` makes a function of each, so that a
//! message that is missing, or an argument, does not compile. A program sets the language when it starts; a desktop also
//! when its person chooses another one, and words that were made before stay as they are.

use std::borrow::Cow;
use std::fmt::Display;

mod language;
mod pattern;
mod plural;
mod text;

/// The messages: a module for each file, and in it a function for each message.
pub mod t {
    #![allow(missing_docs, reason = "generated: each has its English words")]
    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

/// The same messages as [`Text`]s, which are put into words where they are read.
pub mod say {
    #![allow(missing_docs, reason = "generated: each has its English words")]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

pub use language::{Language, set_language, spoken};
pub use text::Text;

/// What is put into a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg<'a> {
    /// A name, a title.
    Words(Cow<'a, str>),
    /// A number of things; what is said may depend on it.
    Number(u64),
    /// Another message.
    Said(Text),
}

impl<T: Display + ?Sized> From<&T> for Arg<'_> {
    fn from(text: &T) -> Self {
        Self::Words(text.to_string().into())
    }
}

impl From<Text> for Arg<'_> {
    fn from(text: Text) -> Self {
        Self::Said(text)
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Words(text.into())
    }
}

impl From<u64> for Arg<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Arg<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

/// The words of a message without arguments.
fn text(index: usize) -> &'static str {
    match spoken() {
        Language::Pseudo => pattern::pseudo(index),
        language @ (Language::English | Language::German | Language::Arabic) => language.table()[index],
    }
}

/// The words of a message with these arguments.
fn fill(index: usize, args: &[Arg]) -> String {
    let language = spoken();
    let words = pattern::fill(language.table()[index], language, args);
    match language {
        Language::Pseudo => pattern::marked(&words),
        Language::English | Language::German | Language::Arabic => words,
    }
}

/// The English words of a message with these arguments.
fn english(index: usize, args: &[Arg]) -> String {
    pattern::fill(t::EN[index], Language::English, args)
}
