//! Records that are deleted without the server: they go as soon as it is reached (semantics 5.3).

use baton_locales::t;
use baton_protocol::deletion::{Deletion, DeletionKind, Stamp};
use baton_protocol::desktop::UiEvent;
use baton_protocol::form::FormCommand;
use baton_protocol::message::{Problem, ToServer};

use super::open_form::OpenForm;
use crate::core::Pending;
use crate::core::context::Context;

impl OpenForm {
    /// Takes the record out of its list without the server.
    pub(super) fn delete_later(&mut self, cx: &mut Context, how: DeletionKind) {
        let by = cx.account().map(|account| account.person.clone());
        if let (Some(displayed), Some(by)) = (&mut self.displayed, by) {
            self.deferred.remove = Some((how, displayed.view.version));
            let at = cx.clock.wall();
            let stamp = Stamp { by, at };
            displayed.view.gone = Some(Deletion { how, stamp });
        }
        self.show_again();
    }

    /// The server is reached: the record goes now, unless somebody saved it meanwhile.
    pub(super) fn send_deletion(&mut self, cx: &mut Context) {
        let (Some((kind, version)), Some(view)) = (self.deferred.remove, self.view()) else {
            return;
        };
        if view.gone.is_none() && view.version == version {
            let command = FormCommand::Delete { kind };
            let form = self.key;
            return cx.request(ToServer::Form { form, command }, Pending::DeleteLater(form));
        }
        if view.gone.is_none() {
            let title = view.title();
            cx.emit(UiEvent::Toast(match kind {
                DeletionKind::Archived => t::engine::not_archived(title),
                DeletionKind::Deleted => t::engine::not_deleted(title),
            }));
        }
        self.deferred.remove = None;
    }

    /// The server answered the deletion.
    pub(super) fn deletion_answered(&mut self, cx: &mut Context, refused: Option<Problem>) {
        self.deferred.remove = None;
        if let Some(problem) = refused {
            cx.emit(UiEvent::Toast(problem.message.to_string()));
        }
    }
}
