//! Records made of the rows of a table.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use baton_protocol::entity::Entity;
use baton_protocol::job::{Import, Job};
use baton_protocol::message::{Code, Problem};
use baton_protocol::values::{CREATED_AT, CREATED_BY, UPDATED_AT, UPDATED_BY};
use clap::Args;

use crate::connection::{Connection, Result};
use crate::{format_of, over};

/// What is imported, and how.
#[derive(Args)]
pub(crate) struct ImportArgs {
    /// The entity's name.
    pub(crate) entity: String,
    /// A table that ends in .csv, .xlsx or .json.
    pub(crate) file: PathBuf,
    /// Which column is which field, as COLUMN=FIELD; the others are taken by their names. COLUMN= leaves one out.
    #[arg(long = "column")]
    pub(crate) columns: Vec<String>,
    /// The sheet of a spreadsheet; else the first that is not hidden.
    #[arg(long)]
    pub(crate) sheet: Option<String>,
    /// The field by which a row finds the record that it changes; rows that find none make one.
    #[arg(long, conflicts_with = "all_or_nothing")]
    pub(crate) key: Option<String>,
    /// Only say what would come of it.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// One bad row keeps all others out.
    #[arg(long)]
    pub(crate) all_or_nothing: bool,
}

/// The columns of an export that no import fills.
const OF_THE_SERVER: [&str; 4] = [CREATED_AT, CREATED_BY, UPDATED_AT, UPDATED_BY];

/// Imports the table; how far it is is said to whoever looks on.
pub(crate) async fn import(connection: &mut Connection, args: ImportArgs) -> Result<()> {
    let entity = connection.entity(&args.entity).await?.entity;
    let format = format_of(&args.file)?;
    let bytes = std::fs::read(&args.file).with_context(|| format!("cannot read {}", args.file.display()))?;
    let upload = connection.bring(&bytes).await?;
    let preview = Job::Inspect {
        upload,
        format,
        sheet: args.sheet.clone(),
    };
    let head = connection.run(preview, |_, _| {}).await?;
    let head = head
        .table
        .ok_or_else(|| Problem::new(Code::Malformed, head.problem.unwrap_or_default()))?;
    let columns = match_columns(&entity, &args.columns, &head.columns)?;
    let import = Import {
        entity: entity.id,
        upload,
        format,
        sheet: args.sheet,
        columns,
        key: args.key,
        all_or_nothing: args.all_or_nothing,
        dry_run: args.dry_run,
    };
    let progress = |done, total| {
        // A person who looks on sees it grow.
        write!(std::io::stderr(), "\r{done} of {total}").ok();
    };
    let outcome = connection.run(Job::Import(import), progress).await?;
    writeln!(std::io::stderr()).ok();
    over(&outcome)
}

/// The field that each column goes into: as it was said, or of the same name or label. One that goes nowhere, and
/// two that go into one field, are refused: nothing is left out in silence.
fn match_columns(entity: &Entity, said: &[String], columns: &[String]) -> Result<Vec<Option<String>>> {
    let fields = entity.form_fields();
    let (mut matched, mut unknown) = (Vec::new(), Vec::new());
    for column in columns {
        let of = said
            .iter()
            .find_map(|pair| pair.split_once('=').filter(|(from, _)| from == column));
        let name = match of {
            Some((_, "")) => None,
            Some((_, to)) => {
                let field = fields.iter().find(|field| field.name == to);
                Some(field.with_context(|| format!("there is no field “{to}”"))?.name.clone())
            }
            // What the server says of every record itself is in an export, and cannot be brought back.
            None if column.is_empty() || OF_THE_SERVER.contains(&column.as_str()) => None,
            None => {
                let same = |text: &str| text.to_lowercase() == column.to_lowercase();
                let field = fields.iter().find(|field| same(&field.name) || same(&field.label));
                if field.is_none() {
                    unknown.push(format!("“{column}”"));
                }
                field.map(|field| field.name.clone())
            }
        };
        if let Some(name) = name.as_ref().filter(|name| matched.contains(&Some((*name).clone()))) {
            let why = format!("two columns go into the field “{name}”; leave one out with --column COLUMN=");
            return Err(anyhow::anyhow!(why).into());
        }
        matched.push(name);
    }
    if !unknown.is_empty() {
        let why = format!(
            "no field is called as these columns are: {}. Say where they go with --column COLUMN=FIELD, or leave them out with --column COLUMN=",
            unknown.join(", ")
        );
        return Err(anyhow::anyhow!(why).into());
    }
    Ok(matched)
}
