//! What is done with records and lists many times a day: at the usual size, at 800 pixels, half as large again, in German.

use std::path::Path;
use std::sync::Arc;

use anyhow::ensure;
use baton_protocol::form::Role;
use baton_tests::{Desktop, World, keys};

use crate::counted::{Counted, Person, counted};

/// The names of the tasks, in the order of [`everyday`].
type Names = [&'static str; 11];

const USUAL: Names = [
    " 2  find a record by any part of its name",
    " 3  change its price and save",
    " 9  a new record without what it needs: get there",
    "11  filter, sort, save as a view",
    "11  open the view again",
    "12  set two fields of 20 rows",
    "13  undo that",
    "14  export what is shown",
    "14  open its folder",
    "24  duplicate a record",
    "26  undo, and redo, typing over two fields (each)",
];
const NARROW: Names = [
    "28  2 at 800 pixels",
    "28  3 at 800 pixels",
    "28  9 at 800 pixels",
    "28  11 at 800 pixels",
    "28  11 at 800 pixels, open it again",
    "28  12 at 800 pixels",
    "28  13 at 800 pixels",
    "28  14 at 800 pixels",
    "28  14 at 800 pixels, its folder",
    "28  24 at 800 pixels",
    "28  26 at 800 pixels",
];
const LARGE: Names = [
    "29  2 at 150 %",
    "29  3 at 150 %",
    "29  9 at 150 %",
    "29  11 at 150 %",
    "29  11 at 150 %, open it again",
    "29  12 at 150 %",
    "29  13 at 150 %",
    "29  14 at 150 %",
    "29  14 at 150 %, its folder",
    "29  24 at 150 %",
    "29  26 at 150 %",
];
const GERMAN: Names = [
    "30  2 in German",
    "30  3 in German",
    "30  9 in German",
    "30  11 in German",
    "30  11 in German, open it again",
    "30  12 in German",
    "30  13 in German",
    "30  14 in German",
    "30  14 in German, its folder",
    "30  24 in German",
    "30  26 in German",
];

pub(crate) async fn tasks() -> anyhow::Result<Vec<Counted>> {
    let mut all = Vec::new();
    all.extend(everyday(USUAL, async |_, anna| Person::at(anna)).await?);
    let narrow = async |_: &World, anna: Arc<Desktop>| {
        anna.resize(800, 600).await?;
        Person::at(anna)
    };
    all.extend(everyday(NARROW, narrow).await?);
    let large = async |_: &World, anna: Arc<Desktop>| {
        let person = Person::at(anna)?;
        let wide = person.width().await?;
        for _ in 0..8 {
            if person.width().await? * 3 <= wide * 2 + 8 {
                break;
            }
            person.hands().press(&[keys::CONTROL], u32::from('+'))?;
            person.still().await?;
        }
        let now = person.width().await?;
        ensure!(now < wide, "the page is as large as before");
        Ok(person.at_scale(wide as f64 / now as f64))
    };
    all.extend(everyday(LARGE, large).await?);
    all.extend(everyday(GERMAN, async |_, anna| Person::at(anna)).await?);
    Ok(all)
}

/// All of them, by somebody whose window is as this makes it.
async fn everyday(
    names: Names,
    set_up: impl AsyncFn(&World, Arc<Desktop>) -> anyhow::Result<Person>,
) -> anyhow::Result<Vec<Counted>> {
    counted("tasks_everyday", async |world| all(world, names, &set_up).await).await
}

async fn all(
    world: &World,
    names: Names,
    set_up: impl AsyncFn(&World, Arc<Desktop>) -> anyhow::Result<Person>,
) -> anyhow::Result<Vec<Counted>> {
    const LIMITS: [u32; 11] = [5, 2, 2, 6, 1, 5, 1, 2, 1, 2, 1];
    if names == GERMAN {
        world.speak("de_DE.UTF-8");
    }
    world.open_no_links()?;
    let anna = world.desktop("anna").await?;
    // What is looked for.
    anna.new_record("Products").await?;
    anna.type_into("title", "Zebra crossing").await?;
    anna.save().await?;
    anna.expect_save_status("saved").await?;
    anna.leave_form().await?;
    if names == GERMAN {
        arabic(&anna).await?;
    }
    let anna = set_up(world, anna).await?;
    let took = [
        find(&anna).await?,
        change(&anna).await?,
        missing(&anna).await?,
        filter_sort_save(&anna).await?,
        open_view(&anna).await?,
        set_two_fields(&anna).await?,
        undo_bulk(&anna).await?,
        export(&anna).await?,
        open_folder(&anna).await?,
        duplicate(&anna).await?,
        undo_typing(&anna).await?,
    ];
    let counted = names.into_iter().zip(took).zip(LIMITS);
    Ok(counted
        .map(|((task, took), limit)| Counted::new(task, took, limit))
        .collect())
}

/// An Arabic value is read from right to left, whatever the language of the program.
async fn arabic(anna: &Desktop) -> anyhow::Result<()> {
    anna.new_record("Products").await?;
    anna.type_into("title", "مصباح المكتب").await?;
    let direction = anna.direction("[data-field=title]").await?;
    ensure!(direction == "rtl", "it is read {direction}");
    anna.press("#discard").await?;
    Ok(())
}

/// Which link at the side leads to the collection, and what it is called.
type List = (usize, &'static str);

const PRODUCTS: List = (1, "Products");
const STAFF: List = (2, "Staff");

async fn open_list(anna: &Person, (link, name): List) -> anyhow::Result<()> {
    anna.click(&format!(".baton-side > div:nth-of-type({link}) > a"))
        .await?;
    anna.expect_page(name).await?;
    anna.expect_there("[data-found]").await
}

async fn find(anna: &Person) -> anyhow::Result<u32> {
    anna.took();
    anna.control('k')?;
    anna.expect_there("#palette:focus").await?;
    anna.letters("bra")?;
    anna.key(keys::ENTER)?;
    anna.expect_value("title", "Zebra crossing").await?;
    anna.expect_role(Role::Owner).await?;
    Ok(anna.took())
}

async fn change(anna: &Person) -> anyhow::Result<u32> {
    anna.took();
    anna.click("[data-field=price]").await?;
    anna.enter("42")?;
    anna.control('s')?;
    anna.expect_save_status("saved").await?;
    let took = anna.took();
    let price = anna.value("price").await?;
    ensure!(price.starts_with("42"), "the price is {price}");
    Ok(took)
}

async fn missing(anna: &Person) -> anyhow::Result<u32> {
    open_list(anna, PRODUCTS).await?;
    anna.took();
    anna.click("#new-record").await?;
    anna.expect_role(Role::Owner).await?;
    anna.control('s')?;
    anna.expect_there("[data-row=title] :focus").await?;
    anna.expect_there("[data-row=title] [aria-invalid=true]").await?;
    Ok(anna.took())
}

async fn filter_sort_save(anna: &Person) -> anyhow::Result<u32> {
    open_list(anna, PRODUCTS).await?;
    let all = anna.total().await?;
    anna.took();
    anna.click("#filters").await?;
    anna.expect_there("#filter-field:focus").await?;
    // The first letter names the field, and leads on to the value.
    anna.enter("C")?;
    anna.expect_there("#filter-value:focus").await?;
    anna.enter("Audio")?;
    // A choice that is named by its keys; the form is sent from there.
    anna.next_value()?;
    anna.key(keys::ENTER)?;
    anna.expect_there("[data-filter=category]").await?;
    anna.key(keys::ESCAPE)?;
    anna.click("[data-sort=price]").await?;
    anna.expect_there("th[aria-sort] [data-sort=price]").await?;
    anna.click("#views").await?;
    anna.expect_there("#view-name:focus").await?;
    anna.enter("Audio by price")?;
    anna.key(keys::ENTER)?;
    anna.expect_there("[data-side-view='Audio by price']").await?;
    let took = anna.took();
    ensure!(anna.total().await? < all, "nothing was filtered");
    Ok(took)
}

async fn open_view(anna: &Person) -> anyhow::Result<u32> {
    open_list(anna, STAFF).await?;
    open_list(anna, PRODUCTS).await?;
    anna.expect_gone("[data-filter=category]").await?;
    anna.took();
    anna.click("[data-side-view='Audio by price']").await?;
    anna.expect_there("[data-filter=category]").await?;
    Ok(anna.took())
}

async fn set_two_fields(anna: &Person) -> anyhow::Result<u32> {
    open_list(anna, STAFF).await?;
    open_list(anna, PRODUCTS).await?;
    let titles = anna.rows(20).await?;
    let tick = |title: &str| format!("tr[data-record='{title}'] input[type=checkbox]");
    anna.took();
    anna.click(&tick(&titles[0])).await?;
    anna.click_holding(keys::SHIFT, &tick(&titles[19])).await?;
    anna.expect_text("#selected", "20").await?;
    anna.click("#bulk-set").await?;
    anna.expect_there("#bulk-field:focus").await?;
    anna.enter("Cate")?;
    anna.next_value()?;
    anna.enter("Audio")?;
    anna.click("#bulk-more").await?;
    anna.expect_there("#bulk-field-2:focus").await?;
    anna.enter("Price")?;
    anna.next_value()?;
    anna.enter("7")?;
    anna.key(keys::ENTER)?;
    anna.expect_text("#bulk-result", "20").await?;
    let took = anna.took();
    anna.search(&titles[3]).await?;
    anna.expect_cell(&titles[3], "category", "Audio").await?;
    Ok(took)
}

async fn undo_bulk(anna: &Person) -> anyhow::Result<u32> {
    anna.took();
    anna.click("#bulk-undo").await?;
    anna.expect_gone("#bulk-undo").await?;
    Ok(anna.took())
}

async fn export(anna: &Person) -> anyhow::Result<u32> {
    anna.took();
    anna.click("#export").await?;
    anna.click("#export-begin").await?;
    anna.expect_there("#exported").await?;
    Ok(anna.took())
}

async fn open_folder(anna: &Person) -> anyhow::Result<u32> {
    let path = anna.text("#exported").await?;
    ensure!(
        path.split_whitespace().any(|word| Path::new(word).is_file()),
        "{path} is no file"
    );
    anna.took();
    anna.click("[data-toast=export] .baton-inline-link").await?;
    Ok(anna.took())
}

async fn duplicate(anna: &Person) -> anyhow::Result<u32> {
    find(anna).await?;
    anna.took();
    anna.click("#duplicate").await?;
    anna.expect_in_value("title", "Zebra crossing (").await?;
    anna.control('s')?;
    anna.expect_save_status("saved").await?;
    Ok(anna.took())
}

/// The most that any of the four keys took.
async fn undo_typing(anna: &Person) -> anyhow::Result<u32> {
    anna.fill("title", "First").await?;
    anna.fill("price", "1").await?;
    let (title, price) = ("title", "price");
    anna.took();
    let mut most = 0;
    let price_before = anna.value(price).await?;
    anna.control('z')?;
    anna.expect_other_value(price, &price_before).await?;
    most = most.max(anna.took());
    anna.control('z')?;
    anna.expect_other_value(title, "First").await?;
    most = most.max(anna.took());
    anna.control('y')?;
    anna.expect_value(title, "First").await?;
    most = most.max(anna.took());
    anna.control('y')?;
    anna.expect_value(price, &price_before).await?;
    Ok(most.max(anna.took()))
}
