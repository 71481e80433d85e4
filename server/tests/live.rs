//! What happens at this moment, as admins see it.

use crate::support::groups::grant;
use crate::support::live::{live, watch_live};
use crate::support::{Peer, Server, new_op, set};
use baton_protocol::audit::{Act, AuditFilter, OwnerReason};
use baton_protocol::form::{FormCommand, Notice};
use baton_protocol::live::{Live, OnlinePerson, Page};
use baton_protocol::message::{
    Code, GetAudit, GetOnline, GetOwners, MessagePerson, PersonalNotice, ReleasePlace, ShowPlace, ToClient, ToServer,
};
use baton_protocol::person::{PlaceVisibility, UserRole};
use baton_protocol::rights::Access;

/// Asks until it is so.
async fn until(ada: &mut Peer, what: &str, so: impl Fn(&Live) -> bool) -> Live {
    let asked = async {
        loop {
            let now = live(ada).await;
            if so(&now) {
                return now;
            }
        }
    };
    tokio::time::timeout(crate::support::TIMEOUT, asked).await.expect(what)
}

#[tokio::test]
async fn sessions_are_counted_once_each_and_people_once_however_many_windows_they_have() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let second = server.peer("anna").await;
    let mut stranger = server.stranger().await;
    stranger.hello(None).await;
    let now = live(&mut ada).await;
    assert_eq!((now.now.connected, now.now.signed_in, now.people), (4, 3, 2));
    let names: Vec<_> = now
        .sessions
        .iter()
        .filter_map(|one| Some(one.person.as_ref()?.name.clone()))
        .collect();
    assert_eq!(names.iter().filter(|name| *name == "Anna").count(), 2);
    assert_eq!(now.sessions.iter().filter(|one| Some(one.id) == now.own).count(), 1);
    assert!(
        now.sessions
            .iter()
            .all(|one| one.origin.client.as_deref() == Some("test"))
    );

    second.close().await;
    stranger.close().await;
    let now = until(&mut ada, "two are left", |now| now.now.connected == 2).await;
    assert_eq!((now.now.signed_in, now.people), (2, 2));
    anna.ask(ToServer::SignOut).await.expect("signed out");
    let now = live(&mut ada).await;
    assert_eq!(
        (now.now.connected, now.now.signed_in),
        (2, 1),
        "connected still, and nobody"
    );
    let refused = watch_live(&mut server.peer("ben").await).await;
    assert_eq!(refused.expect_err("no admin").code, Code::Forbidden);
}

#[tokio::test]
async fn pages_are_what_desktops_say_and_decide_nothing() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let product = ada.entity("product").await;
    let page = Page::Records(product);
    ada.ask(ToServer::ShowPage { page }).await.expect("told");
    for page in [Page::Records(product), Page::Definition(product)] {
        anna.ask(ToServer::ShowPage { page }).await.expect("told");
    }
    let now = live(&mut ada).await;
    assert_eq!(now.pages.len(), 2);
    assert!(now.pages.contains(&(Page::Records(product), 1)) && now.pages.contains(&(Page::Definition(product), 1)));
    // To show an admin's page gives nobody an admin's rights.
    assert_eq!(watch_live(&mut anna).await.expect_err("no admin").code, Code::Forbidden);
    let mut stranger = server.stranger().await;
    stranger.hello(None).await;
    stranger
        .ask(ToServer::ShowPage { page: Page::Other })
        .await
        .expect("told");
    let refused = watch_live(&mut stranger).await.expect_err("nobody");
    assert_eq!(refused.code, Code::SignInNeeded);
    let now = live(&mut ada).await;
    assert!(now.pages.contains(&(Page::Other, 1)), "visitors are counted, too");
}

#[tokio::test]
async fn open_forms_say_who_edits_who_waits_and_what_is_unsaved() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    ben.join(form).await;
    anna.edit(&view, vec![set("title", "A title that is not saved")])
        .await
        .expect("typed");
    let now = live(&mut ada).await;
    let [open] = &now.forms[..] else {
        panic!("{:?} is not one form", now.forms);
    };
    assert_eq!((open.form, open.title.as_str()), (form, "A title that is not saved"));
    let editors: Vec<_> = open.editors.iter().map(|editor| editor.person.name.as_str()).collect();
    assert_eq!(editors, ["Anna", "Ben"]);
    assert_eq!(open.authors[0].name, "Anna");
    anna.cut();
    let now = until(&mut ada, "her place is held", |now| {
        now.forms.iter().any(|open| open.editors[0].reserved_ms.is_some())
    })
    .await;
    assert_eq!(now.forms[0].editors.len(), 2);
}

