//! Pages whose program fails; and what a story makes of it.

use baton_protocol::form::Role::Owner;
use baton_tests::story;

#[tokio::test]
async fn a_page_whose_program_fails_is_loaded_again_with_what_was_typed_but_not_for_ever() -> anyhow::Result<()> {
    story("page_failed", async |world| {
        let anna = world.desktop("anna").await?;
        anna.open_record("Products", "Printer 11").await?;
        anna.type_into("title", " (typed)").await?;
        anna.expect_save_status("draft").await?;
        anna.fail_page().await?;
        anna.expect_new_page().await?;
        anna.expect_role(Owner).await?;
        anna.expect_value("title", "Printer 11 (typed)").await?;
        anna.expect_notice("This window failed and was loaded again. What you typed in forms is kept.")
            .await?;
        // One that fails each time is left as it is, and says so.
        for _ in 2..=5 {
            anna.fail_page().await?;
            anna.expect_new_page().await?;
        }
        anna.fail_page().await?;
        anna.expect_text("#failure", "What you typed is kept; load the window again to go on.")
            .await?;
        anna.press("#failure a").await?;
        anna.expect_page("Collections").await
    })
    .await
}

#[tokio::test]
async fn a_story_in_which_a_page_fails_by_itself_does_not_end_well() {
    let told = story("page_at_fault", async |world| {
        let anna = world.new_desktop("anna").await?;
        anna.expect_page("Welcome to Baton").await?;
        anna.fail_page_with("a fault of ours, by a test").await?;
        anna.expect_gone("body[data-failed]").await?;
        anna.expect_page("Welcome to Baton").await
    })
    .await;
    let failure = format!("{:#}", told.expect_err("its page failed"));
    assert!(
        failure.contains("a page failed: ") && failure.contains("a fault of ours"),
        "{failure}"
    );
}

#[tokio::test]
async fn a_story_is_retried_once_after_the_web_view_crashed_a_page() -> anyhow::Result<()> {
    let mut times = 0;
    story("page_retold", async |world| {
        times += 1;
        let anna = world.new_desktop("anna").await?;
        anna.expect_page("Welcome to Baton").await?;
        if times == 1 {
            anna.fail_page().await?;
            anna.expect_gone("body[data-failed]").await?;
            anna.expect_page("Welcome to Baton").await?;
            anyhow::bail!("something was lost with the page");
        }
        Ok(())
    })
    .await?;
    anyhow::ensure!(times == 2, "told {times} times");
    Ok(())
}
