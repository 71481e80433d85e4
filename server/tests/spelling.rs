//! What may have been meant by a search that finds nothing (semantics 7.2 says what of it somebody sees: `rights`).

use crate::support::requests::searched;
use crate::support::{Server, new_record, set};
use baton_protocol::field::{Operator, Value};
use baton_protocol::list_query::Filter;
use baton_protocol::message::ToServer;

#[tokio::test]
async fn a_search_that_finds_nothing_is_corrected_to_what_its_reader_finds() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    for (title, sku) in [("Quince Zanzibar", "K7"), ("Harbour Lamp", "K8")] {
        let view = anna.open(new_record(), Some(entity)).await;
        let changes = vec![set("title", title), set("sku", sku), set("price", "3")];
        anna.edit(&view, changes).await.expect("accepted");
        anna.save(&view).await.expect("saved");
        anna.ask(ToServer::Leave { form: view.form }).await.expect("left");
    }
    for (typed, meant) in [
        ("Zanzbiar", Some("zanzibar")),
        ("quince Zanzbar", Some("quince zanzibar")),
        ("quinec Zanzbar", Some("quince zanzibar")),
        ("harborr", Some("harbour")),
        // Not at its end yet.
        ("hrab", Some("harbour")),
        // Too short, a number, nothing near, nothing that has both, and what is found as it is.
        ("lmp", None),
        ("K77", None),
        ("mountain", None),
        ("zanzbiar lamp", None),
        ("one two three four harbuor", None),
        ("Harbour", None),
        ("", None),
    ] {
        let found = anna.correction(entity, searched(typed)).await;
        assert_eq!(found.as_deref(), meant, "{typed}");
    }
    // Of what the filters leave.
    let filter = Filter::new("sku", Operator::Is, Value::from_text("K8"));
    let mut query = searched("Zanzbiar");
    query.filters.push(filter);
    assert_eq!(anna.correction(entity, query.clone()).await, None);
    query.search = "harbuor".into();
    assert_eq!(anna.correction(entity, query).await.as_deref(), Some("harbour"));
}
