//! A filter as it is written on the command line: `price>=10`, or `price>=10||stock=0`.

use anyhow::Context as _;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Operator, Property, Value};
use baton_protocol::list_query::{self, Filter};

use crate::connection::Result;

/// Parses it with its alternatives; an option is meant by its label.
pub(crate) fn parse(entity: &Entity, text: &str) -> Result<Filter> {
    let mut alternatives = text.split("||").map(|text| parse_one(entity, text.trim()));
    let first = alternatives
        .next()
        .with_context(|| format!("“{text}” compares nothing"))??;
    let or = alternatives.collect::<Result<_>>()?;
    Ok(Filter { or, ..first })
}

fn parse_one(entity: &Entity, text: &str) -> Result<Filter> {
    const OPERATORS: [(&str, Operator); 5] = [
        ("!=", Operator::IsNot),
        (">=", Operator::AtLeast),
        ("<=", Operator::AtMost),
        ("=", Operator::Is),
        ("~", Operator::Contains),
    ];
    // The one that comes first in the text; of two at one place, the longer.
    let found = OPERATORS
        .iter()
        .filter_map(|(sign, operator)| Some((text.find(sign)?, *sign, *operator)))
        .min_by_key(|(at, sign, _)| (*at, std::cmp::Reverse(sign.len())));
    let (at, sign, operator) = found.with_context(|| format!("“{text}” compares nothing"))?;
    let value = &text[at + sign.len()..];
    let name = &text[..at];
    let choice = list_query::column(entity, name).filter(|field| field.field_type.has(Property::Options));
    let value = match (value, choice) {
        (text, Some(choice)) => choice.parse(text),
        ("yes" | "true", None) => Value::Bool(true),
        ("no" | "false", None) => Value::Bool(false),
        (text, None) => Value::from_text(text),
    };
    Ok(Filter::new(name, operator, value))
}
