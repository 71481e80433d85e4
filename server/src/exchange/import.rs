//! Records out of the rows of a table. Rows are read and checked on a thread of their own, behind all
//! other work; the writer gets a few records at a time, so that nobody's typing waits for them.

mod reader;
mod rollback;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use baton_protocol::definition::FIELDS;
use baton_protocol::deletion::Stamp;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::id::{EntityId, RecordId, UploadId};
use baton_protocol::job::{Fault, Import, JobOutcome, MAX_FAULTS};
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Person;
use baton_protocol::record::{self, Record, TakenSlugs};
use baton_protocol::rights::Right;
use baton_protocol::values::{FieldError, SLUG, STATUS, TITLE, Values};
use tokio::sync::mpsc;
use uuid::Uuid;

use reader::{ReadRow, Reader, Step};
pub(crate) use rollback::rollback_open_imports;
use rollback::{finish, roll_back};

use super::table::{self, Cell, Row, RowVisitor, TableError, too_large};
use tokio::time::Instant;

use crate::app::App;
use crate::batch::BatchSize;
use crate::clean::clean;
use crate::forms::links::dangling;
use crate::jobs::Progress;
use crate::rights::check_fields;
use crate::store::{Indexed, RecordWrite, StoreError, Write};
use crate::uploads;

/// How many records are ready for the writer at most.
const PREFETCH_ROWS: usize = 400;

/// What no two records of the entity may have, as far as it is taken.
#[derive(Default)]
struct Taken {
    slugs: TakenSlugs,
    unique: BTreeMap<String, BTreeSet<String>>,
    /// The records that have a title, as far as they were looked for.
    titles: BTreeMap<(EntityId, String), Vec<RecordId>>,
}

/// Makes records of the rows of a table.
pub(crate) async fn import(app: App, person: Person, file: PathBuf, import: Import, progress: Progress) -> JobOutcome {
    let entity = import.entity;
    let used_up = (!import.dry_run).then(|| file.clone());
    let importer = person.id;
    let mut outcome = run(&app, person, file, import, &progress).await;
    if let (Ok(outcome), Some(projection)) = (&mut outcome, app.projection(&app.accounts.rights(importer), entity)) {
        for fault in &mut outcome.faults {
            if !fault.field.is_empty() && !projection.has(&fault.field) {
                fault.field = String::new();
                fault.message = "A field that you may not see keeps this row out. Ask somebody who may see it.".into();
            }
        }
    }
    let done = outcome
        .as_ref()
        .is_ok_and(|outcome| outcome.records > 0 && outcome.problem.is_none());
    if let Some(file) = used_up.filter(|_| done) {
        uploads::remove(&file).await;
    }
    match outcome {
        Ok(outcome) => outcome,
        Err(problem) => JobOutcome {
            problem: Some(problem.message),
            ..JobOutcome::default()
        },
    }
}

async fn run(
    app: &App,
    person: Person,
    file: PathBuf,
    import: Import,
    progress: &Progress,
) -> Result<JobOutcome, Problem> {
    let rights = app.accounts.rights(person.id);
    let rows = Rows {
        columns: columns(&app.entity(&rights, import.entity).await?, &import.columns),
        entity: app.whole_entity(&rights, import.entity).await?,
        person,
        all_or_nothing: import.all_or_nothing,
    };
    if import.dry_run || import.all_or_nothing {
        let tried = rows.try_all(app, &file, &import, progress).await?;
        if import.dry_run || tried.left_out > 0 || tried.cancelled {
            let records = if import.dry_run { tried.records } else { 0 };
            return Ok(JobOutcome { records, ..tried });
        }
        progress.restart();
    }
    rows.make_all(app, &file, &import, progress).await
}

/// The field that each column of the table fills.
fn columns(entity: &Entity, wanted: &[Option<String>]) -> Vec<Option<Field>> {
    wanted
        .iter()
        .map(|name| {
            name.as_deref()
                .filter(|name| *name != FIELDS)
                .and_then(|name| entity.form_field(name))
        })
        .collect()
}

