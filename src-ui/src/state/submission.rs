//! What was filled in and is sent: how far it is, and why it was refused.

use baton_protocol::message::Problem;

/// How far something is that a person fills in and sends.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Submission {
    /// Nothing was sent yet, or it was taken.
    #[default]
    Ready,
    /// The server was asked.
    Sending,
    /// It was not taken, and why.
    Refused(String),
}

impl Submission {
    /// What came of it.
    pub(crate) fn ended<T>(outcome: &Result<T, Problem>) -> Self {
        match outcome {
            Ok(_) => Self::Ready,
            Err(problem) => Self::Refused(problem.message.to_string()),
        }
    }

    /// Whether nothing else can be sent for now.
    pub(crate) fn is_sending(&self) -> bool {
        *self == Self::Sending
    }

    /// Why it was not taken.
    pub(crate) fn problem(&self) -> Option<&str> {
        match self {
            Self::Refused(why) => Some(why),
            Self::Ready | Self::Sending => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::message::Code;

    use super::*;

    #[test]
    fn a_refusal_is_shown_until_it_is_sent_again() {
        let refused = Submission::ended::<()>(&Err(Problem::new(Code::Malformed, "too short")));
        assert_eq!((refused.problem(), refused.is_sending()), (Some("too short"), false));
        let again = Submission::Sending;
        assert_eq!((again.problem(), again.is_sending()), (None, true));
        assert_eq!(Submission::ended(&Ok(())), Submission::Ready);
    }
}
