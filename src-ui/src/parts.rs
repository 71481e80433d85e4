//! The program's parts: what every window needs is one file, and the rest is loaded behind it (decision 045).

use baton_protocol::invitation::Invitation;
use futures_util::FutureExt as _;
use gloo_timers::future::TimeoutFuture;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::components::Loading;
use crate::pages::{
    AcceptInvitation, Activity, Audit, Bin, ChoosePassword, Connection, Definition, Entities, Group, Groups, Import,
    Installation, Live, MyAccount, NotFound, People, Record, Records, Server, SetUpSecondFactor, SignIn, Unsaved,
};
use crate::route::Route;

/// How long the first screen has the processor to itself.
const FIRST_SCREEN_MS: u32 = 300;

/// What the window shows.
#[derive(Clone, PartialEq)]
pub(crate) enum Screen {
    /// Which server is used.
    Server,
    SignIn,
    Invitation(Invitation),
    ChoosePassword,
    SetUpSecondFactor,
    /// A page, once a person is signed in.
    Page(Route),
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PartProps {
    pub(crate) screen: Screen,
}

/// A screen, or a sign of loading until its part is here.
#[component]
pub(crate) fn Part(props: &PartProps) -> Html {
    let update = use_force_update();
    // Resolves at once if the part was loaded before: only the first screen of a part waits.
    let shown = render(props.screen.clone()).now_or_never();
    let missing = shown.is_none();
    use_effect_with((props.screen.clone(), missing), move |(screen, missing)| {
        if *missing {
            let screen = screen.clone();
            spawn_local(async move {
                let _loaded = render(screen).await;
                update.force_update();
            });
        }
    });
    shown.unwrap_or_else(|| html! { <Loading /> })
}

/// Loads what is not needed yet once the first screen is there, so that nobody waits for a page.
pub(crate) fn load_pages() {
    spawn_local(async {
        TimeoutFuture::new(FIRST_SCREEN_MS).await;
        load_lists().await;
        load_forms().await;
        load_personal().await;
        load_management().await;
    });
}

async fn render(screen: Screen) -> Html {
    match screen {
        Screen::Server => server().await,
        Screen::SignIn => sign_in().await,
        Screen::Invitation(invitation) => accept_invitation(invitation).await,
        Screen::ChoosePassword => choose_password().await,
        Screen::SetUpSecondFactor => set_up_second_factor().await,
        Screen::Page(route) => page(route).await,
    }
}

async fn page(route: Route) -> Html {
    match route {
        Route::Entities => html! { <Entities /> },
        Route::Records { entity } => records(entity).await,
        Route::Definition { entity } => definition(entity).await,
        Route::Import { entity } => import(entity).await,
        Route::Bin { entity } => bin(entity).await,
        Route::Record { entity, record } => form(entity, record, false).await,
        Route::ReadOnly { entity, record } => form(entity, record, true).await,
        Route::Activity => activity().await,
        Route::Unsaved => unsaved().await,
        Route::People => people().await,
        Route::Groups => groups().await,
        Route::Group { group } => one_group(group).await,
        Route::Live => live().await,
        Route::Audit => audit().await,
        Route::Account => account().await,
        Route::Connection => connection().await,
        Route::Installation => installation().await,
        Route::NotFound => html! { <NotFound /> },
    }
}

#[wasm_split(entrance)]
fn server() -> Html {
    html! { <Server /> }
}

#[wasm_split(entrance)]
fn sign_in() -> Html {
    html! { <SignIn /> }
}

#[wasm_split(entrance)]
fn accept_invitation(invitation: Invitation) -> Html {
    html! { <AcceptInvitation key={invitation.to_string()} invitation={invitation.clone()} /> }
}

#[wasm_split(entrance)]
fn choose_password() -> Html {
    html! { <ChoosePassword /> }
}

#[wasm_split(entrance)]
fn set_up_second_factor() -> Html {
    html! { <SetUpSecondFactor /> }
}

#[wasm_split(lists, preload(load_lists))]
fn records(entity: Uuid) -> Html {
    html! { <Records key={entity.to_string()} {entity} /> }
}

#[wasm_split(forms, preload(load_forms))]
fn form(entity: Uuid, record: Uuid, read_only: bool) -> Html {
    html! { <Record key={record.to_string()} {entity} {record} {read_only} /> }
}

#[wasm_split(personal, preload(load_personal))]
fn activity() -> Html {
    html! { <Activity /> }
}

#[wasm_split(personal)]
fn account() -> Html {
    html! { <MyAccount /> }
}

#[wasm_split(personal)]
fn connection() -> Html {
    html! { <Connection /> }
}

#[wasm_split(personal)]
fn installation() -> Html {
    html! { <Installation /> }
}

#[wasm_split(management, preload(load_management))]
fn definition(entity: Uuid) -> Html {
    html! { <Definition key={entity.to_string()} {entity} /> }
}

#[wasm_split(management)]
fn import(entity: Uuid) -> Html {
    html! { <Import key={entity.to_string()} {entity} /> }
}

#[wasm_split(management)]
fn bin(entity: Uuid) -> Html {
    html! { <Bin key={entity.to_string()} {entity} /> }
}

#[wasm_split(management)]
fn unsaved() -> Html {
    html! { <Unsaved /> }
}

#[wasm_split(management)]
fn people() -> Html {
    html! { <People /> }
}

#[wasm_split(management)]
fn groups() -> Html {
    html! { <Groups /> }
}

#[wasm_split(management)]
fn one_group(group: Uuid) -> Html {
    html! { <Group {group} /> }
}

#[wasm_split(management)]
fn live() -> Html {
    html! { <Live /> }
}

#[wasm_split(management)]
fn audit() -> Html {
    html! { <Audit /> }
}