struct Rows {
    entity: Entity,
    person: Person,
    columns: Vec<Option<Field>>,
    all_or_nothing: bool,
}

impl Rows {
    async fn taken(&self, app: &App) -> Result<Taken, Problem> {
        let mut taken = Taken::default();
        let unique: Vec<&Field> = self.entity.fields.iter().filter(|field| field.unique).collect();
        let mut num = 0;
        loop {
            let records = app.store.records_after(self.entity.id, num, 1000).await?;
            let Some(last) = records.last() else {
                return Ok(taken);
            };
            num = last.num;
            for record in &records {
                taken.slugs.insert(record.values.get(SLUG).map_or("", Value::text));
                for field in &unique {
                    let key = record.values.get(&field.name).and_then(|value| field.unique_key(value));
                    if let Some(key) = key {
                        taken.unique.entry(field.name.clone()).or_default().insert(key);
                    }
                }
            }
        }
    }

    /// Looks at every row and makes nothing.
    async fn try_all(
        &self,
        app: &App,
        file: &Path,
        import: &Import,
        progress: &Progress,
    ) -> Result<JobOutcome, Problem> {
        let mut taken = self.taken(app).await?;
        let mut outcome = JobOutcome::default();
        let mut ready = self.read(file, import, progress);
        while let Some(step) = ready.recv().await {
            match step {
                Step::Row(mut row) => {
                    note(&mut outcome, std::mem::take(&mut row.notes));
                    match self.fate(app, row, &mut taken).await? {
                        Ok(_) => outcome.records += 1,
                        Err(faults) => leave_out(&mut outcome, faults),
                    }
                }
                Step::Note(text) => note(&mut outcome, vec![of_table(text)]),
                Step::Broken(why) => outcome.problem = Some(why),
                Step::Cancelled => outcome.cancelled = true,
            }
            progress.add(1);
            // Whoever types goes first.
            tokio::task::yield_now().await;
        }
        Ok(outcome)
    }

    async fn make_all(
        &self,
        app: &App,
        file: &Path,
        import: &Import,
        progress: &Progress,
    ) -> Result<JobOutcome, Problem> {
        let mut taken = self.taken(app).await?;
        let mut outcome = JobOutcome::default();
        // Until it is over, a server that stops in its middle unmakes it.
        let unfinished = self.all_or_nothing.then(|| UploadId(Uuid::new_v4()));
        let mut ready = self.read(file, import, progress);
        let (mut batch, mut size) = (Vec::new(), BatchSize::new(20, 5));
        let mut more = true;
        while more {
            match ready.recv().await {
                Some(Step::Row(mut row)) => {
                    let notes = std::mem::take(&mut row.notes);
                    match self.fate(app, row, &mut taken).await {
                        Ok(Ok(values)) => {
                            note(&mut outcome, notes);
                            batch.push(self.write(app, values));
                        }
                        Ok(Err(faults)) => {
                            leave_out(&mut outcome, faults);
                            progress.add(1);
                        }
                        Err(problem) => {
                            outcome.problem = Some(problem.message);
                            break;
                        }
                    }
                }
                Some(Step::Note(text)) => note(&mut outcome, vec![of_table(text)]),
                Some(Step::Broken(why)) => outcome.problem = Some(why),
                Some(Step::Cancelled) => outcome.cancelled = true,
                None => more = false,
            }
            if batch.is_empty() || (more && batch.len() < size.get() as usize) {
                continue;
            }
            // What its owner may do, and what the collection is, may have changed since.
            if let Err(problem) = self.may_go_on(app).await {
                outcome.problem = Some(problem.message);
                break;
            }
            let records = std::mem::take(&mut batch);
            let count = records.len();
            let began = Instant::now();
            let write = Write::Records {
                records,
                import: unfinished,
            };
            match app.store.write(write).await {
                Ok(()) => outcome.records += count as u64,
                Err(error) => {
                    outcome.problem = Some(describe(error));
                    outcome.left_out += count as u64;
                }
            }
            progress.add(count as u64);
            size.adjust(began.elapsed());
            // After the last record it comes too late, unless all of it can be taken back.
            outcome.cancelled |= progress.cancelled() && self.all_or_nothing;
            if outcome.problem.is_some() || outcome.cancelled {
                break;
            }
        }
        if let Some(import) = unfinished {
            let ended = if outcome.problem.is_some() || outcome.cancelled {
                outcome.left_out += std::mem::take(&mut outcome.records);
                roll_back(app, self.entity.id, import).await
            } else {
                finish(app, import).await
            };
            ended?;
        }
        Ok(outcome)
    }

