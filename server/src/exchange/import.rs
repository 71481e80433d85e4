//! Records out of the rows of a table. Rows are read and checked on a thread of their own, behind all
//! other work; the writer gets a few records at a time, so that nobody's typing waits for them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use baton_protocol::definition::FIELDS;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::id::{RecordId, UploadId};
use baton_protocol::job::{Fault, Import, JobOutcome, MAX_FAULTS};
use baton_protocol::message::Problem;
use baton_protocol::person::Person;
use baton_protocol::record::{self, FieldError, Record, SLUG, STATUS, Stamp, TITLE, Values};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::table::{self, RowVisitor, TableError, too_large};
use crate::app::App;
use crate::clean::clean;
use crate::forms::failed;
use crate::forms::links::dangling;
use crate::jobs::Progress;
use crate::store::{Indexed, RecordWrite, StoreError, Write};

/// How long one transaction of an import may take: whoever types meanwhile waits no longer.
const TURN: Duration = Duration::from_millis(8);
/// The most records of one transaction.
const MOST: usize = 200;
/// How many records are ready for the writer at most.
const AHEAD: usize = 400;

/// What no two records of the entity may have, as far as it is taken.
#[derive(Default)]
struct Taken {
    slugs: HashSet<String>,
    /// The last number that was put behind a slug.
    numbers: HashMap<String, u64>,
    unique: HashMap<String, HashSet<String>>,
}

/// Unmakes what an import that was all or nothing had made when the server stopped in its middle.
pub(crate) async fn unmake_unfinished(app: &App) -> Result<(), StoreError> {
    for (entity, import) in app.store.unfinished().await? {
        let at = app.clock.now();
        app.store.write(Write::Unmake { entity, import, at }).await?;
    }
    Ok(())
}

