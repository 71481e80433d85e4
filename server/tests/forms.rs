//! Forms over a raw socket: what the server refuses whatever a UI does, and what survives.

use crate::support::{Server, new_op, new_record, set};
use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::field::Value;
use baton_protocol::form::Notice;
use baton_protocol::form::{FormCommand, FormSnapshot, Role};
use baton_protocol::id::{Fence, Version};
use baton_protocol::message::{Answer, Code, ToServer};

/// What a newcomer sees: the truth of the server.
async fn truth(server: &Server, form: baton_protocol::id::FormKey) -> FormSnapshot {
    let mut peer = server.peer("ada").await;
    let view = peer.join(form).await;
    peer.close().await;
    view
}

#[tokio::test]
async fn a_spectators_change_and_save_are_refused_and_nothing_changes() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = anna.a_product().await;
    let hers = anna.join(form).await;
    let his = ben.join(form).await;
    assert_eq!((hers.role(), his.role()), (Role::Owner, Role::Spectator));

    let refused = ben
        .change(form, his.fence, "title", "Ben's")
        .await
        .expect_err("refused");
    assert_eq!(refused.code, Code::NotOwner);
    assert!(refused.message.english().contains("Anna"), "{refused}");
    let (fence, op, version) = (his.fence, new_op(), his.version);
    let refused = ben
        .give(form, FormCommand::Save { fence, op, version })
        .await
        .expect_err("refused");
    assert_eq!(refused.code, Code::NotOwner);

    let me = his.me.expect("a place");
    let op = new_op();
    for body in [
        ToServer::Form {
            form,
            command: FormCommand::DiscardDraft { fence, op, rev: None },
        },
        ToServer::Form {
            form,
            command: FormCommand::RestoreDraft { fence, op, rev: None },
        },
        ToServer::Form {
            form,
            command: FormCommand::DeclineEdit { fence },
        },
        ToServer::Form {
            form,
            command: FormCommand::HandOver { fence, to: me },
        },
    ] {
        let refused = ben.ask(body).await.expect_err("only the owner may");
        assert_eq!(refused.code, Code::NotOwner);
    }

    let now = truth(&server, form).await;
    assert_eq!((now.draft, now.rev, now.version), (hers.draft, hers.rev, hers.version));
}

#[tokio::test]
async fn a_stale_fence_is_refused_and_nothing_changes() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    let stale = Fence(view.fence.0 - 1);
    let refused = anna.change(form, stale, "title", "late").await.expect_err("refused");
    assert_eq!(refused.code, Code::StaleFence);
    assert!(truth(&server, form).await.draft.is_empty());
}

#[tokio::test]
async fn a_second_save_with_an_old_version_is_refused_and_nothing_changes() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    anna.change(form, view.fence, "title", "First").await.expect("accepted");
    let save = |op| ToServer::Form {
        form,
        command: FormCommand::Save {
            fence: view.fence,
            op,
            version: view.version,
        },
    };
    let saved = anna.ask(save(new_op())).await.expect("saved");
    assert_eq!(
        saved,
        Answer::Saved {
            version: view.version.next()
        }
    );
    anna.change(form, view.fence, "title", "Second")
        .await
        .expect("accepted");
    let refused = anna.ask(save(new_op())).await.expect_err("refused");
    assert_eq!(refused.code, Code::StaleVersion);
    let since: Vec<_> = refused
        .since
        .iter()
        .map(|save| (save.version, &*save.saved.by.name))
        .collect();
    assert_eq!(since, [(view.version.next(), "Anna")], "who saved meanwhile");
    assert!(refused.since[0].fields.contains(&"title".to_owned()), "and what");
    let now = truth(&server, form).await;
    assert_eq!(now.version, view.version.next());
    assert_eq!(now.values["title"], Value::from_text("First"));
    assert_eq!(now.title(), "Second", "the draft is kept");
}

#[tokio::test]
async fn a_form_that_was_not_opened_takes_nothing() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let refused = anna.change(form, Fence(1), "title", "x").await.expect_err("refused");
    assert_eq!(refused.code, Code::NotJoined);
    let refused = anna
        .ask(ToServer::Join {
            form: new_record(),
            entity: None,
        })
        .await
        .expect_err("refused");
    assert_eq!(refused.code, Code::NotFound);
}

