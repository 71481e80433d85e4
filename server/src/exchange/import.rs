//! Records out of the rows of a table, and changes of records that the rows name by a key. Rows are read and checked on a
//! thread of their own, behind all other work; the writer gets a few records at a time, so that nobody's typing waits for them.

mod ended;
mod failed;
mod making;
mod matching;
mod reader;
mod rollback;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use baton_locales::{Text, say};
use baton_protocol::definition::FIELDS;
use baton_protocol::deletion::Stamp;
use baton_protocol::draft::Change;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::id::{EntityId, JobId, RecordId, UploadId, Version};
use baton_protocol::job::{Fault, Import, JobOutcome, MAX_FAULTS};
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Person;
use baton_protocol::projection::Projection;
use baton_protocol::record::{self, Record, TakenSlugs};
use baton_protocol::rights::Right;
use baton_protocol::values::{DRAFT, FieldError, SLUG, STATUS, TITLE, Values};
use tokio::sync::mpsc;
use uuid::Uuid;

use failed::FailedRows;
use matching::{Keys, RowChange};
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

/// What comes of a row.
enum RowEffect {
    /// It makes a record of these values.
    Make(Values),
    /// It changes this record, as it was in this version; nothing, if the record says so already.
    Change(RecordId, Version, Vec<Change>),
}

/// What an import made so far, and what waits to be written.
#[derive(Default)]
struct ImportState {
    outcome: JobOutcome,
    failed: FailedRows,
    /// Records that are to be made, each with its row.
    new: Vec<(Vec<String>, RecordWrite)>,
    changes: Vec<RowChange>,
}

impl ImportState {
    fn waiting(&self) -> usize {
        self.new.len() + self.changes.len()
    }
}

/// What no two records of the entity may have, as far as it is taken.
#[derive(Default)]
struct Taken {
    /// The records that have a key, where rows find records by it.
    keys: Keys,
    slugs: TakenSlugs,
    unique: BTreeMap<String, BTreeSet<String>>,
    /// The records that have a title, as far as they were looked for.
    titles: BTreeMap<(EntityId, String), Vec<RecordId>>,
}

impl Taken {
    fn has(&self, field: &Field, key: &str) -> bool {
        self.unique.get(&field.name).is_some_and(|keys| keys.contains(key))
    }

    fn add<'a>(&mut self, keys: impl IntoIterator<Item = (&'a Field, String)>) {
        for (field, key) in keys {
            self.unique.entry(field.name.clone()).or_default().insert(key);
        }
    }
}

/// Makes records of the rows of a table, and changes those that the rows name by a key.
pub(crate) async fn import(
    app: App,
    person: Person,
    (job, file): (JobId, PathBuf),
    import: Import,
    progress: Progress,
) -> JobOutcome {
    let used_up = (!import.dry_run).then(|| file.clone());
    let (by, begun) = (person.clone(), (!import.dry_run).then_some((job, import.entity)));
    let outcome = run(&app, person, (job, file), import, &progress).await;
    let done = outcome
        .as_ref()
        .is_ok_and(|outcome| outcome.records > 0 && outcome.problem.is_none());
    if let Some(file) = used_up.filter(|_| done) {
        uploads::remove(&file).await;
    }
    let outcome = outcome.unwrap_or_else(|problem| JobOutcome::failed(problem.message));
    if let Some(begun) = begun.filter(|_| !progress.cancelled()) {
        ended::notify(&app, &by, begun, &outcome).await;
    }
    outcome
}

