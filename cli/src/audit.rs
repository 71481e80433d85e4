//! Who did what, when and from where.

use baton_locales::t;
use baton_protocol::audit::{ActKind, AuditFilter};
use baton_protocol::message::{Code, GetAudit, MAX_ROWS, Problem};
use clap::Args;
use serde_json::Value;

use crate::connection::{Connection, Result};
use crate::people;

/// Which entries.
#[derive(Args)]
pub(crate) struct AuditArgs {
    /// What the person with this address did, or what was done to them.
    #[arg(long)]
    person: Option<String>,
    /// Only acts of this kind: sign_ins, refused_sign_ins, accounts, rights, ownership, saves, definitions, deletions, jobs
    /// or server.
    #[arg(long)]
    kind: Option<String>,
    /// The newest so many.
    #[arg(long, default_value = "100")]
    count: usize,
}

/// Lists them, newest first.
pub(crate) async fn list(connection: &Connection, which: AuditArgs) -> Result<Vec<Value>> {
    let person = match &which.person {
        Some(address) => Some(people::of_address(connection, address).await?.person.id),
        None => None,
    };
    let kind = match &which.kind {
        Some(word) => {
            let kind = ActKind::parse(word);
            Some(kind.ok_or_else(|| Problem::new(Code::Malformed, t::cli::no_kind_of_act(word)))?)
        }
        None => None,
    };
    let filter = AuditFilter {
        person,
        kind,
        ..AuditFilter::default()
    };
    let (mut entries, mut before) = (Vec::new(), None);
    while entries.len() < which.count {
        let rows = u32::try_from(which.count - entries.len())
            .unwrap_or(MAX_ROWS)
            .min(MAX_ROWS);
        let filter = filter.clone();
        let page = connection.query(GetAudit { filter, before, rows }).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.number);
        entries.extend(page.iter().map(|entry| serde_json::json!(entry)));
    }
    Ok(entries)
}
