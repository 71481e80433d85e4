//! A whole server as one JSON file, and back: people, definitions, records with their history, unsaved
//! text, lists that are kept, files. What was read from such a file is written again byte for byte.
//!
//! Neither side has all of it in memory: it is written object by object, a line each, and read so.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Seek as _, Write as _};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::audit::Act;
use baton_protocol::codec;
use baton_protocol::file::FileHash;
use baton_protocol::job::CHUNK;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use crate::audit;
use crate::config::Config;
use crate::file_store::FileStore;
use crate::store::archive::{Restore, Section, Snapshot, unsaved};
use crate::store::sqlite::archive::{SqliteRestore, SqliteSnapshot};
use crate::store::sqlite::object_of_format_1;

/// The number of this format. Those of format 1 are read too: in them, definitions hold words instead of ids.
const FORMAT: u64 = 2;
/// The section with the bytes of the files.
const BYTES: &str = "bytes";
/// How many objects are written into the database at once, and of how many bytes.
const AT_ONCE: (usize, usize) = (500, 1024 * 1024);

/// Some bytes of a file, in base 64; a file's parts follow each other.
#[derive(Serialize, Deserialize)]
struct Part {
    hash: FileHash,
    data: String,
}

/// What is in an archive, by section.
pub type Counts = BTreeMap<&'static str, u64>;

/// In place of a file: what is piped to or from another program, as one that encrypts.
const PIPE: &str = "-";

/// Writes everything that the server keeps into a new file, or into a pipe; it may be serving meanwhile. The audit notes
/// it.
///
/// # Errors
/// The file is there already, the disk is full, or a file that a record has is not there.
pub async fn export(config: &Config, file: &Path) -> anyhow::Result<Counts> {
    let counts = if file == Path::new(PIPE) {
        let mut out = BufWriter::new(std::io::stdout());
        let counts = write(config, &mut out).await?;
        out.flush()?;
        counts
    } else {
        let created = File::create_new(file).with_context(|| format!("cannot make {}", file.display()))?;
        write_file(config, created).await.inspect_err(|_| {
            // Half an archive would look like a whole one.
            fs::remove_file(file).ok();
        })?
    };
    audit::note_of_operator(&config.database(), Act::Exported).await?;
    Ok(counts)
}

async fn write_file(config: &Config, file: File) -> anyhow::Result<Counts> {
    let mut out = BufWriter::new(file);
    let counts = write(config, &mut out).await?;
    out.into_inner()?.sync_all()?;
    Ok(counts)
}

async fn write(config: &Config, out: &mut (impl std::io::Write + Send)) -> anyhow::Result<Counts> {
    let mut snapshot: Box<dyn Snapshot> = Box::new(SqliteSnapshot::open(&config.database()).await?);
    let mut counts = Counts::new();
    let mut hashes: Vec<FileHash> = Vec::new();
    write!(out, "{{\"baton\":{FORMAT},\"seq\":{}", snapshot.seq().await?)?;
    for section in Section::ALL {
        write!(out, ",\n\"{}\":[", section.name())?;
        let mut count = 0;
        let mut put = |object: &str| {
            out.write_all(if count == 0 { b"\n" } else { b",\n" })?;
            out.write_all(object.as_bytes())?;
            count += 1;
            if section == Section::Files {
                #[derive(Deserialize)]
                struct Named {
                    hash: FileHash,
                }
                hashes.push(serde_json::from_str::<Named>(object)?.hash);
            }
            anyhow::Ok(())
        };
        let mut take = |object: &str| {
            if section == Section::Drafts {
                unsaved(object)?.map_or(Ok(()), |draft| put(&draft))
            } else {
                put(object)
            }
        };
        snapshot.each(section, &mut take).await?;
        out.write_all(b"]")?;
        counts.insert(section.name(), count);
    }
    write!(out, ",\n\"{BYTES}\":[")?;
    let files = FileStore::new(&config.data_dir);
    let mut first = true;
    for hash in hashes {
        let path = files.path(hash);
        let mut bytes = File::open(&path).with_context(|| format!("the file {} is missing", path.display()))?;
        // A file without any bytes has one part all the same.
        let mut more = true;
        while more {
            let mut part = Vec::with_capacity(CHUNK);
            (&mut bytes).take(CHUNK as u64).read_to_end(&mut part)?;
            more = part.len() == CHUNK && bytes.stream_position()? < bytes.metadata()?.len();
            let data = STANDARD.encode(part);
            out.write_all(if first { b"\n" } else { b",\n" })?;
            out.write_all(codec::encode(&Part { hash, data }).as_bytes())?;
            first = false;
        }
    }
    out.write_all(b"]}\n")?;
    Ok(counts)
}

