//! What is said where a request cannot be carried out: the one way from an error inside to the wire.

use baton_locales::{Text, say};
use baton_protocol::id::{FormKey, FormKind};
use baton_protocol::message::{Code, Problem};

use crate::store::StoreError;

/// Whatever the store cannot do is logged here; the person reads that nothing was changed. A caller for whom a
/// refusal of the store means something asks for it before.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::new(Code::Internal, say::server::the_server_could_not())
    }
}

/// There is no such entity.
pub(crate) fn no_entity() -> Problem {
    not_found(say::server::this_entity_does_not())
}

/// What is said of a record that is not there, or not for whoever asks.
pub(crate) fn no_record() -> Problem {
    not_found(say::server::this_record_does_not())
}

pub(crate) fn not_found(message: Text) -> Problem {
    Problem::new(Code::NotFound, message)
}

/// What a form is of does not exist, or not for whoever asks.
pub(crate) fn no_such(form: FormKey) -> Problem {
    match form.kind {
        FormKind::Record => no_record(),
        FormKind::Entity => no_entity(),
    }
}
