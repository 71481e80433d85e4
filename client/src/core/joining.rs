//! Forms at the server: joined while somebody looks at them or something of them waits, told what was typed, left.

use baton_protocol::form::FormSnapshot;
use baton_protocol::id::FormKey;
use baton_protocol::message::ToServer;

use super::open_form::{Join, OpenForm, Sent, Source};
use super::operation::Operation;
use super::{Core, Now, Pending};

/// How many forms are joined at once that nobody looks at; the server allows 256 in all.
const IN_BACKGROUND: usize = 64;

impl Core {
    /// Joins every form that somebody looks at, and some of those that only have something to send: the
    /// others follow when these are done.
    pub(super) fn join_in_use(&mut self, now: Now) {
        if !self.ready() {
            return;
        }
        let in_background = if self.joins_again.is_some_and(|again| now < again) {
            0
        } else {
            self.joins_again = None;
            IN_BACKGROUND
        };
        let mut room = in_background.saturating_sub(
            self.forms
                .values()
                .filter(|open| open.join != Join::NotAsked && !open.is_open())
                .count(),
        );
        let mut next = Vec::new();
        for (form, open) in self.forms.iter() {
            if open.join != Join::NotAsked || !open.in_use() {
                continue;
            }
            if !open.is_open() {
                if room == 0 {
                    continue;
                }
                room -= 1;
            }
            next.push(*form);
        }
        for form in next {
            self.ask_to_join(now, form);
        }
    }

    pub(super) fn ask_to_join(&mut self, now: Now, form: FormKey) {
        if let Some(open) = self.forms.get_mut(&form) {
            open.operation.lose();
            open.join = Join::Asked;
            let body = if open.read_only {
                ToServer::OpenReadOnly { form }
            } else {
                ToServer::Join {
                    form,
                    entity: open.entity,
                }
            };
            if open.read_only && self.to_leave.remove(&form) {
                // The place of before is not wanted any more.
                self.request(now, ToServer::Leave { form }, Pending::FireAndForget);
            }
            self.request(now, body, Pending::Join(form));
        }
    }

    /// Whether something typed is not on the server yet.
    pub(super) fn unsent(&self) -> bool {
        self.forms.values().any(|open| !open.steps.is_empty())
    }

    /// Sends the next operation, if none is under way; sends one again that a lost connection took.
    pub(super) fn pump(&mut self, now: Now, form: FormKey) {
        if !self.ready() {
            return;
        }
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if matches!(open.operation, Operation::Sent { .. })
            || open.join == Join::Asked
            || !open.view.as_ref().is_some_and(FormSnapshot::can_edit)
        {
            return;
        }
        let (op, count) = match open.operation.under_way() {
            Some(under_way) => under_way,
            None => {
                let count = open.next_count();
                if count == 0 {
                    return;
                }
                (self.new_op(), count)
            }
        };
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if let Some(body) = open.body(form, op, count) {
            open.send(op, count);
            self.request(now, body, Pending::Form(form, Sent(op)));
        }
    }

    /// A form that nobody looks at any more is left when everything typed is on the server.
    pub(super) fn close_if_done(&mut self, now: Now, form: FormKey) {
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        if open.in_use() {
            return;
        }
        if open.uncached {
            self.cache_form(form);
        }
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        open.source = Source::Server;
        open.read_only = false;
        let joined = std::mem::take(&mut open.join) != Join::NotAsked;
        if open.pending_edits.is_empty() {
            self.forms.remove(&form);
        } else {
            // The author's own text stays until they come back for it.
            open.view = None;
        }
        if !joined && self.ready() {
            return;
        }
        if self.ready() {
            self.request(now, ToServer::Leave { form }, Pending::FireAndForget);
        } else {
            self.to_leave.insert(form);
        }
    }

    /// Leaves the forms that were closed while there was no connection.
    pub(super) fn leave_closed(&mut self, now: Now) {
        for form in std::mem::take(&mut self.to_leave) {
            if !self.forms.get(&form).is_some_and(OpenForm::in_use) {
                self.request(now, ToServer::Leave { form }, Pending::FireAndForget);
            }
        }
    }
}
