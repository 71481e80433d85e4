//! How a form passes on other than in order: asked for, handed over, taken over, moved (semantics 3.5, 3.6).

use crate::form::command::{Context, Outcome};
use crate::form::edit_request::{EditRequest, EditRequestSummary};
use crate::form::effect::{Effect, Notice, Transfer, TransferReason};
use crate::form::refusal::Refusal;
use crate::form::{Applied, Form};
use crate::id::{Fence, SessionId, Ticket};

impl Form {
    /// The form as it is where nobody can be in it: in an archive.
    #[must_use]
    pub fn without_editors(mut self) -> Self {
        self.queue.clear();
        self.ask = None;
        self
    }

    pub(super) fn request_edit(&mut self, context: &Context<'_>, by: SessionId) -> Result<Applied, Refusal> {
        let editor = self.queue.editor(by).ok_or(Refusal::NotJoined)?;
        let (ticket, person) = (editor.ticket, editor.person.clone());
        if self.queue.owner_ticket() == Some(ticket) {
            return Ok(Applied::nothing(Outcome::Done));
        }
        match &self.ask {
            Some(ask) if ask.by == ticket => return Ok(Applied::nothing(Outcome::Done)),
            Some(ask) => {
                return Err(Refusal::AskedAlready { by: ask.person.clone() });
            }
            None => {}
        }
        self.ask = Some(EditRequest {
            by: ticket,
            person,
            at: context.now,
        });
        Ok(Applied {
            outcome: Outcome::Done,
            effects: vec![Effect::Tell(Notice::Asked {
                ask: self.edit_request_summary(context),
                declined: false,
            })],
        })
    }

    pub(super) fn decline_edit(
        &mut self,
        context: &Context<'_>,
        by: SessionId,
        fence: Fence,
    ) -> Result<Applied, Refusal> {
        self.owner_with(by, fence)?;
        if self.ask.is_none() {
            return Ok(Applied::nothing(Outcome::Done));
        }
        self.active = context.now;
        Ok(Applied {
            outcome: Outcome::Done,
            effects: vec![self.edit_request_ended(true)],
        })
    }

    pub(super) fn hand_over(
        &mut self,
        context: &Context<'_>,
        by: SessionId,
        fence: Fence,
        to: Ticket,
    ) -> Result<Applied, Refusal> {
        self.owner_with(by, fence)?;
        self.pass(context, to, TransferReason::HandedOver, None)
    }

    pub(super) fn take_over(
        &mut self,
        context: &Context<'_>,
        by: SessionId,
        reason: String,
    ) -> Result<Applied, Refusal> {
        let to = self.queue.editor(by).ok_or(Refusal::NotJoined)?.ticket;
        self.pass(context, to, TransferReason::TakenOver, Some(reason))
    }

    pub(super) fn move_here(&mut self, context: &Context<'_>, by: SessionId) -> Result<Applied, Refusal> {
        let editor = self.queue.editor(by).ok_or(Refusal::NotJoined)?;
        let same_person = self
            .queue
            .owner()
            .is_some_and(|owner| owner.person.id == editor.person.id);
        if !same_person {
            return Err(Refusal::NotYours);
        }
        let to = editor.ticket;
        self.pass(context, to, TransferReason::Moved, None)
    }

    /// The form passes to this editor at somebody's wish; the draft stays.
    pub(super) fn pass(
        &mut self,
        context: &Context<'_>,
        to: Ticket,
        how: TransferReason,
        reason: Option<String>,
    ) -> Result<Applied, Refusal> {
        let before = self.queue.mark();
        let from = self.queue.owner().ok_or(Refusal::NotHere)?.person.clone();
        if before.owner() == Some(to) {
            return Ok(Applied::nothing(Outcome::Done));
        }
        let to_person = self.queue.with_ticket(to).ok_or(Refusal::NotHere)?.person.clone();
        if !self.queue.promote(to) {
            return Err(Refusal::NotHere);
        }
        let transfer = Transfer {
            from,
            to: to_person,
            how,
            reason,
        };
        let mut effects = self.queue_changed(context, &before);
        effects.push(Effect::Tell(Notice::OwnershipTransferred(transfer)));
        Ok(Applied {
            outcome: Outcome::Done,
            effects,
        })
    }

    pub(super) fn edit_request_summary(&self, context: &Context<'_>) -> Option<EditRequestSummary> {
        let ask = self.ask.as_ref()?;
        Some(ask.summary(self.active, &context.limits, context.now))
    }

    /// The owner did something, so the form passes on later than the asker was told.
    pub(super) fn asker_waits_longer(&self, context: &Context<'_>) -> Option<Effect> {
        let ask = Some(self.edit_request_summary(context)?);
        Some(Effect::Tell(Notice::Asked { ask, declined: false }))
    }

    pub(super) fn edit_request_ended(&mut self, declined: bool) -> Effect {
        self.ask = None;
        Effect::Tell(Notice::Asked { ask: None, declined })
    }
}
