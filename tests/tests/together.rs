//! What people do together besides typing: comments, mentions, what changed; and what stands beside a form.

use baton_protocol::form::Role;
use baton_tests::{Proxy, keys, story};

#[tokio::test]
async fn a_colleague_is_mentioned_at_a_field_and_gets_there() -> anyhow::Result<()> {
    story("comments", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Laptop 23").await?;
        anna.expect_role(Role::Owner).await?;

        // With real keys: the field's own button, a name that is offered, Ctrl+Enter.
        let hands = anna.hands()?;
        hands.click(anna.place("[data-comment-on=price]").await?)?;
        anna.expect_there("#new-comment:focus").await?;
        anna.expect_text(".baton-about", "About Price").await?;
        hands.write("@be")?;
        anna.expect_text("#new-comment-names [aria-selected=true]", "Ben")
            .await?;
        hands.press(&[], keys::ENTER)?;
        hands.write("is it right?")?;
        hands.press(&[keys::CONTROL], keys::ENTER)?;
        anna.expect_text(".baton-thread", "@Ben is it right?").await?;
        anna.expect_text("[data-comment-on=price]", "1").await?;

        // What is written and not sent is there again, on its own record.
        hands.click(anna.place("#new-comment").await?)?;
        hands.write("not yet")?;
        anna.press("a[href$='/activity']").await?;
        anna.expect_page("Activity").await?;
        anna.open_record("Products", "Laptop 10").await?;
        anna.expect_there("#new-comment").await?;
        anna.expect_gone("#new-comment-send").await?;
        anna.leave_form().await?;
        anna.open_record("Products", "Laptop 23").await?;
        anna.expect_text("#new-comment-send", "Comment").await?;

        // He hears of it wherever he is, and one press leads there, read-only.
        ben.expect_there("#inbox[data-unread='1']").await?;
        ben.press("#inbox").await?;
        ben.expect_text(".baton-inbox .baton-new", "Anna mentioned you at “Laptop 23”")
            .await?;
        ben.press(".baton-inbox .baton-new a").await?;
        ben.expect_text("#form-title", "Laptop 23").await?;
        ben.expect_role(Role::Viewer).await?;
        ben.expect_there("#inbox[data-unread='0']").await?;
        ben.press(".baton-thread [data-act=answer]").await?;
        ben.put("[id^=answer-]", "It is.").await?;
        ben.press("[id^=answer-][id$=-send]").await?;
        ben.expect_text(".baton-thread", "It is.").await?;

        // She sees the answer where she is, live: so it is read.
        anna.expect_text(".baton-thread", "It is.").await?;
        anna.press("#inbox").await?;
        anna.expect_text(".baton-inbox li:not(.baton-new)", "Ben answered you at “Laptop 23”")
            .await?;
        anna.press("#inbox").await?;
        anna.press(".baton-thread [data-act=resolve]").await?;
        ben.expect_gone(".baton-thread").await?;
        ben.press("#show-resolved").await?;
        ben.expect_text(".baton-thread", "Resolved by Anna").await?;
        anna.expect_role(Role::Owner).await
    })
    .await
}

#[tokio::test]
async fn a_comment_without_the_server_waits_and_is_there_when_it_is_back() -> anyhow::Result<()> {
    story("comments_offline", async |world| {
        let network = Proxy::start(world.server.lock().await.address()).await?;
        let anna = world.desktop_at("anna", &network.address()).await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Laptop 23").await?;
        anna.expect_role(Role::Owner).await?;
        network.cut();
        anna.expect_link("waiting").await?;
        anna.put("#new-comment", "Not forgotten.").await?;
        anna.press("#new-comment-send").await?;
        anna.expect_text("[data-waiting-comment]", "Not forgotten.").await?;
        anna.expect_waiting(1).await?;
        // She quits, and is here again before the server is.
        let anna = world.start_again(anna).await?;
        anna.expect_link("waiting").await?;
        anna.open_record("Products", "Laptop 23").await?;
        anna.expect_text("[data-waiting-comment]", "Not forgotten.").await?;
        network.heal();
        anna.expect_text(".baton-thread", "Not forgotten.").await?;
        anna.expect_gone("[data-waiting-comment]").await?;
        ben.open_record("Products", "Laptop 23").await?;
        ben.expect_text(".baton-thread", "Not forgotten.").await
    })
    .await
}

#[tokio::test]
async fn what_changed_is_one_press_away_and_a_deletion_is_undone_from_there() -> anyhow::Result<()> {
    story("activity", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        ben.press("a[href$='/activity']").await?;
        ben.expect_page("Activity").await?;
        anna.open_record("Products", "Laptop 23").await?;
        anna.fill("price", "949.00").await?;
        anna.save().await?;
        // It comes by itself.
        ben.expect_text("[data-title='Laptop 23']", "Anna changed Laptop 23")
            .await?;
        ben.expect_text("[data-title='Laptop 23']", "Price").await?;
        anna.press("#delete").await?;
        anna.press("#remove-yes").await?;
        ben.expect_text("[data-title='Laptop 23']", "Anna deleted Laptop 23")
            .await?;
        ben.press("[data-title='Laptop 23'] .baton-restore").await?;
        ben.expect_text("[data-title='Laptop 23']", "Ben restored Laptop 23")
            .await?;
        ben.expect_gone(".baton-restore").await
    })
    .await
}

#[tokio::test]
async fn what_stands_beside_a_form_says_who_is_where_and_what_was_saved() -> anyhow::Result<()> {
    story("beside", async |world| {
        let anna = world.desktop("anna").await?;
        let ben = world.desktop("ben").await?;
        anna.open_record("Products", "Laptop 23").await?;
        ben.open_record("Products", "Laptop 23").await?;
        anna.type_into("price", "0").await?;
        ben.expect_text("[data-present=Anna]", "Editing · Price").await?;
        ben.expect_text("[data-present=Ben]", "Next in line").await?;
        anna.fill("price", "949.00").await?;
        anna.save().await?;
        ben.expect_text("#recent-saves li:first-child", "Anna").await?;
        ben.expect_text("#recent-saves li:first-child", "Price").await?;
        ben.press("#recent-saves [data-save='2']").await?;
        ben.expect_text("[data-difference=price]", "949.00").await?;
        ben.press("#history").await?;

        // A narrow window has it as a drawer.
        ben.resize(900, 700).await?;
        ben.expect_gone("#side-panel").await?;
        ben.press("#panel").await?;
        ben.expect_there("#panel-close:focus").await?;
        ben.press("#panel-close").await?;
        ben.expect_gone("#side-panel").await?;
        ben.resize(1280, 800).await?;

        // A duplicate has what two records may have alike, and is a record of its own.
        anna.press("#duplicate").await?;
        anna.expect_value("title", "Laptop 23 (copy)").await?;
        anna.expect_value("price", "949.00").await?;
        anna.fill("sku", "COM-9999").await?;
        anna.fill("price", "").await?;
        anna.save().await?;
        // The status of a copy is a draft's, so nothing is missing; published, its price is.
        anna.expect_text("#recent-saves", "Anna").await?;
        anna.choose("status", "Published").await?;
        anna.save().await?;
        anna.expect_text("#error-summary", "1 field needs your attention")
            .await?;
        anna.expect_there("[data-row=price] input:focus").await
    })
    .await
}
