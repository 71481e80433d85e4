//! How the records of a list are drawn.

use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::list::{Layout, View};
use yew::prelude::*;

use crate::components::Select;
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct LayoutsProps {
    pub(super) entity: Arc<Entity>,
    pub(super) view: Rc<View>,
    pub(super) on_view: Callback<View>,
}

/// The layouts, and by which field where one goes by one.
#[component]
pub(super) fn Layouts(props: &LayoutsProps) -> Html {
    let LayoutsProps { entity, view, on_view } = props;
    let choice = |layout: Layout| {
        let (icon, label, needs) = words::layout(layout);
        let cannot = needs.is_some() && layout.fields(entity).is_empty();
        let onclick = {
            let view = view.clone();
            on_view.reform(move |_: MouseEvent| View {
                layout,
                ..(*view).clone()
            })
        };
        html! {
            <button type="button" class="baton-tool" data-layout={layout.id()} aria-pressed={(view.layout == layout).to_string()}
                disabled={cannot} title={needs.filter(|_| cannot)} {onclick}>
                <i class={icon} aria-hidden="true" />
                { label }
            </button>
        }
    };
    let fields = view.layout.fields(entity);
    let by = view.laid_out_by(entity);
    let on_by = {
        let view = view.clone();
        on_view.reform(move |name: String| View {
            by: Some(name),
            ..(*view).clone()
        })
    };
    html! {
        <div class="baton-layouts">
            { for Layout::ALL.map(choice) }
            if let Some(by) = by {
                <label class="baton-label" for="layout-by">{ t::list::by() }</label>
                <Select id="layout-by" value={by.name} on_choice={on_by}
                    options={fields.into_iter().map(|field| (field.name.into(), field.label.into())).collect::<Vec<_>>()} />
            }
        </div>
    }
}