#[tokio::test]
async fn a_change_that_does_not_fit_is_refused_whole() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    let past_the_end = Change {
        field: "title".into(),
        edit: Edit::Splice(Splice {
            at: 9999,
            delete: 1,
            insert: String::new(),
        }),
    };
    for bad in [
        past_the_end,
        set("no_such_field", "x"),
        set("in_stock", "not a yes or no"),
        Change {
            field: "title".into(),
            edit: Edit::Set(Value::Bool(true)),
        },
        set("title", &"x".repeat(100_000)),
    ] {
        let changes = vec![set("title", "good"), bad];
        let change = ToServer::Form {
            form,
            command: FormCommand::Change {
                fence: view.fence,
                op: new_op(),
                rev: None,
                changes,
            },
        };
        let refused = anna.ask(change).await.expect_err("refused");
        assert_eq!(refused.code, Code::BadChange, "{refused}");
    }
    assert!(truth(&server, form).await.draft.is_empty(), "not even the good half");
}

#[tokio::test]
async fn spectators_see_each_keystroke_and_late_joiners_the_whole_draft() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    let mut seen = ben.join(form).await;
    let before = view.title().to_owned();
    for (place, key) in ["!", "?", "é", "👩"].into_iter().enumerate() {
        let splice = Splice {
            at: before.chars().count() + place,
            delete: 0,
            insert: key.into(),
        };
        let changes = vec![Change {
            field: "title".into(),
            edit: Edit::Splice(splice),
        }];
        let change = ToServer::Form {
            form,
            command: FormCommand::Change {
                fence: view.fence,
                op: new_op(),
                rev: None,
                changes,
            },
        };
        anna.ask(change).await.expect("accepted");
        let notice = ben
            .hear_notice(|notice| matches!(notice, Notice::Changed { .. }).then(|| notice.clone()))
            .await;
        seen.apply(&notice).expect("no gap");
    }
    let whole = format!("{before}!?é👩");
    assert_eq!(seen.title(), whole);
    let late = truth(&server, form).await;
    assert_eq!(late.title(), whole);
    assert_eq!(late.draft.fields["title"].author.name, "Anna");
}

fn owner_is(view: &FormSnapshot, name: &str) -> bool {
    view.owner().is_some_and(|owner| owner.person.name == name)
}