    /// Whether its owner may still make records of this collection.
    async fn may_go_on(&self, app: &App) -> Result<(), Problem> {
        app.accounts
            .ensure_still_allowed(self.person.id, Right::Edit(self.entity.id))?;
        let rights = app.accounts.rights(self.person.id);
        let now = app.whole_entity(&rights, self.entity.id).await?;
        let names = self.columns.iter().flatten().map(|field| field.name.as_str());
        check_fields(rights.permission(now.id), &now, names)?;
        if now.version == self.entity.version {
            return Ok(());
        }
        let why = "The definition of this collection changed meanwhile. Import the rest with it as it is now.";
        Err(Problem::new(Code::StaleVersion, why))
    }

    /// Reads the rows on a thread of their own.
    fn read(&self, file: &Path, import: &Import, progress: &Progress) -> mpsc::Receiver<Step> {
        let (sender, ready) = mpsc::channel(PREFETCH_ROWS);
        let (file, format, progress) = (file.to_owned(), import.format, progress.clone());
        let sheet = import.sheet.clone();
        let columns = self.columns.clone();
        tokio::task::spawn_blocking(move || {
            // How many rows there are is known only when all were seen.
            match table::head(&file, format, sheet.as_deref()) {
                Ok(head) => progress.expect(head.total),
                Err(error) => return drop(sender.blocking_send(Step::Broken(error.to_string()))),
            }
            let mut reader = Reader {
                columns,
                sender: sender.clone(),
                progress,
            };
            if let Err(error) = table::read(&file, format, sheet.as_deref(), &mut reader) {
                sender.blocking_send(Step::Broken(error.to_string())).ok();
            }
        });
        ready
    }

    /// What comes of the row: a record's values, or why it cannot be one.
    async fn fate(
        &self,
        app: &App,
        mut row: ReadRow,
        taken: &mut Taken,
    ) -> Result<Result<Values, Vec<Fault>>, Problem> {
        self.link_by_title(app, &mut row, taken).await?;
        let dangling = dangling(&*app.store, &self.entity, &Values::new(), &row.values).await?;
        Ok(self.checked(row, dangling, taken))
    }

    /// A link may name a record by its title, where just one has it.
    async fn link_by_title(&self, app: &App, row: &mut ReadRow, taken: &mut Taken) -> Result<(), Problem> {
        let links = self.columns.iter().flatten();
        for field in links.filter(|field| field.field_type == FieldType::Relation) {
            let (Some(target), Some(value)) = (field.target, row.values.get(&field.name)) else {
                continue;
            };
            let mut items = value.items().to_vec();
            for item in &mut items {
                if Uuid::try_parse(item).is_ok() {
                    continue;
                }
                let key = (target, item.clone());
                let found = match taken.titles.get(&key) {
                    Some(found) => found.clone(),
                    None => {
                        // What they may not see is not found.
                        let rights = app.accounts.rights(self.person.id);
                        let target_of = app.bus.definitions().get(target);
                        let found = if target_of.is_some_and(|target| rights.sees(&target)) {
                            app.store.with_title(target, item, 2).await?
                        } else {
                            Vec::new()
                        };
                        // A later row may find what an earlier one made.
                        if !found.is_empty() {
                            taken.titles.insert(key, found.clone());
                        }
                        found
                    }
                };
                match found.as_slice() {
                    [one] => *item = one.to_string(),
                    [] => row.faults.push(self.fault(
                        row.number,
                        field,
                        &format!("names “{item:.80}”, and no record has this title."),
                    )),
                    _ => row.faults.push(self.fault(
                        row.number,
                        field,
                        &format!("names “{item:.80}”, and several records have this title. Give the id."),
                    )),
                }
            }
            row.values.insert(field.name.clone(), Value::from_items(items));
        }
        Ok(())
    }

