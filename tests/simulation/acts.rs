//! What the person at a desktop does next, by chance.

use crate::desktop::Desktop;
use crate::oracle::tokens;
use baton_client::core::Control;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::{self, EngineCall};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::FormKey;
use baton_protocol::message::Topic;
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;

impl Desktop {
    /// One thing that a person does.
    pub(super) async fn act(&mut self) {
        let settle = self.screen().settle;
        let form = *self.person.forms.choose(&mut self.rng).expect("there are forms");
        if settle {
            for form in self.person.forms.clone() {
                let refused = self.screen().forms.get(&form).is_some_and(|open| open.refused);
                if refused {
                    self.close(form).await;
                }
                self.open(form).await;
            }
            self.watch().await;
            return;
        }
        let editable = self.editable(form).is_some();
        match self.rng.random_range(0..100) {
            0..20 => self.open(form).await,
            20..24 => self.close(form).await,
            24..72 => self.type_into(form).await,
            72..77 => self.title_and_save(form).await,
            77..79 => self.discard(form).await,
            79..81 if editable => self.give(form, FormCommand::restore_draft()).await,
            81..85 => self.give(form, FormCommand::RequestEdit).await,
            85..87 => self.give(form, FormCommand::decline_edit()).await,
            87..90 => self.hand_over(form).await,
            90..92 if self.person.admin => {
                self.give(
                    form,
                    FormCommand::TakeOver {
                        reason: "It is urgent".into(),
                    },
                )
                .await
            }
            92 => {
                let how = DeletionKind::Deleted;
                self.give(form, FormCommand::Delete { kind: how }).await;
            }
            93..95 => {
                self.give(form, FormCommand::Restore).await;
            }
            95 => {
                let field = Some("text".to_owned());
                self.give(form, FormCommand::Focus { field }).await;
            }
            96..98 => self.watch().await,
            98 => self.call(Control::Quit { anyway: true }).await,
            _ => {}
        }
    }

    async fn open(&mut self, form: FormKey) {
        if self.screen().forms.contains_key(&form) {
            return;
        }
        self.screen().forms.entry(form).or_default();
        let entity = Some(self.person.entity);
        self.call(EngineCall::OpenForm(desktop::OpenForm { form, entity }))
            .await;
    }

    async fn close(&mut self, form: FormKey) {
        if self.screen().forms.remove(&form).is_some() {
            self.call(EngineCall::CloseForm(desktop::CloseForm { form })).await;
        }
    }

    async fn watch(&mut self) {
        if self.screen().rows.is_none() {
            let topic = Topic::Records(self.person.entity);
            // Also while there is no generation yet: asking twice is what a second list does.
            self.call(EngineCall::Watch(desktop::Watch { topic, rows: 100 })).await;
        }
    }

    fn editable(&self, form: FormKey) -> Option<FormSnapshot> {
        let screen = self.screen();
        let view = screen.forms.get(&form)?.view.clone()?;
        view.can_edit().then_some(view)
    }

    async fn change(&mut self, form: FormKey, change: Change, token: Option<String>) {
        tracing::debug!(who = self.person.name, %form, ?change, ?token, "types");
        self.unsent.entry(form).or_default().push_back((change.clone(), token));
        let (number, generation) = {
            let mut screen = self.screen();
            let open = screen.forms.entry(form).or_default();
            if let Some(view) = &mut open.view {
                view.apply_own(&change);
            }
            open.changes += 1;
            (open.changes, open.generation)
        };
        self.call(EngineCall::ChangeForm(desktop::ChangeForm {
            form,
            number,
            generation,
            change,
        }))
        .await;
    }

    /// Types one token somewhere between those that are there.
    async fn type_into(&mut self, form: FormKey) {
        let Some(view) = self.editable(form) else {
            return;
        };
        self.tokens += 1;
        let token = format!("<{}{}>", self.person.name, self.tokens);
        let text = view.value("text").text().to_owned();
        let mut places: Vec<usize> = text.match_indices('>').map(|(at, _)| at + 1).collect();
        places.push(0);
        let at = *places.choose(&mut self.rng).expect("there is the beginning");
        let new = format!("{}{token}{}", &text[..at], &text[at..]);
        let field = view.field("text").expect("the field");
        let edit = Edit::between(&field, view.value("text"), &Value::from_text(new)).expect("it differs");
        self.screen().typed.entry(form).or_default().insert(token.clone());
        let field = "text".to_owned();
        self.change(form, Change { field, edit }, Some(token)).await;
    }

    async fn title_and_save(&mut self, form: FormKey) {
        let Some(view) = self.editable(form) else {
            return;
        };
        if view.title().is_empty() {
            let edit = Edit::Set(Value::from_text("A title"));
            let field = "title".to_owned();
            self.change(form, Change { field, edit }, None).await;
        }
        self.give(form, FormCommand::save()).await;
    }

    /// What is discarded before it was sent is nowhere afterwards, and need not be.
    async fn discard(&mut self, form: FormKey) {
        let Some(view) = self.editable(form) else {
            return;
        };
        let discarded = tokens(view.value("text").text());
        self.screen()
            .typed
            .entry(form)
            .or_default()
            .retain(|token| !discarded.contains(token));
        self.give(form, FormCommand::discard_draft()).await;
    }

    async fn hand_over(&mut self, form: FormKey) {
        let next = self
            .editable(form)
            .and_then(|view| view.editors.get(1).map(|next| next.ticket));
        if let Some(to) = next {
            self.give(form, FormCommand::hand_over(to)).await;
        }
    }
}
