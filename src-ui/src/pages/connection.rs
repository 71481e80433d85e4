//! Help, Connection: how it stands, what waits, and a check of the way to the server.

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
                <PageTitle title="Connection" />
                <p class="baton-quiet">{ "Work on without it: what you type is kept on this computer and sent when it is back." }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                <div class="baton-panels">
                    <section class="baton-panel">
                        <h2 class="pf-v6-c-title pf-m-md">{ "Now" }</h2>
                        <ConnectionFacts link={state.link.clone()} />
                    </section>
                    <section class="baton-panel">
                        <h2 class="pf-v6-c-title pf-m-md">{ "Waits for the server" }</h2>
                        <Outbox outbox={state.outbox.clone()} />
                    </section>
                    <section class="baton-panel baton-wide">
                        <h2 class="pf-v6-c-title pf-m-md">{ "The way to the server, and to others" }</h2>
                        <p class="baton-quiet">{ "Tries each step by itself, then opens a form twice and types into it, and says in one sentence where it ends. Nothing of it stays." }</p>
                        <ConnectionCheck />
                    </section>
                </div>
            </PageSection>
        </>
    }
}
