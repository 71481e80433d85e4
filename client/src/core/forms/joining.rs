//! Forms at the server: joined while somebody looks at them or something of them waits, and left.

use baton_protocol::id::FormKey;
use baton_protocol::message::ToServer;

use super::Forms;
use super::open_form::{Access, Join, OpenForm};
use crate::core::Pending;
use crate::core::context::Context;

/// How many forms are joined at once that nobody looks at; the server allows 256 in all.
const IN_BACKGROUND: usize = 64;

impl Forms {
    /// Joins every form that somebody looks at, and some of those that only have something to send: the
    /// others follow when these are done.
    pub(in crate::core) fn join_in_use(&mut self, cx: &mut Context) {
        if !cx.ready() {
            return;
        }
        let in_background = if self.joins_again.is_some_and(|again| cx.clock.now < again) {
            0
        } else {
            self.joins_again = None;
            IN_BACKGROUND
        };
        let joined = self.all.values().filter(|open| open.join != Join::NotAsked);
        let mut room = in_background.saturating_sub(joined.filter(|open| !open.windows.is_open()).count());
        let mut next = Vec::new();
        for (form, open) in self.all.iter() {
            if open.join != Join::NotAsked || !open.in_use() {
                continue;
            }
            if !open.windows.is_open() {
                if room == 0 {
                    continue;
                }
                room -= 1;
            }
            next.push(*form);
        }
        for form in next {
            if self.all.get(&form).is_some_and(|open| open.access == Access::ReadOnly) && self.to_leave.remove(&form) {
                // The place of before is not wanted any more.
                cx.request(ToServer::Leave { form }, Pending::FireAndForget);
            }
            if let Some(open) = self.all.get_mut(&form) {
                open.ask_to_join(cx);
            }
        }
    }

    /// Closes a form that nobody looks at any more, once everything typed is on the server.
    pub(super) fn close_if_done(&mut self, cx: &mut Context, form: FormKey) {
        let Some(open) = self.all.get_mut(&form).filter(|open| !open.in_use()) else {
            return;
        };
        if open.is_uncached() {
            open.cache(cx);
        }
        open.access = Access::Edit;
        let is_joined = std::mem::take(&mut open.join) != Join::NotAsked;
        // The author's own text stays until they come back for it.
        let was_seen = open.displayed.take().is_some();
        let is_kept = !open.deferred.edits.is_empty();
        if !is_kept {
            self.all.remove(&form);
        }
        if is_joined && cx.ready() {
            cx.request(ToServer::Leave { form }, Pending::FireAndForget);
        } else if !cx.ready() && (is_joined || was_seen || !is_kept) {
            self.to_leave.insert(form);
        }
    }

    /// Leaves the forms that were closed while there was no connection.
    pub(in crate::core) fn leave_closed(&mut self, cx: &mut Context) {
        for form in std::mem::take(&mut self.to_leave) {
            if !self.all.get(&form).is_some_and(OpenForm::in_use) {
                cx.request(ToServer::Leave { form }, Pending::FireAndForget);
            }
        }
    }
}

impl OpenForm {
    /// Asks for the server's snapshot, with a place in the queue unless it was opened read-only.
    pub(super) fn ask_to_join(&mut self, cx: &mut Context) {
        self.unsent.lose();
        self.join = Join::Asked;
        let form = self.key;
        let body = match self.access {
            Access::ReadOnly => ToServer::OpenReadOnly { form },
            Access::Edit => ToServer::Join {
                form,
                entity: self.entity,
            },
        };
        cx.request(body, Pending::Join(form));
    }
}
