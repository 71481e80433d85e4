//! A desktop's own disk: it survives the program, and has everything at once.

use std::collections::BTreeMap;

use baton_client::core::{CacheWrite, CachedForm, CachedList, Effect, Input, LoadedForm, PendingForm, Scope};
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::FormKey;
use baton_protocol::message::{Snapshot, Topic};
use baton_protocol::person::Account;
use baton_protocol::time::Timestamp;

#[derive(Default, Debug)]
pub(crate) struct Disk {
    pub(crate) account: Option<Account>,
    scope: Option<Scope>,
    held: BTreeMap<FormKey, PendingForm>,
    forms: BTreeMap<FormKey, FormSnapshot>,
    lists: BTreeMap<Topic, CachedList>,
}

impl Disk {
    /// Does what the core wants of its store, and answers as the store does.
    pub(crate) fn take(&mut self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::OpenStore(scope) => {
                self.scope = Some(scope.clone());
                Some(Input::LoadedPending(Some(scope), self.held.values().cloned().collect()))
            }
            Effect::Persist { number, form, pending } => {
                match pending {
                    Some(pending) => self.held.insert(form, *pending),
                    None => self.held.remove(&form),
                };
                Some(Input::Stored(number))
            }
            Effect::Cache(memory) => {
                self.remember(memory);
                None
            }
            Effect::LoadForm { form, .. } => {
                let seen = self.forms.get(&form).cloned();
                let recalled = LoadedForm {
                    listed: None,
                    entity: None,
                    seen: seen.map(|view| {
                        Box::new(CachedForm {
                            at: Timestamp::default(),
                            view,
                        })
                    }),
                };
                Some(Input::LoadedForm(self.scope.clone(), form, recalled))
            }
            Effect::LoadList(topic) => {
                let list = self.lists.get(&topic).cloned();
                Some(Input::LoadedList(self.scope.clone(), topic, list))
            }
            Effect::ForgetCache(_) => {
                self.forms.clear();
                self.lists.clear();
                None
            }
            Effect::LoadPage { .. } | Effect::LoadHistory { .. } => panic!("nobody asks for it"),
            Effect::Connect(_)
            | Effect::Disconnect
            | Effect::Send(_)
            | Effect::Emit(_)
            | Effect::EmitTo(..)
            | Effect::Reply(..)
            | Effect::Check { .. }
            | Effect::Goodbye(_)
            | Effect::SaveSettings(_) => None,
        }
    }

    fn remember(&mut self, memory: CacheWrite) {
        match memory {
            CacheWrite::Form(view) => drop(self.forms.insert(view.form, *view)),
            CacheWrite::List { topic, seq, snapshot } => {
                let at = Timestamp::default();
                let list = CachedList {
                    at,
                    seq,
                    snapshot,
                    missing_from: None,
                };
                self.lists.insert(topic, list);
            }
            CacheWrite::Rows { .. } => panic!("the first picture has all rows"),
            CacheWrite::History { .. } => panic!("nobody asks for it"),
            CacheWrite::Events { topic, seq, events } => {
                let Some(list) = self.lists.get_mut(&topic) else {
                    return;
                };
                list.seq = list.seq.max(seq);
                let Snapshot::Records { rows, .. } = &mut list.snapshot else {
                    return;
                };
                for event in events {
                    event.apply_to_records(rows);
                }
            }
        }
    }
}