#[tokio::test]
async fn everybody_sees_who_is_online_and_where_as_far_as_they_may_see_that() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let form = anna.a_product().await;
    anna.join(form).await;
    // Dora sees nothing but what her group gives.
    let (mut dora, dora_id) = server.newcomer(&mut ada, "Dora", UserRole::None).await;
    let online = async |peer: &mut Peer| peer.query(GetOnline {}).await.expect("for everybody");
    let names = |people: &[OnlinePerson]| people.iter().map(|one| one.person.name.clone()).collect::<Vec<_>>();
    let seen = online(&mut ada).await;
    assert_eq!(names(&seen), ["Ada", "Anna"], "Dora shares nothing with anybody");
    assert!(seen[0].own && !seen[1].own);
    assert_eq!(seen[1].forms.len(), 1);
    assert!(seen[1].forms[0].edits && seen[1].forms[0].form == form);
    let alone = online(&mut dora).await;
    assert_eq!((names(&alone), alone[0].own), (vec!["Dora".to_owned()], true));

    let staff = ada.entity("staff").await;
    ada.make_group("Office", &[dora_id], &[(staff, grant(Access::View, &[]))])
        .await;
    let seen = online(&mut dora).await;
    assert_eq!(names(&seen), ["Ada", "Anna", "Dora"]);
    assert!(seen[1].forms.is_empty(), "what she may not see is not told: {seen:?}");
}

#[tokio::test]
async fn whoever_hides_their_place_is_online_and_nowhere_unless_the_server_shows_everybody() {
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let form = anna.a_product().await;
    anna.join(form).await;
    let page = Page::Records(anna.entity("product").await);
    anna.ask(ToServer::ShowPage { page }).await.expect("told");
    let (op, shown) = (new_op(), false);
    let account = anna.query(ShowPlace { op, shown }).await.expect("hers to choose");
    assert_eq!(account.place, PlaceVisibility::Hidden);
    let of_anna = |people: Vec<OnlinePerson>| people.into_iter().find(|one| one.person.name == "Anna");
    let seen = of_anna(ada.query(GetOnline {}).await.expect("for everybody")).expect("she is online");
    assert!(seen.forms.is_empty() && seen.lists.is_empty(), "{seen:?}");
    // Whoever opens the record still sees who edits it, and admins see everything.
    assert_eq!(live(&mut ada).await.forms[0].editors[0].person.name, "Anna");

    server.kill().await;
    server
        .restart_with(&["--grace-ms", "60000", "--may-hide", "false"])
        .await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    anna.join(form).await;
    let seen = of_anna(ada.query(GetOnline {}).await.expect("for everybody")).expect("she is online");
    assert_eq!(seen.forms.len(), 1, "{seen:?}");
    let (op, shown) = (new_op(), false);
    let refused = anna
        .query(ShowPlace { op, shown })
        .await
        .expect_err("not hers to choose");
    assert_eq!(refused.code, Code::Forbidden);
}

