//! The open forms, and which of them something may follow from.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use baton_protocol::id::{EntityId, FormKey};

use super::open_form::{Join, OpenForm};

/// Open forms by key. Whatever is taken in hand counts as changed.
#[derive(Default, Debug)]
pub(super) struct OpenForms {
    forms: BTreeMap<FormKey, OpenForm>,
    touched: BTreeSet<FormKey>,
}

impl Deref for OpenForms {
    type Target = BTreeMap<FormKey, OpenForm>;

    fn deref(&self) -> &Self::Target {
        &self.forms
    }
}

impl OpenForms {
    pub(super) fn get_mut(&mut self, form: &FormKey) -> Option<&mut OpenForm> {
        let open = self.forms.get_mut(form)?;
        self.touched.insert(*form);
        Some(open)
    }

    /// The form, opened if it is not.
    pub(super) fn get_or_open(&mut self, form: FormKey, entity: Option<EntityId>) -> &mut OpenForm {
        self.touched.insert(form);
        self.forms.entry(form).or_insert_with(|| OpenForm::new(form, entity))
    }

    /// All of them.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut OpenForm> {
        self.touched.extend(self.forms.keys());
        self.forms.values_mut()
    }

    pub(super) fn remove(&mut self, form: &FormKey) {
        self.forms.remove(form);
    }

    /// Forgets all of them; that is no change of what they hold.
    pub(super) fn clear(&mut self) {
        self.forms.clear();
        self.touched.clear();
    }

    /// The connection is gone, and with it every place at the server.
    pub(super) fn disconnected(&mut self) {
        for open in self.forms.values_mut() {
            open.join = Join::NotAsked;
        }
    }

    /// What is shown of them at this moment is not cached: it was read with other rights.
    pub(super) fn skip_caching(&mut self) {
        for open in self.forms.values_mut() {
            open.set_uncached(false);
        }
    }

    /// Something about the form is another than when it was taken in hand last.
    pub(super) fn touch(&mut self, form: FormKey) {
        self.touched.insert(form);
    }

    /// Those that were taken in hand since this was asked last.
    pub(super) fn take_touched(&mut self) -> BTreeSet<FormKey> {
        std::mem::take(&mut self.touched)
    }
}
