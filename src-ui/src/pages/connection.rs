//! Help, Connection: how it stands, what waits, and a check of the way to the server.

use baton_locales::t;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::{ConnectionCheck, ConnectionFacts, Outbox, PageTitle};
use crate::hooks::use_session;

/// The page.
#[component]
pub(crate) fn Connection() -> Html {
    let session = use_session();
    let Some(state) = session.state() else {
        return Html::default();
    };
    html! {
        <>
            <PageSection>
                <PageTitle title={t::shell::connection()} />
                <p class="baton-quiet">{ t::connection::work_on_without_it() }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                <div class="baton-panels">
                    <section class="baton-panel">
                        <h2 class="pf-v6-c-title pf-m-md">{ t::connection::now_heading() }</h2>
                        <ConnectionFacts link={state.link.clone()} />
                    </section>
                    <section class="baton-panel">
                        <h2 class="pf-v6-c-title pf-m-md">{ t::connection::waits_for_the_server() }</h2>
                        <Outbox outbox={state.outbox.clone()} />
                    </section>
                    <section class="baton-panel baton-wide">
                        <h2 class="pf-v6-c-title pf-m-md">{ t::connection::the_way_to_the_server() }</h2>
                        <p class="baton-quiet">{ t::connection::what_the_check_does() }</p>
                        <ConnectionCheck />
                    </section>
                </div>
            </PageSection>
        </>
    }
}
