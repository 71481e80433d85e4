//! Two windows of the same person in a form that nobody saves: what one types, the other sees (semantics 7.5).

use std::time::{Duration, Instant};

use baton_locales::t;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey, FormKind, OpId};
use baton_protocol::message::{Answer, MAX_ROWS, Snapshot, ToServer, Topic};
use baton_protocol::rights::{Right, Rights};
use baton_protocol::values::TITLE;
use uuid::Uuid;

use super::Passed;
use super::peer::{Peer, unknown_answer};

/// The steps, in order.
pub(super) fn steps() -> [&'static str; 5] {
    [
        t::check::step_open(),
        t::check::step_type(),
        t::check::step_deliver(),
        t::check::step_reload(),
        t::check::step_hand_over(),
    ]
}

/// What is typed; it is discarded in the end.
const TEXT: &str = "Check of collaboration";
/// A place passes on within this, and its line is told to everybody.
const PROMPT: Duration = Duration::from_secs(1);

/// A form that is nobody's, in the first collection whose records this person edits; `None` where there is none.
pub(super) async fn scratch_form(peer: &mut Peer, rights: &Rights) -> Result<Option<(FormKey, EntityId)>, String> {
    let watch = ToServer::Watch {
        topic: Topic::Entities,
        rows: MAX_ROWS,
        since: None,
    };
    let Answer::Watching {
        snapshot: Snapshot::Entities(rows),
        ..
    } = peer.ask(watch).await?
    else {
        return Err(unknown_answer());
    };
    let form = FormKey {
        kind: FormKind::Record,
        id: Uuid::now_v7(),
    };
    let entity = rows
        .iter()
        .map(|row| &row.entity)
        .find(|entity| entity.gone.is_none() && rights.may(Right::to_edit(form, entity.id)));
    Ok(entity.map(|entity| (form, entity.id)))
}

/// Two connections, the form, and how each sees it.
pub(super) struct Windows {
    first: Window,
    second: Window,
    form: FormKey,
    entity: EntityId,
}

struct Window {
    peer: Peer,
    view: Option<FormSnapshot>,
}

impl Window {
    async fn join(&mut self, form: FormKey, entity: EntityId) -> Result<(), String> {
        let entity = Some(entity);
        match self.peer.ask(ToServer::Join { form, entity }).await {
            Ok(Answer::Joined(view)) => {
                self.peer.forget_notices();
                self.view = Some(*view);
                Ok(())
            }
            Ok(_) => Err(unknown_answer()),
            Err(why) => Err(t::check::may_not_open(&why)),
        }
    }

    fn says(&self) -> bool {
        self.view
            .as_ref()
            .is_some_and(|view| *view.value(TITLE) == Value::from_text(TEXT))
    }

    fn owns(&self) -> bool {
        self.view.as_ref().is_some_and(FormSnapshot::can_edit)
    }

    /// Hears of the form until it is as expected; how long that took.
    async fn hear_until(
        &mut self,
        timeout: Duration,
        expected: impl Fn(&Self) -> bool,
        never: &str,
    ) -> Result<Duration, String> {
        let began = Instant::now();
        while !expected(self) {
            let left = timeout.saturating_sub(began.elapsed());
            let notice = tokio::time::timeout(left, self.peer.notice()).await;
            let notice = notice.map_err(|_| never.to_owned())??;
            if let Some(view) = &mut self.view
                && view.apply(&notice).is_err()
            {
                return Err(t::check::what_others_type_arrives().into());
            }
        }
        Ok(began.elapsed())
    }
}

impl Windows {
    pub(super) fn new(first: Peer, second: Peer, (form, entity): (FormKey, EntityId)) -> Self {
        let window = |peer| Window { peer, view: None };
        Self {
            first: window(first),
            second: window(second),
            form,
            entity,
        }
    }

    pub(super) async fn open(&mut self) -> Result<Passed, String> {
        self.first.join(self.form, self.entity).await?;
        self.second.join(self.form, self.entity).await?;
        if !self.first.owns() || self.second.owns() {
            return Err(t::check::two_windows_opened_one().into());
        }
        Ok(Passed::Done(t::check::two_windows_have_one().into()))
    }

    pub(super) async fn type_text(&mut self) -> Result<Passed, String> {
        let began = Instant::now();
        let view = self.first.view.as_ref().ok_or_else(unknown_answer)?;
        let command = FormCommand::Change {
            fence: view.fence,
            op: OpId(Uuid::now_v7()),
            rev: Some(view.rev),
            changes: vec![Change {
                field: TITLE.into(),
                edit: Edit::Set(Value::from_text(TEXT)),
            }],
        };
        let form = self.form;
        match self.first.peer.ask(ToServer::Form { form, command }).await {
            Ok(Answer::Accepted { .. }) => {}
            Ok(_) => return Err(unknown_answer()),
            Err(why) => return Err(t::check::typing_not_accepted(&why)),
        }
        let ms = began.elapsed().as_millis();
        Ok(Passed::Done(t::check::typing_is_kept(&ms)))
    }

    pub(super) async fn deliver(&mut self, timeout: Duration) -> Result<Passed, String> {
        let never = t::check::typing_reaches_nobody();
        let took = self.second.hear_until(timeout, Window::says, never).await?;
        let ms = took.as_millis();
        Ok(Passed::Done(t::check::other_window_sees_it(&ms)))
    }

    pub(super) async fn reload(&mut self) -> Result<Passed, String> {
        self.second.peer.ask(ToServer::Leave { form: self.form }).await?;
        self.second.join(self.form, self.entity).await?;
        if self.second.says() {
            Ok(Passed::Done(t::check::opened_again_the_form().into()))
        } else {
            Err(t::check::opened_again_the_form_does().into())
        }
    }

    pub(super) async fn hand_over(&mut self, timeout: Duration) -> Result<Passed, String> {
        self.first.peer.ask(ToServer::Leave { form: self.form }).await?;
        self.first.view = None;
        let never = t::check::the_first_window_closed();
        let took = self.second.hear_until(timeout, Window::owns, never).await?;
        let ms = took.as_millis();
        if took > PROMPT {
            return Err(t::check::next_edits_late(&ms));
        }
        if !self.second.says() {
            return Err(t::check::next_without_text().into());
        }
        Ok(Passed::Done(t::check::next_edits_with_text(&ms)))
    }

    /// Discards what was typed, and leaves.
    pub(super) async fn clean(&mut self) -> Result<(), String> {
        let form = self.form;
        let mut stays = false;
        for window in [&mut self.first, &mut self.second] {
            // As it is now: what was told may not have come.
            if window.view.take().is_none() || window.join(form, self.entity).await.is_err() {
                continue;
            }
            if let Some(view) = window.view.as_ref().filter(|view| view.can_edit() && view.unsaved()) {
                let command = FormCommand::DiscardDraft {
                    fence: view.fence,
                    op: OpId(Uuid::now_v7()),
                    rev: Some(view.rev),
                };
                stays = window.peer.ask(ToServer::Form { form, command }).await.is_err();
            }
            window.peer.ask(ToServer::Leave { form }).await.ok();
        }
        if stays {
            return Err(t::check::could_not_be_discarded(TEXT));
        }
        Ok(())
    }
}
