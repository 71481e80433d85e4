//! What a menu shows as chosen.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The menu's node: it shows this value among these options. An option that a person chose before is not
/// unchosen by its attribute alone.
#[hook]
pub(crate) fn use_chosen<O: PartialEq + 'static>(value: String, options: O) -> NodeRef {
    let select = use_node_ref();
    let menu = select.clone();
    use_effect_with((value, options), move |(value, _)| {
        if let Some(menu) = menu.cast::<HtmlSelectElement>() {
            menu.set_value(value);
        }
    });
    select
}
