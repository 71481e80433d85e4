//! People sign in at their company's identity provider, a real one, and are signed out with it.

use std::path::Path;

use anyhow::{Context as _, ensure};
use baton_client::Handle;
use baton_client::core::Reply;
use baton_protocol::audit::{AccountChange, Act, AuditFilter};
use baton_protocol::desktop::{BeginProviderSignIn, BegunSignIn, EngineCall, FinishProviderSignIn, SignIn};
use baton_protocol::id::{GroupId, OpId};
use baton_protocol::message::{AddPerson, ChangeGroups, Code, GetAudit, GetGroups, Problem};
use baton_protocol::person::{Account, AccountState, UserRole};
use baton_protocol::rights::{Access, GroupChange};
use baton_tests::{Browser, Provider, Server, story_with, wait_for};
use tokio::net::TcpListener;
use uuid::Uuid;

/// Accounts are made, and the claim about groups is followed.
const OPEN: &str = "create-accounts = true\nrole = \"none\"\ngroups-claim = \"groups\"\ngroups = { shop = \"Shop\" }";

fn engine(server: &Server, sign_in: Option<SignIn>, directory: &Path) -> Handle {
    let (handle, mut events) = baton_client::start(baton_client::Config {
        server: baton_client::Server::Given(server.address()),
        sign_in,
        ..baton_client::Config::in_directory(directory.to_owned())
    });
    tokio::spawn(async move { while events.recv().await.is_some() {} });
    handle
}

/// The admin's engine, signed in.
async fn admin(server: &Server, directory: &Path) -> anyhow::Result<Handle> {
    let email = "ada@example.test".to_owned();
    let passwords = server.passwords().await?;
    let password = passwords.get(&email).context("ada has a password")?.clone();
    let ada = engine(
        server,
        Some(SignIn {
            email,
            password,
            code: None,
        }),
        directory,
    );
    wait_for("the admin to get in", async || {
        Ok(ada.query(0, GetGroups {}).await.ok().map(drop))
    })
    .await?;
    Ok(ada)
}

/// A group “Shop” that sees this collection.
async fn make_group(ada: &Handle, entity: baton_protocol::id::EntityId) -> anyhow::Result<GroupId> {
    let group = GroupId(Uuid::now_v7());
    for change in [
        GroupChange::Add(group, "Shop".into()),
        GroupChange::Grant(group, entity, Some(Access::View)),
    ] {
        let op = OpId(Uuid::now_v7());
        ada.query(0, ChangeGroups { op, change }).await?;
    }
    Ok(group)
}

async fn begin(engine: &Handle, provider: &str, back: &TcpListener) -> Result<BegunSignIn, Problem> {
    let port = back.local_addr().expect("a port").port();
    let answered = wait_for("the engine to be connected", async || {
        let provider = provider.to_owned();
        Ok(match engine.call(0, BeginProviderSignIn { provider, port }).await {
            Err(problem) if problem.code == Code::Offline => None,
            answered => Some(answered),
        })
    });
    match answered.await {
        Ok(Ok(Reply::Begun(begun))) => Ok(begun),
        Ok(Ok(_)) => Err(Problem::unexpected_answer()),
        Ok(Err(problem)) => Err(problem),
        Err(error) => Err(Problem::new(Code::Offline, error.to_string())),
    }
}

async fn finish(engine: &Handle, begun: &BegunSignIn, query: &str) -> Result<Account, Problem> {
    let call = FinishProviderSignIn {
        attempt: begun.attempt.clone(),
        query: query.into(),
    };
    let reply = engine.call(0, EngineCall::from(call)).await?;
    let Reply::Account(account) = reply else {
        return Err(Problem::unexpected_answer());
    };
    Ok(account)
}

/// The whole way of one person.
async fn sign_in(engine: &Handle, provider: &str, browser: &Browser) -> anyhow::Result<Result<Account, Problem>> {
    let back = TcpListener::bind(("127.0.0.1", 0)).await?;
    let begun = match begin(engine, provider, &back).await {
        Ok(begun) => begun,
        Err(problem) => return Ok(Err(problem)),
    };
    let query = browser.sign_in(&begun.address, &back).await?;
    Ok(finish(engine, &begun, &query).await)
}

fn write_settings(directory: &Path, text: &str) -> anyhow::Result<String> {
    let file = directory.join("server.toml");
    std::fs::write(&file, text)?;
    Ok(file.display().to_string())
}