#[tokio::test]
async fn an_admin_writes_to_a_person_who_reads_it_in_every_window_and_nobody_else_does() {
    let server = Server::start().await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let mut second = server.peer("anna").await;
    let now = live(&mut ada).await;
    let person_of = |name: &str| {
        let people = now.sessions.iter().filter_map(|session| session.person.clone());
        people
            .filter(|person| person.name == name)
            .map(|person| person.id)
            .next()
            .expect("connected")
    };
    let (anna_id, ben_id) = (person_of("Anna"), person_of("Ben"));
    let message = |person, text: &str| MessagePerson {
        op: new_op(),
        person,
        text: text.into(),
    };
    for text in ["", "  \n ", &"x".repeat(501)] {
        let refused = ada.query(message(anna_id, text)).await.expect_err("no message");
        assert_eq!(refused.code, Code::Malformed);
    }
    ada.query(message(anna_id, " The server restarts at six. "))
        .await
        .expect("said");
    for window in [&mut anna, &mut second] {
        let said = window.hear(|message| match message {
            ToClient::Personal(PersonalNotice::Message { from, text }) => Some((from.name.clone(), text.clone())),
            _ => None,
        });
        assert_eq!(said.await, ("Ada".to_owned(), "The server restarts at six.".to_owned()));
    }
    // What Ben is told first is his own.
    ada.query(message(ben_id, "And you too.")).await.expect("said");
    let said = ben.hear(|message| match message {
        ToClient::Personal(PersonalNotice::Message { text, .. }) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(said.await, "And you too.");
    ben.close().await;
    until(&mut ada, "Ben is gone", |now| now.people == 2).await;
    let refused = ada.query(message(ben_id, "Are you there?")).await.expect_err("gone");
    assert_eq!(refused.code, Code::NotHere);
}

#[tokio::test]
async fn a_place_that_waits_for_somebody_who_is_away_is_released_by_an_admin_and_no_other_place_is() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    ben.join(form).await;
    anna.edit(&view, vec![set("title", "Half a title")])
        .await
        .expect("typed");
    let person = view.editors[0].person.id;
    let release = ReleasePlace { form, person };
    let refused = ada.query(release.clone()).await.expect_err("she is here");
    assert_eq!(refused.code, Code::NotHere);
    anna.cut();
    until(&mut ada, "her place is held", |now| {
        now.forms.iter().any(|open| open.editors[0].reserved_ms.is_some())
    })
    .await;
    ada.query(release.clone()).await.expect("released");
    let fence = ben
        .hear_notice(|notice| match notice {
            Notice::Editors { fence, .. } => (*fence > view.fence).then_some(*fence),
            _ => None,
        })
        .await;
    let now = live(&mut ada).await;
    let editors: Vec<_> = now.forms[0]
        .editors
        .iter()
        .map(|editor| editor.person.name.as_str())
        .collect();
    assert_eq!(editors, ["Ben"], "at once, and not after the minute");
    assert_eq!(now.forms[0].authors[0].name, "Anna", "what she typed stays");
    ben.give(
        form,
        FormCommand::DiscardDraft {
            fence,
            op: new_op(),
            rev: None,
        },
    )
    .await
    .expect("he is the owner");
    let refused = ada.query(release).await.expect_err("nothing waits");
    assert_eq!(refused.code, Code::NotHere);

    let owners = ben.query(GetOwners { form }).await.expect("he sees the record");
    let told: Vec<_> = owners
        .iter()
        .map(|one| (one.to.as_ref().map(|to| to.name.as_str()), one.why))
        .collect();
    assert_eq!(
        told,
        [
            (Some("Ben"), OwnerReason::Released),
            (Some("Anna"), OwnerReason::Opened)
        ]
    );
}

#[tokio::test]
async fn a_released_place_is_in_the_audit_also_where_it_was_not_the_owners() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let form = anna.a_product().await;
    anna.join(form).await;
    let person = ben.join(form).await.editors[1].person.id;
    ben.cut();
    until(&mut ada, "his place is held", |now| {
        let editors = now.forms.iter().flat_map(|open| &open.editors);
        editors.filter(|editor| editor.reserved_ms.is_some()).count() == 1
    })
    .await;
    ada.query(ReleasePlace { form, person }).await.expect("released");
    let entries = ada
        .query(GetAudit {
            filter: AuditFilter {
                form: Some(form),
                ..AuditFilter::default()
            },
            before: None,
            rows: 10,
        })
        .await
        .expect("an admin");
    assert!(
        matches!(&entries[0].act, Act::PlaceReleased(_, away) if away.name == "Ben"),
        "{entries:?}"
    );
    assert_eq!(entries[0].by.as_ref().map(|by| by.name.as_str()), Some("Ada"));
}

/// One figure of many.
fn figure(text: &str, name: &str) -> f64 {
    let line = text
        .lines()
        .find(|line| line.starts_with(name))
        .unwrap_or_else(|| panic!("no {name} in {text}"));
    line.rsplit(' ')
        .next()
        .and_then(|value| value.parse().ok())
        .expect("a number")
}

#[tokio::test]
async fn figures_for_prometheus_count_and_name_nobody() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .expect("a port")
        .port();
    let address = format!("127.0.0.1:{port}");
    let server = Server::start_with(&["--grace-ms", "60000", "--metrics", &address]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let mut stranger = server.stranger().await;
    stranger.hello(None).await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    ben.join(form).await;
    anna.edit(&view, vec![set("title", "Unsaved")]).await.expect("typed");
    watch_live(&mut ben).await.expect_err("no admin");
    let get = async |path: &str| {
        let url = format!("http://{address}{path}");
        let answer = tokio::task::spawn_blocking(move || ureq::get(&url).call())
            .await
            .expect("no panic");
        answer.expect("it answers").body_mut().read_to_string().expect("text")
    };
    let text = get("/metrics").await;
    for (name, value) in [
        ("baton_connections{state=\"signed_in\"}", 2.0),
        ("baton_connections{state=\"anonymous\"}", 1.0),
        ("baton_people ", 2.0),
        ("baton_forms ", 1.0),
        ("baton_forms_unsaved ", 1.0),
        ("baton_places{place=\"owner\"}", 1.0),
        ("baton_places{place=\"waiting\"}", 1.0),
        ("baton_refused_total{code=\"forbidden\"}", 1.0),
        ("baton_acknowledge_seconds_count", 1.0),
    ] {
        assert_eq!(figure(&text, name), value, "{name}");
    }
    assert!(figure(&text, "baton_writes_total") >= figure(&text, "baton_write_batches_total"));
    assert!(figure(&text, "baton_database_bytes") > 10_000.0);
    assert!(text.ends_with("# EOF\n"));
    let health = get("/health").await;
    for name in ["Anna", "anna", "Ben", "example.test"] {
        assert!(!text.contains(name) && !health.contains(name), "{name} is named");
    }
    // Where the settings name another address, the one for desktops has no figures.
    let url = format!("http://127.0.0.1:{}/metrics", server.port);
    let answer = tokio::task::spawn_blocking(move || ureq::get(&url).call())
        .await
        .expect("no panic");
    assert!(matches!(answer, Err(ureq::Error::StatusCode(404))), "{answer:?}");
}
