//! Why a form could not be saved: every field with an error, each a way to its input.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::form::FormSnapshot;
use baton_protocol::values::FieldError;
use yew::prelude::*;

use crate::hooks::enter_field;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ErrorSummaryProps {
    pub(crate) view: Rc<FormSnapshot>,
    /// How often a save failed.
    pub(crate) failed_saves: u64,
}

/// The summary. Whoever edits, and has just tried to save, is in the first field that is wrong.
#[component]
pub(crate) fn ErrorSummary(props: &ErrorSummaryProps) -> Html {
    let view = &props.view;
    let errors = in_order(view);
    let first = errors
        .first()
        .filter(|_| view.can_edit())
        .map(|error| error.field.clone());
    // Once for each save: while the errors are mended one after the other, nobody is moved.
    use_effect_with(props.failed_saves, move |_| {
        if let Some(first) = first {
            enter_field(&first);
        }
    });
    if errors.is_empty() {
        return Html::default();
    }
    html! {
        <div class="baton-errors" id="error-summary" role="alert">
            <strong>{ t::form::fields_need_attention(errors.len()) }</strong>
            <ul>
                { for errors.iter().map(|error| {
                    let field = error.field.clone();
                    let onclick = Callback::from(move |_: MouseEvent| enter_field(&field));
                    html! {
                        <li key={error.field.clone()}>
                            <button type="button" class="baton-inline-link" {onclick}>{ view.label(&error.field) }</button>
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}

/// The errors in the order of the fields on the page.
fn in_order(view: &FormSnapshot) -> Vec<FieldError> {
    let order = view.fields();
    let place = |error: &FieldError| order.iter().position(|field| field.name == error.field);
    let mut errors = view.errors.clone();
    errors.sort_by_key(|error| place(error).unwrap_or(usize::MAX));
    errors
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use baton_protocol::entity::Entity;
    use baton_protocol::id::{EntityId, FormKey, RecordId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn errors_stand_in_the_order_of_the_fields() {
        let entity = Entity::new(EntityId(Uuid::nil()), "thing", "Thing", "Things", Vec::new());
        let mut view = FormSnapshot::blank(FormKey::record(RecordId(Uuid::nil())), Arc::new(entity));
        let error = |field: &str| FieldError {
            field: field.into(),
            message: "wrong".into(),
        };
        view.errors = vec![error("gone"), error("slug"), error("title")];
        let order: Vec<String> = in_order(&view).into_iter().map(|error| error.field).collect();
        assert_eq!(order, ["title", "slug", "gone"], "what is no field any more comes last");
    }
}
