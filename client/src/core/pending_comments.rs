//! Comments that are written without the server: on this computer's disk until they are taken (semantics 5.3, 7.7).

use std::collections::BTreeMap;

use baton_locales::t;
use baton_protocol::comment::CommentChange;
use baton_protocol::desktop::{PendingComment, UiEvent};
use baton_protocol::id::{CommentId, EntityId, FormKey};
use baton_protocol::message::{AnyQuery, AnyReply, ChangeComment, Code, Problem, ToServer};

use super::pending::PendingForm;
use super::{Caller, Core, Pending, Reply};

/// The most comments that wait on one record.
const MAX_PENDING: usize = 100;

/// The comments on one record that wait.
#[derive(Default, Debug)]
struct OfRecord {
    entity: Option<EntityId>,
    title: String,
    comments: Vec<PendingComment>,
    /// The first one is on its way: an answer must not come before what it answers.
    under_way: bool,
}

/// The comments that wait, in the order in which they were written.
#[derive(Default, Debug)]
pub(super) struct PendingComments(BTreeMap<FormKey, OfRecord>);

impl PendingComments {
    /// What waits of a form, with what waits of its comments.
    pub(super) fn added_to(&self, form: FormKey, pending: Option<PendingForm>) -> Option<PendingForm> {
        let Some(waiting) = self.0.get(&form) else {
            return pending;
        };
        let mut pending = pending.unwrap_or_else(|| PendingForm::empty(form, waiting.entity, waiting.title.clone()));
        pending.comments.clone_from(&waiting.comments);
        Some(pending)
    }

    /// Keeps what the disk held.
    pub(super) fn restore(&mut self, pending: &PendingForm) {
        if !pending.comments.is_empty() {
            let restored = OfRecord {
                entity: pending.entity,
                title: pending.title.clone(),
                comments: pending.comments.clone(),
                under_way: false,
            };
            self.0.insert(pending.form, restored);
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether there was room for it. What waits already stays as it is.
    fn add(&mut self, (form, entity, title): (FormKey, Option<EntityId>, String), query: ChangeComment) -> bool {
        let waiting = self.0.entry(form).or_default();
        if waiting
            .comments
            .iter()
            .any(|known| known.query.comment == query.comment)
        {
            return true;
        }
        if waiting.comments.len() >= MAX_PENDING {
            return false;
        }
        waiting.entity = entity.or(waiting.entity);
        waiting.title = title;
        waiting.comments.push(PendingComment { query, refused: None });
        true
    }

    fn remove(&mut self, form: FormKey, comment: CommentId) {
        if let Some(waiting) = self.0.get_mut(&form) {
            waiting.comments.retain(|known| known.query.comment != comment);
            if waiting.comments.is_empty() {
                self.0.remove(&form);
            }
        }
    }

    /// What is to be sent next: one of each record, those that were refused left out.
    fn take_next(&mut self) -> Vec<(FormKey, ChangeComment)> {
        let mut next = Vec::new();
        for (form, waiting) in &mut self.0 {
            let first = waiting.comments.iter().find(|comment| comment.refused.is_none());
            if let Some(first) = first.filter(|_| !waiting.under_way) {
                waiting.under_way = true;
                next.push((*form, first.query.clone()));
            }
        }
        next
    }

    fn arrived(&mut self, form: FormKey) {
        if let Some(waiting) = self.0.get_mut(&form) {
            waiting.under_way = false;
        }
    }

    /// Whatever was on its way may not have arrived.
    pub(super) fn disconnected(&mut self) {
        for waiting in self.0.values_mut() {
            waiting.under_way = false;
        }
    }

    fn refuse(&mut self, form: FormKey, comment: CommentId, why: &Problem) {
        let waiting = self.0.get_mut(&form).map(|waiting| &mut waiting.comments);
        let known = waiting.and_then(|comments| comments.iter_mut().find(|known| known.query.comment == comment));
        if let Some(known) = known {
            known.refused = Some(why.message.to_string());
        }
    }
}

impl Core {
    /// Keeps a new comment on the disk until the server is reached, and answers its author then; gives back every other
    /// query.
    pub(super) fn comment_later(&mut self, caller: Caller, query: AnyQuery) -> Option<AnyQuery> {
        let AnyQuery::ChangeComment(query) = query else {
            return Some(query);
        };
        if !matches!(query.change, CommentChange::Add { .. }) || self.outbox.scope().is_none() {
            return Some(query.into());
        }
        let form = FormKey::record(query.record);
        let open = self.forms.about(form);
        let (entity, title) = open.unwrap_or_default();
        if !self.outbox.comments.add((form, entity, title), query) {
            let problem = Problem::new(Code::TooLarge, t::engine::too_many_comments_wait());
            self.refuse(caller, problem);
            return None;
        }
        let effects = self.outbox.persist_comments(form);
        self.effects.extend(effects);
        if self.outbox.is_stored(form) == Some(true) {
            self.comment_stored(caller);
        } else {
            self.outbox.answer_when_stored(caller);
        }
        None
    }

    /// Its author is told that it waits.
    pub(super) fn comment_stored(&mut self, caller: Caller) {
        self.reply(caller, Reply::Query(Box::new(AnyReply::ChangeComment(()))));
    }

    /// Sends what waits, if the server is reached.
    pub(super) fn send_pending_comments(&mut self) {
        if !self.ready() {
            return;
        }
        for (form, query) in self.outbox.comments.take_next() {
            let pending = Pending::Comment(form, query.comment);
            self.request(ToServer::Query(query.into()), pending);
        }
    }

    /// The server took a comment, or says why not: its author decides what becomes of it then.
    pub(super) fn comment_answered(&mut self, form: FormKey, comment: CommentId, refused: Option<Problem>) {
        self.outbox.comments.arrived(form);
        match refused {
            None => self.outbox.comments.remove(form, comment),
            // It is sent again with the next connection.
            Some(problem) if matches!(problem.code, Code::Busy | Code::Internal | Code::Offline) => return,
            Some(problem) => {
                self.outbox.comments.refuse(form, comment, &problem);
                let why = problem.message.to_string();
                self.emit(UiEvent::Toast(t::engine::comment_was_not_taken(&why)));
            }
        }
        let effects = self.outbox.persist_comments(form);
        self.effects.extend(effects);
        self.send_pending_comments();
    }

    /// Its author wants it no more.
    pub(super) fn discard_comment(&mut self, form: FormKey, comment: CommentId) {
        self.outbox.comments.remove(form, comment);
        let effects = self.outbox.persist_comments(form);
        self.effects.extend(effects);
    }
}