#[tokio::test]
async fn a_clean_goodbye_promotes_at_once() {
    // Whoever waited for the grace period would not see the end of this test.
    let server = Server::start_with(&["--grace-ms", "600000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = anna.a_product().await;
    anna.join(form).await;
    let mut view = ben.join(form).await;
    anna.close().await;
    ben.follow(&mut view, |view| owner_is(view, "Ben")).await;
    assert_eq!(view.editors.len(), 1);
}

#[tokio::test]
async fn a_cut_line_promotes_after_the_grace_period() {
    let server = Server::start().await;
    let (mut anna, mut ben, mut ada) = (
        server.peer("anna").await,
        server.peer("ben").await,
        server.peer("ada").await,
    );
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    let mut bens = ben.join(form).await;
    let mut adas = ada.join(form).await;
    anna.change(form, view.fence, "title", "Anna's words")
        .await
        .expect("accepted");

    anna.close().await;
    ben.follow(&mut bens, |view| owner_is(view, "Ben")).await;
    ben.change(form, bens.fence, "sku", "BEN-1")
        .await
        .expect("the new owner writes");

    let cut_at = std::time::Instant::now();
    ben.cut();
    let reserved = |view: &FormSnapshot| view.owner().and_then(|owner| owner.reserved_ms);
    ada.follow(&mut adas, |view| reserved(view).is_some()).await;
    let held = reserved(&adas).unwrap_or_default();
    assert!(held > 0 && held <= 1000, "{held} ms");
    ada.follow(&mut adas, |view| owner_is(view, "Ada")).await;
    assert!(
        cut_at.elapsed().as_millis() >= 900,
        "not before the grace period: {:?}",
        cut_at.elapsed()
    );
    let now = ada.join(form).await;
    assert_eq!(now.role(), Role::Owner);
    assert_eq!((now.title(), now.value("sku").text()), ("Anna's words", "BEN-1"));
}

#[tokio::test]
async fn a_silent_owner_is_noticed_by_its_missing_heartbeat() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = anna.a_product().await;
    anna.join(form).await;
    ben.join(form).await;
    // Anna's line stays open and says nothing any more; Ben's is heard.
    anna.fall_silent();
    let begun = std::time::Instant::now();
    loop {
        assert!(begun.elapsed() < crate::support::TIMEOUT, "never promoted");
        ben.ask(ToServer::Ping).await.expect("answered");
        let view = ben.join(form).await;
        if view.role() == Role::Owner {
            break;
        }
    }
}

#[tokio::test]
async fn a_session_that_comes_back_in_time_is_the_owner_still() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.stranger().await;
    let session = anna.hello(None).await;
    let email = "anna@example.test".to_owned();
    let password = server.password(&email);
    let sign_in = ToServer::sign_in(email, password);
    anna.ask(sign_in.clone()).await.expect("signs in");
    let mut ben = server.peer("ben").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    ben.join(form).await;
    let op = new_op();
    let change = ToServer::Form {
        form,
        command: FormCommand::Change {
            fence: view.fence,
            op,
            rev: None,
            changes: vec![set("title", "once")],
        },
    };
    let first = anna.ask(change.clone()).await.expect("accepted");
    anna.cut();

    let mut anna = server.stranger().await;
    assert_eq!(anna.hello(Some(session)).await, session);
    anna.ask(sign_in).await.expect("signs in");
    let back = anna.join(form).await;
    assert_eq!((back.role(), back.fence, back.me), (Role::Owner, view.fence, view.me));
    assert_eq!(back.last_op, Some(op));
    let again = anna.ask(change).await.expect("answered again");
    assert_eq!(again, first);
    assert_eq!(truth(&server, form).await.rev, back.rev, "with one effect");
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_killed_server_with_owner_and_order() {
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.stranger().await;
    let session = anna.hello(None).await;
    let email = "anna@example.test".to_owned();
    let sign_in = ToServer::sign_in(email.clone(), server.password(&email));
    anna.ask(sign_in.clone()).await.expect("signs in");
    let mut ben = server.peer("ben").await;
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    ben.join(form).await;
    anna.change(form, view.fence, "title", "acknowledged")
        .await
        .expect("accepted");
    server.kill_and_restart().await;

    let mut anna = server.stranger().await;
    anna.hello(Some(session)).await;
    anna.ask(sign_in).await.expect("signs in");
    let back = anna.join(form).await;
    assert_eq!(back.title(), "acknowledged");
    assert_eq!(
        (back.role(), back.fence, back.rev),
        (Role::Owner, view.fence, view.rev.next())
    );
    let names: Vec<_> = back.editors.iter().map(|editor| editor.person.name.as_str()).collect();
    assert_eq!(names, ["Anna", "Ben"]);
}

#[tokio::test]
async fn a_new_record_is_a_form_before_it_is_saved() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = anna.entity("product").await;
    let form = new_record();
    let Ok(Answer::Joined(view)) = anna
        .ask(ToServer::Join {
            form,
            entity: Some(entity),
        })
        .await
    else {
        panic!("a new record opens");
    };
    assert_eq!(view.version, Version(0));
    anna.change(form, view.fence, "title", "Folding desk")
        .await
        .expect("accepted");
    assert_eq!(ben.join(form).await.title(), "Folding desk");
    let (fence, version) = (view.fence, view.version);
    let saved = anna
        .give(
            form,
            FormCommand::Save {
                fence,
                op: new_op(),
                version,
            },
        )
        .await
        .expect("saved");
    assert_eq!(saved, Answer::Saved { version: Version(1) });
}

#[tokio::test]
async fn a_slug_that_is_taken_is_an_error_at_its_field_for_everyone() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    ben.join(form).await;
    anna.change(form, view.fence, "slug", "laptop-10")
        .await
        .expect("accepted");
    let save = ToServer::Form {
        form,
        command: FormCommand::Save {
            fence: view.fence,
            op: new_op(),
            version: view.version,
        },
    };
    let refused = anna.ask(save).await.expect_err("refused");
    assert_eq!(
        (refused.code, refused.fields[0].field.as_str()),
        (Code::Invalid, "slug")
    );
    let errors = ben
        .hear_notice(|notice| match notice {
            Notice::Invalid { errors } => Some(errors.clone()),
            _ => None,
        })
        .await;
    assert_eq!(errors, refused.fields);
    let now = truth(&server, form).await;
    assert_eq!((now.version, now.value("slug").text()), (view.version, "laptop-10"));
}

#[tokio::test]
async fn only_an_admin_takes_a_form_over() {
    let server = Server::start().await;
    let (mut anna, mut ben, mut ada) = (
        server.peer("anna").await,
        server.peer("ben").await,
        server.peer("ada").await,
    );
    let form = anna.a_product().await;
    anna.join(form).await;
    ben.join(form).await;
    let refused = ben
        .give(form, crate::support::take_over())
        .await
        .expect_err("he is no admin");
    assert_eq!(refused.code, Code::Forbidden);
    let owner = |form: &FormSnapshot| form.owner().map(|owner| owner.person.name.clone());
    assert_eq!(owner(&ben.again(form).await).as_deref(), Some("Anna"));
    ada.join(form).await;
    ada.give(form, crate::support::take_over()).await.expect("an admin may");
    assert_eq!(owner(&ben.again(form).await).as_deref(), Some("Ada"));
}