async fn run(
    app: &App,
    person: Person,
    (job, file): (JobId, PathBuf),
    import: Import,
    progress: &Progress,
) -> Result<JobOutcome, Problem> {
    let rights = app.accounts.rights(person.id);
    let columns = columns(&app.entity(&rights, import.entity).await?, &import.columns);
    let rows = Rows {
        job,
        key: matching::key(&columns, &import)?,
        projection: app.projection(&rights, import.entity),
        columns,
        entity: app.whole_entity(&rights, import.entity).await?,
        person,
        all_or_nothing: import.all_or_nothing,
    };
    if import.dry_run || import.all_or_nothing {
        let tried = rows.try_all(app, &file, &import, progress).await?;
        if import.dry_run || tried.left_out > 0 || tried.cancelled {
            let (records, updated) = if import.dry_run {
                (tried.records, tried.updated)
            } else {
                (0, 0)
            };
            return Ok(JobOutcome {
                records,
                updated,
                ..tried
            });
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
    job: JobId,
    /// The field by which rows find records.
    key: Option<Field>,
    entity: Entity,
    /// What of it the person sees; `None`: everything.
    projection: Option<Arc<Projection>>,
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
                if let Some(key) = &self.key {
                    taken.keys.note(key, record);
                }
                taken.slugs.insert(record.values.get(SLUG).map_or("", Value::text));
                let keys = unique
                    .iter()
                    .filter_map(|field| Some((*field, field.unique_key_in(&record.values)?)));
                taken.add(keys);
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
                    match self.effect(app, row, &mut taken).await? {
                        Ok(RowEffect::Make(_)) => outcome.records += 1,
                        Ok(RowEffect::Change(.., changes)) if changes.is_empty() => outcome.unchanged += 1,
                        Ok(RowEffect::Change(..)) => count_change(&mut outcome),
                        Err(faults) => leave_out(&mut outcome, faults),
                    }
                }
                Step::Columns(_) => {}
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
        // Until it is over, a server that stops in its middle unmakes it.
        let unfinished = self.all_or_nothing.then(|| UploadId(Uuid::new_v4()));
        let mut ready = self.read(file, import, progress);
        let (mut state, mut size) = (ImportState::default(), BatchSize::new(20, 5));
        let mut more = true;
        while more {
            match ready.recv().await {
                Some(Step::Columns(columns)) => state.failed.set_columns(columns),
                Some(Step::Row(row)) => match self.take(app, row, &mut taken, &mut state).await {
                    Ok(done) => progress.add(done),
                    Err(problem) => {
                        state.outcome.problem = Some(problem.message);
                        break;
                    }
                },
                Some(Step::Note(text)) => note(&mut state.outcome, vec![of_table(text)]),
                Some(Step::Broken(why)) => state.outcome.problem = Some(why),
                Some(Step::Cancelled) => state.outcome.cancelled = true,
                None => more = false,
            }
            if state.waiting() == 0 || (more && state.waiting() < size.get() as usize) {
                continue;
            }
            // What its owner may do, and what the collection is, may have changed since.
            if let Err(problem) = self.may_go_on(app).await {
                state.outcome.problem = Some(problem.message);
                break;
            }
            let began = Instant::now();
            progress.add(self.write_waiting(app, &mut state, unfinished).await);
            size.adjust(began.elapsed());
            // After the last record it comes too late, unless all of it can be taken back.
            state.outcome.cancelled |= progress.cancelled() && self.all_or_nothing;
            if state.outcome.problem.is_some() || state.outcome.cancelled {
                break;
            }
        }
        let ImportState {
            mut outcome, failed, ..
        } = state;
        if let Some(import) = unfinished {
            let ended = if outcome.problem.is_some() || outcome.cancelled {
                outcome.left_out += std::mem::take(&mut outcome.records);
                roll_back(app, self.entity.id, import).await
            } else {
                finish(app, import).await
            };
            ended?;
        }
        outcome.notes.extend(failed.note());
        outcome.failed_rows = failed.store(app, self.person.id).await;
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
        let why = say::tables::the_definition_of_this();
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
                Ok(head) => {
                    progress.expect(head.total);
                    sender.blocking_send(Step::Columns(head.columns)).ok();
                }
                Err(error) => return drop(sender.blocking_send(Step::Broken(error.text()))),
            }
            let mut reader = Reader {
                columns,
                sender: sender.clone(),
                progress,
            };
            if let Err(error) = table::read(&file, format, sheet.as_deref(), &mut reader) {
                sender.blocking_send(Step::Broken(error.text())).ok();
            }
        });
        ready
    }

    /// What comes of the row, or why nothing does, as far as the person may know.
    async fn effect(
        &self,
        app: &App,
        row: ReadRow,
        taken: &mut Taken,
    ) -> Result<Result<RowEffect, Vec<Fault>>, Problem> {
        let effect = self.whole_effect(app, row, taken).await?;
        Ok(effect.map_err(|faults| faults.into_iter().map(|fault| self.seen(fault)).collect()))
    }

    /// The fault without what it says of a hidden field.
    fn seen(&self, fault: Fault) -> Fault {
        let is_hidden = |projection: &Arc<Projection>| !fault.field.is_empty() && !projection.has(&fault.field);
        if !self.projection.as_ref().is_some_and(is_hidden) {
            return fault;
        }
        Fault {
            field: String::new(),
            message: say::tables::a_field_that_you(),
            ..fault
        }
    }

    async fn whole_effect(
        &self,
        app: &App,
        mut row: ReadRow,
        taken: &mut Taken,
    ) -> Result<Result<RowEffect, Vec<Fault>>, Problem> {
        self.link_by_title(app, &mut row, taken).await?;
        if !row.faults.is_empty() {
            return Ok(Err(row.faults));
        }
        let found = match self.find(&row, taken) {
            Ok(found) => found,
            Err(fault) => return Ok(Err(vec![fault])),
        };
        if let Some(record) = found {
            return self.change_of(app, row, record, taken).await;
        }
        let draft = || Value::from_text(DRAFT);
        row.values.entry(STATUS.into()).or_insert_with(draft);
        let dangling = dangling(&*app.store, &self.entity, &Values::new(), &row.values).await?;
        Ok(self.checked(row, dangling, taken).map(RowEffect::Make))
    }
}

fn describe(error: StoreError) -> Text {
    match error {
        StoreError::SlugTaken => say::tables::somebody_made_a_record(),
        StoreError::ValueTaken(field) => say::tables::somebody_saved_the_same(&field),
        StoreError::NameTaken
        | StoreError::Converting
        | StoreError::EmailTaken
        | StoreError::RightsChanged
        | StoreError::LastAdmin
        | StoreError::Missing
        | StoreError::Begun
        | StoreError::Stale
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

fn count_change(outcome: &mut JobOutcome) {
    outcome.records += 1;
    outcome.updated += 1;
}

fn note(outcome: &mut JobOutcome, notes: Vec<Fault>) {
    let room = MAX_FAULTS.saturating_sub(outcome.notes.len());
    outcome.notes.extend(notes.into_iter().take(room));
}

/// A note about the whole table.
fn of_table(message: Text) -> Fault {
    Fault {
        row: 0,
        title: String::new(),
        field: String::new(),
        message,
    }
}
