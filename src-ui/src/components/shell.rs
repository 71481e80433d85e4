//! The frame of every page: the top bar, and the entities at the side.

use baton_locales::t;
use baton_protocol::desktop::{NewWindow, SignOut};
use baton_protocol::entity::EntityStatus;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::components::{ConnectionBadge, Inbox, OnlineMenu, Shortcuts, UpdateBadge, ViewLinks, use_toaster};
use crate::format::{self, icon_of};
use crate::hooks::{Notifications, Theme, use_entities, use_notifications_provider, use_session, use_theme};
use crate::print::print;
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ShellProps {
    pub(crate) children: Html,
}

/// The frame.
#[component]
pub(crate) fn Shell(props: &ShellProps) -> Html {
    let notifications = use_notifications_provider();
    let main = use_node_ref();
    let skip = {
        let main = main.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(main) = main.cast::<HtmlElement>() {
                // It can only fail for an element that cannot have the focus.
                main.focus().ok();
            }
        })
    };
    html! {
        <ContextProvider<Notifications> context={notifications}>
        <div class="baton-shell">
            <button type="button" class="baton-skip" onclick={skip}>{ t::shell::skip_to_the_page() }</button>
            <TopBar />
            <Shortcuts />
            <div class="baton-columns">
                <SideBar />
                <main class="baton-main" tabindex="-1" ref={main}>{ props.children.clone() }</main>
            </div>
        </div>
        </ContextProvider<Notifications>>
    }
}

#[component]
fn TopBar() -> Html {
    let session = use_session();
    let toaster = use_toaster();
    let (theme, choose) = use_theme();
    let sign_out = Callback::from(move |_: MouseEvent| {
        let toaster = toaster.clone();
        spawn_local(async move {
            if let (Err(problem), Some(toaster)) = (backend::call(SignOut {}).await, toaster) {
                toaster.failed("sign-out", problem.message.to_string());
            }
        });
    });
    let Some(state) = session.state() else {
        return Html::default();
    };
    let name = state
        .account
        .as_ref()
        .map(|account| account.person.name.clone())
        .unwrap_or_default();
    let (icon, other) = match theme {
        Theme::Light => ("fas fa-moon", t::shell::dark_colours()),
        Theme::Dark => ("fas fa-sun", t::shell::light_colours()),
    };
    html! {
        <header class="baton-top">
            <Link<Route> to={Route::Entities} classes="baton-brand">
                <img src="baton.svg" alt="" />
                { "Baton" }
            </Link<Route>>
            <span class="baton-push" />
            <UpdateBadge />
            <Inbox />
            <OnlineMenu />
            <ConnectionBadge />
            <HelpMenu />
            <Button id="theme" variant={ButtonVariant::Plain} icon={html! { <i class={icon} aria-hidden="true" /> }} aria_label={other}
                onclick={choose.reform(move |_| theme.other())} />
            <Link<Route> to={Route::Account} classes="baton-me">
                <span class="baton-avatar" aria-hidden="true">{ format::initials(&name) }</span>
                <span id="me" title={t::shell::my_account()}>{ name }</span>
            </Link<Route>>
            <Button id="sign-out" variant={ButtonVariant::Link} onclick={sign_out} label={t::shell::sign_out()} />
        </header>
    }
}

/// What is seldom needed.
#[component]
fn HelpMenu() -> Html {
    let menu = use_node_ref();
    let close = {
        let menu = menu.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(menu) = menu.cast::<web_sys::Element>() {
                // It can only fail for a name that is none.
                menu.remove_attribute("open").ok();
            }
        })
    };
    let new_window = Callback::from(|_: MouseEvent| backend::send_quietly(NewWindow { page: None }));
    html! {
        <details class="baton-menu" ref={menu}>
            <summary id="help">{ t::shell::help() }</summary>
            <div class="baton-popover" onclick={close}>
                <Link<Route> to={Route::Connection}>{ t::shell::connection() }</Link<Route>>
                <Link<Route> to={Route::Installation}>{ t::shell::about_this_installation() }</Link<Route>>
                <button type="button" id="new-window" onclick={new_window}>{ t::shell::new_window() }</button>
                <button type="button" id="print" onclick={|_: MouseEvent| print()}>{ t::shell::print() }</button>
            </div>
        </details>
    }
}

#[component]
fn SideBar() -> Html {
    let entities = use_entities();
    let route = use_route::<Route>();
    let admin = use_session().is_admin();
    let all = matches!(route, Some(Route::Entities));
    let here = match route {
        Some(
            Route::Records { entity }
            | Route::Definition { entity }
            | Route::Import { entity }
            | Route::Bin { entity }
            | Route::Record { entity, .. }
            | Route::ReadOnly { entity, .. },
        ) => Some(entity),
        Some(
            Route::Entities
            | Route::Activity
            | Route::Unsaved
            | Route::People
            | Route::Groups
            | Route::Group { .. }
            | Route::Live
            | Route::Audit
            | Route::Account
            | Route::Connection
            | Route::Installation
            | Route::NotFound,
        )
        | None => None,
    };
    html! {
        <nav class="baton-side" aria-label={t::common::collections()}>
            <Link<Route> to={Route::Entities} classes={classes!("baton-side-link", all.then_some("baton-here"))}>
                { t::shell::all_collections() }
            </Link<Route>>
            <Link<Route> to={Route::Activity} classes={classes!("baton-side-link", (route == Some(Route::Activity)).then_some("baton-here"))}>
                { t::shell::activity() }
            </Link<Route>>
            { for entities.living().filter(|row| row.entity.status == EntityStatus::Published).map(|row| {
                let current = here == Some(row.entity.id.0);
                html! {
                    <div key={row.entity.id.to_string()}>
                        <Link<Route> to={Route::records(row.entity.id)}
                            classes={classes!("baton-side-link", current.then_some("baton-here"))}>
                            <span>
                                <i class={format!("fas fa-{} baton-side-icon", icon_of(&row.entity))} aria-hidden="true" />
                                { &row.entity.label_plural }
                            </span>
                            <span class="baton-count">{ row.records }</span>
                        </Link<Route>>
                        if current {
                            <ViewLinks entity={row.entity.id} />
                        }
                    </div>
                }
            }) }
            if admin {
                <Administration {route} />
            }
        </nav>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AdministrationProps {
    route: Option<Route>,
}

/// The pages of admins.
#[component]
fn Administration(props: &AdministrationProps) -> Html {
    let pages: [(Route, &str, &str); 5] = [
        (Route::People, "fa-user-cog", t::shell::people()),
        (Route::Groups, "fa-users", t::shell::groups()),
        (Route::Live, "fa-signal", t::shell::live()),
        (Route::Audit, "fa-history", t::shell::audit()),
        (Route::Unsaved, "fa-pen", t::shell::unsaved_work()),
    ];
    html! {
        <>
            <h2 class="baton-side-title">{ t::shell::administration() }</h2>
            { for pages.map(|(page, icon, name)| {
                let inside = page == Route::Groups && matches!(props.route, Some(Route::Group { .. }));
                let here = props.route == Some(page) || inside;
                html! {
                    <Link<Route> to={page} classes={classes!("baton-side-link", here.then_some("baton-here"))}>
                        <span>
                            <i class={format!("fas {icon} baton-side-icon")} aria-hidden="true" />
                            { name }
                        </span>
                    </Link<Route>>
                }
            }) }
        </>
    }
}
