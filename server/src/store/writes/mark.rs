//! How a person marks a record for themselves.

/// What a mark is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RecordMark {
    /// They are told of every save of it.
    Followed,
    /// It is one of their favourites.
    Favourite,
}