/// Makes records of the rows of a table.
pub(crate) async fn import(app: App, person: Person, file: PathBuf, import: Import, progress: Progress) -> JobOutcome {
    match run(&app, person, file, import, &progress).await {
        Ok(outcome) => JobOutcome {
            cancelled: progress.cancelled(),
            ..outcome
        },
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
    let entity = app.entity(import.entity).await?;
    let rows = Rows {
        columns: columns(&entity, &import.columns),
        entity,
        person,
        all_or_nothing: import.all_or_nothing,
    };
    if import.dry_run || import.all_or_nothing {
        let tried = rows.try_all(app, &file, &import, progress).await?;
        if import.dry_run || tried.left_out > 0 || progress.cancelled() {
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
            let records = app.store.records_after(self.entity.id, num, 1000).await;
            let records = records.map_err(|error| failed(&error))?;
            let Some(last) = records.last() else {
                return Ok(taken);
            };
            num = last.num;
            for record in &records {
                taken
                    .slugs
                    .insert(record.values.get(SLUG).map_or("", Value::text).to_owned());
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
                Step::Row(row) => match self.fate(app, row, &mut taken).await? {
                    Ok(_) => outcome.records += 1,
                    Err(faults) => leave_out(&mut outcome, faults),
                },
                Step::Broken(why) => outcome.problem = Some(why),
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
        let (mut batch, mut size) = (Vec::new(), 20);
        let mut more = true;
        while more {
            match ready.recv().await {
                Some(Step::Row(row)) => match self.fate(app, row, &mut taken).await {
                    Ok(Ok(values)) => batch.push(self.write(app, values)),
                    Ok(Err(faults)) => {
                        leave_out(&mut outcome, faults);
                        progress.add(1);
                    }
                    Err(problem) => {
                        outcome.problem = Some(problem.message);
                        break;
                    }
                },
                Some(Step::Broken(why)) => outcome.problem = Some(why),
                None => more = false,
            }
            if batch.is_empty() || (more && batch.len() < size) {
                continue;
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
                    outcome.problem = Some(told(&error));
                    outcome.left_out += count as u64;
                }
            }
            progress.add(count as u64);
            size = next_size(size, began.elapsed());
            if outcome.problem.is_some() || progress.cancelled() {
                break;
            }
        }
        if let Some(import) = unfinished {
            let gives_up = outcome.problem.is_some() || progress.cancelled();
            let last = if gives_up {
                outcome.left_out += std::mem::take(&mut outcome.records);
                Write::Unmake {
                    entity: self.entity.id,
                    import,
                    at: app.clock.now(),
                }
            } else {
                Write::Finished(import)
            };
            app.store.write(last).await.map_err(|error| failed(&error))?;
        }
        Ok(outcome)
    }

    /// Reads the rows on a thread of their own.
    fn read(&self, file: &Path, import: &Import, progress: &Progress) -> mpsc::Receiver<Step> {
        let (sender, ready) = mpsc::channel(AHEAD);
        let (file, format, progress) = (file.to_owned(), import.format, progress.clone());
        let columns = self.columns.clone();
        tokio::task::spawn_blocking(move || {
            // How many rows there are is known only when all were seen.
            match table::head(&file, format) {
                Ok(head) => progress.expect(head.total),
                Err(error) => return drop(sender.blocking_send(Step::Broken(error.to_string()))),
            }
            let mut reader = Reader {
                columns,
                sender: sender.clone(),
                progress,
            };
            if let Err(error) = table::read(&file, format, &mut reader) {
                sender.blocking_send(Step::Broken(error.to_string())).ok();
            }
        });
        ready
    }

    /// What comes of the row: a record's values, or why it cannot be one.
    async fn fate(&self, app: &App, row: ReadRow, taken: &mut Taken) -> Result<Result<Values, Vec<Fault>>, Problem> {
        let dangling = dangling(&*app.store, &self.entity, &Values::new(), &row.values).await;
        let dangling = dangling.map_err(|error| failed(&error))?;
        Ok(self.checked(row, dangling, taken))
    }

    fn checked(&self, row: ReadRow, dangling: Vec<FieldError>, taken: &mut Taken) -> Result<Values, Vec<Fault>> {
        let ReadRow {
            number,
            mut values,
            faults,
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
            taken.free_slug(&record::slug_of(&title))
        } else if taken.slugs.contains(slug) {
            return Err(vec![fault(SLUG, format!("Another record has the slug “{slug}”."))]);
        } else {
            slug.to_owned()
        };
        for (field, key) in unique {
            taken.unique.entry(field.name.clone()).or_default().insert(key);
        }
        taken.slugs.insert(slug.clone());
        values.insert(SLUG.into(), Value::of_text(slug));
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

impl Taken {
    fn free_slug(&mut self, slug: &str) -> String {
        if !self.slugs.contains(slug) {
            return slug.to_owned();
        }
        let number = self.numbers.entry(slug.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{slug}-{number}");
            if !self.slugs.contains(&numbered) {
                return numbered;
            }
        }
    }
}

/// More records a transaction while it is quick, fewer when it is not.
fn next_size(size: usize, took: Duration) -> usize {
    let next = if took > TURN * 2 {
        size / 2
    } else if took > TURN {
        size - size / 8
    } else {
        size + size / 8 + 1
    };
    next.clamp(5, MOST)
}

fn told(error: &StoreError) -> String {
    match error {
        StoreError::SlugTaken => "Somebody made a record with the same slug meanwhile. Try again.".into(),
        StoreError::ValueTaken(field) => format!("Somebody saved the same {field} meanwhile. Try again."),
        StoreError::NameTaken
        | StoreError::Converting
        | StoreError::EmailTaken
        | StoreError::Closed
        | StoreError::Database(_)
        | StoreError::Corrupt(_)
        | StoreError::Transaction(_) => failed(error).message,
    }
}

fn leave_out(outcome: &mut JobOutcome, faults: Vec<Fault>) {
    outcome.left_out += 1;
    let room = MAX_FAULTS.saturating_sub(outcome.faults.len());
    outcome.faults.extend(faults.into_iter().take(room));
}

/// What the reading thread has for the others.
enum Step {
    Row(ReadRow),
    /// The table cannot be read from here on.
    Broken(String),
}

/// A row as the fields have it.
struct ReadRow {
    number: u64,
    values: Values,
    faults: Vec<Fault>,
}

struct Reader {
    columns: Vec<Option<Field>>,
    sender: mpsc::Sender<Step>,
    progress: Progress,
}

impl RowVisitor for Reader {
    fn row(&mut self, number: u64, cells: Vec<String>) -> Result<(), TableError> {
        if self.progress.cancelled() {
            return Err(TableError::Enough);
        }
        let mut row = ReadRow {
            number,
            values: Values::from([(STATUS.into(), Value::of_text(record::DRAFT))]),
            faults: Vec::new(),
        };
        for (cell, field) in cells.iter().zip(&self.columns) {
            let Some(field) = field.as_ref().filter(|_| !cell.is_empty()) else {
                continue;
            };
            if too_large(cell) {
                row.faults.push(Fault {
                    row: number,
                    title: String::new(),
                    field: field.name.clone(),
                    message: format!("{} is too long: {} bytes.", field.label, cell.len()),
                });
                continue;
            }
            let value = if field.field_type == FieldType::RichText {
                Value::of_text(clean(cell))
            } else {
                field.parse(cell)
            };
            row.values.insert(field.name.clone(), value);
        }
        // Nobody waits for rows any more: the import has ended.
        self.sender
            .blocking_send(Step::Row(row))
            .map_err(|_| TableError::Enough)
    }
}