#[tokio::test]
async fn somebody_signs_in_at_their_company_and_is_signed_out_with_it() -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let mut provider = Provider::start(directory.path(), 0).await?;
    let settings = provider.settings("company", OPEN) + "\n";
    let settings = format!("sign-in-help = \"Call 1234.\"\n{settings}");
    let settings = write_settings(directory.path(), &settings)?;
    story_with("provider", &["--config", &settings], async |world| {
        let address = world.server.lock().await.address();
        provider.serve(&address).await?;
        let admin_data = world.data_of("admin");
        let (ada, entity) = {
            let server = world.server.lock().await;
            let entity = baton_tests::signed_in_desktop(&server, "ada", &world.data_of("first")).await?;
            (admin(&server, &admin_data).await?, entity)
        };
        let group = make_group(&ada, entity).await?;
        let browser = provider.browser("mia");
        let programs = world.directory().join("programs");
        browser.install(&programs)?;
        world.find_first(&programs);

        let mia = world.new_desktop("mia").await?;
        mia.give_server(&address).await?;
        mia.press("#forgotten").await?;
        mia.expect_text("#forgotten-help", "Call 1234.").await?;
        mia.press(".baton-provider").await?;
        mia.expect_text("#me", "Mia Moor").await?;
        mia.expect_text(".baton-side", "Products").await?;
        ensure!(!mia.words().await?.contains("Staff"), "her group sees one collection");

        let groups = ada.query(0, GetGroups {}).await?.groups;
        let shop = groups.iter().find(|known| known.id == group).context("the group")?;
        ensure!(shop.members.len() == 1, "she is in it");

        // Who signs out there is signed out here.
        browser.sign_out().await?;
        mia.expect_text("#refused", "You signed out at your company’s sign-in").await?;

        let entries = ada
            .query(
                0,
                GetAudit {
                    filter: AuditFilter::default(),
                    before: None,
                    rows: 50,
                },
            )
            .await?;
        let acts: Vec<&Act> = entries.iter().rev().map(|entry| &entry.act).collect();
        let place = |what: &dyn Fn(&Act) -> bool| acts.iter().position(|act| what(act));
        let story = [
            place(&|act| matches!(act, Act::Account(person, AccountChange::Added(UserRole::None)) if person.name == "Mia Moor")),
            place(&|act| matches!(act, Act::Account(_, AccountChange::Linked(by)) if by == "Company")),
            place(&|act| matches!(act, Act::Group { change: GroupChange::AddMember(..), about: Some(about), .. } if about == "Mia Moor")),
            place(&|act| matches!(act, Act::SignedInBy(by) if by == "Company")),
            place(&|act| matches!(act, Act::SignInEnded(person) if person.name == "Mia Moor")),
        ];
        ensure!(
            story.iter().all(Option::is_some) && story.is_sorted(),
            "the audit tells it in order: {story:?} of {acts:?}"
        );

        // The provider is down: who has a password gets in.
        provider.stop().await?;
        mia.press(".baton-provider").await?;
        mia.expect_text("#refused", "cannot be reached").await?;
        let passwords = world.server.lock().await.passwords().await?;
        mia.sign_in("ada@example.test", &passwords["ada@example.test"]).await?;
        mia.expect_text("#me", "Ada").await
    })
    .await
}

#[tokio::test]
async fn who_goes_no_further_in_the_browser_comes_back_to_the_page() -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let mut provider = Provider::start(directory.path(), 0).await?;
    let settings = write_settings(directory.path(), &provider.settings("company", OPEN))?;
    story_with("provider-cancelled", &["--config", &settings], async |world| {
        let address = world.server.lock().await.address();
        provider.serve(&address).await?;
        world.open_no_links()?;
        let mia = world.new_desktop("mia").await?;
        mia.give_server(&address).await?;
        mia.press(".baton-provider").await?;
        mia.expect_text("#in-browser", "Sign in with Company in your browser")
            .await?;
        mia.press("#cancel-browser").await?;
        mia.expect_gone("#in-browser").await?;
        mia.expect_there("#email").await
    })
    .await
}

