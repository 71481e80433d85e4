//! The app: the session around everything, and what is shown before a person is signed in.

use baton_locales::t;
use baton_protocol::desktop::Link;
use baton_protocol::notification::{NotificationBody, NotificationSubject};
use baton_protocol::person::AccountState;
use patternfly_yew::prelude::AlertType;
use yew::prelude::*;
use yew_router::{HashRouter, Routable as _, Switch};

use crate::components::{
    CloseQuestion, LinkGuard, Navigator, RecoveryCodes, Shell, Toast, ToastArea, UpdatePanel, UpdateWaits, use_toaster,
    use_zoom_keys,
};
use crate::failure;
use crate::hooks::{Live, SessionHandle, show_notified_later, use_session, use_session_provider};
use crate::pages::Message;
use crate::parts::{Part, Screen, load_pages};
use crate::route::Route;
use crate::state::session::{Session, ToastContent};
use crate::words;

/// The whole window.
#[component]
pub(crate) fn App() -> Html {
    let session = use_session_provider();
    use_no_foreign_page();
    use_zoom_keys();
    use_effect_with((), |()| load_pages());
    html! {
        <ContextProvider<SessionHandle> context={session.clone()}>
        <ContextProvider<Live> context={Live(session.live())}>
            <ToastArea>
                <CloseQuestion />
                <PersonalToasts />
                <LinkGuard />
                <UpdateWaits />
                <RecoveryCodes />
                { screen(&session) }
            </ToastArea>
        </ContextProvider<Live>>
        </ContextProvider<SessionHandle>>
    }
}

/// A file that is let go where nothing takes it must not be shown in place of the program.
#[hook]
fn use_no_foreign_page() {
    yew_hooks::use_event_with_window("dragover", |event: DragEvent| event.prevent_default());
    yew_hooks::use_event_with_window("drop", |event: DragEvent| event.prevent_default());
}

/// Says what a person should hear wherever they are.
#[component]
fn PersonalToasts() -> Html {
    let session = use_session();
    let toaster = use_toaster();
    {
        let toaster = toaster.clone();
        use_effect_with((), move |()| {
            if let (true, Some(toaster)) = (failure::previous_page_failed(), toaster) {
                let text = t::shell::window_failed_and_was_loaded_again();
                toaster.show(Toast {
                    stays: true,
                    ..Toast::new("failure", AlertType::Warning, text)
                });
            }
        });
    }
    let toast = session.state().and_then(|state| state.toast.clone());
    use_effect_with(toast, move |toast| {
        let toast = toast.as_ref().filter(|(_, toast)| !is_seen(toast));
        if let (Some((_, toast)), Some(toaster)) = (toast, &toaster) {
            toaster.show(match toast {
                ToastContent::Brief(text) => Toast::new("program", AlertType::Info, text.clone()),
                ToastContent::Notified(body) => Toast {
                    action: Some((t::shell::open().into(), open(body))),
                    ..Toast::new("notification", AlertType::Info, words::notification(body))
                },
                ToastContent::Staying(said) => Toast {
                    stays: true,
                    ..Toast::new("message", AlertType::Info, words::personal(said))
                },
            });
        }
    });
    Html::default()
}

/// Whether the page that is shown says it already: what came of an import.
fn is_seen(toast: &ToastContent) -> bool {
    let ToastContent::Notified(body) = toast else {
        return false;
    };
    let NotificationSubject::Import { entity, .. } = body.about else {
        return false;
    };
    let import = Route::Import { entity: entity.0 }.to_path();
    gloo_utils::window()
        .location()
        .hash()
        .is_ok_and(|shown| shown.trim_start_matches('#') == import)
}

/// Opens what somebody is notified of.
fn open(body: &NotificationBody) -> Callback<()> {
    let about = body.about.clone();
    Callback::from(move |()| {
        show_notified_later(&about);
        let to = Route::of(&about);
        // Toasts are outside of the pages, where no navigator is. An address of the program's own is never refused.
        gloo_utils::window().location().set_hash(&to.to_path()).ok();
    })
}

fn screen(session: &SessionHandle) -> Html {
    match session.session() {
        Session::Starting => html! {
            <Message title={t::shell::starting()} busy=true>
                <p class="baton-quiet baton-late">{ t::shell::keychain_may_ask() }</p>
            </Message>
        },
        Session::Failed(problem) => {
            html! { <Message title={t::shell::cannot_start()} text={problem.message.to_string()} /> }
        }
        Session::Started(state) => match (&state.account, &state.link) {
            (_, Link::WrongVersion { why }) => html! {
                <Message title={t::shell::an_update_is_needed()} text={why.clone()}><UpdatePanel /></Message>
            },
            (Some(account), _) if account.state == AccountState::PasswordGiven => {
                html! { <Part screen={Screen::ChoosePassword} /> }
            }
            (Some(account), _) if account.state == AccountState::SecondFactorMissing => {
                html! { <Part screen={Screen::SetUpSecondFactor} /> }
            }
            (Some(_), _) => html! {
                <HashRouter>
                    <Navigator />
                    <Shell>
                        <Switch<Route> render={|route| html! { <Part screen={Screen::Page(route)} /> }} />
                    </Shell>
                </HashRouter>
            },
            (None, _) if let Some(invitation) = &state.invitation => {
                html! { <Part screen={Screen::Invitation(invitation.clone())} /> }
            }
            (None, Link::Live) if state.signing_in => html! { <Message title={t::shell::signing_in()} busy=true /> },
            (None, _) if state.server.is_none() => html! { <Part screen={Screen::Server} /> },
            (None, _) => html! { <Part screen={Screen::SignIn} /> },
        },
    }
}
