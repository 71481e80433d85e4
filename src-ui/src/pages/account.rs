//! One's own account: name, password, and where one is signed in.

use baton_locales::{Language, t};
use baton_protocol::id::OpId;
use baton_protocol::message::{RenameMe, ShowPlace};
use baton_protocol::person::PlaceVisibility;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::{
    NotificationChoices, PageTitle, PasswordForm, PresentPassword, SecondFactorPanel, Select, SignIns, Toast,
    use_toaster,
};
use crate::hooks::use_session;
use crate::{backend, language, words};

/// The page.
#[component]
pub(crate) fn MyAccount() -> Html {
    let session = use_session();
    let toaster = use_toaster();
    let Some(account) = session.state().and_then(|state| state.account.clone()) else {
        return Html::default();
    };
    let live = session.live();
    let on_changed = Callback::from(move |()| {
        if let Some(toaster) = &toaster {
            let text = t::account::password_is_changed();
            toaster.show(Toast::new("password", AlertType::Success, text));
        }
    });
    html! {
        <>
            <PageSection>
                <PageTitle title={t::shell::my_account()} />
                <p class="baton-quiet">{ format!("{} · {}", account.email, words::role(account.role)) }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                <div class="baton-panels">
                    <section class="baton-panel">
                        <h2 class="pf-v6-c-title pf-m-md">{ t::account::name() }</h2>
                        <NameForm name={account.person.name.clone()} {live} />
                        <h2 class="pf-v6-c-title pf-m-md baton-next">{ t::account::password() }</h2>
                        <PasswordForm account={account.clone()} current={PresentPassword::Asked(t::account::present_password())} {live} {on_changed} />
                        <h2 class="pf-v6-c-title pf-m-md baton-next">{ t::account::second_factor() }</h2>
                        <SecondFactorPanel set={account.second_factor} {live} />
                    </section>
                    <section class="baton-panel">
                        <h2 class="pf-v6-c-title pf-m-md">{ t::account::where_you_are_signed_in() }</h2>
                        <SignIns />
                        <h2 class="pf-v6-c-title pf-m-md baton-next">{ t::account::language() }</h2>
                        <LanguageChoice />
                        <h2 class="pf-v6-c-title pf-m-md baton-next">{ t::inbox::tell_me_when() }</h2>
                        <NotificationChoices />
                        <h2 class="pf-v6-c-title pf-m-md baton-next">{ t::account::what_others_see_of_you() }</h2>
                        <PlaceChoice place={account.place} {live} />
                    </section>
                </div>
            </PageSection>
        </>
    }
}

/// The language of this computer's windows.
#[component]
fn LanguageChoice() -> Html {
    let system = ("".into(), t::account::as_the_system().into());
    let offered = Language::OFFERED.map(|language| (language.tag().into(), language.name().into()));
    let options: Vec<(AttrValue, AttrValue)> = std::iter::once(system).chain(offered).collect();
    let value = language::chosen().map_or("", Language::tag);
    let on_choice = Callback::from(|tag: String| language::choose(Language::from_tag(&tag)));
    html! {
        <>
            <Select id="language" label={t::account::language()} {value} {options} {on_choice} />
            <p class="baton-help">{ t::account::what_language_changes() }</p>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PlaceChoiceProps {
    place: PlaceVisibility,
    live: bool,
}

/// Whether colleagues see where one is.
#[component]
fn PlaceChoice(props: &PlaceChoiceProps) -> Html {
    let toaster = use_toaster();
    let place = props.place;
    if place == PlaceVisibility::Required {
        return html! {
            <p class="baton-help">{ t::account::administrator_wants_it_shown() }</p>
        };
    }
    let onclick = Callback::from(move |_: MouseEvent| {
        let toaster = toaster.clone();
        let op = OpId(Uuid::new_v4());
        let shown = place == PlaceVisibility::Hidden;
        spawn_local(async move {
            if let (Err(problem), Some(toaster)) = (backend::query(ShowPlace { op, shown }).await, toaster) {
                toaster.failed("place", problem.message.to_string());
            }
        });
    });
    let (text, label) = match place {
        PlaceVisibility::Hidden => (t::account::others_do_not_see_where(), t::account::show_where_i_am()),
        PlaceVisibility::Shown | PlaceVisibility::Required => {
            (t::account::others_see_where(), t::account::hide_where_i_am())
        }
    };
    html! {
        <>
            <p class="baton-help">{ text }</p>
            <div class="baton-actions">
                <Button id="show-place" variant={ButtonVariant::Secondary} disabled={!props.live} {onclick} {label} />
            </div>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct NameFormProps {
    name: String,
    live: bool,
}

/// The name that others read.
#[component]
fn NameForm(props: &NameFormProps) -> Html {
    let input = use_node_ref();
    let toaster = use_toaster();
    {
        let input = input.clone();
        use_effect_with(props.name.clone(), move |name| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value(name);
            }
        });
    }
    let onsubmit = {
        let input = input.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(name) = input.cast::<HtmlInputElement>().map(|input| input.value()) else {
                return;
            };
            let op = OpId(Uuid::new_v4());
            let toaster = toaster.clone();
            spawn_local(async move {
                match (backend::query(RenameMe { op, name }).await, toaster) {
                    (Ok(account), Some(toaster)) => {
                        let text = t::account::others_read_your_name(&account.person.name);
                        toaster.show(Toast::new("name", AlertType::Success, text));
                    }
                    (Err(problem), Some(toaster)) => toaster.failed("name", problem.message.to_string()),
                    (_, None) => {}
                }
            });
        })
    };
    html! {
        <form class="baton-inline-form" {onsubmit}>
            <span class="pf-v6-c-form-control">
                <input id="my-name" ref={input} aria-label={t::account::name()} maxlength="254" required=true autocomplete="name" />
            </span>
            <Button id="rename-me" r#type={ButtonType::Submit} variant={ButtonVariant::Secondary} disabled={!props.live} label={t::common::save()} />
        </form>
    }
}