#[tokio::test]
async fn only_whom_the_provider_vouches_for_gets_in() -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let mut provider = Provider::start(directory.path(), 0).await?;
    let strict = provider.settings("strict", "");
    let settings = write_settings(directory.path(), &(provider.settings("company", OPEN) + &strict))?;
    let server = Server::start(directory.path(), &["--config", &settings]).await?;
    provider.serve(&server.address()).await?;
    let engine = engine(&server, None, &directory.path().join("engine"));

    // Whoever has an account with the address has that one.
    let anna = sign_in(&engine, "company", &provider.browser("anna")).await??;
    ensure!(
        anna.email == "anna@example.test" && anna.role == UserRole::Editor,
        "{anna:?}"
    );

    let refused = async |id: &str, person: &str| {
        let result = sign_in(&engine, id, &provider.browser(person)).await?;
        let problem = result.err().with_context(|| format!("{person} got in"))?;
        anyhow::Ok(problem.message.to_string())
    };
    let said = refused("strict", "mia").await?;
    ensure!(
        said.contains("no account here") && said.contains("mia@example.test"),
        "{said}"
    );
    // Whom an admin added before has no use for the password that was given.
    let ada = admin(&server, &directory.path().join("admin")).await?;
    let add = AddPerson {
        op: OpId(Uuid::now_v7()),
        email: "mia@example.test".into(),
        name: "Mia".into(),
        role: UserRole::Viewer,
    };
    ada.query(0, add).await?;
    let mia = sign_in(&engine, "strict", &provider.browser("mia")).await??;
    ensure!(
        mia.state == AccountState::Active && mia.role == UserRole::Viewer,
        "{mia:?}"
    );
    let said = refused("company", "nobody").await?;
    ensure!(said.contains("does not vouch for your e-mail address"), "{said}");
    let said = refused("company", "many").await?;
    ensure!(said.contains("cannot be trusted"), "claims of ten megabytes: {said}");
    let said = refused("other", "mia").await?;
    ensure!(said.contains("no such way"), "{said}");

    // An answer is used once, and only for the attempt that it belongs to.
    let back = TcpListener::bind(("127.0.0.1", 0)).await?;
    let (first, second) = (
        begin(&engine, "company", &back).await?,
        begin(&engine, "company", &back).await?,
    );
    let query = provider.browser("mia").sign_in(&first.address, &back).await?;
    let crossed = finish(&engine, &second, &query).await.err().context("crossed")?;
    ensure!(crossed.message.english().contains("another sign-in"), "{crossed}");
    ensure!(finish(&engine, &first, &query).await.is_ok());
    let again = finish(&engine, &first, &query).await.err().context("twice")?;
    ensure!(again.message.english().contains("finished already"), "{again}");
    Ok(())
}

#[tokio::test]
async fn a_provider_whose_clock_is_a_day_off_is_not_believed() -> anyhow::Result<()> {
    for clock in [-86_400, 86_400] {
        let directory = tempfile::tempdir()?;
        let mut provider = Provider::start(directory.path(), clock).await?;
        let settings = write_settings(directory.path(), &provider.settings("company", OPEN))?;
        let server = Server::start(directory.path(), &["--config", &settings]).await?;
        provider.serve(&server.address()).await?;
        let engine = engine(&server, None, &directory.path().join("engine"));
        let result = sign_in(&engine, "company", &provider.browser("mia")).await?;
        let problem = result.err().context("she got in")?;
        ensure!(problem.message.english().contains("clocks"), "{clock}: {problem}");
    }
    Ok(())
}

#[tokio::test]
async fn a_provider_that_is_another_one_than_it_says_is_not_believed() -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let mut provider = Provider::start(directory.path(), 0).await?;
    // The same host, by another name than it gives itself.
    let settings = provider.settings("company", OPEN).replace("127.0.0.1", "localhost");
    let settings = write_settings(directory.path(), &settings)?;
    let server = Server::start(directory.path(), &["--config", &settings]).await?;
    provider.serve(&server.address()).await?;
    let engine = engine(&server, None, &directory.path().join("engine"));
    let result = sign_in(&engine, "company", &provider.browser("mia")).await?;
    let problem = result.err().context("she got in")?;
    ensure!(problem.message.english().contains("cannot be trusted"), "{problem}");
    Ok(())
}

/// What somebody is told who signs in at a provider with this wrong with it.
async fn refusal_at_a_lying_provider(lie: &str) -> anyhow::Result<String> {
    let directory = tempfile::tempdir()?;
    let mut provider = Provider::lying(directory.path(), lie).await?;
    let settings = write_settings(directory.path(), &provider.settings("company", OPEN))?;
    let server = Server::start(directory.path(), &["--config", &settings]).await?;
    provider.serve(&server.address()).await?;
    let engine = engine(&server, None, &directory.path().join("engine"));
    let result = sign_in(&engine, "company", &provider.browser("mia")).await?;
    Ok(result.err().context("she got in")?.message.to_string())
}

#[tokio::test]
async fn a_token_that_the_provider_made_for_another_client_is_not_believed() -> anyhow::Result<()> {
    let said = refusal_at_a_lying_provider("another-client").await?;
    ensure!(said.contains("cannot be trusted"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_provider_that_answers_too_late_is_given_up_with_a_sentence() -> anyhow::Result<()> {
    let began = std::time::Instant::now();
    let said = refusal_at_a_lying_provider("late").await?;
    ensure!(said.contains("cannot be reached") || said.contains("in time"), "{said}");
    ensure!(
        began.elapsed() < std::time::Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
    Ok(())
}