    fn fault(&self, row: u64, field: &Field, message: &str) -> Fault {
        Fault {
            row,
            title: String::new(),
            field: field.name.clone(),
            message: format!("{} {message}", field.label),
        }
    }

    fn checked(&self, row: ReadRow, dangling: Vec<FieldError>, taken: &mut Taken) -> Result<Values, Vec<Fault>> {
        let ReadRow {
            number,
            mut values,
            faults,
            notes: _,
        } = row;
        if !faults.is_empty() {
            return Err(faults);
        }
        let title = values.get(TITLE).map_or("", Value::text).to_owned();
        let fault = |field: &str, message: String| Fault {
            row: number,
            title: title.clone(),
            field: field.to_owned(),
            message,
        };
        let mut errors = record::check(&self.entity, &values).err().unwrap_or_default();
        errors.extend(dangling);
        if !errors.is_empty() {
            return Err(errors
                .into_iter()
                .map(|error| fault(&error.field, error.message))
                .collect());
        }
        let unique: Vec<(&Field, String)> = self
            .entity
            .fields
            .iter()
            .filter(|field| field.unique)
            .filter_map(|field| Some((field, field.unique_key(values.get(&field.name)?)?)))
            .collect();
        let twice = unique.iter().find(|(field, key)| {
            let of_field = taken.unique.get(&field.name);
            of_field.is_some_and(|keys| keys.contains(key))
        });
        if let Some((field, _)) = twice {
            return Err(vec![fault(
                &field.name,
                format!("Another record has the same {}.", field.label),
            )]);
        }
        let slug = values.get(SLUG).map_or("", Value::text);
        let slug = if slug.is_empty() {
            taken.slugs.free(&record::slug_of(&title))
        } else if taken.slugs.contains(slug) {
            return Err(vec![fault(SLUG, format!("Another record has the slug “{slug}”."))]);
        } else {
            slug.to_owned()
        };
        for (field, key) in unique {
            taken.unique.entry(field.name.clone()).or_default().insert(key);
        }
        taken.slugs.insert(&slug);
        values.insert(SLUG.into(), Value::from_text(slug));
        Ok(values)
    }

    fn write(&self, app: &App, values: Values) -> RecordWrite {
        let stamp = Stamp {
            by: self.person.clone(),
            at: app.clock.now(),
        };
        let record = Record::new(RecordId(Uuid::now_v7()), self.entity.id, values, stamp);
        RecordWrite {
            record: Indexed::new(&self.entity, record),
            // Before an import there was nothing; that it came from one is said by its size.
            history: Vec::new(),
        }
    }
}

fn describe(error: StoreError) -> String {
    match error {
        StoreError::SlugTaken => "Somebody made a record with the same slug meanwhile. Try again.".into(),
        StoreError::ValueTaken(field) => format!("Somebody saved the same {field} meanwhile. Try again."),
        StoreError::NameTaken
        | StoreError::Converting
        | StoreError::EmailTaken
        | StoreError::RightsChanged
        | StoreError::LastAdmin
        | StoreError::Missing
        | StoreError::Begun
        | StoreError::Closed
        | StoreError::Database(_)
        | StoreError::Corrupt(_)
        | StoreError::Transaction(_) => Problem::from(error).message,
    }
}

fn leave_out(outcome: &mut JobOutcome, faults: Vec<Fault>) {
    outcome.left_out += 1;
    let room = MAX_FAULTS.saturating_sub(outcome.faults.len());
    outcome.faults.extend(faults.into_iter().take(room));
}

fn note(outcome: &mut JobOutcome, notes: Vec<Fault>) {
    let room = MAX_FAULTS.saturating_sub(outcome.notes.len());
    outcome.notes.extend(notes.into_iter().take(room));
}

/// A note about the whole table.
fn of_table(message: String) -> Fault {
    Fault {
        row: 0,
        title: String::new(),
        field: String::new(),
        message,
    }
}