/// Fills an empty data directory with what an archive has, all or nothing.
///
/// # Errors
/// There is data already, or the file is no archive, or not a whole one.
pub async fn import(config: &Config, file: &Path) -> anyhow::Result<Counts> {
    fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data directory {}", config.data_dir.display()))?;
    let source: Box<dyn Read + Send> = if file == Path::new(PIPE) {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(file).with_context(|| format!("cannot read {}", file.display()))?)
    };
    let mut restore: Box<dyn Restore> = Box::new(SqliteRestore::begin(&config.database()).await?);
    let (sender, mut items) = mpsc::channel(64);
    let reading = tokio::task::spawn_blocking(move || {
        let mut archive = serde_json::Deserializer::from_reader(BufReader::new(source));
        let read = archive.deserialize_map(Whole(&sender)).and_then(|()| archive.end());
        read.map_err(|error| anyhow::anyhow!("this is no whole archive: {error}"))
    });
    let mut bytes = Bytes::new(FileStore::new(&config.data_dir), config.data_dir.join("files"));
    let mut counts = Counts::new();
    let (mut format, mut seq) = (None, 0);
    let mut waiting: (Section, Vec<String>, usize) = (Section::ALL[0], Vec::new(), 0);
    while let Some(item) = items.recv().await {
        match item {
            Item::Format(number) => format = Some(number),
            Item::Seq(number) => seq = number,
            Item::Object(section, object) => {
                let format = format.filter(|format| (1..=FORMAT).contains(format));
                let format = format.context("it was made by another version of Baton")?;
                let object = if format == 1 {
                    object_of_format_1(section.name(), &object)?
                } else {
                    object
                };
                let (of, objects, size) = &mut waiting;
                let full = objects.len() >= AT_ONCE.0 || *size >= AT_ONCE.1;
                if (*of != section || full) && !objects.is_empty() {
                    put(restore.as_mut(), *of, objects).await?;
                    objects.clear();
                    *size = 0;
                }
                *of = section;
                *size += object.len();
                objects.push(object);
                *counts.entry(section.name()).or_default() += 1;
            }
            Item::Part(part) => bytes.take(&part)?,
        }
    }
    reading.await??;
    ensure!(format.is_some(), "this is no archive of Baton");
    if !waiting.1.is_empty() {
        put(restore.as_mut(), waiting.0, &waiting.1).await?;
    }
    let arrived = bytes.end()?;
    let wanted = counts.get("files").copied().unwrap_or_default();
    ensure!(arrived == wanted, "it has {wanted} files, and the bytes of {arrived}");
    restore.end(seq).await?;
    Ok(counts)
}

/// Puts some objects of a section into the database, if all of them can be read later.
async fn put(restore: &mut dyn Restore, section: Section, objects: &[String]) -> anyhow::Result<()> {
    for object in objects {
        let checked = section.check(object);
        checked.with_context(|| format!("something in “{}” cannot be read", section.name()))?;
    }
    restore.take(section, objects).await
}

/// The bytes of files on their way to their places.
struct Bytes {
    files: FileStore,
    directory: PathBuf,
    open: Option<(FileHash, File, Sha256)>,
    arrived: u64,
}

impl Bytes {
    fn new(files: FileStore, directory: PathBuf) -> Self {
        Self {
            files,
            directory,
            open: None,
            arrived: 0,
        }
    }

    fn arriving(&self) -> PathBuf {
        self.directory.join("arriving")
    }

    fn take(&mut self, part: &Part) -> anyhow::Result<()> {
        if self.open.as_ref().is_none_or(|(hash, ..)| *hash != part.hash) {
            self.close()?;
            fs::create_dir_all(&self.directory)?;
            self.open = Some((part.hash, File::create(self.arriving())?, Sha256::new()));
        }
        let data = STANDARD.decode(&part.data)?;
        if let Some((_, file, hash)) = &mut self.open {
            file.write_all(&data)?;
            hash.update(&data);
        }
        Ok(())
    }

    fn close(&mut self) -> anyhow::Result<()> {
        let Some((hash, file, found)) = self.open.take() else {
            return Ok(());
        };
        ensure!(
            FileHash(found.finalize().into()) == hash,
            "the bytes of the file {hash} are damaged"
        );
        file.sync_all()?;
        let path = self.files.path(hash);
        fs::create_dir_all(path.parent().unwrap_or(&self.directory))?;
        fs::rename(self.arriving(), path)?;
        self.arrived += 1;
        Ok(())
    }

    fn end(mut self) -> anyhow::Result<u64> {
        self.close()?;
        Ok(self.arrived)
    }
}

/// What is read, in the order of the file.
enum Item {
    Format(u64),
    Seq(u64),
    /// An object of a section.
    Object(Section, String),
    Part(Part),
}

type Sender = mpsc::Sender<Item>;

fn send(sender: &Sender, item: Item) -> bool {
    sender.blocking_send(item).is_ok()
}

/// The archive's one object.
struct Whole<'a>(&'a Sender);

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sections of an archive")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut last = None;
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "baton" => drop(send(self.0, Item::Format(map.next_value()?))),
                "seq" => drop(send(self.0, Item::Seq(map.next_value()?))),
                BYTES => map.next_value_seed(Objects::to(|part| send(self.0, Item::Part(part))))?,
                name => {
                    let place = Section::ALL.iter().position(|section| section.name() == name);
                    let place = place.ok_or_else(|| A::Error::custom(format!("“{name}” is no section of it")))?;
                    if last.is_some_and(|last| last >= place) {
                        return Err(A::Error::custom(format!("“{name}” is not at its place")));
                    }
                    last = Some(place);
                    map.next_value_seed(Objects::to(|object: Box<RawValue>| {
                        send(self.0, Item::Object(Section::ALL[place], object.get().to_owned()))
                    }))?;
                }
            }
        }
        Ok(())
    }
}

/// A list whose items are handed over one by one, for as long as somebody waits for them.
struct Objects<T, F>(F, PhantomData<T>);

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> bool> Objects<T, F> {
    fn to(take: F) -> Self {
        Self(take, PhantomData)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> bool> DeserializeSeed<'de> for Objects<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> bool> Visitor<'de> for Objects<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(item) = list.next_element()? {
            if !(self.0)(item) {
                return Err(A::Error::custom("nobody waits for it any more"));
            }
        }
        Ok(())
    }
}
